"""Tables in a zip file, passed on while they are made."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, TypeVar, cast

from graph.lens import Lens
from graph.model import Thing
from graph.store.base import Store

BATCH = 1_000  # rows
# Old programs cannot open an archive of the 64-bit form, and a table of more than 2 GiB needs it.
MANY_ROWS = 1_000_000

Table = tuple[str, Iterable[str]]  # name of the file, and its text in pieces
T = TypeVar("T", bound=Thing)
Cell = str | int | float | None


def archive(store: Store, lens: Lens, tables: Iterable[Table]) -> Iterator[bytes]:
    """The archive, table by table; equal tables give equal bytes."""
    return filter(None, _pieces(store, lens, tables))


def _pieces(store: Store, lens: Lens, tables: Iterable[Table]) -> Iterator[bytes]:
    counts = store.counts(lens)
    large = counts.nodes + counts.relationships > MANY_ROWS
    pipe = _Pipe()
    with zipfile.ZipFile(cast(BinaryIO, pipe), "w", zipfile.ZIP_DEFLATED) as file:
        for name, texts in tables:
            with file.open(_entry(name), "w", force_zip64=large) as table:
                for text in texts:
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


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))  # the day of writing is no part of the content
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def table_text(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The rows of a table as text, a thousand at a time, the titles first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(titles)
    for number, row in enumerate(rows, 1):
        writer.writerow(row)
        if number % BATCH == 0:
            yield _emptied(text)
    yield _emptied(text)


def _emptied(text: io.StringIO) -> str:
    held = text.getvalue()
    text.seek(0)
    text.truncate()
    return held


class Runs:
    """A stream of things in which those of one model stand together, given out model by model."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = iter(things)
        self._next = next(self._things, None)

    def of(self, model: type[T]) -> Iterator[T]:
        while self._next is not None and isinstance(self._next, model):
            yield self._next
            self._next = next(self._things, None)
