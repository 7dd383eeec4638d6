"""Seed tables: sources.csv, nodes.csv and relationships.csv, as people edit them in a spreadsheet.

A folder of the three, or any of them. Ids count as they stand. A list within a cell is separated by `|`,
attributes are `key=value`; the columns of evidence go together position by position.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from graph.exports.csv import unescaped
from graph.model import Node, Relationship, Source
from loaders.stream import Found, Reading, decoded, refusal

NAME = "seeds"
SUFFIXES: tuple[str, ...] = ()
JOINS = False

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?")
YES, NO = ("true", "yes", "1"), ("", "false", "no", "0")
EVIDENCE = ("evidence_source", "evidence_section", "evidence_lines")

Cells = Mapping[str, str]


class _Wrong(Exception):
    """A cell that cannot be understood."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Table:
    """One of the three tables: what a row of it is, and its columns, the necessary ones first."""

    word: str
    model: type[Source | Node | Relationship]
    necessary: tuple[str, ...]
    others: tuple[str, ...]
    values: Callable[[Cells], dict[str, Any]]


def recognises(path: Path, head: bytes) -> bool:
    """Whether it is a folder with one of the tables, or a file with the columns of one."""
    if path.is_dir():
        return any((path / f"{name}.csv").is_file() for name in TABLES)
    first = head.decode("utf-8-sig", errors="replace").splitlines()[0]
    header = {cell.strip().strip('"') for cell in first.split(",")}
    return any(
        header.issuperset(table.necessary) or (path.name == f"{name}.csv" and "id" in header)
        for name, table in TABLES.items()
    )


def read(reading: Reading) -> Iterator[Found]:
    """The rows of the table, or of the tables in the folder: sources, nodes, relationships."""
    if not reading.path.is_dir():
        yield from _table(reading, reading)
        return
    for name in TABLES:
        path = reading.path / f"{name}.csv"
        if path.is_file():
            yield from _table(reading, Reading(path, f"{reading.name}/{name}.csv", path.stat().st_size))


def _table(whole: Reading, reading: Reading) -> Iterator[Found]:
    data = reading.path.read_bytes()
    whole.done += len(data)
    rows = _rows(reading, decoded(reading, data))
    _, header = next(rows, (1, []))
    table = _table_of(reading, header)
    yield from _header(reading, table, header)
    for number, row in rows:
        whole.rows += 1
        yield _found(reading, table, number, (header, row))


