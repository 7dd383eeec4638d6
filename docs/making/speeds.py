"""The page of speeds, from the results that `make bench` wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
ORDER = ("seed", "small", "large", "million", "many")


def of_speeds() -> Iterator[str]:
    """What was measured, size by size."""
    yield "# Speeds"
    yield (
        "Measured by `make bench`, which also compares the answers: a speed with another answer fails. Times are"
        " milliseconds, median / 95th percentile, warm unless a line says otherwise. The last columns say how many"
        " times as long another program takes for the same: *server* is Neo4j asked for neighbours step by step"
        " (`COGS_ADJACENCY=server`), *cypher* the server's own search and matching of paths,"
        " *sql* plain SQL on the tables of the embedded store, *networkx* that library on a network it has already"
        " built. A mark is the most that we allow ourselves; **missed** says that it was not reached."
    )
    for name in ORDER:
        if (found := RESULTS / f"{name}.md").exists():
            yield found.read_text(encoding="utf-8").strip()
