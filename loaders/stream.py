"""What a loader gives: things with the place they were read from, refusals, warnings.

A loader only yields; what becomes of it is decided in `run.py`. So a loader is tested with a file alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from graph.errors import InputError
from graph.model import Node, Relationship, Sector, Thing
from graph.store.packed import Packed
from loaders.report import Remark

HEAD = 65_536  # bytes by which a format is recognised

FORMS = {
    "id": "Use letters, digits and . _ ~ : - without blanks, at most 200 of them.",
    "kind": "Use one word, such as organisation.",
    "type": "Use one word, such as FUNDS.",
    "name": "Give a name of 1 to 1,000 characters.",
    "title": "Give a title of 1 to 1,000 characters.",
    "sector": f"Use one of: {', '.join(Sector)}.",
    "audience": "Use public, network, team or private.",
    "identifiers": "Give a scheme and a value, such as GB-CHC and 327114.",
    "start": "Write 2019, 2019-10 or 2019-10-09.",
    "end": "Write 2019, 2019-10 or 2019-10-09.",
    "date": "Write 2019, 2019-10 or 2019-10-09.",
    "amount": "Give a number between -10^15 and 10^15, without signs or commas.",
    "currency": "Give three capital letters, such as GBP.",
    "latitude": "Give degrees from -90 to 90.",
    "longitude": "Give degrees from -180 to 180.",
    "strength": "Give a number from 0 to 1.",
    "confidence": "Give a number from 0 to 1.",
    "evidence": "Give at least one piece of evidence, and the id of its source.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A source, node or relationship, and the line it came from."""

    thing: Thing
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be loaded."""

    remark: Remark


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at; nothing is left out for it."""

    remark: Remark


@dataclass(frozen=True, slots=True)
class Block:
    """Nodes, or relationships, of lines that follow each other, packed for the store."""

    packed: Packed
    file: str
    first: int  # number of the first line

    def rows(self, places: Iterable[int]) -> Iterator[Row]:
        """Some of them as rows, for the store to look at one by one."""
        model = Node if self.packed.thing == "node" else Relationship
        for place in places:
            yield Row(model.model_validate_json(self.packed.columns[-1][place]), self.file, self.first + place)


Found = Row | Block | Refused | Warned


@dataclass
class Reading:
    """One file (or folder of tables) on its way in: what it is, and how far the loader has come."""

    path: Path
    name: str
    size: int
    rows: int = 0
    done: int = 0
    in_blocks: bool = False  # whether many things may come at once

    def row(self, thing: Thing, line: int | None) -> Row:
        """A thing of this file."""
        return Row(thing, self.name, line)

    def refused(self, line: int | None, reason: str, column: str | None = None) -> Refused:
        """A row of this file that cannot be loaded."""
        return Refused(Remark(file=self.name, line=line, column=column, reason=reason))

    def warned(self, line: int | None, reason: str, column: str | None = None) -> Warned:
        """Something to look at in this file."""
        return Warned(Remark(file=self.name, line=line, column=column, reason=reason))

    def broken(self, line: int | None, message: str, fix: str) -> InputError:
        """The error for a file that cannot be read on; nothing of the load is kept."""
        where = self.name if line is None else f"{self.name}, line {line}"
        return InputError(f"{where}: {message}", fix=fix, file=self.name, line=line)


class Loader(Protocol):
    """A module of `loaders/formats/`: one format."""

    NAME: str
    SUFFIXES: tuple[str, ...]
    JOINS: bool  # nodes are known by their identifiers; otherwise their ids count, as they stand

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether this is a file of the format, judged by its beginning."""
        ...

    def read(self, reading: Reading) -> Iterator[Found]:
        """Everything in the file, in its order, one row after the other."""
        ...


def decoded(reading: Reading, data: bytes) -> str:
    """The text of a whole file, its byte order mark skipped; anything but UTF-8 raises InputError."""
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        message = f"it is not UTF-8 (byte {wrong.start + 1} of the file)."
        raise reading.broken(line, message, "Save it as UTF-8 and load it again.") from wrong


def refusal(word: str, wrong: ValidationError) -> tuple[str | None, str]:
    """The column and the reason for a row that is no node, relationship or source."""
    faults = {_path(error): error for error in reversed(wrong.errors(include_url=False))}
    *others, path = faults
    column = path.split(".")[0] or None
    also = f" Also wrong: {', '.join(reversed(others))}." if others else ""
    return column, _fault(word, path, faults[path]) + also


def _path(error: ErrorDetails) -> str:
    return ".".join(str(part) for part in error["loc"] if part not in ("int", "float"))


def _fault(word: str, path: str, error: ErrorDetails) -> str:
    column, key = path.split(".", maxsplit=1)[0], path.rsplit(".", 1)[-1]
    if error["type"] == "extra_forbidden":
        nested = word == "source" or "." in path
        return f"A {word} has no key {path!r}. {'Leave it out.' if nested else 'Put it under attributes.'}"
    if error["type"] == "missing":
        return f"{path!r} is missing. {FORMS.get(key, 'Give it.')}"
    bad_form = error["type"] == "string_pattern_mismatch"
    said = "has the wrong form" if bad_form else error["msg"].removeprefix("Value error, ")
    value = f", not {error['input']!r:.60}" if isinstance(error["input"], str | int | float) else ""
    return f"{path!r}: {said[:1].lower()}{said[1:]}{value}. {FORMS.get(key) or FORMS.get(column, 'Mend it.')}"
