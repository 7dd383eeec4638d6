"""Errors as pages: for browsers, with the same words, and with somewhere to go; programs get the problem."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from graph.settings import Settings
from graph.store import open_store
from graph.store.records import Batch
from tests.api.conftest import Serve
from tests.api.networks import node, small_network
from tests.api.pages.reading_html import reading

PEOPLE, PROGRAMS = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, {"Accept": "*/*"}


# Address, status, and words that the page says.
WRONG = [
    ("/nowhere", 404, "There is no such page"),
    ("/nodes/north-counsil", 404, "North Council"),
    ("/nodes/%00", 404, "There is no such page"),
    ("/nodes/%ED%A0%80", 404, "There is no such page"),
    ("/sources/nothing", 404, "There is no source with the id “nothing”."),
    ("/map?style=tube", 404, "There is no map style called “tube”."),
    ("/map?style=ego&node=Norht+Council", 404, "North Council"),
    ("/map?style=ego", 422, "node"),
    ("/map?kind=council", 422, "Use one of:"),
    ("/map?size=small&colour=red", 422, "colour"),
    ("/map.svg?size=huge", 422, "Use one of: large, small, narrow."),
    ("/nodes?kind=council", 422, "'council' is not a kind."),
    *((f"/nodes?cursor={cursor}", 422, "cursor") for cursor in ("zzz", "%00", "a%2Fb", "é")),
    ("/search?q=x&kind=council", 422, "'council' is not a kind."),
    ("/search?q=x&from=-1", 422, "from"),
    ("/search?q=x&from=99999999999999999999", 422, "from"),
    ("/search?q=" + "x" * 1_001, 422, "longer than 1,000"),
    ("/nodes/hill-trust/relationships?type=FUNDS&direction=out", 422, "There are no such relationships here."),
    ("/nodes/hill-trust/relationships?type=FUNDS&direction=in&from=9", 422, "from"),
    ("/sources/minutes?from=x", 422, "from"),
    ("/search?q=" + "x" * 9_000, 414, "8 KiB"),
    ("/v1/maps/tube", 404, "There is no map style called “tube”."),
]


@pytest.mark.parametrize(("path", "status", "said"), WRONG)
def test_people_get_a_page(client: TestClient, path: str, status: int, said: str) -> None:
    answer = client.get(path, headers=PEOPLE)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    page = reading(answer.text)
    assert said in page.text
    assert page.elements.count("h1") == 1 and "/" in page.links
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(("path", "status"), [(path, status) for path, status, _ in WRONG])
def test_programs_get_the_problem(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path, headers=PROGRAMS)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["fix"]


def test_data_answers_with_the_problem_even_in_a_browser(client: TestClient) -> None:
    answer = client.get("/v1/nodes/north-counsil", headers=PEOPLE)
    assert answer.headers["content-type"] == "application/problem+json"


def test_nearest_names_are_links(client: TestClient) -> None:
    page = reading(client.get("/nodes/north-counsil", headers=PEOPLE).text)
    assert "/nodes/north-council" in page.links and (2, "The nearest names") in page.headings


def test_candidates_are_links(serve: Serve) -> None:
    twins = Batch(small_network().sources, [node("elm-one", name="Elm"), node("elm-two", name="Elm")])
    answer = serve(twins).get("/map?style=ego&node=elm", headers=PEOPLE)
    page = reading(answer.text)
    assert answer.status_code == 409 and (2, "Which one is meant?") in page.headings
    assert {"/nodes/elm-one", "/nodes/elm-two"} <= set(page.links)


def test_merged_and_forgotten_nodes(tmp_path: Path) -> None:
    path = str(tmp_path / "network.db")
    with open_store(path) as store:
        store.apply(small_network(), by="test")
        store.merge("south-council", "north-council", by="test")
        store.forget("hill-trust", by="test")
    with TestClient(create_app(Settings(store=path)), follow_redirects=False) as client:
        moved = client.get("/nodes/south-council", headers=PEOPLE)
        assert (moved.status_code, moved.headers["location"]) == (308, "/nodes/north-council")
        gone = client.get("/nodes/hill-trust", headers=PEOPLE)
        assert gone.status_code == 410 and "was forgotten on request" in reading(gone.text).text


def test_store_that_is_away() -> None:
    away = Settings(store="bolt://127.0.0.1:9")
    with TestClient(create_app(away)) as client:
        answer = client.get("/", headers=PEOPLE)
        assert answer.status_code == 503 and answer.headers["retry-after"]
        assert "The network cannot be reached now" in reading(answer.text).text


def test_unexpected_failure(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("api.pages.lists.page", broken)
    answer = client.get("/nodes?kind=theme", headers=PEOPLE)
    page = reading(answer.text)
    assert answer.status_code == 500 and "Something went wrong" in page.text
    assert answer.headers["x-request-id"] in page.text
    assert "secret" not in answer.text
