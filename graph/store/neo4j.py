"""The store on a Neo4j server, for networks that several programs share or that outgrow one machine.

Neo4j shows each query what was committed by then, not one state to a whole transaction; what must be of one
state is read while nothing is committed (`_consistently`).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from platformdirs import user_cache_path

from graph.adjacency import Walk
from graph.errors import StoreError
from graph.lens import Lens
from graph.limits import check_time
from graph.model import Audience, Node, Relationship, Source, Thing
from graph.search import SearchQuery
from graph.settings import Settings
from graph.snapshot import Held
from graph.store import cypher
from graph.store.base import EVERYTHING, Store
from graph.store.changelog import as_seen, mark
from graph.store.cypher import any_key, ends_around, identifier_key, keys_of, quoted
from graph.store.following import Following, network_mark
from graph.store.neo4j_adjacency import ServerAdjacency
from graph.store.neo4j_ahead import finished, is_unfinished, remove_left_over
from graph.store.neo4j_arrays import read_arrays, read_state
from graph.store.neo4j_connection import Answer, Connection, Run, Work
from graph.store.neo4j_log import entries_of
from graph.store.neo4j_reading import PAGE, Seen, level_lines, log_lines, log_page, network, read_lens
from graph.store.neo4j_schema import META, TEXTS, missing, prepare, setting_warnings, texts_index
from graph.store.neo4j_writing import GATE, LOCK, Neo4jTransaction
from graph.store.records import Around, Change, Counts
from graph.store.writing import Transaction, marks_of
from graph.unchecked import stored
from graph.vocabulary import Vocabulary

FRESH_WORDS = (  # those of changes stand by themselves, those of loads in lists
    f"MATCH (w:_NameWord) WHERE w.number >= $given.last AND {cypher.is_there('w')} RETURN w.word",
    f"MATCH (w:_NameWords) WHERE w.number >= $given.last AND {cypher.is_there('w')} UNWIND w.words AS word RETURN word",
)
TRIES = 2
KEYS_AT_ONCE = 500
NO_LIMIT = 1 << 53
NODE_IS_SEEN = cypher.node_is_seen("n")
RELATIONSHIP_IS_SEEN = cypher.relationship_is_seen()
SEARCHED = "CALL db.index.fulltext.queryNodes($given.index, $given.text) YIELD node AS n"
SEARCHED_IN_PARTS = (
    "UNWIND $given.parts AS part CALL db.index.fulltext.queryNodes($given.index, part[1]) YIELD node AS n"
    " WITH n, count(DISTINCT part[0]) AS words WHERE words = $given.words"
)


class Neo4jStore(Store):
    """A network in one database of a Neo4j server."""

    def __init__(self, uri: str, vocabulary: Vocabulary, settings: Settings) -> None:
        self.uri = uri
        self.vocabulary = vocabulary
        self.connection = Connection(uri, settings)
        self._adjacency = settings.adjacency
        try:
            meta = prepare(self.connection, vocabulary)
        except BaseException:
            self.connection.close()
            raise
        self._key = bytes.fromhex(meta["key"])
        self._lock = threading.Lock()
        self.following = Following(
            user_cache_path("cogs-of-connection") / "arrays" / f"{network_mark(meta['key'])[:32]}.arrays",
            vocabulary,
            chain=lambda: str(self._meta("chain")),
            state=lambda: self.connection.read(read_state, newest=True),
            read=self.read_arrays,
        )
        self._words: tuple[int, list[str]] = (-1, [])

    # Reading.

    def _seen(self, query: str, lens: Lens, **given: Any) -> list[list[Any]]:
        """The rows that a query finds under a lens."""
        return self.connection.read(lambda run: run(query, **self._lens(run, lens), **given))

    def _lens(self, run: Run, lens: Lens) -> dict[str, Any]:
        return read_lens(run, lens, self.parts(lens), self.vocabulary)

    def get(self, ids: Sequence[str], lens: Lens = EVERYTHING) -> dict[str, Node]:
        """The visible nodes among these ids; a merged or forgotten id is simply not there."""
        query = f"MATCH (n:Node) WHERE n.id IN $given.ids AND {NODE_IS_SEEN} RETURN collect(n.body)"
        [[bodies]] = self._seen(query, lens, ids=list(ids))
        return _by_id(ids, (stored(Node, body) for body in bodies))

    def get_relationships(
        self, ids: Sequence[str], lens: Lens = EVERYTHING, *, types: Sequence[str] | None = None
    ) -> dict[str, Relationship]:
        """The visible relationships among these ids; who knows their types says so, and is answered sooner."""
        bodies = self.connection.read(lambda run: self._relationships_by_id(run, list(ids), lens, types))
        return _by_id(ids, (stored(Relationship, body) for body in bodies))

    def _relationships_by_id(self, run: Run, ids: list[str], lens: Lens, types: Sequence[str] | None) -> list[str]:
        """Looked up in the index of each type; one query over all types would take the server seconds to plan."""
        used, given = network(run(META))["types"], self._lens(run, lens)
        found: list[str] = []
        for name in used if types is None else sorted({*types}.intersection(used)):
            wanted = f"WHERE r.id IN $given.ids AND {RELATIONSHIP_IS_SEEN} RETURN collect(r.body)"
            [[bodies]] = run(f"MATCH (s)-[r:{quoted(name)}]->(t) {wanted}", **given, ids=ids)
            found += bodies
        return found

    def get_sources(self, ids: Sequence[str] | None = None) -> dict[str, Source]:
        """Sources by id, or all of them in the order of their ids."""
        which = "" if ids is None else "WHERE s.id IN $given.ids "  # one text for both would not use the index
        rows = self.connection.rows(f"MATCH (s:_Source) {which}RETURN s.body ORDER BY s.id", ids=list(ids or ()))
        return {source.id: source for source in (stored(Source, body) for (body,) in rows)}

    def find(self, text: str, lens: Lens = EVERYTHING) -> list[Node]:
        """Visible nodes whose name or alias is this (folded), or whose identifier is this `scheme:value`."""
        query = f"{SEARCHED} WITH n WHERE {NODE_IS_SEEN} RETURN n.body ORDER BY n.id"
        rows = self._seen(query, lens, index=TEXTS, text=any_key(keys_of(text)))
        return [stored(Node, body) for (body,) in rows]

    def by_identifier(self, identifiers: Sequence[str]) -> dict[str, str]:
        """For each of these `scheme:value` that a node has, the id of that node (the smallest of several)."""
        texts = {identifier_key(text): text for text in identifiers}
        found: dict[str, str] = {}
        query = f"{SEARCHED} WITH n WHERE {cypher.is_there('n')} RETURN n.id, n.search_keys ORDER BY n.id"
        now = self._finished()
        for first in range(0, len(texts), KEYS_AT_ONCE):
            wanted = any_key(islice(texts, first, first + KEYS_AT_ONCE))
            for id, keys in self.connection.rows(query, index=TEXTS, text=wanted, finished=now):
                for key in texts.keys() & set(keys.split()):
                    found.setdefault(texts[key], id)
        return found

    def merged_into(self, ids: Sequence[str], audience: Audience = Audience.private) -> dict[str, str]:
        """For each of these ids that was merged, as far as a caller of this level saw it, the surviving id."""
        query = "MATCH (m:_Merge) WHERE m.gone IN $given.ids AND m.level <= $given.level RETURN m.gone, m.into"
        found: dict[str, str] = dict(self.connection.rows(query, ids=list(ids), level=audience.level))
        further = self.merged_into(list(found.values()), audience) if found else {}
        return {gone: further.get(into, into) for gone, into in found.items()}

    def forgotten(self, nodes: Sequence[Node]) -> set[str]:
        """Ids of these nodes that were erased on request and must not come back, by id, identifier or name."""
        marks = {mark(self._key, text): text for node in nodes for text in marks_of(node)}
        query = "MATCH (f:_Forgotten) WHERE f.mark IN $given.marks RETURN f.mark"
        found = {marks[one] for (one,) in self.connection.rows(query, marks=list(marks))}
        return {node.id for node in nodes if not found.isdisjoint(marks_of(node))}

    def is_forgotten(self, id: str, audience: Audience = Audience.private) -> bool:
        """Whether a node of this id was erased on request, as far as a caller of this level could see it."""
        query = "MATCH (f:_Forgotten {mark: $given.mark}) WHERE f.level <= $given.level RETURN true"
        return bool(self.connection.rows(query, mark=mark(self._key, f"id:{id}"), level=audience.level))

    def candidates(self, query: SearchQuery, lens: Lens, limit: int) -> list[Node]:
        """Visible nodes that may match a search, the better classes first, then by id, from the full-text index."""
        found = {node.id: node for node in self.find(query.text, lens)}
        for parts in cypher.expressions(query):
            if len(found) >= limit:
                break
            searched = SEARCHED if len(parts) == 1 else SEARCHED_IN_PARTS
            given = {"text": parts[0].text, "parts": [[part.word, part.text] for part in parts]}
            wanted = f"{searched} WITH n WHERE {NODE_IS_SEEN} RETURN n.body ORDER BY n.id LIMIT $given.limit"
            rows = self._seen(wanted, lens, **given, index=TEXTS, limit=limit, words=len(query.words))
            found |= {node.id: node for node in (stored(Node, body) for (body,) in rows)}
        return list(found.values())[:limit]

    def name_words(self) -> list[str]:
        """All folded words of names and aliases, sorted; only words new since the last call are read."""
        entries = int(self._meta("entries"))
        with self._lock:
            if self._words[0] != entries:
                self._words = self._consistently(self._fresh_words)
            return self._words[1]

    def _fresh_words(self, run: Run) -> tuple[int, list[str]]:
        last, known = self._words
        meta = network(run(META))
        fresh = {word for query in FRESH_WORDS for (word,) in run(query, last=last, finished=finished(meta))}
        return int(meta["entries"]), sorted({*known, *fresh}) if fresh else known

    def nodes(self, lens: Lens = EVERYTHING, *, after: str | None = None, limit: int | None = None) -> Iterator[Node]:
        """Visible nodes in the order of kind and id, after the key `kind/id`."""
        for body in self._some(lambda seen, page: seen.nodes(after=after, page=page), lens, limit):
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
        if around is not None:
            bodies: Iterable[str] = self._bodies_around(lens, around, after, limit)
        else:
            bodies = self._some(lambda seen, page: seen.relationships(after=after, page=page), lens, limit)
        for body in bodies:
            yield stored(Relationship, body)

    def _some(self, bodies: Callable[[Seen, int], Iterator[str]], lens: Lens, limit: int | None) -> Iterable[str]:
        if limit is None:
            return self._streamed(lambda run: bodies(Seen(run, lens, self._lens(run, lens)), PAGE))
        page = max(1, min(limit, PAGE))
        return self.connection.read(
            lambda run: list(islice(bodies(Seen(run, lens, self._lens(run, lens)), page), limit))
        )

    def _bodies_around(self, lens: Lens, around: Around, after: str | None, limit: int | None) -> list[str]:
        wanted = f"{RELATIONSHIP_IS_SEEN} AND {cypher.AROUND}"
        query = (
            f"{ends_around(around.direction)} WHERE {wanted} RETURN r.body ORDER BY type(r), r.id LIMIT $given.limit"
        )
        given = cypher.around_parameters(around, after)
        rows = self._seen(query, lens, **given, limit=NO_LIMIT if limit is None else limit)
        return [body for (body,) in rows]

    def counts(self, lens: Lens = EVERYTHING, *, around: str | None = None) -> Counts:
        """How many nodes of each kind and relationships of each type are visible, or stand around one node."""
        kinds: dict[str, int] = {}
        if around is None:
            query = f"MATCH (n:Node) WHERE {NODE_IS_SEEN} RETURN n.kind, count(*) ORDER BY n.kind"
            kinds = dict(self._seen(query, lens))
        pattern = "MATCH (s)-[r]->(t)" if around is None else ends_around("both")
        query = f"{pattern} WHERE {RELATIONSHIP_IS_SEEN} RETURN type(r) AS type, count(*) ORDER BY type"
        return Counts(kinds, dict(self._seen(query, lens, node=around)))

    def parts_of(self, ids: Sequence[str], lens: Lens) -> list[str]:
        """Places and themes directly inside these, by the facts of the lens (kinds and types aside)."""
        given = cypher.lens_parameters(lens) | {"finished": self._finished()}
        rows = self.connection.rows(cypher.PARTS, **given, ids=list(ids))
        return [id for (id,) in rows]

    def export(self, lens: Lens = EVERYTHING) -> Iterator[Thing]:
        """Everything visible in canonical order, as one consistent state, streamed."""
        models: dict[str, type[Thing]] = {"s": Source, "n": Node, "r": Relationship}
        for line in self._streamed(lambda run: Seen(run, lens, self._lens(run, lens)).everything()):
            yield stored(models[line[0]], line[1:])

    def _streamed(self, lines: Work[Iterator[str]]) -> Iterator[str]:
        """Lines from one state of the store, by way of a file: a slow reader keeps no transaction open."""
        with TemporaryFile("w+", encoding="utf-8", newline="\n") as spool:

            def copy(run: Run) -> None:
                spool.seek(0)
                spool.truncate()
                spool.writelines(f"{line}\n" for line in lines(run))

            self._consistently(copy)
            spool.seek(0)
            for line in spool:
                check_time()
                yield line[:-1]

    def _consistently(self, read: Work[Answer]) -> Answer:
        """What is read while no change is committed; when changes keep coming, they wait for the last try."""
        return self._unchanged(lambda: self.connection.read(read))

    def _unchanged(self, work: Callable[[], Answer]) -> Answer:
        for _ in range(TRIES):
            before = self._settled()
            answer = work()
            if self._settled() == before:
                return answer
        with self._gate():
            return work()

    def _settled(self) -> int:
        """Length of the change log when no commit is half done."""
        with self._gate() as entries:
            return entries

    @contextmanager
    def _gate(self) -> Iterator[int]:
        """Let nobody commit: each commit holds the gate until all of it can be seen. Gives the length of the log."""
        with self.connection.writing(GATE):
            yield int(self._meta("entries"))

    def server_adjacency(self, lens: Lens, *, through_groups: bool = False) -> Walk | None:
        """Neighbours asked of the server step by step, where a setting says so."""
        if self._adjacency != "server":
            return None
        return ServerAdjacency(
            self.connection.read, partial(self._lens, lens=lens), self.vocabulary, through_groups=through_groups
        )

    def read_arrays(self, held: Held | None) -> Held:
        """The arrays of now: what is held caught up, or all read anew."""
        return self._unchanged(lambda: read_arrays(self.connection.read, self.vocabulary, held))

    def changes(self, since: int = 0, *, limit: int = 50, audience: Audience = Audience.private) -> list[Change]:
        """Entries of the change log after a position, oldest first, as a caller of this level sees them."""
        pieces = self.connection.read(lambda run: log_page(run, audience.level, since, limit))
        rows = (row for piece in pieces for row in entries_of(piece, audience.level))
        found = (as_seen(entry, at=at, by=by, position=position, audience=audience) for at, by, entry, position in rows)
        return [change for change in found if change and since < change.position <= since + limit]

    def version(self, audience: Audience = Audience.private) -> str:
        """Digest of all that a caller of this level sees; equal on both stores for equal content."""
        return str(self._meta(f"sum{audience.level}"))

    def _finished(self) -> int:
        """The number up to which loads are in sight."""
        return self.connection.read(lambda run: finished(network(run(META))))

    def _meta(self, name: str) -> Any:
        """A property of the network's own node as it is now; whatever is read next is no older."""
        return network(self.connection.read(lambda run: run(META), newest=True))[name]

    # Writing.

    @contextmanager
    def transaction(self, by: str, *, discard: bool = False) -> Iterator[Transaction]:
        """One write transaction, committed when the block ends well, undone otherwise or with `discard`."""
        with self.connection.writing(LOCK) as (run, found, commit):
            meta = network(found)
            if is_unfinished(run):  # not asked with the lock: what writes would lock the node `ahead` as well
                remove_left_over(self.connection)
            transaction = Neo4jTransaction(run, meta, self.vocabulary, connection=self.connection, by=by)
            try:
                yield transaction
                if not discard:
                    transaction.finish()
            except Exception:
                transaction.leave()
                raise
            if discard:
                transaction.leave()
            else:
                run(GATE)
                commit()

    def scrub(self) -> None:
        """Remove what deleting leaves behind, as far as a client can: the full-text index is made anew.

        The server itself keeps freed records in its files until it writes over them, and old values in its
        transaction log until that is rotated and pruned: set `db.tx_log.rotation.retention_policy` to a short
        time. The checkpoint asked for here lets it prune; a server that allows none to us makes its own.
        """
        self.connection.run(f"DROP INDEX {TEXTS} IF EXISTS")
        self.connection.run(f"CREATE {texts_index().format(TEXTS)}")
        self.connection.run("CALL db.awaitIndexes(600)")
        with suppress(StoreError):
            self.connection.run("CALL db.checkpoint()")
        self._words = (-1, [])
        self.following.forget()

    # Life.

    def check(self) -> list[str]:
        """Findings about the health of the store, one sentence each; empty when all is well."""
        from graph.store.checking import content_findings

        findings = [f"The constraint or index {name} is missing." for name in missing(self.connection, self.vocabulary)]
        broken = "SHOW INDEXES YIELD name, state WHERE state <> 'ONLINE' RETURN name, state"
        findings += [f"The index {name} is {state.lower()}." for name, state in self.connection.run(broken)]
        kept = "MATCH (c:_Changes) WHERE c.number <= $given.pieces RETURN count(c)"
        pieces = self._meta("chunks")
        found = self.connection.rows(kept, pieces=pieces)
        findings += ["A piece of the change log is missing."] if found != [[pieces]] else []
        return findings + content_findings(self)

    def warnings(self) -> list[str]:
        """What an operator should know of how the server is set up."""
        left = ["A load is under way, or was not finished: what that one left is removed by the next write."]
        return setting_warnings(self.connection) + (left if self.connection.read(is_unfinished) else [])

    def stored_levels(self) -> Iterator[tuple[str, str, int]]:
        """Every source, node, relationship and judgement as its word, text and effective level, for checking."""
        for line in self._streamed(level_lines):
            word, body, level = json.loads(line)
            yield word, body, level

    def log_rows(self) -> Iterator[tuple[Any, ...]]:
        """The change log as it is kept, for checking its chain."""
        yield from (tuple(json.loads(line)) for line in self._streamed(log_lines))

    def ping(self) -> None:
        """Raise StoreUnavailable when the store cannot answer now."""
        self._meta("layout")

    def close(self) -> None:
        """Let go of connections."""
        self.following.close()
        self.connection.close()


def _by_id(ids: Sequence[str], things: Iterable[Any]) -> dict[str, Any]:
    """Things by id, in the order in which the ids were asked for."""
    found = {thing.id: thing for thing in things}
    return {id: found[id] for id in ids if id in found}
