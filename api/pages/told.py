"""What an answer is on its page: words, facts, tables, lists and sentences in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.pages.footnotes import Footnote, Footnotes
from api.pages.sayings import Saying
from graph.model import Node


@dataclass(frozen=True)
class Piece:
    """A few words, and the node that they name, if they name one."""

    text: str
    id: str = ""


Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Fact:
    """One value with its name and what it means."""

    label: str
    meaning: str
    pieces: Pieces
    is_number: bool = False


@dataclass(frozen=True)
class Entry:
    """One thing of a list in words: what it is about, its sentence, and what belongs to it."""

    head: Pieces
    sentence: str
    facts: Sequence[Fact]
    sayings: Sequence[Saying]
    footnotes: Sequence[Footnote] = ()


@dataclass(frozen=True)
class Told:
    """One part of an answer."""

    title: str = ""
    meaning: str = ""
    count: int = 0
    words: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    entries: Sequence[Entry] = ()
    rows: Sequence[Sequence[Fact]] = ()
    names: Sequence[Pieces] = ()
    sayings: Sequence[Saying] = ()
    parts: Sequence[Told] = field(default=())

    @property
    def meanings(self) -> Sequence[tuple[str, str]]:
        """What the columns of its table mean, where that is stated."""
        first = self.rows[0] if self.rows else ()
        return [(fact.label, fact.meaning) for fact in first if fact.label and fact.meaning]

    def is_number(self, column: int) -> bool:
        """Whether a column of its table holds numbers."""
        return any(row[column].is_number for row in self.rows)


@dataclass(frozen=True)
class Known:
    """What an answer speaks of by id, and the relationships that it rests on as sentences."""

    nodes: Mapping[str, Node]
    sayings: Mapping[str, Saying]
    footnotes: Footnotes
