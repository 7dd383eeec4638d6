"""A relationship said as a sentence: “A funds B, 2019, £40,000”."""

from __future__ import annotations

import calendar
from functools import lru_cache

from graph.model import Relationship
from graph.vocabulary import Type, Vocabulary

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}


def sentence(relationship: Relationship, source: str, target: str, vocabulary: Vocabulary) -> str:
    """The relationship from its source to its target, with role, dates and amount where they are stated."""
    verb = verbs(relationship, vocabulary)[0]
    return ", ".join([f"{source} {verb} {target}{_role(relationship)}", *_rest(relationship)])


def sentence_back(relationship: Relationship, source: str, target: str, vocabulary: Vocabulary) -> str:
    """The same relationship told from its target: “B is funded by A, 2019, £40,000”."""
    verb = verbs(relationship, vocabulary)[1]
    return ", ".join([f"{target} {verb} {source}{_role(relationship)}", *_rest(relationship)])


def verbs(relationship: Relationship, vocabulary: Vocabulary) -> tuple[str, str]:
    """How it reads from its source and from its target; in the past where it is marked `former`."""
    row = vocabulary.types[relationship.type]
    if relationship.attributes.get("former") is True:
        return row.was or row.reads, row.was_back or row.reads_back
    return row.reads, row.reads_back


def heading(row: Type, *, outgoing: bool) -> str:
    """How a group of relationships reads from one side: “funds”, “is funded by”."""
    return row.reads if outgoing else row.reads_back


def money(amount: int | float, currency: str | None) -> str:
    """An amount as people write it: £40,000, €1,250.50, 300 CHF."""
    sign, number = ("−" if amount < 0 else ""), abs(amount)
    text = f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"
    symbol = SYMBOLS.get(currency or "")
    return f"{sign}{symbol}{text}" if symbol else f"{sign}{text} {currency or ''}".strip()


@lru_cache(maxsize=4_096)
def readable_date(partial: str) -> str:
    """A partial date as people write it: 2019, October 2019, 9 October 2019."""
    year, *rest = partial.split("-")
    words = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*words, *([calendar.month_name[int(rest[0])]] if rest else []), year])


def _role(relationship: Relationship) -> str:
    return f" ({relationship.role})" if relationship.role else ""


def _rest(relationship: Relationship) -> list[str]:
    parts = [when] if (when := _when(relationship)) else []
    if relationship.amount is not None:
        parts.append(money(relationship.amount, relationship.currency))
    return parts


def _when(relationship: Relationship) -> str:
    start, end = relationship.start, relationship.end
    if start and end:
        return readable_date(start) if start == end else f"{readable_date(start)} to {readable_date(end)}"
    if end:
        return f"until {readable_date(end)}"
    if start:
        return readable_date(start) if relationship.amount is not None else f"since {readable_date(start)}"
    return ""
