"""Writing many new things to the embedded store at once: whole columns, and indexes built at the end, sorted.

Ends are looked up in memory, the vocabulary is asked for all rows in one step, and nothing is read back. Only what
needs no thought is written so: things that are new, fit the vocabulary, and stand on nodes and sources that are
there. Whatever else is left to the planner, row by row.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.model import ThingName
from graph.store.packed import COLUMNS, Packed
from graph.vocabulary import Vocabulary

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

KIND_BITS, LEVEL_BITS = 16, 2  # of a node's code, which has its number above them
MOST_KINDS, MOST_LEVEL = (1 << KIND_BITS) - 1, (1 << LEVEL_BITS) - 1
NOWHERE = -1
CACHE = 262_144  # KiB, for pages and for sorting
TABLES = {"node": ("nodes", "n"), "relationship": ("relationships", "r")}
INSERT = {thing: f"INSERT INTO {table} VALUES (?{', ?' * len(COLUMNS[thing])})" for thing, (table, _) in TABLES.items()}
# Built at the end of a load into an empty store: keeping them row by row takes several times as long.
LATE = ("nodes_by_kind", "relationships_by_source", "relationships_by_target", "relationships_by_type",
        "names_by_node", "identifiers_by_node")  # fmt: skip
NAMED = ("names", "identifiers")


@dataclass(slots=True)
class Rows:
    """The rows of one `Packed` on their way into their table."""

    thing: ThingName
    columns: list[list[Any]]  # as the table has them, but for the number
    levels: Whole  # effective
    good: Mask  # can be written without a further look
    numbers: Whole = field(init=False)  # in the store; NOWHERE for those that the planner has to look at
    new: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = np.full(len(self.good), NOWHERE)
        self.new = np.zeros(len(self.good), bool)


class Bulk:
    """What one write transaction knows for writing many things at once."""

    def __init__(self, connection: sqlite3.Connection, vocabulary: Vocabulary) -> None:
        self.connection = connection
        self.kinds = {name: number for number, name in enumerate(vocabulary.kinds)}
        self.types = {name: number for number, name in enumerate(vocabulary.types)}
        allows = [
            [[row.allows(one, other) for other in self.kinds] for one in self.kinds]
            for row in vocabulary.types.values()
        ]
        self.allowed = np.array(allows)
        self.codes: dict[str, int] = {}  # of the nodes met so far
        self.sources: set[str] = set()  # those known to be there
        self.gone = {id for (id,) in connection.execute("SELECT gone FROM merges")}
        self.forgets = self._any("forgotten")
        self.was_empty = not self._any("nodes") and not self._any("relationships")
        self.late: list[str] = []  # statements that make the indexes that were put off
        connection.execute(f"PRAGMA cache_size = -{CACHE}")
        connection.execute("PRAGMA threads = 1")  # sorts for an index beside the thread that reads for it

    def _any(self, table: str) -> bool:
        return self.connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None

    def take(self, packed: Packed) -> Rows:
        """Write those rows that can be written without a further look, and say which they are."""
        if self.was_empty and not self.late:
            self._put_off()
        rows = self._nodes(packed) if packed.thing == "node" else self._relationships(packed)
        rows.good &= self._cites_what_is_there(packed)
        if not (self.was_empty and rows.good.all() and self._insert(rows)):
            self._compare(rows)
            self._insert(rows)
        if packed.thing == "node":
            self._index(packed, rows)
        return rows

    def _cites_what_is_there(self, packed: Packed) -> bool:
        unknown = [id for id in packed.cited if id not in self.sources]
        self.sources.update(id for (id,) in self._among("SELECT id FROM sources WHERE id IN", unknown))
        return self.sources.issuperset(unknown)

    def _nodes(self, packed: Packed) -> Rows:
        ids, kinds, levels = (packed.column(name) for name in ("id", "kind", "level"))
        good = np.fromiter((kind in self.kinds for kind in kinds), bool, len(ids))
        if self.forgets:
            good[:] = False  # each has to be looked up by its names and identifiers
        return Rows("node", list(packed.columns), np.array(levels), self._stays(good, ids))

    def _relationships(self, packed: Packed) -> Rows:
        ids, source, target = (packed.column(name) for name in ("id", "source", "target"))
        sources, targets = self._codes(source), self._codes(target)
        types = np.fromiter(map(self.types.get, packed.column("type"), repeat(NOWHERE)), np.int64, len(ids))
        good = (sources >= 0) & (targets >= 0) & (types >= 0)
        good &= self.allowed[
            types, *(np.where(good, codes >> LEVEL_BITS & MOST_KINDS, 0) for codes in (sources, targets))
        ]
        own = np.array(packed.column("level"))
        levels = np.maximum.reduce([own, sources & MOST_LEVEL, targets & MOST_LEVEL])
        numbers = ((codes >> KIND_BITS + LEVEL_BITS).tolist() for codes in (sources, targets))
        columns = [*packed.columns[:2], *numbers, levels.tolist(), *packed.columns[5:]]
        return Rows("relationship", columns, levels, self._stays(good, source, target))

    def _stays(self, good: Mask, *ids: Sequence[str]) -> Mask:
        """Without the rows that name a node that was merged into another."""
        if self.gone:
            good &= [self.gone.isdisjoint(named) for named in zip(*ids, strict=True)]
        return good

    def _codes(self, ids: Sequence[str]) -> Whole:
        """For each of these nodes its number, kind and level in one number; NOWHERE for those that are not there."""
        codes = list(map(self.codes.get, ids))
        if None in codes:
            unknown = {id for id, code in zip(ids, codes, strict=True) if code is None}
            for n, id, kind, level in self._among("SELECT n, id, kind, level FROM nodes WHERE id IN", unknown):
                if kind in self.kinds:
                    self.codes[id] = self._code(n, kind, level)
            codes = [self.codes.get(id, NOWHERE) for id in ids]
        return np.array(codes)

    def _code(self, n: int, kind: str, level: int) -> int:
        return (n << KIND_BITS | self.kinds[kind]) << LEVEL_BITS | level

    def _among(self, sql: str, ids: Collection[str]) -> Iterable[Any]:
        return (
            self.connection.execute(f"{sql} (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)) if ids else ()
        )

    def overlook(self, ids: Iterable[str]) -> None:
        """Look these nodes up again when they are next needed: the planner has written them."""
        for id in ids:
            self.codes.pop(id, None)

    # Writing.

    def _compare(self, rows: Rows) -> None:
        """Find which rows are there already, exactly so, and leave those that are there and say something else."""
        table, number = TABLES[rows.thing]
        ids, bodies = rows.columns[0], rows.columns[-1]
        found = self._among(f"SELECT id, {number}, level, body FROM {table} WHERE id IN", ids)
        stored = {id: (n, level, body) for id, n, level, body in found}
        if len(set(ids)) < len(ids):
            rows.good[:] = False  # which of them counts, their order says
        for place in np.flatnonzero(rows.good).tolist():
            if ids[place] in stored:
                n, *said = stored[ids[place]]
                rows.good[place] = False
                if said == [rows.levels[place], bodies[place]]:
                    rows.numbers[place] = n

    def _insert(self, rows: Rows) -> bool:
        """Write the good rows; when an id of them is there, nothing is written."""
        table, number = TABLES[rows.thing]
        [[last]] = self.connection.execute(f"SELECT coalesce(max({number}), 0) FROM {table}")
        numbers = np.arange(last + 1, last + 1 + np.count_nonzero(rows.good))
        columns = rows.columns if rows.good.all() else [list(compress(one, rows.good)) for one in rows.columns]
        self.connection.execute("SAVEPOINT block")
        try:
            self.connection.executemany(INSERT[rows.thing], zip(numbers.tolist(), *columns, strict=True))
        except sqlite3.IntegrityError:
            self.connection.execute("ROLLBACK TO block")
            self.connection.execute("RELEASE block")
            return False
        self.connection.execute("RELEASE block")
        rows.numbers[rows.good] = numbers
        rows.new = rows.good
        return True

    def _index(self, packed: Packed, rows: Rows) -> None:
        """Enter the names of the new nodes, and remember the nodes for the relationships to come."""
        numbers, new = rows.numbers.tolist(), rows.new.tolist()
        ids, kinds, levels = rows.columns[0], rows.columns[1], rows.columns[3]
        for n, *node in compress(zip(numbers, ids, kinds, levels, strict=True), new):
            self.codes[node[0]] = self._code(n, *node[1:])
        names = [(text, numbers[place]) for text, place in packed.names if new[place]]
        known = [(text, numbers[place]) for text, place in packed.identifiers if new[place]]
        texts = compress(zip(numbers, *zip(*packed.texts, strict=True), strict=True), new)
        words = sorted({word for text, _ in names for word in text.split()})
        write = self.connection.executemany
        for table, entries in (("names", names), ("identifiers", known)):
            write(f"INSERT OR IGNORE INTO {'waiting_' if self.late else ''}{table} VALUES (?, ?)", entries)
        write("INSERT INTO texts (rowid, names, summary) VALUES (?, ?, ?)", texts)
        write("INSERT OR IGNORE INTO name_words (word) VALUES (?)", zip(words))

    # Indexes.

    def _put_off(self) -> None:
        for name in LATE:
            [[statement]] = self.connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,))
            self.late.append(statement)
            self.connection.execute(f"DROP INDEX {name}")
        for table in NAMED:
            self.connection.execute(f"CREATE TEMP TABLE waiting_{table} (text TEXT NOT NULL, n INTEGER NOT NULL)")

    def finish(self) -> Iterator[float]:
        """Fill and build what was put off, in sorted order; tells after each step what share of it is done."""
        late, self.late, self.was_empty = self.late, [], False
        for table in NAMED if late else ():
            self.connection.execute(f"INSERT INTO {table} SELECT DISTINCT * FROM waiting_{table} ORDER BY text, n")
            self.connection.execute(f"DROP TABLE waiting_{table}")
        for number, statement in enumerate(late, 1):
            self.connection.execute(statement)
            yield number / len(late)
