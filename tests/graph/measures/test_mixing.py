"""Ties between groups: by hand, by counting pairs one by one, and against all ways in which groups can be dealt out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, combinations_with_replacement, permutations

import numpy as np
import pytest
from hypothesis import given, settings

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures.mixing import Mixing, mixing
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, node, options, relationship

SHUFFLES = 12
Groups = Mapping[str, set[str]]


def every(graph: ActorGraph, shuffles: int = SHUFFLES, seed: int = 0) -> Mixing:
    return mixing(graph, tuple(range(len(graph.groups.labels))), permutations=shuffles, seed=seed)


def ties_between(reference: Reference, groups: Groups, a: str, b: str) -> int:
    return sum(
        (a in groups[i] and b in groups[j]) or (b in groups[i] and a in groups[j]) for i, j in reference.strength
    )


def e_i(inside: float, outside: float) -> float | None:
    return round((outside - inside) / (outside + inside), 9) if inside + outside else None


@settings(max_examples=200)
@given(networks() | busy_networks(), options())
def test_cells_are_counted_pair_by_pair(network: Network, options: ActorOptions) -> None:
    graph, reference = actor_graph(network.arrays(), Lens(), options), Reference(network, options)
    found, groups = every(graph), {id: reference.groups(id) for id in reference.actors}
    degree, ties = dict(reference.graph.degree), len(reference.strength)
    stated = [id for id in reference.actors if groups[id]]
    chance = np.random.default_rng(0)
    deals = [chance.permutation(len(stated)).tolist() for _ in range(SHUFFLES)]
    for a, b in combinations_with_replacement(range(len(graph.groups.labels)), 2):
        one, other = graph.groups.labels[a], graph.groups.labels[b]
        pairs = [
            (i, j) for i, j in combinations(reference.actors, 2)
            if (one in groups[i] and other in groups[j]) or (other in groups[i] and one in groups[j])
        ]  # fmt: skip
        observed = sum(pair in reference.strength for pair in pairs)
        expected = round(sum(degree[i] * degree[j] for i, j in pairs) / (2 * ties), 9) if ties else 0.0
        assert found.observed[a, b] == found.observed[b, a] == observed
        assert found.expected[a, b] == pytest.approx(expected, abs=1e-9)
        extreme = 0
        for deal in deals:
            dealt = {**groups, **{id: groups[stated[place]] for id, place in zip(stated, deal, strict=True)}}
            count = ties_between(reference, dealt, one, other)
            extreme += count <= observed if observed < expected else count >= observed
        assert found.p_values[a, b] == round((1 + extreme) / (1 + SHUFFLES), 9)


@settings(max_examples=200)
@given(networks() | busy_networks(), options())
def test_the_e_i_index_is_counted_tie_by_tie(network: Network, options: ActorOptions) -> None:
    graph, reference = actor_graph(network.arrays(), Lens(), options), Reference(network, options)
    found, groups = every(graph, 1), {id: reference.groups(id) for id in reference.actors}
    degree, ties = dict(reference.graph.degree), len(reference.strength)
    for place, label in enumerate(graph.groups.labels):
        sums = {"inside": [0.0, 0.0], "outside": [0.0, 0.0]}
        for i, j in combinations(reference.actors, 2):
            ends = (label in groups[i]) + (label in groups[j])
            if ends and groups[i] and groups[j]:
                sums["inside" if ends == 2 else "outside"][0] += (i, j) in reference.strength
                sums["inside" if ends == 2 else "outside"][1] += degree[i] * degree[j] / (2 * ties or 1)
        assert found.members[place] == sum(label in some for some in groups.values())
        assert found.e_i_index[place] == e_i(sums["inside"][0], sums["outside"][0])
        chance = e_i(sums["inside"][1], sums["outside"][1])
        assert found.e_i_expected[place] == (None if chance is None else pytest.approx(chance, abs=1e-8))


def two_and_two() -> ActorGraph:
    """a, b public and c, d business, in a row a–b–c–d."""
    nodes = [node(id, sector=sector) for id, sector in zip("abcd", ["public"] * 2 + ["business"] * 2, strict=True)]
    ties = [relationship(one, "KNOWS", other) for one, other in ("ab", "bc", "cd")]
    return actor_graph(Network(nodes, ties).arrays(), Lens())


def test_a_row_of_four_by_hand() -> None:
    """Degrees 1, 2, 2, 1 and m = 3: inside a group 2/6 expected, between the two (1 + 2)(2 + 1)/6 = 1.5.

    E-I: one tie inside, one out of it: 0; by chance (1.5 − 1/3)/(1.5 + 1/3) = 7/11.
    """
    found = every(two_and_two())
    assert found.observed.tolist() == [[1, 1], [1, 1]]
    assert found.expected.tolist() == [[0.333333333, 1.5], [1.5, 0.333333333]]
    assert found.e_i_index == [0.0, 0.0]
    assert found.e_i_expected == [round(7 / 11, 9)] * 2


def test_p_values_are_near_those_of_all_deals() -> None:
    """Of the 24 deals of two and two along the row, 16 put at most one tie between the groups.

    The groups are aabb or bbaa (one tie between), abba or baab (two), abab or baba (three): a third each, so p is
    near 1/3 between, and inside one group, where at least one tie is wanted: aabb, bbaa and half of abba, baab: 1/2.
    """
    graph, count = two_and_two(), 4000
    deals = ["".join(deal) for deal in permutations("AABB")]
    assert sum(deal in ("AABB", "BBAA") for deal in deals) / len(deals) == pytest.approx(1 / 3)
    found = every(graph, count, seed=1)
    assert found.p_values[0, 1] == pytest.approx(1 / 3, abs=0.03)
    assert found.p_values[0, 0] == pytest.approx(1 / 2, abs=0.03)
    assert found.p_values.tolist() == every(two_and_two(), count, seed=1).p_values.tolist()
    assert found.p_values.tolist() != every(two_and_two(), count, seed=2).p_values.tolist()


def test_who_is_in_two_groups_counts_once_in_a_cell() -> None:
    """p and q both work for a public and a business organisation and know each other: one tie, not two."""
    nodes = [node("x", sector="public"), node("y", sector="business"), node("p", "person"), node("q", "person")]
    ties = [relationship("p", "KNOWS", "q")] + [relationship(one, "WORKS_FOR", other) for one in "pq" for other in "xy"]
    graph = actor_graph(Network(nodes, ties).arrays(), Lens(), ActorOptions(actors=("person",), carriers=False))
    assert every(graph).observed.tolist() == [[1, 1], [1, 1]]
    assert every(graph).expected.tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_nothing_to_compare() -> None:
    """No actors, nobody tied: nothing is expected, and every shuffle is as extreme."""
    nobody = every(actor_graph(Network([], []).arrays(), Lens()))
    assert (nobody.observed.shape, nobody.e_i_index) == ((0, 0), [])
    alone = every(actor_graph(Network([node("a", sector="public"), node("b")], []).arrays(), Lens()))
    assert (alone.observed.tolist(), alone.expected.tolist(), alone.p_values.tolist()) == ([[0]], [[0.0]], [[1.0]])
    assert (alone.e_i_index, alone.e_i_expected) == ([None], [None])
