"""Flows: on a network counted by hand, and against a plain reading of random ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError, NotFound
from graph.queries import flows
from graph.questions import ask
from graph.store import Store
from tests.graph.actor_reference import Network, node, relationship
from tests.graph.asking import answer_on, stored
from tests.graph.money_reference import PERIODS, counted, paying_networks, summed

# The dock is part of the town, the town of the shire as is the village; far is another town.
NODES = [
    *(node(id) for id in ("council", "baker", "builder", "farm", "giant", "nowhere", "ltd", "lost")),
    node("ann", "person"),
    *(node(id, "place") for id in ("town", "dock", "shire", "village", "far")),
]
PLACED = [
    ("council", "town"), ("baker", "town"), ("builder", "dock"), ("farm", "village"), ("giant", "far"), ("ltd", "dock")
]  # fmt: skip


def pays(target: str, id: str, amount: float | None, **more: object) -> Any:
    values = {"type": "PAYS", "source": "council", "amount": amount, "currency": "GBP", "start": "2013"} | more
    return relationship(str(values.pop("source")), str(values.pop("type")), target, id=id, **values)


RELATIONSHIPS = [
    *(relationship(id, "LOCATED_IN", place) for id, place in PLACED),
    *(relationship(a, "PART_OF", b) for a, b in [("dock", "town"), ("town", "shire"), ("village", "shire")]),
    relationship("ann", "WORKS_FOR", "baker"),
    pays("baker", "p01", 30),
    pays("builder", "p02", 15.5, start="2013-02"),
    pays("ann", "p03", 4.5, type="FUNDS", start="2013-12-31"),
    pays("farm", "p04", 100),
    pays("giant", "p05", 800),
    pays("giant", "p06", -50, start="2013-06"),
    pays("nowhere", "p07", 60),
    pays("council", "p08", 40, attributes={"redacted": True}),
    pays("baker", "p09", 7, currency="EUR"),
    pays("baker", "p10", 5, start="2014"),
    pays("giant", "p11", 20, start=None),
    pays("farm", "p12", None, start="2014"),
    pays("farm", "q1", 11, source="ltd", start="2014"),
    pays("builder", "q2", 3, source="lost", start="2014"),
]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with stored(NODES, RELATIONSHIPS) as store:
        yield store


def rows(answer: Any) -> list[tuple[Any, ...]]:
    fields = ("total", *flows.WHERE, "share_in_place")
    return [(one.period, one.currency, *(getattr(one, field) for field in fields)) for one in answer.periods]


def test_where_the_money_of_one_payer_goes(store: Store) -> None:
    answer: Any = ask(store, "flows", {"payer": "council"})
    assert rows(answer) == [
        ("2013", "EUR", 7, 7, 0, 0, 0, 0, 1),
        ("2013", "GBP", 1000, 50, 100, 750, 60, 40, 0.05),
        ("2014", "GBP", 5, 5, 0, 0, 0, 0, 1),
        (None, "GBP", 20, 0, 0, 20, 0, 0, 0),
    ]
    assert answer.periods[1].sentence == (
        "Council spent £1,000 in 2013, of which £50 (5%) stayed in the payer's own place; "
        "of £100 the place is not known."
    )
    assert [(one.node.id, one.payments, one.amounts, one.where) for one in answer.payees] == [
        ("giant", 3, {"GBP": 770}, ("elsewhere",)),
        ("farm", 2, {"GBP": 100}, ("in_area",)),
        ("nowhere", 1, {"GBP": 60}, ("unknown",)),
        ("baker", 3, {"EUR": 7, "GBP": 35}, ("in_place",)),
        ("builder", 1, {"GBP": 15.5}, ("in_place",)),
        ("ann", 1, {"GBP": 4.5}, ("in_place",)),
    ]
    assert answer.meta.notes == (
        "1 of 12 payments state no amount and are in no sum.",
        "Amounts are in EUR, GBP; they are never added up across currencies.",
    )


def test_of_a_place_is_the_money_of_all_in_it_seen_from_each(store: Store) -> None:
    answer: Any = ask(store, "flows", {"place": "town", "period": "2014"})
    # The dock is directly part of the town: for the firm there the farm of the next village is elsewhere.
    assert rows(answer) == [("2014", "GBP", 16, 5, 0, 11, 0, 0, 0.3125)]
    assert answer.periods[0].sentence == (
        "Those in town spent £16 in 2014, of which £5 (31.2%) stayed in the payer's own place."
    )
    assert answer.payees[0].where == ("in_area", "elsewhere")
    dock: Any = ask(store, "flows", {"place": "dock"})
    assert rows(dock) == [("2014", "GBP", 11, 0, 0, 11, 0, 0, 0)]
    assert dock.meta.parameters["place"] == "dock"


def test_a_payer_of_no_place_says_so(store: Store) -> None:
    answer: Any = ask(store, "flows", {"payer": "lost"})
    assert rows(answer) == [("2014", "GBP", 3, 0, 0, 0, 3, 0, 0)]
    assert answer.periods[0].sentence == "Lost spent £3 in 2014; in which place is not known."
    assert answer.meta.notes == ("No place is stated for lost, so nobody can tell what stays there.",)


def test_a_total_of_nothing_has_no_share() -> None:
    back = [pays("baker", "p1", 10), pays("baker", "p2", -10)]
    answer = answer_on(NODES, [*RELATIONSHIPS[:9], *back], "flows", payer="council")
    assert rows(answer) == [("2013", "GBP", 0, 0, 0, 0, 0, 0, None)]
    assert answer.periods[0].sentence == "Council spent £0 in 2013, after credits."
    assert answer.meta.notes == ("Where the total is 0 there is no share.",)


def test_without_money_it_says_so(store: Store) -> None:
    answer: Any = ask(store, "flows", {"payer": "farm", "period": "2013/2014"})
    assert (answer.periods, answer.payees) == ((), ())
    assert answer.meta.notes == ("No grant or payment of farm is recorded in 2013/2014 in this part of the network.",)
    far: Any = ask(store, "flows", {"place": "far"})
    assert far.meta.notes == ("No grant or payment of those in far is recorded in this part of the network.",)


def test_many_payees_are_cut_and_sums_are_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "MOST_PAYEES", 2)
    answer: Any = ask(store, "flows", {"payer": "council"})
    assert [one.node.id for one in answer.payees] == ["giant", "farm"]
    assert answer.meta.cut.model_dump() == {"limit": "payees", "kept": 2, "of": 6}
    assert answer.periods[1].total == 1000


@pytest.mark.parametrize(
    ("values", "error", "parameter"),
    [
        ({}, InputError, "payer"),
        ({"payer": "council", "place": "town"}, InputError, "place"),
        ({"payer": "town"}, InputError, "payer"),
        ({"payer": "nobody"}, NotFound, "payer"),
        ({"place": "council"}, NotFound, "place"),
        ({"payer": "council", "period": "2014/2013"}, InputError, "period"),
        ({"place": ["town", "dock"]}, InputError, "place"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], error: type[InputError], parameter: str) -> None:
    with pytest.raises(error) as caught:
        ask(store, "flows", values)
    assert caught.value.details["parameter"] == parameter


class Plain:
    """Where a payee is, by loops over the relationships."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.kinds = {one.id: one.kind for one in network.nodes}

    def targets(self, id: str, *types: str) -> set[str]:
        return {one.target for one in self.network.relationships if one.source == id and one.type in types}

    def places(self, id: str) -> set[str]:
        own = self.targets(id, "LOCATED_IN")
        if own or self.kinds[id] != "person":
            return own
        return {place for post in self.targets(id, "WORKS_FOR") for place in self.targets(post, "LOCATED_IN")}

    def inside(self, places: set[str]) -> set[str]:
        parts = {one for one in ("east", "west") if "region" in places and self.targets(one, "PART_OF")}
        return places | parts

    def where(self, payment: Any) -> str:
        if payment.attributes.get("redacted"):
            return "redacted"
        own, its = self.places(payment.source), self.places(payment.target)
        if not own or not its:
            return "unknown"
        if its & self.inside(own):
            return "in_place"
        wholes = {whole for place in own for whole in self.targets(place, "PART_OF")}
        return "in_area" if its & self.inside(wholes) else "elsewhere"


