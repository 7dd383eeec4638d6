"""How sure ranks are: by hand, and against drawing one network after the other and ranking it slowly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, sqrt
from random import Random
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures import certainty, ranks
from graph.measures.brokerage import cog_scores
from graph.measures.certainty import rank_certainty
from graph.model import days
from tests.graph.actor_reference import (
    VOCABULARY,
    Network,
    Reference,
    busy_networks,
    networks,
    node,
    options,
    relationship,
)


def graph_of(network: Network, options: ActorOptions | None = None) -> ActorGraph:
    return actor_graph(network.arrays(), Lens(), options)


def two_cogs(confidence: float) -> Network:
    """x joins p and q by 0.5, y joins r and s by 0.4; one tie of x is only as sure as it says."""
    sectors = {"p": "public", "q": "media", "r": "public", "s": "media", "x": None, "y": None}
    return Network(
        [node(id, sector=sector) for id, sector in sectors.items()],
        [
            relationship("x", "KNOWS", "p", strength=0.5, confidence=confidence),
            relationship("x", "KNOWS", "q", strength=0.5),
            relationship("y", "KNOWS", "r", strength=0.4),
            relationship("y", "KNOWS", "s", strength=0.4),
        ],
    )


def test_a_sure_network_has_sure_ranks() -> None:
    graph = graph_of(two_cogs(1.0))
    found = rank_certainty(graph, draws=500)
    x, y, p = (graph.place[id] for id in "xyp")
    assert (found.draws, len(found.ranks)) == (500, 1)
    assert [(found.median(one), found.nearest(one, 5), found.nearest(one, 95)) for one in (x, y, p)] == [
        (1.0, 1, 1), (2.0, 2, 2), (3.0, 3, 3)
    ]  # fmt: skip
    assert (found.in_top(y, 1), found.in_top(y, 2), found.is_clear(x)) == (0.0, 1.0, True)


def test_a_doubtful_tie_costs_the_first_rank_as_often_as_it_is_absent() -> None:
    # Without its tie to p, x has the score 0 and shares rank 2 with the four others.
    graph = graph_of(two_cogs(0.7))
    found = rank_certainty(graph, draws=2_000)
    x, y = graph.place["x"], graph.place["y"]
    assert abs(found.in_top(x, 1) - 0.7) < 5 * sqrt(0.7 * 0.3 / 2_000)
    assert found.in_top(x, 1) == round(1 - found.in_top(y, 1), 9)
    assert (found.nearest(x, 5), found.nearest(x, 95), found.median(x)) == (1, 2, 1.0)


def test_a_tie_without_confidence_never_counts() -> None:
    graph = graph_of(two_cogs(0.0))
    found = rank_certainty(graph, draws=500)
    assert (len(found.ranks), found.in_top(graph.place["y"], 1), found.median(graph.place["x"])) == (1, 1.0, 2.0)


def test_old_relationships_are_drawn_less_often_and_count_in_full() -> None:
    # p's tie was recorded 12 months of 30.4375 days before the newest one: with a half-life of 12 months it is
    # kept in half of the draws, and then with its whole strength, so that x comes before y (0.5 against 0.4).
    network = two_cogs(1.0)
    rest = network.relationships[1:]
    old = relationship("x", "KNOWS", "p", strength=0.5, recorded="2018-12-31")
    new = [relationship(one.source, "KNOWS", one.target, strength=one.strength, recorded="2019-12-31") for one in rest]
    graph = graph_of(Network(network.nodes, [old, *new]), ActorOptions(half_life=12))
    assert abs(rank_certainty(graph, draws=2_000).in_top(graph.place["x"], 1) - 0.5) < 5 * 0.5 / sqrt(2_000)


def test_the_sector_that_a_person_has_by_a_post_goes_with_the_post() -> None:
    # ann (by her post in o, which is public) and q (media) are joined by x alone, as o is not an actor.
    network = Network(
        [node("ann", "person"), node("o", sector="public"), node("q", "person", "media"), node("x", "person", "media")],
        [
            relationship("ann", "WORKS_FOR", "o", confidence=0.5),
            relationship("x", "KNOWS", "ann"),
            relationship("x", "KNOWS", "q"),
        ],
    )
    graph = graph_of(network, ActorOptions(actors=("person",)))
    found = rank_certainty(graph, draws=1_000)
    assert abs(found.in_top(graph.place["ann"], 1) - 0.5) < 5 * 0.5 / sqrt(1_000)  # all equal without the post
    assert found.in_top(graph.place["x"], 1) == 1.0


def test_percentiles_are_by_nearest_rank() -> None:
    ranks = np.arange(1, 41, dtype=np.int32).reshape(40, 1)
    found = certainty.Certainty(ranks, 40)
    assert (found.nearest(0, 5), found.nearest(0, 95), found.median(0), found.in_top(0, 10)) == (2, 38, 20.5, 0.25)
    assert not found.is_clear(0)
    five = certainty.Certainty(np.array([[1], [2], [3], [4], [5]], np.int32), 5)
    assert (five.nearest(0, 5), five.nearest(0, 95), five.median(0), five.is_clear(0)) == (1, 5, 3.0, True)
    assert not certainty.Certainty(np.array([[1], [6]], np.int32), 2).is_clear(0)


@pytest.mark.parametrize("nodes", [[], [node("a")]])
def test_without_ties_all_are_first(nodes: list[object]) -> None:
    found = rank_certainty(graph_of(Network(nodes, [])), draws=3)  # type: ignore[arg-type]
    assert (found.draws, found.ranks.tolist()) == (3, [[1] * len(nodes)])


@pytest.mark.parametrize(("work", "draws"), [(50_000, 500), (4_000, 235), (1_700, 100), (1_000, 0)])
def test_too_large_a_network_gets_fewer_draws_or_none(monkeypatch: pytest.MonkeyPatch, work: int, draws: int) -> None:
    # Six actors, four relationships and one pair of neighbours at x and y each: with 1 that is 13, or 17 for a seed.
    monkeypatch.setattr(certainty, "MOST_WORK", work)
    graph = graph_of(two_cogs(0.5))
    monkeypatch.setattr(certainty, "_work", lambda *_: 17)
    assert rank_certainty(graph, draws=500).draws == draws


def test_the_seed_decides_and_the_size_of_the_pieces_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = (rank_certainty(graph_of(two_cogs(0.5)), draws=50, seed=3).ranks.tolist() for _ in range(2))
    other = rank_certainty(graph_of(two_cogs(0.5)), draws=50, seed=4).ranks.tolist()
    monkeypatch.setattr(certainty, "AT_ONCE", 1)
    assert first == again == rank_certainty(graph_of(two_cogs(0.5)), draws=50, seed=3).ranks.tolist() != other


def drawn_slowly(network: Network, chosen: ActorOptions, draws: int, seed: int) -> dict[str, list[int]]:
    """The rank of each actor in each of the drawn networks."""
    ordered = sorted(network.relationships, key=lambda one: one.id)
    newest = max((one.recorded_day for one in ordered if one.recorded_day), default=0)
    chance = {}
    for one in ordered:
        if VOCABULARY.types[one.type].tie:
            recorded = [days(some.recorded_at)[0] for some in one.evidence if some.recorded_at]
            months = (newest - max(recorded)) / 30.4375 if recorded and chosen.half_life else 0
            confidence = 1 if one.confidence is None else one.confidence
            chance[one.id] = confidence * 2 ** (-months / (chosen.half_life or 1))
    unsure = [id for id, share in chance.items() if 0 < share < 1]
    ranks: dict[str, list[int]] = {}
    for row in np.random.RandomState(seed).random_sample((draws, len(unsure))):
        gone = {id for id, share in chance.items() if share == 0}
        gone |= {id for id, value in zip(unsure, row, strict=True) if value >= chance[id]}
        rest = Network(network.nodes, [one for one in ordered if one.id not in gone])
        reference = Reference(rest, replace(chosen, half_life=None))
        scores = {id: reference.cog_score(id) for id in reference.actors}
        for id, score in scores.items():
            # What only differs by the order of additions is equal.
            ranks.setdefault(id, []).append(1 + sum(other > score + 5e-10 for other in scores.values()))
    return ranks


@settings(max_examples=200)
@given(networks() | busy_networks(), options(), st.randoms(use_true_random=False), st.integers(0, 9))
def test_as_the_reference_says(network: Network, chosen: ActorOptions, chance: Random, seed: int) -> None:
    sure = [
        one.model_copy(update={"confidence": chance.choice([None, 1.0, 0.8, 0.5, 0.3, 0.0])})
        for one in network.relationships
    ]
    network, draws = Network(network.nodes, sure), 12
    graph, expected = graph_of(network, chosen), drawn_slowly(network, chosen, draws, seed)
    found = rank_certainty(graph, draws=draws, seed=seed)
    for actor, id in enumerate(graph.ids):
        ranks = sorted(expected[id])
        assert found.median(actor) == median(ranks)
        assert found.nearest(actor, 5) == ranks[ceil(Fraction(5, 100) * draws) - 1]
        assert found.nearest(actor, 95) == ranks[ceil(Fraction(95, 100) * draws) - 1]
        assert found.in_top(actor, 2) == round(sum(rank <= 2 for rank in ranks) / draws, 9)


@pytest.mark.parametrize("group_by", ["sector", "place", "theme", "funder", "community", "colour"])
def test_every_way_of_grouping_is_made_again_in_each_draw(group_by: str) -> None:
    sectors = ["public", "media", "public", "funder"] * 2
    nodes = [node(f"o{a}", sector=sector, attributes={"colour": "rgb"[a % 3]}) for a, sector in enumerate(sectors)]
    nodes += [node("l1", "place"), node("l2", "place"), node("t1", "theme"), node("t2", "theme")]
    pairs = [(0, 1), (0, 2), (0, 3), (3, 4), (4, 5), (4, 6), (6, 7), (1, 5), (5, 7)]
    made = [relationship(f"o{a}", "KNOWS", f"o{b}", confidence=1 - 0.5 * (a % 2)) for a, b in pairs]
    made += [relationship(f"o{a}", "LOCATED_IN", f"l{1 + a % 2}") for a in range(8)]
    made += [relationship(f"o{a}", "WORKS_ON", f"t{1 + a % 2}") for a in range(8)]
    made += [relationship("o7", "FUNDS", f"o{a}", confidence=0.5) for a in range(1, 4)]
    made += [relationship("o0", "FUNDS", f"o{a}", confidence=0.5) for a in (2, 5, 6)]
    bodies = {one.id: one for one in nodes}

    def graph_without(gone: set[str]) -> ActorGraph:
        rest = Network(nodes, [one for one in made if one.id not in gone])
        return actor_graph(rest.arrays(), Lens(), ActorOptions(group_by=group_by), bodies=lambda _: bodies)

    unsure = sorted(one.id for one in made if one.confidence == 0.5)
    expected = [
        ranks(cog_scores(graph_without({id for id, value in zip(unsure, row, strict=True) if value >= 0.5})))
        for row in np.random.RandomState(0).random_sample((20, len(unsure)))
    ]
    found = rank_certainty(graph_without(set()), draws=20)
    assert found.ranks.tolist() == np.sort(np.array(expected), axis=0).tolist()
    assert len({tuple(row) for row in expected}) > 2
