"""The threads that do the work: limits of time, and what happens to a crowd."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import api.deps
from api.app import create_app
from api.deps import ASKERS, READERS, Service
from graph.errors import StoreUnavailable, TimeLimit
from graph.limits import check_time
from graph.settings import Settings


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(api.deps, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(api.deps, "LOOK_SECONDS", 0.4)
    service = Service(Settings(store=str(tmp_path / "network.db"), time_limit=0.3))
    service.ping()
    yield service
    service.close()


@pytest.fixture
def held(service: Service) -> Iterator[threading.Event]:
    """What never happens while a test waits for it; it does at the end, so that the service can be closed."""
    event = threading.Event()
    yield event
    event.set()


def busy() -> str:
    """Work that looks at the clock, as ours does."""
    while True:
        check_time()
        time.sleep(0.01)


def refused(service: Service, work: Callable[[], object], kind: type[Exception]) -> float:
    """How long it takes to be refused."""
    began = time.monotonic()
    with pytest.raises(kind):
        asyncio.run(service.ask(work))
    return time.monotonic() - began


def test_work_that_takes_too_long_is_stopped(service: Service) -> None:
    assert 0.25 < refused(service, busy, TimeLimit) < 2


def test_work_that_does_not_look_at_the_clock_takes_too_long_as_well(service: Service, held: threading.Event) -> None:
    for _ in range(ASKERS):
        assert 0.45 < refused(service, held.wait, TimeLimit) < 2
    with pytest.raises(StoreUnavailable, match="The service is busy"):  # all threads are still at it
        asyncio.run(service.ask(held.wait))


def test_a_store_that_hangs_is_not_waited_for(service: Service, held: threading.Event) -> None:
    service.ping = held.wait  # type: ignore[method-assign, assignment]
    for _ in range(2 * ASKERS):
        with pytest.raises(StoreUnavailable, match="The store does not answer"):
            asyncio.run(service.ask(held.wait))
    assert 0.85 < refused(service, held.wait, StoreUnavailable) < 2


def test_a_crowd_is_turned_away_in_time_and_reads_go_on(service: Service) -> None:
    async def crowd() -> list[object]:
        asked = [asyncio.create_task(service.ask(busy)) for _ in range(4 * ASKERS)]
        await asyncio.sleep(0.05)
        began = time.monotonic()
        assert await service.read(lambda: "read") == "read"
        assert time.monotonic() - began < 0.2
        return await asyncio.gather(*asked, return_exceptions=True)

    kinds = [type(outcome) for outcome in asyncio.run(crowd())]
    assert set(kinds) == {TimeLimit, StoreUnavailable}
    assert kinds.count(TimeLimit) >= ASKERS


def test_more_patience_is_granted_only_when_the_store_answers(service: Service, held: threading.Event) -> None:
    began = time.monotonic()
    asyncio.run(service.ask(lambda: time.sleep(0.6), patience=5))
    assert time.monotonic() - began > 0.55
    service.ping = held.wait  # type: ignore[method-assign, assignment]
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        asyncio.run(service.ask(lambda: "never", patience=100))
    assert time.monotonic() - began < 2


def test_many_at_once_are_all_answered(client: TestClient) -> None:
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(client.get("/v1/nodes/north-council").status_code))
        for _ in range(4 * READERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * len(threads)


def test_a_service_may_be_started_again(tmp_path: Path) -> None:
    app = create_app(Settings(store=str(tmp_path / "network.db")))
    for _ in range(2):
        with TestClient(app) as client:
            assert client.get("/v1/stats").json()["nodes"] == 0
