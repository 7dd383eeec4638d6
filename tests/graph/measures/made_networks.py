"""Networks made at random whose stage is plain from how they are made (Krebs and Holley's pictures)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from random import Random

import networkx as nx

from graph.actors import ActorGraph, actor_graph
from graph.lens import Lens
from tests.graph.actor_reference import Network, node, relationship


def add_by_chance(made: nx.Graph[int], among: range, count: int, chance: Random) -> None:
    for _ in range(count):
        made.add_edge(*chance.sample(among, 2))


def scattered(size: int, chance: Random) -> nx.Graph[int]:
    """Small groups of three to seven with no tie between them."""
    made: nx.Graph[int] = nx.empty_graph(size)
    start = 0
    while start < size:
        group = range(start, min(size, start + chance.randint(3, 7)))
        nx.add_path(made, group)
        made.add_edges_from(pair for pair in combinations(group, 2) if chance.random() < 0.5)
        start = group.stop
    return made


def spokes(size: int, chance: Random) -> nx.Graph[int]:
    """One in the middle who knows all; a few of the others know each other."""
    made: nx.Graph[int] = nx.star_graph(size - 1)
    add_by_chance(made, range(1, size), size // 4, chance)
    return made


def hubs(size: int, chance: Random) -> nx.Graph[int]:
    """Three to five hubs in a ring, each with a circle of its own; a few ties across."""
    count = chance.randint(3, 5)
    made: nx.Graph[int] = nx.cycle_graph(count)
    for other in range(count, size):
        made.add_edge(other, other % count)
    add_by_chance(made, range(count, size), size // 8, chance)
    return made


def core(size: int, chance: Random) -> nx.Graph[int]:
    """An eighth to a sixth who nearly all know each other; the others know two or three of these."""
    count = size // chance.randint(6, 8)
    made: nx.Graph[int] = nx.empty_graph(size)
    made.add_edges_from(pair for pair in combinations(range(count), 2) if chance.random() < 0.9)
    for other in range(count, size):
        made.add_edges_from((other, one) for one in chance.sample(range(count), chance.randint(2, 3)))
    return made


def mesh(size: int, chance: Random) -> nx.Graph[int]:
    """Everybody knows about the same number, chosen by chance."""
    made: nx.Graph[int] = nx.random_regular_graph(chance.choice([4, 6]), size, seed=chance.randint(0, 10**6))
    return made


MADE: dict[str, Callable[[int, Random], nx.Graph[int]]] = {
    "scattered": scattered, "hub and spoke": spokes, "multi-hub": hubs, "core and periphery": core, "mesh": mesh
}  # fmt: skip


def nodes_and_ties(plain: nx.Graph[int], seed: int | None = None) -> Network:
    """Actors who know each other; their ids are in the order of the numbers, or with a seed dealt out at random."""
    ids = [f"n{number:03d}" for number in range(len(plain))]
    if seed is not None:
        Random(seed).shuffle(ids)
    ends = [sorted((ids[one], ids[other])) for one, other in plain.edges]
    return Network([node(id) for id in ids], [relationship(one, "KNOWS", other) for one, other in ends])


def as_actors(plain: nx.Graph[int], seed: int | None = None) -> ActorGraph:
    """The same as an actor graph."""
    return actor_graph(nodes_and_ties(plain, seed).arrays(), Lens())
