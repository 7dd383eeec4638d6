"""Many new things at once, worked out beforehand, so that little is left to do while the store is written.

A load makes them in a second process. Values stand in columns: a store hands whole columns on to its database, and
checks a whole column against the vocabulary in one step. They are plain lists and bytes, cheap to send.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple

from graph.model import Node, Relationship
from graph.search import fold, name_text, summary_text
from graph.store.writing import digest

DIGEST_BYTES = 16

NODE_COLUMNS = ("id", "kind", "sector", "level", "first_day", "last_day", "body")
RELATIONSHIP_COLUMNS = ("id", "type", "source", "target", "level", "first_day", "last_day", "confidence", "inferred",
                        "strength", "recorded_day", "body")  # fmt: skip
COLUMNS = {"node": NODE_COLUMNS, "relationship": RELATIONSHIP_COLUMNS}


class Naming(NamedTuple):
    """By what a node is found."""

    names: Sequence[str]
    identifiers: Sequence[str]
    summary: str | None


# One node or relationship: its values in the order of the columns, the sources it cites, its names. A plain tuple,
# as there are millions of them.
Facts = tuple[tuple[Any, ...], Sequence[str], Naming | None]


class Packed(NamedTuple):
    """Some nodes, or some relationships; nothing in them says more than one thing of the same id."""

    thing: Literal["node", "relationship"]
    columns: list[list[Any]]
    cited: list[str]  # ids of the sources of their evidence
    digests: bytes
    texts: list[tuple[str, str]]  # for each node its names and its summary, for the full-text index
    names: list[tuple[str, int]]  # each folded name, and the place of its node in the columns
    identifiers: list[tuple[str, int]]

    def __len__(self) -> int:
        return len(self.columns[0])

    def column(self, name: str) -> list[Any]:
        """All values of one column."""
        return self.columns[COLUMNS[self.thing].index(name)]


def facts_of(fact: Node | Relationship, body: str) -> Facts:
    """What a store keeps of a node or relationship beside its text."""
    cited = [entry.source for entry in fact.evidence]
    if isinstance(fact, Relationship):
        return relationship_row(fact, fact.level, body), cited, None
    return node_row(fact, fact.level, body), cited, naming(fact)


def naming(node: Node) -> Naming:
    """By what this node is found."""
    return Naming((node.name, *node.aliases), [str(one) for one in node.identifiers], node.summary)


def texts_of(one: Naming) -> tuple[str, str]:
    """What the full-text index holds of a node: its names, and its summary."""
    return name_text(one.names, one.identifiers), summary_text(one.summary)


def node_row(node: Node, level: int, body: str) -> tuple[Any, ...]:
    """The columns of a node at an effective level."""
    return node.id, node.kind, node.sector, level, *node.days, body


def relationship_row(edge: Relationship, level: int, body: str) -> tuple[Any, ...]:
    """The columns of a relationship at an effective level."""
    confidence = 1.0 if edge.confidence is None else edge.confidence
    facts = (confidence, int(edge.inferred), edge.strength, edge.recorded_day or 0)
    return (edge.id, edge.type, edge.source, edge.target, level, *edge.days, *facts, body)


def pack(thing: Literal["node", "relationship"], facts: Sequence[Facts]) -> Packed:
    """All of these, ready to be written to a store."""
    rows, cited, naming = zip(*facts, strict=True)
    columns = [list(column) for column in zip(*rows, strict=True)]
    named = list(enumerate(filter(None, naming)))  # all of them, or none
    return Packed(
        thing,
        columns,
        sorted(set(chain.from_iterable(cited))),
        b"".join([digest(thing, body) for body in columns[-1]]),
        [texts_of(one) for _, one in named],
        [(fold(name), place) for place, one in named for name in one.names],
        [(text, place) for place, one in named for text in one.identifiers],
    )
