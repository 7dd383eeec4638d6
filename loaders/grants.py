"""One grant of the 360Giving standard: what it says, what is missing, what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from graph.model import Identifier, Name, Relationship
from graph.search import fold
from loaders.identifiers import OWN, Checked, checked, from_charity_number, from_id, is_placeholder, split
from loaders.organisations import Mention, are_alike
from loaders.packages import Element
from loaders.people import INDIVIDUAL_NAMES, TITLED
from loaders.stream import refusal

COLUMNS = {"amount": "amountAwarded", "start": "awardDate", "end": "plannedDates"}
TAKEN = frozenset(
    ("id", "currency", "amountAwarded", "awardDate", "fundingOrganization", "recipientOrganization", "grantProgramme")
)
MADE_BY_TOOLS = frozenset(("id_and_name", "additional_data_added"))  # an aggregator's own columns
RECIPIENT = "recipient"  # an aggregator's columns about the recipient begin so
GSS = re.compile(r"[EWSNK][0-9]{8}")
PREFIX = re.compile(rf"{OWN}-([A-Za-z0-9]+)", re.IGNORECASE)
NAMES = TypeAdapter[str](Name)
DAY = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:[T ].*)?")
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000  # days of a spreadsheet: 1954 to 2064
INDIVIDUAL_TYPES = ("individual", "person", "sole trader")
INDIVIDUAL_MARK = re.compile(r"(^|[-_:])(ind|individual|person)s?([-_:0-9]|$)", re.IGNORECASE)
ABOUT = {
    "description": "summary",
    "url": "url",
    "postalCode": "postal_code",
    "addressLocality": "locality",
    "addressRegion": "region",
    "addressCountry": "country",
    "organisationType": "organisation_type",
}


class Fault(Exception):
    """A grant that cannot be loaded."""

    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class Individual(Exception):
    """A grant to a person: only its amount is counted."""

    def __init__(self, amount: float, currency: str) -> None:
        super().__init__(currency)
        self.amount = amount
        self.currency = currency


@dataclass
class Grant:
    """A grant that can be loaded; the ends of `relationship` are still open."""

    relationship: Relationship
    funder: Mention
    recipient: Mention
    places: dict[str, str]  # names of districts by their code
    doubts: list[tuple[str | None, str]] = field(default_factory=list)


def prefix_of(value: Any) -> str:
    """The publisher's prefix in the id of a grant."""
    match = PREFIX.match(_text(value.get("id"))) if isinstance(value, dict) else None
    return match[1].lower() if match else "local"


def label(element: Element) -> str:
    """By what a person finds the grant in the file."""
    given = _text(element.value.get("id")) if isinstance(element.value, dict) else ""
    return f"grants/{element.number}" + (f" ({given:.80})" if given else "")


def grant_of(element: Element, source: str) -> Grant:
    """Understand one element of the list of grants; raises Fault or Individual."""
    if element.fault:
        raise Fault(None, element.fault)
    if not isinstance(element.value, dict):
        raise Fault(None, "It is no grant. Each element of the list is an object in braces.")
    value: dict[str, Any] = element.value
    reader = _Reader(element, value, prefix_of(value))
    amount, currency = reader.amount(), _text(value.get("currency")).upper()
    if "recipientIndividual" in value and not value.get("recipientOrganization"):
        raise Individual(amount, currency)
    funder = reader.organisation("fundingOrganization", None)
    recipient = reader.organisation("recipientOrganization", funder)
    if reader.is_individual(recipient):
        raise Individual(amount, currency)
    relationship = _relationship(reader, amount, currency, source)
    return Grant(relationship, funder, recipient, dict(_places(value)), reader.doubts)


def _relationship(reader: _Reader, amount: float, currency: str, source: str) -> Relationship:
    value = reader.value
    start = reader.day("awardDate", value.get("awardDate"))
    if not currency:
        raise Fault("currency", "'currency' is missing. Give three capital letters, such as GBP.")
    try:
        return Relationship(
            id=reader.grant_id(),
            type="FUNDS",
            source="funder",
            target="recipient",
            start=start,
            end=reader.end(start),
            amount=amount,
            currency=currency,
            attributes=reader.attributes(),
            evidence=({"source": source, "locator": f"grants/{reader.element.number}"},),
        )
    except ValidationError as wrong:
        column, reason = refusal("grant", wrong)
        raise Fault(COLUMNS.get(column or "", column), reason) from wrong


