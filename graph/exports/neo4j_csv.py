"""Tables for the offline import of a Neo4j server: a zip, with the command to give in README.txt.

The server makes a database of them in minutes where a load takes an hour, and `cogs` opens it as one that it has
loaded itself: same answers, same version. The change log begins anew, as it does with every export.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graph.exports._archive import Cell, Runs, Table, archive, table_text
from graph.lens import Lens
from graph.model import LEVELS, Node, Relationship, Source
from graph.search import fold
from graph.store.base import Store
from graph.store.changelog import FIRST_CHAIN
from graph.store.cypher import name_key
from graph.store.neo4j_rows import LAYOUT, node_row, relationship_row, source_row
from graph.store.writing import MODULUS, digest

MEDIA_TYPE = "application/zip"
SUFFIX = ".neo4j.zip"
README = """\
Unpack this archive, stop the server, and give this command in the folder of the tables:

  neo4j-admin database import full neo4j --overwrite-destination --id-type=string --multiline-fields=true \\
    --nodes=sources.csv --nodes=nodes.csv --nodes=words.csv --nodes=network.csv --relationships=relationships.csv

`neo4j` is the name of the database; what was in it is lost. Then start the server. The first `cogs` command on it
(`cogs check --store neo4j://…`) makes the constraints and indexes, which takes minutes for a large network.
"""
SOURCES = {"id": "id:ID(Source)", "title": "title", "url": "url", "body": "body"}
NODES = {"id": "id:ID(Node)", "level": "level:int", "first_day": "first_day:int", "last_day": "last_day:int"} | {
    name: name
    for name in ("kind", "subkind", "name", "sector", "url", "start", "end", "search_names", "search_summary",
                 "search_keys", "body")
}  # fmt: skip
RELATIONSHIPS = {
    "id": "id", "level": "level:int", "first_day": "first_day:int", "last_day": "last_day:int",
    "recorded_day": "recorded_day:int", "amount": "amount:double", "strength": "strength:double",
    "confidence": "confidence:double", "inferred": "inferred:boolean",
} | {name: name for name in ("role", "role_text", "currency", "start", "end", "body")}  # fmt: skip


def write(store: Store, lens: Lens) -> Iterator[bytes]:
    """The archive, table by table; equal networks give equal bytes."""
    return archive(store, lens, _Network().tables(store, lens))


@dataclass
class _Network:
    """What is gathered from the things that pass: the last tables tell it."""

    sums: list[int] = field(default_factory=lambda: [0] * len(LEVELS))
    levels: dict[str, int] = field(default_factory=dict)  # of the nodes that not everybody sees
    kinds: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def tables(self, store: Store, lens: Lens) -> Iterator[Table]:
        things = Runs(store.export(lens))
        yield "README.txt", [README]
        yield "sources.csv", table_text([*SOURCES.values(), ":LABEL"], map(self._source, things.of(Source)))
        yield "nodes.csv", table_text([*NODES.values(), ":LABEL"], map(self._node, things.of(Node)))
        titles = [*RELATIONSHIPS.values(), ":START_ID(Node)", ":END_ID(Node)", ":TYPE"]
        yield "relationships.csv", table_text(titles, map(self._relationship, things.of(Relationship)))
        yield "words.csv", table_text(["key:ID(Word)", "word", "number:int", ":LABEL"], self._words())
        yield "network.csv", self._meta()

    def _source(self, source: Source) -> list[Cell]:
        body = source.canonical()
        self._count("source", body, 0)
        return [*_cells(SOURCES, source_row(source, body)), "_Source"]

    def _node(self, node: Node) -> list[Cell]:
        body = node.canonical()
        self._count("node", body, node.level)
        self.kinds.add(node.kind)
        self.words.update(word for name in (node.name, *node.aliases) for word in fold(name).split())
        if node.level:
            self.levels[node.id] = node.level
        row = node_row(node, node.level, body)
        return [*_cells(NODES, row["values"]), f"Node;{row['label']}"]

    def _relationship(self, edge: Relationship) -> list[Cell]:
        body, levels = edge.canonical(), (self.levels.get(end, 0) for end in (edge.source, edge.target))
        level = max(edge.level, *levels)
        self._count("relationship", body, level)
        self.types.add(edge.type)
        return [
            *_cells(RELATIONSHIPS, relationship_row(edge, level, body)["values"]),
            edge.source,
            edge.target,
            edge.type,
        ]

    def _words(self) -> Iterator[list[Cell]]:
        for word in sorted(self.words):  # complete only when all nodes have passed
            yield [name_key(word), word, 0, "_NameWord"]

    def _count(self, name: str, body: str, level: int) -> None:
        value = int.from_bytes(digest(name, body), "big")
        for audience in range(level, len(LEVELS)):
            self.sums[audience] = (self.sums[audience] + value) % MODULUS

    def _meta(self) -> Iterator[str]:
        """The network's own node, and the gate that every commit passes; the key is made where it is to be used."""
        values: dict[str, Cell] = {"layout": LAYOUT, "chain": FIRST_CHAIN, "entries:int": 0, "chunks:int": 0}
        values |= {f"sum{level}": f"{value:032x}" for level, value in enumerate(self.sums)}
        values |= {f"seen{level}:int": 0 for level in range(len(LEVELS))}
        values |= {"kinds:string[]": ";".join(sorted(self.kinds)), "types:string[]": ";".join(sorted(self.types))}
        gate: list[Cell] = ["gate", *[None] * len(values), "_Meta"]
        yield from table_text(["id:ID(Meta)", *values, ":LABEL"], [["network", *values.values(), "_Meta"], gate])


def _cells(columns: Iterable[str], values: dict[str, Any]) -> list[Cell]:
    """The values in the order of the columns; what is not said stays empty, which the import takes for not there."""
    return [str(value).lower() if isinstance(value, bool) else value for value in map(values.get, columns)]
