"""Several processes that serve one store on one address."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.store import open_store
from graph.store.records import Batch
from tests.api.commands.test_processes import asked, serving

PATIENCE = 60.0


def children(process: int) -> list[int]:
    """The processes that one has begun, as the system lists them."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def workers(process: int) -> list[int]:
    """Begun by a process of Python's own that has all modules loaded."""
    return [worker for between in children(process) for worker in children(between)]


def until(what: Callable[[], object]) -> None:
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < PATIENCE
        time.sleep(0.1)


def port_of(address: str) -> int:
    return int(address.rsplit(":", 1)[1])


def test_every_worker_sees_a_change_at_once(stored: Path) -> None:
    with serving("--workers", "2", "--store", stored) as (_, address), ThreadPoolExecutor(8) as threads:
        store = open_store(str(stored))
        node = store.get(["ash"])["ash"]
        for number in range(5):
            store.apply(Batch(nodes=[node.model_copy(update={"name": f"Ash {number}"})]), by="clerk")
            bodies = list(threads.map(asked, [f"{address}/v1/queries/ego_network?node=ash"] * 16))
            assert {json.loads(body)["centre"]["name"] for body in bodies} == {f"Ash {number}"}
        store.close()


def test_a_worker_that_ends_is_replaced_and_a_signal_stops_all(stored: Path) -> None:
    with serving("--workers", "2", "--store", stored) as (process, address):
        first = workers(process.pid)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        until(lambda: len(set(workers(process.pid)) - set(first)) == 1)
        assert json.loads(asked(f"{address}/v1/stats"))["nodes"]
        everybody = [*children(process.pid), *workers(process.pid)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
        until(lambda: not any(Path(f"/proc/{one}").exists() for one in everybody))
        with socket.create_server(("127.0.0.1", port_of(address))):
            pass  # the address is free again


def test_workers_do_not_outlive_who_began_them(stored: Path) -> None:
    with serving("--workers", "2", "--store", stored) as (process, _):
        everybody = [*children(process.pid), *workers(process.pid)]
        process.kill()
        process.wait()
        until(lambda: not any(Path(f"/proc/{one}").exists() for one in everybody))


def test_what_cannot_start_says_so(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from api import workers as supervised
    from graph.errors import CogsError
    from graph.settings import read_settings

    settings = read_settings(store=str(stored), jobs=None)
    broken = settings.model_copy(update={"vocabulary": stored})  # a database is no vocabulary
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(CogsError) as wrong:
        supervised.Workers(broken, listening).run(2, lambda: None)
    assert "did not start" in wrong.value.message
