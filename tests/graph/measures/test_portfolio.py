"""Reach, ties among and concentration: by hand, and against slow references on random networks."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures.portfolio import concentration, reach, ties_among
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, options


@settings(max_examples=200)
@given(networks() | busy_networks(), options(), st.data())
def test_reach_and_ties_as_networkx_counts_them(network: Network, chosen: ActorOptions, data: st.DataObject) -> None:
    graph, plain = actor_graph(network.arrays(), Lens(), chosen), Reference(network, chosen).graph
    some = sorted(data.draw(st.sets(st.sampled_from(range(len(graph))))) if len(graph) else [])
    found = reach(graph, np.array(some, np.int64))
    within = [set(nx.single_source_shortest_path_length(plain, graph.ids[actor], cutoff=2)) for actor in some]
    assert found.reach == [len(one) for one in within]
    for place, marginal in enumerate(found.marginal):
        others = set().union(*(one for other, one in enumerate(within) if other != place))
        assert marginal == len(set().union(*within)) - len(others)
    ids = [graph.ids[actor] for actor in some]
    observed, expected = ties_among(graph, np.array(some, np.int64))
    assert observed == plain.subgraph(ids).number_of_edges()
    ties = plain.number_of_edges()
    products = [plain.degree[a] * plain.degree[b] for a in ids for b in ids if a < b]
    assert expected == pytest.approx(sum(products) / (2 * ties) if ties else 0, abs=1e-9)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([], (None, None)),
        ([(0, ["x"])], (None, None)),
        ([(-5, ["x"])], (None, None)),
        ([(10, ["x"])], (1, 0)),
        ([(10, [])], (0, 1)),
        ([(10, ["x"]), (30, ["y"])], (0.0625 + 0.5625, 0)),
        ([(10, ["x", "y"]), (10, ["y"]), (20, [])], (0.015625 + 0.140625, 0.5)),
        ([(30, ["x"]), (-10, ["y"])], (2.25 + 0.25, 0)),  # a credit makes the rest more than the whole
    ],
)
def test_concentration_by_hand(amounts: list[tuple[float, Sequence[str]]], expected: tuple[float | None, ...]) -> None:
    found = concentration(amounts)
    assert (found.hhi, found.not_stated) == expected
