"""Arrays out of SQLite: everything, packed into texts, or what has changed since.

A row made into Python values costs more than reading it: five million relationships would take twenty seconds.
So SQLite lists the facts of thousands of rows in a few texts (`group_concat`), and numpy reads the numbers out
of those, while SQLite lists the next ones: five seconds. Facts that are small share one number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.adjacency import SECTORS, Arrays, Codes, unknown_word
from graph.columns import (
    NODE_TYPES,
    RELATIONSHIP_TYPES,
    NodeColumns,
    RelationshipColumns,
    node_columns,
    relationship_columns,
)
from graph.ids import Ids
from graph.limits import check_time
from graph.model import LEVELS
from graph.side_by_side import side_by_side
from graph.snapshot import Held, State
from graph.splicing import Change, changed
from graph.store.changelog import FIRST_CHAIN
from graph.store.embedded_log import touched
from graph.store.following import follows, most_entries, network_mark
from graph.vocabulary import Vocabulary

AT_ONCE = 20_000  # rows listed in one text
DAY_BITS = 22  # enough for the last day that there is
DAY = (1 << DAY_BITS) - 1
SPAN = f"first_day + (last_day << {DAY_BITS})"  # to SQLite `|` and `<<` bind alike
OTHERWISE = "(confidence <> 1 OR strength IS NOT NULL)"  # few say how sure or how strong they are
FLAGS = f"recorded_day + (level + 4 * inferred + 8 * {OTHERWISE} << {DAY_BITS})"
CHANGED_NODES = (
    "SELECT id, kind, sector, level, first_day, last_day, n FROM nodes WHERE id IN (SELECT value FROM json_each(?))"
)
CHANGED_RELATIONSHIPS = (
    "SELECT r.id, r.type, s.id, t.id, r.level, r.first_day, r.last_day, r.confidence, r.inferred, r.strength,"
    " r.recorded_day FROM relationships r JOIN nodes s ON s.n = r.source JOIN nodes t ON t.n = r.target"
    " WHERE r.id IN (SELECT value FROM json_each(?))"
)
Numbers = NDArray[np.int64]
Places = NDArray[np.int32]
Piece = tuple[str, Places, list[str]]  # a condition, the places of the rows, their facts


def read_arrays(connection: sqlite3.Connection, vocabulary: Vocabulary, held: Held | None) -> Held:
    """The arrays of the state that the connection's transaction sees: what is held caught up, or all read anew."""
    state = read_state(connection)
    if held and held.state == state:
        return held
    change = read_change(connection, held, state) if held else None
    if held and change:
        return Held(changed(held.arrays, change, version=state.version), state)
    return Held(read_whole(connection, vocabulary, version=state.version), state)


def read_state(connection: sqlite3.Connection) -> State:
    """Which state of which network this is."""
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    last = connection.execute("SELECT seq, chain FROM changes ORDER BY seq DESC LIMIT 1").fetchone()
    [erased] = connection.execute("SELECT count(*) FROM forgotten").fetchone()
    versions = tuple(meta[f"sum{level}"] for level in range(len(LEVELS)))
    position, chain = last or (0, FIRST_CHAIN)
    return State(network_mark(meta["key"]), versions, position, chain, erased)


def read_change(connection: sqlite3.Connection, held: Held, now: State) -> Change | None:
    """What has changed since a state, from the log; None when it is too much, or the log does not tell."""
    since, size = held.state, len(held.arrays.nodes.ids) + len(held.arrays.relationships.ids)
    if not follows(since, now, size):
        return None
    link = connection.execute("SELECT chain FROM changes WHERE seq = ?", (since.position,)).fetchone()
    if since.position and link != (since.chain,):  # another history, as after a restored backup
        return None
    ids = touched(connection, since.position, most_entries(size))  # a row may speak of many
    if ids is None:
        return None
    nodes, edges = list(ids["node"]), list(ids["relationship"])
    there = {row[0]: row for row in connection.execute(CHANGED_NODES, (json.dumps(nodes),))}
    ties = {row[0]: row for row in connection.execute(CHANGED_RELATIONSHIPS, (json.dumps(edges),))}
    return Change(nodes, there, edges, ties)


def read_whole(connection: sqlite3.Connection, vocabulary: Vocabulary, *, version: str) -> Arrays:
    """Everything as arrays, read anew."""
    connection.set_progress_handler(None, 0)  # a look at the clock would wait for whoever reads numbers meanwhile
    codes = Codes(vocabulary)
    nodes, number = _nodes(connection, codes)
    return Arrays(nodes, _relationships(connection, codes, number), vocabulary, version=version)


