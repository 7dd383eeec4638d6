"""The same writes to the embedded store, to Neo4j and to plain dictionaries: every read must give equal answers."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from graph.adjacency import Arrays
from graph.errors import CogsError
from graph.finding import search
from graph.lens import Lens
from graph.limits import DEFAULT_PAGE
from graph.model import Audience, Thing
from graph.questions import ask, question, question_names
from graph.search import fold
from graph.store.base import Store
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j import Neo4jStore
from graph.store.records import Around, Batch
from graph.vocabulary import load_vocabulary
from tests.differential import networks
from tests.differential.asking import asked
from tests.differential.plain import Plain
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import embedded_store, neo4j_store

VOCABULARY = load_vocabulary()
some_id = st.sampled_from([*networks.ALL_IDS, "gone"])


def outcome(work: Callable[[], object]) -> tuple[str, object, str]:
    """What came of it: the answer, or the error with the sentence a user reads."""
    try:
        return "answer", work(), ""
    except CogsError as wrong:
        return "error", type(wrong).__name__, str(wrong)


class Stores(RuleBasedStateMachine):
    """Two stores and the plain network, kept in step."""

    server: Neo4jServer

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.embedded = embedded_store(Path(self.folder.name))
        self.neo4j = neo4j_store(self.server)
        self.plain = Plain(VOCABULARY)
        self.versions: dict[frozenset[str], str] = {}

    def teardown(self) -> None:
        assert (self.embedded.check(), self.neo4j.check()) == ([], [])
        self.embedded.close()
        self.neo4j.close()
        self.folder.cleanup()

    def both(self, work: Callable[[Store], object]) -> Any:
        """Do the same with both stores; equal answers, or equal errors."""
        first, second = outcome(lambda: work(self.embedded)), outcome(lambda: work(self.neo4j))
        assert first == second
        return first[1]

    def written(self, work: Callable[[Store], object], plainly: Callable[[Plain], object]) -> None:
        """Write the same everywhere; what the plain network makes of it is what is expected."""
        plain = copy.deepcopy(self.plain)
        expected = outcome(lambda: plainly(plain))
        assert self.both(work) == expected[1]
        if expected[0] == "answer":
            self.plain = plain
        for level in Audience:
            version, content = self.both(methodcaller("version", level)), self.plain.content(level)
            assert self.versions.setdefault(content, version) == version
            assert [one for one, other in self.versions.items() if other == version] == [content]

    @initialize(batch=networks.beginnings())
    def begin(self, batch: Batch) -> None:
        self.leave_out_what_does_not_fit(batch)

    @rule(batch=networks.batches(4))
    def apply(self, batch: Batch) -> None:
        self.written(lambda store: store.apply(batch, by="clerk"), lambda plain: plain.apply(batch))

    @rule(first=networks.batches(3), second=networks.batches(3))
    def apply_two(self, first: Batch, second: Batch) -> None:
        def plainly(plain: Plain) -> object:
            total = plain.apply(first)
            total.add(plain.apply(second))
            return total

        self.written(lambda store: store.apply([first, second], by="clerk"), plainly)

    @rule(batch=networks.batches(6))
    def leave_out_what_does_not_fit(self, batch: Batch) -> None:
        def work(store: Store) -> object:
            refused: list[tuple[str, str]] = []

            def rejected(thing: Thing, why: CogsError) -> None:
                refused.append((thing.id, type(why).__name__))

            return store.apply(batch, by="clerk", rejected=rejected), refused

        def plainly(plain: Plain) -> object:
            refused: list[tuple[str, str]] = []
            return plain.apply(batch, refused), refused

        self.written(work, plainly)

    @rule(batch=networks.batches(3))
    def preview(self, batch: Batch) -> None:
        plain = copy.deepcopy(self.plain)
        expected = outcome(lambda: plain.apply(batch))
        assert self.both(lambda store: store.apply(batch, by="clerk", preview=True)) == expected[1]

    @rule(kind=st.sampled_from(list(networks.IDS)), data=st.data())
    def merge(self, kind: str, data: st.DataObject) -> None:
        gone, into = (data.draw(st.sampled_from(networks.IDS[kind])) for _ in range(2))
        self.written(lambda store: store.merge(gone, into, by="clerk"), lambda plain: plain.merge(gone, into))

    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from([*self.plain.merges] * 3 + ["o1", "gone"]))
        self.written(lambda store: store.unmerge(gone, by="clerk"), lambda plain: plain.unmerge(gone))

    @rule(id=some_id, is_wanted=st.sampled_from([True, False, False, False]))
    def forget(self, id: str, *, is_wanted: bool) -> None:
        if is_wanted:
            self.written(lambda store: store.forget(id, by="clerk").relationships, lambda plain: plain.forget(id))

    @rule(lens=networks.lenses(), size=st.integers(1, 4))
    def read(self, lens: Lens, size: int) -> None:
        nodes, ties = self.plain.seen_nodes(lens), self.plain.seen_relationships(lens)
        assert self.both(lambda store: list(store.nodes(lens))) == nodes
        assert self.both(lambda store: list(store.relationships(lens))) == ties
        assert self.both(lambda store: store.get(networks.ALL_IDS, lens)) == {
            id: node for id in networks.ALL_IDS for node in nodes if node.id == id
        }
        assert list(self.both(lambda store: store.get_relationships([tie.id for tie in ties], lens)).values()) == ties
        sources = [source for _, source in sorted(self.plain.sources.items())]
        assert self.both(lambda store: list(store.export(lens))) == [*sources, *nodes, *ties]
        assert self.both(lambda store: pages(store, lens, size)) == (
            [one.id for one in nodes],
            [one.id for one in ties],
        )
        counts = self.both(lambda store: store.counts(lens))
        assert (counts.nodes, counts.relationships) == (len(nodes), len(ties))
        assert list(counts.kinds) == list(dict.fromkeys(node.kind for node in nodes))
        assert list(counts.types) == list(dict.fromkeys(tie.type for tie in ties))
        parts = {name: self.plain.parts(name, lens) for name in (*lens.place, *lens.theme)}
        assert {name: set(some) for name, some in self.both(lambda store: store.parts(lens)).items()} == parts

    @rule(lens=networks.lenses())
    def read_arrays(self, lens: Lens) -> None:
        columns = self.both(lambda store: arrays(store, lens))
        assert columns[0] == sorted(node.id for node in self.plain.seen_nodes(lens))
        assert columns[1] == sorted(tie.id for tie in self.plain.seen_relationships(lens))
        counts = self.both(lambda store: store.counts(lens))
        assert self.both(lambda store: store.counted(lens)) == counts

    @rule(lens=networks.lenses(), around=networks.arounds(), limit=st.sampled_from([None, 1, 3]))
    def read_around(self, lens: Lens, around: Around, limit: int | None) -> None:
        expected = self.plain.seen_relationships(lens, around)
        assert self.both(lambda store: list(store.relationships(lens, around=around, limit=limit))) == expected[:limit]
        if expected:
            after = f"{expected[0].type}/{expected[0].id}"
            rest = self.both(lambda store: list(store.relationships(lens, around=around, after=after)))
            assert rest == expected[1:]
        touching = self.plain.seen_relationships(lens, Around(around.node))
        assert self.both(lambda store: store.counts(lens, around=around.node)).relationships == len(touching)

    @rule(lens=networks.lenses(), text=st.sampled_from(networks.SEARCHES))
    def look_for(self, lens: Lens, text: str) -> None:
        assert [node.id for node in self.both(lambda store: store.find(text, lens))] == self.plain.find(text, lens)
        known = all(id in self.plain.nodes and self.plain.nodes[id].kind == kind
                    and self.plain.is_seen(self.plain.nodes[id], lens.audience_only())
                    for kind in ("place", "theme") for id in getattr(lens, kind))  # fmt: skip
        if known:
            found = self.both(lambda store: [(one.id, one.match) for one in search(store, text, lens, limit=500).items])
            assert found == self.plain.search(text, lens)
        self.both(lambda store: search(store, text, lens, limit=500).model_dump_json())

    @rule()
    def look_up(self) -> None:
        nodes = self.plain.nodes.values()
        owners = {"X:1": [], "Y:a b": []}  # type: dict[str, list[str]]
        for node in nodes:
            for one in node.identifiers:
                owners[str(one)].append(node.id)
        assert self.both(lambda store: store.by_identifier(["X:1", "Y:a b", "Z:1"])) == {
            text: min(ids) for text, ids in owners.items() if ids
        }
        words = {word for node in nodes for name in (node.name, *node.aliases) for word in fold(name).split()}
        assert words <= set(self.both(lambda store: store.name_words()))
        survivors = {gone: self.survivor(gone) for gone in networks.ALL_IDS if gone in self.plain.merges}
        assert self.both(lambda store: store.merged_into(networks.ALL_IDS)) == survivors
        for level in Audience:
            forgotten = [
                id for id in networks.ALL_IDS if self.plain.marks.get(f"id {id}", 9) <= networks.LEVELS.index(level)
            ]
            assert forgotten == self.both(partial(forgotten_ids, level=level))

    def survivor(self, id: str) -> str:
        while id in self.plain.merges:
            id = self.plain.merges[id].into
        return id

    @rule(since=st.integers(0, 60), limit=st.sampled_from([1, 5, DEFAULT_PAGE]), level=st.sampled_from(list(Audience)))
    def read_changes(self, since: int, limit: int, level: Audience) -> None:
        def told(store: Store) -> object:
            # The times differ, and what was forgotten is named by a mark made with the store's own key.
            entries = store.changes(since, limit=limit, audience=level)
            return [(one.position, one.by, one.action, one.thing, one.previous, len(one.id)) for one in entries]

        self.both(told)

    @rule(name=st.sampled_from(question_names()), level=st.sampled_from(list(Audience)), data=st.data())
    def question(self, name: str, level: Audience, data: st.DataObject) -> None:
        values = data.draw(asked(question(name)))
        self.both(lambda store: ask(store, name, values, audience=level).model_dump_json())


def forgotten_ids(store: Store, level: Audience) -> list[str]:
    return [id for id in networks.ALL_IDS if store.is_forgotten(id, level)]


def pages(store: Store, lens: Lens, size: int) -> tuple[list[str], list[str]]:
    nodes, ties = [], []
    after: str | None = None
    while page := list(store.nodes(lens, after=after, limit=size)):
        nodes += [one.id for one in page]
        after = f"{page[-1].kind}/{page[-1].id}"
    after = None
    while some := list(store.relationships(lens, after=after, limit=size)):
        ties += [one.id for one in some]
        after = f"{some[-1].type}/{some[-1].id}"
    return nodes, ties


def arrays(store: Store, lens: Lens) -> tuple[Any, ...]:
    """All columns of the arrays, those that the lens lets through first; caught up as they are, or read anew."""
    held = store.arrays()
    masks = held.visible(lens)
    seen = [id for id, shown in zip(held.nodes.ids, masks.nodes, strict=True) if shown]
    shown = [id for id, shown in zip(held.relationships.ids, masks.relationships, strict=True) if shown]
    assert isinstance(store, EmbeddedStore | Neo4jStore)
    assert columns(held) == columns(store.read_arrays(None).arrays)
    return seen, shown, held.version, columns(held, without="key")  # of its row: each store has its own


def columns(held: Arrays, *, without: str = "") -> list[list[Any]]:
    parts = (held.nodes, held.relationships, held.rows)
    return [list(column) for part in parts for name, column in vars(part).items() if name != without]


def run(server: Neo4jServer, examples: int, steps: int, phases: list[Phase]) -> None:
    Stores.server = server
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck), phases=phases
    )
    run_state_machine_as_test(Stores, settings=chosen)


def test_stores_agree(neo4j_server: Neo4jServer) -> None:
    run(neo4j_server, 15, 40, [Phase.explicit, Phase.generate])  # to shrink what fails would take minutes


@pytest.mark.long
def test_stores_agree_at_length(neo4j_server: Neo4jServer) -> None:
    run(neo4j_server, 1_000, 50, list(Phase))
