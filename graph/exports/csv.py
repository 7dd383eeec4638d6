"""Tables for a spreadsheet: a zip of sources.csv, nodes.csv and relationships.csv.

The columns are the fields of the model. Several values share a cell with `|` between them (one that belongs to a
value is written `\\|`), `attributes` is JSON, and the pieces of evidence of a fact are told in parallel columns.
A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, cast

from pydantic import BaseModel

from graph.lens import Lens
from graph.model import Evidence, Node, Relationship, Source, Thing
from graph.store.base import Store

MEDIA_TYPE = "application/zip"
SUFFIX = ".zip"
TABLES: Mapping[type[Thing], str] = {Source: "sources.csv", Node: "nodes.csv", Relationship: "relationships.csv"}
BATCH = 1_000  # rows
# Old programs cannot open an archive of the 64-bit form, and a table of more than 2 GiB needs it.
MANY_ROWS = 1_000_000
FORMULA = re.compile(r"'*[=+\-@\t\r]")


def write(store: Store, lens: Lens) -> Iterator[bytes]:
    """The archive, table by table; equal networks give equal bytes."""
    return filter(None, _archive(store, lens))


def _archive(store: Store, lens: Lens) -> Iterator[bytes]:
    counts = store.counts(lens)
    large = counts.nodes + counts.relationships > MANY_ROWS
    pipe = _Pipe()
    with zipfile.ZipFile(cast(BinaryIO, pipe), "w", zipfile.ZIP_DEFLATED) as archive:
        things = _Runs(store.export(lens))
        for model, name in TABLES.items():
            with archive.open(_entry(name), "w", force_zip64=large) as table:
                for text in _table(model, things.of(model)):
                    table.write(text.encode())
                    yield pipe.taken()
    yield pipe.taken()


class _Pipe:
    """What a zip file is written to when it is passed on at once: it cannot be sought in."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken


class _Runs:
    """A stream of things in which those of one model stand together, given out model by model."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = iter(things)
        self._next = next(self._things, None)

    def of(self, model: type[Thing]) -> Iterator[Thing]:
        while self._next is not None and isinstance(self._next, model):
            yield self._next
            self._next = next(self._things, None)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))  # the day of writing is no part of the content
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def columns(model: type[BaseModel]) -> list[str]:
    """Titles of a table: the fields of the model, evidence spread over columns of its own."""
    names = [name for name in model.model_fields if name != "evidence"]
    return names + ([f"evidence_{name}" for name in Evidence.model_fields] if "evidence" in model.model_fields else [])


def _table(model: type[Thing], things: Iterator[Thing]) -> Iterator[str]:
    """The rows of a table as text, a thousand at a time, the titles first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns(model))
    for number, thing in enumerate(things, 1):
        writer.writerow(_cells(thing))
        if number % BATCH == 0:
            yield _emptied(text)
    yield _emptied(text)


def _emptied(text: io.StringIO) -> str:
    held = text.getvalue()
    text.seek(0)
    text.truncate()
    return held


def _cells(thing: Thing) -> list[str | int | float]:
    cells = [_cell(getattr(thing, name)) for name in type(thing).model_fields if name != "evidence"]
    if not isinstance(thing, Source):
        cells += [_joined([getattr(one, name) for one in thing.evidence]) for name in Evidence.model_fields]
    return cells


def _cell(value: Any) -> str | int | float:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return value
    if isinstance(value, tuple):
        return _joined(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return escaped(value or "")


def _joined(values: Sequence[Any]) -> str:
    texts = [str(value or "").replace("\\", "\\\\").replace("|", "\\|") for value in values]
    return escaped("|".join(texts)) if any(texts) else ""


def escaped(text: str) -> str:
    """The text as a spreadsheet takes it for text; `unescaped` gives it back."""
    return f"'{text}" if FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """A text without the apostrophe that `escaped` put before it; any other stays as it is."""
    return text[1:] if text.startswith("'") and FORMULA.match(text, 1) else text
