"""Arrays out of Neo4j: everything, a list for each column, or what has changed since.

The server takes time for each property that it looks for, also where there is none, and one core for each query. So
what no relationship says is not asked for, and nodes and the types of relationships are shared out among two. Ends are
named by the server's own numbers, which cost nothing and hold for as long as nothing is committed; they never leave
this module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.adjacency import SECTORS, Arrays, Codes, unknown_word
from graph.columns import NODE_TYPES, RELATIONSHIP_TYPES, NodeColumns, node_columns, relationship_columns
from graph.errors import StoreUnavailable
from graph.ids import Ids
from graph.limits import check_time
from graph.model import LEVELS
from graph.snapshot import Held, State
from graph.splicing import Change, changed
from graph.store.cypher import DEFAULTS, column, is_there, quoted
from graph.store.following import follows, most_entries, network_mark
from graph.store.neo4j_ahead import finished
from graph.store.neo4j_connection import Run, Work
from graph.store.neo4j_log import LOGGED, PIECE, chain_of, touched
from graph.store.neo4j_reading import network
from graph.store.neo4j_schema import META
from graph.vocabulary import Vocabulary

ROWS = 10_000  # in one list
READERS = 2
NO_STRENGTH = -1.0
LINE_BREAK = 10
USED = "CALL db.propertyKeys() YIELD propertyKey RETURN collect(propertyKey)"
DAYS = ("level", "first_day", "last_day")
FACTS = (*DAYS, "confidence", "inferred", "strength", "recorded_day")
ENDS = ("source", "target")
READ: dict[str, type[np.generic]] = {**RELATIONSHIP_TYPES, **dict.fromkeys(ENDS, np.int64)}  # the server's numbers
UNSAID: dict[str, Any] = {**DEFAULTS, "strength": NO_STRENGTH}
Read = Callable[[Work[Any]], Any]
Lists = list[list[Any]]
Piece = tuple[NDArray[np.bytes_], dict[str, NDArray[Any]]]


def read_arrays(read: Read, vocabulary: Vocabulary, held: Held | None) -> Held:
    """The arrays as they are while nothing is committed: what is held caught up, or all read anew."""
    state = read(read_state)
    if held and held.state == state:
        return held
    change = read(lambda run: read_change(run, held, state)) if held else None
    if held and change:
        return Held(changed(held.arrays, change, version=state.version), state)
    return Held(_read_whole(read, vocabulary, state.version), state)


def read_state(run: Run) -> State:
    """Which state of which network this is; its log is counted in pieces."""
    meta = network(run(META))
    [[erased]] = run("MATCH (f:_Forgotten) RETURN count(f)")
    versions = tuple(meta[f"sum{level}"] for level in range(len(LEVELS)))
    return State(network_mark(meta["key"]), versions, int(meta["chunks"]), meta["chain"], erased)


def read_change(run: Run, held: Held, now: State) -> Change | None:
    """What has changed since a state, from the log; None when it is too much, or the log does not tell."""
    since, size = held.state, len(held.arrays.nodes.ids) + len(held.arrays.relationships.ids)
    if not follows(since, now, size, at_once=LOGGED):
        return None
    query = "MATCH (c:_Changes) WHERE c.number >= $given.first AND c.number <= $given.last"
    found = run(f"{query} RETURN c.number, {PIECE} ORDER BY c.number", first=since.position, last=now.position)
    pieces = {number: piece for number, *piece in found}
    if chain_of(pieces.pop(since.position, None)) != since.chain:  # another history
        return None
    ids: dict[str, set[str]] = {"source": set(), "node": set(), "relationship": set()}
    for thing, id in (one for piece in pieces.values() for one in touched(piece)):
        ids[thing].add(id)
        if sum(map(len, ids.values())) > most_entries(size):
            return None
    nodes, edges = sorted(ids["node"]), sorted(ids["relationship"])
    return Change(nodes, _rows(run, [_nodes_by_id()], nodes), edges, _rows(run, _relationships_by_id(run), edges))


def _nodes_by_id() -> str:
    values = ", ".join([*(column("n", name) for name in ("id", "kind", "sector", *DAYS)), "0"])
    return f"MATCH (n:Node) WHERE n.id IN $given.ids AND {is_there('n')} RETURN collect([{values}])"


def _relationships_by_id(run: Run) -> Iterator[str]:
    """A query for each type that is used: looked up in its index."""
    values = ", ".join(["r.id", "type(r)", "s.id", "t.id", *(column("r", name) for name in FACTS)])
    for name in network(run(META))["types"]:
        found = f"MATCH (s)-[r:{quoted(name)}]->(t) WHERE r.id IN $given.ids AND {is_there('r')}"
        yield f"{found} RETURN collect([{values}])"


def _rows(run: Run, queries: Iterable[str], ids: Sequence[str]) -> dict[str, Any]:
    """The rows of those of these ids that are there, by id."""
    parts = [ids[first : first + ROWS] for first in range(0, len(ids), ROWS)]
    now = finished(network(run(META)))
    found = (run(query, ids=part, finished=now)[0][0] for query in queries for part in parts) if parts else ()
    return {row[0]: tuple(row) for rows in found for row in rows}


def _read_whole(read: Read, vocabulary: Vocabulary, version: str) -> Arrays:
    codes = Codes(vocabulary)
    types, used = read(lambda run: (network(run(META))["types"], run(USED)[0][0]))
    of_types = [partial(_of_type, name=name, codes=codes, used=used) for name in types]
    works: list[Work[Any]] = [partial(_nodes, codes=codes), *of_types]
    with ThreadPoolExecutor(READERS) as threads:
        running = [threads.submit(copy_context().run, partial(read, work)) for work in works]
        try:
            (nodes, number), *found = [one.result() for one in running]
        finally:
            threads.shutdown(cancel_futures=True)  # where one fails the others are not even begun
    pieces: list[Piece] = [piece for some in found for piece in some]
    ids = np.concatenate([np.empty(0, "S1"), *(ids for ids, _ in pieces)])
    order = np.argsort(ids, kind="stable")
    columns = {
        name: np.concatenate([np.empty(0, dtype), *(facts[name] for _, facts in pieces)])[order]
        for name, dtype in READ.items()
    }
    columns |= {name: _numbers(columns[name], number) for name in ENDS}
    return Arrays(nodes, relationship_columns(_packed(ids[order]), columns), vocabulary, version=version)


def _packed(ids: NDArray[np.bytes_]) -> Ids:
    size = ids.dtype.itemsize
    lines = np.full((len(ids), size + 1), LINE_BREAK, np.uint8)
    lines[:, :size] = ids.view(np.uint8).reshape(len(ids), size)
    return Ids.of_lines(lines[lines != 0].tobytes())


def _lists(run: Run, found: str, order: str, values: Sequence[str]) -> Iterator[Lists]:
    """Columns of what a pattern finds, in the order of the first of them, some thousand rows at a time."""
    listed = ", ".join(f"collect({value})" for value in values)
    row, now = values[0].partition(".")[0], finished(network(run(META)))
    wanted = f"{found} WHERE {values[0]} > $given.after AND {is_there(row)}"
    query = f"{wanted} WITH {order} ORDER BY {values[0]} LIMIT {ROWS} RETURN {listed}"
    after = ""
    while True:
        check_time()
        [columns] = run(query, after=after, finished=now)
        if columns[0]:
            yield columns
        if len(columns[0]) < ROWS:
            return
        after = columns[0][-1]


def _nodes(run: Run, *, codes: Codes) -> tuple[NodeColumns, NDArray[np.int32]]:
    """The columns of all nodes, and for each of the server's numbers the number of its node, −1 for none."""
    values = ("n.id", "id(n)", "n.kind", "coalesce(n.sector, '')", *(column("n", name) for name in DAYS))
    sectors = {sector or "": code for code, sector in enumerate(SECTORS)}
    ids, theirs, parts = list[str](), list[int](), list[dict[str, Any]]()
    for some, keys, kind, sector, *days in _lists(run, "MATCH (n:Node)", "n", values):
        ids += some
        theirs += keys
        facts = {
            "kind": _coded(kind, codes.kinds),
            "sector": _coded(sector, sectors),
            **dict(zip(DAYS, days, strict=True)),
            "key": np.zeros(len(some)),
        }
        parts.append({name: np.array(facts[name], dtype) for name, dtype in NODE_TYPES.items()})
    columns = {
        name: np.concatenate([np.empty(0, dtype), *(part[name] for part in parts)])
        for name, dtype in NODE_TYPES.items()
    }
    number = np.full(max(theirs, default=-1) + 1, -1, np.int32)
    number[theirs] = np.arange(len(ids), dtype=np.int32)
    return node_columns(Ids.of(ids), columns), number


