"""The vocabulary: every kind of node and type of relationship, what it means and how it reads."""

from __future__ import annotations

from collections.abc import Iterator

from api.reading import Read
from api.routing import Get, plain
from graph.vocabulary import Vocabulary


class VocabularyAnswer(Vocabulary):
    """All kinds and types."""

    graph_version: str


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    yield Get(
        "/v1/vocabulary", plain("vocabulary", "Kinds of node and types of relationship."), table, VocabularyAnswer
    )


def table(read: Read) -> VocabularyAnswer:
    """The whole table."""
    vocabulary = read.store.vocabulary
    return VocabularyAnswer(kinds=vocabulary.kinds, types=vocabulary.types, graph_version=read.graph_version)
