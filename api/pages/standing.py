"""What a node is to the network, for the sentence that matters: its contacts, and the pairs that only it joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.brokers import telling
from graph.measures import ranks
from graph.measures.brokerage import LEADING, BrokeredPair, brokerage, brokered_pairs, leading_cogs
from graph.model import Node
from graph.view import View

# Beyond so many pairs only their number is said: looking through them takes longer than a page may.
MOST_PAIRS = 20_000


@dataclass(frozen=True)
class Pair:
    """Two who are in contact through others only."""

    a: Node
    b: Node


@dataclass(frozen=True)
class Standing:
    """How an organisation or a person stands among the others."""

    contacts: int
    score: float
    rank: int
    of: int
    leading: int
    is_cog: bool
    pairs: int
    only: int | None
    examples: tuple[Pair, ...]


def leading(view: View, limit: int = LEADING) -> list[tuple[Node, Standing]]:
    """The leading cogs of connection, the first first."""
    nodes = view.bodies(leading_cogs(_actors(view), limit))
    found = ((node, standing(view, id, examples=1)) for id, node in nodes.items())
    return [(node, standing) for node, standing in found if standing]


def standing(view: View, id: str, *, examples: int = 2) -> Standing | None:
    """How a node stands; None for kinds that are no actors."""
    graph = _actors(view)
    actor = graph.place.get(id)
    if actor is None:
        return None
    found = brokerage(graph)
    marked = leading_cogs(graph)
    only, pairs = _only(view, graph, actor, examples) if 0 < found.pairs[actor] <= MOST_PAIRS else (None, ())
    return Standing(
        contacts=int(graph.degree[actor]),
        score=found.scores[actor],
        rank=ranks(found.scores)[actor],
        of=len(graph),
        leading=len(marked),
        is_cog=id in marked,
        pairs=found.pairs[actor],
        only=only,
        examples=pairs,
    )


def _actors(view: View) -> ActorGraph:
    return actor_graph(view.arrays, view.lens, ActorOptions())


def _only(view: View, graph: ActorGraph, actor: int, examples: int) -> tuple[int, tuple[Pair, ...]]:
    """How many pairs nobody else joins, and the first of them."""
    alone = [pair for pair in brokered_pairs(graph, actor, limit=MOST_PAIRS) if pair.common == 1]
    best = _apart(telling(graph, actor, alone), examples)
    shown = [(graph.ids[pair.a], graph.ids[pair.b]) for pair in best]
    nodes = view.bodies(id for pair in shown for id in pair)
    return len(alone), tuple(Pair(nodes[a], nodes[b]) for a, b in shown)


def _apart(pairs: Sequence[BrokeredPair], wanted: int) -> list[BrokeredPair]:
    """So many of the pairs, if possible such that nobody is named twice: examples then say more."""
    chosen: list[BrokeredPair] = []
    for pair in pairs:
        if len(chosen) < wanted and not any({pair.a, pair.b} & {one.a, one.b} for one in chosen):
            chosen.append(pair)
    others = (pair for pair in pairs if pair not in chosen)
    return [*chosen, *islice(others, wanted - len(chosen))]
