"""What was known when: the network as its evidence had been recorded by a day.

The dates of a fact say when it held in the world; `recorded_at` of its evidence says since when we know. A fact
is known from the day on which its first evidence was recorded (a partial date counts from its first day), and
always when some evidence does not say. What is not known takes its relationships with it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import numpy as np

from graph.adjacency import Arrays, Ints, Mask, NodeColumns
from graph.model import Evidence, Fact, days
from graph.view import View

UNKNOWN = -1
DAYS_KEPT = 4


@dataclass(frozen=True)
class Recorded:
    """One entry per piece of evidence: the number of the fact, and the day it was recorded; 0 where it is not said."""

    fact: Ints
    day: Ints

    def by(self, day: int, size: int) -> Ints:
        """For each of `size` facts the newest day recorded by then, 0 where none says, −1 where it was not known."""
        newest = np.full(size, UNKNOWN, np.int64)
        known = self.day <= day
        np.maximum.at(newest, self.fact[known], self.day[known])
        return newest


def known_by(view: View, day: int) -> Arrays:
    """The network that the caller would have seen on a day, with the evidence recorded by then."""
    made: OrderedDict[int, Arrays] = view.kept("known by day", OrderedDict, view.lens.audience_only())
    if day not in made:
        made[day] = _known_by(view, day)
        for first in list(made)[:-DAYS_KEPT]:
            made.pop(first, None)
    return made[day]


def undated(view: View) -> int:
    """How many nodes and relationships of the lens do not say when they were recorded: they count as known always."""
    shown = view.arrays.visible(view.lens)
    parts = zip(_recorded_facts(view), (shown.nodes, shown.relationships), strict=True)
    return sum(int(np.count_nonzero(mask[np.unique(part.fact[part.day == 0])])) for part, mask in parts)


def _recorded_facts(view: View) -> tuple[Recorded, Recorded]:
    lens = view.lens.audience_only()
    return view.kept("recorded", lambda: (_of_nodes(view), _of_relationships(view)), lens)


def _known_by(view: View, day: int) -> Arrays:
    whole, (of_nodes, of_relationships) = view.arrays, _recorded_facts(view)
    nodes = of_nodes.by(day, len(whole.nodes.ids)) != UNKNOWN
    newest = of_relationships.by(day, len(whole.relationships.ids))
    edges = whole.relationships
    known = (newest != UNKNOWN) & nodes[edges.source] & nodes[edges.target]
    place = (np.cumsum(nodes) - 1).astype(np.int32)
    columns = {one.name: getattr(edges, one.name)[known] for one in fields(edges) if one.name != "ids"}
    ends = {end: place[columns[end]] for end in ("source", "target")}
    recorded = newest[known].astype(np.int32)
    relationships = replace(edges, ids=edges.ids.take(known), **{**columns, **ends, "recorded_day": recorded})
    return Arrays(_only(whole.nodes, nodes), relationships, whole.vocabulary, version=f"{whole.version} by {day}")


def _only(columns: NodeColumns, chosen: Mask) -> NodeColumns:
    parts = {one.name: getattr(columns, one.name)[chosen] for one in fields(columns) if one.name != "ids"}
    return replace(columns, ids=columns.ids.take(chosen), **parts)


def _of_nodes(view: View) -> Recorded:
    numbers = np.flatnonzero(view.arrays.visible(view.lens.audience_only()).nodes)
    return _recorded(numbers, view.each_node(numbers), np.empty(0, np.int64))


def _of_relationships(view: View) -> Recorded:
    """The arrays know the newest day of each, so only those with any need to be read."""
    shown = view.arrays.visible(view.lens.audience_only()).relationships
    dated = view.arrays.relationships.recorded_day > 0
    numbers = np.flatnonzero(shown & dated)
    return _recorded(numbers, view.each_relationship(numbers), np.flatnonzero(shown & ~dated))


def _recorded(numbers: Ints, facts: Iterable[Fact], never: Ints) -> Recorded:
    rows = [
        (number, _day(evidence))
        for number, fact in zip(numbers.tolist(), facts, strict=True)
        for evidence in fact.evidence
    ]
    fact, day = np.array(rows, np.int64).reshape(-1, 2).T
    return Recorded(np.concatenate((fact, never)), np.concatenate((day, np.zeros(len(never), np.int64))))


def _day(evidence: Evidence) -> int:
    return days(evidence.recorded_at)[0] if evidence.recorded_at else 0
