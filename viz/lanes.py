"""Lanes of time: what has a date, put into so few lines that a person can read them.

A node has a line of its own, and so has a relationship, unless one node has many of its type: these stand in one
line with their number in each year. The lines with most relationships are kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from graph.adjacency import Ints
from graph.model import FIRST_DAY, LAST_DAY, Node, Relationship, days
from graph.sentences import heading, readable_date, sentence, verbs
from graph.view import View
from graph.wording import NAMED, listed
from viz.chart import ChartRow
from viz.sketch import footnotes

APART = 3  # so many relationships of one type are told one by one
Look = Literal["lasts", "begins", "ends", "many"]


@dataclass(frozen=True)
class Mark:
    """Something drawn on a lane: from which day to which, and what the table says of it."""

    first: int
    last: int
    look: Look
    number: int
    row: ChartRow


@dataclass(frozen=True)
class Lane:
    """One line: what it is called, the kind of its node (none for relationships), and its marks in order."""

    name: str
    kind: str | None
    marks: Sequence[Mark]


@dataclass(frozen=True)
class _Found:
    """A lane that may be told: a node, a relationship, or many of one type at one node, by their numbers."""

    worth: int
    id: str
    numbers: tuple[int, ...]
    hub: int | None = None

    @property
    def is_relationship(self) -> bool:
        """Whether its numbers are those of relationships."""
        return self.id.startswith("relationship ")


def lanes(view: View, nodes: Ints, relationships: Ints, *, around: int | None, limit: int) -> tuple[list[Lane], int]:
    """Lanes of what has a date, in the order of time, and how many are left out; `around` is the node asked for."""
    found = sorted(
        [*_of_nodes(view, nodes), *_of_relationships(view, relationships, around)], key=lambda one: (-one.worth, one.id)
    )
    told = [_lane(view, one) for one in found[:limit]]
    told.sort(key=lambda lane: (lane.marks[0].first, lane.marks[0].last, lane.name, lane.marks[0].row.id))
    return told, len(found) - len(told)


def _of_nodes(view: View, nodes: Ints) -> Iterator[_Found]:
    """Every node with a date, worth as much as it has relationships."""
    ids = view.arrays.nodes.ids
    origins = view.adjacency(through_groups=True).steps(nodes).origin
    worth = dict(zip(*(part.tolist() for part in np.unique(origins, return_counts=True)), strict=True))
    for number in nodes.tolist():
        yield _Found(worth.get(number, 0), f"node {ids[number]}", (number,))


def _of_relationships(view: View, relationships: Ints, around: int | None) -> Iterator[_Found]:
    """Relationships one by one where they are few, and else together at the node that has most of them."""
    edges = view.arrays.relationships
    columns = (edges.type, edges.source, edges.target)
    ends = list(zip(*(column[relationships].tolist() for column in columns), strict=True))
    count = Counter((type, end) for type, *both in ends for end in set(both))
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, (type, source, target) in zip(relationships.tolist(), ends, strict=True):
        hub = source if count[type, source] >= count[type, target] else target
        groups[type, hub if around is None else around].append(number)
    for (type, hub), some in groups.items():
        if len(some) <= APART:
            yield from (_Found(1, f"relationship {edges.ids[number]}", (number,)) for number in some)
        else:
            id = f"relationship {view.arrays.types[type]} {view.arrays.nodes.ids[hub]}"
            yield _Found(len(some), id, tuple(some), hub)


def _lane(view: View, found: _Found) -> Lane:
    if found.hub is not None:
        return _of_many(view, found, found.hub)
    if found.is_relationship:
        return _of_one(view, next(view.each_relationship(np.array(found.numbers, np.int64))))
    node = view.bodies([view.arrays.nodes.ids[found.numbers[0]]])
    return _of_node(view, next(iter(node.values())))


def _of_node(view: View, node: Node) -> Lane:
    if node.start and node.end:
        said = f"{readable_date(node.start)} to {readable_date(node.end)}: {node.name}."
    else:
        start, end = ("is published", "is no longer published") if node.kind == "publication" else ("begins", "ends")
        said = f"{readable_date(node.start or node.end or '')}: {node.name} {start if node.start else end}."
    cells = (node.name, node.subkind or node.kind, node.start or "", node.end or "", "")
    mark = _mark(view, node, f"node {node.id}", cells, said, href=f"/nodes/{node.id}")
    return Lane(node.name, node.kind, (mark,))


def _of_one(view: View, one: Relationship) -> Lane:
    names = view.bodies([one.source, one.target])
    source, target = names[one.source].name, names[one.target].name
    name = f"{source} {verbs(one, view.store.vocabulary)[0]} {target}"
    said = f"{sentence(one, source, target, view.store.vocabulary)}."
    cells = (name, "relationship", one.start or "", one.end or "", "")
    return Lane(name, None, (_mark(view, one, f"relationship {one.id}", cells, said),))


def _mark(
    view: View, fact: Node | Relationship, id: str, cells: tuple[str, ...], said: str, *, href: str | None = None
) -> Mark:
    """From its stated start to its stated end, or of one date alone the time that this date means."""
    look: Look = "lasts" if fact.start and fact.end else "begins" if fact.start else "ends"
    first, last = days(fact.start or fact.end or "")[0], days(fact.end or fact.start or "")[1]
    row = ChartRow(id=id, cells=cells, sentence=said, href=href, evidence=footnotes(view, fact.evidence))
    return Mark(first, max(first, last), look, 0, row)


def _of_many(view: View, found: _Found, hub: int) -> Lane:
    """The number of relationships that begin in each year, or end where their start is not stated."""
    edges, numbers = view.arrays.relationships, np.array(found.numbers, np.int64)
    outgoing = bool(edges.source[numbers[0]] == hub)
    type = view.store.vocabulary.types[view.arrays.types[int(edges.type[numbers[0]])]]
    id = view.arrays.nodes.ids[hub]
    name = f"{view.bodies([id])[id].name} {heading(type, outgoing=outgoing)}"
    first, last = edges.first_day[numbers], edges.last_day[numbers]
    days = np.where(first > FIRST_DAY, first, np.where(last < LAST_DAY, last, first))
    years: dict[int, list[int]] = defaultdict(list)
    for number, day in zip(found.numbers, days.tolist(), strict=True):
        years[date.fromordinal(day).year].append(number)
    return Lane(
        f"{name} …", None, tuple(_year(view, found.id, (name, hub), year, years[year]) for year in sorted(years))
    )


def _year(view: View, id: str, lane: tuple[str, int], year: int, numbers: Sequence[int]) -> Mark:
    name, hub = lane
    edges = view.arrays.relationships
    others = sorted({int(edges.source[one] + edges.target[one] - hub) for one in numbers})
    ids = [view.arrays.nodes.ids[other] for other in others]
    names = listed([body.name for body in view.bodies(ids[:NAMED]).values()], len(ids))
    cells = (name, "relationships", str(year), "", f"{len(numbers):,}")
    more = f", {len(numbers):,} times" if len(numbers) > len(ids) else ""
    row = ChartRow(id=f"{id} {year}", cells=cells, sentence=f"{year}: {name} {names}{more}.")
    return Mark(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal(), "many", len(numbers), row)
