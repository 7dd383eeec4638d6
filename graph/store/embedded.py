"""The embedded store: one SQLite file, no server. The default.

Write-ahead log, full synchronisation, foreign processes may read and write at the same time. One
connection per thread; every write is one `BEGIN IMMEDIATE` transaction.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from graph.adjacency import Arrays
from graph.errors import CogsError, InputError, StoreError, StoreFull, StoreUnavailable, TimeLimit
from graph.lens import PART_TYPES, Lens
from graph.limits import check_time, seconds_left
from graph.model import Audience, Node, Relationship, Sector, Source, Thing
from graph.search import SearchQuery, fold
from graph.snapshot import Held, State
from graph.store.base import EVERYTHING, Store
from graph.store.changelog import FIRST_CHAIN, as_seen, mark
from graph.store.embedded_arrays import read_arrays, read_state
from graph.store.embedded_log import entries_of, log_row
from graph.store.embedded_search import ranks, ways
from graph.store.embedded_writing import EmbeddedTransaction
from graph.store.following import Following
from graph.store.records import Around, Change, Counts, Outline
from graph.store.sql import Where
from graph.store.writing import Transaction, marks_of
from graph.unchecked import stored
from graph.vocabulary import Vocabulary

SCHEMA = Path(__file__).with_name("schema.sql")
LAYOUT = "2"
UPGRADES = (("1", "2", "ALTER TABLE changes ADD COLUMN packed BLOB"),)  # 2: many additions in one row of the log
BUSY_SECONDS = 30.0
CACHE = -65_536  # KiB of pages for each connection
STEPS_BETWEEN_LOOKS = 5_000  # instructions of SQLite's machine between two looks at the clock
LAST_LINK = "SELECT chain FROM changes ORDER BY seq DESC LIMIT 1"
OUTLINE = "n.kind, json_extract(n.body, '$.subkind'), json_extract(n.body, '$.name'), n.sector"
SECTORS = {None: None} | {str(sector): sector for sector in Sector}


class EmbeddedStore(Store):
    """A network in one SQLite file."""

    def __init__(self, path: str | Path, vocabulary: Vocabulary, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = Path(path).expanduser()
        self.uri = str(self.path)
        self.vocabulary = vocabulary
        self.busy_seconds = busy_seconds
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self.following = Following(
            self.path.with_name(f"{self.path.name}.arrays"),
            vocabulary,
            chain=self._chain,
            state=self.state,
            read=self.read_arrays,
        )
        self._words: tuple[int, list[str]] = (0, [])
        self._prepare()

    # Connections.

    def _prepare(self) -> None:
        if self.path.is_dir():
            raise InputError(f"{self.path} is a folder.", fix="Name a file to keep the network in.")
        with self._translated():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = self._connection()
            known = connection.execute("SELECT name FROM sqlite_master WHERE name = 'meta'").fetchone()
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if tables and not known:
                raise StoreError(f"{self.path} is a database of another program.", fix="Name another file.")
            if not known:
                self._make(connection)
            self._upgrade(connection)
            layout = connection.execute("SELECT value FROM meta WHERE key = 'layout'").fetchone()
            if layout != (LAYOUT,):
                raise StoreError(
                    f"{self.path} was made by another version (layout {layout and layout[0]}).",
                    fix="Export it with that version as JSON Lines, and load that here.",
                )

    def _make(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA.read_text(encoding='utf-8')} COMMIT;")
        rows = [("layout", LAYOUT), ("key", secrets.token_hex(32)), *((f"sum{level}", "0" * 32) for level in range(4))]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", rows)
        connection.execute("COMMIT")

    def _upgrade(self, connection: sqlite3.Connection) -> None:
        """Make a store of an earlier layout one of ours, where that costs nothing."""
        layout = "SELECT value FROM meta WHERE key = 'layout'"
        for before, after, statement in UPGRADES:
            if connection.execute(layout).fetchone() == (before,):
                connection.execute("BEGIN IMMEDIATE")
                if connection.execute(layout).fetchone() == (before,):  # no other process was quicker
                    connection.execute(statement)
                    connection.execute("UPDATE meta SET value = ? WHERE key = 'layout'", (after,))
                connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self.busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA cache_size = {CACHE}")
        connection.execute("PRAGMA mmap_size = 1073741824")
        connection.create_function("small_letters", 1, str.lower, deterministic=True)  # its own only knows ASCII
        connection.set_progress_handler(_over_time, STEPS_BETWEEN_LOOKS)
        return connection

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._open()
            with self._lock:
                self._connections.append(self._local.connection)
        connection: sqlite3.Connection = self._local.connection
        return connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Errors of SQLite and of the file system become ours."""
        try:
            yield
        except sqlite3.Error as wrong:
            raise self._ours(wrong) from wrong
        except OSError as wrong:
            raise StoreError(
                f"{self.path} cannot be used: {wrong.strerror}.", fix="Check the path and its permissions."
            ) from wrong

    def _ours(self, wrong: sqlite3.Error) -> CogsError:
        text = str(wrong)
        if text == "interrupted":
            return TimeLimit(
                "The answer took longer than allowed and was stopped.", fix="Narrow the lens, or ask for less."
            )
        if "locked" in text or "busy" in text:
            return StoreUnavailable(f"{self.path} is locked by another process.", fix="Try again when it has finished.")
        if "full" in text:
            return StoreFull(
                f"No room is left to write {self.path}.", fix="Make room on the disk; nothing was changed."
            )
        if "not a database" in text or "malformed" in text:
            return StoreError(f"{self.path} is not a database of ours, or is damaged.", fix="Restore it from a backup.")
        if "readonly" in text or "unable to open" in text:
            return StoreError(f"{self.path} cannot be opened for writing.", fix="Check the path and its permissions.")
        return StoreError(f"The store {self.path} failed: {text}.", fix="`cogs check` looks for the cause.")

    def _rows(self, sql: str, parameters: Iterable[object] = ()) -> list[Any]:
        with self._translated():
            check_time()
            return self._connection().execute(sql, tuple(parameters)).fetchall()

    def _streamed(self, statements: Sequence[tuple[str, Sequence[object]]]) -> Iterator[Any]:
        """Rows of several statements from one state of the store, on a connection of their own."""
        with self._consistent() as connection:
            for sql, parameters in statements:
                cursor = connection.execute(sql, tuple(parameters))
                while rows := cursor.fetchmany(1_000):
                    check_time()
                    yield from rows

    # Reading.

    def _node_where(self, lens: Lens) -> Where:
        return Where(self.vocabulary).node("n", lens, self.parts(lens))

    def _relationship_where(self, lens: Lens) -> Where:
        return Where(self.vocabulary).relationship("r", lens, self.parts(lens))

    def get(self, ids: Sequence[str], lens: Lens = EVERYTHING) -> dict[str, Node]:
        """The visible nodes among these ids; a merged or forgotten id is simply not there."""
        where = self._node_where(lens).among("n.id", ids)
        rows = self._rows(f"SELECT n.body FROM nodes n {where}", where.parameters)
        return _by_id(ids, (stored(Node, body) for (body,) in rows))

    def outlines(self, ids: Sequence[str], lens: Lens = EVERYTHING) -> dict[str, Outline]:
        """Enough of the visible nodes among these ids to show them in an answer."""
        where = self._node_where(lens).among("n.id", ids)
        rows = self._rows(f"SELECT n.id, {OUTLINE} FROM nodes n {where}", where.parameters)
        return {id: Outline(kind, subkind, name, SECTORS[sector]) for id, kind, subkind, name, sector in rows}

    def get_relationships(
        self, ids: Sequence[str], lens: Lens = EVERYTHING, *, types: Sequence[str] | None = None
    ) -> dict[str, Relationship]:
        """The visible relationships among these ids; who knows their types says so, and is answered sooner."""
        where = self._relationship_where(lens).among("r.id", ids)
        if types is not None:
            where.among("+r.type", types)  # not by its index, which would look up each id under each type
        rows = self._rows(f"SELECT r.body {where.relationships}", where.parameters)
        return _by_id(ids, (stored(Relationship, body) for (body,) in rows))

    def get_sources(self, ids: Sequence[str] | None = None) -> dict[str, Source]:
        """Sources by id, or all of them in the order of their ids."""
        where = Where(self.vocabulary) if ids is None else Where(self.vocabulary).among("id", ids)
        rows = self._rows(f"SELECT body FROM sources {where} ORDER BY id", where.parameters)
        return {source.id: source for source in (stored(Source, body) for (body,) in rows)}

    def find(self, text: str, lens: Lens = EVERYTHING) -> list[Node]:
        """Visible nodes whose name or alias is this (folded), or whose identifier is this `scheme:value`."""
        where = self._node_where(lens).add(
            "n.n IN (SELECT n FROM names WHERE folded = ? UNION SELECT n FROM identifiers WHERE text = ?)",
            fold(text),
            text,
        )
        rows = self._rows(f"SELECT n.body FROM nodes n {where} ORDER BY n.id", where.parameters)
        return [stored(Node, body) for (body,) in rows]

    def by_identifier(self, identifiers: Sequence[str]) -> dict[str, str]:
        """For each of these `scheme:value` that a node has, the id of that node (the smallest of several)."""
        where = Where(self.vocabulary).among("i.text", identifiers)
        sql = f"SELECT i.text, min(n.id) FROM identifiers i JOIN nodes n ON n.n = i.n {where} GROUP BY i.text"
        return dict(self._rows(sql, where.parameters))

    def merged_into(self, ids: Sequence[str], audience: Audience = Audience.private) -> dict[str, str]:
        """For each of these ids that was merged, as far as a caller of this level saw it, the surviving id."""
        where = Where(self.vocabulary).among("gone", ids).add("level <= ?", audience.level)
        found: dict[str, str] = dict(self._rows(f"SELECT gone, into_id FROM merges {where}", where.parameters))
        further = self.merged_into(list(found.values()), audience) if found else {}
        return {gone: further.get(into, into) for gone, into in found.items()}

    def forgotten(self, nodes: Sequence[Node]) -> set[str]:
        """Ids of these nodes that were erased on request and must not come back, by id, identifier or name."""
        marks = {self._mark(text): text for node in nodes for text in marks_of(node)}
        where = Where(self.vocabulary).among("mark", list(marks))
        found = {marks[mark] for (mark,) in self._rows(f"SELECT mark FROM forgotten {where}", where.parameters)}
        return {node.id for node in nodes if not found.isdisjoint(marks_of(node))}

    def is_forgotten(self, id: str, audience: Audience = Audience.private) -> bool:
        """Whether a node of this id was erased on request, as far as a caller of this level could see it."""
        sql = "SELECT 1 FROM forgotten WHERE mark = ? AND level <= ?"
        return bool(self._rows(sql, (self._mark(f"id:{id}"), audience.level)))

    def _mark(self, text: str) -> str:
        return mark(bytes.fromhex(self._meta("key")), text)

    def _meta(self, key: str) -> str:
        return str(self._rows("SELECT value FROM meta WHERE key = ?", (key,))[0][0])

    def _chain(self) -> str:
        """The last link of the change log."""
        return next((str(chain) for (chain,) in self._rows(LAST_LINK)), FIRST_CHAIN)

    def candidates(self, query: SearchQuery, lens: Lens, limit: int) -> list[Node]:
        """Visible nodes that may match a search, the better classes first, then by id, from the full-text index."""
        found = {node.id: node for node in self.find(query.text, lens)}
        for way in ways(query):
            if len(found) >= limit:
                break
            where = self._node_where(lens).add("texts MATCH ?", way.expression)
            sql = f"SELECT n.body FROM texts JOIN nodes n ON n.n = texts.rowid {where} ORDER BY n.id LIMIT ?"
            rows = self._rows(sql, [*where.parameters, limit])
            found |= {node.id: node for node in (stored(Node, body) for (body,) in rows)}
        return list(found.values())[:limit]

    def ranks(self, query: SearchQuery, lens: Lens, *, arrays: Arrays, limit: int) -> dict[int, int]:
        """Of all candidates the numbers in the arrays and the class of match, from indexes alone where these decide."""
        exact = self.find(query.text, lens)
        return ranks(self._rows, query, exact, arrays=arrays, lens=lens, limit=limit)

    def name_words(self) -> list[str]:
        """All folded words of names and aliases, sorted; only words new since the last call are read."""
        last, known = self._words
        fresh = self._rows("SELECT w, word FROM name_words WHERE w > ? ORDER BY w", (last,))
        if fresh:
            self._words = (fresh[-1][0], sorted({*known, *(word for _, word in fresh)}))
        return self._words[1]

    def nodes(self, lens: Lens = EVERYTHING, *, after: str | None = None, limit: int | None = None) -> Iterator[Node]:
        """Visible nodes in the order of kind and id, after the key `kind/id`."""
        where = self._node_where(lens)
        if after is not None:
            where.add("(n.kind, n.id) > (?, ?)", *after.split("/", 1))
        sql = f"SELECT n.body FROM nodes n {where} ORDER BY n.kind, n.id"
        for (body,) in self._some(sql, where, limit):
            yield stored(Node, body)

    def relationships(
        self,
        lens: Lens = EVERYTHING,
        *,
        around: Around | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Relationship]:
        """Visible relationships in the order of type and id, after the key `type/id`."""
        where = self._relationship_where(lens)
        if around is not None:
            _around(where, around)
        if after is not None:
            where.add("(r.type, r.id) > (?, ?)", *after.split("/", 1))
        for (body,) in self._some(f"SELECT r.body {where.relationships} ORDER BY r.type, r.id", where, limit):
            yield stored(Relationship, body)

    def _some(self, sql: str, where: Where, limit: int | None) -> Iterable[Any]:
        if limit is None:
            return self._streamed([(sql, where.parameters)])
        return self._rows(f"{sql} LIMIT ?", [*where.parameters, limit])

    def counts(self, lens: Lens = EVERYTHING, *, around: str | None = None) -> Counts:
        """How many nodes of each kind and relationships of each type are visible, or stand around one node."""
        edges, kinds = self._relationship_where(lens), {}
        if around is not None:
            _around(edges, Around(around))
        else:
            where = self._node_where(lens)
            sql = f"SELECT n.kind, count(*) FROM nodes n {where} GROUP BY n.kind ORDER BY n.kind"
            kinds = dict(self._rows(sql, where.parameters))
        sql = f"SELECT r.type, count(*) {edges.relationships} GROUP BY r.type ORDER BY r.type"
        return Counts(kinds, dict(self._rows(sql, edges.parameters)))

    def parts_of(self, ids: Sequence[str], lens: Lens) -> list[str]:
        """Places and themes directly inside these, by the facts of the lens (kinds and types aside)."""
        where = Where(self.vocabulary, ends=True).among("t.id", ids).among("r.type", PART_TYPES)
        where.add("s.kind IN ('place', 'theme')").conditions("r", lens.fact_conditions())
        where.conditions("s", lens.facts_of_nodes()).conditions("t", lens.facts_of_nodes())
        sql = f"SELECT DISTINCT s.id {where.relationships} ORDER BY s.id"
        return [id for (id,) in self._rows(sql, where.parameters)]

    def export(self, lens: Lens = EVERYTHING) -> Iterator[Thing]:
        """Everything visible in canonical order, as one consistent state, streamed."""
        nodes, edges = self._node_where(lens), self._relationship_where(lens)
        statements: list[tuple[str, Sequence[object]]] = [
            ("SELECT 'source', body FROM sources ORDER BY id", ()),
            (f"SELECT 'node', n.body FROM nodes n {nodes} ORDER BY n.kind, n.id", nodes.parameters),
            (f"SELECT 'relationship', r.body {edges.relationships} ORDER BY r.type, r.id", edges.parameters),
        ]
        models: dict[str, type[Thing]] = {"source": Source, "node": Node, "relationship": Relationship}
        for name, body in self._streamed(statements):
            yield stored(models[name], body)

    def read_arrays(self, held: Held | None) -> Held:
        """The arrays of now: what is held caught up, or all read anew."""
        with self._consistent() as connection:
            return read_arrays(connection, self.vocabulary, held)

    def state(self) -> State:
        """Which state of which network this is."""
        with self._consistent() as connection:
            return read_state(connection)

    @contextmanager
    def _consistent(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own that sees one state."""
        with self._translated(), closing(self._open()) as connection:
            connection.execute("BEGIN")
            yield connection

    def changes(self, since: int = 0, *, limit: int = 50, audience: Audience = Audience.private) -> list[Change]:
        """Entries of the change log after a position, oldest first, as a caller of this level sees them."""
        seen = f"seen_{audience.level}"
        first, last = self._sequence(seen, since), self._sequence(seen, since + limit)
        rows = self._rows(
            f"SELECT at, by, {seen}, action, thing, id, before, after, previous, same, packed FROM changes"
            " WHERE seq > ? AND seq <= ? ORDER BY seq",
            (first, last + 1),  # the row after may be a pack of which some are still wanted
        )
        seen_so = (
            as_seen(entry, at=at, by=by, position=position, audience=audience)
            for at, by, *row in rows
            for entry, position in entries_of(row, audience.level)
            if since < position <= since + limit
        )
        return [change for change in seen_so if change]

    def _sequence(self, seen: str, since: int) -> int:
        """The last row of the log whose position at a level is at most `since`; positions only grow."""
        low, high = 0, int(self._rows("SELECT coalesce(max(seq), 0) FROM changes")[0][0])
        while low < high:
            middle = (low + high + 1) // 2
            row = self._rows(f"SELECT {seen} FROM changes WHERE seq = ?", (middle,))
            low, high = (middle, high) if row[0][0] <= since else (low, middle - 1)
        return low

    def version(self, audience: Audience = Audience.private) -> str:
        """Digest of all that a caller of this level sees; equal on both stores for equal content."""
        return self._meta(f"sum{audience.level}")

    # Writing.

    @contextmanager
    def transaction(self, by: str, *, discard: bool = False) -> Iterator[Transaction]:
        """One write transaction, committed when the block ends well, undone otherwise or with `discard`."""
        connection = self._connection()
        with self._translated():
            connection.execute("BEGIN IMMEDIATE")
        try:
            with self._translated():
                transaction = EmbeddedTransaction(connection, self.vocabulary, by)
                yield transaction
                for _ in () if discard else transaction.finish():
                    pass
                connection.execute("ROLLBACK" if discard else "COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.execute(f"PRAGMA cache_size = {CACHE}")

    def scrub(self) -> None:
        """Remove what deleting leaves behind: entries of the full-text index, free pages, the write-ahead log."""
        with self._translated():
            connection = self._connection()
            connection.execute("INSERT INTO texts (texts) VALUES ('rebuild')")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._words = (0, [])
        self.following.forget()

    # Life.

    def check(self) -> list[str]:
        """Findings about the health of the store, one sentence each; empty when all is well."""
        from graph.store.checking import content_findings

        findings = [f"SQLite reports: {text}." for (text,) in self._rows("PRAGMA quick_check") if text != "ok"]
        findings += [f"A text index is damaged: {wrong}" for wrong in self._index_findings()]
        return findings + content_findings(self)

    def _index_findings(self) -> list[str]:
        try:
            self._rows("INSERT INTO texts (texts) VALUES ('integrity-check')")
        except StoreError as wrong:
            return [wrong.message]
        return []

    def stored_levels(self) -> Iterator[tuple[str, str, int]]:
        """Every node and relationship as its word, canonical text and effective level, for checking."""
        yield from self._streamed([
            ("SELECT 'source', body, 0 FROM sources", ()),
            ("SELECT 'node', body, level FROM nodes", ()),
            ("SELECT 'relationship', body, level FROM relationships", ()),
            ("SELECT 'judgement', gone || char(0) || into_id, level FROM merges", ()),
        ])  # fmt: skip

    def log_rows(self) -> Iterator[tuple[Any, ...]]:
        """The change log as it is kept, for checking its chain."""
        columns = "at, by, action, thing, before, after, same, id_mark, previous_mark, chain, packed"
        key = bytes.fromhex(self._meta("key"))
        for row in self._streamed([(f"SELECT {columns} FROM changes ORDER BY seq", ())]):
            yield log_row(row, key)

    def ping(self) -> None:
        """Raise StoreUnavailable when the store cannot answer now."""
        self._meta("layout")

    def close(self) -> None:
        """Let go of files and connections."""
        self.following.close()
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()


def _over_time() -> bool:
    left = seconds_left()
    return left is not None and left <= 0


def _by_id(ids: Sequence[str], things: Iterable[Any]) -> dict[str, Any]:
    """Things by id, in the order in which the ids were asked for."""
    found = {thing.id: thing for thing in things}
    return {id: found[id] for id in ids if id in found}


def _around(where: Where, around: Around) -> None:
    node = "(SELECT n FROM nodes WHERE id = ?)"
    ends = {
        "out": f"r.source = {node}",
        "in": f"r.target = {node}",
        "both": f"(r.source = {node} OR r.target = {node})",
    }
    where.add(ends[around.direction], *[around.node] * (2 if around.direction == "both" else 1))
    if around.types:
        where.among("r.type", around.types)
    if around.kinds:
        where.ends = True
        other = "CASE WHEN s.id = ? THEN t.kind ELSE s.kind END"
        where.add(f"{other} IN (SELECT value FROM json_each(?))", around.node, json.dumps(around.kinds))
    if around.role is not None:
        where.add("instr(small_letters(coalesce(json_extract(r.body, '$.role'), '')), ?) > 0", around.role.lower())
