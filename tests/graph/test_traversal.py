"""Paths and distances against plain enumeration with networkx on random small networks."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.adjacency import Ints, Mask, Steps
from graph.traversal import PathSearch, combined_strength, distances

Edge = tuple[int, int, float]


class PlainAdjacency:
    """An adjacency over a list of edges, written for clearness."""

    def __init__(self, size: int, edges: list[Edge], passages: set[int]) -> None:
        self.edges = edges
        self.passages = passages
        self._size = size

    def size(self) -> int:
        return self._size

    def steps(self, nodes: Ints) -> Steps:
        found = [
            (node, other, number)
            for node in nodes.tolist()
            for number, (source, target, _) in enumerate(self.edges)
            for one, other in ((source, target), (target, source))
            if one == node and source != target
        ]
        columns = np.array(found, np.int64).reshape(-1, 3).T
        return Steps(columns[0], columns[1], columns[2])

    def strengths(self, relationships: Ints) -> np.ndarray:
        return np.array([self.edges[number][2] for number in relationships.tolist()])

    def is_passage(self, nodes: Ints) -> Mask:
        return np.array([node in self.passages for node in nodes.tolist()], np.bool_)


@st.composite
def networks(draw: st.DrawFn) -> tuple[PlainAdjacency, nx.MultiGraph[int]]:
    size = draw(st.integers(2, 7))
    node = st.integers(0, size - 1)
    edges = draw(st.lists(st.tuples(node, node, st.sampled_from([0.0, 0.2, 0.3, 0.5, 0.9])), max_size=6))
    # Without a few made by chance and in number, hardly any network drawn has paths to choose between.
    chance, number = random.Random(draw(st.integers(0, 10_000))), draw(st.integers(0, 18))
    edges += [(chance.randrange(size), chance.randrange(size), chance.choice([0.2, 0.5, 0.9])) for _ in range(number)]
    ends = draw(st.sets(node, max_size=2))
    adjacency = PlainAdjacency(size, edges, set(range(size)) - ends)
    plain: nx.MultiGraph[int] = nx.MultiGraph()
    plain.add_nodes_from(range(size))
    plain.add_edges_from(
        (source, target, {"strength": strength}) for source, target, strength in edges if source != target
    )
    return adjacency, plain


def every_path(
    adjacency: PlainAdjacency, plain: nx.MultiGraph[int], longest: int, *, hub_penalty: bool, avoid: set[int]
) -> list[tuple[float, int, float, tuple[int, ...]]]:
    """All loopless paths from 0 to 1 in the order of MEASURES.md section 3."""
    simple: nx.Graph[int] = nx.Graph(plain)
    simple.remove_nodes_from(avoid)

    def cost(path: list[int]) -> float:
        inner = sum(max(1.0, math.log2(max(1, len(set(plain[node]))))) for node in path[1:-1])
        return round(inner + 1, 9) if hub_penalty else float(len(path) - 1)

    def weakest(path: list[int]) -> float:
        return min(
            combined_strength(sorted(data["strength"] for data in plain[one][other].values()))
            for one, other in pairwise(path)
        )

    paths = [
        path
        for path in nx.all_simple_paths(simple, 0, 1, cutoff=longest)
        if all(node in adjacency.passages for node in path[1:-1])
    ]
    return sorted((cost(path), len(path), -weakest(path), tuple(path)) for path in paths)


@settings(max_examples=400)
@given(networks(), st.integers(1, 6), st.integers(1, 8), st.booleans(), st.sets(st.integers(2, 7), max_size=2))
def test_paths_are_the_first_of_all_paths(
    network: tuple[PlainAdjacency, nx.MultiGraph[int]], longest: int, k: int, hub_penalty: bool, avoid: set[int]
) -> None:
    adjacency, plain = network
    avoid = {node for node in avoid if node < adjacency.size()}
    search = PathSearch(adjacency, 0, 1, longest=longest, avoid=sorted(avoid), hub_penalty=hub_penalty)
    expected = every_path(adjacency, plain, longest, hub_penalty=hub_penalty, avoid=avoid)
    assert [path.order for path in search.best(k)] == expected[:k]


@given(networks(), st.integers(1, 4))
def test_distances_stop_at_ends_that_are_no_passages(
    network: tuple[PlainAdjacency, nx.MultiGraph[int]], depth: int
) -> None:
    adjacency, plain = network
    # An end may be reached but not left: cut its outgoing steps, except those of the centre.
    directed: nx.DiGraph[int] = nx.DiGraph()
    directed.add_nodes_from(plain)
    directed.add_edges_from(
        (one, other)
        for edge in plain.edges()
        for one, other in (edge, edge[::-1])
        if one == 0 or one in adjacency.passages
    )
    expected = nx.single_source_shortest_path_length(directed, 0, cutoff=depth)
    found = distances(adjacency, 0, depth)
    assert found == dict(expected)
    assert list(found.items()) == sorted(expected.items(), key=lambda item: (item[1], item[0]))


@pytest.mark.parametrize(
    ("strengths", "expected"),
    [([], 0.0), ([0.5], 0.5), ([0.5, 0.5], 0.75), ([1.0, 0.2], 1.0), ([0.0], 0.0), ([0.1, 0.2, 0.3], 0.496)],
)
def test_strengths_combine_as_independent_chances(strengths: list[float], expected: float) -> None:
    """By hand: 1 − Π(1 − s)."""
    assert combined_strength(strengths) == expected
