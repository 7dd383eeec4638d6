"""Large loads into Neo4j, written ahead in batches: whatever happens, the old network is there whole, or the new."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from graph.errors import StoreUnavailable
from graph.finding import search
from graph.lens import Lens
from graph.model import Audience, line
from graph.store import neo4j_ahead, neo4j_bulk, neo4j_writing
from graph.store.base import Store
from graph.store.neo4j import Neo4jStore
from loaders import packing
from loaders.run import load
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import embedded_store, neo4j_store

NODES, RELATIONSHIPS = 1_500, 3_998  # two of 4,000 would begin and end at one node
KILLS = [3, pytest.param(200, marks=pytest.mark.long)]
SIZES = {packing: ("BLOCK", 400), neo4j_writing: ("SMALL", 200), neo4j_bulk: ("BATCH", 600)}
# A process of its own loads in small batches too.
LOADER = """
import sys
from graph.store import neo4j_bulk, neo4j_writing
from loaders import packing
packing.BLOCK, neo4j_writing.SMALL, neo4j_bulk.BATCH = 400, 200, 600
from api.cli import main
sys.argv[0] = "cogs"
main()
"""
HIDDEN = (
    "MATCH (m:_Meta {id: 'network'}) WITH coalesce(m.finished, 0) AS finished"
    " RETURN COUNT { MATCH (n) WHERE n.serial > finished AND NOT n:_Meta }"
    " + COUNT { MATCH ()-[r]->() WHERE r.serial > finished }"
)
TERMINATE = (
    "SHOW TRANSACTIONS YIELD transactionId, currentQueryId, status, elapsedTime"
    " WHERE currentQueryId = '' OR currentQueryId IS NULL RETURN transactionId"
)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, (name, value) in SIZES.items():
        monkeypatch.setattr(module, name, value)


def network(letter: str, nodes: int, relationships: int) -> Iterator[str]:
    """Organisations in rings, as lines; few kinds and types, since a new server plans each query for each of them."""
    evidence = [{"source": "made", "locator": "row 1"}]
    yield told("source", {"id": "made", "title": "Made for trouble"})
    for number in range(nodes):
        facts = {"id": f"{letter}{number:05d}", "kind": ("organisation", "person")[number % 7 == 0]}
        names = {"name": f"Alder {letter} Trust {number}", "aliases": [f"Beck {number % 50}"]}
        more: dict[str, Any] = (
            {"identifiers": [{"scheme": "X", "value": f"{letter}{number}"}]} if number % 3 else {"audience": "team"}
        )
        yield told("node", facts | names | more | {"evidence": evidence})
    for number in range(relationships):
        source, target = number * 7 % nodes, (number * 8 + 1) % nodes
        facts = {"id": f"r{letter}{number:05d}", "type": "KNOWS" if number % 2 else "SUPPORTS"}
        ends = {"source": f"{letter}{source:05d}", "target": f"{letter}{target:05d}"}
        more = {"start": "2019", "role": "Lead", "confidence": 0.5} if number % 5 else {"inferred": True}
        if source != target:
            yield told("relationship", facts | ends | more | {"evidence": evidence})


def told(word: str, values: dict[str, Any]) -> str:
    """A line of graph JSON Lines."""
    return json.dumps({word: values}, separators=(",", ":")) + "\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small network, and a large one that holds none of it."""
    folder = tmp_path_factory.mktemp("made")
    small, large = folder / "small.jsonl", folder / "large.jsonl"
    small.write_text("".join(network("m", 50, 200)), encoding="utf-8")
    large.write_text("".join(network("n", NODES, 4_000)), encoding="utf-8")
    return small, large


@pytest.fixture
def store(neo4j_server: Neo4jServer, files: tuple[Path, Path]) -> Iterator[Neo4jStore]:
    """The small network on a server."""
    with neo4j_store(neo4j_server) as opened:
        assert isinstance(opened, Neo4jStore)
        load(opened, [files[0]], by="a test")
        yield opened


def again(server: Neo4jServer) -> Store:
    """The same network, opened by somebody else."""
    return neo4j_store(server, empty=False)


def begun(server: Neo4jServer, small: Path) -> str:
    """The small network on an empty server; gives its version."""
    with neo4j_store(server) as store:
        load(store, [small], by="a test")
        return store.version()


def asked(store: Store, query: str, **given: Any) -> list[list[Any]]:
    """What the server itself says."""
    assert isinstance(store, Neo4jStore)
    return store.connection.run(query, **given)


def hidden(store: Store) -> int:
    """How much is there that nobody may see."""
    return int(asked(store, HIDDEN)[0][0])


