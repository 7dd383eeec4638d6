"""One payment of a council as a row of its table: who paid whom how much, when and for what."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from graph.model import UNCLEAN, Identifier
from graph.search import fold
from loaders.archives import Part
from loaders.councils import Council, council_of
from loaders.csv_text import Row
from loaders.described import Description
from loaders.grants import Fault
from loaders.identifiers import SUPPLIER, Checked, checked, from_charity_number, from_id, is_placeholder, slug, split
from loaders.organisations import Mention
from loaders.people import is_marked_as_a_person, is_withheld
from loaders.written import Order, Unclear, amount, day

TABLE = Path(__file__).parent / "tables" / "spend_columns.csv"
NEEDED = ("payee", "amount", "date")
ABOUT = ("unit", "purpose", "category", "category_code", "transaction", "invoice", "irrecoverable_vat", "cost_centre")
NOT_TAKEN = re.compile(r"address|post ?code|telephone|phone|e ?mail|contact|bank|sort ?code|account n")
TOTAL = re.compile(r"((sub|grand|overall|report|page) ?)?totals?( (amount|spend|net|gross|payments?|for .*|of .*))?")
EMPTY = frozenset(("", "na", "n a", "none", "null", "nil"))
CURRENCY = "GBP"
NO_PAYER = (
    'Add a column OrganisationLabel, or put a file csv-metadata.json beside it: {"dc:publisher": {"schema:name":'
    ' "Trafford Council", "@id": "GB-LAE-TRF"}}.'
)


class Total(Exception):
    """A row that sums others."""


@dataclass(frozen=True)
class Columns:
    """What the columns of one table are, by their places."""

    places: dict[str, int]
    others: tuple[tuple[int, str], ...]  # columns that the table of titles does not know, and what they are called
    titles: tuple[str, ...]

    def title(self, name: str) -> str:
        """How the file itself calls a column."""
        return self.titles[self.places[name]] if name in self.places else name


def columns_of(cells: Sequence[str]) -> Columns | None:
    """The columns, if these are titles of a table of payments; of two for the same, the one that the table prefers."""
    titles = tuple(" ".join(cell.replace("\ufeff", "").split()) for cell in cells)
    first = {_plain(title): place for place, title in reversed(list(enumerate(titles)))}
    places: dict[str, int] = {}
    for name, title in _known_titles():
        place = first.get(title)
        if place is not None and name not in places and place not in places.values():
            places[name] = place
    if not all(name in places for name in NEEDED):
        return None
    return Columns(places, tuple(_others(titles, set(places.values()))), titles)


def _others(titles: Sequence[str], taken: set[int]) -> Iterator[tuple[int, str]]:
    """The other columns, each under a name of its own; nothing by which a person could be reached."""
    used = set(ABOUT)
    for place, title in enumerate(titles):
        if place in taken or NOT_TAKEN.search(fold(title)):
            continue
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", title)
        key = fold(spaced).replace(" ", "_") or f"column_{place + 1}"
        key = f"{key}_{place + 1}" if key in used else key
        used.add(key)
        yield place, key


def _plain(title: str) -> str:
    return fold(title).replace(" ", "")


@cache
def _known_titles() -> tuple[tuple[str, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple((row["field"], _plain(row["title"])) for row in csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that can be loaded; without a payee where the name is withheld, or a person's."""

    payer: Mention
    payee: Mention | None
    amount: int | float
    currency: str
    date: str


