"""A map as plain data: what is drawn, where, and the words that say the same.

The page, the picture and the JSON of a map are three views of one `NetworkMap`; none of them knows the store.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from graph.errors import LimitExceeded

MOST_NODES = 2_000
MOST_RELATIONSHIPS = 5_000

# Adding 0.0 turns minus zero into zero, so that equal maps have equal bytes.
Tenth = Annotated[float, AfterValidator(lambda value: round(value, 1) + 0.0)]
Point = tuple[Tenth, Tenth]


class Part(BaseModel):
    """A piece of plain data that never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class MapEvidence(Part):
    """The footnote of a fact: which source, and where in it."""

    title: str
    locator: str | None = None
    url: str | None = None
    note: str | None = None


class MapLink(Part):
    """Another map, which shows what this one leaves out or what it is a part of."""

    words: str
    href: str


class MapNode(Part):
    """One node as drawn, with what its details say."""

    id: str
    kind: str
    subkind: str | None = None
    name: str
    aliases: tuple[str, ...] = ()
    sector: str | None = None
    places: tuple[str, ...] = ()
    summary: str | None = None
    url: str | None = Field(None, description="Its own page elsewhere.")
    href: str | None = Field(None, description="Its page in this service.")
    x: Tenth = 0.0
    y: Tenth = 0.0
    size: Tenth = Field(6.0, description="Radius of a disc of the same area, in the units of x and y.")
    group: str | None = Field(None, description="Id of its group.")
    is_cog: bool = Field(False, description="Connects groups that would otherwise be apart.")
    is_centre: bool = Field(False, description="The one that the map is drawn around.")
    score: float | None = None
    rank: int | None = None
    ties: int = 0
    name_side: Literal["", "left", "right"] = Field("", description="On which side its name stands, if on one.")
    bridges: tuple[str, ...] = Field((), description="Names of the groups that it joins.")
    evidence: tuple[MapEvidence, ...] = ()


class MapRelationship(Part):
    """One relationship as drawn, with the sentence that says it."""

    id: str
    type: str
    source: str
    target: str
    sentence: str
    directed: bool = True
    inferred: bool = False
    confidence: float | None = None
    strength: float = 0.3
    start: str | None = None
    end: str | None = None
    evidence: tuple[MapEvidence, ...] = ()


class MapGroup(Part):
    """A group of nodes with many ties among them, and the outline drawn behind it."""

    id: str
    name: str
    count: int = 0
    outline: tuple[Point, ...] = ()
    tint: str = "#f2f5f8"


class LegendKind(Part):
    """How one kind of node looks on this map, and how many there are."""

    name: str
    plural: str
    meaning: str = ""
    shape: str = "dot"
    mark: Literal["", "spot", "bar"] = Field("", description="Tells apart kinds that share a shape, in greyscale too.")
    colour: str = "#0072B2"
    border: str = "#1d1d1d"
    count: int = 0


class LegendType(Part):
    """How one type of relationship looks on this map, and how many there are."""

    name: str
    reads: str
    meaning: str = ""
    line: Literal["solid", "dashed", "dotted"] = "solid"
    colour: str = "#767676"
    directed: bool = True
    count: int = 0


class NetworkMap(Part):
    """A whole map: its words, its nodes and relationships in place, its groups and its legend."""

    style: str = Field("network", description="The style that made it.")
    title: str
    summary: str = Field(description="The answer in one sentence.")
    description: str = Field("", description="A paragraph that says what a reader would see.")
    nodes: tuple[MapNode, ...] = ()
    relationships: tuple[MapRelationship, ...] = ()
    groups: tuple[MapGroup, ...] = ()
    kinds: tuple[LegendKind, ...] = ()
    types: tuple[LegendType, ...] = ()
    column: tuple[tuple[str, int], ...] = Field(
        (),
        description="For narrow screens: ids in the order in which they stand below each other, and how many steps each"
        " is set in; empty where the places say nothing.",
    )
    cut: str | None = Field(None, description="What was left out, and how to see it; none when the map is whole.")
    links: tuple[MapLink, ...] = Field((), description="Other maps that a reader of this one may want.")
    notes: tuple[str, ...] = ()
    address: str = Field("", description="Where the same map is served.")
    command: str = Field("", description="The command that makes the same map.")
    graph_version: str = ""

    def check_size(self) -> None:
        """Raise LimitExceeded when the map holds more than a page can draw."""
        if len(self.nodes) > MOST_NODES or len(self.relationships) > MOST_RELATIONSHIPS:
            raise LimitExceeded(
                f"A map of {len(self.nodes):,} nodes and {len(self.relationships):,} relationships is too big to draw;"
                f" the most is {MOST_NODES:,} and {MOST_RELATIONSHIPS:,}.",
                fix="Narrow it by kind, type, place or theme, or map the surroundings of one node.",
            )
