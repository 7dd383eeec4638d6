"""What a user would otherwise pick, doing the same on the same network: networkx, plain SQL, Cypher.

Each gives an answer that can be compared with ours: a speed with another answer is worth nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import islice

import networkx as nx
from neo4j import GraphDatabase

LONGEST = 6
NUMBER = "SELECT n FROM nodes WHERE id = ?"
AROUND = """
SELECT target, source FROM relationships WHERE source IN ({marks}) AND source <> target
UNION SELECT source, target FROM relationships WHERE target IN ({marks}) AND source <> target
"""
SHORTEST = f"""
MATCH (a:Node {{id: $source}}), (b:Node {{id: $target}})
OPTIONAL MATCH p = shortestPath((a)-[*..{LONGEST}]-(b))
RETURN length(p)
"""
TWO_STEPS = """
MATCH (a:Node {id: $node})-[*1..2]-(b:Node) WHERE b <> a
RETURN count(DISTINCT b)
"""


class PlainSql:
    """Questions to the tables of the embedded store in SQL alone, as somebody without our arrays would put them."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def steps(self, source: str, target: str) -> int | None:
        """Steps of the shortest path, searched from both ends; None beyond the longest."""
        ends = [self.connection.execute(NUMBER, (id,)).fetchone()[0] for id in (source, target)]
        seen = [{ends[0]}, {ends[1]}]
        fronts = [{ends[0]}, {ends[1]}]
        for step in range(1, LONGEST + 1):
            side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
            fronts[side] = self._around(fronts[side]) - seen[side]
            if fronts[side] & seen[1 - side]:
                return step
            seen[side] |= fronts[side]
        return None

    def two_steps(self, node: str) -> int:
        """How many others are within two steps."""
        start = self.connection.execute(NUMBER, (node,)).fetchone()[0]
        near = self._around({start})
        return len((near | self._around(near)) - {start})

    def _around(self, numbers: Iterable[int]) -> set[int]:
        wanted, found = iter(numbers), set[int]()
        while some := list(islice(wanted, 10_000)):
            sql = AROUND.format(marks=",".join(map(str, some)))
            found.update(row[0] for row in self.connection.execute(sql))
        return found


def steps(graph: nx.Graph[str], source: str, target: str) -> int | None:
    """The same by networkx."""
    try:
        length = int(nx.shortest_path_length(graph, source, target))
    except nx.NetworkXNoPath:
        return None
    return length if length <= LONGEST else None


def two_steps(graph: nx.Graph[str], node: str) -> int:
    """The same by networkx."""
    return len(nx.single_source_shortest_path_length(graph, node, cutoff=2)) - 1


class Cypher:
    """The server's own path search and pattern matching, by its driver."""

    def __init__(self, uri: str, user: str, password: str) -> None:
        self.driver = GraphDatabase.driver(uri, auth=(user, password))

    def steps(self, source: str, target: str) -> int | None:
        """Steps of the shortest path; None beyond the longest."""
        return self._one(SHORTEST, source=source, target=target)

    def two_steps(self, node: str) -> int | None:
        """How many others are within two steps."""
        return self._one(TWO_STEPS, node=node)

    def _one(self, query: str, **values: str) -> int | None:
        found: int | None = self.driver.execute_query(query, values).records[0][0]
        return found
