"""What the network is made of: sources, nodes, relationships, and the evidence for each.

The canonical text of a thing (`canonical`) is one line of graph JSON Lines: keys in the order of the
fields below, empty values left out. Stores keep that text, digests are taken of it, exports write it.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StrictFloat,
    StrictInt,
    StringConstraints,
)

UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
FIRST_DAY = 1
LAST_DAY = date.max.toordinal()


class Audience(StrEnum):
    """Who may see a thing; each level sees what the levels before it see."""

    public = "public"
    network = "network"
    team = "team"
    private = "private"

    @property
    def level(self) -> int:
        """0 for public to 3 for private; a caller of level L sees what has a level of at most L."""
        return LEVELS.index(self)


LEVELS = tuple(Audience)


class Sector(StrEnum):
    """The part of society that an organisation or a person belongs to."""

    public = "public"
    community = "community"
    business = "business"
    academia = "academia"
    funder = "funder"
    movement = "movement"
    media = "media"
    mixed = "mixed"


@lru_cache(maxsize=16_384)
def days(partial: str) -> tuple[int, int]:
    """First and last day of a partial date, as day numbers: all of 2019, October 2019, or one day."""
    year, *rest = (int(part) for part in partial.split("-"))
    if len(rest) == 2:
        return (exact := date(year, *rest).toordinal()), exact
    first_month, last_month = (rest[0], rest[0]) if rest else (1, 12)
    last = date(year, last_month, calendar.monthrange(year, last_month)[1])
    return date(year, first_month, 1).toordinal(), last.toordinal()


def span(start: str | None, end: str | None) -> tuple[int, int]:
    """The days on which a fact holds; no start means always before, no end means still going on."""
    return (days(start)[0] if start else FIRST_DAY), (days(end)[1] if end else LAST_DAY)


def _real_date(value: str) -> str:
    try:
        days(value)
    except ValueError as wrong:
        raise ValueError(f"{value} is not a date of the calendar: look at its month and day") from wrong
    return value


def _clean(value: str) -> str:
    if UNCLEAN.search(value):
        raise ValueError("holds control characters or half a character")
    return value


def _nothing(value: Any) -> Any:
    return None if value == "" else value


def _finite(value: int | float) -> int | float:
    if not -1e15 <= value <= 1e15:
        raise ValueError("is not a number between -10^15 and 10^15")
    return value


PartialDate = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"), AfterValidator(_real_date)
]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$")]
RelationshipId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,300}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,59}$")]
Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_clean)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True), AfterValidator(_clean)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Amount = Annotated[StrictInt | StrictFloat, AfterValidator(_finite)]

NO_ATTRIBUTES: Any = Field(  # given as a value it would be copied for each thing that is read: a fifth of the time
    default_factory=dict, description="Anything else that a loader found.", json_schema_extra={"default": {}}
)

MaybeText = Annotated[Text | None, BeforeValidator(_nothing)]
MaybeDate = Annotated[PartialDate | None, BeforeValidator(_nothing)]


class Record(BaseModel):
    """Base of everything that is kept: unknown keys are refused, nothing changes after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def canonical(self) -> str:
        """The thing as one line of JSON, keys in the order of the fields, empty values left out."""
        return self.model_dump_json(exclude_defaults=True)


class Identifier(Record):
    """A number or code that somebody else keeps for the same thing, such as a charity number."""

    scheme: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")] = Field(
        description="The list it comes from, by its org-id.guide code.", examples=["GB-CHC"]
    )
    value: Annotated[str, StringConstraints(pattern=r"^\S(.{0,198}\S)?$"), AfterValidator(_clean)] = Field(
        examples=["327114"]
    )

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Evidence(Record):
    """Where a fact comes from: the source, and the place in it."""

    source: Slug = Field(description="Id of the source.")
    locator: MaybeText = Field(None, description="Section, page, lines, sheet and row, or the fragment of an address.")
    note: MaybeText = Field(None, description="What a reader should know about this piece of evidence.")
    recorded_at: MaybeDate = Field(None, description="When it was recorded; never invented by a load.")
    recorded_by: MaybeText = Field(None, description="Who recorded it.")
    quote: MaybeText = Field(None, description="The words themselves, only where the licence allows.")


class Source(Record):
    """A document, file or register that facts were taken from."""

    id: Slug
    title: Name
    url: MaybeText = None
    publisher: MaybeText = None
    date: MaybeDate = None
    licence: MaybeText = None
    file: MaybeText = Field(None, description="Name of the file that was read.")


class Fact(Record):
    """What nodes and relationships have in common: an audience, and at least one piece of evidence."""

    if TYPE_CHECKING:  # declared by both, each in its own place of the contract's order of keys
        start: str | None
        end: str | None
        audience: Audience | None
        evidence: tuple[Evidence, ...]

    @property
    def days(self) -> tuple[int, int]:
        """First and last day on which it holds."""
        return span(self.start, self.end)

    @property
    def level(self) -> int:
        """Its own level of audience, 0 (public) to 3 (private)."""
        return self.audience.level if self.audience else 0

    @property
    def recorded_day(self) -> int | None:
        """The newest day on which its evidence was recorded, as a day number; None when no evidence says."""
        recorded = [days(evidence.recorded_at)[0] for evidence in self.evidence if evidence.recorded_at]
        return max(recorded, default=None)


class Node(Fact):
    """One organisation, person, project, place, theme, event, publication, fund or insight."""

    id: Slug
    kind: Word
    subkind: MaybeText = Field(None, description="Refines the kind: council, programme, shift, law.")
    name: Name
    aliases: tuple[Name, ...] = ()
    summary: MaybeText = None
    sector: Sector | None = None
    identifiers: tuple[Identifier, ...] = ()
    url: MaybeText = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    start: MaybeDate = None
    end: MaybeDate = None
    audience: Audience | None = Field(None, description="Who may see it; absent means public.")
    attributes: dict[str, JsonValue] = NO_ATTRIBUTES
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class Relationship(Fact):
    """One stated or inferred relationship between two nodes; parallel ones are kept apart by their ids."""

    id: RelationshipId
    type: Word
    source: Slug
    target: Slug
    start: MaybeDate = None
    end: MaybeDate = None
    role: MaybeText = None
    amount: Amount | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    strength: Share | None = Field(None, description="0 to 1; absent means the default of its type.")
    confidence: Share | None = Field(None, description="0 to 1; absent means 1.")
    inferred: bool = Field(False, description="Follows from the source but is not said there.")
    note: MaybeText = None
    audience: Audience | None = Field(None, description="Who may see it; absent means public.")
    attributes: dict[str, JsonValue] = NO_ATTRIBUTES
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]


Thing = Source | Node | Relationship
ThingName = Literal["source", "node", "relationship"]


def thing_name(thing: Thing) -> ThingName:
    """The word by which graph JSON Lines announces a thing."""
    if isinstance(thing, Source):
        return "source"
    return "node" if isinstance(thing, Node) else "relationship"


def line(thing: Thing) -> str:
    """A thing as one line of graph JSON Lines, without the line break."""
    return f'{{"{thing_name(thing)}":{thing.canonical()}}}'
