"""What every answer carries, and how a request is logged."""

import json
import logging

import pytest
from starlette.testclient import TestClient

from api.logs import JsonLines, log_config
from api.security import HEADERS
from tests.api.conftest import Serve

ANSWERS = ["/v1/nodes", "/v1/nodes/nobody", "/v1/maps/network", "/v1/maps/network.svg", "/v1/export.jsonl", "/healthz",
           "/openapi.json", "/static/map.css", "/nothing", "/v1/nodes?limit=0", "/v1/nodes?" + "x" * 9_000]  # fmt: skip


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_is_guarded(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    for name in HEADERS.keys() - {"Cache-Control", "Vary"}:
        assert headers[name] == HEADERS[name], name
    assert "Authorization" in headers["vary"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] in ("private, no-cache", "no-store")
    assert len(headers["x-request-id"]) == 32


@pytest.mark.parametrize("address", ANSWERS)
def test_head_is_get_without_the_body(client: TestClient, address: str) -> None:
    head, get = client.head(address), client.get(address)
    varying = ("x-request-id", "server-timing")
    assert head.content == b""
    assert head.status_code == get.status_code
    assert {name: value for name, value in head.headers.items() if name not in varying} == {
        name: value for name, value in get.headers.items() if name not in varying
    }


@pytest.mark.parametrize(
    ("given", "taken"), [("abc-123", True), ("x" * 65, False), ("a b", False), ("<b>", False), ("", False)]
)
def test_the_callers_request_id_is_kept_when_it_is_plain(client: TestClient, given: str, taken: bool) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["x-request-id"] == given) == taken


def test_a_request_is_logged_by_its_route_alone(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    client = serve()
    with caplog.at_level(logging.INFO, "cogs.http"):
        client.get("/v1/nodes/ada-moss?q=Ada+Moss")
        client.get("/v1/search?q=Ada+Moss", headers={"X-Request-ID": "mine-2"})
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name == "cogs.http"]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/v1/nodes/{id}", 422),
        ("GET", "/v1/search", 200),
    ]
    assert lines[1]["request_id"] == "mine-2"
    assert lines[1]["milliseconds"] > 0
    assert "Ada" not in json.dumps(lines)
    assert "ada" not in json.dumps(lines)


def test_the_log_of_a_serving_process_is_json() -> None:
    config = log_config("warning")
    assert config["loggers"]["cogs"]["level"] == config["loggers"]["uvicorn"]["level"] == "WARNING"
    assert config["formatters"]["json"]["()"] is JsonLines
