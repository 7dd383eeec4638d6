"""A portfolio: on a network counted by hand, and against a plain reading of random ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorOptions
from graph.errors import InputError, NotFound
from graph.model import days
from graph.queries import portfolio
from graph.questions import ask
from graph.store import Store
from tests.graph.actor_reference import Network, Reference, node, relationship
from tests.graph.asking import answer_on, stored
from tests.graph.money_reference import PERIODS, counted, paying_networks, summed, to_others

NODES = [
    *(node(id) for id in ("trust", "a", "b", "c", "d", "e", "lone")),
    node("ann", "person"),
    node("work", "project"),
    *(node(id, "place") for id in ("east", "west")),
    *(node(id, "theme") for id in ("food", "play")),
]


def funds(target: str, id: str, amount: float | None, **more: object) -> Any:
    values = {"amount": amount, "currency": "GBP", "start": "2019", "end": "2020"} | more
    return relationship("trust", "FUNDS", target, id=id, **values)


# trust funds a, b and ann; without it there are a–b, b–c, c–d, d–e, and ann–e. East is where a is, and ann by her post.
RELATIONSHIPS = [
    funds("a", "g1", 60),
    funds("a", "g2", 20, start="2021", end="2021"),
    funds("b", "g3", 20),
    funds("ann", "g4", None),
    funds("work", "g5", 1000),
    *(relationship(x, "KNOWS", y) for x, y in ("ab", "bc", "cd", "de")),
    relationship("ann", "WORKS_FOR", "e"),
    *(relationship(id, "LOCATED_IN", place) for id, place in [("a", "east"), ("a", "west"), ("c", "west")]),
    *(relationship(id, "LOCATED_IN", place) for id, place in [("d", "west"), ("e", "east"), ("lone", "east")]),
    *(relationship(id, "WORKS_ON", theme) for id, theme in [("a", "food"), ("c", "food"), ("c", "play")]),
    *(relationship(id, "WORKS_ON", theme) for id, theme in [("d", "play"), ("e", "play"), ("lone", "food")]),
]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with stored(NODES, RELATIONSHIPS) as store:
        yield store


def test_whom_the_grantees_reach(store: Store) -> None:
    answer: Any = ask(store, "portfolio", {"funder": "trust"})
    # a: a, b, c; b: also d; ann: ann, e, d.
    assert [(one.node.id, one.grants, one.amounts, one.reach, one.marginal_reach) for one in answer.grantees] == [
        ("a", 2, {"GBP": 80}, 3, 0), ("b", 1, {"GBP": 20}, 4, 0), ("ann", 1, {}, 3, 2)
    ]  # fmt: skip
    # Degrees 1, 2 and 1 of ten ends: 1 × 2/10 + 1 × 1/10 + 2 × 1/10.
    assert answer.ties_among.model_dump() == {"observed": 1, "expected": 0.5}
    assert answer.sentence == (
        "trust funds 3 actors with £100; without it they have 1 tie among themselves,"
        " where chance would make about 0.5."
    )
    assert answer.meta.notes == (
        "Without a date every fact counts whenever it held; 5 of them have a stated end.",
        "1 of 5 payments state no amount and are in no sum.",
        "1 grant to others than actors (organisation or person) is left out.",
    )


def test_how_the_money_is_spread(store: Store) -> None:
    answer: Any = ask(store, "portfolio", {"funder": "trust"})
    # 40 east, 40 west, 20 not stated; 80 food, 20 not stated.
    assert answer.concentration.model_dump() == {
        "place": {"GBP": {"hhi": 0.32, "not_stated": 0.2}},
        "theme": {"GBP": {"hhi": 0.64, "not_stated": 0.2}},
    }
    old: Any = ask(store, "portfolio", {"funder": "trust", "period": "2019", "kind": ["organisation"]})
    assert old.concentration.place["GBP"].model_dump() == {"hhi": 0, "not_stated": 1}
    assert "100% of the GBP went to grantees without a stated place, so `hhi` says little." in old.meta.notes


def test_cold_spots(store: Store) -> None:
    """East and food: a is funded, and lone has no tie. East and play: e is not funded, as ann has no theme of her own.
    West and food: a is funded. West and play: c and d."""
    answer: Any = ask(store, "portfolio", {"funder": "trust"})
    assert [(one.place, one.theme, one.actors) for one in answer.cold_spots] == [
        ("west", "play", ("c", "d")), ("east", "play", ("e",))
    ]  # fmt: skip
    assert answer.cold_spots[0].sentence == "Nobody is known to fund those in west who work on play: c and d."
    past: Any = ask(store, "portfolio", {"funder": "trust", "period": "2022"})
    assert [(one.place, one.theme, one.actors) for one in past.cold_spots] == [
        ("west", "food", ("a", "c")), ("west", "play", ("c", "d")), ("east", "food", ("a",)), ("east", "play", ("e",))
    ]  # fmt: skip
    # The grants run to the end of 2020, though none begins then.
    running: Any = ask(store, "portfolio", {"funder": "trust", "period": "2020-06"})
    assert (running.grantees, running.cold_spots) == ((), answer.cold_spots)


def test_exit_is_resilience_with_the_funder_leaving(store: Store) -> None:
    answer: Any = ask(store, "portfolio", {"funder": "trust"})
    leaving: Any = ask(store, "resilience", {"leavers": ["trust"]})
    assert answer.exit.model_dump() == leaving.model_dump(exclude={"meta"})
    assert answer.exit.sentence == "If trust left, all others who reach each other now still would."


def test_a_period_and_actors(store: Store) -> None:
    answer: Any = ask(store, "portfolio", {"funder": "trust", "period": "2021", "actors": ["organisation", "project"]})
    assert [(one.node.id, one.amounts) for one in answer.grantees] == [("a", {"GBP": 20})]
    assert answer.sentence == "trust funds 1 actor with £20."


def test_without_grants_it_says_so(store: Store) -> None:
    none: Any = ask(store, "portfolio", {"funder": "a"})
    assert (none.grantees, none.concentration.place, none.sentence) == ((), {}, "a funds no actor.")
    assert "No grant of a is recorded in this part of the network." in none.meta.notes
    assert none.cold_spots  # of the money of all
    hidden: Any = ask(store, "portfolio", {"funder": "trust", "type": ["KNOWS", "LOCATED_IN", "WORKS_ON"]})
    assert hidden.cold_spots == ()
    assert "No grant of anybody is recorded, so no spot can be called cold." in hidden.meta.notes


def test_long_lists_are_cut_and_it_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "MOST_SHOWN", 1)
    answer: Any = ask(store, "portfolio", {"funder": "trust"})
    assert (len(answer.grantees), len(answer.cold_spots), answer.ties_among.observed) == (1, 1, 1)
    assert answer.meta.cut.model_dump() == {"limit": "grantees", "kept": 1, "of": 3}
    assert answer.meta.notes[-1] == "Of cold_spots the first 1 of 2 are shown."


@pytest.mark.parametrize(
    ("values", "error", "parameter"),
    [
        ({}, InputError, "funder"),
        ({"funder": "nobody"}, NotFound, "funder"),
        ({"funder": "east"}, InputError, "funder"),
        ({"funder": "public"}, NotFound, "funder"),
        ({"funder": "trust", "period": "2020/2019"}, InputError, "period"),
        ({"funder": "trust", "actors": ["theme"]}, InputError, "actors"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], error: type[InputError], parameter: str) -> None:
    with pytest.raises(error) as caught:
        ask(store, "portfolio", values)
    assert caught.value.details["parameter"] == parameter


def targets(network: Network, id: str, type: str) -> set[str]:
    return {one.target for one in network.relationships if one.source == id and one.type == type}


def places(network: Network, id: str) -> set[str]:
    own = targets(network, id, "LOCATED_IN")
    if own or {one.id: one.kind for one in network.nodes}[id] != "person":
        return own
    return {place for post in targets(network, id, "WORKS_FOR") for place in targets(network, post, "LOCATED_IN")}


@settings(max_examples=200)
@given(paying_networks(), st.sampled_from(PERIODS), st.data())
def test_as_a_plain_reading_says(network: Network, period: str | None, data: st.DataObject) -> None:
    payers = [one.id for one in network.nodes if one.kind not in ("place", "theme")]
    if not payers:
        return
    funder = data.draw(st.sampled_from(payers))
    whole, without = (Reference(some, ActorOptions()) for some in (network, network.without([funder])))
    grants = [one for one in to_others(counted(network, period, "FUNDS")) if one.source == funder]
    grants = [one for one in grants if one.target in whole.actors]
    answer = answer_on(
        network.nodes, network.relationships, "portfolio", funder=funder, **({"period": period} if period else {})
    )
    grantees = {one.target for one in grants}
    within = {id: set(nx.single_source_shortest_path_length(without.graph, id, cutoff=2)) for id in grantees}
    expected = {}
    for id in grantees:
        others = set().union(*(some for other, some in within.items() if other != id))
        amounts = summed(one for one in grants if one.target == id)
        expected[id] = amounts, len(within[id]), len(set().union(*within.values()) - others)
    found = {one.node.id: (one.amounts, one.reach, one.marginal_reach) for one in answer.grantees}
    assert found == expected
    assert answer.ties_among.observed == without.graph.subgraph(grantees).number_of_edges()
    for currency, total in summed(grants).items():
        shares: dict[str | None, float] = defaultdict(float)
        for one in grants:
            if one.amount is not None and one.currency == currency:
                its: list[str | None] = [*places(network, one.target)]
                for place in its or [None]:
                    shares[place] += one.amount / max(1, len(its))
        spread = answer.concentration.place[currency]
        if total <= 0:
            assert (spread.hhi, spread.not_stated) == (None, None)
        else:
            squares = sum((share / total) ** 2 for place, share in shares.items() if place)
            assert spread.hhi == pytest.approx(squares, abs=1e-8)
            assert spread.not_stated == pytest.approx(shares[None] / total, abs=1e-8)
    assert {(one.place, one.theme): list(one.actors) for one in answer.cold_spots} == cold(network, whole, period)


def cold(network: Network, whole: Reference, period: str | None) -> dict[tuple[str, str], list[str]]:
    funded = {one.target for one in running(network, period)}
    spots = defaultdict(list)
    for id in whole.actors:
        for place in places(network, id) if whole.graph.degree[id] else ():
            for theme in targets(network, id, "WORKS_ON"):
                spots[place, theme].append(id)
    if not to_others(one for one in network.relationships if one.type == "FUNDS"):
        return {}
    return {spot: ids for spot, ids in spots.items() if not funded & set(ids)}


def running(network: Network, period: str | None) -> list[Any]:
    """Grants to others whose interval overlaps the period; these have no end."""
    grants = to_others(one for one in network.relationships if one.type == "FUNDS")
    return [one for one in grants if period is None or one.days[0] <= days(period.split("/")[-1])[1]]
