"""The lens: the one filter that every list, question, map and export takes.

What a lens hides does not exist for that answer. The audience is part of it: it comes first, as if
everything above the caller's level had been removed from the network. Each store renders the same
conditions in its own language (`node_conditions`, `relationship_conditions`, `narrowings`), and
`graph/adjacency.py` renders them as masks over arrays; nobody else decides what is visible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.model import FIRST_DAY, LAST_DAY, Audience, PartialDate, Sector, Share, Word, days

PLACE_TYPES = ("LOCATED_IN",)
THEME_TYPES = ("WORKS_ON", "EXAMPLE_OF", "ABOUT")
PART_TYPES = ("PART_OF", "LOCATED_IN")
NARROWED_KINDS = ("organisation", "person", "project")


@dataclass(frozen=True)
class Condition:
    """One comparison of a column of a row: `kind in (…)`, `level <= 0`."""

    column: str
    operator: Literal["in", "<=", ">=", "="]
    value: int | float | bool | tuple[str, ...]


@dataclass(frozen=True)
class Narrowing:
    """Nodes of these kinds stay only when a visible relationship of these types leads to one of the targets."""

    kinds: tuple[str, ...]
    types: tuple[str, ...]
    targets: tuple[str, ...]


class Lens(BaseModel):
    """Which part of the network an answer may see; an empty lens sees everything the audience allows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: tuple[Word, ...] = Field((), description="Only nodes of these kinds.", examples=[["organisation"]])
    type: tuple[Word, ...] = Field((), description="Only relationships of these types.", examples=[["FUNDS"]])
    place: tuple[str, ...] = Field(
        (), description="Only organisations, people and projects in these places or their parts.", examples=[["oldham"]]
    )
    sector: tuple[Sector, ...] = Field((), description="Only organisations and people of these sectors.")
    theme: tuple[str, ...] = Field((), description="Only organisations, people and projects of these themes.")
    at: PartialDate | None = Field(None, description="Only what held on this date.", examples=["2019-10"])
    since: PartialDate | None = Field(None, description="Only what held on or after this date.", examples=["2019"])
    until: PartialDate | None = Field(None, description="Only what held on or before this date.")
    min_confidence: Share | None = Field(None, description="Only relationships at least this sure, 0 to 1.")
    include_inferred: bool = Field(True, description="Whether relationships that are inferred count.")
    audience: Audience = Field(Audience.private, description="The level of the caller.")

    @model_validator(mode="after")
    def _one_period(self) -> Lens:
        if self.at and (self.since or self.until):
            raise ValueError("`at` cannot be combined with `since` or `until`: give one or the other")
        if self.since and self.until and days(self.since)[0] > days(self.until)[1]:
            raise ValueError("`since` is after `until`: swap them")
        return self

    @property
    def period(self) -> tuple[int, int] | None:
        """First and last day asked for, or None when no date is given."""
        if self.at:
            return days(self.at)
        if not (self.since or self.until):
            return None
        return (days(self.since)[0] if self.since else FIRST_DAY), (days(self.until)[1] if self.until else LAST_DAY)

    @property
    def judges_nodes(self) -> bool:
        """Whether it may hide a node for more than its level, which no relationship of that node is below."""
        return bool(self.kind or self.place or self.theme or self.sector or self.period)

    def audience_only(self) -> Lens:
        """The lens that hides nothing but what lies above the caller's level."""
        return Lens(audience=self.audience)

    def facts_only(self) -> Lens:
        """The lens that judges facts alike and hides no kind, type, place, sector or theme."""
        return self.model_copy(update=dict.fromkeys(("kind", "type", "place", "sector", "theme"), ()))

    def facts_of_nodes(self) -> list[Condition]:
        """What any node's own row must satisfy to count as there at all: audience and dates."""
        conditions = [Condition("level", "<=", self.audience.level)] if self.audience is not Audience.private else []
        if self.period:
            first, last = self.period
            conditions += [Condition("first_day", "<=", last), Condition("last_day", ">=", first)]
        return conditions

    def node_conditions(self) -> list[Condition]:
        """What a node's own row must satisfy (`narrowings` and `sector` come on top)."""
        return ([Condition("kind", "in", self.kind)] if self.kind else []) + self.facts_of_nodes()

    def fact_conditions(self) -> list[Condition]:
        """What a relationship's own row must satisfy to count as a fact at all, whatever its type."""
        conditions = self.facts_of_nodes()
        if self.min_confidence is not None:
            conditions.append(Condition("confidence", ">=", self.min_confidence))
        if not self.include_inferred:
            conditions.append(Condition("inferred", "=", False))
        return conditions

    def relationship_conditions(self) -> list[Condition]:
        """What a relationship's own row must satisfy; both its ends must be visible as well."""
        return ([Condition("type", "in", self.type)] if self.type else []) + self.fact_conditions()

    def narrowings(self, parts: dict[str, tuple[str, ...]]) -> list[Narrowing]:
        """The place and theme filters; `parts` holds each named place or theme with all that is part of it.

        Membership is judged on the facts of the lens (audience, dates, confidence, inferred) before any
        kind or type is hidden.
        """
        narrowings = []
        for types, names in ((PLACE_TYPES, self.place), (THEME_TYPES, self.theme)):
            if names:
                targets = sorted({part for name in names for part in parts[name]})
                narrowings.append(Narrowing(NARROWED_KINDS, types, tuple(targets)))
        return narrowings
