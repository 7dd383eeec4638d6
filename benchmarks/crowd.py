"""Sixteen callers reading from several workers at once while somebody writes: times, errors, delay of a change, memory.

    python -m benchmarks.crowd STORE.db [--workers 2] [--seconds 30] [--between 1.0]

The store is written to: give a copy. A change is a name that the writer gives to a node; it has to be in every
answer that is asked for after it was written. Memory is proportional (PSS): what workers share counts once.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path
from urllib.parse import quote

from benchmarks.serving import service
from benchmarks.tables import RESULTS, conditions, percentile
from graph import open_store
from graph.store import Store
from graph.store.records import Batch

PROCESSES, CALLERS = 4, 16
MIX = {"node": 5, "ego_network": 3, "search": 2, "paths": 2}
FACTOR = 5  # p99 may be that many times p50

Times = dict[str, list[float]]


def _addresses(nodes: list[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    names, shares = list(MIX), list(MIX.values())
    while True:
        one, other = chance.sample(nodes, 2)
        addresses = {
            "node": f"/v1/nodes/{one}",
            "ego_network": f"/v1/queries/ego_network?node={one}",
            "search": f"/v1/search?q={quote(f'green valley {chance.randrange(99)}')}",
            "paths": f"/v1/queries/paths?source={one}&target={other}",
        }
        [name] = chance.choices(names, shares)
        yield name, addresses[name]


def _read(port: int, nodes: list[str], seconds: float, seed: int) -> tuple[Times, list[str]]:
    """Several callers of one process, each on its own connection."""
    times, errors = defaultdict(list), list[str]()

    def caller(number: int) -> None:
        connection, until = http.client.HTTPConnection("127.0.0.1", port), time.monotonic() + seconds
        for name, address in _addresses(nodes, random.Random(seed * 100 + number)):
            if time.monotonic() > until:
                return
            begun = time.perf_counter()
            connection.request("GET", address)
            answer = connection.getresponse()
            body = answer.read()
            times[name].append(time.perf_counter() - begun)
            if answer.status != 200:
                errors.append(f"{address}: {answer.status} {body[:200]!r}")

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(CALLERS // PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(times), errors


def _write(store: Store, port: int, until: float, between: float) -> tuple[list[float], list[float]]:
    """Seconds that each write took, and from then to the last of several answers that all have it."""
    node = next(iter(store.nodes(limit=1)))
    wrote, seen = list[float](), list[float]()
    for number in count():
        if time.monotonic() > until:
            return wrote, seen
        name, begun = f"Changed {number}", time.perf_counter()
        store.apply(Batch(nodes=[node.model_copy(update={"name": name, "start": str(1_000 + number)})]), by="bench")
        written = time.perf_counter()
        wrote.append(written - begun)
        found = [_name(port, node.id) for _ in range(8)]  # each a new connection, so all workers are met
        assert set(found) == {name}, (name, found)
        seen.append(time.perf_counter() - written)
        time.sleep(between)
    raise AssertionError


def _name(port: int, id: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/v1/queries/ego_network?node={id}&limit=1")
    body = json.loads(connection.getresponse().read())
    connection.close()
    name: str = body["centre"]["name"]
    return name


def _memory(process: int) -> Iterator[tuple[int, float]]:
    """Proportional megabytes of each process below one."""
    for one in map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()):
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()[1:])
        yield one, int(lines["Pss"].split()[0]) / 1024
        yield from _memory(one)


def measure(path: Path, *, workers: int, seconds: float, between: float) -> str:
    """Measure, and give the figures as lines of text."""
    with open_store(str(path)) as store, service(path, "--workers", str(workers)) as (process, port):
        size = len(store.arrays().nodes.ids)
        nodes = store.arrays().nodes.ids[:: max(1, size // 5_000)]
        _read(port, nodes, 2.0, 99)  # warm
        with ProcessPoolExecutor(PROCESSES) as readers:
            running = [readers.submit(_read, port, nodes, seconds, seed) for seed in range(PROCESSES)]
            wrote, seen = _write(store, port, time.monotonic() + seconds - 1, between)
            found = [one.result() for one in running]
        memory = list(_memory(process))
    title = f"### {CALLERS} callers at once, {workers} workers, one writer, {size:,} nodes\n"
    return "\n".join([title, *(f"- {line}" for line in _told(found, wrote, seen, memory, seconds))])


def _told(
    found: list[tuple[Times, list[str]]],
    wrote: list[float],
    seen: list[float],
    memory: list[tuple[int, float]],
    seconds: float,
) -> Iterator[str]:
    errors = [error for _, some in found for error in some]
    times = {name: [one for part, _ in found for one in part.get(name, ())] for name in MIX}
    everything = [one for some in times.values() for one in some]
    yield f"{len(everything) / seconds:,.0f} answers a second, {len(errors)} errors {errors[:2] or ''}"
    for name, some in (*times.items(), ("all", everything)):
        p50, p99 = (1000 * percentile(some, percent) for percent in (50, 99))
        missed = " **missed**" if p99 > FACTOR * p50 else ""
        yield f"{name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {p99 / p50:.1f} times{missed}"
    yield f"{len(wrote)} writes: median {1000 * statistics.median(wrote):.0f} ms"
    yield f"seen by every worker after {1000 * statistics.median(seen):.0f} ms, at most {1000 * max(seen):.0f} ms"
    yield f"memory (PSS, MB): {', '.join(f'{one:.0f}' for _, one in memory)}"


def main() -> None:
    """Read the options, measure, print."""
    reader = argparse.ArgumentParser(description="Measure many callers at once.")
    reader.add_argument("store", type=Path)
    reader.add_argument("--workers", type=int, default=2)
    reader.add_argument("--seconds", type=float, default=30.0)
    reader.add_argument("--between", type=float, default=1.0)
    options = reader.parse_args()
    figures = measure(options.store, workers=options.workers, seconds=options.seconds, between=options.between)
    text = f"Measured on {conditions()}\n\n{figures}\n"
    print(text)
    (RESULTS / "many.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
