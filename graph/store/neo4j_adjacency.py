"""Neighbours asked of the server as a search needs them: for networks larger than memory, or written by others.

Each call asks for the steps from all nodes that are new to it, in packed lists and under the lens; what was asked is
kept, for this one question. Nodes are numbered as they are met. Searches break ties by numbers, which must be in
the order of ids: so a search is done again, over what is kept, once the numbers are in order (`settled`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.adjacency import Ints, Mask, Steps
from graph.errors import LimitExceeded
from graph.limits import check_time
from graph.store.cypher import any_of, relationship_is_seen
from graph.store.neo4j_connection import Run
from graph.vocabulary import Vocabulary

Result = TypeVar("Result")
AT_ONCE = 2_000  # nodes asked about in one query
MOST_STEPS = 500_000  # that one question may ask of the server
ROOM = 1 << 19  # nodes that one question may meet
NO_STRENGTH = -1.0
STEPS = (
    "MATCH (s:Node)-[r]-(t:Node) WHERE s.id IN $given.ids AND s <> t AND {} WITH s, r, t LIMIT $given.most"
    " RETURN collect(s.id), collect(t.id), collect(t.kind), collect(r.id), collect(type(r)),"
    f" collect(coalesce(r.strength, {NO_STRENGTH}))"
).format(relationship_is_seen())
Read = Callable[[Callable[[Run], Any]], Any]


class ServerAdjacency:
    """The neighbours that a lens lets through, asked of a Neo4j server step by step."""

    def __init__(
        self, read: Read, lens_of: Callable[[Run], dict[str, Any]], vocabulary: Vocabulary, *, through_groups: bool
    ) -> None:
        self._read = read
        self._lens_of = lens_of
        self._lens: dict[str, Any] | None = None
        self._strengths = {name: row.strength for name, row in vocabulary.types.items()}
        self._passages = {name: kind.passage or through_groups for name, kind in vocabulary.kinds.items()}
        self._ids, self._keys = list[str](), dict[str, int]()  # nodes in the order in which they were met
        self._passage = np.zeros(ROOM, np.bool_)
        self._number, self._key = np.arange(ROOM), np.arange(ROOM)  # from one to the other and back
        self._rows: dict[int, tuple[Ints, Ints]] = {}  # neighbours and relationships of each node that was asked about
        self._ties, self._tie_numbers = list[tuple[str, str, float]](), dict[str, int]()
        self._asked = 0

    def size(self) -> int:
        """Numbers of nodes are below this."""
        return ROOM

    def number(self, id: str) -> int:
        """Number of a node."""
        return int(self._number[self._met(id)])

    def ids(self, nodes: Iterable[int]) -> list[str]:
        """Ids of nodes."""
        return [self._ids[self._key[number]] for number in nodes]

    def relationships(self, numbers: Iterable[int]) -> dict[str, str]:
        """Ids of relationships, and the type of each."""
        return {id: name for id, name, _ in (self._ties[number] for number in numbers)}

    def strengths(self, relationships: Ints) -> NDArray[np.float64]:
        """Strength of each of these relationships."""
        return np.array([self._ties[number][2] for number in relationships.tolist()], np.float64)

    def is_passage(self, nodes: Ints) -> Mask:
        """Whether a path may run through each of these nodes."""
        return self._passage[self._key[nodes]]

    def steps(self, nodes: Ints) -> Steps:
        """All visible steps from these nodes, in the order of the nodes given, then neighbour, then relationship."""
        keys = self._key[nodes].tolist()
        self._ask([key for key in dict.fromkeys(keys) if key not in self._rows])
        rows = [self._rows[key] for key in keys]
        nothing = np.empty(0, np.int64)
        place = np.repeat(np.arange(len(nodes)), [len(row[0]) for row in rows])
        neighbour = self._number[np.concatenate([nothing, *(row[0] for row in rows)])]
        relationship = np.concatenate([nothing, *(row[1] for row in rows)])
        order = np.lexsort((relationship, neighbour, place))
        return Steps(nodes[place[order]], neighbour[order], relationship[order])

    def settled(self, work: Callable[[], Result]) -> Result:
        """What comes of some work when numbers are in the order of ids; done again, mostly once, until they are."""
        while True:
            result = work()
            keys = sorted(range(len(self._ids)), key=self._ids.__getitem__)
            if np.array_equal(self._key[: len(keys)], keys):
                return result
            self._key[: len(keys)] = keys
            self._number[keys] = np.arange(len(keys))

    def towards(self, ids: Sequence[str], types: Sequence[str]) -> list[tuple[str, str]]:
        """From which of these nodes to which others relationships of these types lead; in the order of the others."""
        seen = f"{relationship_is_seen()} WITH DISTINCT s.id AS one, t.id AS other ORDER BY other"
        query = f"MATCH (s:Node)-[r:{any_of(types)}]->(t:Node) WHERE s.id IN $given.ids AND s <> t AND {seen}"
        [[pairs]] = self._run(f"{query} RETURN collect([one, other])", ids=list(ids))
        return [(one, other) for one, other in pairs]

    def _met(self, id: str, kind: str | None = None) -> int:
        """The key of a node."""
        key = self._keys.get(id)
        if key is None:
            key = self._keys[id] = len(self._ids)
            if key >= ROOM:
                raise _too_much()
            self._ids.append(id)
        if kind is not None:
            self._passage[key] = self._passages.get(kind, True)
        return key

    def _tie(self, id: str, name: str, strength: float) -> int:
        if id not in self._tie_numbers:
            self._tie_numbers[id] = len(self._ties)
            self._ties.append((id, name, self._strengths[name] if strength == NO_STRENGTH else strength))
        return self._tie_numbers[id]

    def _ask(self, keys: Sequence[int]) -> None:
        for first in range(0, len(keys), AT_ONCE):
            check_time()
            some = keys[first : first + AT_ONCE]
            most = MOST_STEPS - self._asked + 1
            [columns] = self._run(STEPS, ids=[self._ids[key] for key in some], most=most)
            self._asked += len(columns[0])
            if len(columns[0]) >= most:
                raise _too_much()
            self._keep(some, columns)

    def _keep(self, keys: Sequence[int], columns: Sequence[Sequence[Any]]) -> None:
        origins, others, kinds, ids, types, strengths = columns
        rows: dict[int, tuple[list[int], list[int]]] = {key: ([], []) for key in keys}
        for origin, other, kind, id, name, strength in zip(origins, others, kinds, ids, types, strengths, strict=True):
            neighbours, ties = rows[self._keys[origin]]
            neighbours.append(self._met(other, kind))
            ties.append(self._tie(id, name, strength))
        for key, (neighbours, ties) in rows.items():
            self._rows[key] = np.array(neighbours, np.int64), np.array(ties, np.int64)

    def _run(self, query: str, **given: Any) -> list[list[Any]]:
        def work(run: Run) -> list[list[Any]]:
            if self._lens is None:
                self._lens = self._lens_of(run)
            return run(query, **self._lens, **given)

        found: list[list[Any]] = self._read(work)
        return found


def _too_much() -> LimitExceeded:
    return LimitExceeded(
        f"This asks more than {MOST_STEPS:,} steps of the server.",
        fix="Narrow the lens, take fewer steps, or set COGS_ADJACENCY to arrays.",
    )
