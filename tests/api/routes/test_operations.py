"""Health, readiness and numbers, with the store there and away."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

import api.deps
from api.app import create_app
from graph.errors import StoreUnavailable
from graph.settings import Settings
from graph.store import Store, open_store


def test_a_service_that_is_well_says_so(client: TestClient) -> None:
    for path, status in (("/healthz", "ok"), ("/readyz", "ready")):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": status})
        assert answer.headers["cache-control"] == "no-store"


def test_requests_are_counted_by_route(client: TestClient) -> None:
    client.get("/v1/nodes/north-council")
    client.get("/v1/nodes/nobody")
    client.get("/no/such/place")
    lines = client.get("/metrics").text.splitlines()
    assert 'cogs_requests_total{method="GET",route="/v1/nodes/{id}",status="404"} 1' in lines
    assert 'cogs_requests_total{method="GET",route="none",status="404"} 1' in lines
    assert not [line for line in lines if "nobody" in line or "such" in line]


def test_it_starts_without_its_store_and_finds_it_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    away = True
    calls = 0

    def opened(uri: str | None = None, settings: Settings | None = None) -> Store:
        nonlocal calls
        calls += 1
        if away:
            raise StoreUnavailable("The server does not answer.", fix="Start it.")
        return open_store(uri, settings)

    monkeypatch.setattr(api.deps, "open_store", opened)
    monkeypatch.setattr(api.deps, "SECONDS_BETWEEN_TRIES", 0.0)
    with TestClient(create_app(Settings(store=str(tmp_path / "network.db")))) as client:
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", "/v1/nodes", "/v1/export.jsonl"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert answer.json()["fix"] == "Start it."
        away = False
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/nodes").json()["items"] == []
    assert calls == 5


def test_a_store_that_is_away_is_not_asked_by_every_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def opened(uri: str | None = None, settings: Settings | None = None) -> Store:
        nonlocal calls
        calls += 1
        raise StoreUnavailable("The server does not answer.", fix="Start it.")

    monkeypatch.setattr(api.deps, "open_store", opened)
    monkeypatch.setattr(api.deps, "SECONDS_BETWEEN_TRIES", 60.0)
    with TestClient(create_app(Settings(store=str(tmp_path / "network.db")))) as client:
        assert [client.get("/readyz").status_code for _ in range(5)] == [503] * 5
    assert calls == 1