@dataclass
class Reader:
    """Understands the rows of one table, and counts what is doubtful in them."""

    part: Part
    columns: Columns
    order: Order
    described: Description
    rows: int = 0  # of the whole file, before this table
    doubts: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # lines by column and remark
    people: int = 0
    payers: dict[tuple[str, str], Mention] = field(default_factory=dict)
    payees: dict[tuple[str, ...], Mention] = field(default_factory=dict)

    def payment(self, row: Row) -> Payment:
        """What a row says; raises Fault for one that cannot be loaded, and Total for one that sums others."""
        name = self._cell(row, "payee")
        if TOTAL.fullmatch(fold(name)) or (not name and any(TOTAL.fullmatch(fold(cell)) for cell in row.cells)):
            raise Total
        self._check_width(row)
        if not name:
            raise self._missing("payee", "Name the payee, or write Redacted.")
        given = self._cell(row, "amount") or self._nothing("amount", "Write it as 1234.56.")
        date = self._cell(row, "date") or self._nothing("date", "Write it as 2019-10-09.")
        try:
            column = "amount"
            number, currency = amount(given)
            column = "date"
            when = day(date, self.order)
        except Unclear as unclear:
            raise Fault(self.columns.title(column), str(unclear)) from unclear
        payer = self._payer(row)
        payee = None if self._is_hidden(row, name) else self._payee(row, name, payer)
        return Payment(payer, payee, number, currency or self._currency(row), when)

    def attributes(self, row: Row) -> dict[str, Any]:
        """Everything else that the row says."""
        known = [(self.columns.places[name], name) for name in ABOUT if name in self.columns.places]
        kept: dict[str, Any] = {}
        for place, key in (*known, *self.columns.others):
            text = row.cells[place] if place < len(row.cells) else ""
            if text and fold(text) not in EMPTY:
                kept[key] = " ".join(UNCLEAN.sub(" ", text).split())
        if "irrecoverable_vat" in kept:
            kept |= _number("irrecoverable_vat", kept.pop("irrecoverable_vat"))
        return kept

    def _cell(self, row: Row, name: str) -> str:
        place = self.columns.places.get(name, len(row.cells))
        return " ".join(row.cells[place].split()) if place < len(row.cells) else ""

    def _missing(self, name: str, fix: str) -> Fault:
        title = self.columns.title(name)
        return Fault(title, f"{title!r} is missing. {fix}")

    def _nothing(self, name: str, fix: str) -> str:
        raise self._missing(name, fix)

    def _check_width(self, row: Row) -> None:
        if any(row.cells[len(self.columns.titles) :]):
            reason = f"It has {len(row.cells)} cells for {len(self.columns.titles)} titles."
            raise Fault(None, f"{reason} Put cells that hold a separator into quotation marks.")

    def _currency(self, row: Row) -> str:
        given = self._cell(row, "currency").upper()
        if given and not re.fullmatch("[A-Z]{3}", given):
            raise Fault(
                self.columns.title("currency"), f"{given!r:.60} is no currency. Give three letters, such as GBP."
            )
        return given or CURRENCY

    def _is_hidden(self, row: Row, name: str) -> bool:
        """Whether the name is withheld, or is marked as one of a person; such a person is counted."""
        marked = is_marked_as_a_person(name)
        self.people += marked
        number = self._cell(row, "payee_id")
        return marked or is_withheld(name) or (bool(number) and is_withheld(number))

    def _payer(self, row: Row) -> Mention:
        name = self._cell(row, "payer") or self.described.name
        id = self._cell(row, "payer_id") or self.described.id
        if not name:
            raise Fault(self.columns.title("payer"), f"Nothing says who pays. {NO_PAYER}")
        if (known := self.payers.get((name, id))) is None:
            known = self.payers[name, id] = self._place(row, name, self._payer_identifiers(row, name, id), "payer")
            known.public = True
            known.values |= {"uri": id} if id.startswith(("http://", "https://")) else {}
        return known

    def _payer_identifiers(self, row: Row, name: str, id: str) -> tuple[Identifier, ...]:
        """Those of an org-id, or of the council that is called so."""
        stated = self._take(row, "payer_id", from_id(id)) if split(id) else None
        council = council_of(name) or council_of(f"{id.rpartition('/')[2]} council")
        if council and not stated:
            reason = f"{name!r:.80} is taken for {council.name} (GB-LAE-{council.code}), by its name."
            self.doubt(row, "payer", reason)
        return (stated,) if stated else (council.identifier,) if council else ()

    def _payee(self, row: Row, name: str, payer: Mention) -> Mention:
        numbers = tuple(self._cell(row, column) for column in ("payee_id", "company_number", "charity_number"))
        key = (name, payer.keys[0], *numbers)
        if (known := self.payees.get(key)) is None:
            identifiers = tuple(self._identifiers(row, name, numbers, slug(payer.keys[0].replace(":", "-"))))
            known = self.payees[key] = self._place(row, name, identifiers, slug(payer.keys[0].replace(":", "-")))
            vat = self._cell(row, "vat_number")
            known.values |= {} if is_placeholder(vat) else {"vat_number": vat}
        return known

    def _identifiers(self, row: Row, name: str, numbers: Sequence[str], payer: str) -> Iterator[Identifier]:
        """Every identifier of a payee: of the registers, and the number by which the payer keeps it."""
        own, company, charity = numbers
        found = {
            "company_number": checked("GB-COH", company, charity) if company else None,
            "charity_number": from_charity_number(charity) if charity else None,
        }
        yield from filter(None, (self._take(row, column, one) for column, one in found.items() if one))
        if council := council_of(name):
            yield council.identifier
        if own and not is_placeholder(own):
            yield Identifier(scheme=SUPPLIER, value=f"{payer}-{own}"[:200])

    def _take(self, row: Row, column: str, found: Checked) -> Identifier | None:
        if found.remark:
            self.doubt(row, column, found.remark)
        return found.identifier

    def doubt(self, row: Row, column: str, reason: str) -> None:
        """Something that a person should look at; told once, with the number of rows."""
        self.doubts.setdefault((self.columns.title(column), reason), []).append(row.line)

    def _place(self, row: Row, name: str, identifiers: tuple[Identifier, ...], prefix: str) -> Mention:
        return Mention(
            name=name,
            identifiers=identifiers,
            key=f"{prefix}-{fold(name).replace(' ', '-')}",
            row=self.rows + row.line,
            line=row.line,
            values={},
            locator=self.part.locator(row.line),
        )


def council_behind(mention: Mention) -> Council | None:
    """The council that a payer is, if it is one of the table."""
    council = council_of(mention.name) or council_of(f"{mention.values.get('uri', '').rpartition('/')[2]} council")
    return council if council and council.identifier in mention.identifiers else None


def _number(key: str, text: str) -> dict[str, Any]:
    try:
        number, _ = amount(text)
    except Unclear:
        return {key: text}
    return {key: number} if number else {}
