"""The change log in Neo4j: pieces of some hundred entries, or of one pack of what a load has added.

Pieces are numbered. The network's own node says how many count; those beyond it were written ahead by a load that has
not finished, and are not there for anybody.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from graph.model import LEVELS, ThingName
from graph.store.changelog import FIRST_CHAIN, Log, LogRow, mark
from graph.store.neo4j_connection import Run
from graph.store.packs import Pack, loaded_pack, logged
from graph.store.writing import Entry, Erasure

LOGGED = 100  # entries of the change log kept on one node: a load of 600,000 things adds 6,000 nodes, not 600,000
COLUMNS = ("at", "by", "action", "thing", "id", "before", "after", "same", "previous",
           *(f"seen{level}" for level in range(len(LEVELS))), "id_mark", "previous_mark", "chain")  # fmt: skip
ENTRY = ("action", "thing", "id", "before", "after", "previous", "same")
CHECKED = ("at", "by", "action", "thing", "before", "after", "same", "id_mark", "previous_mark", "chain")
PIECE = "c.rows, c.pack"  # what the functions below take; of a pack, `rows` are the facts that its things share
MARK_BYTES, MARK_DIGITS = 32, 15

Piece = Sequence[bytes | None]


# Writing.


def pieces_of_entries(log: Log, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """Carry the log on over these entries; gives pieces without their numbers."""
    rows = log.rows(entries)
    while some := list(islice(rows, LOGGED)):
        marks = [_short(row.id_mark) for row in some]
        yield _piece(some[-1].seen, marks) | {"rows": _packed([_row(row) for row in some])}


def pieces_of_added(log: Log, thing: ThingName, pack: Pack) -> Iterator[dict[str, Any]]:
    """Carry the log on over many added things; gives pieces without their numbers."""
    for one in logged(log, thing, pack):
        short = np.frombuffer(one.marks, ">u8").reshape(-1, MARK_BYTES // 8)[:, 0] >> 64 - 4 * MARK_DIGITS
        facts = [one.at, log.by, thing, one.seen, one.chain]
        yield _piece(one.seen, short.tolist()) | {"rows": _packed(facts), "pack": one.pack.dumped()}


def _piece(seen: Sequence[int], marks: list[int]) -> dict[str, Any]:
    return {f"seen{level}": count for level, count in enumerate(seen)} | {"marks": marks}


def _packed(value: object) -> bytes:
    """In a tenth of the room: Neo4j holds a whole transaction in memory, two bytes for each letter."""
    return zlib.compress(json.dumps(value).encode(), 1)


def _row(row: LogRow) -> list[object]:
    entry = row.entry
    facts = (entry.action, entry.thing, entry.id, entry.before, entry.after, int(entry.same), entry.previous)
    return [row.at, row.by, *facts, *row.seen, row.id_mark, row.previous_mark, row.chain]


def _short(mark: str) -> int:
    """Enough of a mark to find the piece that holds it, as a number that Neo4j can keep."""
    return int(mark[:MARK_DIGITS], 16)


# Reading.


def _opened(piece: Piece) -> tuple[Any, Pack | None]:
    rows, pack = piece
    assert rows is not None
    return json.loads(zlib.decompress(rows)), loaded_pack(pack) if pack is not None else None


def entries_of(piece: Piece, level: int) -> Iterator[tuple[str, str, Entry, int]]:
    """When and by whom, the entry, and its position for a level."""
    rows, pack = _opened(piece)
    if pack is not None:
        at, by, thing, seen, _ = rows
        yield from ((at, by, entry, position) for entry, position in pack.entries(thing, seen[level], level))
        return
    for row in rows:
        values = dict(zip(COLUMNS, row, strict=True))
        yield values["at"], values["by"], Entry(**{name: values[name] for name in ENTRY}), values[f"seen{level}"]


def touched(piece: Piece) -> Iterator[tuple[str, str]]:
    """What each entry speaks of: its sort, and its id."""
    return ((entry.thing, entry.id) for _, _, entry, _ in entries_of(piece, 0))


def chain_of(piece: Piece | None) -> str:
    """The last link of a piece; without one, what the log begins with."""
    if piece is None:
        return FIRST_CHAIN
    rows, pack = _opened(piece)
    return str(rows[-1] if pack is not None else rows[-1][-1])


def checked_rows(piece: Piece, key: bytes) -> Iterator[list[Any]]:
    """The rows as `Store.log_rows` gives them; one for a whole pack."""
    rows, pack = _opened(piece)
    if pack is not None:
        at, by, thing, _, chain = rows
        yield [at, by, "added", thing, None, None, 0, pack.contents(pack.marks(key, thing)), None, chain]
        return
    for row in rows:
        values = dict(zip(COLUMNS, row, strict=True))
        yield [values[name] for name in CHECKED]


def page(run: Run, pieces: int, *, level: int, since: int, limit: int) -> list[Piece]:
    """Those of so many pieces in which a level's positions after `since` stand; positions only grow."""
    seen = f"c.seen{level}"

    def position(number: int) -> int:
        return int(run(f"MATCH (c:_Changes {{number: $given.number}}) RETURN {seen}", number=number)[0][0])

    numbers = range(1, pieces + 1)
    first = bisect_left(numbers, since + 1, key=position)
    last = min(pieces, bisect_left(numbers, since + limit, lo=first, key=position) + 1)
    between = "MATCH (c:_Changes) WHERE c.number > $given.first AND c.number <= $given.last"
    rows = run(f"{between} RETURN c.number, {seen} ORDER BY c.number", first=first, last=last)
    moving = [row[0] for before, row in zip([[0, since], *rows], rows, strict=False) if row[1] > before[1]]
    wanted = f"MATCH (c:_Changes) WHERE c.number IN $given.numbers RETURN {PIECE} ORDER BY c.number"
    return list(run(wanted, numbers=moving))


# Forgetting.


def erase(run: Run, key: bytes, erasure: Erasure) -> None:
    """Take ids and values out of the log: ids become the beginnings of their marks; marks and the chain stay."""
    of_thing = {"node": erasure.nodes, "relationship": erasure.relationships}
    marks = {thing: {id: mark(key, f"{thing}:{id}") for id in ids} for thing, ids in of_thing.items()}
    short = sorted(_short(one) for some in marks.values() for one in some.values())
    found = "MATCH (c:_Changes) WHERE any(mark IN c.marks WHERE mark IN $given.marks)"
    for number, *piece in run(f"{found} RETURN c.number, {PIECE}", marks=short):
        rows, pack = _erased(piece, marks)
        put = "MATCH (c:_Changes {number: $given.number}) SET c.rows = $given.rows, c.pack = $given.pack"
        run(put, number=number, rows=rows, pack=pack)


def _erased(piece: Piece, marks: dict[str, dict[str, str]]) -> Piece:
    rows, pack = _opened(piece)
    if pack is not None:
        return piece[0], pack.without(marks.get(rows[2], {})).dumped()
    gone = {one for some in marks.values() for one in some.values()}
    values = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    for row in values:
        if row["id_mark"] in gone:
            row |= {"id": row["id_mark"][:16], "previous": None}
    return _packed([list(row.values()) for row in values]), None
