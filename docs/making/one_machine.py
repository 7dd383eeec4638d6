"""The page of what one machine holds, from the results that `python -m benchmarks.holding` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import log
from typing import Any

from docs.making.markdown import table
from docs.making.speeds import RESULTS

FURTHEST = (10_000_000, 50_000_000)
SECONDS = {
    "start": "start and show one node, whole process",
    "load": "load from JSON Lines, whole process",
    "arrays from the store": "arrays read from the store, without a snapshot",
    "arrays from the snapshot": "arrays mapped from the snapshot",
    "one change": "arrays caught up after one change",
    "a thousand changes": "arrays caught up after a thousand changes at once",
    "cogs": "`cogs` without draws, whole process",
    "communities": "`communities`, whole process",
}
PROCESSOR = "processor seconds"
PROCESSES = ("load", "cogs", "communities")
GROWING = ("load", "arrays from the store", "cogs", "communities")  # the others do not depend on the size alone
Size = dict[str, Any]


def of_one_machine() -> Iterator[str]:
    """Bytes and seconds of every size that was measured, and what they come to at a larger one."""
    sizes = [json.loads(path.read_text(encoding="utf-8")) for path in RESULTS.glob("holding-*.json")]
    sizes.sort(key=lambda size: size["nodes"])
    largest = sizes[-1]
    yield "# What one machine holds"
    yield (
        "Measured by `python -m benchmarks.holding` on made networks: five relationships for each node, so ten ends to"
        " a node on average; ids of nine letters, one evidence each. [Scaling](../scaling.md) says what follows."
    )
    yield from (f"{_name(size)}: {size['conditions']}" for size in sizes)
    yield "## Room"
    yield _room(sizes)
    yield (
        f"So a network needs, by the figures of {_name(largest)}, {_formula(largest, 'store')} on disk,"
        f" {_formula(largest, 'arrays')} for the snapshot, and as much in memory, which all workers share."
    )
    yield "## Time"
    yield (
        "Seconds that passed, and in brackets those of the processor. Other work on the machine makes the first longer;"
        " with nothing else running they are near each other, and a load, which two processes share, takes less."
    )
    yield _time(sizes)
    yield f"## {_count(FURTHEST[0])} nodes and {_count(FURTHEST[1])} relationships"
    yield (
        "Not measured, but worked out: bytes by the formula above; seconds of the processor, and the most memory, above"
        " what a start takes, by that power of the number of relationships by which they grew from the smallest to"
        " the largest size that was measured (the last column; 1 where there is one size)."
    )
    yield _furthest(sizes[0], largest)


def _name(size: Size) -> str:
    return f"{_count(size['nodes'])} / {_count(size['relationships'])}"


def _count(number: int) -> str:
    return f"{number // 1_000_000}M" if number >= 1_000_000 else f"{number // 1_000}k"


def _each(size: Size, what: str) -> tuple[float, float]:
    """Bytes for each node and for each relationship."""
    figures = size["figures"]
    whole = figures["load, store bytes" if what == "store" else "arrays bytes"]
    of_nodes = figures["nodes alone, store bytes" if what == "store" else "arrays bytes of nodes"]
    return of_nodes / size["nodes"], (whole - of_nodes) / size["relationships"]


def _formula(size: Size, what: str) -> str:
    node, relationship = _each(size, what)
    return f"**{node:,.0f} bytes × nodes + {relationship:,.0f} bytes × relationships**"


def _room(sizes: Sequence[Size]) -> str:
    rows = []
    for what, title in (("store", "file of the store"), ("arrays", "arrays: snapshot and memory")):
        rows.append((title, *(f"{_bytes(size, what) / 1e6:,.0f} MB" for size in sizes)))
        each = [_each(size, what) for size in sizes]
        rows.append(("… for each node", *(f"{node:,.0f} bytes" for node, _ in each)))
        rows.append(("… for each relationship", *(f"{relationship:,.0f} bytes" for _, relationship in each)))
    rows += [
        (f"most memory of {name}", *(f"{size['figures'][f'{name}, peak MB']:,.0f} MB" for size in sizes))
        for name in ("start", *PROCESSES)
    ]
    return table(("what", *map(_name, sizes)), rows)


def _bytes(size: Size, what: str, nodes: int = 0, relationships: int = 0) -> float:
    node, relationship = _each(size, what)
    return node * (nodes or size["nodes"]) + relationship * (relationships or size["relationships"])


def _time(sizes: Sequence[Size]) -> str:
    def cell(size: Size, name: str) -> str:
        passed, worked = (size["figures"][f"{name}, {what}"] for what in ("seconds", PROCESSOR))
        each = f"; {worked / size['relationships'] * 1e6:,.0f} s a million relationships" if name in GROWING else ""
        return f"{passed:,.3g} s ({worked:,.3g} s{each})"

    rows = [(title, *(cell(size, name) for size in sizes)) for name, title in SECONDS.items()]
    return table(("what", *map(_name, sizes)), rows)


def _furthest(smallest: Size, largest: Size) -> str:
    nodes, relationships = FURTHEST
    rows = [
        (title, f"{_bytes(largest, what, nodes, relationships) / 1e9:,.1f} GB", "")
        for what, title in (("store", "file of the store"), ("arrays", "arrays: snapshot and memory"))
    ]
    for name in GROWING:
        power, seconds = _grown(smallest, largest, name, PROCESSOR)
        rows.append((SECONDS[name], f"{seconds / 60:,.0f} min", f"{power:.2f}"))
    for name in PROCESSES:
        power, megabytes = _grown(smallest, largest, name, "peak MB")
        rows.append((f"most memory of {name}", f"{megabytes / 1000:,.1f} GB", f"{power:.2f}"))
    return table(("what", "comes to", "power"), rows)


def _grown(smallest: Size, largest: Size, name: str, what: str) -> tuple[float, float]:
    """By which power of the number of relationships a figure grew, and what it comes to so."""
    start = largest["figures"][f"start, {what}"] if name in PROCESSES else 0.0
    before, now = (size["figures"][f"{name}, {what}"] - start for size in (smallest, largest))
    power = 1.0
    if smallest is not largest:
        power = log(now / before) / log(largest["relationships"] / smallest["relationships"])
    return power, start + now * (FURTHEST[1] / largest["relationships"]) ** power