def _rows(reading: Reading, text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins; empty ones are skipped."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begin = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begin, [unescaped(cell).strip() for cell in row]
            begin = reader.line_num + 1
    except csv.Error as wrong:
        fix = "Look for a quotation mark that is not closed, or stands alone in its cell: write it twice."
        raise reading.broken(begin, f"the row that begins here is no row of a table ({wrong}).", fix) from wrong


def _table_of(reading: Reading, header: list[str]) -> Table:
    if (named := TABLES.get(reading.path.stem)) is not None:
        return named
    for table in TABLES.values():
        if set(header).issuperset(table.necessary):
            return table
    raise reading.broken(1, "its columns are not those of a seed table.", f"Call it {', '.join(TABLES)} (.csv).")


def _header(reading: Reading, table: Table, header: list[str]) -> Iterator[Found]:
    """Refuse a table without a necessary column, or with one twice; warn of columns that nobody reads."""
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise reading.broken(1, "its cells are not separated by commas.", "Save it as comma-separated values.")
    for column in table.necessary:
        if column not in header:
            raise reading.broken(1, f"the column {column!r} is missing.", f"Add it: a {table.word} needs it.")
    for column in header:
        if column and header.count(column) > 1:
            raise reading.broken(1, f"the column {column!r} is there twice.", "Rename or remove one of them.")
    for column in header:
        if column and column not in (*table.necessary, *table.others):
            yield reading.warned(
                1, f"The column {column!r} is not loaded. Put it into attributes, as key=value.", column
            )


def _found(reading: Reading, table: Table, number: int, row: tuple[list[str], list[str]]) -> Found:
    header, cells = row
    if len(cells) < len(header) or any(cells[len(header) :]):
        reason = f"The row has {len(cells)} cells, the header {len(header)}. Look for a comma too few or too many."
        return reading.refused(number, reason)
    try:
        values = table.values(dict(zip(header, cells, strict=False)))
        return reading.row(table.model.model_validate(values), number)
    except _Wrong as wrong:
        return reading.refused(number, wrong.reason, wrong.column)
    except ValidationError as wrong:
        column, reason = refusal(table.word, wrong)
        return reading.refused(number, reason, EVIDENCE[0] if column == "evidence" else column)


def _given(cells: Cells, *columns: str) -> dict[str, Any]:
    return {column: cells[column] for column in columns if cells.get(column)}


def _source(cells: Cells) -> dict[str, Any]:
    return _given(cells, "id", "title", "publisher", "date", "url", "licence", "file")


def _node(cells: Cells) -> dict[str, Any]:
    plain = _given(cells, "id", "kind", "subkind", "name", "summary", "sector", "url", "start", "end", "audience")
    numbers = {column: _value(cells[column]) for column in ("latitude", "longitude") if cells.get(column)}
    lists = {"aliases": _list(cells, "aliases"), "identifiers": _identifiers(cells)}
    return plain | numbers | lists | {"attributes": _attributes(cells), "evidence": _evidence(cells, cells.get("note"))}


def _relationship(cells: Cells) -> dict[str, Any]:
    plain = _given(cells, "id", "type", "source", "target", "start", "end", "role", "currency", "note", "audience")
    numbers = ("amount", "strength", "confidence")
    return plain | {
        **{column: _value(cells[column]) for column in numbers if cells.get(column)},
        "inferred": _truth(cells, "inferred"),
        "attributes": _attributes(cells),
        "evidence": _evidence(cells, None),
    }


def _list(cells: Cells, column: str) -> list[str]:
    return [part.strip() for part in cells.get(column, "").split("|") if part.strip()]


def _identifiers(cells: Cells) -> list[dict[str, str]]:
    found = []
    for part in _list(cells, "identifiers"):
        scheme, colon, value = part.partition(":")
        if not colon:
            raise _Wrong("identifiers", f"{part!r:.60} is no identifier. Write scheme:value, such as GB-CHC:327114.")
        found.append({"scheme": scheme.strip(), "value": value.strip()})
    return found


def _attributes(cells: Cells) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in _list(cells, "attributes"):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not key:
            raise _Wrong("attributes", f"{part!r:.60} is no attribute. Write key=value, several separated by |.")
        if key in found:
            raise _Wrong("attributes", f"The attribute {key!r:.60} is given twice. Keep one of them.")
        found[key] = {"true": True, "false": False}.get(value, _value(value))
    return found


def _value(text: str) -> str | int | float:
    """A number where the text is one, written as numbers are; otherwise the text."""
    match = NUMBER.fullmatch(text)
    if match is None:
        return text
    return float(text) if match[2] else int(text)


def _truth(cells: Cells, column: str) -> bool:
    text = cells.get(column, "").casefold()
    if text not in (*YES, *NO):
        raise _Wrong(column, f"{text!r:.60} is neither true nor false. Write true, or leave the cell empty.")
    return text in YES


def _evidence(cells: Cells, note: str | None) -> list[dict[str, Any]]:
    """The columns of evidence, position by position; the note goes with the first."""
    sources = _list(cells, EVIDENCE[0])
    sections, lines = (_positions(cells, column, len(sources)) for column in EVIDENCE[1:])
    entries: list[dict[str, Any]] = [
        {"source": source, "locator": _locator(section, place)}
        for source, section, place in zip(sources, sections, lines, strict=True)
    ]
    if note and entries:
        entries[0]["note"] = note
    return entries


def _positions(cells: Cells, column: str, count: int) -> list[str]:
    parts = [part.strip() for part in cells.get(column, "").split("|")]
    if parts == [""]:
        return [""] * count
    if len(parts) != count:
        reason = f"It has {len(parts)} entries, {EVIDENCE[0]} has {count}. Give one for each, separated by |."
        raise _Wrong(column, reason)
    return parts


def _locator(section: str, lines: str) -> str | None:
    word = "lines" if "-" in lines or "," in lines else "line"
    return ", ".join(part for part in (section, f"{word} {lines}" if lines else "") if part) or None


TABLES = {
    "sources": Table(
        "source", Source, ("id", "title"), ("publisher", "date", "url", "licence", "file", "note"), _source
    ),
    "nodes": Table(
        "node",
        Node,
        ("id", "kind", "name", "evidence_source"),
        (
            *("subkind", "aliases", "summary", "sector", "identifiers", "url", "latitude", "longitude", "start", "end"),
            *("audience", "attributes", "evidence_section", "evidence_lines", "name_in_text", "note"),
        ),
        _node,
    ),
    "relationships": Table(
        "relationship",
        Relationship,
        ("id", "type", "source", "target", "evidence_source"),
        (
            *("role", "start", "end", "amount", "currency", "strength", "confidence", "inferred", "note", "audience"),
            *("attributes", "evidence_section", "evidence_lines", "name_in_text"),
        ),
        _relationship,
    ),
}
