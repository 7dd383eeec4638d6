"""Who would lose whom, on the network of `conftest.py`; expected values by hand (the ties are in test_connectors.py).

ann, bob, trust, hub and council make a ring; firm is tied to council and hub, college to firm alone; library is alone.
"""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import InputError, NotFound
from graph.questions import ask
from graph.store import Store

SECTORS = ["academia", "business", "community", "funder", "public"]


def resilience(store: Store, *leavers: str, **values: Any) -> Any:
    return ask(store, "resilience", {"leavers": leavers, **values})


def ids(nodes: Any) -> list[str]:
    return [one.id for one in nodes]


def pairs(found: Any) -> list[tuple[str, str]]:
    return [(one.a, one.b) for one in found]


def test_each_alone(store: Store) -> None:
    """Only firm holds somebody: without it college loses ann, bob, council, hub and trust, 5 of 15 pairs."""
    answer = resilience(store)
    assert [(one.node.id, one.fragmentation) for one in answer.each] == [
        ("firm", round(5 / 15, 9)),
        *((id, 0.0) for id in ("ann", "bob", "college", "council", "hub", "library", "trust")),
    ]
    assert (answer.fragmentation, answer.lost_pairs, answer.isolated) == (None, (), ())
    assert ids(answer.articulation) == ["firm"]
    assert pairs(answer.bridge_ties) == [("college", "firm")]
    assert answer.sentence == "If Firm left, 33% of the connected pairs of others would no longer reach each other."


def test_what_organisations_reach_through_one_person(store: Store) -> None:
    """With carriers council and trust are tied by ann and bob's acquaintance, and each is tied to the other's person.

    council has the outside partners bob (by ann), firm, hub and trust (by ann): 2 of 4. trust has ann (by bob),
    council (by bob) and hub: 2 of 3. The same whoever leaves.
    """
    for answer in (resilience(store), resilience(store, "hub")):
        told = [
            (one.organisation.id, one.share, [(some.person.id, some.partners) for some in one.through])
            for one in answer.carried
        ]
        assert told == [
            ("trust", round(2 / 3, 9), [("bob", ("ann", "council"))]),
            ("council", 0.5, [("ann", ("bob", "trust"))]),
        ]
        assert ids(answer.articulation) == ["firm"]
        assert pairs(answer.bridge_ties) == [("college", "firm")]


@pytest.mark.parametrize(
    ("leavers", "share", "lost", "isolated", "sentence"),
    [
        (["firm"], 5 / 15, [("ann", "college"), ("bob", "college"), ("college", "council"), ("college", "hub"),
                            ("college", "trust")], ["college"],
         "If Firm left, 5 pairs of others (33%) would no longer reach each other, and College would have no tie left."),
        (["ann"], 0, [], [], "If Ann left, all others who reach each other now still would."),
        # Without hub and ann there are bob–trust and council–firm–college: 6 of 10 pairs of the five are lost.
        (["Hub", "ann"], 6 / 10, [("bob", "college"), ("bob", "council"), ("bob", "firm"), ("college", "trust"),
                                  ("council", "trust"), ("firm", "trust")], [],
         "If Ann and Hub left, 6 pairs of others (60%) would no longer reach each other."),
        # The festival is no actor, but council and firm are still joined by hub.
        (["festival"], 0, [], [], "If Festival left, all others who reach each other now still would."),
        # With the festival and the hub gone firm and college lose the rest: 2 × 4 of 15 pairs.
        (["festival", "hub"], 8 / 15, [("ann", "college"), ("ann", "firm"), ("bob", "college"), ("bob", "firm"),
                                       ("college", "council"), ("college", "trust"), ("council", "firm"),
                                       ("firm", "trust")], [],
         "If Festival and Hub left, 8 pairs of others (53%) would no longer reach each other."),
        # The part of town stands for firm.
        (["mill"], 5 / 15, None, ["college"], None),
        # The sector stands for council, library and, by her post, ann: no pair of those who stay is lost.
        (["public"], 0, [], [], "If Ann, Council and Library left, all others who reach each other now still would."),
        # Everybody but college and library: two who were never connected.
        (["public", "hub", "funder", "firm"], None, [], ["college"],
         "No two of those who would stay without Ann, Bob, Council and 4 others are connected now, so there is nothing"
         " to lose."),
        (SECTORS, None, [], [], "If Ann, Bob, College and 5 others left, no actor would stay."),
    ],
)  # fmt: skip
def test_leaving_together(
    store: Store,
    leavers: list[str],
    share: float | None,
    lost: list[tuple[str, str]] | None,
    isolated: list[str],
    sentence: str | None,
) -> None:
    answer = resilience(store, *leavers)
    assert answer.fragmentation == (None if share is None else round(share, 9))
    assert answer.each == ()
    assert lost is None or pairs(answer.lost_pairs) == lost
    assert ids(answer.isolated) == isolated
    assert sentence is None or answer.sentence == sentence


def test_without_ties(store: Store) -> None:
    answer = resilience(store, type=["LOCATED_IN"])
    assert {one.fragmentation for one in answer.each} == {None}
    assert ids(one.node for one in answer.each) == sorted(ids(one.node for one in answer.each))
    assert answer.sentence == "No two actors are connected now, so there is nothing to lose."
    ring = resilience(store, kind=["organisation"], type=["PARTNERS_WITH", "KNOWS"], sector=["business", "academia"])
    assert ring.sentence == "Whoever left, all others who reach each other now still would."
    assert resilience(store, "college", actors=["fund"]).fragmentation is None


def test_leavers_that_stand_for_nobody(store: Store) -> None:
    answer = resilience(store, "media")
    assert (answer.fragmentation, answer.each, answer.isolated) == (0.0, (), ())
    assert "The leavers stand for no actor, so nothing is lost." in answer.meta.notes


def test_the_parameters_are_told_as_understood(store: Store) -> None:
    answer = resilience(store, "Hub", "hub", "Public", "town")
    assert answer.meta.parameters["leavers"] == ["hub", "public", "town"]


@pytest.mark.parametrize(
    ("leavers", "error", "says"),
    [(["nobody"], NotFound, "nobody"), (["hub"] * 101, InputError, "leavers"), ([""], InputError, "leavers")],
)
def test_bad_input(store: Store, leavers: list[str], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        resilience(store, *leavers)
