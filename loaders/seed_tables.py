"""The seed tables as people edit them: rows of text, what they cite, and how names are compared with a text.

`loaders/formats/seeds.py` reads the same tables for a store; here they are kept as they stand, to be checked.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from graph.errors import InputError
from graph.vocabulary import Vocabulary

Row = Mapping[str, str]

SUPERSCRIPTS = str.maketrans("", "", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LINES = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


class Passage(NamedTuple):
    """Lines of a text that a row cites."""

    source: str
    section: str
    first: int
    last: int


@dataclass(frozen=True)
class Seed:
    """The three tables, and the lines of the texts that are at hand, by id of the source."""

    sources: Sequence[Row]
    nodes: Sequence[Row]
    relationships: Sequence[Row]
    vocabulary: Vocabulary
    texts: Mapping[str, Sequence[str]]

    @cached_property
    def facts(self) -> tuple[Row, ...]:
        """Nodes and relationships."""
        return (*self.nodes, *self.relationships)

    @cached_property
    def by_id(self) -> dict[str, Row]:
        """Nodes by their id."""
        return {row["id"]: row for row in self.nodes}

    @cached_property
    def whole(self) -> str:
        """Every text, folded."""
        return "".join(folded("\n".join(lines)) for lines in self.texts.values())

    def cited(self, row: Row) -> list[str]:
        """The passages of a row, folded; those of texts that are not at hand are left out."""
        return [
            folded("\n".join(self.texts[passage.source][passage.first - 1 : passage.last]))
            for passage in passages(row)
            if passage.source in self.texts
        ]


def read_seed(folder: Path, vocabulary: Vocabulary, *, documents: Path | None = None) -> Seed:
    """The tables of a folder, with the texts of another folder if one is named."""
    sources, nodes, relationships = (_table(folder / f"{name}.csv") for name in ("sources", "nodes", "relationships"))
    files = {row["id"]: documents / row["file"] for row in sources if row["file"]} if documents else {}
    texts = {source: _text(path).split("\n") for source, path in files.items()}
    return Seed(sources, nodes, relationships, vocabulary, texts)


def _table(path: Path) -> tuple[Row, ...]:
    try:
        return tuple(csv.DictReader(io.StringIO(_text(path), newline=""), strict=True, restval=""))
    except csv.Error as wrong:
        raise InputError(f"{path.name}: {wrong}.", fix="Save it as CSV in UTF-8.", file=path.name) from wrong


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as wrong:
        raise InputError(f"{path}: it cannot be read.", fix="Name the folder that holds it.", file=path.name) from wrong


def cells(text: str) -> list[str]:
    """The parts of a list within a cell."""
    return [part for part in text.split("|") if part]


def attributes(row: Row) -> dict[str, str]:
    """Attributes of a row by name."""
    return dict(part.partition("=")[::2] for part in cells(row["attributes"]))


def passages(row: Row) -> list[Passage]:
    """What a row cites, as far as its three columns of evidence go together."""
    columns = [row[f"evidence_{part}"].split("|") for part in ("source", "section", "lines")]
    found = ((source, section, LINES.fullmatch(lines)) for source, section, lines in zip(*columns, strict=False))
    return [
        Passage(source, section, int(lines[1]), int(lines[2] or lines[1])) for source, section, lines in found if lines
    ]


def words(text: str) -> list[str]:
    """Words in small letters: quotation marks, dashes, emphasis, superscripts and line breaks do not count."""
    return re.findall(r"[^\W_]+", text.translate(SUPERSCRIPTS).casefold())


def folded(text: str) -> str:
    """The words of a text with blanks around, so that a name is found whole."""
    return f" {' '.join(words(text))} "


def names(node: Row) -> list[str]:
    """Name and aliases of a node."""
    return [node["name"], *cells(node["aliases"])]


def is_named(node: Row, text: str) -> bool:
    """Whether a folded text holds the name of a node, or an alias."""
    return any(folded(name) in text for name in names(node))


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every run of so many words."""
    found = words(text)
    return (tuple(found[place : place + length]) for place in range(len(found) - length + 1))
