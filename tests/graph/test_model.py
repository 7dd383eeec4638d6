"""The model: canonical text, dates, and what it refuses. Expected values by hand from DESIGN.md section 5."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from graph.model import FIRST_DAY, LAST_DAY, Audience, Node, Relationship, Source, days, line, span

EVIDENCE = ({"source": "minutes"},)


def node(**values: object) -> Node:
    return Node.model_validate({"id": "a", "kind": "organisation", "name": "A", "evidence": EVIDENCE} | values)


def relationship(**values: object) -> Relationship:
    given = {"id": "r", "type": "FUNDS", "source": "a", "target": "b", "evidence": EVIDENCE} | values
    return Relationship.model_validate(given)


def test_a_line_has_the_keys_of_the_contract_in_order_and_no_empty_values() -> None:
    full = node(
        evidence=[{"quote": "q", "locator": "lines 3-4", "source": "minutes"}],
        attributes={"z": 1, "a": [True, None]},
        aliases=["B"],
        subkind="council",
        summary="",
        url=None,
        identifiers=[{"value": "1", "scheme": "GB-CHC"}],
    )
    assert line(full) == (
        '{"node":{"id":"a","kind":"organisation","subkind":"council","name":"A","aliases":["B"],'
        '"identifiers":[{"scheme":"GB-CHC","value":"1"}],"attributes":{"z":1,"a":[true,null]},'
        '"evidence":[{"source":"minutes","locator":"lines 3-4","quote":"q"}]}}'
    )
    assert line(relationship(amount=1500, inferred=True)) == (
        '{"relationship":{"id":"r","type":"FUNDS","source":"a","target":"b","amount":1500,"inferred":true,'
        '"evidence":[{"source":"minutes"}]}}'
    )
    assert line(Source(id="minutes", title="Minutes")) == '{"source":{"id":"minutes","title":"Minutes"}}'


@pytest.mark.parametrize("amount", [0, 15000, -3, 3239.34, 0.1])
def test_amounts_keep_their_form(amount: int | float) -> None:
    again = Relationship.model_validate_json(relationship(amount=amount).canonical())
    assert again.amount == amount
    assert type(again.amount) is type(amount)


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-10-09", date(2019, 10, 9), date(2019, 10, 9)),
    ],
)
def test_partial_dates_are_spans_of_days(partial: str, first: date, last: date) -> None:
    assert days(partial) == (first.toordinal(), last.toordinal())


def test_no_dates_means_always_and_only_a_start_means_still_going_on() -> None:
    assert span(None, None) == (FIRST_DAY, LAST_DAY)
    assert span("2019", None) == (date(2019, 1, 1).toordinal(), LAST_DAY)
    assert span(None, "2019-10") == (FIRST_DAY, date(2019, 10, 31).toordinal())


def test_recorded_day_is_the_newest_of_the_evidence() -> None:
    dated = node(evidence=[{"source": "x", "recorded_at": "2020"}, {"source": "x", "recorded_at": "2019-12-31"}])
    assert dated.recorded_day == date(2020, 1, 1).toordinal()
    assert node().recorded_day is None


@pytest.mark.parametrize(
    "values",
    [
        {"id": "A b"},
        {"id": "../x"},
        {"id": ""},
        {"id": "é"},
        {"kind": "9"},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 1_001},
        {"name": "a\x00b"},
        {"name": "\ud800"},
        {"sector": "private"},
        {"audience": "secret"},
        {"start": "2019-13"},
        {"start": "2019-02-30"},
        {"start": "19"},
        {"start": "2019-1-1"},
        {"start": "0000"},
        {"latitude": 91},
        {"longitude": float("nan")},
        {"evidence": []},
        {"evidence": [{"source": "minutes", "page": 3}]},
        {"identifiers": [{"scheme": "GB-CHC", "value": " "}]},
        {"colour": "blue"},
    ],
    ids=str,
)
def test_a_node_refuses(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        node(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"type": "FUNDS; DROP"},
        {"id": "a b"},
        {"amount": float("inf")},
        {"amount": 10**16},
        {"amount": "12"},
        {"currency": "pounds"},
        {"strength": 1.1},
        {"confidence": -0.1},
        {"inferred": "perhaps"},
        {"evidence": ()},
    ],
    ids=str,
)
def test_a_relationship_refuses(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        relationship(**values)


def test_levels_rise_from_public_to_private() -> None:
    assert [audience.level for audience in Audience] == [0, 1, 2, 3]
    assert node(audience="team").level == 2
    assert node().level == 0