def everything(store: Store) -> list[Any]:
    """All that can be read of a network."""
    ids = ["m00001", "n00001"]
    return [
        [line(thing) for thing in store.export()],
        store.counts(),
        store.counted(),
        [store.version(level) for level in Audience],
        store.get(ids),
        store.get_relationships(["rm00001", "rn00001"]),
        [[node.id for node in store.find(node.name)] for node in itertools.islice(store.nodes(), 3)],
        store.find("Alder n Trust 8"),
        [one.id for one in search(store, "trsut 12", Lens(), limit=500).items],
        store.name_words(),
        store.by_identifier(["X:m1", "X:n1"]),
        [(one.position, one.action, one.thing, one.id) for one in store.changes(200, limit=500)],
        [one.id for one in store.relationships(limit=500)],
        list(store.arrays().relationships.ids),
        store.check(),
    ]


def embedded(folder: Path, *paths: Path) -> Store:
    """What comes of it without a server."""
    folder.mkdir(exist_ok=True)
    store = embedded_store(folder)
    for path in paths:
        load(store, [path], by="a test")
    return store


def at_step(wanted: int, work: Callable[[], object]) -> Callable[[int, int], None]:
    """A progress of a load that does something once, at a step."""
    steps = itertools.count(1)

    def progress(done: int, size: int) -> None:
        if next(steps) == wanted:
            work()

    return progress


def terminate(store: Store) -> None:
    """End the transactions that wait for their client: the one that holds the lock of a load."""
    for (id,) in asked(store, TERMINATE):
        asked(store, f"TERMINATE TRANSACTIONS '{id}'")


