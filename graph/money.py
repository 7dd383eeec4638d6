"""Money in the network: who gave or paid how much to whom, and when.

A payment is one relationship of a type in `MONEY`. It counts by its start date, whole, and without a date only
when no period is asked for. Sums are kept apart by currency, credits keep their sign, and only money to the
node itself counts. An amount without a currency is in no sum, as nobody knows what it could be added to.

Payments to payees whose names are withheld are kept as one relationship from the payer to itself, with the
attribute `redacted: true`: so they can be summed, and nobody becomes an actor by being withheld.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import fsum
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from graph.adjacency import Ints, Mask
from graph.model import PartialDate, Relationship, days
from graph.ties import DECIMALS, Floats
from graph.view import View

MONEY = ("FUNDS", "PAYS")
GRANTS = ("FUNDS",)
NOT_STATED = -1
ONE_DATE = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
DATES = TypeAdapter[str](PartialDate)
Sums = dict[str, float]


def period_days(period: str) -> tuple[int, int]:
    """First and last day of a period: of one partial date, or from the first to the last of two joined by `/`."""
    first, _, last = period.partition("/")
    return days(first)[0], days(last or first)[1]


def _readable(period: str) -> str:
    parts = period.split("/")
    try:
        checked = [DATES.validate_python(part) for part in parts]
    except ValidationError as wrong:
        raise ValueError(f"{period!r:.60} is no date such as 2019 or 2019-10, nor two joined by `/`") from wrong
    if len(checked) > 2:
        raise ValueError("it joins more than two dates")
    if days(checked[0])[0] > days(checked[-1])[1]:
        raise ValueError(f"{checked[0]} is after {checked[-1]}: swap them")
    return period


Period = Annotated[
    str,
    AfterValidator(_readable),
    Field(
        description="Only money that starts in this time: a partial date, or two joined by `/`.",
        examples=["2019", "2018-04/2019-03"],
        json_schema_extra={"pattern": f"^{ONE_DATE}(/{ONE_DATE})?$"},
    ),
]


@dataclass(frozen=True)
class Payments:
    """Payments as columns, one entry each, in the order of the ids of their relationships."""

    relationship: Ints
    type: Ints
    payer: Ints
    payee: Ints
    amount: Floats  # of a stated currency; NaN where one of the two is missing
    currency: Ints  # a place in `currencies`, −1 without an amount
    first_day: Ints  # of the start; 0 where there is none
    last_day: Ints
    year: Ints  # 0 where there is no start
    redacted: Mask
    no_currency: Mask  # an amount is stated, and no currency
    currencies: tuple[str, ...]  # sorted

    def __len__(self) -> int:
        """Count the payments."""
        return len(self.relationship)

    def only(self, chosen: Mask | Ints) -> Payments:
        """Some of the payments."""
        columns = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "currencies"}
        return Payments(**{name: column[chosen] for name, column in columns.items()}, currencies=self.currencies)

    def within(self, period: str | None) -> Payments:
        """Payments whose start lies in a period, as far as it says; all of them when none is asked for."""
        if period is None:
            return self
        first, last = period_days(period)
        return self.only((self.last_day >= first) & (self.first_day <= last))

    @property
    def stated(self) -> Mask:
        """Which payments have an amount that can be summed."""
        stated: Mask = self.currency != NOT_STATED
        return stated

    @property
    def to_others(self) -> Mask:
        """Which payments are made to somebody else who is known."""
        to_others: Mask = (self.payer != self.payee) & ~self.redacted
        return to_others

    def sums(self, keys: Ints) -> dict[int, Sums]:
        """Sums by key and currency; `keys` has one entry per payment."""
        amounts: dict[tuple[int, int], list[float]] = defaultdict(list)
        good = self.stated
        columns = (column[good].tolist() for column in (keys, self.currency, self.amount))
        for key, code, amount in zip(*columns, strict=True):
            amounts[key, code].append(amount)
        found: dict[int, Sums] = defaultdict(dict)
        for (key, code), some in sorted(amounts.items()):
            found[key][self.currencies[code]] = total(some)
        return found

    def main_currency(self) -> str | None:
        """The currency of most payments, of equal ones the first by code; None where no amount is stated."""
        counts = Counter(self.currency[self.stated].tolist())
        return self.currencies[min(counts, key=lambda code: (-counts[code], code))] if counts else None


def total(amounts: Sequence[float]) -> float:
    """A sum that does not depend on the order of its parts, to nine decimals."""
    return round(fsum(amounts), DECIMALS) + 0.0


def payments(view: View, types: Sequence[str] = MONEY) -> Payments:
    """All payments of these types that the lens lets through.

    Amounts are read from the store once per version and lens, and kept as columns of some 80 bytes per payment
    with the masks of the lens.
    """
    found = view.kept("payments", lambda: _read(view))
    return found.only(np.isin(found.type, view.arrays.type_codes(types)))


def _read(view: View) -> Payments:
    edges = view.arrays.relationships
    shown = view.arrays.visible(view.lens).relationships
    numbers = np.flatnonzero(shown & np.isin(edges.type, view.arrays.type_codes(MONEY)))
    rows, codes = [], dict[str | None, int]()
    for one in view.each_relationship(numbers):
        stated = one.amount is not None and one.currency is not None
        code = codes.setdefault(one.currency, len(codes)) if stated else NOT_STATED
        rows.append((_amount(one), code, *_days(one.start), *_marks(one)))
    amount, currency, first, last, year, redacted, no_currency = (
        np.array(rows, np.float64).reshape(-1, 7).T if rows else np.empty((7, 0))
    )
    names = sorted(str(name) for name in codes)
    place = np.array([names.index(str(name)) for name in codes] + [NOT_STATED], np.int64)
    return Payments(
        relationship=numbers,
        type=edges.type[numbers].astype(np.int64),
        payer=edges.source[numbers].astype(np.int64),
        payee=edges.target[numbers].astype(np.int64),
        amount=amount,
        currency=place[currency.astype(np.int64)],
        first_day=first.astype(np.int64),
        last_day=last.astype(np.int64),
        year=year.astype(np.int64),
        redacted=redacted > 0,
        no_currency=no_currency > 0,
        currencies=tuple(names),
    )


def _amount(one: Relationship) -> float:
    return float("nan") if one.amount is None or one.currency is None else float(one.amount)


def _days(start: str | None) -> tuple[int, int, int]:
    """First and last day, and the year; zeros without a date."""
    return (*days(start), int(start[:4])) if start else (0, 0, 0)


def _marks(one: Relationship) -> tuple[bool, bool]:
    return one.attributes.get("redacted") is True, one.amount is not None and one.currency is None


def note_money(view: View, payments: Payments, *, of: str, period: str | None) -> None:
    """Tell the reader what the payments do not say: none at all, no amounts, several currencies."""
    when = f" in {period}" if period else ""
    if not len(payments):
        view.note(f"No {of} is recorded{when} in this part of the network.")
        return
    lacking = int(np.count_nonzero(np.isnan(payments.amount) & ~payments.no_currency))
    if lacking:
        view.note(f"{lacking:,} of {len(payments):,} payments state no amount and are in no sum.")
    if unclear := int(np.count_nonzero(payments.no_currency)):
        view.note(f"{unclear:,} of {len(payments):,} payments state an amount but no currency and are in no sum.")
    used = [payments.currencies[code] for code in np.unique(payments.currency[payments.stated]).tolist()]
    if len(used) > 1:
        view.note(f"Amounts are in {', '.join(used)}; they are never added up across currencies.")
