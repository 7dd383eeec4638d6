"""Which parts of a source gave how many facts: sections of a text, sheets of a workbook."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from graph.model import Evidence

# What a loader puts behind the section: lines, rows and pages are places in it, not parts of their own.
PLACE = re.compile(r"(?:^|,)\s*(?:lines?|rows?|pages?)\s*(\d+)[\d\s,-]*$", re.IGNORECASE)
NO_SECTION = "(no section named)"

Part = tuple[str, int, str]  # source, first line or row, section


def part_of(evidence: Evidence) -> Part:
    """The section that an evidence entry names, and the first line in it."""
    locator = evidence.locator or ""
    place = PLACE.search(locator)
    section = locator[: place.start()].strip() if place else locator
    return evidence.source, int(place[1]) if place else 0, section or NO_SECTION


def counted(parts: Iterable[Iterable[Part]]) -> dict[str, tuple[tuple[str, int], ...]]:
    """For each source its sections with the number of facts that cite them, in the order of the source.

    `parts` holds the parts that each fact cites; a fact counts once for each section.
    """
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    begins: dict[tuple[str, str], int] = {}
    for of_fact in parts:
        cited = list(of_fact)
        for source, section in {(source, section) for source, _, section in cited}:
            counts[source][section] += 1
        for source, line, section in cited:
            begins[source, section] = min(line, begins.get((source, section), line))
    return {
        source: tuple(sorted(found.items(), key=lambda item: (begins[source, item[0]], item[0])))
        for source, found in counts.items()
    }
