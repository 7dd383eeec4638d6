"""Many things that a load has added as one entry of the change log, in the room of two, with one link of the chain.

A pack says of up to a thousand things of one sort that they were added: their ids and levels, compressed. Its link
covers the marks of all of them, which follow from the ids. Of what is forgotten only the mark stays.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from graph.model import LEVELS, ThingName
from graph.store.changelog import Log, marks
from graph.store.writing import Entry

PACK = 1_000  # entries: a page of the feed unpacks one or two
ERASED = 16  # letters of the mark that stand for a forgotten id


@dataclass(frozen=True, slots=True)
class Pack:
    """Things of one sort that were added one after the other."""

    ids: list[str]
    levels: list[int]
    erased: dict[str, str] = field(default_factory=dict)  # shortened marks that stand among the ids, and the whole ones

    def seen(self) -> tuple[int, ...]:
        """How many of them each level sees."""
        return tuple(accumulate(self.levels.count(level) for level in range(len(LEVELS))))

    def marks(self, key: bytes, thing: str) -> bytes:
        """The marks of their ids, one after the other."""
        made = marks(key, (f"{thing}:{id}" for id in self.ids))
        if not self.erased:
            return made
        size = len(made) // len(self.ids)
        each = [made[first : first + size] for first in range(0, len(made), size)]
        gone = {id: bytes.fromhex(mark) for id, mark in self.erased.items()}
        return b"".join(gone.get(id, mark) for id, mark in zip(self.ids, each, strict=True))

    def contents(self, marks: bytes) -> str:
        """What the chain covers."""
        return hashlib.sha256(marks + bytes(self.levels)).hexdigest()

    def dumped(self) -> bytes:
        """As it is kept."""
        return zlib.compress(json.dumps([self.ids, self.levels, self.erased], separators=(",", ":")).encode(), 1)

    def entries(self, thing: ThingName, last: int, level: int) -> Iterator[tuple[Entry, int]]:
        """Each as an entry with its position for a level, of which `last` is that of the last one."""
        position = last - self.seen()[level]
        for id, after in zip(self.ids, self.levels, strict=True):
            position += after <= level
            yield Entry("added", thing, id, None, after), position

    def without(self, marks: dict[str, str]) -> Pack:
        """The same after some were forgotten; `marks` gives the marks of their ids."""
        ids = [marks[id][:ERASED] if id in marks else id for id in self.ids]
        gone = (marks[id] for id in self.ids if id in marks)
        return Pack(ids, self.levels, self.erased | {mark[:ERASED]: mark for mark in gone})


def loaded_pack(dumped: bytes) -> Pack:
    """A pack from what is kept of it."""
    return Pack(*json.loads(zlib.decompress(dumped)))


class Logged(NamedTuple):
    """A pack with its place in the log."""

    at: str
    pack: Pack
    marks: bytes
    contents: str
    seen: tuple[int, ...]
    chain: str


def logged(log: Log, thing: ThingName, pack: Pack) -> Iterator[Logged]:
    """Carry the log on over many added things, in packs."""
    for first in range(0, len(pack.ids), PACK):
        some = Pack(pack.ids[first : first + PACK], pack.levels[first : first + PACK])
        marks = some.marks(log.key, thing)
        contents = some.contents(marks)
        at, seen, chain = log.added(thing, contents, some.seen())
        yield Logged(at, some, marks, contents, seen, chain)
