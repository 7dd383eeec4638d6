"""Writing many new things to Neo4j at once: in batches ahead of the last transaction, ends by the server's numbers.

The server's own number of each node is kept, so that the ends of a relationship are found without an index (twice as
fast); they hold, since nobody else writes while this load does. Texts are constant for each kind and type.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any

import numpy as np

from graph.model import ThingName
from graph.store.cypher import column, identifier_key, indexed, label, name_key, quoted
from graph.store.fitting import Bulk, Rows, Whole
from graph.store.neo4j_ahead import Ahead
from graph.store.neo4j_connection import Run
from graph.store.neo4j_rows import said
from graph.store.packed import COLUMNS, Packed
from graph.vocabulary import Vocabulary

Waiting = Mapping[ThingName, Container[str]]  # what the planner has changed, and is written at the end
AT_ONCE = 10_000  # ids looked up in one query
FROM_BODY = {
    "node": ("subkind", "name", "url", "start", "end"),
    "relationship": ("role", "amount", "currency", "start", "end"),
}
PUT_NODES = "UNWIND $given.rows AS row CREATE (n:{}) SET n = row RETURN collect(id(n))"
PUT_RELATIONSHIPS = (
    "UNWIND $given.rows AS row MATCH (s) WHERE id(s) = row[0] MATCH (t) WHERE id(t) = row[1]"
    " CREATE (s)-[r:{}]->(t) SET r = row[2] RETURN collect(id(r))"
)
PUT_WORDS = "UNWIND $given.rows AS row MERGE (w:_NameWord {key: row.key}) ON CREATE SET w = row"
PUT_PIECES = "UNWIND $given.rows AS row CREATE (c:_Changes) SET c = row"


class Neo4jBulk(Bulk):
    """What one write transaction knows for writing many things at once."""

    def __init__(self, run: Run, vocabulary: Vocabulary, *, ahead: Ahead, used: set[str], waiting: Waiting) -> None:
        self.run = run
        self.ahead = ahead
        self.used = used  # of the relationships that are there; grows as the transaction writes
        # Hashes of the ids that were taken: 8 bytes for each, where a set of them would be 100.
        self.known: dict[ThingName, Whole] = {thing: np.zeros(0, np.int64) for thing in ("node", "relationship")}
        self.put_off: list[dict[str, Any]] = []  # pieces of the log that go with the next batch
        self.waiting = waiting
        self.entries = 0  # of the log, where the network stands that a word is new in
        [[nodes]], [[forgotten]] = run("MATCH (n:Node) RETURN count(n)"), run("MATCH (f:_Forgotten) RETURN count(f)")
        gone = [id for (id,) in run("MATCH (m:_Merge) RETURN m.gone")]
        super().__init__(vocabulary, gone=gone, forgets=forgotten > 0, was_empty=not nodes)

    def take(self, packed: Packed) -> Rows:
        """Write those rows that can be written without a further look, and say which they are."""
        rows = super().take(packed)
        self.know(packed.thing, compress(rows.columns[0], (rows.numbers >= 0).tolist()))
        return rows

    def know(self, thing: ThingName, ids: Iterable[str]) -> None:
        """Remember that these are there."""
        fresh = np.concatenate([self.known[thing], _hashes(ids)])
        self.known[thing] = np.sort(fresh, kind="stable")  # quick: it is sorted but for its end

    def numbered(self, thing: ThingName, id: str) -> tuple[int, str] | None:
        """Number in the store, and text, of what was taken."""
        if thing == "source" or not _has(self.known[thing], _hashes([id])).any():
            return None
        found = [(n, body) for _, n, _, body in self._look_up(thing, [id])]
        return found[0] if found else None

    # Reading.

    def stored_sources(self, ids: Collection[str]) -> Iterable[str]:
        """Those of these sources that are there."""
        found = self.run("MATCH (s:_Source) WHERE s.id IN $given.ids RETURN s.id", ids=list(ids))
        return (id for (id,) in found)

    def stored_nodes(self, ids: Collection[str]) -> Iterable[tuple[int, str, str, int]]:
        """Number, id, kind and level of those of these nodes that are there."""
        values = f"id(n), n.id, n.kind, {column('n', 'level')}"
        query = f"MATCH (n:Node) WHERE n.id IN $given.ids RETURN collect([{values}])"
        rows = (row for some in _parts(list(ids)) for row in self.run(query, ids=some)[0][0])
        return ((n, id, kind, level) for n, id, kind, level in rows if id not in self.waiting["node"])

    def stored(self, rows: Rows) -> Iterator[tuple[str, int, int, str]]:
        """Id, number, level and text of those of these things that are there."""
        if rows.thing == "node":
            yield from self._look_up("node", rows.columns[0])
            return
        of_type: dict[str, list[str]] = defaultdict(list)
        for id, name in zip(*rows.columns[:2], strict=True):
            of_type[name].append(id)
        found: set[str] = set()
        for name, ids in of_type.items():  # mostly they are there as what they are called now
            for row in self._of_type(name, ids) if name in self.used else ():
                found.add(row[0])
                yield row
        rest = [id for id in rows.columns[0] if id not in found]
        if rest and not self.was_empty:
            yield from self._look_up("relationship", rest)

    def _look_up(self, thing: ThingName, ids: Sequence[str]) -> Iterator[tuple[str, int, int, str]]:
        if thing == "node":
            yield from self._matching("MATCH (x:Node)", ids)
            return
        for name in sorted(self.used):
            yield from self._of_type(name, ids)

    def _of_type(self, name: str, ids: Sequence[str]) -> Iterator[tuple[str, int, int, str]]:
        return self._matching(f"MATCH ()-[x:{quoted(name)}]->()", ids)

    def _matching(self, pattern: str, ids: Sequence[str]) -> Iterator[tuple[str, int, int, str]]:
        query = f"{pattern} WHERE x.id IN $given.ids RETURN collect([x.id, id(x), {column('x', 'level')}, x.body])"
        for some in _parts(ids):
            for id, n, level, body in self.run(query, ids=some)[0][0]:
                yield id, n, level, "" if id in self.waiting["node"] or id in self.waiting["relationship"] else body

    # Writing.

    def insert(self, packed: Packed, rows: Rows) -> Whole | None:
        """Write the good rows and give their numbers; None when an id of them may be there already."""
        wanted = np.flatnonzero(rows.good)
        if not len(wanted):
            return np.zeros(0, np.int64)
        hashes = np.sort(_hashes(compress(rows.columns[0], rows.good.tolist())))
        if rows.good.all() and (np.any(hashes[1:] == hashes[:-1]) or _has(self.known[rows.thing], hashes).any()):
            return None
        numbers = np.zeros(len(rows.good), np.int64)
        with self.ahead.batch() as run:
            write = self._nodes_written if rows.thing == "node" else self._relationships_written
            for places, found in write(run, packed, rows, wanted.tolist()):
                numbers[places] = found
            self.log(run)
        return numbers[wanted]

    def log(self, run: Run) -> None:
        """Write the pieces of the log that were put off."""
        pieces, self.put_off = self.put_off, []
        if pieces:
            run(PUT_PIECES, rows=[piece | {"serial": self.ahead.serial} for piece in pieces])

    def _nodes_written(self, run: Run, packed: Packed, rows: Rows, wanted: list[int]) -> Iterator[tuple[Any, Any]]:
        keys = _keys(packed)
        of_kind = _grouped(rows.columns[1], wanted)
        for kind, places in of_kind.items():
            values = [self._node(rows, packed, keys[place], place) for place in places]
            labels = ":".join(dict.fromkeys(["Node", quoted(label(kind))]))
            yield places, run(PUT_NODES.format(labels), rows=values)[0][0]
        chosen = set(wanted)
        words = sorted({word for text, place in packed.names if place in chosen for word in text.split()})
        facts = {"number": self.entries, "serial": self.ahead.serial}
        run(PUT_WORDS, rows=[{"key": name_key(word), "word": word} | facts for word in words])

    def _node(self, rows: Rows, packed: Packed, keys: str, place: int) -> dict[str, Any]:
        names, summary = packed.texts[place]
        texts = {"search_names": indexed(names), "search_summary": indexed(summary), "search_keys": keys}
        return self._values(rows, place) | texts

    def _relationships_written(
        self, run: Run, packed: Packed, rows: Rows, wanted: list[int]
    ) -> Iterator[tuple[Any, Any]]:
        source, target = rows.columns[2], rows.columns[3]
        for name, places in _grouped(rows.columns[1], wanted).items():
            places.sort(key=source.__getitem__)  # what is written together lies together
            values = [[source[place], target[place], self._relationship(rows, place)] for place in places]
            yield places, run(PUT_RELATIONSHIPS.format(quoted(name)), rows=values)[0][0]

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


def _grouped(names: Sequence[str], places: Iterable[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        found[names[place]].append(place)
    return found


def _hashes(ids: Iterable[str]) -> Whole:
    return np.fromiter(map(hash, ids), np.int64)


def _has(known: Whole, hashes: Whole) -> Any:
    places = np.searchsorted(known, hashes)
    places[places == len(known)] = 0
    return known[places] == hashes if len(known) else np.zeros(len(hashes), bool)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
