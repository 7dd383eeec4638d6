"""Amounts and dates as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from graph.model import days

Order = Literal["day/month/year", "month/day/year"]

MOST = 10**15
CURRENCIES = {"£": "GBP", "€": "EUR"}
AMOUNT = re.compile(
    r"(?P<open>\()?(?P<sign>[-−–+])?Â?(?P<before>£|€|GBP|EUR|USD)?(?P<second>[-−–+])?"
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?P<after>£|€|GBP|EUR|USD)?(?P<last>-|CR|DR)?(?P<close>\))?",
    re.IGNORECASE,
)
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000  # days of a spreadsheet: 1954 to 2064
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = r"(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?(?: ?[ap]m)?)?"
ISO = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})(?:[-/.]([0-9]{{1,2}}){TIME})?", re.IGNORECASE)
COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
NUMBERS = re.compile(rf"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}|[0-9]{{2}}){TIME}", re.IGNORECASE)
NAMED = re.compile(rf"(?:([0-9]{{1,2}})(?:st|nd|rd|th)?[-/ ]*)?([A-Za-z]{{3,9}})[-/, ]*([0-9]{{4}}|[0-9]{{2}}){TIME}")
MONTH = re.compile(r"([0-9]{1,2})[-/]([0-9]{4})")


class Unclear(Exception):
    """A value that cannot be understood; the text says why, and how to mend it."""


@lru_cache(maxsize=16_384)
def amount(text: str) -> tuple[int | float, str | None]:
    """A number and its currency, if there is a sign of one; brackets, `-` behind and `CR` mean less than nothing."""
    match = AMOUNT.fullmatch("".join(text.split()))
    signs = [match[part] for part in ("sign", "second", "last") if match[part]] if match else []
    if match is None or bool(match["open"]) != bool(match["close"]) or len(signs) + bool(match["open"]) > 1:
        raise Unclear(f"{text!r:.60} is not an amount. Write it as 1234.56, with - before it for a credit.")
    number = float(match["number"].replace(",", ""))
    if number > MOST:
        raise Unclear(f"{text!r:.60} is no amount of money. Give a number between -10^15 and 10^15.")
    negative = bool(match["open"]) or (signs != [] and signs[0].upper() not in ("+", "DR"))
    signed = -number if negative and number else number
    currency = (match["before"] or match["after"] or "").upper() or None
    return int(signed) if signed.is_integer() else signed, CURRENCIES.get(currency or "", currency)


@lru_cache(maxsize=16_384)
def day(text: str, order: Order = "day/month/year") -> str:
    """A date as YYYY-MM-DD, or a month as YYYY-MM; numbers in the order that the file shows."""
    found = _parts(text, order)
    if found is None:
        raise Unclear(f"{text!r:.60} is not a date. Write it as 2019-10-09.")
    try:
        days(found)
    except ValueError:
        raise Unclear(f"{text!r:.60} is not a date of the calendar. Look at its day and month.") from None
    return found


def _parts(text: str, order: Order) -> str | None:
    if match := ISO.fullmatch(text) or COMPACT.fullmatch(text):
        return _joined(match[1], match[2], match[3])
    if match := NUMBERS.fullmatch(text):
        first, second = (match[1], match[2]) if order == "day/month/year" else (match[2], match[1])
        return _joined(match[3], second, first)
    if match := MONTH.fullmatch(text):
        return _joined(match[2], match[1])
    if (match := NAMED.fullmatch(text)) and match[2][:3].lower() in MONTHS:
        return _joined(match[3], str(MONTHS.index(match[2][:3].lower()) + 1), match[1])
    if text.isdecimal() and len(text) == 5 and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
        return (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
    return None


def _joined(year: str, *rest: str | None) -> str:
    whole = year if len(year) == 4 else f"20{year}"
    return "-".join([whole, *(part.zfill(2) for part in rest if part)])


def order_of(texts: Iterable[str]) -> tuple[Order, str]:
    """What comes first in the dates of a table, and how that is known; no word where no date needs it."""
    pairs = [(int(match[1]), int(match[2])) for text in texts if (match := NUMBERS.fullmatch(text))]
    day_first, month_first = any(one > 12 for one, _ in pairs), any(two > 12 for _, two in pairs)
    order: Order = "month/day/year" if month_first and not day_first else "day/month/year"
    if not pairs:
        return order, ""
    return order, "as the file shows" if day_first != month_first else "as in Britain, for the file does not show it"
