"""The service over HTTP, as a process of its own: one client, then sixteen at a time with somebody writing."""

from __future__ import annotations

import http.client
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.tables import OURS, Row

SERVING = re.compile(rb"http://127\.0\.0\.1:(\d+)")
MARKS = {"node": 0.003, "search": 0.02, "ego_network, 2 steps": 0.01, "paths": 0.015, "common_connections": 0.005}


def measured(store: Path, nodes: Sequence[str], actors: Sequence[str], repeats: int) -> list[Row]:
    """What one caller waits for, warm, from the first byte sent to the last byte read."""
    rows = []
    with serving(store) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for name, addresses in _addresses(nodes, actors, repeats).items():
            row = Row(f"over HTTP: {name} ({repeats} asked)", mark=MARKS.get(name))
            _ask(connection, addresses[0])
            for address in addresses:
                with row.timed(OURS):
                    _ask(connection, address)
            rows.append(row)
            print(f"  {row.what}", file=sys.stderr, flush=True)
    return rows


def _ask(connection: http.client.HTTPConnection, address: str) -> None:
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status >= 500:
        sys.exit(f"{address}: {answer.status} {body[:200]!r}")


def _addresses(nodes: Sequence[str], actors: Sequence[str], repeats: int) -> dict[str, list[str]]:
    chance = random.Random(7)
    pairs = [chance.sample(nodes, 2) for _ in range(repeats)]
    acting = [chance.sample(actors, 2) for _ in range(repeats)]
    words = ("alder community", "beck net", "clough comunity", "oldham", "green valley")
    return {
        "node": [f"/v1/nodes/{one}" for one, _ in pairs],
        "search": [f"/v1/search?{urlencode({'q': f'{words[place % 5]} {place}'})}" for place in range(repeats)],
        "ego_network, 1 step": [f"/v1/queries/ego_network?node={one}" for one, _ in pairs],
        "ego_network, 2 steps": [f"/v1/queries/ego_network?node={one}&depth=2&limit=500" for one, _ in pairs],
        "paths": [f"/v1/queries/paths?source={one}&target={other}" for one, other in pairs],
        "common_connections": [f"/v1/queries/common_connections?nodes={one}&nodes={other}" for one, other in acting],
    }


@contextmanager
def serving(store: Path, *options: str) -> Iterator[int]:
    """The port of a service that is started for this and stopped at the end."""
    with service(store, *options) as (_, port):
        yield port


@contextmanager
def service(store: Path, *options: str) -> Iterator[tuple[int, int]]:
    """Start `cogs serve` on a free port, and stop it at the end: its process and its port."""
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--store", str(store), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ})
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := SERVING.search(line):
                yield process.pid, int(found[1])
                return
        sys.exit("the service did not start")
    finally:
        process.terminate()
        process.wait()
