"""Who connects these with those: the actors on the shortest ways between two sets of actors.

Ways run over ties of the actor graph, in steps. For each connector the answer says which share of all pairs
it serves, which would be cut off without it, and which would have to go a longer way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.answers import NodeInAnswer, NodeName, Part, QuestionAnswer
from graph.contacts import ActorParameters, all_meant, contacts
from graph.errors import InputError, LimitExceeded
from graph.limits import LONGEST_PATH, check_time
from graph.measures.distance import UNREACHED, steps_from
from graph.measures.resilience import carriers
from graph.near import around
from graph.questions import empty_meta
from graph.rows import distinct
from graph.ties import DECIMALS, LARGEST_ITEM
from graph.view import View

MOST_PAIRS = 10_000
MOST_NEAR = 5_000  # actors; of more the whole network is made, in the same time
Ends = tuple[int, int]  # a source and a target


class Parameters(ActorParameters):
    """Both sides; a place, a theme or a sector stands for all actors of it."""

    sources: tuple[NodeName, ...] = Field(min_length=1, max_length=100, examples=[["oldham-council"]])
    targets: tuple[NodeName, ...] = Field(min_length=1, max_length=100, examples=[["wigan-council"]])
    longest: int = Field(4, ge=1, le=LONGEST_PATH, description="Most steps of a way.")


class Pair(Part):
    """A source and a target, by id."""

    source: str = Field(description="Id of the source.")
    target: str = Field(description="Id of the target.")


class Connector(Part):
    """An actor on shortest ways between sources and targets."""

    node: NodeInAnswer
    serves: float = Field(description="Share of all pairs that have a shortest way through it.")
    cuts: float = Field(description="Share of all pairs that have no way within `longest` without it.")
    lengthens: float = Field(description="Share of all pairs whose shortest way is longer without it.")
    pairs: tuple[Pair, ...] = Field(description="The pairs that it serves.")


class Answer(QuestionAnswer):
    """The connectors, the one that serves most first, then by id; and the pairs that nobody connects."""

    connectors: tuple[Connector, ...]
    unreachable: tuple[Pair, ...] = Field(description="Pairs without a way within `longest` steps.")


@dataclass
class _Tally:
    """What was found so far: for each actor the pairs it serves, and how many of them need it."""

    serves: dict[int, list[Ends]] = field(default_factory=dict)
    cuts: Counter[int] = field(default_factory=Counter)
    lengthens: Counter[int] = field(default_factory=Counter)
    unreachable: list[Ends] = field(default_factory=list)


def answer(view: View, parameters: Parameters) -> Answer:
    """Look at every pair of a source and a target."""
    graph = contacts(view, parameters)
    sources = all_meant(view, graph, parameters.sources, "sources").tolist()
    targets = all_meant(view, graph, parameters.targets, "targets").tolist()
    pairs = list(dict.fromkeys(_distinct(sources, targets)))
    if not pairs:
        raise InputError("There is no pair of a source and another target.", fix="Name others.", parameter="targets")
    if len(pairs) > MOST_PAIRS:
        raise LimitExceeded(
            f"{len(pairs):,} pairs are more than {MOST_PAIRS:,}.", fix="Name fewer.", parameter="targets"
        )
    graph, pairs = _near(graph, pairs, parameters.longest)
    tally = _tallied(graph, pairs, parameters.longest)
    order = sorted(tally.serves, key=lambda actor: (-len(tally.serves[actor]), actor))
    nodes = view.nodes(graph.ids[actor] for actor in order)
    return Answer(
        meta=empty_meta("connectors"),
        connectors=tuple(
            Connector(
                node=nodes[graph.ids[actor]],
                serves=_share(len(tally.serves[actor]), pairs),
                cuts=_share(tally.cuts[actor], pairs),
                lengthens=_share(tally.lengthens[actor], pairs),
                pairs=_named(graph, tally.serves[actor]),
            )
            for actor in order
        ),
        unreachable=_named(graph, tally.unreachable),
    )


def _distinct(sources: list[int], targets: list[int]) -> Iterator[Ends]:
    """Pairs with two different ends; where both ways round are asked for, the first counts."""
    seen: set[frozenset[int]] = set()
    for source in sources:
        for target in targets:
            pair = frozenset((source, target))
            if source != target and pair not in seen:
                seen.add(pair)
                yield source, target


def _share(count: int, pairs: list[Ends]) -> float:
    return round(count / len(pairs), DECIMALS)


def _named(graph: ActorGraph, pairs: Iterable[Ends]) -> tuple[Pair, ...]:
    return tuple(Pair(source=graph.ids[source], target=graph.ids[target]) for source, target in pairs)


def _near(graph: ActorGraph, pairs: list[Ends], longest: int) -> tuple[ActorGraph, list[Ends]]:
    """A part of the graph with all ways of so many steps between these pairs, and the pairs there; or the whole.

    Each tie on such a way is one of somebody within half the steps of an end. Whoever leaves may change more when
    freshness counts to the newest record, or when an item is so large that it makes ties only without them.
    """
    ends = distinct(np.array(pairs).ravel())
    part, near = graph, ends
    for further in reversed(range((longest + 1) // 2)):
        part, numbers = around(graph, near, most=MOST_NEAR)
        if part is graph or graph.options.half_life or LARGEST_ITEM + 1 in part.ties.memberships.sizes:
            return graph, pairs
        if further:
            reached = distinct(np.concatenate((numbers, part.matrix[numbers].indices)))
            near = np.array([graph.actor(part.ids[one]) for one in reached.tolist()])
    place = {end: part.place[graph.arrays.nodes.ids[graph.actors[end]]] for end in ends.tolist()}
    return part, [(place[source], place[target]) for source, target in pairs]


def _tallied(graph: ActorGraph, pairs: list[Ends], longest: int) -> _Tally:
    tally, steps = _Tally(), {end: steps_from(graph, end, longest) for end in {end for pair in pairs for end in pair}}
    needed: dict[int, list[tuple[int, int, int]]] = {}
    carrying = set(carriers(graph).tolist())
    for source, target in pairs:
        check_time()
        length = int(steps[source][target])
        if length == UNREACHED:
            tally.unreachable.append((source, target))
            continue
        layers = _layers(steps[source], steps[target], length)
        for layer in layers:
            for actor in layer.tolist():
                tally.serves.setdefault(actor, []).append((source, target))
        # Only an actor alone in its layer is on every shortest way; one that carries ties may be behind the others too.
        for layer in layers:
            for actor in layer.tolist():
                if len(layer) == 1 or actor in carrying:
                    needed.setdefault(actor, []).append((source, target, length))
    for actor, served in needed.items():
        _without(graph, actor, served, longest, tally)
    return tally


def _layers(from_source: Ints, from_target: Ints, length: int) -> list[Ints]:
    """The actors between the ends of a pair that are on its shortest ways, by steps from the source."""
    on = (from_source > 0) & (from_target > 0) & (from_source + from_target == length)
    return [np.flatnonzero(on & (from_source == step)) for step in range(1, length)]


def _without(graph: ActorGraph, actor: int, served: list[tuple[int, int, int]], longest: int, tally: _Tally) -> None:
    """Count for which of these pairs the way is lost, or longer, when the actor leaves."""
    rest, place = _rest(graph, actor)
    for source in dict.fromkeys(source for source, _, _ in served):
        check_time()
        blocked = actor if rest is graph else None
        steps = steps_from(rest, place[source], longest, without=blocked)
        for target, length in ((target, length) for start, target, length in served if start == source):
            now = int(steps[place[target]])
            tally.cuts[actor] += now == UNREACHED
            tally.lengthens[actor] += now > length


def _rest(graph: ActorGraph, actor: int) -> tuple[ActorGraph, dict[int, int] | range]:
    """The actor graph made again without an actor, and the new numbers; the same graph where that is A less a node."""
    sizes = graph.ties.memberships.large_items.values()
    if LARGEST_ITEM + 1 not in sizes and actor not in carriers(graph):
        return graph, range(len(graph))
    rest = graph.without([int(graph.actors[actor])])
    return rest, {number: rest.place[id] for number, id in enumerate(graph.ids) if id in rest.place}
