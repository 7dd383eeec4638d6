"""The service over HTTP, as a process of its own: one client, then sixteen at a time with somebody writing."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.tables import OURS, Row

SERVING = re.compile(rb"http://127\.0\.0\.1:(\d+)")
MARKS = {
    "node with ten relationships": 0.003,
    "search": 0.02,
    "ego_network, 2 steps": 0.01,
    "paths": 0.015,
    "common_connections": 0.005,
}


def measured(store: Path, addresses: dict[str, list[str]]) -> list[Row]:
    """What one caller waits for, from the first byte sent to the last byte read, by what is asked for.

    The first half of all addresses warms the service up; the others come after it, so no answer is known already.
    """
    rows = []
    with serving(store) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for some in addresses.values():
            for address in some[: len(some) // 2]:
                _ask(connection, address)
        for name, some in addresses.items():
            asked = some[len(some) // 2 :]
            row = Row(f"over HTTP: {name} ({len(asked)} asked)", mark=MARKS.get(name))
            for address in asked:
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
