"""Writing to the embedded store: one open transaction that carries out plans."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from graph.model import LEVELS, Node, Relationship, Source, ThingName
from graph.search import fold, indexable
from graph.store.changelog import mark
from graph.store.embedded_bulk import TABLES, EmbeddedBulk
from graph.store.embedded_log import erase, open_log, write_added, write_entries
from graph.store.packed import Packed, naming, node_row, relationship_row, texts_of
from graph.store.writing import MODULUS, Erasure, Merge, Plan, Stored, Taken, Transaction
from graph.vocabulary import Vocabulary

UPSERT_NODE = """
INSERT INTO nodes (id, kind, sector, level, first_day, last_day, body) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, sector = excluded.sector, level = excluded.level,
    first_day = excluded.first_day, last_day = excluded.last_day, body = excluded.body
"""
UPSERT_RELATIONSHIP = """
INSERT INTO relationships (id, type, source, target, level, first_day, last_day, confidence, inferred, strength,
    recorded_day, body)
VALUES (?, ?, (SELECT n FROM nodes WHERE id = ?), (SELECT n FROM nodes WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET type = excluded.type, source = excluded.source, target = excluded.target,
    level = excluded.level, first_day = excluded.first_day, last_day = excluded.last_day,
    confidence = excluded.confidence, inferred = excluded.inferred, strength = excluded.strength,
    recorded_day = excluded.recorded_day, body = excluded.body
"""


class EmbeddedTransaction(Transaction):
    """A write transaction on one connection, begun by the store."""

    def __init__(self, connection: sqlite3.Connection, vocabulary: Vocabulary, by: str) -> None:
        self.connection = connection
        self.vocabulary = vocabulary
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        self.sums = [int(meta[f"sum{level}"], 16) for level in range(len(LEVELS))]
        self.log = open_log(connection, bytes.fromhex(meta["key"]), by)
        self.bulk: EmbeddedBulk | None = None  # once many things were handed over at once

    def _select(self, sql: str, values: Iterable[str]) -> Iterable[Any]:
        return self.connection.execute(sql, (json.dumps(list(values)),))

    def _stored(self, sql: str, values: Iterable[str]) -> dict[str, Stored]:
        return {id: Stored(body, level) for id, body, level in self._select(sql, values)}

    def sources(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Sources by id."""
        return self._stored(f"SELECT id, body, 0 FROM sources WHERE id IN {AMONG}", ids)

    def nodes(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Nodes by id."""
        return self._stored(f"SELECT id, body, level FROM nodes WHERE id IN {AMONG}", ids)

    def relationships(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Relationships by id."""
        return self._stored(f"SELECT id, body, level FROM relationships WHERE id IN {AMONG}", ids)

    def around(self, nodes: Iterable[str]) -> Mapping[str, Stored]:
        """All relationships that touch one of these nodes, by id."""
        self._settle()  # the indexes are needed
        wanted = f"(SELECT n FROM nodes WHERE id IN {AMONG})"
        names = list(nodes)
        sql = "SELECT id, body, level FROM relationships WHERE {} IN " + wanted
        return self._stored(sql.format("source"), names) | self._stored(sql.format("target"), names)

    def merges(self, ids: Iterable[str]) -> Mapping[str, Merge]:
        """Recorded merges of which one of these ids is the node that went."""
        rows = self._select(f"SELECT gone, body FROM merges WHERE gone IN {AMONG}", ids)
        return {gone: _merge(body) for gone, body in rows}

    def merges_into(self, id: str) -> Sequence[Merge]:
        """Recorded merges of which this is the surviving node."""
        rows = self.connection.execute("SELECT body FROM merges WHERE into_id = ? ORDER BY gone", (id,))
        return [_merge(body) for (body,) in rows]

    def forgotten(self, marks: Iterable[str]) -> set[str]:
        """Those of these marks that belong to something forgotten."""
        if not self.connection.execute("SELECT 1 FROM forgotten LIMIT 1").fetchone():
            return set()
        keyed = {mark(self.log.key, text): text for text in marks}
        return {keyed[found] for (found,) in self._select(f"SELECT mark FROM forgotten WHERE mark IN {AMONG}", keyed)}

    def execute(self, plan: Plan) -> None:
        """Carry out a plan: rows, change log, digests."""
        if plan.delete_nodes or not all(put.is_new for put in plan.puts):
            self._settle()  # names that wait to be entered might be among those to take out
        if self.bulk:
            self.bulk.overlook(put.thing.id for put in plan.puts)
        write = self.connection.executemany
        self._put_sources(plan)
        self._put_nodes(plan)
        edges = ((put.thing, put.level, put.body) for put in plan.puts if isinstance(put.thing, Relationship))
        write(UPSERT_RELATIONSHIP, (relationship_row(*edge) for edge in edges))
        write("DELETE FROM relationships WHERE id = ?", [(id,) for id in plan.delete_relationships])
        self._delete_nodes(plan.delete_nodes)
        write("DELETE FROM merges WHERE gone = ?", [(gone,) for gone in plan.drop_merges])
        merges = [(merge.gone, merge.into, merge.level, _merge_body(merge)) for merge in plan.record_merges]
        write("INSERT OR REPLACE INTO merges VALUES (?, ?, ?, ?)", merges)
        self._log(plan)

    def _put_sources(self, plan: Plan) -> None:
        rows = [(put.thing.id, put.body) for put in plan.puts if isinstance(put.thing, Source)]
        self.connection.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?)", rows)

    def _put_nodes(self, plan: Plan) -> None:
        puts = {put.thing.id: put for put in plan.puts if isinstance(put.thing, Node)}.values()  # the last of each
        nodes = [put.thing for put in puts if isinstance(put.thing, Node)]
        rows = (node_row(node, put.level, put.body) for node, put in zip(nodes, puts, strict=True))
        self.connection.executemany(UPSERT_NODE, rows)
        numbers = self._numbers([node.id for node in nodes])
        self._unindex([numbers[put.thing.id] for put in puts if not put.is_new])
        names = [(fold(name), numbers[node.id]) for node in nodes for name in (node.name, *node.aliases)]
        identifiers = [(str(text), numbers[node.id]) for node in nodes for text in node.identifiers]
        texts = [(numbers[node.id], *texts_of(naming(node))) for node in nodes]
        write = self.connection.executemany
        write("INSERT OR IGNORE INTO names VALUES (?, ?)", names)
        write("INSERT OR IGNORE INTO identifiers VALUES (?, ?)", identifiers)
        write("INSERT INTO texts (rowid, names, summary) VALUES (?, ?, ?)", texts)
        fresh = sorted({word for folded, _ in names for word in folded.split()})
        write("INSERT OR IGNORE INTO name_words (word) VALUES (?)", [(word,) for word in fresh])

    def _numbers(self, ids: Sequence[str]) -> dict[str, int]:
        return dict(self._select(f"SELECT id, n FROM nodes WHERE id IN {AMONG}", ids))

    def _unindex(self, numbers: Sequence[int]) -> None:
        rows = [(number,) for number in numbers]
        for sql in ("names WHERE n", "identifiers WHERE n", "texts WHERE rowid"):
            self.connection.executemany(f"DELETE FROM {sql} = ?", rows)

    def _delete_nodes(self, ids: Sequence[str]) -> None:
        self._unindex(list(self._numbers(ids).values()))
        self.connection.executemany("DELETE FROM nodes WHERE id = ?", [(id,) for id in ids])

    def _log(self, plan: Plan) -> None:
        write_entries(self.connection, self.log, plan.entries)
        self._add_sums(plan.sums)

    def _add_sums(self, sums: Sequence[int]) -> None:
        self.sums = [(old + new) % MODULUS for old, new in zip(self.sums, sums, strict=True)]
        values = [(f"{value:032x}", f"sum{level}") for level, value in enumerate(self.sums)]
        self.connection.executemany("UPDATE meta SET value = ? WHERE key = ?", values)

    def take(self, packed: Packed) -> Taken:
        """Write, log and count at once what is new and fits, or is there already exactly so; leave the rest."""
        self.bulk = self.bulk or EmbeddedBulk(self.connection, self.vocabulary)
        rows = self.bulk.take(packed)
        if rows.new.any():
            write_added(self.connection, self.log, packed.thing, rows.pack())
            self._add_sums(rows.sums(packed))
        return rows.taken()

    def numbered(self, thing: ThingName, id: str) -> tuple[int, str] | None:
        """Number in the store, and text, of a node or relationship."""
        table, number = TABLES[thing]
        found: tuple[int, str] | None = self.connection.execute(
            f"SELECT {number}, body FROM {table} WHERE id = ?", (id,)
        ).fetchone()
        return found

    def finish(self) -> Iterator[float]:
        """Build the indexes that a load put off; tells after each what share of them is done."""
        if self.bulk:
            yield from self.bulk.finish()

    def _settle(self) -> None:
        for _ in self.finish():
            pass

    def erase(self, erasure: Erasure) -> None:
        """Record what was forgotten, and take its ids and values out of the change log."""
        marks = [(mark(self.log.key, text), erasure.level) for text in erasure.marks]
        self.connection.executemany("INSERT OR REPLACE INTO forgotten VALUES (?, ?)", marks)
        things: list[tuple[ThingName, str]] = [("node", id) for id in erasure.nodes]
        things += [("relationship", id) for id in erasure.relationships]
        erase(self.connection, self.log.key, things)
        for word in erasure.words:
            if not self.connection.execute(
                "SELECT 1 FROM texts WHERE texts MATCH ?", (f'names : "{indexable(word)}"',)
            ).fetchone():
                self.connection.execute("DELETE FROM name_words WHERE word = ?", (word,))


AMONG = "(SELECT value FROM json_each(?))"


def _merge_body(merge: Merge) -> str:
    return json.dumps(asdict(merge))


def _merge(body: str) -> Merge:
    values = json.loads(body)
    return Merge(**{**values, "moved": tuple(values["moved"])})
