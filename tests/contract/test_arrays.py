"""Arrays follow the store: caught up from the change log, opened from a snapshot, and never believed when damaged."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph import snapshot
from graph.adjacency import Arrays
from graph.errors import StoreUnavailable
from graph.finding import search
from graph.lens import Lens
from graph.limits import time_limit
from graph.model import Audience
from graph.store import neo4j_arrays
from graph.store.base import Store
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j import Neo4jStore
from graph.store.records import Batch
from graph.vocabulary import load_vocabulary
from tests.contract.networks import node, tie, town

Opened = EmbeddedStore | Neo4jStore


def everything(arrays: Arrays) -> list[list[Any]]:
    return [
        list(column) for part in (arrays.nodes, arrays.relationships, arrays.rows) for column in vars(part).values()
    ]


def anew(store: Opened) -> list[list[Any]]:
    return everything(store.read_arrays(None).arrays)


@pytest.fixture
def opened(filled: Store, tmp_path: Path) -> Opened:
    """The small town, whose arrays are kept in a file although they are few."""
    assert isinstance(filled, Opened)
    return kept(filled, tmp_path)


def kept(store: Opened, folder: Path) -> Opened:
    store.following.path, store.following.smallest = folder / "town.arrays", 0
    return store


@pytest.fixture
def again(second: Callable[[], Store], tmp_path: Path) -> Iterator[Callable[[], Opened]]:
    """Open the same store again, as another process that keeps its arrays in the same file would."""
    others = []

    def open_again() -> Opened:
        other = second()
        assert isinstance(other, Opened)
        others.append(other)
        return kept(other, tmp_path)

    yield open_again
    for other in others:
        other.close()


def saved(store: Opened) -> Arrays:
    """The arrays, once they have been written down."""
    arrays = store.arrays()
    store.following.finish()
    return arrays


def some_write(store: Store, chance: Random) -> None:
    id = f"n{chance.randrange(12)}"
    there = sorted(one.id for one in store.nodes())
    if chance.random() < 0.2:
        store.apply(Batch(remove_nodes=[chance.choice(there)]), by="clerk")
    elif chance.random() < 0.2:
        merged = sorted(one.id for one in store.nodes() if one.kind == "organisation")
        if len(merged) > 1:
            store.merge(*chance.sample(merged, 2), by="clerk")
    else:
        audience = chance.choice([None, "team"])
        ends = [chance.choice([id, *there]) for _ in range(2)]
        ties = [tie(f"t{chance.randrange(30)}", "PARTNERS_WITH", *ends, strength=chance.choice([None, 0.7]))]
        batch = Batch(nodes=[node(id, "organisation", audience=audience)], relationships=ties)
        store.apply(batch, by="clerk", rejected=lambda *_: None)


def test_caught_up_with_the_writes_of_another(opened: Opened, again: Callable[[], Opened]) -> None:
    writer, chance = again(), Random(3)
    opened.arrays()
    for _ in range(25):
        some_write(writer, chance)
        assert opened.arrays().version == writer.version()
        assert everything(opened.arrays()) == anew(opened)


def back_in_another_order(store: Store) -> None:
    nodes = store.get(["seen", "veiled"])
    store.apply(Batch(remove_nodes=list(nodes)), by="clerk")
    for id in ("veiled", "seen"):
        store.apply(Batch(nodes=[nodes[id]]), by="clerk")


def merged_and_parted(store: Store) -> None:
    store.merge("seen", "other", by="clerk")
    store.unmerge("seen", by="clerk")


@pytest.mark.parametrize("does", [back_in_another_order, merged_and_parted])
def test_what_comes_back_is_found_by_others(
    opened: Opened, again: Callable[[], Opened], does: Callable[[Store], None]
) -> None:
    names = {"other": ("Other", None), "seen": ("Seen by all", None), "veiled": ("Veiled to most", "private")}
    opened.apply(
        Batch(nodes=[node(id, "organisation", name=name, audience=level) for id, (name, level) in names.items()]),
        by="clerk",
    )
    everybody, before = Lens(audience=Audience.public), opened.arrays().version
    does(again())
    assert opened.version() == before  # the same network, though the store may have other keys for its nodes
    found = {word: search(opened, word, everybody) for word in ("seen", "veil")}
    assert {word: ([one.id for one in answer.items], answer.total) for word, answer in found.items()} == {
        "seen": (["seen"], 1),
        "veil": ([], 0),
    }
    assert [one.id for one in search(opened, "veil", Lens()).items] == ["veiled"]


def test_a_change_is_not_read_whole(opened: Opened) -> None:
    before = saved(opened)  # arrays that are being written down take over what is mapped at the end
    opened.apply(Batch(nodes=[opened.get(["mill"])["mill"].model_copy(update={"end": "1999"})]), by="clerk")
    after = opened.arrays()
    assert after is not before
    assert after.rows is before.rows
    assert everything(after) == anew(opened)


def test_what_no_relationship_says_is_not_asked_of_the_server(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(store, Opened)
    ties = [tie(f"t{'long' * one}", "PARTNERS_WITH", *ends) for one, ends in enumerate([("b", "a"), ("a", "b")])]
    store.apply(
        Batch(sources=town().sources, nodes=[node("a"), node("b", start="1974")], relationships=ties), by="clerk"
    )
    found = []
    for used in (list(neo4j_arrays.FACTS), ["id"]):  # a server keeps the names of all that it ever held
        monkeypatch.setattr(neo4j_arrays, "USED", f"RETURN {used}")
        found.append(anew(store))
    assert found[0] == found[1]


def test_opened_from_a_snapshot(opened: Opened, again: Callable[[], Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = everything(saved(opened))
    assert opened.following.path.stat().st_mode & 0o077 == 0  # it tells of everything
    other = again()
    found = other.arrays()
    assert everything(found) == expected
    assert not found.nodes.kind.flags.owndata
    opened.apply(Batch(nodes=[node("newcomer", "organisation")]), by="clerk")
    latecomer = again()
    assert everything(latecomer.arrays()) == anew(opened)
    assert "newcomer" in latecomer.arrays().nodes.ids


def flipped(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 4
    path.write_bytes(content)


def of_another_layout(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"cogs arrays 2", b"cogs arrays 1"))


DAMAGES: list[Callable[[Path], object]] = [
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(path.read_bytes()[:-64]),
    lambda path: path.write_bytes(path.read_bytes()[: snapshot.LONGEST_HEADER // 2]),
    lambda path: path.write_bytes(path.read_bytes()[: snapshot.LONGEST_HEADER] + bytes(path.stat().st_size)),
    lambda path: flipped(path, 3),
    lambda path: flipped(path, 40),
    lambda path: flipped(path, snapshot.LONGEST_HEADER + 1),
    lambda path: flipped(path, -64),
    of_another_layout,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_snapshot_is_made_anew(
    opened: Opened, again: Callable[[], Opened], damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    expected = everything(saved(opened))
    damage(opened.following.path)
    with caplog.at_level(logging.WARNING):
        other = again()
        assert everything(saved(other)) == expected
    assert "made anew" in caplog.text
    found = snapshot.read(other.following.path, other.vocabulary, other.following.state().network)
    assert found
    assert everything(found.arrays) == expected


def test_a_snapshot_of_another_network_is_not_believed(opened: Opened, tmp_path: Path) -> None:
    other = EmbeddedStore(tmp_path / "other.db", opened.vocabulary)
    with other:
        kept(other, tmp_path)
        assert list(saved(other).nodes.ids) == []
        assert len(saved(opened).nodes.ids) > 0
        assert list(other.arrays().nodes.ids) == []


def test_a_snapshot_of_another_history_is_not_caught_up(opened: Opened) -> None:
    held = opened.read_arrays(None)
    opened.apply(Batch(nodes=[node("newcomer", "organisation")]), by="clerk")
    elsewhere = held._replace(state=type(held.state)(**{**vars(held.state), "chain": "f" * 64}))
    assert everything(opened.read_arrays(elsewhere).arrays) == anew(opened)
    assert opened.read_arrays(elsewhere).arrays.rows is not held.arrays.rows


def test_who_is_forgotten_is_in_no_snapshot(opened: Opened, again: Callable[[], Opened]) -> None:
    saved(opened)
    reader = again()
    reader.arrays()
    opened.following.path.with_name(f".{opened.following.path.name}.left").write_bytes(b"ann")
    opened.forget("ann", by="clerk")
    assert not opened.following.path.exists()
    assert not snapshot.left_behind(opened.following.path)
    assert "ann" not in saved(reader).nodes.ids
    assert b"ann\n" not in reader.following.path.read_bytes()


def test_one_who_writes_what_was_forgotten_meanwhile_takes_it_away(opened: Opened) -> None:
    held = opened.read_arrays(None)
    opened.forget("ann", by="clerk")
    opened.following.save(held, is_urgent=True)
    assert not opened.following.path.exists()


def test_no_room_for_a_snapshot(
    opened: Opened, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, "write", full)
    with caplog.at_level(logging.WARNING):
        arrays = saved(opened)
    monkeypatch.undo()
    assert "No space left" in caplog.text
    assert everything(arrays) == anew(opened)


def test_where_one_read_fails_the_others_are_not_begun() -> None:
    begun = []

    def read(work: object) -> Any:
        begun.append(work)
        if len(begun) == 1:  # which types there are, and which properties
            return [f"TYPE_{number}" for number in range(50)], ["id"]
        time.sleep(0.05)
        raise StoreUnavailable("The server is away.", fix="Start it.")

    with pytest.raises(StoreUnavailable, match="is away"):
        neo4j_arrays._read_whole(read, load_vocabulary(), "a version")
    assert len(begun) < 10


def test_who_has_no_time_goes_and_the_work_goes_on(opened: Opened) -> None:
    with pytest.raises(StoreUnavailable), time_limit(0.0001):
        opened.following.current("another version")
    opened.following.finish()
    with time_limit(5):
        assert opened.arrays().version == opened.version()
