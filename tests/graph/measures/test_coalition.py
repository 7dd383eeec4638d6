"""Coalitions: by hand, and against the best of all sets of actors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorGraph, actor_graph
from graph.lens import Lens
from graph.measures import coalition as measure
from graph.measures.coalition import Team, Wishes, coalition
from tests.graph.actor_reference import Network, node, relationship

Tie = tuple[int, int, float]


def graph_of(size: int, ties: Sequence[Tie]) -> ActorGraph:
    nodes = [node(f"n{place:04d}") for place in range(size)]
    made = [relationship(f"n{a:04d}", "KNOWS", f"n{b:04d}", strength=strength) for a, b, strength in ties]
    return actor_graph(Network(nodes, made).arrays(), Lens())


def wishes(needs: Sequence[Sequence[int]], musts: Sequence[int] = (), size: int = 12) -> Wishes:
    return Wishes([np.array(some, np.int64) for some in needs], musts, size)


SETS = np.arange(1 << 14)
COUNT = np.array([int(one).bit_count() for one in SETS])


def best_of_all(graph: ActorGraph, wanted: Wishes) -> tuple[int, float] | None:
    """Most needs covered and the least cost, over all sets of actors.

    A least tree over a set has an end: take it away, and what is left is a least tree over the rest.
    """
    size = len(graph)
    cost = np.full((size, size), np.inf)
    for a in range(size):
        for b in graph.neighbours(a).tolist():
            cost[a, b] = 1 / graph.strength(a, b)
    sets, count = SETS[: 1 << size], COUNT[: 1 << size]
    nearest = np.full((size, 1 << size), np.inf)  # the cheapest tie from an actor into a set
    for actor in range(size):
        for low in range(size):
            inside = (sets >> low) & 1 == 1
            nearest[actor, inside] = np.minimum(nearest[actor, inside], cost[actor, low])
    least = np.where(count <= 1, 0.0, np.inf)
    for members in range(2, size + 1):
        for end in range(size):
            chosen = sets[(count == members) & ((sets >> end) & 1 == 1)]
            rest = chosen ^ (1 << end)
            least[chosen] = np.minimum(least[chosen], least[rest] + nearest[end, rest])
    covered = np.zeros(len(sets), np.int64)
    for some in wanted.needs:
        covered += (sets & sum(1 << int(one) for one in some)) > 0
    good = (count >= 1) & (count <= wanted.size) & np.isfinite(least)
    for must in wanted.musts:
        good &= (sets >> must) & 1 == 1
    good &= (covered > 0) | bool(wanted.musts)
    if not good.any():
        return None
    most = covered[good].max()
    return int(most), float(least[good & (covered == most)].min())


def check(graph: ActorGraph, wanted: Wishes, team: Team) -> int:
    """The team is what it says; gives the number of needs that it covers."""
    tree = nx.Graph(team.links)
    tree.add_nodes_from(team.actors)
    assert nx.is_tree(tree)
    assert list(team.actors) == sorted(set(team.actors))
    assert len(team.actors) <= wanted.size
    assert set(wanted.musts) <= set(team.actors)
    assert all(a < b and graph.strength(a, b) > 0 for a, b in team.links)
    assert team.cost == pytest.approx(sum(1 / graph.strength(a, b) for a, b in team.links), abs=1e-7)
    return sum(bool({*some.tolist()} & {*team.actors}) for some in wanted.needs)


@cache
def random_case(seed: int) -> tuple[ActorGraph, Wishes]:
    """Fourteen actors, some in other components, ties from 0.1 to 1, one to five needs, none to two musts."""
    chance = Random(seed)
    pairs = [(a, b) for a in range(14) for b in range(a + 1, 14)]
    density = chance.choice([0.12, 0.2, 0.35])
    ties = [(a, b, round(chance.uniform(0.1, 1), 2)) for a, b in pairs if chance.random() < density]
    needs = [chance.sample(range(14), chance.randint(1, 4)) for _ in range(chance.randint(1, 5))]
    musts = chance.sample(range(14), chance.choice([0, 0, 1, 2]))
    return graph_of(14, ties), wishes(needs, musts, chance.choice([12, 12, 6, 4, 2]))


@cache
def best_case(seed: int) -> tuple[int, float] | None:
    return best_of_all(*random_case(seed))


CASES = range(200)


def test_the_exact_search_finds_the_best_of_all() -> None:
    for seed in CASES:
        graph, wanted = random_case(seed)
        team, best = coalition(graph, wanted), best_case(seed)
        assert (team is None) == (best is None), seed
        if team and best:
            assert check(graph, wanted, team) == best[0], seed
            assert team.cost == pytest.approx(best[1], abs=1e-7), seed


def test_the_quick_search_stays_near_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    # MEASURES.md section 3: at most 1.3 × the least cost on average over 200 random graphs of 14 actors; it is 1.01.
    monkeypatch.setattr(measure, "_is_small", lambda *_: False)
    ratios, worse = [], 0
    for seed in CASES:
        (graph, wanted), best = random_case(seed), best_case(seed)
        team = coalition(graph, wanted)
        if best is None or team is None:
            worse += (team is None) != (best is None)
            continue
        covered = check(graph, wanted, team)
        worse += covered < best[0]
        if covered == best[0]:
            ratios.append(team.cost / best[1] if best[1] else 1)
    assert sum(ratios) / len(ratios) <= 1.3
    assert worse <= 10


def test_a_way_round_may_be_closer_than_a_weak_tie() -> None:
    # 0 and 1 are tied by 0.2 (cost 5), and through 2 by 0.5 twice (cost 2 + 2).
    graph = graph_of(4, [(0, 1, 0.2), (0, 2, 0.5), (1, 2, 0.5)])
    needs = [[0], [1]]
    assert coalition(graph, wishes(needs)) == Team((0, 1, 2), ((0, 2), (1, 2)), 4.0)
    assert coalition(graph, wishes(needs, size=2)) == Team((0, 1), ((0, 1),), 5.0)
    # With room for one alone, the need that is named first.
    assert coalition(graph, wishes(needs, size=1)) == Team((0,), (), 0.0)
    assert coalition(graph, wishes([[1], [0]], size=1)) == Team((1,), (), 0.0)
    assert coalition(graph, wishes([[1], [0]], [2])) == Team((0, 1, 2), ((0, 2), (1, 2)), 4.0)
    assert coalition(graph, wishes(needs, [3])) == Team((3,), (), 0.0)  # 3 is alone: nothing can be covered
    assert coalition(graph, wishes(needs, [0, 1, 2], size=2)) is None
    assert coalition(graph, wishes(needs, [0, 3])) is None


def test_one_who_covers_all_is_enough() -> None:
    graph = graph_of(3, [(0, 1, 1), (1, 2, 1)])
    assert coalition(graph, wishes([[0, 1], [1, 2], [1]])) == Team((1,), (), 0.0)
    assert coalition(graph, wishes([[0], [0], [0]], [0])) == Team((0,), (), 0.0)


def test_the_component_that_covers_most_is_taken() -> None:
    graph = graph_of(5, [(0, 1, 1), (2, 3, 0.1), (3, 4, 0.1)])
    assert coalition(graph, wishes([[0, 2], [1, 3], [4]])) == Team((2, 3, 4), ((2, 3), (3, 4)), 20.0)


@pytest.mark.parametrize("size", [0, 1])
def test_without_actors_or_needs_there_is_no_team(size: int) -> None:
    assert coalition(graph_of(size, []), wishes([])) is None


def test_many_needs_and_a_large_network_are_no_trouble() -> None:
    # A ring of 2,000: twelve needs side by side are covered by the twelve in a row.
    graph = graph_of(2_000, [(place, (place + 1) % 2_000, 0.5) for place in range(2_000)])
    team = coalition(graph, wishes([[place] for place in range(100, 112)]))
    assert team == Team(tuple(range(100, 112)), tuple((place, place + 1) for place in range(100, 111)), 22.0)


@settings(max_examples=60)
@given(st.integers(200, 10**6))
def test_weaker_ties_never_make_a_team_cheaper(seed: int) -> None:
    graph, wanted = random_case.__wrapped__(seed)
    ends = zip(graph.ties.first.tolist(), graph.ties.second.tolist(), graph.ties.strength.tolist(), strict=True)
    weaker = graph_of(14, [(a, b, strength / 2) for a, b, strength in ends])
    before, after = coalition(graph, wanted), coalition(weaker, wanted)
    assert (before is None) == (after is None)
    if before and after:
        assert after.cost == pytest.approx(2 * before.cost, abs=1e-6)
