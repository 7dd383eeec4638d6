"""Communities: what is plain to see, networkx for the modularity, and the same result however the network came."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures.communities import communities, community_of, modularity
from graph.model import Relationship
from tests.graph.actor_reference import (
    Network,
    Reference,
    busy_network,
    busy_networks,
    networks,
    node,
    options,
    relationship,
)


def club() -> ActorGraph:
    """Zachary's karate club, every tie of strength 0.5."""
    ties = [relationship(f"n{one:02d}", "KNOWS", f"n{other:02d}") for one, other in nx.karate_club_graph().edges]
    return actor_graph(Network([node(f"n{member:02d}") for member in range(34)], ties).arrays(), Lens())


def test_two_circles_with_one_tie_between_them_and_somebody_alone() -> None:
    ties: list[Relationship] = []
    for circle in ("abc", "defg"):
        ties += [relationship(one, "KNOWS", other) for one, other in combinations(circle, 2)]
    ties.append(relationship("c", "KNOWS", "d", strength=0.1))
    graph = actor_graph(Network([node(id) for id in "abcdefgz"], ties).arrays(), Lens())
    found = communities(graph)
    assert [found.members(community).tolist() for community in range(3)] == [[3, 4, 5, 6], [0, 1, 2], [7]]
    assert found.ids == ("community:d", "community:a", "community:z")
    assert found.inside.tolist() == [1.0] * 3 + [1.5] * 4 + [0.0]
    # W = 3 × 0.5 + 6 × 0.5 + 0.1 = 4.6; inside 4.5; strengths 3.1 and 6.1.
    assert found.modularity == round(4.5 / 4.6 - (3.1 / 9.2) ** 2 - (6.1 / 9.2) ** 2, 9)


def test_the_community_of_an_actor_is_a_network_of_its_own() -> None:
    graph = club()
    found = communities(graph)
    part = community_of(graph, 5)
    assert part.ids == [graph.ids[actor] for actor in found.members(int(found.of[5])).tolist()]
    assert community_of(graph, graph.place[part.ids[0]]).ids == part.ids
    assert len(communities(part).ids) > 1  # it divides again, by its own ties alone


def test_without_ties_everybody_is_alone_and_modularity_undefined() -> None:
    found = communities(actor_graph(Network([node("a"), node("b")], []).arrays(), Lens()))
    assert (found.of.tolist(), found.ids, found.modularity) == ([0, 1], ("community:a", "community:b"), None)
    nobody = communities(actor_graph(Network([], []).arrays(), Lens()))
    assert (nobody.of.tolist(), nobody.ids, nobody.modularity) == ([], (), None)


@settings(max_examples=200)
@given(networks() | busy_networks(), options(), st.sampled_from([0.5, 1.0, 2.0]))
def test_modularity_is_that_of_networkx_and_each_community_hangs_together(
    network: Network, chosen: ActorOptions, resolution: float
) -> None:
    """That each is connected is what Traag, Waltman and van Eck prove of Leiden."""
    graph, ties = actor_graph(network.arrays(), Lens(), chosen), Reference(network, chosen).graph
    found = communities(graph, resolution=resolution)
    parts = [{graph.ids[actor] for actor in found.members(place).tolist()} for place in range(len(found.ids))]
    assert sorted(id for part in parts for id in part) == graph.ids
    assert all(nx.is_connected(ties.subgraph(part)) for part in parts)
    if not ties.size():
        assert found.modularity is None
        return
    expected = nx.community.modularity(ties, parts, weight="strength", resolution=resolution)
    assert found.modularity is not None
    assert found.modularity == pytest.approx(expected, abs=2e-9)
    every_one_alone = nx.community.modularity(ties, [{id} for id in ties], weight="strength", resolution=resolution)
    assert found.modularity >= every_one_alone - 1e-8


def test_the_names_stay_while_the_core_does() -> None:
    """a and e lead, each by a strong tie. Somebody new at the edge of one circle and a tie less in the other change
    nothing of that."""
    ties = [
        relationship(one, "KNOWS", other, strength=0.9 if one in "ae" else 0.5)
        for circle in ("abcd", "efgh")
        for one, other in combinations(circle, 2)
    ]
    later = [*ties[:-1], relationship("z", "KNOWS", "d", strength=0.5)]
    first, second = (
        communities(actor_graph(Network([node(id) for id in ids], made).arrays(), Lens()))
        for ids, made in (("abcdefgh", ties), ("abcdefghz", later))
    )
    assert (first.ids, second.ids) == (("community:a", "community:e"),) * 2


@pytest.mark.parametrize("resolution", [0.5, 1.0, 2.0])
def test_the_karate_club(resolution: float) -> None:
    graph = club()
    found = communities(graph, resolution=resolution)
    sets = [set(found.members(community).tolist()) for community in range(len(found.ids))]
    expected = nx.community.modularity(nx.karate_club_graph(), sets, weight=None, resolution=resolution)
    assert found.modularity == pytest.approx(expected, abs=1e-9)
    assert modularity(graph, found.of, resolution=resolution) == found.modularity


@pytest.mark.parametrize("seed", range(5))
def test_the_karate_club_is_divided_nearly_as_well_as_can_be(seed: int) -> None:
    """The greatest modularity of any division is 0.41979 (Brandes and others 2008)."""
    found = communities(club(), seed=seed).modularity
    assert found is not None
    assert 0.4187 < found <= 0.419790


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.integers(0, 3))
def test_the_order_of_loading_changes_nothing(network: int, seed: int) -> None:
    first = busy_network(network)
    turned = Network(first.nodes[::-1], first.relationships[::-1])
    graphs = [actor_graph(one.arrays(), Lens()) for one in (first, turned)]
    found, again = (communities(graph, seed=seed) for graph in graphs)
    assert found.of.tolist() == again.of.tolist()
    assert (found.ids, found.modularity) == (again.ids, again.modularity)
    sizes = [len(found.members(community)) for community in range(len(found.ids))]
    assert sizes == sorted(sizes, reverse=True)
