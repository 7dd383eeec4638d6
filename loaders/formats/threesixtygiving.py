"""360Giving: grants as a JSON package, one FUNDS relationship for each grant.

Organisations are joined on every identifier of their records, within the file and with what the store holds.
People who were given a grant are counted and never become nodes. Street addresses, telephone numbers and names of
contacts are not taken. Districts in which the file says that a recipient is become places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from graph.model import Evidence, Identifier, Node, Relationship, Source
from loaders.grants import Fault, Grant, Individual, grant_of, label, prefix_of
from loaders.identifiers import slug
from loaders.organisations import Mention, Organisations, doubts, perhaps_people
from loaders.packages import Element, Package
from loaders.stream import Found, Reading, Warned, decoded, refusal

NAME = "360giving"
SUFFIXES: tuple[str, ...] = ()
JOINS = True

BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{.*?"grants"\s*:\s*\[', re.DOTALL)


def recognises(path: Path, head: bytes) -> bool:
    """Whether it is a JSON object with a list of grants."""
    return not path.is_dir() and BEGINNING.match(head) is not None


def read(reading: Reading) -> Iterator[Found]:
    """The source, the organisations and places, then one relationship for each grant that can be understood.

    All grants are held until the last is read, because any of them may show that two organisations are one.
    """
    work = _Work(reading, Package(reading, decoded(reading, reading.path.read_bytes()), "grants"))
    yield from work.look()
    if work.grants:
        yield from work.source()
        yield from work.nodes()
        yield from work.relationships()


class _Work:
    """One package under way."""

    def __init__(self, reading: Reading, package: Package) -> None:
        self.reading = reading
        self.package = package
        self.source_id = ""
        self.organisations = Organisations()
        self.grants: list[tuple[Grant, int]] = []  # with their lines
        self.places = _Places()
        self.individuals: Counter[str] = Counter()
        self.amounts: dict[str, float] = {}
        self.funders: set[str] = set()
        self.origins: set[str] = set()

    def look(self) -> Iterator[Found]:
        """Note every organisation and place; say what is wrong or doubtful in each grant."""
        for element in self.package.elements():
            self.reading.rows += 1
            self.reading.done = round(self.reading.size * self.package.position / len(self.package.text))
            self.source_id = self.source_id or slug(f"360giving-{prefix_of(element.value)}-{self.reading.path.stem}")
            try:
                grant = grant_of(element, self.source_id)
                self._note(element, grant)
            except Individual as individual:
                self._count(individual)
            except Fault as fault:
                yield self.reading.refused(element.line, f"{label(element)}: {fault.reason}", fault.column)
            else:
                for column, reason in grant.doubts:
                    yield self.reading.warned(element.line, f"{label(element)}: {reason}", column)
        yield from self._left_out()

    def _count(self, individual: Individual) -> None:
        self.individuals[individual.currency] += 1
        self.amounts[individual.currency] = self.amounts.get(individual.currency, 0) + individual.amount

    def _note(self, element: Element, grant: Grant) -> None:
        for mention, column in ((grant.funder, "fundingOrganization"), (grant.recipient, "recipientOrganization")):
            try:
                self.organisations.add(mention)
            except ValidationError as wrong:
                inner, reason = refusal("organisation", wrong)
                raise Fault(f"{column}.{inner}", reason) from wrong
        self.grants.append((grant, element.line))
        self.funders.add(grant.funder.name)
        self.origins.add(str(grant.relationship.attributes.get("data_source", "")))
        for code, name in grant.places.items():
            self.places.add(code, name, grant.recipient)

    def _left_out(self) -> Iterator[Warned]:
        for currency, count in sorted(self.individuals.items()):
            amount = f"{self.amounts[currency]:,.2f} {currency}".strip()
            reason = f"{count} grants to people, {amount} in all, are counted here only: people never become nodes."
            yield self.reading.warned(None, reason, "recipientIndividual")

    def source(self) -> Iterator[Found]:
        """The file as a source, with what the package says of itself, as far as that can be understood."""
        around = self.package.around
        publisher = around.get("publisher")
        origin = next(iter(self.origins)) if len(self.origins) == 1 else None
        plain = {"id": self.source_id, "title": f"Grants by {', '.join(sorted(self.funders)[:3])} (360Giving data)"}
        stated = {
            "title": _said(around.get("title")),
            "url": _said(around.get("accessURL")) or _said(around.get("downloadURL")) or _said(origin),
            "publisher": _said(publisher.get("name")) if isinstance(publisher, dict) else None,
            "date": _day(around.get("modified")) or _day(around.get("issued")),
            "licence": _said(around.get("license")),
            "file": self.reading.path.name,
        }
        given = {key: value for key, value in stated.items() if value}
        try:
            yield self.reading.row(Source.model_validate(plain | given), None)
        except ValidationError as wrong:
            bad = {error["loc"][0] for error in wrong.errors()}
            yield self.reading.warned(None, f"{refusal('package', wrong)[1]} It is left out.", str(min(map(str, bad))))
            kept = {key: value for key, value in given.items() if key not in bad}
            yield self.reading.row(Source.model_validate({**plain, "title": "360Giving data", **kept}), None)

    def nodes(self) -> Iterator[Found]:
        """Organisations and places, with doubts about names that share an identifier."""
        groups = self.organisations.groups()
        for group in groups:
            yield from doubts(self.reading, group, "recipientOrganization")
        yield from perhaps_people(self.reading, groups, "recipientOrganization.name")
        for node, line in self.organisations.nodes(groups, self.source_id):
            yield self.reading.row(node, line)
        for node, line in self.places.nodes(self.source_id):
            yield self.reading.row(node, line)

    def relationships(self) -> Iterator[Found]:
        """Where recipients are, and the grants."""
        for relationship, line in self.places.relationships(self.organisations, self.source_id):
            yield self.reading.row(relationship, line)
        for grant, line in self.grants:
            ends = (self.organisations.id(end.keys) for end in (grant.funder, grant.recipient))
            update = dict(zip(("source", "target"), ends, strict=True))
            yield self.reading.row(grant.relationship.model_copy(update=update), line)


class _Places:
    """The districts of a file, and the recipients in them."""

    def __init__(self) -> None:
        self.names: dict[str, Counter[str]] = {}
        self.first: dict[str, Mention] = {}
        self.recipients: dict[tuple[tuple[str, ...], str], Mention] = {}

    def add(self, code: str, name: str, recipient: Mention) -> None:
        """A row says that this recipient is in this district."""
        self.names.setdefault(code, Counter())[name] += 1
        self.first.setdefault(code, recipient)
        self.recipients.setdefault((recipient.keys, code), recipient)

    def _ordered_names(self, code: str) -> list[str]:
        return sorted(self.names[code], key=lambda name: (-self.names[code][name], name))

    def _id(self, code: str) -> str:
        return slug(f"{slug(self._ordered_names(code)[0].replace(' ', '-'))}-{code}")

    def nodes(self, source: str) -> Iterator[tuple[Node, int]]:
        """A place for each district, and the line that first names it."""
        for code, first in self.first.items():
            name, *aliases = self._ordered_names(code)
            place = Node(
                id=self._id(code),
                kind="place",
                name=name,
                aliases=tuple(aliases),
                identifiers=(Identifier(scheme="GSS", value=code),),
                evidence=(Evidence(source=source, locator=f"grants/{first.row}"),),
            )
            yield place, first.line

    def relationships(self, organisations: Organisations, source: str) -> Iterator[tuple[Relationship, int]]:
        """One relationship for each recipient and district."""
        done: set[str] = set()
        for (keys, code), mention in self.recipients.items():
            recipient, place = organisations.id(keys), self._id(code)
            id = f"{recipient}--located-in--{code.lower()}"
            if id not in done:
                done.add(id)
                evidence = (Evidence(source=source, locator=f"grants/{mention.row}"),)
                yield (
                    Relationship(id=id, type="LOCATED_IN", source=recipient, target=place, evidence=evidence),
                    mention.line,
                )


def _said(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _day(value: Any) -> str | None:
    text = _said(value) or ""
    return text[:10] if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