@dataclass
class _Reader:
    """Reads the parts of one grant and notes what is doubtful."""

    element: Element
    value: dict[str, Any]
    prefix: str
    doubts: list[tuple[str | None, str]] = field(default_factory=list)

    def doubt(self, column: str, reason: str) -> None:
        """Something that a person should look at."""
        if (column, reason) not in self.doubts:
            self.doubts.append((column, reason))

    def grant_id(self) -> str:
        """The id of the grant, in printable characters."""
        given = _text(self.value.get("id"))
        if not given:
            raise Fault("id", "'id' is missing. Give each grant an id of its own, such as 360G-prefix-reference.")
        return quote(given, safe="!\"#$&'()*+,/:;<=>?@[\\]^`{|}~")

    def amount(self) -> int | float:
        """The amount awarded; text that is a number counts."""
        given = self.value.get("amountAwarded")
        if isinstance(given, str):
            plain = given.strip().lstrip("£€$").replace(",", "")
            given = float(plain) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]+)?", plain) else given
        if given is None or given == "":
            raise Fault("amountAwarded", "'amountAwarded' is missing. Give the amount as a number.")
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise Fault("amountAwarded", f"{given!r:.60} is not an amount. Give a number, without signs or commas.")
        if given <= 0:
            self.doubt("amountAwarded", f"The amount is {given}. Check whether the grant was made.")
        return int(given) if given == int(given) else given

    def day(self, column: str, given: Any) -> str:
        """A date as YYYY-MM-DD; the time of day goes, the serial number of a spreadsheet is understood."""
        text = _text(given)
        if not text:
            raise Fault(column, f"{column!r} is missing. Write it as 2019-10-09.")
        if text.isdecimal() and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
            read = (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
            self.doubt(column, f"{text} is read as {read}, the day number of a spreadsheet. Write dates as 2019-10-09.")
            return read
        match = DAY.fullmatch(text)
        if match is None:
            raise Fault(column, f"{text!r:.60} is not a date. Write it as 2019-10-09.")
        return match[1]

    def end(self, start: str) -> str | None:
        """The last day of the work, as it was or as it was planned."""
        for key in ("actualDates", "plannedDates"):
            ends = [self.day(key, one["endDate"]) for one in _records(self.value.get(key)) if one.get("endDate")]
            if ends and max(ends) < start[: len(max(ends))]:
                self.doubt(key, f"It ends ({max(ends)}) before it is awarded ({start}), so the end is left open.")
            elif ends:
                return max(ends)
        return None

    def attributes(self) -> dict[str, Any]:
        """Everything else that the grant says, under the standard's names written with underscores."""
        value = self.value
        for key in ("title", "description"):
            if not _text(value.get(key)):
                self.doubt(key, f"The grant has no {key}. The standard asks for one.")
        kept = {
            _snake(key): content
            for key, content in value.items()
            if content not in (None, "", [], {})
            and key not in TAKEN | MADE_BY_TOOLS
            and not key.startswith((RECIPIENT, "toIndividuals"))
        }
        for programme in _records(value.get("grantProgramme"))[:1]:
            named = {"programme": "title", "programme_code": "code", "programme_url": "url"}
            kept |= {name: _text(programme.get(key)) for name, key in named.items() if _text(programme.get(key))}
        for funder in _records(value.get("fundingOrganization"))[:1]:
            kept |= {"department": _text(funder["department"])} if _text(funder.get("department")) else {}
        return kept

    def organisation(self, column: str, funder: Mention | None) -> Mention:
        """The organisation in a field of the grant; only the first of several."""
        records = _records(self.value.get(column))
        if not records:
            raise Fault(column, f"{column!r} is missing. Give the organisation's id and name.")
        if len(records) > 1:
            self.doubt(column, f"It names {len(records)} organisations; the grant is kept for the first of them.")
        record = records[0]
        if not (name := " ".join(_text(record.get("name")).split())):
            raise Fault(f"{column}.name", f"'{column}.name' is missing. Give the organisation's name.")
        identifiers = self._not_the_funders(tuple(self._identifiers(column, record)), name, funder)
        given = _text(record.get("id"))
        own = given if given and not is_placeholder((split(given) or ("", given))[1]) else fold(name).replace(" ", "-")
        values = {ours: _text(record.get(theirs)) for theirs, ours in ABOUT.items() if _text(record.get(theirs))}
        return Mention(
            name=name,
            identifiers=identifiers,
            key=f"{OWN}-{self.prefix}-{own}",
            row=self.element.number,
            line=self.element.line,
            values=values,
            locator=f"grants/{self.element.number}",
            funder=funder is None,
        )

    def _identifiers(self, column: str, record: Mapping[str, Any]) -> Iterator[Identifier]:
        """Every identifier in a record, each once."""
        id, charity, company = (_text(record.get(key)) for key in ("id", "charityNumber", "companyNumber"))
        found: dict[str, Checked] = {"id": from_id(id, charity) if id else Checked(None, "The organisation has no id.")}
        if charity:
            found["charityNumber"] = from_charity_number(charity)
        if company:
            found["companyNumber"] = checked("GB-COH", company, charity)
        remarks = {one.remark: key for key, one in reversed(found.items()) if one.remark}
        for remark, key in reversed(remarks.items()):
            self.doubt(f"{column}.{key}", remark)
        known = dict.fromkeys(one.identifier for one in found.values() if one.identifier)
        if len({identifier.scheme for identifier in known}) < len(known):
            both = " and ".join(str(identifier) for identifier in known)
            self.doubt(f"{column}.id", f"The record has two numbers of one register: {both}. Check which is right.")
        yield from known

    def _not_the_funders(
        self, identifiers: tuple[Identifier, ...], name: str, funder: Mention | None
    ) -> tuple[Identifier, ...]:
        """Leave out numbers of the funder that were typed for a recipient of quite another name."""
        shared = set(identifiers) & set(funder.identifiers) if funder else set()
        if not funder or not shared or are_alike(name, funder.name):
            return identifiers
        text = ", ".join(str(identifier) for identifier in identifiers if identifier in shared)
        self.doubt(
            "recipientOrganization.id", f"{text} is the funder's own number, so it does not stand for {name!r:.80}."
        )
        return tuple(identifier for identifier in identifiers if identifier not in shared)

    def is_individual(self, recipient: Mention) -> bool:
        """Whether the record of an organisation is marked as one of a person; a register's number speaks against it."""
        if any(identifier.scheme != OWN for identifier in recipient.identifiers):
            return False
        stated = fold(str(recipient.values.get("organisation_type", "")))
        own = _text(_records(self.value["recipientOrganization"])[0].get("id")).split("-", 2)[-1]
        marked = stated in INDIVIDUAL_TYPES or INDIVIDUAL_MARK.search(own) is not None
        return marked or fold(recipient.name) in INDIVIDUAL_NAMES or TITLED.match(recipient.name) is not None


def _places(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Districts in which the file says that the recipient is."""
    found = [(value.get("recipientDistrictGeoCode"), value.get("recipientDistrictName"))]
    for record in _records(value.get("recipientOrganization"))[:1]:
        found += [(location.get("geoCode"), location.get("name")) for location in _records(record.get("location"))]
    for code, name in found:
        if GSS.fullmatch(_text(code)) and _is_name(_text(name)):
            yield _text(code), _text(name)


def _is_name(text: str) -> bool:
    try:
        NAMES.validate_python(text)
    except ValidationError:
        return False
    return True


def _text(value: Any) -> str:
    """A value as text; numbers count, as 1136419 is often written without quotation marks."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _records(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; one alone counts as a list."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


@lru_cache(maxsize=1_024)
def _snake(key: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()).strip("_") or "value"
