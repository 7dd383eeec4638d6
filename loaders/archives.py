"""The tables of a file: the file itself, or those in a zip, unpacked as they are read and never to the disk.

What a zip says of its size is checked before anything is unpacked, and what comes out is counted against it: a few
kilobytes can hold gigabytes.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, TypeVar

from graph.model import UNCLEAN
from loaders.stream import Reading

MOST_PARTS = 1_000
LARGEST = 2 * 1024**3  # bytes unpacked, of all parts together
MOST_TIMES = 250  # tables of payments pack to between a tenth and a thirtieth
BEGINNING = b"PK\x03\x04"
TABLES = (".csv", ".tsv", ".txt")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
T = TypeVar("T")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


@dataclass
class Meter:
    """How many bytes of how many have gone by, over all passes."""

    reading: Reading
    total: int = 1
    taken: int = 0

    def add(self, count: int) -> None:
        """Note that so many more were read."""
        self.taken += count
        self.reading.done = min(self.reading.size, round(self.reading.size * self.taken / self.total))


@dataclass(frozen=True)
class Part:
    """One table: by what name it is reported, what stands before its lines in locators, and its bytes."""

    reading: Reading
    member: str  # its name in the zip; empty for a file that stands alone
    size: int
    raw: Callable[[], IO[bytes]] = field(repr=False)
    meter: Meter = field(repr=False)

    @property
    def stem(self) -> str:
        """Its name without folders and ending."""
        return PurePosixPath(self.member).stem if self.member else self.reading.path.stem

    def locator(self, line: int) -> str:
        """Where a line is found in the source."""
        return f"{self.member}, line {line}" if self.member else f"line {line}"

    def open(self) -> BinaryIO:
        """Its bytes from the beginning; raises InputError when they are damaged or more than was declared."""
        return io.BufferedReader(_Watched(self), 1 << 16)


class _Watched(io.RawIOBase):
    """Counts what is read, and turns what goes wrong into an error that says where."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.count = 0
        self.inner = self._guarded(part.raw)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._guarded(lambda: self.inner.read(len(buffer)))
        self.count += len(data)
        if self.count > self.part.size:
            raise _refused(self.part.reading, "it holds more than it says")
        buffer[: len(data)] = data
        self.part.meter.add(len(data))
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.inner.close()
        super().close()

    def _guarded(self, step: Callable[[], T]) -> T:
        try:
            return step()
        except BROKEN as wrong:
            raise _refused(self.part.reading, "it is damaged") from wrong


@dataclass(frozen=True)
class Tables:
    """What of a file can be read as tables, what describes them, and what is neither."""

    parts: list[Part]
    descriptions: dict[str, bytes]
    others: list[str]


def tables_of(reading: Reading, head: bytes) -> Tables:
    """The tables of a file; raises InputError for a zip that is damaged, locked or too large."""
    meter = Meter(reading)
    if not head.startswith(BEGINNING) and reading.path.suffix.lower() != ".zip":
        return Tables([Part(reading, "", reading.size, lambda: reading.path.open("rb"), meter)], {}, [])
    try:
        archive = zipfile.ZipFile(reading.path)
    except BROKEN as wrong:
        raise _refused(reading, "it is no whole zip") from wrong
    files = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX/" not in info.filename]
    _check(reading, files)
    tables = [_part(archive, info, meter) for info in files if info.filename.lower().endswith(TABLES)]
    descriptions = {info.filename: info for info in files if info.filename.endswith("metadata.json")}
    found = {name: _part(archive, info, meter) for name, info in descriptions.items()}
    known = {part.member for part in tables} | {part.member for part in found.values()}
    others = [name for name in map(_clean, (info.filename for info in files)) if name not in known]
    return Tables(tables, {part.member: _whole(part) for part in found.values()}, others)


def _whole(part: Part) -> bytes:
    with part.open() as file:
        return file.read(1 << 20)


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter) -> Part:
    reading, member = meter.reading, _clean(info.filename)
    return Part(
        replace(reading, name=f"{reading.name}/{member}"), member, info.file_size, _opener(archive, info), meter
    )


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _clean(name: str) -> str:
    return UNCLEAN.sub("?", name)[:300]


def _check(reading: Reading, files: list[zipfile.ZipInfo]) -> None:
    """Refuse what is locked, packed in a way that no council uses, or would be too much."""
    unpacked, packed = sum(one.file_size for one in files), sum(one.compress_size for one in files)
    if len(files) > MOST_PARTS:
        raise _refused(reading, f"it holds {len(files):,} files, and the most are {MOST_PARTS:,}")
    if any(one.flag_bits & 0x1 for one in files):
        raise _refused(reading, "it is locked with a password")
    if any(one.compress_type not in METHODS for one in files):
        raise _refused(reading, "it is packed in an unusual way")
    if unpacked > LARGEST or unpacked > MOST_TIMES * max(packed, reading.size):
        raise _refused(reading, f"it would unpack to {unpacked:,} bytes, which is more than a table of payments can be")


def _refused(reading: Reading, why: str) -> Exception:
    return reading.broken(None, f"{why}.", "Unpack it and load the tables in it, or fetch it again.")


def is_zip_of_tables(path: Path, head: bytes) -> bool:
    """Whether it is a zip with a table in it, and no workbook or document, which are zips too."""
    if not head.startswith(BEGINNING):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except BROKEN:
        return False
    return "[Content_Types].xml" not in names and any(name.lower().endswith(TABLES) for name in names)


def lines_of(file: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines of a table as the csv module wants them."""
    return io.TextIOWrapper(file, encoding=encoding, newline="")
