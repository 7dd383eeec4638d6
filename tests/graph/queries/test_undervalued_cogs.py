"""Undervalued cogs: on a network counted by hand, and against a plain reading of random ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from math import prod, sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorOptions
from graph.errors import InputError
from graph.questions import ask
from graph.store import Store
from tests.graph.actor_reference import Network, Reference, node, relationship
from tests.graph.asking import answer_on, stored
from tests.graph.money_reference import PERIODS, counted, paying_networks, summed, to_others

# hub joins council and firm, who are not tied: 0.5. link joins council and bank, as hub does not: 0.5. shed, nook,
# idle and ann (community by her post at shed) join nobody. Of the peers hub, link, shed, nook, idle two score 0.5.
NODES = [
    node("council", sector="public"),
    node("firm", sector="business"),
    node("bank", sector="business"),
    node("trust", sector="funder"),
    *(node(id, sector="community") for id in ("hub", "idle", "link", "nook", "shed")),
    node("ann", "person"),
]
TIES = [
    relationship("hub", "KNOWS", "council"),
    relationship("hub", "KNOWS", "firm"),
    relationship("link", "KNOWS", "council"),
    relationship("link", "KNOWS", "bank"),
    relationship("ann", "WORKS_FOR", "shed"),
]


def funds(target: str, id: str, amount: float | None, **more: object) -> Any:
    """A grant that makes no tie."""
    values = {"amount": amount, "currency": "GBP", "start": "2019", "strength": 0} | more
    return relationship("trust", "FUNDS", target, id=id, **values)


MONEY = [
    funds("hub", "m1", 100),
    funds("hub", "m2", 20, currency="EUR"),
    funds("shed", "m3", None),
    funds("nook", "m4", 300, start="2018"),
    funds("nook", "m5", -100),
    funds("idle", "m6", 0),
    funds("council", "m7", 5),
]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with stored(NODES, [*TIES, *MONEY]) as store:
        yield store


def told(answer: Any) -> list[tuple[Any, ...]]:
    fields = ("score", "score_percentile", "funding", "funding_percentile", "difference", "funding_known")
    return [(one.node.id, *(getattr(one, field) for field in fields)) for one in answer.cogs]


def test_peers_by_score_and_by_funding(store: Store) -> None:
    answer: Any = ask(store, "undervalued_cogs", {})
    # By score two of five are equal above three equal: (0 + 1.5)/5 and (3 + 1)/5. By funding shed, idle and link
    # have 0: (0 + 1.5)/5; hub 100: (3 + 0.5)/5; nook 200: (4 + 0.5)/5. ann is alone of her kind: 50 and 50.
    assert told(answer) == [
        ("link", 0.5, 80, {}, 30, 50, "none recorded"),
        ("ann", 0, 50, {}, 50, 0, "none recorded"),
        ("hub", 0.5, 80, {"EUR": 20, "GBP": 100}, 70, 10, "recorded"),
        ("idle", 0, 30, {"GBP": 0}, 30, 0, "zero"),
        ("shed", 0, 30, {}, 30, 0, "amount missing"),
        ("nook", 0, 30, {"GBP": 200}, 90, -60, "recorded"),
    ]
    assert [one.sentence for one in answer.cogs[::2]] == [
        "link stands at 80 of 100 among its peers as a cog of connection, and no funding of it is recorded.",
        "hub stands at 80 of 100 among its peers as a cog of connection, "
        "and stands at 70 of 100 by funding, with £100.",
        "shed joins no two of different groups here, and the amount of its funding is not stated.",
    ]
    assert answer.meta.notes == (
        "1 of 7 payments state no amount and are in no sum.",
        "Amounts are in EUR, GBP; they are never added up across currencies.",
        "Funding is compared in GBP, the currency of most payments; the others are shown only.",
        "4 of 6 peers join no two of different groups: they are no cogs of connection.",
        "None recorded means that no source here says so; it does not mean that nothing was received.",
    )


def test_a_period_and_a_limit(store: Store) -> None:
    answer: Any = ask(store, "undervalued_cogs", {"period": "2018", "limit": 4})
    assert [(row[0], row[3], row[6]) for row in told(answer)] == [
        ("hub", {}, "none recorded"), ("link", {}, "none recorded"), ("ann", {}, "none recorded"),
        ("idle", {}, "none recorded"),
    ]  # fmt: skip
    assert answer.meta.cut is None


def test_any_sector_and_a_sector_of_nobody(store: Store) -> None:
    answer: Any = ask(store, "undervalued_cogs", {"peer_sector": "any"})
    assert len(answer.cogs) == len(NODES)
    nobody: Any = ask(store, "undervalued_cogs", {"peer_sector": "media"})
    assert nobody.cogs == ()
    assert nobody.meta.notes[-1] == "No actor is of the sector 'media'."


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ({"period": "1999"}, "No funding of any actor is recorded in 1999 in this part of the network."),
        ({"type": ["KNOWS"]}, "No funding of any actor is recorded in this part of the network."),
        ({"sector": ["funder"]}, "No funding of any actor is recorded in this part of the network."),
    ],
)
def test_without_any_funding_it_says_so_and_does_not_rank(store: Store, values: dict[str, Any], note: str) -> None:
    answer: Any = ask(store, "undervalued_cogs", values)
    assert answer.cogs == ()
    assert answer.meta.notes[-2:] == (
        note,
        "No amount of funding is recorded, so nobody can be called undervalued: nothing is ranked.",
    )


def test_money_to_itself_or_to_others_than_actors_is_no_funding() -> None:
    """A withheld payee is kept as a payment to itself; a project is no actor."""
    made = [
        relationship("hub", "PAYS", "hub", id="m1", amount=5, currency="GBP", attributes={"redacted": True}),
        relationship("trust", "FUNDS", "work", id="m2", amount=5, currency="GBP"),
    ]
    answer = answer_on([*NODES, node("work", "project")], [*TIES, *made], "undervalued_cogs")
    assert answer.cogs == ()


@pytest.mark.parametrize(
    ("values", "parameter"),
    [
        ({"peer_sector": "charity"}, "peer_sector"),
        ({"peer_sector": ""}, "peer_sector"),
        ({"limit": 0}, "limit"),
        ({"period": "2020/2019"}, "period"),
        ({"actors": ["place"]}, "actors"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(store, "undervalued_cogs", values)
    assert caught.value.details["parameter"] == parameter


@settings(max_examples=200)
@given(paying_networks(), st.sampled_from(PERIODS), st.sampled_from(["any", "public", "community"]))
def test_as_a_plain_reading_says(network: Network, period: str | None, sector: str) -> None:
    reference = Reference(network, ActorOptions())
    money = [one for one in to_others(counted(network, period, "FUNDS", "PAYS")) if one.target in reference.actors]
    values = {"peer_sector": sector, "limit": 500} | ({"period": period} if period else {})
    answer = answer_on(network.nodes, network.relationships, "undervalued_cogs", **values)
    currencies = Counter(one.currency for one in money if one.amount is not None and one.currency)
    if not currencies:
        assert answer.cogs == ()
        return
    main = min(currencies, key=lambda code: (-currencies[code], code))
    expected = []
    for kind in ("organisation", "person"):
        peers = [id for id in reference.actors if reference.kind[id] == kind]
        peers = [id for id in peers if sector == "any" or sector in reference.groups(id)]
        funding = {id: summed(one for one in money if one.target == id) for id in peers}
        for id in peers:
            scores = [reference.cog_score(id), *(reference.cog_score(other) for other in peers)]
            sums = [funding[one].get(main, 0.0) for one in (id, *peers)]
            ours = [100 * (sum(v < some[0] for v in some[1:]) + some[1:].count(some[0]) / 2) / len(peers)
                    for some in (scores, sums)]  # fmt: skip
            recorded = [one for one in money if one.target == id]
            known = "none recorded" if not recorded else "recorded" if any(funding[id].values()) else "zero"
            if recorded and not funding[id]:
                known = "amount missing"
            expected.append((id, known, funding[id], round(ours[0], 9), round(ours[1], 9)))
    found = [(one.node.id, one.funding_known, one.funding, one.score_percentile, one.funding_percentile)
             for one in answer.cogs]  # fmt: skip
    assert sorted(found, key=str) == sorted(expected, key=str)
    order = [(one.funding_known != "none recorded", -one.difference, one.node.id) for one in answer.cogs]
    assert order == sorted(order)


UNSURE = [("hub", "council", 0.5), ("link", "bank", 0.25), ("hub", "firm", 0.75)]


def test_certainty_is_that_of_all_networks_that_could_be_true() -> None:
    """Each of the eight networks asked by itself, weighted by how likely it is, against 2,000 draws."""
    sure = [relationship("link", "KNOWS", "council"), *MONEY]
    draws, limit = 2_000, 3
    unsure = [relationship(one, "KNOWS", other, confidence=chance) for one, other, chance in UNSURE]
    found = answer_on(NODES, [*sure, *unsure], "undervalued_cogs", draws=draws, limit=limit)
    likely: dict[str, Counter[int]] = {}
    for kept in product((False, True), repeat=len(UNSURE)):
        ties = [tie for tie, there in zip(unsure, kept, strict=True) if there]
        weight = prod(chance if there else 1 - chance for (_, _, chance), there in zip(UNSURE, kept, strict=True))
        for one in answer_on(NODES, [*sure, *ties], "undervalued_cogs", draws=0, limit=500).cogs:
            assert one.certainty is None
            likely.setdefault(one.node.id, Counter())[one.rank] += weight  # type: ignore[assignment]
    for one in found.cogs:
        chances = likely[one.node.id]
        in_top = sum(chance for rank, chance in chances.items() if rank <= limit)
        assert abs(one.certainty.in_top - in_top) < 5 * 0.5 / sqrt(draws)
        below, ranks = 0.0, []
        for rank in sorted(chances):
            ranks += [rank] if below + chances[rank] > 0.05 and below < 0.95 else []
            below += chances[rank]
        assert (one.certainty.low, one.certainty.high) == (ranks[0], ranks[-1])


def test_an_order_that_is_not_clear_is_said() -> None:
    """Twenty of whom no funding is recorded join council and firm, each as surely as the others."""
    twenty = [f"hub{number:02}" for number in range(20)]
    nodes = [*NODES, *(node(id, sector="community") for id in twenty)]
    ties = [relationship(id, "KNOWS", other, confidence=0.5) for id in twenty for other in ("council", "firm")]
    answer = answer_on(nodes, [*ties, *MONEY], "undervalued_cogs")
    assert answer.clear_order is False
    assert any(note.startswith("There is no clear order: the first may as well") for note in answer.meta.notes)
    assert [one.rank for one in answer.cogs[:20]] == [1] * 20
    clear = answer_on(NODES, [*TIES, *MONEY], "undervalued_cogs")
    assert clear.clear_order is True
    assert [(one.rank, one.certainty.low, one.certainty.high) for one in clear.cogs] == [
        (rank, rank, rank) for rank in (1, 2, 3, 4, 4, 6)
    ]
