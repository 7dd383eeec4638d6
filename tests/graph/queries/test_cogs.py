"""The cogs on the network of `conftest.py`; scores worked out by hand (the ties are in test_connectors.py).

hub: council–trust 0.6, common neighbours only hub: 0.6; trust–firm 0.6 by hub alone: 0.6; council–firm are tied.
firm: college–hub 0.6 by firm alone, college–council 0.4 by firm alone: 1.0. council: ann (public, by her post) with
hub 0.6 and with firm 0.4 by council alone: 1.0. trust: bob (funder) with hub 0.6. ann: council–bob (public, funder)
0.5. bob: ann–trust 0.5.
"""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import InputError
from graph.lens import Lens
from graph.measures import certainty
from graph.questions import ask
from graph.store import Store
from graph.store.records import Batch

SCORES = {"hub": 1.2, "council": 1.0, "firm": 1.0, "trust": 0.6, "ann": 0.5, "bob": 0.5, "college": 0.0, "library": 0.0}
RANKS = [1, 2, 2, 4, 5, 5, 7, 7]


def test_the_ranking(store: Store) -> None:
    answer: Any = ask(store, "cogs", {})
    assert {cog.node.id: cog.score for cog in answer.cogs} == SCORES
    assert [cog.node.id for cog in answer.cogs] == list(SCORES)
    assert [cog.rank for cog in answer.cogs] == RANKS
    # Nothing is doubtful, so all draws are the network as it is.
    assert answer.clear_order is True
    assert [cog.certainty.model_dump() for cog in answer.cogs] == [
        {"median_rank": rank, "low": rank, "high": rank, "in_top": 1.0} for rank in RANKS
    ]
    without: Any = ask(store, "cogs", {"draws": 0})
    assert without.clear_order is None
    assert {cog.certainty for cog in without.cogs} == {None}


def test_in_top_counts_ranks_up_to_the_limit(store: Store) -> None:
    answer: Any = ask(store, "cogs", {"limit": 2})
    assert [(cog.node.id, cog.rank, cog.certainty.in_top) for cog in answer.cogs] == [
        ("hub", 1, 1.0), ("council", 2, 1.0)
    ]  # fmt: skip
    nobody: Any = ask(store, "cogs", {"actors": ["fund"]})
    assert (nobody.cogs, nobody.clear_order) == ((), None)


def test_doubt_shows_and_says_that_there_is_no_clear_order(store: Store) -> None:
    # Both ties are there in 9 of 100 networks: hub is first. Neither is in 49 of 100: hub is tied to trust alone and
    # scores nothing, behind council and firm (0.4), ann and bob (0.5) and trust (bob and hub, 0.6): rank 6.
    doubtful = [
        one.model_copy(update={"confidence": 0.3})
        for one in store.relationships(Lens(type=("PARTNERS_WITH",)))
        if one.id in ("council-PARTNERS_WITH-hub", "hub-PARTNERS_WITH-firm")
    ]
    store.apply(Batch(relationships=doubtful), by="test")
    answer: Any = ask(store, "cogs", {})
    hub = answer.cogs[0]
    assert (hub.node.id, hub.rank, answer.clear_order) == ("hub", 1, False)
    assert (hub.certainty.low, hub.certainty.high, hub.certainty.in_top) == (1, 6, 1.0)
    assert any("any rank from 1 to 6" in note for note in answer.meta.notes)
    again: Any = ask(store, "cogs", {})
    other: Any = ask(store, "cogs", {"seed": 1})
    assert again.model_dump_json() == answer.model_dump_json() != other.model_dump_json()


def test_a_network_too_large_for_draws_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = next(one for one in store.relationships() if one.id == "firm-PARTNERS_WITH-college")
    store.apply(Batch(relationships=[firm.model_copy(update={"confidence": 0.5})]), by="test")
    monkeypatch.setattr(certainty, "MOST_WORK", 10)
    answer: Any = ask(store, "cogs", {})
    assert (answer.cogs[0].certainty, answer.clear_order) == (None, None)
    assert (answer.meta.cut.limit, answer.meta.cut.kept, answer.meta.cut.of) == ("draws", 0, 500)
    assert any("too large" in note for note in answer.meta.notes)


