"""Relationships as sentences of a page: told from one end, the other end a link, with their footnotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.pages.footnotes import Footnote, Footnotes
from graph.model import Node, Relationship
from graph.sentences import sentence, sentence_back
from graph.vocabulary import Vocabulary

# Stand for the two names while a sentence is made; the sentence begins with the one, and the other follows the verb.
HERE, THERE = "\ue000", "\ue001"


@dataclass(frozen=True)
class Saying:
    """One sentence in five parts: a name, the verb, the other name, what follows, and how it is known."""

    first: Node
    verb: str
    second: Node
    rest: str
    inferred: bool
    confidence: float | None
    note: str | None
    footnotes: tuple[Footnote, ...]
    start: str | None = None
    end: str | None = None

    @property
    def sureness(self) -> str:
        """How sure it is, in percent; empty where nothing is stated."""
        return "" if self.confidence in (None, 1) else f"{self.confidence:.0%}"


def say(
    relationship: Relationship, ends: Mapping[str, Node], vocabulary: Vocabulary, footnotes: Footnotes, *, of: str = ""
) -> Saying:
    """A relationship as a sentence that begins with its source, or with the node that the page is about."""
    back = relationship.target == of != relationship.source
    names = (THERE, HERE) if back else (HERE, THERE)
    text = (sentence_back if back else sentence)(relationship, *names, vocabulary)
    verb, _, rest = text.removeprefix(HERE).partition(THERE)
    first, second = (relationship.target, relationship.source) if back else (relationship.source, relationship.target)
    return Saying(
        ends[first],
        verb.strip(),
        ends[second],
        rest,
        relationship.inferred,
        relationship.confidence,
        relationship.note,
        tuple(footnotes.of(relationship.evidence)),
        relationship.start,
        relationship.end,
    )


def ends_of(relationships: Iterable[Relationship]) -> list[str]:
    """Ids of both ends of all of these, each once."""
    return list(dict.fromkeys(end for one in relationships for end in (one.source, one.target)))
