"""What a reader would ask of the texts is answered the same by both stores, and as the text says.

Each answer was checked by hand against the lines beside it (`seeds/collaborative_society/checks/questions.csv`).
"""

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from graph.lens import Lens
from graph.parts import part, part_names
from graph.settings import Settings, read_settings
from graph.store import open_store
from graph.store.base import Store
from loaders.finding import SEED_TABLES
from loaders.run import load
from loaders.seed_tables import Row, Seed, cells, is_named
from tests.services.neo4j_face import Neo4jServer

LEAST = 40
PATIENCE = 60.0  # seconds
WARMED_BY = "/v1/nodes/collaborate/relationships?type=LEADS"


def asked() -> list[Row]:
    with (SEED_TABLES / "checks" / "questions.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


QUESTIONS = [pytest.param(row, id=row["question"]) for row in asked()]


def seeded(settings: Settings) -> Settings:
    with open_store(settings=settings) as store:
        assert load(store, ["seeds"], by="a test").rejected == ()
    return settings


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return seeded(read_settings(store=str(tmp_path_factory.mktemp("seeds") / "network.db")))


@pytest.fixture(scope="module")
def neo4j(neo4j_server: Neo4jServer) -> Settings:
    password = SecretStr(neo4j_server.password)
    return seeded(read_settings(store=neo4j_server.uri, neo4j_user=neo4j_server.user, neo4j_password=password))


@pytest.fixture(scope="module")
def on_embedded(embedded: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(embedded)) as client:
        yield client


@pytest.fixture(scope="module")
def on_neo4j(neo4j: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(neo4j)) as client:
        warm_up(client)
        yield client


def warm_up(client: TestClient) -> None:
    """A server that has just started takes longer to plan what it is first asked than an answer may take."""
    until = time.monotonic() + PATIENCE
    while client.get(WARMED_BY).status_code != 200:
        assert time.monotonic() < until, client.get(WARMED_BY).text


def picked(value: Any, path: list[str]) -> list[Any]:
    """What stands at the end of a path of keys; `*` is every item."""
    if not path:
        return [value]
    first, *rest = path
    if first == "*":
        return [found for item in value for found in picked(item, rest)]
    return picked(value[first], rest) if first in value else []


@pytest.mark.parametrize("row", QUESTIONS)
def test_the_answer_is_that_of_the_text(row: Row, on_embedded: TestClient) -> None:
    answer = on_embedded.get(row["ask"])
    assert answer.status_code == 200, answer.text
    assert [str(one) for one in picked(answer.json(), row["read"].split("."))] == cells(row["answer"])


@pytest.mark.parametrize("row", QUESTIONS)
def test_both_stores_give_the_same_bytes(row: Row, on_embedded: TestClient, on_neo4j: TestClient) -> None:
    assert on_neo4j.get(row["ask"]).content == on_embedded.get(row["ask"]).content


@pytest.mark.parametrize("row", QUESTIONS)
def test_the_lines_name_what_the_answer_names(row: Row, seed: Seed) -> None:
    sections = "|".join("-" for _ in row["evidence_source"].split("|"))
    text = "".join(seed.cited({**row, "evidence_section": sections}))
    nodes = [seed.by_id[id] for id in cells(row["answer"]) if id in seed.by_id]
    unnamed = [node["id"] for node in nodes if not (node["name_in_text"] or is_named(node, text))]
    assert bool(unnamed) == bool(row["not_named"]), unnamed


def test_there_are_as_many_questions_as_were_promised() -> None:
    rows = asked()
    assert len({row["question"] for row in rows}) == len(rows) >= LEAST
    assert sum(not cells(row["answer"]) for row in rows) >= 4  # what is not said counts too


def exports(store: Store) -> dict[str, bytes]:
    formats = {name: part("graph.exports", name) for name in part_names("graph.exports")}
    return {name: b"".join(format.write(store, Lens())) for name, format in formats.items()}


def test_loading_again_changes_no_byte_and_both_stores_hold_the_same(embedded: Settings, neo4j: Settings) -> None:
    taken = []
    for settings in (embedded, neo4j):
        with open_store(settings=settings) as store:
            before = exports(store)
            again = load(store, ["seeds"], by="a test")
            assert (again.added, again.changed, again.rejected) == (0, 0, ())
            assert exports(store) == before
            taken.append((before, store.version()))
    assert taken[0] == taken[1]


def test_loading_into_a_new_store_gives_the_same_bytes(embedded: Settings, tmp_path: Path) -> None:
    with open_store(settings=embedded) as one, open_store(str(tmp_path / "other.db")) as other:
        load(other, ["seeds"], by="somebody else")
        assert exports(other) == exports(one)
