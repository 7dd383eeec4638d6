"""Writing to Neo4j: one open transaction that carries out plans, and what is new in a large load ahead of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from itertools import compress, islice
from typing import Any, TypedDict, Unpack

import numpy as np

from graph.model import LEVELS, Node, Relationship, Source, ThingName, thing_name
from graph.search import fold
from graph.store.changelog import Log, mark
from graph.store.cypher import column, label, name_key, quoted, term
from graph.store.neo4j_ahead import Ahead, remove_left_over
from graph.store.neo4j_bulk import Neo4jBulk
from graph.store.neo4j_connection import Connection, Run
from graph.store.neo4j_log import erase, pieces_of_added, pieces_of_entries
from graph.store.neo4j_rows import node_row, relationship_row, source_row
from graph.store.neo4j_schema import TEXTS
from graph.store.packed import Packed
from graph.store.writing import MODULUS, Erasure, Merge, Plan, Put, Stored, Taken, Transaction
from graph.vocabulary import Vocabulary

ROWS = 10_000  # of one statement
SMALL = 5_000  # nodes and relationships: more are written ahead of the last transaction
LOCK = "MATCH (m:_Meta {id: 'network'}) SET m.locked = true WITH m RETURN properties(m)"
FORGET_WORD = (
    "MATCH (w:_NameWords) WHERE w.number >= 0 AND $given.word IN w.words"
    " SET w.words = [word IN w.words WHERE word <> $given.word]"
)
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


class _Given(TypedDict):
    connection: Connection
    by: str


class Neo4jTransaction(Transaction):
    """A write transaction that holds the lock of the network's own node, so that writers follow one another."""

    def __init__(self, run: Run, meta: Mapping[str, Any], vocabulary: Vocabulary, **given: Unpack[_Given]) -> None:
        self.run = run
        self.connection = given["connection"]
        self.vocabulary = vocabulary
        self.types = set(meta["types"])
        self.kinds = set(meta["kinds"])
        self.type_of: dict[str, str] = {}  # types of the relationships that were read, to find them again
        self.entries = int(meta["entries"])
        self.chunks = int(meta["chunks"])
        self.sums = [int(meta[f"sum{level}"], 16) for level in range(len(LEVELS))]
        seen = tuple(int(meta[f"seen{level}"]) for level in range(len(LEVELS)))
        self.log = Log(bytes.fromhex(meta["key"]), given["by"], seen, meta["chain"])
        self.waiting: dict[ThingName, dict[str, Put]] = {"node": {}, "relationship": {}}
        self.settled = False  # nothing waits any more, nothing is written ahead
        self.bulk: Neo4jBulk | None = None  # once there is much to write

    # Reading.

    def _await(self) -> None:
        """What was taken can be read, and nothing more is written until something is taken again."""
        if self.bulk:
            self.bulk.settle()

    def _stored(self, pattern: str, row: str, ids: Iterable[str]) -> dict[str, Stored]:
        self._await()
        query = f"{pattern} RETURN collect(DISTINCT [{row}.id, {row}.body, {column(row, 'level')}])"
        packed = (self.run(query, ids=some)[0][0] for some in _chunks(ids))
        return {id: Stored(body, level) for rows in packed for id, body, level in rows}

    def sources(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Sources by id."""
        return self._stored("MATCH (s:_Source) WHERE s.id IN $given.ids", "s", ids)

    def nodes(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Nodes by id."""
        wanted = list(ids)
        return self._stored("MATCH (n:Node) WHERE n.id IN $given.ids", "n", wanted) | self._waiting("node", wanted)

    def relationships(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Relationships by id, looked up in the index of each type that is used."""
        wanted, found = list(ids), dict[str, Stored]()
        for name in sorted(self.types):
            some = self._stored(f"MATCH ()-[r:{quoted(name)}]->() WHERE r.id IN $given.ids", "r", wanted)
            self.type_of.update(dict.fromkeys(some, name))
            found |= some
        return found | self._waiting("relationship", wanted)

    def _waiting(self, thing: ThingName, ids: Iterable[str]) -> dict[str, Stored]:
        waiting = self.waiting[thing]
        return {id: Stored(waiting[id].body, waiting[id].level) for id in ids if id in waiting}

    def around(self, nodes: Iterable[str]) -> Mapping[str, Stored]:
        """All relationships that touch one of these nodes, by id."""
        self._settle()
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
        if plan.delete_nodes or plan.delete_relationships or plan.record_merges or plan.drop_merges:
            self._settle()
        if self.settled:
            self._put(self.run, plan.puts)
            self._take_out(plan)
        else:
            self._wait(plan.puts)
        self._log(pieces_of_entries(self.log, plan.entries), len(plan.entries))
        self._add(plan.sums)

    def _take_out(self, plan: Plan) -> None:
        self._delete_relationships(plan.delete_relationships)
        self._each("MATCH (n:Node {id: row}) DETACH DELETE n", plan.delete_nodes)
        self._each("MATCH (m:_Merge {gone: row}) DELETE m", plan.drop_merges)
        merges = [
            {"gone": one.gone, "into": one.into, "level": one.level, "body": json.dumps(asdict(one))}
            for one in plan.record_merges
        ]
        self._each("MERGE (m:_Merge {gone: row.gone}) SET m = row", merges)

    # What waits: a plan locks nodes and names, and a batch that is written ahead would wait for them for ever.

    def _wait(self, puts: Iterable[Put]) -> None:
        for put in puts:
            if isinstance(put.thing, Source):
                continue
            waiting, id = self.waiting[thing_name(put.thing)], put.thing.id
            is_new = waiting[id].is_new if id in waiting else put.is_new
            waiting[id] = replace(put, is_new=is_new)
            if self.bulk:
                self.bulk.overlook([id])
        if sum(put.is_new for some in self.waiting.values() for put in some.values()) >= SMALL:
            self._write_new_ahead()

    def _write_new_ahead(self) -> None:
        """Write those of the waiting ahead that are new; what has changed is in sight, and waits for the end."""
        bulk, new = self._bulk(), list[Put]()
        for thing, waiting in self.waiting.items():
            fresh = {id: put for id, put in waiting.items() if put.is_new}
            bulk.known[thing].add(list(fresh))
            new += fresh.values()
            self.waiting[thing] = {id: put for id, put in waiting.items() if id not in fresh}
        bulk.waiting = self.waiting
        if new:
            bulk.settle()
            bulk.ahead.look()
            with bulk.ahead.batch() as run:
                self._put(run, new, serial=bulk.ahead.serial)

    def _bulk(self) -> Neo4jBulk:
        if self.bulk is None:
            ahead = Ahead(self.connection, alive=partial(self.run, "RETURN 1"))
            self.bulk = Neo4jBulk(self.run, self.vocabulary, ahead=ahead, used=self.types, waiting=self.waiting)
        return self.bulk

    def _settle(self) -> None:
        """Carry out what waits in this transaction, as all that follows."""
        if not self.settled:
            self._await()
            self.settled = True
            waiting, self.waiting = self.waiting, {"node": {}, "relationship": {}}
            self._put(self.run, [put for some in waiting.values() for put in some.values()])

    def take(self, packed: Packed) -> Taken:
        """Write ahead, log and count at once what is new and fits, or is there already exactly so; leave the rest."""
        if self.settled or (self.bulk is None and len(packed) < SMALL):
            return Taken.nothing_of(packed)
        self._write_new_ahead()
        bulk = self._bulk()
        bulk.entries = self.entries
        rows = bulk.take(packed)
        pieces = pieces_of_added(self.log, packed.thing, rows.pack())
        self._log(pieces, int(np.count_nonzero(rows.new)))
        self._add(rows.sums(packed))
        used = self.kinds if packed.thing == "node" else self.types
        used.update(compress(rows.columns[1], rows.new.tolist()))
        return rows.taken()

    def numbered(self, thing: ThingName, id: str) -> tuple[int, str] | None:
        """Number in the store, and text, of what was taken."""
        return self.bulk.numbered(thing, id) if self.bulk else None

    def finish(self) -> Iterator[float]:
        """Carry out what waits, and say how the network stands then."""
        self._settle()
        values: dict[str, object] = {f"sum{level}": f"{value:032x}" for level, value in enumerate(self.sums)}
        values |= {f"seen{level}": count for level, count in enumerate(self.log.seen)}
        values |= {"chain": self.log.chain, "entries": self.entries, "chunks": self.chunks}
        values |= {"kinds": sorted(self.kinds), "types": sorted(self.types)}
        self.run("MATCH (m:_Meta {id: 'network'}) SET m += $given.values", values=values)
        if self.bulk:
            self.bulk.settle()
            self.bulk.close()
            self.bulk.ahead.finish(self.run)
        return iter(())

    def leave(self) -> None:
        """Take out what was written ahead: this transaction does not finish."""
        if self.bulk:
            self.bulk.close()
            self.bulk.ahead.look()  # without the lock it is for another to do
            remove_left_over(self.connection)

    # Rows.

    def _put(self, run: Run, puts: Iterable[Put], serial: int | None = None) -> None:
        some = list(puts)
        self._put_nodes(run, [put for put in some if isinstance(put.thing, Node)], serial)
        self._put_relationships(run, [put for put in some if isinstance(put.thing, Relationship)], serial)

    def _each(self, query: str, rows: Iterable[Any], run: Run | None = None) -> None:
        for some in _chunks(rows):
            (run or self.run)(f"UNWIND $given.rows AS row {query}", rows=some)

    def _put_nodes(self, run: Run, puts: list[Put], serial: int | None) -> None:
        last = {put.thing.id: (put.thing, put.level, put.body) for put in puts if isinstance(put.thing, Node)}
        nodes = [node for node, _, _ in last.values()]
        self.kinds.update(node.kind for node in nodes)
        labels = [label(kind) for kind in sorted(self.kinds) if label(kind) != "Node"]
        for some in _chunks(_ahead(node_row(*put), serial) for put in last.values()):
            run(PUT_NODES, rows=some, labels=labels)
        names = {name for node in nodes for name in (node.name, *node.aliases)}
        words = sorted({word for name in names for word in fold(name).split()})
        facts = {"number": self.entries} | ({"serial": serial} if serial else {})
        rows = [{"key": name_key(word), "word": word} | facts for word in words]
        self._each("MERGE (w:_NameWord {key: row.key}) ON CREATE SET w = row", rows, run)

    def _put_relationships(self, run: Run, puts: list[Put], serial: int | None) -> None:
        first, last = {put.thing.id: put for put in reversed(puts)}, {put.thing.id: put for put in puts}
        self._delete_relationships([id for id, put in first.items() if not put.is_new])
        edges = ((put.thing, put.level, put.body) for put in last.values() if isinstance(put.thing, Relationship))
        rows = [_ahead(relationship_row(*edge), serial) for edge in edges]
        self._each(PUT_RELATIONSHIPS, rows, run)
        self.type_of |= {row["values"]["id"]: row["type"] for row in rows}
        self.types.update(row["type"] for row in rows)

    def _delete_relationships(self, ids: Iterable[str]) -> None:
        of_type: dict[str, list[str]] = defaultdict(list)
        for id in ids:
            of_type[self.type_of.pop(id)].append(id)
        for name, some in of_type.items():
            self._each(f"MATCH ()-[r:{quoted(name)} {{id: row}}]->() DELETE r", some)

    def _log(self, pieces: Iterable[dict[str, Any]], entries: int) -> None:
        numbered = [piece | {"number": self.chunks + place} for place, piece in enumerate(pieces, 1)]
        self.chunks += len(numbered)
        self.entries += entries
        if self.bulk:
            self.bulk.put_off += numbered
        else:
            self._each("CREATE (c:_Changes) SET c = row", numbered)

    def _add(self, sums: Sequence[int]) -> None:
        self.sums = [(old + new) % MODULUS for old, new in zip(self.sums, sums, strict=True)]

    def erase(self, erasure: Erasure) -> None:
        """Record what was forgotten, and take its ids and values out of the change log."""
        marks = [{"mark": mark(self.log.key, text), "level": erasure.level} for text in erasure.marks]
        self._each("MERGE (f:_Forgotten {mark: row.mark}) SET f = row", marks)
        erase(self.run, self.log.key, erasure)
        for word in erasure.words:
            found = "CALL db.index.fulltext.queryNodes($given.index, $given.text) YIELD node RETURN 1 LIMIT 1"
            if not self.run(found, index=TEXTS, text=f"search_names:{term(word)}"):
                self.run("MATCH (w:_NameWord {key: $given.key}) DELETE w", key=name_key(word))
                self.run(FORGET_WORD, word=word)


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(values)
    while some := list(islice(source, ROWS)):
        yield some


def _ahead(row: dict[str, Any], serial: int | None) -> dict[str, Any]:
    return row if serial is None else row | {"values": row["values"] | {"serial": serial}}
