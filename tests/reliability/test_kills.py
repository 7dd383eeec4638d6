"""A load that is killed at a random moment leaves the old state; loading again gives what an undisturbed load gives."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph import open_store
from graph.model import line
from graph.settings import read_settings
from graph.store import Store
from tests.services.neo4j_face import Neo4jServer

KILLS = {"embedded": 15, "neo4j": 10}
EVIDENCE = [{"source": "made", "locator": "row 1"}]
COMMAND = Path(sys.executable).with_name("cogs")

Opener = Callable[[], Store]


def network(nodes: int) -> Iterator[str]:
    """A ring of organisations, as lines of graph JSON Lines."""
    yield json.dumps({"source": {"id": "made", "title": "Made for killing"}})
    for number in range(nodes):
        name = {"id": f"n{number:05d}", "kind": "organisation", "name": f"Organisation {number}", "evidence": EVIDENCE}
        yield json.dumps({"node": name})
    for number in range(nodes):
        ends = {"source": f"n{number:05d}", "target": f"n{(number + 1) % nodes:05d}"}
        facts = {"id": f"r{number:05d}", "type": "PARTNERS_WITH", **ends, "evidence": EVIDENCE}
        yield json.dumps({"relationship": facts})


def exported(store: Store) -> str:
    with store:
        return "\n".join(line(thing) for thing in store.export())


def environment(server: Neo4jServer | None) -> dict[str, str]:
    secrets = {"COGS_NEO4J_USER": server.user, "COGS_NEO4J_PASSWORD": server.password} if server else {}
    return {name: value for name, value in os.environ.items() if not name.startswith("COGS_")} | secrets


@pytest.mark.parametrize("kind", list(KILLS))
def test_a_killed_load_leaves_the_old_state(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    server: Neo4jServer | None = request.getfixturevalue("neo4j_server") if kind == "neo4j" else None
    address = server.uri if server else str(tmp_path / "network.db")
    settings = read_settings(neo4j_user=server.user, neo4j_password=server.password) if server else read_settings()
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    before.write_text("\n".join(network(20)), encoding="utf-8")
    after.write_text("\n".join(network(1_500)), encoding="utf-8")

    def load(path: Path) -> subprocess.Popen[bytes]:
        command = [str(COMMAND), "load", str(path), "--store", address, "--json"]
        return subprocess.Popen(command, env=environment(server), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def finish(path: Path) -> str:
        process = load(path)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
        return exported(open_store(address, settings))

    old = finish(before)
    started = time.monotonic()
    with subprocess.Popen([str(COMMAND), "load", str(after), "--store", str(tmp_path / "other.db")]) as undisturbed:
        assert undisturbed.wait(timeout=120) == 0
    takes = time.monotonic() - started
    whole = exported(open_store(str(tmp_path / "other.db")))
    chance, killed, states = random.Random(7), 0, {old: "old", whole: "whole"}
    for _ in range(KILLS[kind]):
        process = load(after)
        time.sleep(takes * chance.uniform(0.3, 1.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        state = states.get(exported(open_store(address, settings)))
        assert state, "half of a load is visible"
        if state == "whole":
            break
    assert killed
    assert finish(after) == whole
    with open_store(address, settings) as store:
        assert store.check() == []
