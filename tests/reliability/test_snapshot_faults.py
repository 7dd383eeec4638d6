"""Arrays outlive those who write them down: killed while they write or catch up, or with no room left."""

from __future__ import annotations

import logging
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from graph import snapshot
from graph.store.embedded import EmbeddedStore
from graph.store.records import Batch
from graph.vocabulary import load_vocabulary
from tests.contract.networks import node, tie, town

KILLS, LONG_KILLS = 25, 200
NODES = 3_000

# Changes the network, catches up and writes the arrays down, over and over, as fast as it can.
WRITER = """
import sys
from graph.store import following
from graph.store.embedded import EmbeddedStore
from graph.store.records import Batch
from graph.vocabulary import load_vocabulary
from tests.contract.networks import node, tie
following.SECONDS_BETWEEN = 0.0
store = EmbeddedStore(sys.argv[1], load_vocabulary())
store.following.smallest = 0
store.arrays()
print("ready", flush=True)
for number in range(int(sys.argv[2]), 1_000_000):
    id = f"n{number % 977:04d}-{number}"
    ties = [tie(f"t{number}", "PARTNERS_WITH", id, "council")]
    store.apply(Batch(nodes=[node(id)], relationships=ties, remove_relationships=[f"t{number - 5}"]), by="clerk")
    store.arrays()
    store.following.finish()
"""


def filled(path: Path) -> EmbeddedStore:
    store = EmbeddedStore(path, load_vocabulary())
    store.apply(town(), by="clerk")
    nodes = [node(f"made-{number:04d}") for number in range(NODES)]
    ties = [tie(f"m{number:04d}", "PARTNERS_WITH", one.id, "council") for number, one in enumerate(nodes)]
    store.apply(Batch(nodes=nodes, relationships=ties), by="clerk")
    return store


def everything(arrays: Any) -> list[list[Any]]:
    return [
        list(column) for part in (arrays.nodes, arrays.relationships, arrays.rows) for column in vars(part).values()
    ]


def survive(path: Path, kills: int, chance: random.Random) -> set[str]:
    """Kill a writer again and again; gives what was found each time: a snapshot that is current, behind or missing."""
    found = set()
    for turn in range(kills):
        command = [sys.executable, "-c", WRITER, str(path), str(turn * 10_000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.0, 0.3))
            writer.send_signal(signal.SIGKILL)
        store = EmbeddedStore(path, load_vocabulary())
        with store:
            store.following.smallest = 0
            header = snapshot.read_header(store.following.path)
            found.add("missing" if header is None else "behind" if header.state != store.state() else "current")
            assert everything(store.arrays()) == everything(store.read_arrays(None).arrays)
    return found


def test_killed_while_writing_or_catching_up(tmp_path: Path) -> None:
    filled(tmp_path / "network.db").close()
    assert "missing" not in survive(tmp_path / "network.db", KILLS, random.Random(7))


@pytest.mark.long
def test_killed_often(tmp_path: Path) -> None:
    filled(tmp_path / "network.db").close()
    assert survive(tmp_path / "network.db", LONG_KILLS, random.Random()) == {"current", "behind"}


def test_what_the_killed_left_is_taken_away(tmp_path: Path) -> None:
    store = filled(tmp_path / "network.db")
    with store:
        store.following.smallest = 0
        left = tmp_path / f".{store.following.path.name}.0123"
        left.write_bytes(b"half")
        os.utime(left, (0, 0))
        store.arrays()
        store.following.finish()
        assert store.following.path.exists()
        assert not left.exists()


def test_no_room_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = filled(tmp_path / "network.db")
    with store:
        store.following.smallest = 0
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))  # the header fits, the columns do not
        try:
            with caplog.at_level(logging.WARNING):
                arrays = store.arrays()
                store.following.finish()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert "No snapshot" in caplog.text
        assert not snapshot.left_behind(store.following.path)
        assert not store.following.path.exists()
        assert everything(arrays) == everything(store.read_arrays(None).arrays)
        store.following.forget()
        store.arrays()
        store.following.finish()
        assert store.following.path.exists()
