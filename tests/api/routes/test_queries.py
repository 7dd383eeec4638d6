"""Questions over HTTP: listed with their parameters, asked by address, answered with the bytes of the command."""

import pytest
from starlette.testclient import TestClient

from graph.model import Audience
from graph.questions import ask, question, question_names
from graph.store import open_store
from graph.store.records import Batch
from tests.api.conftest import Serve
from tests.api.networks import node, small_network


def test_every_question_is_listed_with_its_parameters(client: TestClient) -> None:
    items = client.get("/v1/queries").json()["items"]
    assert [item["name"] for item in items] == list(question_names())
    for item in items:
        asked = question(item["name"])
        assert item["address"] == f"/v1/queries/{item['name']}"
        assert [one["name"] for one in item["parameters"]] == [*asked.parameters.model_fields, *asked.lens_fields]


def test_a_parameter_is_described(client: TestClient) -> None:
    paths = next(item for item in client.get("/v1/queries").json()["items"] if item["name"] == "paths")
    by_name = {one["name"]: one for one in paths["parameters"]}
    assert by_name["k"] == {
        "name": "k", "type": "integer", "repeatable": False, "required": False, "default": 3,
        "description": "How many paths.", "choices": None, "minimum": 1, "maximum": 50, "node": False, "lens": False,
    }  # fmt: skip
    assert by_name["avoid"]["repeatable"]
    assert by_name["avoid"]["node"]
    assert by_name["source"]["required"]
    assert by_name["kind"]["lens"]
    assert "organisation" in by_name["kind"]["choices"]


@pytest.mark.parametrize(
    ("name", "values", "query"),
    [
        ("ego_network", {"node": "North Council"}, "node=North+Council"),
        ("ego_network", {"node": "NC", "depth": 2, "kind": ["organisation"]}, "node=NC&depth=2&kind=organisation"),
        ("paths", {"source": "NC", "target": "south-council", "avoid": []}, "source=NC&target=south-council"),
        (
            "paths",
            {"source": "NC", "target": "south-council", "include_inferred": False},
            "source=NC&target=south-council&include_inferred=false",
        ),
    ],
)
def test_an_answer_is_what_the_question_gives(
    client: TestClient, name: str, values: dict[str, object], query: str
) -> None:
    answer = client.get(f"/v1/queries/{name}?{query}")
    with open_store(client.app.state.service.settings.store) as store:  # type: ignore[attr-defined]
        assert answer.text == ask(store, name, values, audience=Audience.public).model_dump_json()
    assert answer.headers["server-timing"].startswith("graph;dur=")


def test_an_unknown_question_names_those_there_are(client: TestClient) -> None:
    answer = client.get("/v1/queries/who?at=never")
    assert answer.status_code == 404
    assert answer.json()["valid"] == list(question_names())


def test_a_name_that_nobody_has_gets_the_nearest(client: TestClient) -> None:
    answer = client.get("/v1/queries/ego_network?node=Nowhere+Council")
    assert answer.status_code == 404
    assert answer.json()["parameter"] == "node"
    assert [near["id"] for near in answer.json()["nearest"]][:2] == ["north-council", "south-council"]


def test_a_name_that_several_have_gets_the_candidates(serve: Serve) -> None:
    batch = small_network()
    others = [node("trust-in-law", "fund", "Hill Trust"), node("ada-too", "person", "HILL TRUST", audience="network")]
    client = serve(Batch(batch.sources, [*batch.nodes, *others], batch.relationships))
    answer = client.get("/v1/queries/paths?source=hill+trust&target=NC")
    assert answer.status_code == 409
    assert answer.json()["parameter"] == "source"
    assert answer.json()["candidates"] == [
        {"id": "hill-trust", "kind": "organisation", "name": "Hill Trust"},
        {"id": "trust-in-law", "kind": "fund", "name": "Hill Trust"},
    ]
