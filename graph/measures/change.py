"""Change: ties made and lost between two states of one network, and triangles closed after an occasion to meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graph.actors import ActorGraph
from graph.adjacency import ArrayAdjacency
from graph.lens import Lens
from graph.model import FIRST_DAY
from graph.ties import DECIMALS

NOTICEABLE = 0.1
DAYS_AFTER = 180
INTRODUCED = "INTRODUCED"
Pair = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """Two actors, by id and a before b, and the strength of their tie before and after; 0 where there is none."""

    a: str
    b: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """How much stronger the tie is after."""
        return round(self.after - self.before, DECIMALS) + 0.0


@dataclass(frozen=True)
class Occasion:
    """What brought two together: a node they took part in, or relationships of introduction; and the day."""

    day: int
    node: str | None
    relationships: tuple[str, ...]


@dataclass(frozen=True)
class Closure:
    """Two who were tied on a day, after they had met at an occasion; `via` are those both were tied to all along."""

    a: str
    b: str
    via: tuple[str, ...]
    day: int
    occasion: Occasion


def changes(before: ActorGraph, after: ActorGraph) -> list[Change]:
    """List every pair that is tied in either state, with the strength of its tie in both.

    The greatest difference first, then by ids. Strengths lie above 0 and up to 1, 0 says that there is no tie.
    """
    one, other = _strengths(before), _strengths(after)
    found = [Change(*pair, one.get(pair, 0.0), other.get(pair, 0.0)) for pair in one.keys() | other.keys()]
    return sorted(found, key=lambda change: (-abs(change.difference), change.a, change.b))


def _strengths(graph: ActorGraph) -> dict[Pair, float]:
    ids, ties = graph.ids, graph.ties
    columns = (part.tolist() for part in (ties.first, ties.second, ties.strength))
    return {(ids[first], ids[second]): strength for first, second, strength in zip(*columns, strict=True)}


def tied(graph: ActorGraph) -> set[str]:
    """Ids of the actors that have a tie."""
    return {graph.ids[actor] for actor in np.flatnonzero(graph.degree).tolist()}


def closed_triangles(found: Sequence[Change]) -> dict[Pair, tuple[str, ...]]:
    """Find the pairs that were untied with a common neighbour and are tied now, with those neighbours still there.

    The third of a triangle is tied to both in both states. Pairs and the third of each in the order of ids.
    """
    lasting: dict[str, set[str]] = defaultdict(set)
    for change in found:
        if change.before and change.after:
            lasting[change.a].add(change.b)
            lasting[change.b].add(change.a)
    new = sorted((change.a, change.b) for change in found if not change.before)
    return {(a, b): tuple(sorted(via)) for a, b in new if (via := lasting.get(a, set()) & lasting.get(b, set()))}


def closures(
    states: tuple[ActorGraph, ActorGraph], lens: Lens, closed: Mapping[Pair, tuple[str, ...]]
) -> list[Closure]:
    """Find those of these triangles that closed within 180 days of an introduction, or an event or project of both.

    The day of an occasion is the last of the stated starts of the node and of what ties the two to it, or of the
    introduction (of the one to the other, or of both by a third); occasions are those of the lens, which may reach over
    all time, as an event is over when the later state is looked at. The day of a tie is the earliest stated start of
    what is new behind it; of shared work, the day the second of the two began. What the occasion itself makes of the
    two does not count as a tie that followed it. Partial dates count from their first day; without dates there is
    no closure. In the order of ids, then of days: all occasions that fit. An association, and no proof of a cause.
    """
    state, found = _State(*states, lens), list[Closure]()
    for (a, b), via in closed.items():
        for occasion in state.occasions(a, b):
            day = state.tie_day(a, b, without=occasion.node)
            if day is not None and 0 <= day - occasion.day <= DAYS_AFTER:
                found.append(Closure(a, b, via, day, occasion))
    return sorted(found, key=_order)


def _order(closure: Closure) -> tuple[str, str, int, str, tuple[str, ...]]:
    occasion = closure.occasion
    return closure.a, closure.b, occasion.day, occasion.node or "", occasion.relationships


class _State:
    """The later state, with what is needed to say when a tie began and where two have met."""

    def __init__(self, before: ActorGraph, after: ActorGraph, lens: Lens) -> None:
        self.graph = after
        ids, items = after.arrays.relationships.ids, after.ties.memberships
        old = {before.arrays.relationships.ids[number] for number in np.flatnonzero(before.relationships).tolist()}
        shown = np.flatnonzero(after.relationships).tolist()
        self.new = {number for number in shown if ids[number] not in old}
        self.item = dict(zip(items.relationship.tolist(), items.item[items.entry].tolist(), strict=True))
        self.adjacency = ArrayAdjacency(after.arrays, lens)

    def tie_day(self, a: str, b: str, *, without: str | None) -> int | None:
        """The first day on which something new tied two actors; None where nothing new says when."""
        arrays, place = self.graph.arrays, self.graph.place
        first, days = arrays.relationships.first_day, list[int]()
        shared: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number in self.graph.behind(place[a], place[b]).tolist():
            item, day = self.item.get(number), int(first[number]) if number in self.new else 0
            if item is None:
                days.append(day)
            elif arrays.nodes.ids[item] != without:
                ends = int(arrays.relationships.source[number]), int(arrays.relationships.target[number])
                shared[item][ends[0] if ends[1] == item else ends[1]].append(day)
        # Shared work begins when the second of the two takes part.
        days += [sorted(map(min, members.values()))[1] for members in shared.values()]
        return min((day for day in days if day > FIRST_DAY), default=None)

    def occasions(self, a: str, b: str) -> Iterator[Occasion]:
        """Where two have met: what both took part in, and introductions, as far as a day is stated."""
        arrays = self.graph.arrays
        one, other = (self._met(arrays.number[id]) for id in (a, b))
        for node in sorted(one.keys() & other.keys()):
            is_introducer = node not in self._meetings
            stated = [min(days) for days in (one[node].values(), other[node].values())]
            day = max(stated if is_introducer else [*stated, int(arrays.nodes.first_day[node])])
            by = (*one[node], *other[node]) if is_introducer else ()
            if day > FIRST_DAY:
                yield self._occasion(day, None if is_introducer else node, by)
        for number in self._introductions(arrays.number[a], arrays.number[b]):
            if (day := int(arrays.relationships.first_day[number])) > FIRST_DAY:
                yield self._occasion(day, None, (number,))

    @cached_property
    def _meetings(self) -> set[int]:
        kinds = self.graph.arrays.kind_codes(("event", "project"))
        return set(np.flatnonzero(np.isin(self.graph.arrays.nodes.kind, kinds)).tolist())

    def _met(self, number: int) -> dict[int, dict[int, int]]:
        """Events and projects a node has a tie to, and who introduced it: each with relationships and first days."""
        arrays, found = self.graph.arrays, defaultdict[int, dict[int, int]](dict)
        edges = arrays.relationships
        tie, introduced = set(arrays.type_codes(arrays.vocabulary.tie_types)), set(arrays.type_codes((INTRODUCED,)))
        steps = self.adjacency.steps(np.array([number], np.int64))
        for node, by in zip(steps.neighbour.tolist(), steps.relationship.tolist(), strict=True):
            took_part = node in self._meetings and int(edges.type[by]) in tie
            was_introduced = int(edges.target[by]) == number and int(edges.type[by]) in introduced
            if took_part or was_introduced:
                found[node][by] = int(edges.first_day[by])
        return found

    def _introductions(self, a: int, b: int) -> list[int]:
        edges, steps = self.graph.arrays.relationships, self.adjacency.steps(np.array([a], np.int64))
        introduced = self.graph.arrays.type_codes((INTRODUCED,))
        good = (steps.neighbour == b) & np.isin(edges.type[steps.relationship], introduced)
        numbers: list[int] = steps.relationship[good].tolist()
        return numbers

    def _occasion(self, day: int, node: int | None, relationships: Iterable[int]) -> Occasion:
        arrays = self.graph.arrays
        ids = sorted({arrays.relationships.ids[number] for number in relationships})
        return Occasion(day, None if node is None else arrays.nodes.ids[node], tuple(ids))
