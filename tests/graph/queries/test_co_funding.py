"""Co-funding: on a network counted by hand, and against a plain reading of random ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError, NotFound
from graph.queries import co_funding
from graph.questions import ask
from graph.store import Store
from tests.graph.actor_reference import Network, node, relationship
from tests.graph.asking import answer_on, stored
from tests.graph.money_reference import PERIODS, counted, paying_networks, summed, to_others


def grant(source: str, target: str, id: str, amount: float | None = None, **more: object) -> Any:
    money = {"amount": amount, "currency": None if amount is None else "GBP"}
    return relationship(source, "FUNDS", target, id=id, **{**money, **more})


# lottery funds x, y, z and hub; trust funds x, y and (in euros) w; hub, which lottery funds, funds w and trust.
NODES = [*(node(id) for id in ("hub", "lottery", "trust", "w", "x")), node("y", "project"), node("z", "publication")]
GRANTS = [
    grant("lottery", "x", "g1", 100, start="2018"),
    grant("lottery", "x", "g2", 50.5, start="2019-05"),
    grant("lottery", "y", "g3", start="2019"),
    grant("lottery", "z", "g4", 10),
    grant("lottery", "hub", "g5", 500, start="2019"),
    grant("trust", "x", "g6", 7, start="2019"),
    grant("trust", "x", "g7", -2, start="2020"),
    grant("trust", "y", "g8", 3, currency="EUR"),
    grant("trust", "w", "g9", 1000, currency=None),
    grant("hub", "w", "h1", 20, start="2019-06"),
    grant("hub", "trust", "h2", 30, start="2021"),
    grant("lottery", "lottery", "h3", 999, start="2019", attributes={"redacted": True}),
]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with stored(NODES, GRANTS) as store:
        yield store


def test_pairs_recipients_and_chains(store: Store) -> None:
    answer: Any = ask(store, "co_funding", {})
    both, other = answer.pairs
    assert (both.a, both.b, both.in_common) == ("lottery", "trust", ("x", "y"))
    assert both.jaccard == 0.4  # x and y of hub, w, x, y, z
    assert both.amounts.model_dump() == {"a": {"GBP": 150.5}, "b": {"EUR": 3.0, "GBP": 5.0}}
    assert both.sentence == "lottery and trust both fund x and y, of 5 that either of them funds."
    assert (other.a, other.b, other.in_common, other.jaccard) == ("hub", "trust", ("w",), 0.25)
    assert other.amounts.model_dump() == {"a": {"GBP": 20.0}, "b": {}}
    assert [(one.node.id, one.funders) for one in answer.recipients] == [
        ("w", ("hub", "trust")), ("x", ("lottery", "trust")), ("y", ("lottery", "trust")),
    ]  # fmt: skip
    assert [tuple(one.id for one in chain.nodes) for chain in answer.chains] == [
        ("hub", "trust", "w"), ("hub", "trust", "x"), ("hub", "trust", "y"),
        ("lottery", "hub", "trust"), ("lottery", "hub", "w"),
    ]  # fmt: skip
    assert answer.chains[-1].sentence == "lottery funds hub, which funds w."
    assert answer.meta.notes == (
        "1 of 12 payments state no amount and are in no sum.",
        "1 of 12 payments state an amount but no currency and are in no sum.",
        "Amounts are in EUR, GBP; they are never added up across currencies.",
    )


def test_of_one_funder_is_what_it_takes_part_in(store: Store) -> None:
    answer: Any = ask(store, "co_funding", {"funder": "hub"})
    assert [(pair.a, pair.b) for pair in answer.pairs] == [("hub", "trust")]
    assert [one.node.id for one in answer.recipients] == ["w"]
    assert len(answer.chains) == 5
    lottery: Any = ask(store, "co_funding", {"funder": "lottery"})
    assert [(pair.a, pair.b) for pair in lottery.pairs] == [("lottery", "trust")]
    assert [tuple(one.id for one in chain.nodes)[2] for chain in lottery.chains] == ["trust", "w"]


def test_a_period_counts_by_the_start(store: Store) -> None:
    answer: Any = ask(store, "co_funding", {"period": "2019-05/2019-12"})
    (pair,) = answer.pairs
    # A start of 2019 may lie in it; the grants of 2018 and 2020 and those without a date do not.
    assert pair.amounts.model_dump() == {"a": {"GBP": 50.5}, "b": {"GBP": 7.0}}
    assert (pair.in_common, pair.jaccard) == (("x",), round(1 / 3, 9))
    assert pair.sentence == "lottery and trust both fund x, of 3 that either of them funds."
    assert [chain.sentence for chain in answer.chains] == ["lottery funds hub, which funds w."]


def test_two_who_fund_nothing_but_the_same() -> None:
    made = [grant("lottery", "x", "g1"), grant("trust", "x", "g2")]
    (pair,) = answer_on(NODES, made, "co_funding").pairs
    assert (pair.jaccard, pair.sentence) == (1.0, "lottery and trust both fund x, and nothing else.")


def test_without_grants_it_says_so(store: Store) -> None:
    empty: Any = ask(store, "co_funding", {"period": "1999"})
    assert (empty.pairs, empty.recipients, empty.chains) == ((), (), ())
    assert empty.meta.notes == ("No grant is recorded in 1999 in this part of the network.",)
    hidden: Any = ask(store, "co_funding", {"type": ["KNOWS"]})
    assert hidden.meta.notes == ("No grant is recorded in this part of the network.",)
    none: Any = ask(store, "co_funding", {"funder": "x"})
    assert none.pairs == ()
    assert none.meta.notes[-1] == "x gives no grant here."


def test_many_are_cut_and_it_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(co_funding, "MOST_SHOWN", 1)
    answer: Any = ask(store, "co_funding", {})
    assert (len(answer.pairs), len(answer.recipients), len(answer.chains)) == (1, 1, 1)
    assert answer.meta.cut.model_dump() == {"limit": "pairs", "kept": 1, "of": 2}
    assert answer.meta.notes[-2:] == (
        "Of recipients the first 1 of 3 are shown.",
        "Of chains the first 1 of 5 are shown.",
    )


@pytest.mark.parametrize(
    ("values", "error", "parameter"),
    [
        ({"funder": "nobody"}, NotFound, "funder"),
        ({"period": "2020/2019"}, InputError, "period"),
        ({"period": "soon"}, InputError, "period"),
        ({"period": ""}, InputError, "period"),
        ({"period": "2019/"}, InputError, "period"),
        ({"period": "2018/2019/2020"}, InputError, "period"),
        ({"period": "2019-02-30"}, InputError, "period"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], error: type[InputError], parameter: str) -> None:
    with pytest.raises(error) as caught:
        ask(store, "co_funding", values)
    assert caught.value.details["parameter"] == parameter


@settings(max_examples=200)
@given(paying_networks(types=("FUNDS",)), st.sampled_from(PERIODS), st.data())
def test_as_a_plain_reading_says(network: Network, period: str | None, data: st.DataObject) -> None:
    ids = sorted(one.id for one in network.nodes if one.kind not in ("place", "theme"))
    funder = data.draw(st.sampled_from([None, *ids]))
    grants = to_others(counted(network, period, "FUNDS"))
    funded = {id: {one.target for one in grants if one.source == id} for id in ids}
    values = {name: value for name, value in (("funder", funder), ("period", period)) if value is not None}
    answer = answer_on(network.nodes, network.relationships, "co_funding", **values)
    pairs = {}
    for a, b in combinations(ids, 2):
        if (common := funded[a] & funded[b]) and funder in (None, a, b):
            given_by = [summed(one for one in grants if one.source == by and one.target in common) for by in (a, b)]
            pairs[a, b] = sorted(common), round(len(common) / len(funded[a] | funded[b]), 9), *given_by
    assert {
        (one.a, one.b): (list(one.in_common), one.jaccard, one.amounts.a, one.amounts.b) for one in answer.pairs
    } == pairs
    order = [(-len(one.in_common), -one.jaccard, one.a, one.b) for one in answer.pairs]
    assert order == sorted(order)
    funders = {id: [by for by in ids if id in funded[by]] for id in ids}
    assert {one.node.id: list(one.funders) for one in answer.recipients} == {
        id: some for id, some in funders.items() if len(some) > 1 and (funder is None or funder in some)
    }
    assert [tuple(one.id for one in chain.nodes) for chain in answer.chains] == [
        (a, b, c) for a, b, c in permutations(ids, 3) if b in funded[a] and c in funded[b] and funder in (None, a, b, c)
    ]
