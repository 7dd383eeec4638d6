"""The kinds of node and types of relationship that a network may hold, read from `vocabulary.yaml`."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.errors import InputError
from graph.model import Node, Relationship, Share, Word

OWN_TABLE = Path(__file__).with_name("vocabulary.yaml")


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    meaning: str = ""
    colour: str = Field("#8a8a8a", pattern=r"^#[0-9A-Fa-f]{6}$")


class Kind(_Row):
    """A kind of node: what it means and how it looks."""

    plural: str
    shape: Literal["dot", "triangle", "triangleDown", "square", "diamond", "hexagon", "star"] = "dot"
    passage: bool = Field(True, description="Paths and ego networks may run through it.")
    work: bool = Field(False, description="Actors who share one have worked together.")
    group_only: bool = Field(False, description="Groups actors, never connects them.")


class Type(_Row):
    """A type of relationship: what it joins, how it reads both ways, what it is worth."""

    source: tuple[Word, ...] | Literal["any"] = "any"
    target: tuple[Word, ...] | Literal["any"] = "any"
    directed: bool = True
    reads: str
    reads_back: str
    was: str | None = Field(None, description="How it reads when it is over, such as a former post.")
    was_back: str | None = None
    strength: Share = 0.3
    tie: bool = Field(False, description="Makes a tie or a membership between actors.")
    of: bool = Field(False, description="Makes a person one of an organisation's own people.")
    line: Literal["solid", "dashed", "dotted"] = "solid"

    def allows(self, source_kind: str, target_kind: str) -> bool:
        """Whether this type may run from one kind to the other."""
        return (self.source == "any" or source_kind in self.source) and (
            self.target == "any" or target_kind in self.target
        )


class Vocabulary(BaseModel):
    """All kinds and types, with the checks that keep a network within them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: dict[Word, Kind]
    types: dict[Word, Type]

    @cached_property
    def tie_types(self) -> tuple[str, ...]:
        """Types that make a tie or a membership between actors."""
        return tuple(sorted(name for name, row in self.types.items() if row.tie))

    @cached_property
    def of_types(self) -> tuple[str, ...]:
        """Types that make a person one of an organisation's own people."""
        return tuple(sorted(name for name, row in self.types.items() if row.of))

    def check_node(self, node: Node) -> None:
        """Raise InputError when the node's kind is not in the vocabulary."""
        if node.kind not in self.kinds:
            raise InputError(
                f"{node.kind!r} is not a kind of node.",
                fix=f"Use one of: {', '.join(sorted(self.kinds))}.",
                column="kind",
            )

    def check_relationship(self, relationship: Relationship, source_kind: str, target_kind: str) -> None:
        """Raise InputError when the type is unknown or does not join these kinds in this direction."""
        row = self.types.get(relationship.type)
        if row is None:
            raise InputError(
                f"{relationship.type!r} is not a type of relationship.",
                fix=f"Use one of: {', '.join(sorted(self.types))}.",
                column="type",
            )
        if not row.allows(source_kind, target_kind):
            raise InputError(
                f"{relationship.type} cannot run from {with_article(source_kind)} to {with_article(target_kind)}.",
                fix=f"It runs from {_words(row.source)} to {_words(row.target)}.",
                column="type",
            )


def with_article(noun: str) -> str:
    """A kind in a sentence: “a place”, “an organisation”."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _words(kinds: tuple[str, ...] | Literal["any"]) -> str:
    return "any kind" if kinds == "any" else " or ".join(kinds)


def load_vocabulary(extra: Path | None = None) -> Vocabulary:
    """Read the product's own table and, where given, a user's file that adds to it or changes single values."""
    table = _read(OWN_TABLE)
    if extra is not None:
        for part, rows in _read(extra).items():
            for name, values in (rows or {}).items():
                table.setdefault(part, {}).setdefault(name, {}).update(values or {})
    try:
        return Vocabulary.model_validate(table)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise InputError(
            f"The vocabulary is wrong at {'.'.join(map(str, first['loc']))}: {first['msg']}.",
            fix=f"Mend {extra or OWN_TABLE}; `graph/vocabulary.yaml` shows the form.",
        ) from wrong


def _read(path: Path) -> dict[str, Any]:
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as wrong:
        raise InputError(f"The vocabulary {path} cannot be read: {wrong}.", fix="Give a readable YAML file.") from wrong
    if not isinstance(table, dict) or not all(isinstance(rows, dict | None) for rows in table.values()):
        raise InputError(f"The vocabulary {path} is not a table.", fix="It needs the keys `kinds` and `types`.")
    return table
