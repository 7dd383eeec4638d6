"""Reading from Neo4j a page at a time, inside a transaction that somebody else opened.

Answers come packed in lists, which is 20 times as fast as a record for each (measured: 763,000 against
38,000 relationships a second), and in pages, so that the server never holds much.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph.errors import StoreError
from graph.lens import Lens
from graph.limits import check_time
from graph.store.cypher import (
    column,
    is_there,
    lens_parameters,
    members,
    node_is_seen,
    of_sectors,
    quoted,
    relationship_is_seen,
)
from graph.store.neo4j_ahead import finished
from graph.store.neo4j_connection import Run
from graph.store.neo4j_log import PIECE, Piece, checked_rows, page
from graph.store.neo4j_schema import META
from graph.vocabulary import Vocabulary

Parts = Mapping[str, tuple[str, ...]]
PAGE = 5_000  # rows packed into one answer of the server


def pages(
    run: Run, query: str, parameters: Mapping[str, Any] | None = None, *, after: Any = "", rows: int = PAGE
) -> Iterator[list[Any]]:
    """Rows, each beginning with the key they are ordered by, fetched a page at a time."""
    while True:
        check_time()
        [[found]] = run(query, **(parameters or {}), after=after, rows=rows)
        yield from found
        if len(found) < rows:
            return
        after = found[-1][0]


def network(rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
    """The properties of the network's own node."""
    if not rows:
        raise StoreError("The network is gone from the database.", fix="Open the store again to begin a new one.")
    properties: Mapping[str, Any] = rows[0][0]
    return properties


def page_of_label(name: str, values: str) -> str:
    """A query for a page of the nodes with a label, in the order of ids, packed into one list."""
    page = f"WHERE n.id > $given.after AND {is_there('n')} WITH n ORDER BY n.id LIMIT $given.rows"
    return f"MATCH (n:{name}) {page} RETURN collect([{values}])"


def page_of_type(name: str, values: str, condition: str | None = None) -> str:
    """A query for a page of the relationships of one type, in the order of ids, packed into one list."""
    pattern = f"MATCH (s)-[r:{quoted(name)}]->(t) USING INDEX r:{quoted(name)}(id)"
    page = f"WHERE r.id > $given.after AND {condition or is_there('r')} WITH s, r, t ORDER BY r.id LIMIT $given.rows"
    return f"{pattern} {page} RETURN collect([{values}])"


def read_lens(run: Run, lens: Lens, parts: Parts, vocabulary: Vocabulary) -> dict[str, Any]:
    """The parameters of a lens; what it narrows by place, theme and sector is looked up."""
    given = lens_parameters(lens) | {"finished": finished(network(run(META)))}
    for narrowing in lens.narrowings(dict(parts)):
        [[found]] = run(members(narrowing.types), **given, targets=list(narrowing.targets))
        before = given["lens_members"]
        given["lens_members"] = {id: True for id in found if before is None or id in before}
    if lens.sector:
        given["lens_of_sectors"] = dict.fromkeys(run(of_sectors(vocabulary), **given)[0][0], True)
    return given


class Seen:
    """Texts of what a lens lets through, in canonical order, from one transaction."""

    def __init__(self, run: Run, lens: Lens, given: Mapping[str, Any]) -> None:
        self.run = run
        self.lens = lens
        self.given = given
        self.used = network(run(META))

    def nodes(self, *, after: str | None = None, page: int = PAGE) -> Iterator[str]:
        """Nodes in the order of kind and id, after the key `kind/id`."""
        query = (
            "MATCH (n:Node) USING INDEX n:Node(kind, id) WHERE n.kind = $given.of_kind AND n.id > $given.after"
            f" AND {node_is_seen('n')} WITH n ORDER BY n.id LIMIT $given.rows RETURN collect([n.id, n.body])"
        )
        for kind, start in _from(self.used["kinds"], self.lens.kind, after):
            rows = pages(self.run, query, {**self.given, "of_kind": kind}, after=start, rows=page)
            yield from (row[1] for row in rows)

    def relationships(self, *, after: str | None = None, page: int = PAGE) -> Iterator[str]:
        """Relationships in the order of type and id, after the key `type/id`."""
        condition = relationship_is_seen()
        for name, start in _from(self.used["types"], self.lens.type, after):
            query = page_of_type(name, "r.id, r.body", condition)
            yield from (row[1] for row in pages(self.run, query, self.given, after=start, rows=page))

    def everything(self) -> Iterator[str]:
        """Sources, nodes and relationships, each text with the first letter of what it is before it."""
        for (body,) in self.run("MATCH (s:_Source) RETURN s.body ORDER BY s.id"):
            yield "s" + body
        yield from ("n" + body for body in self.nodes())
        yield from ("r" + body for body in self.relationships())


def _from(names: Sequence[str], wanted: Sequence[str], after: str | None) -> Iterator[tuple[str, str]]:
    """Each kind or type that is used and wanted, from that of a key on, and the id after which to begin in it."""
    first, _, id = (after or "").partition("/")
    for name in names:
        if name >= first and (not wanted or name in wanted):
            yield name, id if name == first else ""


def level_lines(run: Run) -> Iterator[str]:
    """Every source, node, relationship and judgement as a line of JSON: its word, text and level."""
    meta = network(run(META))
    given = {"finished": finished(meta)}
    for word, name in (("source", "_Source"), ("node", "Node")):
        for row in pages(run, page_of_label(name, f"n.id, n.body, {column('n', 'level')}"), given):
            yield json.dumps([word, *row[1:]])
    for name in meta["types"]:
        for row in pages(run, page_of_type(name, f"r.id, r.body, {column('r', 'level')}"), given):
            yield json.dumps(["relationship", *row[1:]])
    for gone, into, level in run("MATCH (m:_Merge) RETURN m.gone, m.into, m.level"):
        yield json.dumps(["judgement", f"{gone}\0{into}", level])


def log_lines(run: Run) -> Iterator[str]:
    """The change log as lines of JSON, as it is checked."""
    meta = network(run(META))
    query = "MATCH (c:_Changes) WHERE c.number > $given.after AND c.number <= $given.last WITH c ORDER BY c.number"
    wanted, key = f"{query} LIMIT $given.rows RETURN collect([c.number, {PIECE}])", bytes.fromhex(meta["key"])
    for _, *piece in pages(run, wanted, {"last": int(meta["chunks"])}, after=0, rows=100):
        yield from map(json.dumps, checked_rows(piece, key))


def log_page(run: Run, level: int, since: int, limit: int) -> list[Piece]:
    """The pieces of the log in which a level's positions after one stand."""
    return page(run, int(network(run(META))["chunks"]), level=level, since=since, limit=limit)
