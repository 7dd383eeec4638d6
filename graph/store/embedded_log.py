"""The change log in the embedded store: a row for each entry, and one row for many things that a load has added.

Such a pack says of up to a thousand things that they were added, in the room of two: their ids and levels,
compressed. Its link of the chain covers the marks of all of them, which follow from the ids. Of what is
forgotten only the mark stays.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Literal

from graph.model import LEVELS, ThingName
from graph.store.changelog import FIRST_CHAIN, Log, LogRow, mark, marks
from graph.store.writing import Entry

PACK = 1_000  # entries: a page of the feed unpacks one or two
SEEN = ", ".join(f"seen_{level}" for level in range(len(LEVELS)))
INSERT = f"INSERT INTO changes VALUES (NULL{', ?' * 17})"
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

    def without(self, marks: dict[str, str]) -> Pack:
        """The same after some were forgotten; `marks` gives the marks of their ids."""
        ids = [marks[id][:ERASED] if id in marks else id for id in self.ids]
        gone = (marks[id] for id in self.ids if id in marks)
        return Pack(ids, self.levels, self.erased | {mark[:ERASED]: mark for mark in gone})


def loaded_pack(dumped: bytes) -> Pack:
    """A pack from what is kept of it."""
    return Pack(*json.loads(zlib.decompress(dumped)))


def open_log(connection: sqlite3.Connection, key: bytes, by: str) -> Log:
    """The log as it stands, ready to be carried on."""
    last = connection.execute(f"SELECT {SEEN}, chain FROM changes ORDER BY seq DESC LIMIT 1").fetchone()
    seen, chain = (tuple(last[:-1]), last[-1]) if last else ((0,) * len(LEVELS), FIRST_CHAIN)
    return Log(key, by, seen, chain)


def write_entries(connection: sqlite3.Connection, log: Log, entries: Sequence[Entry]) -> None:
    """Log what a plan has changed."""
    connection.executemany(INSERT, (_row(row) for row in log.rows(entries)))


def _row(row: LogRow) -> tuple[object, ...]:
    entry = row.entry
    facts = (entry.action, entry.thing, entry.id, entry.before, entry.after, entry.same, entry.previous)
    return (row.at, row.by, *facts, *row.seen, row.id_mark, row.previous_mark, row.chain, None)


def write_added(connection: sqlite3.Connection, log: Log, thing: ThingName, pack: Pack, marks: bytes) -> None:
    """Log that many things were added, in packs; `marks` are those of the ids, one after the other."""
    size = len(marks) // len(pack.ids)
    for first in range(0, len(pack.ids), PACK):
        last = first + PACK
        some = Pack(pack.ids[first:last], pack.levels[first:last])
        contents = some.contents(marks[size * first : size * last])
        at, seen, chain = log.added(thing, contents, some.seen())
        row = (at, log.by, "added", thing, "", None, None, False, None, *seen, contents, None, chain, some.dumped())
        connection.execute(INSERT, row)


# Reading. A row is (at, by, seen, action, thing, id, before, after, previous, same, packed).


def entries_of(row: Sequence[Any], level: int) -> Iterator[tuple[Entry, int]]:
    """The entries of a row, each with its position for a level."""
    seen, action, thing, id, before, after, previous, same, packed = row
    if packed is None:
        yield Entry(action, thing, id, before, after, previous, bool(same)), seen
        return
    pack = loaded_pack(packed)
    position = seen - pack.seen()[level]
    for id, after in zip(pack.ids, pack.levels, strict=True):
        position += after <= level
        yield Entry("added", thing, id, None, after), position


def touched(connection: sqlite3.Connection, since: int, most: int) -> dict[ThingName, set[str]] | None:
    """Ids of what the rows after one speak of, by what it is; None when the rows speak of more than `most`."""
    found: dict[ThingName, set[str]] = {"source": set(), "node": set(), "relationship": set()}
    for thing, id, packed in connection.execute("SELECT thing, id, packed FROM changes WHERE seq > ?", (since,)):
        found[thing].update([id] if packed is None else loaded_pack(packed).ids)
        if sum(map(len, found.values())) > most:
            return None
    return found


def log_row(row: Sequence[Any], key: bytes) -> tuple[Any, ...]:
    """A row as `Store.log_rows` gives it, from one with `packed` after it."""
    *facts, id_mark, previous_mark, chain, packed = row
    if packed is not None:
        pack = loaded_pack(packed)
        id_mark = pack.contents(pack.marks(key, facts[3]))
    return (*facts, id_mark, previous_mark, chain)


# Forgetting.


def erase(connection: sqlite3.Connection, key: bytes, things: Sequence[tuple[ThingName, str]]) -> None:
    """Take ids and values out of the log; positions, marks and the chain stay."""
    connection.executemany(
        f"UPDATE changes SET id = substr(id_mark, 1, {ERASED}), previous = NULL WHERE id_mark = ?",
        [(mark(key, f"{thing}:{id}"),) for thing, id in things],
    )
    sorts: tuple[Literal["node", "relationship"], ...] = ("node", "relationship")
    marks = {sort: {id: mark(key, f"{sort}:{id}") for thing, id in things if thing == sort} for sort in sorts}
    rows = connection.execute("SELECT seq, thing, packed FROM changes WHERE packed IS NOT NULL").fetchall()
    for seq, thing, packed in rows:
        pack = loaded_pack(packed)
        if not marks[thing].keys().isdisjoint(pack.ids):
            kept = pack.without(marks[thing]).dumped()
            connection.execute("UPDATE changes SET packed = ? WHERE seq = ?", (kept, seq))