def _of_type(run: Run, *, name: str, codes: Codes, used: Collection[str]) -> list[Piece]:
    """Ids and columns of the relationships of a type, some thousand at a time; ends by the server's numbers."""
    [code] = _coded([name], codes.types)
    unsaid, asked = UNSAID | {"type": code}, [fact for fact in FACTS if fact in used]
    facts = (f"coalesce(r.strength, {NO_STRENGTH})" if fact == "strength" else column("r", fact) for fact in asked)
    pattern, pieces = f"MATCH (s)-[r:{quoted(name)}]->(t) USING INDEX r:{quoted(name)}(id)", []
    for ids, *lists in _lists(run, pattern, "s, r, t", ("r.id", "id(s)", "id(t)", *facts)):
        found: dict[str, Any] = dict(zip((*ENDS, *asked), lists, strict=True))
        columns = {
            fact: np.array(found[fact], dtype) if fact in found else np.full(len(ids), unsaid[fact], dtype)
            for fact, dtype in READ.items()
        }
        strength = columns["strength"]
        columns["strength"] = np.where(strength == NO_STRENGTH, codes.strengths[code], strength)
        pieces.append((np.array(ids, np.bytes_), columns))
    return pieces


def _numbers(theirs: NDArray[np.int64], number: NDArray[np.int32]) -> NDArray[np.int32]:
    found = number[theirs] if np.max(theirs, initial=-1) < len(number) else np.full(1, -1, np.int32)
    if np.any(found < 0):
        raise StoreUnavailable("Somebody changed the network while it was read.", fix="Try again in a moment.")
    return found


def _coded(words: list[str], codes: dict[str, int]) -> list[int]:
    try:
        return [codes[word] for word in words]
    except KeyError as unknown:
        raise unknown_word(unknown.args[0]) from unknown