def test_nothing_of_a_load_is_seen_until_all_of_it_is(
    store: Neo4jStore, files: tuple[Path, Path], neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    old, seen = everything(store), list[int]()
    with again(neo4j_server) as reader:

        def look() -> None:
            seen.append(hidden(reader))
            assert everything(reader) == old

        load(store, [files[1]], by="a test", progress=at_step(10, look))
        assert seen[0] > NODES, "it looked too early"
        with embedded(tmp_path, *files) as other:
            assert everything(reader) == everything(store) == everything(other)
        assert hidden(store) == 0


def test_what_is_written_ahead_is_what_a_plan_writes(
    store: Neo4jStore, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, neo4j_server: Neo4jServer
) -> None:
    def rows(opened: Store) -> list[str]:
        nodes = "MATCH (n:Node) RETURN labels(n), properties(n)"
        ties = "MATCH (s)-[r]->(t) RETURN s.id, type(r), t.id, properties(r)"
        found = asked(opened, nodes) + asked(opened, ties)
        for row in found:
            row[-1].pop("serial", None)
        return sorted(json.dumps(row, sort_keys=True) for row in found)  # 1 is not true

    load(store, [files[1]], by="a test")
    ahead = rows(store)
    monkeypatch.setattr(neo4j_writing, "SMALL", 1 << 40)
    with neo4j_store(neo4j_server) as other:
        for path in files:
            load(other, [path], by="a test")
        assert rows(other) == ahead


def test_a_load_that_changes_and_adds_gives_the_same_in_both_stores(
    store: Neo4jStore, files: tuple[Path, Path], tmp_path: Path
) -> None:
    small, large = files
    text = large.read_text(encoding="utf-8")
    begun, changed = tmp_path / "begun.jsonl", tmp_path / "changed.jsonl"
    kept = text.splitlines(keepends=True)
    begun.write_text("".join(kept[: NODES + RELATIONSHIPS // 2]), encoding="utf-8")
    some = [one.replace(" Trust 7", " Trust seven").replace("rn0001", "rx0001").replace("0.5", "0.6") for one in kept]
    wrong = [some[-1].replace('"type":"', '"type":"NOT_'), some[-2].replace('"target":"n', '"target":"none')]
    again = [some[-5], some[NODES - 5], some[-6].replace('"row', '"other'), some[50].replace('"row', '"other')]
    changed.write_text("".join([*some, *wrong, *again]), encoding="utf-8")
    with embedded(tmp_path / "other", small) as other:
        reports = [
            [report.model_dump() for report in (load(one, [path], by="a test") for path in (begun, changed, changed))]
            for one in (store, other)
        ]
        assert reports[0] == reports[1]
        assert reports[0][1]["changed"] > 0
        assert len(reports[0][1]["rejected"]) == 4
        assert everything(store) == everything(other)
    assert hidden(store) == 0


def test_a_preview_leaves_nothing(store: Neo4jStore, files: tuple[Path, Path]) -> None:
    old = everything(store)
    assert load(store, [files[1]], by="a test", preview=True).added == NODES + RELATIONSHIPS
    assert everything(store) == old
    assert hidden(store) == 0


def test_a_load_that_fails_leaves_nothing(store: Neo4jStore, files: tuple[Path, Path], tmp_path: Path) -> None:
    broken, old = tmp_path / "broken.jsonl", everything(store)
    broken.write_text(files[1].read_text(encoding="utf-8") + '{"node": 1}\n', encoding="utf-8")
    assert not load(store, [broken], by="a test", strict=True).written
    assert everything(store) == old
    assert hidden(store) == 0


def loading(path: Path, server: Neo4jServer) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COGS_")}
    secrets = {"COGS_NEO4J_USER": server.user, "COGS_NEO4J_PASSWORD": server.password}
    command = [sys.executable, "-c", LOADER, "load", str(path), "--store", server.uri, "--json"]
    return subprocess.Popen(command, env=environment | secrets, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(path: Path, server: Neo4jServer) -> None:
    """Load undisturbed."""
    process = loading(path, server)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said.decode()


@pytest.mark.parametrize("kills", KILLS)
def test_a_kill_leaves_the_old_state_and_the_next_load_finishes(
    kills: int, files: tuple[Path, Path], neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    small, large = files
    with embedded(tmp_path, *files) as other:
        new = (other.version(), [line(thing) for thing in other.export()])
    old, chance, left = begun(neo4j_server, small), random.Random(kills), list[int]()
    for _ in range(kills):
        with again(neo4j_server) as store:
            process, wanted = loading(large, neo4j_server), chance.randrange(1, NODES + RELATIONSHIPS)
            while process.poll() is None and hidden(store) < wanted:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            left.append(hidden(store))
            now = store.version()
            assert now in (old, new[0]), "half of a load is visible"
            assert store.check() == []
        if now != old:  # the kill came too late
            assert begun(neo4j_server, small) == old
    assert any(left)
    finish(large, neo4j_server)
    with again(neo4j_server) as store:
        assert (store.version(), [line(thing) for thing in store.export()]) == new
        assert (store.check(), hidden(store)) == ([], 0)


def test_of_two_loaders_the_second_waits_its_turn(
    store: Neo4jStore, files: tuple[Path, Path], neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    both = [loading(files[1], neo4j_server) for _ in range(2)]
    ends = [(process.communicate(timeout=120)[1].decode(), process.returncode) for process in both]
    assert [code for _, code in ends] == [0, 0], ends
    with embedded(tmp_path, *files) as other:
        assert store.version() == other.version()
    assert (store.check(), hidden(store)) == ([], 0)


def test_a_load_that_lost_its_lock_writes_no_more_and_says_so(
    store: Neo4jStore, files: tuple[Path, Path], neo4j_server: Neo4jServer
) -> None:
    old = everything(store)
    with again(neo4j_server) as other:
        with pytest.raises(StoreUnavailable, match="lost its lock"):
            load(store, [files[1]], by="a test", progress=at_step(5, partial(terminate, other)))
        left = hidden(other)
        assert left > 0
        assert everything(other) == old
        load(other, [files[1]], by="a test")
        assert hidden(other) == 0
        assert other.check() == []


def test_a_load_that_lost_its_lock_can_harm_none_that_came_after(
    store: Neo4jStore, files: tuple[Path, Path], neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = list[neo4j_ahead.Ahead]()

    class Noted(neo4j_ahead.Ahead):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            claims.append(self)

    def harm() -> None:
        """What the first load may still have on its way when the second has begun."""
        before = hidden(store)
        assert before > 0
        with pytest.raises(StoreUnavailable, match="lost its lock"), claims[0].batch():
            raise AssertionError("it would write")
        for found, delete in neo4j_ahead.LEFT_OVER.items():
            query = f"{found} CALL (x) {{ {delete} x }} IN TRANSACTIONS OF 100 ROWS"
            asked(store, query, finished=claims[0].serial - 1, claim=claims[0].serial)
        assert hidden(store) == before

    monkeypatch.setattr(neo4j_writing, "Ahead", Noted)
    with again(neo4j_server) as other:

        def second() -> None:
            terminate(other)
            load(other, [files[1]], by="the second", progress=at_step(8, harm))

        with pytest.raises(StoreUnavailable, match="lost its lock"):
            load(store, [files[1]], by="the first", progress=at_step(5, second))
        assert len(claims) == 2
        counts = other.counts()
        assert (counts.nodes, counts.relationships) == (NODES + 50, RELATIONSHIPS + 196)
        assert (other.check(), hidden(other)) == ([], 0)


def test_a_server_restarted_amid_a_load_has_the_old_network(
    store: Neo4jStore, files: tuple[Path, Path], neo4j_server: Neo4jServer
) -> None:
    old, counts = store.version(), store.counts()

    def restart() -> None:
        neo4j_server.kill()
        neo4j_server.start()

    with pytest.raises(StoreUnavailable):
        load(store, [files[1]], by="a test", progress=at_step(5, restart))
    assert hidden(store) > 0
    assert (store.version(), store.counts(), store.check()) == (old, counts, [])
    assert load(store, [files[1]], by="a test").added == NODES + RELATIONSHIPS
    assert (store.check(), hidden(store)) == ([], 0)
