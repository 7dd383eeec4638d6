"""Recording over HTTP: who may, what is refused, and that questions honour it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from graph.model import Audience, Source
from graph.settings import Settings
from graph.store import open_store
from graph.store.records import Batch
from tests.api.conftest import Serve
from tests.graph.actor_reference import node, relationship

HERE = "http://127.0.0.1:8000"
INSIGHT = {"text": "Calm days help", "sort": "condition", "said_by": ["Hub"]}
Local = Callable[..., TestClient]


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    """A service that may be written to, asked from its own machine, or as `client=`, `base_url=` say."""
    file = str(tmp_path / "network.db")
    nodes = [node(id, sector=sector) for id, sector in (("hub", None), ("ash", "public"), ("elm", "media"))]
    ties = [relationship("hub", "PARTNERS_WITH", other) for other in ("ash", "elm")]
    with open_store(file) as store:
        store.apply(Batch([Source(id="s", title="S")], nodes, ties), by="test")
    with ExitStack() as stack:

        def started(**more: Any) -> TestClient:
            settings = Settings(store=file, local_writes=True, audience=more.pop("audience", Audience.public))
            wanted = {"base_url": HERE, "client": ("127.0.0.1", 50_000)} | more
            return stack.enter_context(TestClient(create_app(settings), **wanted))

        yield started


def introduction(outcome: str) -> dict[str, str]:
    return {"a": "ash", "b": "elm", "introducer": "hub", "outcome": outcome, "by": "Clerk"}


def pairs(client: TestClient) -> list[tuple[str, str]]:
    answer = client.get("/v1/queries/introductions").json()
    return [(one["a"], one["b"]) for one in answer["introductions"]]


def test_what_is_recorded_is_honoured_at_once(local: Local) -> None:
    client = local()
    assert pairs(client) == [("ash", "elm")]
    answer = client.post("/v1/introductions", json=introduction("declined"))
    assert answer.status_code == 200, answer.text
    assert answer.json()["sentence"] == "The introduction of ash and elm by hub was declined."
    assert pairs(client) == []
    assert client.post("/v1/introductions", json=introduction("declined")).json()["changed"] == 0
    changes = local(audience=Audience.team).get("/v1/changes").json()["items"]
    assert {one["by"] for one in changes if one["id"].startswith("introduced-")} == {"Clerk"}


def test_consent_and_insights(local: Local) -> None:
    client = local()
    client.post("/v1/consents", json={"node": "hub", "introductions": False}).raise_for_status()
    assert pairs(client) == []
    conflict = client.post("/v1/introductions", json=introduction("suggested"))
    assert (conflict.status_code, conflict.json()["detail"]) == (409, "hub has asked not to be introduced.")
    client.post("/v1/consents", json={"node": "hub", "introductions": True}).raise_for_status()
    assert pairs(client) == [("ash", "elm")]
    client.post("/v1/insights", json=INSIGHT).raise_for_status()
    (insight,) = client.get("/v1/queries/learning").json()["insights"]
    assert (insight["node"]["name"], insight["sort"]) == ("Calm days help", "condition")
    assert [one["id"] for one in insight["said_by"]] == ["hub"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": HERE},
        {"content-type": "application/json; charset=utf-8"},
        {"host": "localhost:8000", "origin": "http://localhost:8000"},
        {"host": "[::1]:8000"},
    ],
)
def test_this_machine_may_write(local: Local, headers: dict[str, str]) -> None:
    assert local().post("/v1/insights", json=INSIGHT, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ({"client": ("192.0.2.7", 50_000)}, {}),
        ({"client": ("testclient", 50_000)}, {}),
        ({}, {"origin": "https://elsewhere.example"}),
        ({}, {"origin": "null"}),
        ({}, {"origin": "http://127.0.0.1:9000"}),
        ({}, {"host": "elsewhere.example"}),
        ({}, {"x-forwarded-for": "192.0.2.7"}),
        ({}, {"forwarded": "for=192.0.2.7"}),
        ({}, {"via": "1.1 proxy"}),
    ],
)
def test_nobody_else_may(local: Local, more: dict[str, Any], headers: dict[str, str]) -> None:
    answer = local(**more).post("/v1/insights", json=INSIGHT, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (403, "Not allowed")
    assert local().get("/v1/queries/learning").json()["insights"] == []


def test_without_the_setting_nobody_may_and_nothing_offers_it(serve: Serve) -> None:
    client = serve()
    for path in ("/v1/introductions", "/v1/consents", "/v1/insights"):
        answer = client.post(path, json={})
        assert (answer.status_code, "COGS_LOCAL_WRITES" in answer.json()["fix"]) == (403, True)
        assert path not in client.get("/openapi.json").json()["paths"]


def test_with_the_setting_it_is_described(local: Local) -> None:
    described = local().get("/openapi.json").json()
    for path in ("/v1/introductions", "/v1/consents", "/v1/insights"):
        operation = described["paths"][path]["post"]
        assert operation["summary"]
        assert "$ref" in operation["requestBody"]["content"]["application/json"]["schema"]
        assert "application/problem+json" in operation["responses"]["default"]["content"]


@pytest.mark.parametrize(
    ("path", "sent", "status", "parameter"),
    [
        ("/v1/insights", {"json": {"text": "x"}}, 422, "sort"),
        ("/v1/insights", {"json": INSIGHT | {"sort": "hope"}}, 422, "sort"),
        ("/v1/insights", {"json": INSIGHT | {"colour": "red"}}, 422, "colour"),
        ("/v1/insights", {"json": INSIGHT | {"said_by": ["nobody"]}}, 404, "said_by"),
        ("/v1/insights", {"json": INSIGHT | {"source": "nowhere"}}, 404, "source"),
        ("/v1/introductions", {"json": introduction("made") | {"b": "ash"}}, 422, "introducer"),
        ("/v1/introductions", {"json": introduction("made") | {"on": "2999"}}, 422, "on"),
        ("/v1/introductions", {"json": []}, 422, "body"),
        ("/v1/consents", {"content": "{", "headers": {"content-type": "application/json"}}, 422, None),
        ("/v1/consents", {"content": "{}", "headers": {"content-type": "text/plain"}}, 415, None),
        ("/v1/consents", {}, 415, None),
    ],
)
def test_bad_bodies(local: Local, path: str, sent: dict[str, Any], status: int, parameter: str | None) -> None:
    answer = local().post(path, **sent)
    assert (answer.status_code, answer.json().get("parameter")) == (status, parameter), answer.text
    assert answer.json()["fix"]


def test_it_can_only_be_posted(local: Local) -> None:
    answer = local().get("/v1/insights")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
