"""A Neo4j that goes away while the service runs: 503 within five seconds, and back by itself."""

import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from graph.settings import Settings
from graph.store import open_store
from tests.api.networks import small_network
from tests.services.neo4j_face import Neo4jServer

SECONDS = 5.0
ADDRESSES = ["/v1/nodes/north-council", "/v1/search?q=north", "/v1/queries/ego_network?node=NC", "/v1/export.jsonl",
             "/v1/maps/network.json", "/v1/stats", "/v1/changes", "/readyz", "/"]  # fmt: skip
SOME = ["/v1/nodes/north-council", "/v1/queries/ego_network?node=NC", "/v1/export.jsonl", "/v1/maps/network.json"]


@pytest.fixture(scope="module")
def reached(neo4j_server: Neo4jServer) -> Settings:
    settings = Settings(
        store=neo4j_server.uri, neo4j_user=neo4j_server.user, neo4j_password=SecretStr(neo4j_server.password)
    )
    with open_store(settings=settings) as store:
        store.apply(small_network(), by="test")
    return settings


@pytest.fixture
def client(reached: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(reached)) as client:
        yield client


def assert_away(client: TestClient, address: str) -> None:
    began = time.monotonic()
    answer = client.get(address)
    assert time.monotonic() - began < SECONDS, address
    assert answer.status_code == 503, f"{address}: {answer.text}"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["fix"]


def assert_back(client: TestClient, seconds: float = 60.0) -> None:
    """Every address answers again; a server that has just started takes long to plan what it is first asked."""
    until = time.monotonic() + seconds
    for address in ["/readyz", *ADDRESSES]:
        while (answer := client.get(address)).status_code != 200:
            assert time.monotonic() < until, f"{address}: {answer.text}"
            time.sleep(0.2)


def test_the_answers_are_those_of_the_embedded_store(client: TestClient, tmp_path: object) -> None:
    path = f"{tmp_path}/network.db"
    with open_store(path) as store:
        store.apply(small_network(), by="test")
    assert_back(client)
    with TestClient(create_app(Settings(store=path))) as embedded:
        for address in ADDRESSES:
            if address != "/v1/changes":  # which has times
                ours, theirs = embedded.get(address), client.get(address)
                assert (ours.content, ours.headers.get("etag")) == (theirs.content, theirs.headers.get("etag")), address


def test_a_question_that_takes_too_long_is_ended_on_the_server(
    reached: Settings, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "COUNT { UNWIND range(1, 4000000000) AS number WITH number WHERE number < 0 RETURN number } = 0"
    limited = reached.model_copy(update={"time_limit": 1.0})
    with TestClient(create_app(limited)) as client:
        assert_back(client)
        monkeypatch.setattr("graph.store.neo4j.NODE_IS_SEEN", f"n.id IN $given.ids AND {slow}")
        begun = time.monotonic()
        answer = client.get("/v1/queries/ego_network?node=north-council")
        assert time.monotonic() - begun < SECONDS
        assert answer.status_code == 504, answer.text  # though the server looks at the time every two seconds only
        assert "longer than allowed" in answer.json()["detail"]
    running = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'range(1, 4' RETURN currentQuery"
    until = time.monotonic() + SECONDS
    with neo4j_server.driver() as driver:
        while [row for row in driver.execute_query(running).records if not row[0].startswith("SHOW")]:
            assert time.monotonic() < until, "the server goes on"
            time.sleep(0.2)


def test_a_server_that_holds_still_is_away(client: TestClient, neo4j_server: Neo4jServer) -> None:
    assert_back(client)
    neo4j_server.freeze()
    try:
        for address in SOME:
            assert_away(client, address)
        assert client.get("/healthz").status_code == 200
    finally:
        neo4j_server.thaw()
    assert_back(client)


def test_a_server_that_is_killed_is_away_until_it_is_started(
    client: TestClient, neo4j_server: Neo4jServer, reached: Settings
) -> None:
    assert_back(client)
    neo4j_server.kill()
    try:
        for address in SOME:
            assert_away(client, address)
        late = TestClient(create_app(reached))
        with late:
            assert_away(late, "/v1/nodes")
    finally:
        neo4j_server.start()
    assert_back(client)
    with late:
        assert_back(late)
