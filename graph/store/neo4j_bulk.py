"""Writing many new things to Neo4j at once: in batches ahead of the last transaction, ends by the server's numbers.

The server's own number of each node is kept, so that the ends of a relationship are found without an index; they
hold, since nobody else writes while this load does. Relationships are written by a second thread: the next batch is
made while the server works. There is one text for all types, because each new text is planned anew.

Two cores are busy all the while, with the server above all. Of the 50 to 65 µs of processor that a relationship costs
a warm server about half are for one without properties, a seventh for its index, an eighth for its text; the first
100,000 after a start cost three times as much, while Java compiles. Batches of 1,000 to 20,000 cost about the same, and
so do relationships in another order or with fixed names of properties. A second transaction that is made ready while
one commits brings nothing, and two that commit at a time deadlock, even on nodes that they do not share.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import compress
from operator import itemgetter
from typing import Any

import numpy as np

from graph.model import ThingName
from graph.store.cypher import column, identifier_key, indexed, label, name_key, quoted
from graph.store.fitting import NOWHERE, Bulk, Rows, Whole
from graph.store.neo4j_ahead import Ahead
from graph.store.neo4j_connection import Run
from graph.store.neo4j_rows import said
from graph.store.packed import COLUMNS, Packed
from graph.vocabulary import Vocabulary

BATCH = 20_000  # relationships of one transaction
AT_ONCE = 10_000  # ids looked up in one query
FROM_BODY = {
    "node": ("subkind", "name", "url", "start", "end"),
    "relationship": ("role", "amount", "currency", "start", "end"),
}
PUT_NODES = "UNWIND $given.rows AS row CREATE (n:Node:$(row[0])) SET n = row[1] RETURN collect(id(n))"
PUT_RELATIONSHIPS = (
    "UNWIND $given.rows AS row MATCH (s) WHERE id(s) = row[0] MATCH (t) WHERE id(t) = row[1]"
    " CREATE (s)-[r:$(row[2])]->(t) SET r = row[3]"
)
PUT_WORDS = "CREATE (w:_NameWords) SET w = $given.words"
PUT_PIECES = "UNWIND $given.rows AS row CREATE (c:_Changes) SET c = row"

Waiting = Mapping[ThingName, Container[str]]  # what the planner has changed, and is written at the end


class Known:
    """The ids that were taken, numbered from 0, by their hashes: 16 bytes for each, where a dictionary has 150."""

    def __init__(self) -> None:
        self.hashes, self.numbers = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def find(self, ids: Iterable[str]) -> Whole:
        """The number of each of these; NOWHERE for those that were not taken."""
        hashes = np.fromiter(map(hash, ids), np.int64)
        if not len(self.hashes):
            return np.full(len(hashes), NOWHERE)
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[places] == hashes, self.numbers[places], NOWHERE)

    def add(self, ids: Sequence[str]) -> Whole:
        """Number those of these that are new, all different; gives the numbers of all."""
        found = self.find(ids)
        new = found == NOWHERE
        found[new] = np.arange(len(self.hashes), len(self.hashes) + np.count_nonzero(new))
        fresh = np.fromiter(map(hash, compress(ids, new.tolist())), np.int64)
        hashes, numbers = np.concatenate([self.hashes, fresh]), np.concatenate([self.numbers, found[new]])
        order = np.argsort(hashes, kind="stable")  # quick: they are sorted but for their end
        self.hashes, self.numbers = hashes[order], numbers[order]
        return found


class Neo4jBulk(Bulk):
    """What one write transaction knows for writing many things at once."""

    def __init__(self, run: Run, vocabulary: Vocabulary, *, ahead: Ahead, used: set[str], waiting: Waiting) -> None:
        self._run = run
        self.ahead = ahead
        self.used = used  # types of the relationships that are there; grows as the transaction writes
        self.known: dict[ThingName, Known] = {"node": Known(), "relationship": Known()}
        self.words: set[str] = set()  # of names that this load has written
        self.waiting = waiting
        self.put_off: list[dict[str, Any]] = []  # pieces of the log that go with the next batch
        self.entries = 0  # of the log, when a word is new
        self._rows: list[list[Any]] = []  # relationships of the next batch
        self._thread = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        [[nodes]], [[forgotten]] = run("MATCH (n:Node) RETURN count(n)"), run("MATCH (f:_Forgotten) RETURN count(f)")
        gone = [id for (id,) in run("MATCH (m:_Merge) RETURN m.gone")]
        super().__init__(vocabulary, gone=gone, forgets=forgotten > 0, was_empty=not nodes)

    def take(self, packed: Packed) -> Rows:
        """Write those rows that can be written without a further look, and say which they are."""
        rows = super().take(packed)
        taken = rows.numbers != NOWHERE
        rows.numbers[taken] = self.known[packed.thing].add(list(compress(rows.columns[0], taken.tolist())))
        return rows

    def numbered(self, thing: ThingName, id: str) -> tuple[int, str] | None:
        """Number, and text, of what was taken."""
        if thing == "source" or (number := int(self.known[thing].find([id])[0])) == NOWHERE:
            return None
        self.settle()
        return next(((number, body) for _, _, _, body in self._look_up(thing, [id])), None)

    # Reading.

    def stored_sources(self, ids: Collection[str]) -> Iterable[str]:
        """Those of these sources that are there."""
        found = self._run("MATCH (s:_Source) WHERE s.id IN $given.ids RETURN s.id", ids=list(ids))
        return (id for (id,) in found)

    def stored_nodes(self, ids: Collection[str]) -> Iterable[tuple[int, str, str, int]]:
        """Number, id, kind and level of those of these nodes that are there."""
        values = f"id(n), n.id, n.kind, {column('n', 'level')}"
        query = f"MATCH (n:Node) WHERE n.id IN $given.ids RETURN collect([{values}])"
        rows = (row for some in _parts(list(ids)) for row in self._run(query, ids=some)[0][0])
        return ((n, id, kind, level) for n, id, kind, level in rows if id not in self.waiting["node"])

    def stored(self, rows: Rows) -> Iterator[tuple[str, int, int, str]]:
        """Id, number, level and text of those of these things that are there."""
        self.settle()
        ids, names = rows.columns[:2]
        found: set[str] = set()
        if rows.thing == "relationship":  # mostly they are there as what they are called now
            of_type: dict[str, list[str]] = defaultdict(list)
            for id, name in zip(ids, names, strict=True):
                of_type[name].append(id)
            for name in sorted(of_type.keys() & self.used):
                for row in self._of_type(name, of_type[name]):
                    found.add(row[0])
                    yield row
        yield from self._look_up(rows.thing, [id for id in ids if id not in found])

    def _look_up(self, thing: ThingName, ids: Sequence[str]) -> Iterator[tuple[str, int, int, str]]:
        if thing == "node":
            yield from self._matching("MATCH (x:Node)", thing, ids)
            return
        for name in sorted(self.used):
            yield from self._of_type(name, ids)

    def _of_type(self, name: str, ids: Sequence[str]) -> Iterator[tuple[str, int, int, str]]:
        return self._matching(f"MATCH ()-[x:{quoted(name)}]->()", "relationship", ids)

    def _matching(self, pattern: str, thing: ThingName, ids: Sequence[str]) -> Iterator[tuple[str, int, int, str]]:
        query = f"{pattern} WHERE x.id IN $given.ids RETURN collect([x.id, {column('x', 'level')}, x.body])"
        for some in _parts(ids):
            for id, level, body in self._run(query, ids=some)[0][0]:
                yield id, 0, level, "" if id in self.waiting[thing] else body

    # Writing.

    def insert(self, packed: Packed, rows: Rows) -> Whole | None:
        """Write the good rows and give the server's numbers of nodes; None when an id may be there already."""
        wanted = np.flatnonzero(rows.good).tolist()
        if rows.good.all() and self._has_any(rows):
            return None
        if rows.thing == "node":
            return np.array(self._nodes_written(packed, rows, wanted) if wanted else [], np.int64)
        types, source, target = rows.columns[1:4]
        self._rows += [[source[one], target[one], types[one], self._relationship(rows, one)] for one in wanted]
        if len(self._rows) >= BATCH:
            self._send()
        return np.zeros(len(wanted), np.int64)

    def _has_any(self, rows: Rows) -> bool:
        ids = rows.columns[0]
        return len(set(ids)) < len(ids) or bool(np.any(self.known[rows.thing].find(ids) != NOWHERE))

    def settle(self) -> None:
        """Have all written that was taken."""
        if self._rows or self.put_off:
            self._send()
        if self._writing:
            writing, self._writing = self._writing, None
            writing.result()

    def _send(self) -> None:
        """Begin to write the next batch, once the one before is written."""
        rows, self._rows = self._rows, []
        pieces, self.put_off = self.put_off, []
        self.settle()
        self.ahead.look()
        self._writing = self._thread.submit(self._written, rows, pieces)

    def _written(self, rows: list[list[Any]], pieces: list[dict[str, Any]]) -> None:
        with self.ahead.batch() as run:
            if rows:
                run(PUT_RELATIONSHIPS, rows=sorted(rows, key=itemgetter(0)))  # what lies together is written together
            if pieces:
                run(PUT_PIECES, rows=[piece | {"serial": self.ahead.serial} for piece in pieces])

    def close(self) -> None:
        """Let the second thread end; what it was writing is written, or fails."""
        self._thread.shutdown(wait=True)

    def _nodes_written(self, packed: Packed, rows: Rows, wanted: list[int]) -> list[int]:
        keys, kinds = _keys(packed), rows.columns[1]
        values = [[label(kinds[place]), self._node(rows, packed, keys[place], place)] for place in wanted]
        chosen = set(wanted)
        words = {word for text, place in packed.names if place in chosen for word in text.split()} - self.words
        self.words |= words
        self.ahead.look()
        with self.ahead.batch() as run:
            numbers: list[int] = run(PUT_NODES, rows=values)[0][0]
            if words:
                facts = {"number": self.entries, "serial": self.ahead.serial, "words": sorted(words)}
                run(PUT_WORDS, words=facts)
        return numbers

    def _node(self, rows: Rows, packed: Packed, keys: str, place: int) -> dict[str, Any]:
        names, summary = packed.texts[place]
        texts = {"search_names": indexed(names), "search_summary": indexed(summary), "search_keys": keys}
        return self._values(rows, place) | texts

    def _relationship(self, rows: Rows, place: int) -> dict[str, Any]:
        values = self._values(rows, place)
        for name in ("type", "source", "target"):
            del values[name]
        if "inferred" in values:
            values["inferred"] = True
        if "amount" in values:
            values["amount"] = float(values["amount"])
        if role := values.get("role"):
            values["role_text"] = role.casefold()
        return values

    def _values(self, rows: Rows, place: int) -> dict[str, Any]:
        columns = {name: column[place] for name, column in zip(COLUMNS[rows.thing], rows.columns, strict=True)}
        body = json.loads(columns["body"])
        columns |= {name: body[name] for name in FROM_BODY[rows.thing] if name in body}
        return said(columns) | {"serial": self.ahead.serial}


def _keys(packed: Packed) -> list[str]:
    """For each node the words by which its whole names and its identifiers are found."""
    names, others = [set[str]() for _ in range(len(packed))], [list[str]() for _ in range(len(packed))]
    for text, place in packed.names:
        names[place].add(text)
    for text, place in packed.identifiers:
        others[place].append(identifier_key(text))
    return [" ".join([*map(name_key, sorted(some)), *known]) for some, known in zip(names, others, strict=True)]


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
