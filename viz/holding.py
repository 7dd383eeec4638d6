"""Who holds others together: those without whom some lose each other, and the parts that they tie to the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from graph.actors import ActorGraph
from graph.measures.resilience import bridge_ties, components
from graph.view import View
from graph.wording import counted, names_of
from viz.arrange import kind_looks
from viz.network_map import LegendKind

PARTS_EACH, MOST_SHARED = 4, 8
Sort = Literal["together", "small", "alone"]
ORDER: tuple[Sort, ...] = ("together", "small", "alone")


@dataclass(frozen=True)
class Holder:
    """Somebody in the middle: who it is, and what its absence would do."""

    id: str
    name: str
    kind: str
    share: float | None
    ties: frozenset[int]  # numbers of the actors that it has contact with


@dataclass(frozen=True)
class HeldPart:
    """Actors who stay together, or those of many small parts, and the holders that tie them to the rest."""

    id: str
    size: int
    sort: Sort
    names: str
    holders: tuple[int, ...]


@dataclass(frozen=True)
class Held:
    """Holders, the parts that they tie to the rest, and ties between holders with whether they are the only way."""

    holders: Sequence[Holder]
    parts: Sequence[HeldPart]
    ties: Sequence[tuple[int, int, bool]]
    looks: Mapping[str, LegendKind]
    leave: bool
    cut: str | None

    def of(self, holder: int) -> list[HeldPart]:
        """Parts that this holder alone ties to the rest."""
        return [part for part in self.parts if part.holders == (holder,)]

    @property
    def shared(self) -> list[HeldPart]:
        """Parts that several holders tie to the rest."""
        return [part for part in self.parts if len(part.holders) > 1]


def held(view: View, graph: ActorGraph, shares: Mapping[int, float | None], *, limit: int, leave: bool) -> Held:
    """What so many of these nodes (numbers in the arrays) hold together; `leave` takes all of them away at once."""
    numbers = list(shares)[:limit]
    holders = _holders(view, graph, numbers, shares)
    parts, more = _parts(view, graph, holders, list(shares) if leave else numbers)
    bridges = {(min(pair), max(pair)) for pair in bridge_ties(graph)}
    actors = {graph.place[holder.id]: slot for slot, holder in enumerate(holders) if holder.id in graph.place}
    ties = [
        (actors[one], actors[other], (one, other) in bridges)
        for one in sorted(actors)
        for other in sorted(holders[actors[one]].ties & actors.keys())
        if one < other
    ]
    cut = " ".join(_left_out(len(holders), len(shares), more, leave=leave)) or None
    return Held(holders, parts, ties, kind_looks(view.store.vocabulary), leave, cut)


def _left_out(drawn: int, of: int, parts: int, *, leave: bool) -> Iterator[str]:
    if drawn < of:
        who = "who leave" if leave else "who hold others together"
        yield f"{of - drawn:,} of {of:,} {who} are not drawn; `limit` draws more."
    if parts:
        yield f"{counted(parts, 'small part')} between several of them {'is' if parts == 1 else 'are'} left out."


def _holders(view: View, graph: ActorGraph, numbers: Sequence[int], shares: Mapping[int, float | None]) -> list[Holder]:
    ids = [graph.arrays.nodes.ids[number] for number in numbers]
    bodies = view.bodies(ids)
    return [
        Holder(id, bodies[id].name, bodies[id].kind, shares[number], frozenset(_contacts(view, graph, number)))
        for id, number in zip(ids, numbers, strict=True)
    ]


def _contacts(view: View, graph: ActorGraph, number: int) -> list[int]:
    """Actors in contact with a node, or of a node that is no actor, those that it is related to."""
    id = graph.arrays.nodes.ids[number]
    found = set(graph.neighbours(graph.place[id]).tolist()) if id in graph.place else set()
    near = view.adjacency().steps(np.array([number], np.int64)).neighbour
    return sorted(found | (set(np.flatnonzero(np.isin(graph.actors, near)).tolist()) if not found else set()))


def _parts(view: View, graph: ActorGraph, holders: Sequence[Holder], gone: Sequence[int]) -> tuple[list[HeldPart], int]:
    """What would be left beside each holder, the largest first, and how many shared parts are not drawn."""
    rest = graph.without(gone)
    stay = np.flatnonzero(np.isin(graph.actors, rest.actors))
    label = dict(zip(stay.tolist(), components(rest).tolist(), strict=True))
    near: dict[int, set[int]] = defaultdict(set)
    for slot, holder in enumerate(holders):
        for actor in holder.ties & label.keys():
            near[label[actor]].add(slot)
    members: dict[int, list[int]] = defaultdict(list)
    for actor, some in label.items():
        if some in near:
            members[some].append(actor)
    together: dict[tuple[tuple[int, ...], bool], list[list[int]]] = defaultdict(list)
    for some, actors in members.items():
        together[tuple(sorted(near[some])), len(actors) == 1].append(actors)
    parts = [
        part
        for (slots, alone), found in together.items()
        for part in _told(view, graph, slots, sorted(found, key=lambda one: (-len(one), one[0])), alone=alone)
    ]
    parts.sort(key=lambda part: (part.holders, ORDER.index(part.sort), -part.size, part.id))
    shared = sorted((part for part in parts if len(part.holders) > 1), key=lambda part: (-part.size, part.id))
    out = {part.id for part in shared[MOST_SHARED:]}
    return [part for part in parts if part.id not in out], len(out)


def _told(
    view: View, graph: ActorGraph, slots: tuple[int, ...], found: Sequence[Sequence[int]], *, alone: bool
) -> Iterator[HeldPart]:
    """Larger parts one by one; the small ones together, and those of one actor."""
    apart = [] if alone else list(found[:PARTS_EACH])
    rest = [actor for part in found[len(apart) :] for actor in part]
    told: list[tuple[Sort, Sequence[int]]] = [("together", actors) for actors in apart]
    told += [("alone" if alone else "small", rest)] if rest else []
    for sort, actors in told:
        order = sorted(actors, key=lambda actor: (-int(graph.degree[actor]), actor))
        yield HeldPart(f"{sort} {graph.ids[order[0]]}", len(order), sort, names_of(view, graph, order), slots)
