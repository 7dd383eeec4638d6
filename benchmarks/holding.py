"""What one machine holds: bytes and seconds of the embedded store for each node and relationship, at one size.

    python -m benchmarks.holding [--size small|large|million]

Nodes are loaded alone first, then everything into another file: the difference is what relationships cost. What a
user types is timed as a whole process of its own, with its peak of memory. Beside the seconds that passed stand those
of the processor, which other work on the machine changes little. `make docs` makes a page of the results.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import takewhile
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from benchmarks.__main__ import SIZES
from benchmarks.made import lines, node_id
from benchmarks.tables import RESULTS, conditions
from graph import open_store, snapshot
from graph.store import Store
from graph.store.embedded import EmbeddedStore
from graph.store.records import Batch

REPEATS = 10
OF_NODES = ("nodes", "rows begins")  # beginnings of the names of blocks in a snapshot
FEW = 1_000  # changes at once
Figures = dict[str, float]
Result = TypeVar("Result")


def measure(nodes: int, relationships: int, folder: Path) -> Figures:
    """All figures of one size: bytes, seconds and megabytes."""
    everything, alone = folder / "everything.jsonl", folder / "alone.jsonl"
    _apart(_write, everything, alone, nodes, relationships)
    found: Figures = {"file bytes": everything.stat().st_size}
    for name, path in (("nodes alone", alone), ("load", everything)):
        store = folder / f"{path.stem}.db"
        found |= _process(name, "load", str(path), "--store", str(store))
        found[f"{name}, store bytes"] = store.stat().st_size
    found |= _apart(_arrays, folder / "everything.db")
    found |= _process("start", "show", node_id(0), "--store", str(folder / "everything.db"))
    for name, given in (("cogs", ("--draws", "0")), ("communities", ())):
        found |= _process(name, "query", name, *given, "--json", "--store", str(folder / "everything.db"))
    return found


def _apart(work: Callable[..., Result], *given: object) -> Result:
    """Do work in a process of its own: the peak of memory of a command counts from what we had when it began."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given).result()


def _write(everything: Path, alone: Path, nodes: int, relationships: int) -> None:
    """The network, and its nodes alone."""
    with everything.open("w", encoding="utf-8") as file:
        file.writelines(lines(nodes, relationships))
    with everything.open(encoding="utf-8") as file, alone.open("w", encoding="utf-8") as nodes_only:
        nodes_only.writelines(takewhile(lambda line: not line.startswith('{"relationship"'), file))


def _process(name: str, *command: str) -> Figures:
    """Seconds and peak megabytes of one command of ours."""
    print(f"  {name}", file=sys.stderr, flush=True)
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "api.cli", *command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"cogs {' '.join(command)} failed")
    passed, worked = time.perf_counter() - begun, used.ru_utime + used.ru_stime
    return _seconds(name, passed, worked) | {f"{name}, peak MB": used.ru_maxrss / 1024}


def _seconds(name: str, passed: float, worked: float) -> Figures:
    return {f"{name}, seconds": passed, f"{name}, processor seconds": worked}


def _arrays(path: Path) -> Figures:
    print("  arrays", file=sys.stderr, flush=True)
    found: Figures = {}
    with _opened(path) as store, _timed(found, "arrays from the store"):
        _ = store.arrays().rows
    with _opened(path) as store:
        header = snapshot.read_header(store.following.path)
        assert header
        sizes = {name: length * int(kind[2:]) for name, kind, length, *_ in header.blocks}
        found["snapshot bytes"] = header.size
        found["arrays bytes"] = sum(sizes.values())
        found["arrays bytes of nodes"] = sum(size for name, size in sizes.items() if name.startswith(OF_NODES))
        with _timed(found, "arrays from the snapshot"):
            _ = store.arrays().rows
        found |= _caught_up(store, "one change", 1)
        found |= _caught_up(store, "a thousand changes", FEW)
    return found


def _caught_up(store: Store, name: str, count: int) -> Figures:
    """Seconds until arrays have so many changed nodes, from the moment at which they were written; the median."""
    nodes, times = list(store.nodes(limit=count)), []
    for number in range(REPEATS):
        year = str(1_000 + number)
        store.apply(Batch(nodes=[node.model_copy(update={"start": year}) for node in nodes]), by="bench")
        found: Figures = {}
        with _timed(found, name):
            _ = store.arrays().rows
        times.append(found)
    return {what: statistics.median(one[what] for one in times) for what in times[0]}


@contextmanager
def _opened(path: Path) -> Iterator[EmbeddedStore]:
    with open_store(str(path)) as store:
        assert isinstance(store, EmbeddedStore)
        yield store


@contextmanager
def _timed(found: Figures, name: str) -> Iterator[None]:
    begun, working = time.perf_counter(), time.process_time()
    yield
    found |= _seconds(name, time.perf_counter() - begun, time.process_time() - working)


def main() -> None:
    """Measure one size and keep the figures."""
    reader = argparse.ArgumentParser(description="Measure what one machine holds.")
    reader.add_argument("--size", choices=[name for name, size in SIZES.items() if size.numbers], default="large")
    reader.add_argument("--note", default="", help="what else was going on, kept with the figures")
    options = reader.parse_args()
    nodes, relationships = SIZES[options.size].numbers or (0, 0)
    with tempfile.TemporaryDirectory() as folder:
        figures = {name: round(value, 4) for name, value in measure(nodes, relationships, Path(folder)).items()}
    said = " ".join([conditions(), options.note]).strip()
    kept = {"conditions": said, "nodes": nodes, "relationships": relationships, "figures": figures}
    (RESULTS / f"holding-{options.size}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(kept, indent=1))


if __name__ == "__main__":
    main()
