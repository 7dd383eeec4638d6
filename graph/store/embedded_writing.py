"""Writing to the embedded store: one open transaction that carries out plans."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from graph.model import LEVELS, Node, Relationship, Source
from graph.search import fold, indexable, name_text, summary_text
from graph.store.changelog import FIRST_CHAIN, Log, LogRow, mark
from graph.store.writing import MODULUS, Erasure, Merge, Plan, Put, Stored, Transaction
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
LOG = "INSERT INTO changes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class EmbeddedTransaction(Transaction):
    """A write transaction on one connection, begun by the store."""

    def __init__(self, connection: sqlite3.Connection, vocabulary: Vocabulary, by: str) -> None:
        self.connection = connection
        self.vocabulary = vocabulary
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        self.sums = [int(meta[f"sum{level}"], 16) for level in range(len(LEVELS))]
        last = connection.execute(
            "SELECT seen_0, seen_1, seen_2, seen_3, chain FROM changes ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        seen, chain = (tuple(last[:4]), last[4]) if last else ((0,) * len(LEVELS), FIRST_CHAIN)
        self.log = Log(bytes.fromhex(meta["key"]), by, seen, chain)

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
        write = self.connection.executemany
        self._put_sources(plan)
        self._put_nodes(plan)
        write(UPSERT_RELATIONSHIP, (_relationship_row(put) for put in plan.puts if isinstance(put.thing, Relationship)))
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
        self.connection.executemany(UPSERT_NODE, (_node_row(put) for put in puts))
        numbers = self._numbers([node.id for node in nodes])
        self._unindex([numbers[put.thing.id] for put in puts if not put.is_new])
        names = [(fold(name), numbers[node.id]) for node in nodes for name in (node.name, *node.aliases)]
        identifiers = [(str(text), numbers[node.id]) for node in nodes for text in node.identifiers]
        texts = [(numbers[node.id], name_text(node), summary_text(node)) for node in nodes]
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
        rows = (_log_row(row) for row in self.log.rows(plan.entries))
        self.connection.executemany(LOG, rows)
        self.sums = [(old + new) % MODULUS for old, new in zip(self.sums, plan.sums, strict=True)]
        sums = [(f"{value:032x}", f"sum{level}") for level, value in enumerate(self.sums)]
        self.connection.executemany("UPDATE meta SET value = ? WHERE key = ?", sums)

    def erase(self, erasure: Erasure) -> None:
        """Record what was forgotten, and take its ids and values out of the change log."""
        marks = [(mark(self.log.key, text), erasure.level) for text in erasure.marks]
        self.connection.executemany("INSERT OR REPLACE INTO forgotten VALUES (?, ?)", marks)
        things = [("node", id) for id in erasure.nodes] + [("relationship", id) for id in erasure.relationships]
        self.connection.executemany(
            "UPDATE changes SET id = substr(id_mark, 1, 16), previous = NULL WHERE id_mark = ?",
            [(mark(self.log.key, f"{thing}:{id}"),) for thing, id in things],
        )
        for word in erasure.words:
            if not self.connection.execute(
                "SELECT 1 FROM texts WHERE texts MATCH ?", (f'names : "{indexable(word)}"',)
            ).fetchone():
                self.connection.execute("DELETE FROM name_words WHERE word = ?", (word,))


AMONG = "(SELECT value FROM json_each(?))"


def _node_row(put: Put) -> tuple[object, ...]:
    assert isinstance(put.thing, Node)
    node = put.thing
    return node.id, node.kind, node.sector, put.level, *node.days, put.body


def _relationship_row(put: Put) -> tuple[object, ...]:
    assert isinstance(put.thing, Relationship)
    edge = put.thing
    confidence = 1.0 if edge.confidence is None else edge.confidence
    facts = (confidence, edge.inferred, edge.strength, edge.recorded_day or 0)
    return (edge.id, edge.type, edge.source, edge.target, put.level, *edge.days, *facts, put.body)


def _log_row(row: LogRow) -> tuple[object, ...]:
    entry = row.entry
    facts = (entry.action, entry.thing, entry.id, entry.before, entry.after, entry.same, entry.previous)
    return (row.at, row.by, *facts, *row.seen, row.id_mark, row.previous_mark, row.chain)


def _merge_body(merge: Merge) -> str:
    return json.dumps(asdict(merge))


def _merge(body: str) -> Merge:
    values = json.loads(body)
    return Merge(**{**values, "moved": tuple(values["moved"])})
