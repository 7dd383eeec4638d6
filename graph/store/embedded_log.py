"""The change log in the embedded store: a row for each entry, and one row for each pack of what a load has added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from graph.model import LEVELS, ThingName
from graph.store.changelog import FIRST_CHAIN, Log, LogRow, mark
from graph.store.packs import ERASED, Pack, loaded_pack, logged
from graph.store.writing import Entry

SEEN = ", ".join(f"seen_{level}" for level in range(len(LEVELS)))
INSERT = f"INSERT INTO changes VALUES (NULL{', ?' * 17})"


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


def write_added(connection: sqlite3.Connection, log: Log, thing: ThingName, pack: Pack) -> None:
    """Log that many things were added, in packs."""
    for one in logged(log, thing, pack):
        facts = (one.at, log.by, "added", thing, "", None, None, False, None, *one.seen, one.contents, None, one.chain)
        connection.execute(INSERT, (*facts, one.pack.dumped()))


# Reading. A row is (at, by, seen, action, thing, id, before, after, previous, same, packed).


def entries_of(row: Sequence[Any], level: int) -> Iterator[tuple[Entry, int]]:
    """The entries of a row, each with its position for a level."""
    seen, action, thing, id, before, after, previous, same, packed = row
    if packed is None:
        yield Entry(action, thing, id, before, after, previous, bool(same)), seen
        return
    yield from loaded_pack(packed).entries(thing, seen, level)


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