@settings(max_examples=200)
@given(paying_networks(), st.sampled_from(PERIODS), st.data())
def test_as_a_plain_reading_says(network: Network, period: str | None, data: st.DataObject) -> None:
    plain = Plain(network)
    who = data.draw(st.sampled_from([one.id for one in network.nodes if one.id != "food"]))
    by = "place" if plain.kinds[who] == "place" else "payer"
    paid = [
        one
        for one in counted(network, period, "FUNDS", "PAYS")
        if (one.source == who if by == "payer" else plain.places(one.source) & plain.inside({who}))
    ]
    values = {by: who} | ({"period": period} if period else {})
    answer = answer_on(network.nodes, network.relationships, "flows", **values)
    expected = []
    groups = defaultdict(list)
    for one in paid:
        groups[one.start[:4] if one.start else None].append(one)
    for year in sorted(groups, key=lambda year: (year is None, year)):
        parts = {name: summed(one for one in groups[year] if plain.where(one) == name) for name in flows.WHERE}
        for currency, total in summed(groups[year]).items():
            sums = [parts[name].get(currency, 0.0) for name in flows.WHERE]
            share = round(sums[0] / total, 9) if total else None
            expected.append((year, currency, total, *sums, share))
            assert total == pytest.approx(sum(sums), abs=1e-6)
    assert rows(answer) == expected
    payees = {one.target for one in paid if plain.where(one) != "redacted"}
    assert {one.node.id: (one.amounts, set(one.where)) for one in answer.payees} == {
        id: (
            summed(one for one in paid if one.target == id and plain.where(one) != "redacted"),
            {plain.where(one) for one in paid if one.target == id} - {"redacted"},
        )
        for id in payees
    }
