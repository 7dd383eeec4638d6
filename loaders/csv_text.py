"""Tables as text: which encoding, which separator, where the titles are, and every row with its line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from loaders.archives import Part, lines_of
from loaders.stream import HEAD

SEPARATORS = (",", ";", "\t", "|")
ROWS_BEFORE_TITLES = 50
CHUNK = 1 << 20
UTF_8, WINDOWS = "utf-8-sig", "cp1252"

Columns = TypeVar("Columns")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, without blanks around them, and the line on which it begins."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Titles(Generic[Columns]):
    """Where the titles of a table are, how its cells are separated, and what its columns are."""

    line: int
    separator: str
    columns: Columns


def find_titles(text: str, columns_of: Callable[[Sequence[str]], Columns | None]) -> Titles[Columns] | None:
    """The first row that `columns_of` understands, with each separator in turn."""
    for separator in SEPARATORS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        line = 1
        for _ in range(ROWS_BEFORE_TITLES):
            try:
                cells = next(rows, None)
            except csv.Error:
                break
            if cells is None:
                break
            if (columns := columns_of(cells)) is not None:
                return Titles(line, separator, columns)
            line = rows.line_num + 1
    return None


def head_of(part: Part, encoding: str = UTF_8) -> str:
    """The beginning of a table."""
    with part.open() as file:
        return file.read(HEAD).decode(encoding, errors="replace")


def encoding_of(part: Part) -> str:
    """UTF-8 if the whole table is, else the encoding of Windows; raises InputError when it is neither."""
    if _first_fault(part, "utf-8") is None:
        return UTF_8
    if (place := _first_fault(part, WINDOWS)) is None:
        return WINDOWS
    with part.open() as file:
        line = file.read(place + 1).count(b"\n") + 1
    message = f"it is neither UTF-8 nor Windows-1252 (byte {place + 1} of the file)."
    raise part.reading.broken(line, message, "Save it as UTF-8 and load it again.")


def _first_fault(part: Part, encoding: str) -> int | None:
    """How many bytes could be decoded before one that could not; None when all can."""
    decoder, before = codecs.getincrementaldecoder(encoding)(), 0
    with part.open() as file:
        while True:
            chunk = file.read(CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as wrong:
                return before - pending + wrong.start
            if not chunk:
                return None
            before += len(chunk)


def rows_of(part: Part, encoding: str, titles: Titles[Columns]) -> Iterator[Row]:
    """Every row below the titles that has a cell with something in it; raises InputError for a quote without end."""
    with part.open() as file:
        rows = csv.reader(lines_of(file, encoding), delimiter=titles.separator, strict=True)
        while True:
            line = rows.line_num + 1
            try:
                cells = next(rows, None)
            except csv.Error as wrong:
                message = f"its cells cannot be told apart ({wrong})."
                raise part.reading.broken(line, message, "Look for a quotation mark too many in this row.") from wrong
            if cells is None:
                return
            if line > titles.line and any(plain := [cell.strip() for cell in cells]):
                yield Row(line, plain)
