"""Cohesion against networkx and against plain counting on random networks."""

from __future__ import annotations

from itertools import combinations
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures import cohesion
from graph.measures.cohesion import closure, degree_centralisation, efficiency, transitivity
from tests.graph.actor_reference import Network, Reference, busy_network, busy_networks, networks, options
from tests.graph.measures.made_networks import MADE, as_actors


@settings(max_examples=200)
@given(networks() | busy_networks(), options())
def test_transitivity_and_efficiency_are_those_of_networkx(network: Network, options: ActorOptions) -> None:
    graph, ties = actor_graph(network.arrays(), Lens(), options), Reference(network, options).graph
    triples = any(degree > 1 for _, degree in ties.degree)
    assert transitivity(graph) == (pytest.approx(nx.transitivity(ties), abs=1e-9) if triples else None)
    near = efficiency(graph)
    assert near.value == (pytest.approx(nx.global_efficiency(ties), abs=1e-9) if len(ties) > 1 else None)
    assert near.sampled is None


@pytest.mark.parametrize("name", MADE)
def test_larger_networks_too(name: str) -> None:
    made = MADE[name](300, Random(1))
    assert transitivity(as_actors(made)) == pytest.approx(nx.transitivity(made), abs=1e-9)
    assert efficiency(as_actors(made)).value == pytest.approx(nx.global_efficiency(made), abs=1e-9)


def test_efficiency_of_a_large_network_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    made = MADE["mesh"](300, Random(1))
    exact = efficiency(as_actors(made)).value
    monkeypatch.setattr(cohesion, "MOST_EXACT", 100)
    near = efficiency(as_actors(made), seed=3)
    assert near.sampled == 256
    assert near.value == pytest.approx(exact, rel=0.01)
    assert near.value != exact
    assert efficiency(as_actors(made), seed=3) == near


def test_a_row_of_three_by_hand() -> None:
    """Two pairs of one step and one of two: (1 + 1 + 1/2)/3; three triples are possible, one is there, none closed."""
    row = as_actors(nx.path_graph(3))
    assert efficiency(row).value == round(2.5 / 3, 9)
    assert transitivity(row) == 0.0


@pytest.mark.parametrize(
    ("degree", "expected"),
    # A star is 1, a ring 0; a row of four: (2 × 1)/(3 × 2).
    [([4, 1, 1, 1, 1], 1.0), ([2, 2, 2, 2], 0.0), ([1, 2, 2, 1], round(2 / 6, 9)), ([1, 1], None), ([], None)],
)
def test_degree_centralisation(degree: list[int], expected: float | None) -> None:
    assert degree_centralisation(np.array(degree, np.int64)) == expected


def dated(seed: int) -> Network:
    """A busy network in which some facts and actors end in 2015, others begin in 2018."""
    made, chance = busy_network(seed), Random(seed)
    spans = [{}, {}, {"end": "2015"}, {"start": "2018"}]
    return Network(
        [one.model_copy(update=chance.choice([{}, {}, {}, *spans])) for one in made.nodes],
        [one.model_copy(update=chance.choice(spans)) for one in made.relationships],
    )


def held(network: Network, year: str) -> Network:
    """What of it held in a year."""
    nodes = [one for one in network.nodes if (one.start or "0") <= year <= (one.end or "9")]
    ids = {one.id for one in nodes}
    ties = [
        one for one in network.relationships
        if (one.start or "0") <= year <= (one.end or "9") and {one.source, one.target} <= ids
    ]  # fmt: skip
    return Network(nodes, ties)


@settings(max_examples=200)
@given(st.integers(0, 10**6).map(dated), options())
def test_closure_is_counted_pair_by_pair(network: Network, options: ActorOptions) -> None:
    arrays = network.arrays()
    before, after = (actor_graph(arrays, Lens(at=year), options) for year in ("2014", "2020"))
    old, new = (Reference(held(network, year), options) for year in ("2014", "2020"))
    common = [
        pair for pair in combinations(old.actors, 2)
        if not old.graph.has_edge(*pair) and set(old.graph[pair[0]]) & set(old.graph[pair[1]])
    ]  # fmt: skip
    closed = sum(new.graph.has_edge(*pair) for pair in common)
    assert closure(before, after) == (round(closed / len(common), 9) if common else None)
