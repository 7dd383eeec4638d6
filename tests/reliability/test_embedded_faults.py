"""The embedded store in trouble: each fault is one clear sentence, and nothing is half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import CogsError, InputError, StoreError, StoreFull, StoreUnavailable, TimeLimit
from graph.limits import time_limit
from graph.model import Node, Source
from graph.store.embedded import EmbeddedStore
from graph.store.records import Batch
from graph.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def batch(count: int, summary: str = "") -> Batch:
    nodes = [
        Node(id=f"n{number}", kind="organisation", name=f"N {number}", summary=summary, evidence=({"source": "s"},))
        for number in range(count)
    ]
    return Batch(sources=[Source(id="s", title="S")], nodes=nodes)


def test_a_full_disk_is_said_and_reading_goes_on(small_disk: Callable[[str], Path]) -> None:
    with EmbeddedStore(small_disk("1m") / "network.db", VOCABULARY) as store:
        store.apply(batch(3), by="test")
        version = store.version()
        with pytest.raises(StoreFull, match="No room is left"):
            store.apply(batch(500, summary="x" * 5_000), by="test")
        assert store.version() == version
        assert [node.id for node in store.nodes()] == ["n0", "n1", "n2"]
        store.apply(batch(4), by="test")  # once there is room again, writing goes on without a restart
        assert store.check() == []


def test_a_store_locked_by_another_process_is_said(tmp_path: Path) -> None:
    path = tmp_path / "network.db"
    with EmbeddedStore(path, VOCABULARY, busy_seconds=0.1) as store:
        store.apply(batch(1), by="test")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked by another process"):
            store.apply(batch(2), by="test")
        assert [node.id for node in store.nodes()] == ["n0"]
        other.execute("ROLLBACK")
        other.close()
        assert store.apply(batch(2), by="test").added == 1


def test_a_read_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "network.db", VOCABULARY) as store:
        store.apply(batch(10), by="test")
        with time_limit(-1), pytest.raises(TimeLimit):
            list(store.nodes())
        assert len(list(store.nodes())) == 10


def folder(path: Path) -> None:
    path.mkdir()


def other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    connection.close()


def words(path: Path) -> None:
    path.write_text("not a database at all\n" * 100, encoding="utf-8")


def other_layout(path: Path) -> None:
    EmbeddedStore(path, VOCABULARY).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE meta SET value = '999' WHERE key = 'layout'")
    connection.close()


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (folder, InputError, "is a folder"),
        (other_program, StoreError, "of another program"),
        (words, StoreError, "not a database of ours"),
        (other_layout, StoreError, "made by another version"),
    ],
)
def test_what_is_no_store_is_refused(tmp_path: Path, make: object, error: type[CogsError], says: str) -> None:
    path = tmp_path / "network.db"
    assert callable(make)
    make(path)
    with pytest.raises(error, match=says) as caught:
        EmbeddedStore(path, VOCABULARY)
    assert caught.value.fix


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be used"):
        EmbeddedStore(tmp_path / "file" / "network.db", VOCABULARY)


def test_rows_changed_behind_its_back_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "network.db"
    with EmbeddedStore(path, VOCABULARY) as store:
        store.apply(batch(2), by="test")
        assert store.check() == []
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("UPDATE nodes SET body = replace(body, 'N 1', 'N 9') WHERE id = 'n1'")
        other.execute("UPDATE changes SET by = 'nobody' WHERE seq = 2")
        other.close()
        findings = store.check()
    assert "behind the back" in findings[0]
    assert findings[1] == "The change log was altered at entry 2."
