"""The timeline of a network whose dates are counted by hand, and of random ones against a plain reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError, NotFound
from graph.model import Node, Relationship
from graph.queries import timeline
from graph.questions import ask
from graph.store import Store
from tests.graph.actor_reference import node, relationship
from tests.graph.asking import answer_on, stored

NODES = [
    node("council", start="1974-04-01"),
    node("firm", start="2019", end="2020-03"),
    node("paper", "publication", start="2019-10"),
    node("town", "place"),
]
RELATIONSHIPS = [
    relationship("council", "FUNDS", "firm", id="r1", start="2019", end="2019", amount=40000, currency="GBP"),
    relationship("council", "KNOWS", "firm", id="r2", end="2019-10-09"),
    relationship("firm", "LOCATED_IN", "town", id="r3"),
    relationship("council", "PARTNERS_WITH", "council", id="r4", start="2020-01"),
]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with stored(NODES, RELATIONSHIPS) as store:
        yield store


def told(answer: Any) -> list[tuple[str, str, str | None]]:
    return [(event.date, event.change, event.node or event.relationship) for event in answer.events]


def test_every_start_and_end_in_the_order_of_time(store: Store) -> None:
    answer: Any = ask(store, "timeline", {})
    assert [(event.date, event.sentence) for event in answer.events] == [
        ("1974-04-01", "council begins."),
        ("2019", "firm begins."),
        ("2019", "council funds firm, 2019, £40,000"),
        ("2019", "Ends: council funds firm, 2019, £40,000"),
        ("2019-10", "paper is published."),
        ("2019-10-09", "Ends: council knows firm, until 9 October 2019"),
        ("2020-01", "council works in partnership with council, since January 2020"),
        ("2020-03", "firm ends."),
    ]
    assert [(one.period, one.events) for one in answer.counts] == [("1974", 1), ("2019", 5), ("2020", 2)]
    assert answer.meta.notes == ("2 of 8 nodes and relationships have no date and are left out.",)
    assert answer.meta.cut is None


def test_by_month_a_mere_year_stays_a_year(store: Store) -> None:
    answer: Any = ask(store, "timeline", {"by": "month"})
    assert [(one.period, one.events) for one in answer.counts] == [
        ("1974-04", 1), ("2019", 3), ("2019-10", 2), ("2020-01", 1), ("2020-03", 1)
    ]  # fmt: skip


def test_of_one_node_are_its_own_dates_and_those_of_its_relationships(store: Store) -> None:
    answer: Any = ask(store, "timeline", {"node": "council"})
    assert told(answer) == [
        ("1974-04-01", "start", "council"),
        ("2019", "start", "r1"),
        ("2019", "end", "r1"),
        ("2019-10-09", "end", "r2"),
        ("2020-01", "start", "r4"),
    ]
    assert answer.meta.parameters["node"] == "council"
    assert answer.meta.notes == ()


def test_what_the_lens_hides_did_not_happen(store: Store) -> None:
    answer: Any = ask(store, "timeline", {"kind": ["publication"]})
    assert told(answer) == [("2019-10", "start", "paper")]
    undated: Any = ask(store, "timeline", {"kind": ["place"]})
    assert (undated.events, undated.counts) == ((), ())
    assert undated.meta.notes == ("None of the 1 nodes and relationships says when it began or ended.",)
    nothing: Any = ask(store, "timeline", {"kind": ["fund"]})
    assert nothing.meta.notes == ("Nothing is visible with this lens.",)


def test_a_long_timeline_is_cut_and_counted_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST_EVENTS", 3)
    answer: Any = ask(store, "timeline", {})
    assert [event.date for event in answer.events] == ["1974-04-01", "2019", "2019"]
    assert answer.meta.cut.model_dump() == {"limit": "events", "kept": 3, "of": 8}
    assert sum(one.events for one in answer.counts) == 8


@pytest.mark.parametrize(
    ("values", "error", "parameter"),
    [
        ({"by": "week"}, InputError, "by"),
        ({"node": "nowhere"}, NotFound, "node"),
        ({"since": "2020", "until": "2019"}, InputError, "since"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], error: type[InputError], parameter: str) -> None:
    with pytest.raises(error) as caught:
        ask(store, "timeline", values)
    assert caught.value.details["parameter"] == parameter


dates = st.sampled_from([None, None, "2018", "2019", "2019-06", "2019-06-15", "2020-02-29"])


@st.composite
def dated_networks(draw: st.DrawFn) -> tuple[list[Node], list[Relationship]]:
    ids = [f"n{place}" for place in range(draw(st.integers(0, 4)))]
    nodes = [node(id, start=draw(dates), end=draw(dates)) for id in ids]
    ends = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=5)) if ids else []
    made = [
        relationship(a, "KNOWS", b, id=f"r{place}", start=draw(dates), end=draw(dates))
        for place, (a, b) in enumerate(ends)
    ]
    return nodes, made


@settings(max_examples=200)
@given(dated_networks(), st.sampled_from(["year", "month"]), st.data())
def test_as_a_plain_reading_says(made: tuple[list[Node], list[Relationship]], by: str, data: st.DataObject) -> None:
    nodes, relationships = made
    about = data.draw(st.sampled_from([None, *(one.id for one in nodes)]))
    facts: list[Node | Relationship] = [one for one in nodes if about in (None, one.id)]
    facts += [one for one in relationships if about in (None, one.source, one.target)]
    expected = [(date, "start", one.id) for one in facts if (date := one.start)]
    expected += [(date, "end", one.id) for one in facts if (date := one.end)]
    answer = answer_on(nodes, relationships, "timeline", by=by, **({"node": about} if about else {}))
    assert sorted(told(answer)) == sorted(expected)
    assert [event.date for event in answer.events] == sorted(date for date, _, _ in expected)
    counted = Counter(date[: 4 if by == "year" else 7] for date, _, _ in expected)
    assert [(one.period, one.events) for one in answer.counts] == sorted(counted.items())
