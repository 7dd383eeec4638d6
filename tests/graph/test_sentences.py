"""Relationships said as sentences; expected words by hand."""

from __future__ import annotations

from typing import Any

import pytest

from graph.model import Relationship
from graph.sentences import money, readable_date, sentence, sentence_back
from graph.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def told(type: str, **values: Any) -> tuple[str, str]:
    given = {"id": "r", "type": type, "source": "a", "target": "b", "evidence": [{"source": "s"}], **values}
    relationship = Relationship.model_validate(given)
    return sentence(relationship, "A", "B", VOCABULARY), sentence_back(relationship, "A", "B", VOCABULARY)


@pytest.mark.parametrize(
    ("type", "values", "there", "back"),
    [
        (
            "FUNDS",
            {"start": "2019", "amount": 40000, "currency": "GBP"},
            "A funds B, 2019, £40,000",
            "B is funded by A, 2019, £40,000",
        ),
        ("WORKS_FOR", {"start": "2019-10"}, "A works for B, since October 2019", "B employs A, since October 2019"),
        ("LEADS", {"role": "Director"}, "A leads B (Director)", "B is led by A (Director)"),
        # What is over is told in the past.
        (
            "LEADS",
            {"role": "former CEO", "attributes": {"former": True}},
            "A led B (former CEO)",
            "B was led by A (former CEO)",
        ),
        ("WORKS_FOR", {"attributes": {"former": True}}, "A worked for B", "B employed A"),
        ("GOVERNS", {"attributes": {"former": False}}, "A helps to govern B", "B is governed by A"),
        (
            "PARTNERS_WITH",
            {"start": "2019", "end": "2019"},
            "A works in partnership with B, 2019",
            "B works in partnership with A, 2019",
        ),
        ("SUPPORTS", {"end": "2020"}, "A supports B, until 2020", "B is supported by A, until 2020"),
        (
            "TOOK_PART_IN",
            {"start": "2019", "end": "2020-01-02"},
            "A took part in B, 2019 to 2 January 2020",
            "B was attended by A, 2019 to 2 January 2020",
        ),
    ],
)
def test_sentences(type: str, values: dict[str, Any], there: str, back: str) -> None:
    assert told(type, **values) == (there, back)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (40000, "GBP", "£40,000"),
        (1250.5, "EUR", "€1,250.50"),
        (300, "CHF", "300 CHF"),
        (-5, "GBP", "−£5"),
        (7, None, "7"),
    ],
)
def test_money(amount: float, currency: str | None, words: str) -> None:
    assert money(amount, currency) == words


def test_dates() -> None:
    dates = ["2019", "2019-10", "2019-10-09"]
    assert [readable_date(date) for date in dates] == ["2019", "October 2019", "9 October 2019"]