def test_each_score_is_the_sum_of_its_pairs(store: Store) -> None:
    for id, score in SCORES.items():
        cog: Any = ask(store, "cog", {"node": id})
        assert round(sum(pair.strength / pair.common for pair in cog.all_pairs), 9) == score
        assert len(cog.all_pairs) == cog.pairs
        assert all(pair.a < pair.b and pair.groups.a and pair.groups.b for pair in cog.all_pairs)


def test_one_cog_has_the_values_of_the_ranking_and_what_stands_behind(store: Store) -> None:
    ranking: Any = ask(store, "cogs", {})
    for ranked in ranking.cogs:
        cog: Any = ask(store, "cog", {"node": ranked.node.id})
        assert cog.model_dump(exclude={"meta", "all_pairs"}) == ranked.model_dump()
    hub: Any = ask(store, "cog", {"node": "hub"})
    first = hub.all_pairs[0]
    assert (first.a, first.b, first.groups.a, first.groups.b) == ("council", "trust", ("public",), ("funder",))
    assert [one.id for one in first.relationships] == ["council-PARTNERS_WITH-hub", "hub-PARTNERS_WITH-trust"]
    assert hub.sentence == (
        "Hub joins 2 pairs of different groups; nobody else is in contact with both Council and Trust."
    )


def test_roles_and_companions(store: Store) -> None:
    """hub: council–trust and trust–firm, all of other sectors than hub: two liaisons. Its three ties of 0.6 of
    which council and firm are tied by 0.4; fragmentation: without hub all stay connected."""
    hub: Any = ask(store, "cog", {"node": "hub"})
    assert hub.roles.model_dump() == {
        "coordinator": 0, "consultant": 0, "gatekeeper": 0, "representative": 0, "liaison": 2
    }  # fmt: skip
    assert (hub.degree, hub.fragmentation, hub.evidence_share, hub.confirmed_share) == (3, 0.0, 1.0, 0.0)
    library: Any = ask(store, "cog", {"node": "library"})
    nothing = (library.constraint, library.effective_size, library.participation, library.evidence_share)
    assert nothing == (None, None, None, None)
    assert (library.degree, library.betweenness, library.fragmentation) == (0, 0.0, 0.0)
    firm: Any = ask(store, "cog", {"node": "firm"})
    # Seven others: without firm, college is cut off from five: of 15 connected pairs of the six others 5 are lost.
    assert firm.fragmentation == round(5 / 15, 9)


def test_without_groups_nobody_is_a_cog(store: Store) -> None:
    answer: Any = ask(store, "cogs", {"group_by": "colour", "limit": 3})
    assert [cog.score for cog in answer.cogs] == [0.0, 0.0, 0.0]
    assert any("No actor has a stated group" in note for note in answer.meta.notes)


@pytest.mark.parametrize(
    ("question", "values", "parameter"),
    [
        ("cogs", {"limit": 0}, "limit"),
        ("cogs", {"draws": 2_001}, "draws"),
        ("cogs", {"actors": ["theme"]}, "actors"),
        ("cogs", {"actors": ["elephant"]}, "actors"),
        ("cogs", {"half_life": 0}, "half_life"),
        ("cogs", {"half_life": "soon"}, "half_life"),
        ("cogs", {"seed": -1}, "seed"),
        ("cogs", {"group_by": ""}, "group_by"),
        ("cog", {}, "node"),
        ("cog", {"node": "festival"}, "node"),
        ("cog", {"node": "town"}, "node"),
    ],
)
def test_bad_input_names_the_parameter(store: Store, question: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(store, question, values)
    assert caught.value.details["parameter"] == parameter
