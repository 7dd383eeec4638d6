"""Loads of many lines in trouble: whatever happens, the old network is there whole, or the new one."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.made import lines
from graph import open_store
from graph.errors import StoreFull
from graph.store.base import Store
from loaders import packing
from loaders.run import load

NODES, RELATIONSHIPS = 12_000, 48_000  # more than is read in one process
KILLS = [5, pytest.param(200, marks=pytest.mark.long)]
MOST_MEMORY = 1_500_000_000
COMMAND = Path(sys.executable).with_name("cogs")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small network, and a large one that holds none of it."""
    folder = tmp_path_factory.mktemp("made")
    small, large = folder / "small.jsonl", folder / "large.jsonl"
    with small.open("w", encoding="utf-8") as file:
        file.writelines(text.replace('"n0', '"m0').replace('"r0', '"q0') for text in lines(50, 200, seed=2))
    with large.open("w", encoding="utf-8") as file:
        file.writelines(lines(NODES, RELATIONSHIPS, seed=3))
    assert large.stat().st_size > packing.WORTH_A_PROCESS
    return small, large


def loading(path: Path, store: Path) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COGS_")}
    command = [str(COMMAND), "load", str(path), "--store", str(store), "--json"]
    piped = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=piped, stderr=piped)


def finish(path: Path, store: Path) -> str:
    """Load undisturbed, and give the state after."""
    process = loading(path, store)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said.decode()
    return state(store)


def state(path: Path) -> str:
    """The version of a store that is well."""
    with open_store(str(path)) as store:
        assert store.check() == []
        return store.version()


@pytest.mark.parametrize("kills", KILLS)
def test_a_kill_leaves_the_old_state_and_the_next_load_finishes(
    kills: int, files: tuple[Path, Path], tmp_path: Path
) -> None:
    small, large = files
    store, other = tmp_path / "network.db", tmp_path / "other.db"
    old = finish(small, store)
    finish(small, other)
    started = time.monotonic()
    new = finish(large, other)
    takes, chance, killed = time.monotonic() - started, random.Random(kills), 0
    for _ in range(kills):
        process = loading(large, store)
        time.sleep(takes * chance.uniform(0.1, 1.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        now = state(store)
        assert now in (old, new), "half of a load is visible"
        if now == new:  # the kill came too late: begin again
            for file in tmp_path.glob("network.db*"):
                file.unlink()
            assert finish(small, store) == old
    assert killed
    assert finish(large, store) == new


def test_of_two_loaders_the_second_waits_its_turn_or_says_so(files: tuple[Path, Path], tmp_path: Path) -> None:
    _, large = files
    alone = finish(large, tmp_path / "alone.db")
    both = [loading(large, tmp_path / "network.db") for _ in range(2)]
    ends = [(process.communicate(timeout=300)[1].decode(), process.returncode) for process in both]
    assert 0 in [code for _, code in ends], ends
    assert all(code == 0 or "locked by another process" in said for said, code in ends), ends
    assert state(tmp_path / "network.db") == alone


def test_a_reader_sees_the_old_network_until_the_new_one_is_whole(files: tuple[Path, Path], tmp_path: Path) -> None:
    small, large = files
    path = tmp_path / "network.db"
    old = finish(small, path)
    seen: list[tuple[str, int, int]] = []
    with open_store(str(path)) as store:
        process = loading(large, path)
        while process.poll() is None:
            seen.append(look(store))
        process.communicate()
        seen.append(look(store))
    assert seen[0] == (old, 50, 200)
    assert len(seen) > 10
    assert set(seen[1:]) <= {seen[0], seen[-1]}
    assert seen[-1][1:] == (50 + NODES, 200 + RELATIONSHIPS)


def look(store: Store) -> tuple[str, int, int]:
    """Version and numbers, of one state: the version is the same after counting as before."""
    while True:
        before, counts = store.version(), store.counts()
        if store.version() == before:
            return before, counts.nodes, counts.relationships


def test_a_full_disk_leaves_the_old_network(
    files: tuple[Path, Path], small_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = files
    with open_store(str(small_disk("4m") / "network.db")) as store:
        load(store, [small], by="a test")
        old = look(store)
        for spared in (packing.WORTH_A_PROCESS, 1 << 40):  # read in a second process, and in this one
            monkeypatch.setattr(packing, "WORTH_A_PROCESS", spared)
            with pytest.raises(StoreFull, match="No room is left"):
                load(store, [large], by="a test")
            assert look(store) == old
        assert store.check() == []
        assert load(store, [small], by="a test").changed == 0  # it is written to again without a restart


@pytest.mark.long
@pytest.mark.parametrize(("nodes", "relationships"), [(100_000, 500_000), (1_000_000, 5_000_000)])
def test_a_load_keeps_within_its_memory(nodes: int, relationships: int, tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines(nodes, relationships))
    process = loading(path, tmp_path / "network.db")
    resource.prlimit(process.pid, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))  # and of what it starts
    _, said = process.communicate(timeout=3_600)
    assert process.returncode == 0, said.decode()
    with open_store(str(tmp_path / "network.db")) as store:
        assert look(store)[1:] == (nodes, relationships)