def _nodes(connection: sqlite3.Connection, codes: Codes) -> tuple[NodeColumns, Places]:
    """The columns of all nodes, and for each key the number of its node."""
    sectors = {sector or "": code for code, sector in enumerate(SECTORS)}
    ids, keys = _ids(connection, "nodes", "n")
    places = _places(keys)
    columns = {name: np.zeros(len(ids), dtype) for name, dtype in NODE_TYPES.items()} | {"key": keys}
    facts = ("kind", "coalesce(sector, '')", "level", SPAN)
    for _, at, (kind, sector, level, span) in _pieces(connection, "nodes", "n", facts, places):
        values = {"kind": _coded(kind, codes.kinds), "sector": _coded(sector, sectors), "level": _numbers(level)}
        for name, value in (values | _days(span)).items():
            columns[name][at] = value
    return node_columns(ids, columns), places


def _relationships(connection: sqlite3.Connection, codes: Codes, number: Places) -> RelationshipColumns:
    ids, keys = _ids(connection, "relationships", "r")
    places = _places(keys)
    columns = {name: np.zeros(len(ids), dtype) for name, dtype in RELATIONSHIP_TYPES.items()}
    columns["confidence"][:] = 1.0

    def read(piece: Piece) -> str | None:
        """Enter the facts of a piece; gives its condition when some of them are said otherwise."""
        where, at, (type, source, target, span, packed) = piece
        code, flags = _coded(type, codes.types), _numbers(packed)
        values = {"type": code, "strength": codes.strengths[code], "recorded_day": flags & DAY} | _days(span)
        values |= {"source": number[_numbers(source)], "target": number[_numbers(target)]}
        values |= {"level": flags >> DAY_BITS & 3, "inferred": flags >> DAY_BITS + 2 & 1}
        for name, value in values.items():
            columns[name][at] = value
        return where if np.any(flags >> DAY_BITS + 3) else None

    facts = ("type", "source", "target", SPAN, FLAGS)
    for where in side_by_side(read, _pieces(connection, "relationships", "r", facts, places)):
        if where:
            _say_otherwise(connection, where, places, columns)
    return relationship_columns(ids, columns)


def _say_otherwise(
    connection: sqlite3.Connection, where: str, places: Places, columns: Mapping[str, NDArray[Any]]
) -> None:
    """Fill in the confidences and strengths that are not the default; a text would cut their last digits."""
    rows = connection.execute(f"SELECT r, confidence, strength {where} AND {OTHERWISE}").fetchall()
    keys, confidences, strengths = zip(*rows, strict=True)
    at, strength = places[np.array(keys)], np.array(strengths, np.float64)  # None is no number
    columns["confidence"][at] = confidences
    own = ~np.isnan(strength)
    columns["strength"][at[own]] = strength[own]


def _ids(connection: sqlite3.Connection, table: str, key: str) -> tuple[Ids, Numbers]:
    """All ids of a table in ascending order, and the key of the row of each."""
    sql = (
        f"SELECT group_concat(id, char(10)), group_concat({key}), max(id)"
        f" FROM (SELECT id, {key} FROM {table} WHERE id > ? ORDER BY id LIMIT {AT_ONCE})"
    )
    lines, keys, last = list[str](), [np.empty(0, np.int64)], ""
    while True:
        check_time()
        text, some, last = connection.execute(sql, (last,)).fetchone()
        if text is None:
            return Ids.of_lines("".join(lines).encode()), np.concatenate(keys)
        lines.append(f"{text}\n")
        keys.append(_numbers(some))


def _pieces(
    connection: sqlite3.Connection, table: str, key: str, facts: tuple[str, ...], places: Places
) -> Iterator[Piece]:
    """The facts of a table in the order in which it lies."""
    listed = ", ".join(f"group_concat({fact})" for fact in (key, *facts))
    for first in range(0, len(places), AT_ONCE):
        check_time()
        where = f"FROM {table} WHERE {key} >= {first} AND {key} < {first + AT_ONCE}"
        keys, *texts = connection.execute(f"SELECT {listed} {where}").fetchone()
        if keys is not None:
            yield where, places[_numbers(keys)], texts


def _numbers(text: str) -> Numbers:
    return np.fromstring(text, np.int64, sep=",")


def _coded(text: str, codes: Mapping[str, int]) -> NDArray[np.uint8]:
    try:
        return np.frombuffer(bytes(map(codes.__getitem__, text.split(","))), np.uint8)
    except KeyError as unknown:
        raise unknown_word(unknown.args[0]) from unknown


def _days(span: str) -> dict[str, Numbers]:
    packed = _numbers(span)
    return {"first_day": packed & DAY, "last_day": packed >> DAY_BITS}


def _places(keys: Numbers) -> Places:
    """For each key its place among these."""
    places = np.zeros(int(keys.max(initial=-1)) + 1, np.int32)
    places[keys] = np.arange(len(keys), dtype=np.int32)
    return places
