"""The parts that answers are made of, the same in every question."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from graph.model import Evidence, Sector

NodeName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1_000,
        description="A node: its id, its exact name or alias (folded), or an identifier `scheme:value`.",
        json_schema_extra={"node": True},
    ),
]


class Part(BaseModel):
    """Base of everything in an answer: nothing changes after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NodeBrief(Part):
    """Enough of a node to name it and to ask for it."""

    id: str
    kind: str
    name: str


class NodeInAnswer(Part):
    """A node as answers show it."""

    id: str = Field(examples=["oldham-council"])
    kind: str = Field(examples=["organisation"])
    subkind: str | None = Field(examples=["council"])
    name: str = Field(examples=["Oldham Council"])
    sector: Sector | None = Field(examples=["public"])
    places: tuple[str, ...] = Field(description="Ids of the places it is stated to be in.", examples=[["oldham"]])


class RelationshipInAnswer(Part):
    """A relationship as answers show it, with the sentence a person would say."""

    id: str
    type: str = Field(examples=["FUNDS"])
    source: str = Field(description="Id of the node it starts from.")
    target: str = Field(description="Id of the node it leads to.")
    sentence: str = Field(examples=["A funds B, 2019, £40,000"])
    role: str | None
    start: str | None
    end: str | None
    amount: int | float | None
    currency: str | None
    confidence: float = Field(description="0 to 1; 1 where nothing is stated.")
    inferred: bool = Field(description="Follows from the source but is not said there.")
    evidence: tuple[Evidence, ...]


class Cut(Part):
    """Which limit of the system cut the answer short."""

    limit: str = Field(description="Name of the limit.", examples=["limit"])
    kept: int = Field(description="How many were kept.")
    of: int = Field(description="How many there were.")


class Meta(Part):
    """What was asked, of which state of the network, and what a reader should know about the answer."""

    question: str
    parameters: dict[str, Any] = Field(description="As understood, defaults filled in; nodes by their ids.")
    graph_version: str = Field(description="Digest of everything the caller may see.")
    cut: Cut | None = Field(description="Null, or which limit cut the answer and how many there were.")
    notes: tuple[str, ...] = Field(description="Sentences a person should read.")


class QuestionParameters(BaseModel):
    """Base of the parameters of a question; the lens comes on top unless a field of the same name is here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class QuestionAnswer(Part):
    """Base of the answer of a question."""

    meta: Meta
