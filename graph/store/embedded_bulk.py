"""Writing many new things to the embedded store at once: whole columns, and indexes built at the end, sorted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import compress
from typing import Any

import numpy as np

from graph.store.fitting import Bulk, Rows, Whole
from graph.store.packed import COLUMNS, Packed
from graph.vocabulary import Vocabulary

CACHE = 262_144  # KiB, for pages and for sorting
TABLES = {"node": ("nodes", "n"), "relationship": ("relationships", "r")}
INSERT = {thing: f"INSERT INTO {table} VALUES (?{', ?' * len(COLUMNS[thing])})" for thing, (table, _) in TABLES.items()}
# Built at the end of a load into an empty store: keeping them row by row takes several times as long.
LATE = ("nodes_by_kind", "relationships_by_source", "relationships_by_target", "relationships_by_type",
        "names_by_node", "identifiers_by_node")  # fmt: skip
NAMED = ("names", "identifiers")


class EmbeddedBulk(Bulk):
    """What one write transaction knows for writing many things at once."""

    def __init__(self, connection: sqlite3.Connection, vocabulary: Vocabulary) -> None:
        self.connection = connection
        gone = {id for (id,) in connection.execute("SELECT gone FROM merges")}
        was_empty = not self._any("nodes") and not self._any("relationships")
        super().__init__(vocabulary, gone=gone, forgets=self._any("forgotten"), was_empty=was_empty)
        self.late: list[str] = []  # statements that make the indexes that were put off
        connection.execute(f"PRAGMA cache_size = -{CACHE}")
        connection.execute("PRAGMA threads = 1")  # sorts for an index beside the thread that reads for it

    def _any(self, table: str) -> bool:
        return self.connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None

    def take(self, packed: Packed) -> Rows:
        """Write those rows that can be written without a further look, and say which they are."""
        if self.was_empty and not self.late:
            self._put_off()
        return super().take(packed)

    # Reading.

    def stored_sources(self, ids: Collection[str]) -> Iterable[str]:
        """Those of these sources that are there."""
        return (id for (id,) in self._among("SELECT id FROM sources WHERE id IN", ids))

    def stored_nodes(self, ids: Collection[str]) -> Iterable[tuple[int, str, str, int]]:
        """Number, id, kind and level of those of these nodes that are there."""
        return self._among("SELECT n, id, kind, level FROM nodes WHERE id IN", ids)

    def stored(self, rows: Rows) -> Iterable[tuple[str, int, int, str]]:
        """Id, number, level and text of those of these things that are there."""
        table, number = TABLES[rows.thing]
        return self._among(f"SELECT id, {number}, level, body FROM {table} WHERE id IN", rows.columns[0])

    def _among(self, sql: str, ids: Collection[str]) -> Iterable[Any]:
        return self.connection.execute(f"{sql} (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))

    # Writing.

    def insert(self, packed: Packed, rows: Rows) -> Whole | None:
        """Write the good rows and give their numbers; None when an id of them is there, and nothing was written."""
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
            return None
        self.connection.execute("RELEASE block")
        if rows.thing == "node":
            self._index(packed, rows, numbers)
        return numbers

    def _index(self, packed: Packed, rows: Rows, fresh: Whole) -> None:
        """Enter the names of the new nodes."""
        new, of_place = rows.good.tolist(), np.zeros(len(rows.good), np.int64)
        of_place[rows.good] = fresh
        numbers = of_place.tolist()
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
