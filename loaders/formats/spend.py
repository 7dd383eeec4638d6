"""Spend: payments of councils and other public bodies as CSV, alone or several in a zip; one PAYS relationship a row.

Columns are known by the titles of the Local Government Association and some 160 others that are in use. Who pays is
said by a column (OrganisationLabel) or by a file csv-metadata.json beside the table. Payees are known by their company
and charity number and by the payer's own number for them; equal names of two numbers stay two. Payments to people and
to payees whose names are withheld are summed by month, as a relationship of the payer with itself that has the
attribute `redacted`. Credits keep their sign. Addresses and whatever else would help to reach a person are not taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from graph.model import Evidence, Relationship, Source
from loaders.archives import BEGINNING, Part, is_zip_of_tables, tables_of
from loaders.councils import REGISTER, Council
from loaders.csv_text import UTF_8, Row, Titles, encoding_of, find_titles, head_of, rows_of
from loaders.described import Description, described
from loaders.grants import Fault
from loaders.identifiers import slug
from loaders.organisations import Mention, Organisations, doubts, perhaps_people
from loaders.payments import NO_PAYER, Columns, Payment, Reader, Total, columns_of, council_behind
from loaders.stream import Found, Reading, Warned, refusal
from loaders.withheld import Withheld
from loaders.written import order_of

NAME = "spend"
SUFFIXES: tuple[str, ...] = (".zip",)
JOINS = True

PASSES = 4  # for the encoding, for the order of dates, for the organisations, for the payments
NO_TITLES = "no row of the first 50 has titles for payee, amount and date."
TITLES = "Give the columns the titles BeneficiaryName, Amount and PaymentDate, or others in use, such as Supplier Name."


def recognises(path: Path, head: bytes) -> bool:
    """Whether it is a table with titles for payee, amount and date, or a zip with tables."""
    if path.is_dir() or head.startswith(BEGINNING):
        return not path.is_dir() and is_zip_of_tables(path, head)
    return find_titles(head.decode("utf-8-sig", "replace"), columns_of) is not None


def read(reading: Reading) -> Iterator[Found]:
    """The source, the payers and payees, then one relationship for each payment and for each sum of withheld ones.

    The tables are read once more for each step, so that memory does not grow with the text of the payments.
    """
    with reading.path.open("rb") as file:
        found = tables_of(reading, file.read(len(BEGINNING)))
    names = {PurePosixPath(part.member or reading.path.name).name for part in found.parts}
    work = _Work(reading, described(reading.path, names, found.descriptions))
    for reason in (*(f"{name} is no table, so it is left out." for name in found.others), work.described.remark):
        if reason:
            yield reading.warned(None, reason)
    for part in found.parts:
        part.meter.total = PASSES * sum(one.size for one in found.parts)
        yield from work.look(part)
    if work.payer:
        yield from work.sources()
        yield from work.nodes()
        yield from work.relationships()


@dataclass(frozen=True)
class _Table:
    """A table that can be read again and again."""

    part: Part
    encoding: str
    titles: Titles[Columns]
    reader: Reader

    def rows(self) -> Iterator[Row]:
        return rows_of(self.part, self.encoding, self.titles)


@dataclass
class _Work:
    """One file under way."""

    reading: Reading
    described: Description
    payer: Mention | None = None  # of the first row; the source is called after it
    tables: list[_Table] = field(default_factory=list)
    refused: set[tuple[str, int]] = field(default_factory=set)  # rows, by table and line
    organisations: Organisations = field(default_factory=Organisations)
    councils: dict[Council, Mention] = field(default_factory=dict)
    payers: dict[str, None] = field(default_factory=dict)  # names, in their order
    people: int = 0  # payments to people who are marked so

    @cached_property
    def source_id(self) -> str:
        """The id of the file as a source, once its first payer is known."""
        payer = self.payer.keys[0].replace(":", "-") if self.payer else ""
        return slug(f"spend-{slug(payer)}-{self.reading.path.stem}")

    def look(self, part: Part) -> Iterator[Found]:
        """Note every organisation of a table, and say what is wrong or doubtful in its rows."""
        encoding = encoding_of(part)
        titles = find_titles(head_of(part, encoding), columns_of)
        if titles is None:
            yield self._no_table(part)
            return
        if "payer" not in titles.columns.places and not self.described.name:
            raise part.reading.broken(titles.line, "nothing says who pays.", NO_PAYER)
        place = titles.columns.places["date"]
        cells = (row.cells for row in rows_of(part, encoding, titles))
        order, why = order_of({row[place] for row in cells if place < len(row)})
        table = _Table(part, encoding, titles, Reader(part, titles.columns, order, self.described, self.reading.rows))
        self.tables.append(table)
        for row in table.rows():
            self.reading.rows += 1
            yield from self._row(table, row)
        self.people += table.reader.people
        yield from _remarks(table, why)

    def _no_table(self, part: Part) -> Found:
        if not part.member:
            raise part.reading.broken(None, NO_TITLES, TITLES)
        return part.reading.refused(None, f"It is left out: {NO_TITLES} {TITLES}")

    def _row(self, table: _Table, row: Row) -> Iterator[Found]:
        try:
            self._note(table, table.reader.payment(row))
        except Total:
            self.refused.add((table.part.member, row.line))
            yield table.part.reading.warned(row.line, "It is a sum of other rows and no payment, so it is left out.")
        except Fault as fault:
            self.refused.add((table.part.member, row.line))
            yield table.part.reading.refused(row.line, fault.reason, fault.column)

    def _note(self, table: _Table, payment: Payment) -> None:
        for mention, column in ((payment.payer, "payer"), (payment.payee, "payee")):
            if mention:
                try:
                    self.organisations.add(mention)
                except ValidationError as wrong:
                    raise Fault(table.titles.columns.title(column), refusal("organisation", wrong)[1]) from wrong
        if payment.payer.name not in self.payers:
            self.payers[payment.payer.name] = None
            self.payer = self.payer or payment.payer
            if council := council_behind(payment.payer):
                self.councils.setdefault(council, payment.payer)

    def sources(self) -> Iterator[Found]:
        """The file, and the register where a payer was found in it."""
        said = self.described
        names = sorted(self.payers)
        title = f"Payments by {', '.join(names[:3])}{' and others' if len(names) > 3 else ''}"
        plain = {"id": self.source_id, "title": said.title or f"{title} ({self.reading.path.stem})"}
        stated = {"publisher": said.name or (names[0] if len(names) == 1 else ""), "licence": said.licence}
        given = {key: value for key, value in {**stated, "date": said.date}.items() if value}
        try:
            source = Source.model_validate({**plain, **given, "file": self.reading.path.name})
        except ValidationError as wrong:
            yield self.reading.warned(None, f"{refusal('source', wrong)[1]} The description is left out.")
            source = Source(id=self.source_id, title="Payments", file=self.reading.path.name)
        yield self.reading.row(source, None)
        if self.councils:
            yield self.reading.row(REGISTER, None)

    def nodes(self) -> Iterator[Found]:
        """Payers and payees, with what is doubtful about their names, and the areas of councils that pay."""
        groups = self.organisations.groups()
        for group in groups:
            yield from doubts(self.reading, group, self._payee_title)
        yield from _same_names(self.reading, groups, self._payee_title)
        yield from perhaps_people(self.reading, groups, self._payee_title)
        for node, line in self.organisations.nodes(groups, self.source_id):
            yield self.reading.row(node, line)
        for council in self.councils:
            yield self.reading.row(council.place(), None)

    @property
    def _payee_title(self) -> str:
        return self.tables[0].titles.columns.title("payee")

    def relationships(self) -> Iterator[Found]:
        """Where councils are, the payments, and the sums of those whose payees are not named."""
        for council, payer in self.councils.items():
            yield self.reading.row(council.located(self.organisations.id(payer.keys)), payer.line)
        withheld, given = Withheld(), Counter[bytes]()
        for table in self.tables:
            here = Counter[bytes]()
            yield from self._payments(table, here, given, withheld)
            given |= here
        yield from self._withheld(withheld)

    def _payments(
        self, table: _Table, here: Counter[bytes], given: Counter[bytes], withheld: Withheld
    ) -> Iterator[Found]:
        """Of rows that are equal in every cell each counts, as councils list them; of equal tables only the first.

        The id comes from the cells, so that a file which is published again with more months keeps its payments.
        """
        repeated = 0
        for row in table.rows():
            if (table.part.member, row.line) in self.refused:
                continue
            payment = table.reader.payment(row)
            payer = self.organisations.id(payment.payer.keys)
            mark = _mark(payer, row)
            here[mark] += 1
            if here[mark] <= given[mark]:
                repeated += 1
            elif payment.payee is None:
                withheld.of(payer, payment.date, payment.currency).add(payment.amount, table.part, row.line)
            else:
                ends = payer, self.organisations.id(payment.payee.keys)
                id = f"{payer}--pays--{mark.hex()}" + (f"-{here[mark]}" if here[mark] > 1 else "")
                yield table.part.reading.row(self._relationship(id, ends, payment, table, row), row.line)
        if repeated:
            reason = f"{repeated:,} rows stand in another table of the file too, and are loaded once."
            yield table.part.reading.warned(None, reason)

    def _relationship(self, id: str, ends: tuple[str, str], payment: Payment, table: _Table, row: Row) -> Relationship:
        return Relationship(
            id=id,
            type="PAYS",
            source=ends[0],
            target=ends[1],
            start=payment.date,
            end=payment.date,
            amount=payment.amount,
            currency=payment.currency,
            attributes=table.reader.attributes(row),
            evidence=(Evidence(source=self.source_id, locator=table.part.locator(row.line)),),
        )

    def _withheld(self, withheld: Withheld) -> Iterator[Found]:
        for relationship, line in withheld.relationships(self.source_id):
            yield self.reading.row(relationship, line)
        people = f" {self.people:,} of the names are in the file and are a person's." if self.people else ""
        for currency, (count, total) in withheld.totals().items():
            reason = (
                f"{count:,} payments, {total:,.2f} {currency} in all, are summed by month, because the names of their"
                f" payees are withheld: nobody becomes a node by being withheld.{people}"
            )
            yield self.reading.warned(None, reason, self._payee_title)


def _remarks(table: _Table, why: str) -> Iterator[Warned]:
    """What a table is unlike what it should be: its encoding, its dates, and doubts about its rows."""
    reading, columns, order = table.part.reading, table.titles.columns, table.reader.order
    if table.encoding != UTF_8:
        yield reading.warned(None, "It is not UTF-8 and is read as Windows-1252. Check the accents and pound signs.")
    if why:
        yield reading.warned(
            None, f"Dates are read as {order}, {why}. Write them as 2019-10-09.", columns.title("date")
        )
    for (column, reason), lines in table.reader.doubts.items():
        more = f" So are {len(lines) - 1:,} more." if len(lines) > 1 else ""
        yield reading.warned(lines[0], f"{reason}{more}", column)


def _same_names(reading: Reading, groups: Sequence[Sequence[Mention]], column: str) -> Iterator[Warned]:
    """Payees of one name that have two numbers: nobody merges them unasked."""
    names = Counter(name for group in groups for name in {one.name for one in group})
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        reason = f"These names stand for several payees each, as their numbers differ: {', '.join(sorted(twice))}."
        yield reading.warned(None, f"{reason} Merge those that are one.", column)


def _mark(payer: str, row: Row) -> bytes:
    return blake2b("\x1f".join((payer, *row.cells)).encode(), digest_size=10).digest()
