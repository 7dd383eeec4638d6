"""Payments to payees whose names are withheld, summed by payer, month and currency: nobody becomes a node by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import fsum

from graph.model import Evidence, Relationship
from loaders.archives import Part

DECIMALS = 6


@dataclass
class Lines:
    """How many rows of a table went into a sum, and between which lines they stand."""

    part: Part
    first: int
    last: int
    count: int = 0

    def locator(self) -> str:
        """Where they are found in the source."""
        if self.count == 1:
            return self.part.locator(self.first)
        before = f"{self.part.member}, " if self.part.member else ""
        return f"{before}{self.count:,} lines from {self.first} to {self.last}"


@dataclass
class Sum:
    """What a payer paid in a month to payees who are not named."""

    amounts: list[float] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)

    def add(self, amount: float, part: Part, line: int) -> None:
        """Add the payment on a line of a table; tables come one after the other."""
        if not self.lines or self.lines[-1].part is not part:
            self.lines.append(Lines(part, line, line))
        self.amounts.append(amount)
        self.lines[-1].last = line
        self.lines[-1].count += 1


@dataclass
class Withheld:
    """All such sums of a load."""

    sums: dict[tuple[str, str, str], Sum] = field(default_factory=dict)

    def of(self, payer: str, date: str, currency: str) -> Sum:
        """The sum that a payment of this date goes into."""
        return self.sums.setdefault((payer, date[:7], currency), Sum())

    def totals(self) -> dict[str, tuple[int, float]]:
        """Number of payments and their sum, by currency."""
        found: dict[str, list[float]] = {}
        for (_, _, currency), one in self.sums.items():
            found.setdefault(currency, []).extend(one.amounts)
        return {currency: (len(amounts), _total(amounts)) for currency, amounts in sorted(found.items())}

    def relationships(self, source: str) -> Iterator[tuple[Relationship, int]]:
        """One for each sum, from the payer to itself, and the line of its first payment.

        The source is part of the id: another file of the same month adds to the sum and does not replace it.
        """
        for (payer, month, currency), one in self.sums.items():
            relationship = Relationship(
                id=f"{payer}--pays--withheld--{month}--{currency.lower()}--{source}"[:300],
                type="PAYS",
                source=payer,
                target=payer,
                start=month,
                end=month,
                amount=_total(one.amounts),
                currency=currency,
                attributes={"redacted": True, "payments": len(one.amounts)},
                evidence=tuple(Evidence(source=source, locator=lines.locator()) for lines in one.lines),
            )
            yield relationship, one.lines[0].first


def _total(amounts: list[float]) -> int | float:
    total = round(fsum(amounts), DECIMALS) + 0.0
    return int(total) if total.is_integer() else total
