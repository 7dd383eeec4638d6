"""What a node is to the network, for the sentence that matters: its contacts, and the pairs that only it joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.brokers import telling
from graph.measures import kept, ranks
from graph.measures.brokerage import BrokeredPair, brokerage, brokered_pairs
from graph.model import Node
from graph.view import View

LEADING = 12
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
    nodes = view.bodies(_order(_actors(view))[:limit])
    found = ((node, standing(view, id, examples=1)) for id, node in nodes.items())
    return [(node, standing) for node, standing in found if standing]


def standing(view: View, id: str, *, examples: int = 2) -> Standing | None:
    """How a node stands; None for kinds that are no actors."""
    graph = _actors(view)
    actor = graph.place.get(id)
    if actor is None:
        return None
    found = brokerage(graph)
    order = _order(graph)
    only, pairs = _only(view, graph, actor, examples) if 0 < found.pairs[actor] <= MOST_PAIRS else (None, ())
    return Standing(
        contacts=int(graph.degree[actor]),
        score=found.scores[actor],
        rank=ranks(found.scores)[actor],
        of=len(graph),
        leading=min(LEADING, len(order)),
        is_cog=id in order[:LEADING],
        pairs=found.pairs[actor],
        only=only,
        examples=pairs,
    )


def _actors(view: View) -> ActorGraph:
    return actor_graph(view.arrays, view.lens, ActorOptions())


@kept
def _order(graph: ActorGraph) -> list[str]:
    """Ids of all with a cog score, the greatest first; the order in which maps mark them."""
    scored = zip(brokerage(graph).scores, graph.ids, strict=True)
    return [id for _, id in sorted((-score, id) for score, id in scored if score > 0)]


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
