"""Rows of figures, and the table that shows them side by side: medians, 95th percentiles, ratios to our own store."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("results")
OURS = "embedded"
OTHERS = ("neo4j", "server", "cypher", "sql", "networkx")  # in the order of the columns
PROGRAMS = ("numpy", "scipy", "networkit", "networkx", "neo4j")


@dataclass
class Row:
    """One line of the table: what was measured, the seconds of each who did it, and what they have to reach."""

    what: str
    times: dict[str, list[float]] = field(default_factory=dict)
    mark: float | None = None  # seconds, for the 95th percentile of our own store
    neo4j_mark: float | None = None  # where the server has one of its own

    @contextmanager
    def timed(self, who: str) -> Iterator[None]:
        """Measure once."""
        begun = time.perf_counter()
        yield
        self.times.setdefault(who, []).append(time.perf_counter() - begun)

    def marks(self) -> Iterator[str]:
        """Each mark, and whether it was missed."""
        for name, who, mark in (("", OURS, self.mark), ("neo4j ", "neo4j", self.neo4j_mark)):
            if mark is not None and who in self.times:
                missed = "**missed** " if percentile(self.times[who], 95) > mark else ""
                yield f"{missed}{name}{1000 * mark:,.0f}"


def percentile(times: list[float], percent: int) -> float:
    """A percentile by nearest rank."""
    ordered = sorted(times)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def table(rows: list[Row], title: str) -> str:
    """All rows as a table in Markdown, times in milliseconds."""
    names = [name for name in (OURS, *OTHERS) if any(name in row.times for row in rows)]
    heads = ["what", "mark", *names, *(f"{name} ÷ {OURS}" for name in names if name != OURS)]
    lines = [f"### {title}", "", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(_cells(row, names))} |" for row in rows]
    return "\n".join(lines)


def _cells(row: Row, names: list[str]) -> Iterator[str]:
    yield row.what
    yield ", ".join(row.marks())
    yield from (_cell(row.times.get(name)) for name in names)
    own = statistics.median(row.times[OURS]) if OURS in row.times else None
    for name in names:
        if name != OURS:
            other = row.times.get(name)
            yield f"{statistics.median(other) / own:,.1f}" if other and own else ""


def _cell(times: list[float] | None) -> str:
    if not times:
        return ""
    middle = f"{1000 * statistics.median(times):,.1f}"
    return middle if len(times) == 1 else f"{middle} / {1000 * percentile(times, 95):,.1f}"


def conditions() -> str:
    """With what, on what and when it was measured."""
    programs = ", ".join(f"{name} {version(name)}" for name in PROGRAMS)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}"
    return f"{datetime.now(UTC):%d %B %Y}; Python {platform.python_version()}, {programs}; {machine}."
