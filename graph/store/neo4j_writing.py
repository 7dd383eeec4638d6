"""Writing to Neo4j: one open transaction that carries out plans."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from graph.model import LEVELS, Node, Relationship, Source
from graph.search import fold
from graph.store.changelog import Log, LogRow, mark
from graph.store.cypher import column, label, name_key, quoted, term
from graph.store.neo4j_connection import Run
from graph.store.neo4j_rows import node_row, relationship_row, source_row
from graph.store.neo4j_schema import TEXTS
from graph.store.writing import MODULUS, Erasure, Merge, Plan, Put, Stored, Transaction
from graph.vocabulary import Vocabulary

ROWS = 10_000  # of one statement
LOGGED = 100  # entries of the change log kept on one node: a load of 600,000 things adds 6,000 nodes, not 600,000
LOCK = "MATCH (m:_Meta {id: 'network'}) SET m.locked = true WITH m RETURN properties(m)"
GATE = "MATCH (g:_Meta {id: 'gate'}) SET g.passed = true"
PUT_NODES = """
UNWIND $given.rows AS row MERGE (n:Node {id: row.values.id}) SET n = row.values
WITH n, row, [name IN labels(n) WHERE name IN $given.labels AND name <> row.label] AS others
REMOVE n:$(others) SET n:$(row.label)
"""
PUT_RELATIONSHIPS = """
MATCH (s:Node {id: row.source}) MATCH (t:Node {id: row.target})
CREATE (s)-[r:$(row.type)]->(t) SET r = row.values
"""
LOG_COLUMNS = ("at", "by", "action", "thing", "id", "before", "after", "same", "previous",
               *(f"seen{level}" for level in range(len(LEVELS))), "id_mark", "previous_mark", "chain")  # fmt: skip


class Neo4jTransaction(Transaction):
    """A write transaction that holds the lock of the network's own node, so that writers follow one another."""

    def __init__(self, run: Run, meta: Mapping[str, Any], vocabulary: Vocabulary, by: str) -> None:
        self.run = run
        self.vocabulary = vocabulary
        self.types = set(meta["types"])
        self.kinds = set(meta["kinds"])
        self.type_of: dict[str, str] = {}  # types of the relationships that were read, to find them again
        self.entries = int(meta["entries"])
        self.chunks = int(meta["chunks"])
        self.sums = [int(meta[f"sum{level}"], 16) for level in range(len(LEVELS))]
        seen = tuple(int(meta[f"seen{level}"]) for level in range(len(LEVELS)))
        self.log = Log(bytes.fromhex(meta["key"]), by, seen, meta["chain"])

    # Reading.

    def _stored(self, pattern: str, row: str, ids: Iterable[str]) -> dict[str, Stored]:
        query = f"{pattern} RETURN collect(DISTINCT [{row}.id, {row}.body, {column(row, 'level')}])"
        packed = (self.run(query, ids=some)[0][0] for some in _chunks(ids))
        return {id: Stored(body, level) for rows in packed for id, body, level in rows}

    def sources(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Sources by id."""
        return self._stored("MATCH (s:_Source) WHERE s.id IN $given.ids", "s", ids)

    def nodes(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Nodes by id."""
        return self._stored("MATCH (n:Node) WHERE n.id IN $given.ids", "n", ids)

    def relationships(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Relationships by id, looked up in the index of each type that is used."""
        wanted, found = list(ids), dict[str, Stored]()
        for name in sorted(self.types):
            some = self._stored(f"MATCH ()-[r:{quoted(name)}]->() WHERE r.id IN $given.ids", "r", wanted)
            self.type_of.update(dict.fromkeys(some, name))
            found |= some
        return found

    def around(self, nodes: Iterable[str]) -> Mapping[str, Stored]:
        """All relationships that touch one of these nodes, by id."""
        wanted = list(nodes)
        touching = "MATCH (n:Node) WHERE n.id IN $given.ids MATCH (n)-[r]-()"
        self.type_of |= dict(self.run(f"{touching} RETURN r.id, type(r)", ids=wanted))
        return self._stored(touching, "r", wanted)

    def merges(self, ids: Iterable[str]) -> Mapping[str, Merge]:
        """Recorded merges of which one of these ids is the node that went."""
        return {merge.gone: merge for merge in self._merges("m.gone IN $given.ids", list(ids))}

    def merges_into(self, id: str) -> Sequence[Merge]:
        """Recorded merges of which this is the surviving node."""
        return self._merges("m.into IN $given.ids", [id])

    def _merges(self, condition: str, ids: Sequence[str]) -> list[Merge]:
        rows = self.run(f"MATCH (m:_Merge) WHERE {condition} RETURN m.body ORDER BY m.gone", ids=ids)
        found = (json.loads(body) for (body,) in rows)
        return [Merge(**{**values, "moved": tuple(values["moved"])}) for values in found]

    def forgotten(self, marks: Iterable[str]) -> set[str]:
        """Those of these marks that belong to something forgotten."""
        if not self.run("MATCH (f:_Forgotten) RETURN f.mark LIMIT 1"):
            return set()
        keyed = {mark(self.log.key, text): text for text in marks}
        rows = self.run("MATCH (f:_Forgotten) WHERE f.mark IN $given.marks RETURN f.mark", marks=list(keyed))
        return {keyed[found] for (found,) in rows}

    # Writing.

    def execute(self, plan: Plan) -> None:
        """Carry out a plan: rows, change log, digests."""
        rows = [source_row(put.thing, put.body) for put in plan.puts if isinstance(put.thing, Source)]
        self._each("MERGE (s:_Source {id: row.id}) SET s = row", rows)
        self._put_nodes([put for put in plan.puts if isinstance(put.thing, Node)])
        self._put_relationships([put for put in plan.puts if isinstance(put.thing, Relationship)])
        self._delete_relationships(plan.delete_relationships)
        self._each("MATCH (n:Node {id: row}) DETACH DELETE n", plan.delete_nodes)
        self._each("MATCH (m:_Merge {gone: row}) DELETE m", plan.drop_merges)
        merges = [
            {"gone": one.gone, "into": one.into, "level": one.level, "body": json.dumps(asdict(one))}
            for one in plan.record_merges
        ]
        self._each("MERGE (m:_Merge {gone: row.gone}) SET m = row", merges)
        self._log(plan)

    def _each(self, query: str, rows: Iterable[Any]) -> None:
        for some in _chunks(rows):
            self.run(f"UNWIND $given.rows AS row {query}", rows=some)

    def _put_nodes(self, puts: list[Put]) -> None:
        last = {put.thing.id: (put.thing, put.level, put.body) for put in puts if isinstance(put.thing, Node)}
        nodes = [node for node, _, _ in last.values()]
        self.kinds.update(node.kind for node in nodes)
        labels = [label(kind) for kind in sorted(self.kinds) if label(kind) != "Node"]
        for some in _chunks(node_row(*put) for put in last.values()):
            self.run(PUT_NODES, rows=some, labels=labels)
        names = {name for node in nodes for name in (node.name, *node.aliases)}
        words = sorted({word for name in names for word in fold(name).split()})
        rows = [{"key": name_key(word), "word": word, "number": self.entries} for word in words]
        self._each("MERGE (w:_NameWord {key: row.key}) ON CREATE SET w = row", rows)

    def _put_relationships(self, puts: list[Put]) -> None:
        first, last = {put.thing.id: put for put in reversed(puts)}, {put.thing.id: put for put in puts}
        self._delete_relationships([id for id, put in first.items() if not put.is_new])
        edges = ((put.thing, put.level, put.body) for put in last.values() if isinstance(put.thing, Relationship))
        rows = [relationship_row(*edge) for edge in edges]
        self._each(PUT_RELATIONSHIPS, rows)
        self.type_of |= {row["values"]["id"]: row["type"] for row in rows}
        self.types.update(row["type"] for row in rows)

    def _delete_relationships(self, ids: Iterable[str]) -> None:
        of_type: dict[str, list[str]] = defaultdict(list)
        for id in ids:
            of_type[self.type_of.pop(id)].append(id)
        for name, some in of_type.items():
            self._each(f"MATCH ()-[r:{quoted(name)} {{id: row}}]->() DELETE r", some)

    def _log(self, plan: Plan) -> None:
        self._each("CREATE (c:_Changes) SET c = row", self._log_chunks(plan))
        self.sums = [(old + new) % MODULUS for old, new in zip(self.sums, plan.sums, strict=True)]
        values: dict[str, object] = {f"sum{level}": f"{value:032x}" for level, value in enumerate(self.sums)}
        values |= {f"seen{level}": count for level, count in enumerate(self.log.seen)}
        values |= {"chain": self.log.chain, "entries": self.entries, "chunks": self.chunks}
        values |= {"kinds": sorted(self.kinds), "types": sorted(self.types)}
        self.run("MATCH (m:_Meta {id: 'network'}) SET m += $given.values", values=values)

    def _log_chunks(self, plan: Plan) -> Iterator[dict[str, object]]:
        rows = self.log.rows(plan.entries)
        while some := list(islice(rows, LOGGED)):
            self.chunks += 1
            self.entries += len(some)
            yield _log_chunk(self.chunks, some)

    def erase(self, erasure: Erasure) -> None:
        """Record what was forgotten, and take its ids and values out of the change log."""
        marks = [{"mark": mark(self.log.key, text), "level": erasure.level} for text in erasure.marks]
        self._each("MERGE (f:_Forgotten {mark: row.mark}) SET f = row", marks)
        things = [("node", id) for id in erasure.nodes] + [("relationship", id) for id in erasure.relationships]
        self._erase_log({mark(self.log.key, f"{thing}:{id}") for thing, id in things})
        for word in dict.fromkeys(word for name in erasure.names for word in name.split()):
            found = "CALL db.index.fulltext.queryNodes($given.index, $given.text) YIELD node RETURN 1 LIMIT 1"
            if not self.run(found, index=TEXTS, text=f"search_names:{term(word)}"):
                self.run("MATCH (w:_NameWord {key: $given.key}) DELETE w", key=name_key(word))

    def _erase_log(self, marks: set[str]) -> None:
        """Positions, marks and the chain stay; ids become the beginnings of their marks."""
        touched = "MATCH (c:_Changes) WHERE any(mark IN c.marks WHERE mark IN $given.marks) RETURN c.number, c.rows"
        for number, packed in self.run(touched, marks=sorted(map(_short_mark, marks))):
            rows = [dict(zip(LOG_COLUMNS, row, strict=True)) for row in unpacked(packed)]
            for row in rows:
                if row["id_mark"] in marks:
                    row |= {"id": row["id_mark"][:16], "previous": None}
            erased = _packed([list(row.values()) for row in rows])
            self.run("MATCH (c:_Changes {number: $given.number}) SET c.rows = $given.rows", number=number, rows=erased)


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(values)
    while some := list(islice(source, ROWS)):
        yield some


def _log_chunk(number: int, rows: Sequence[LogRow]) -> dict[str, object]:
    chunk: dict[str, object] = {f"seen{level}": count for level, count in enumerate(rows[-1].seen)}
    packed = _packed([_log_row(row) for row in rows])
    return chunk | {"number": number, "rows": packed, "marks": [_short_mark(row.id_mark) for row in rows]}


def _packed(rows: list[list[object]]) -> bytes:
    """Rows of the log in a tenth of the room: Neo4j holds a whole transaction in memory, two bytes for each letter."""
    return zlib.compress(json.dumps(rows).encode(), 1)


def unpacked(packed: bytes) -> list[list[Any]]:
    """The rows that a piece of the log holds."""
    rows: list[list[Any]] = json.loads(zlib.decompress(packed))
    return rows


def _short_mark(mark: str) -> int:
    """Enough of a mark to find the piece that holds it, as a number that Neo4j can keep."""
    return int(mark[:15], 16)


def _log_row(row: LogRow) -> list[object]:
    entry = row.entry
    facts = (entry.action, entry.thing, entry.id, entry.before, entry.after, int(entry.same), entry.previous)
    return [row.at, row.by, *facts, *row.seen, row.id_mark, row.previous_mark, row.chain]
