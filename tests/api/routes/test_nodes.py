"""Nodes over HTTP; expected values are read off `tests/api/networks.py` by hand."""

import pytest
from starlette.testclient import TestClient

from graph.model import Audience, Node
from graph.store import open_store
from tests.api.conftest import Serve


def walk(client: TestClient, address: str) -> list[list[str]]:
    """The ids on each page, following `next`."""
    pages, following = [], address
    while following:
        answer = client.get(following).json()
        pages.append([item["id"] for item in answer["items"]])
        following = answer["next"]
    return pages


def test_nodes_are_listed_by_kind_and_id(client: TestClient) -> None:
    assert walk(client, "/v1/nodes") == [
        ["hill-trust", "north-council", "south-council", "northby", "southby", "shared-table"]
    ]


def test_pages_go_on_where_the_last_one_ended(client: TestClient) -> None:
    assert walk(client, "/v1/nodes?limit=4&kind=organisation&kind=place") == [
        ["hill-trust", "north-council", "south-council", "northby"],
        ["southby"],
    ]


@pytest.mark.parametrize(
    ("lens", "ids"),
    [
        ("kind=project", ["shared-table"]),
        ("sector=public&kind=organisation", ["north-council", "south-council"]),
        ("place=Northby&kind=organisation", ["north-council"]),
        ("at=2021&kind=project", []),
        ("since=2020&kind=project", ["shared-table"]),
        ("until=2017&kind=project", []),
    ],
)
def test_the_lens_narrows_the_list(client: TestClient, lens: str, ids: list[str]) -> None:
    assert walk(client, f"/v1/nodes?{lens}") == [ids]


def test_a_node_is_whole_and_has_its_counts(client: TestClient) -> None:
    answer = client.get("/v1/nodes/north-council").json()
    assert set(answer) == {*Node.model_fields, "counts", "graph_version"}
    assert answer["aliases"] == ["NC"]
    assert answer["summary"] is None
    assert answer["evidence"][0] == {
        "source": "minutes", "locator": "lines 1-2", "note": None,
        "recorded_at": None, "recorded_by": None, "quote": None,
    }  # fmt: skip
    assert answer["counts"] == {"FUNDS": 1, "LOCATED_IN": 1, "PARTNERS_WITH": 1}


def test_counts_grow_with_what_the_caller_may_see(serve: Serve) -> None:
    answer = serve(audience=Audience.network).get("/v1/nodes/north-council").json()
    assert answer["counts"] == {"FUNDS": 1, "LOCATED_IN": 1, "PARTNERS_WITH": 1, "WORKS_FOR": 1}


@pytest.mark.parametrize("id", ["nobody", "ada-moss", "quiet-fund"])
def test_unknown_and_hidden_answer_alike(client: TestClient, id: str) -> None:
    answer = client.get(f"/v1/nodes/{id}")
    assert answer.status_code == 404
    problem = answer.json()
    assert problem["detail"] == f"There is no node with the id “{id}”."
    assert len(problem["nearest"]) == 3
    assert not {"ada-moss", "quiet-fund"} & {near["id"] for near in problem["nearest"]}


def test_a_merged_id_leads_to_the_surviving_one(serve: Serve) -> None:
    client = serve()
    with open_store(client.app.state.service.settings.store) as store:  # type: ignore[attr-defined]
        store.merge("south-council", "north-council", by="test")
    for tail in ("", "/relationships?limit=5"):
        answer = client.get(f"/v1/nodes/south-council{tail}")
        assert (answer.status_code, answer.headers["location"]) == (308, f"/v1/nodes/north-council{tail}")
    assert client.get("/v1/nodes/south-council", follow_redirects=True).json()["id"] == "north-council"


def test_a_forgotten_id_is_gone(serve: Serve) -> None:
    client = serve()
    with open_store(client.app.state.service.settings.store) as store:  # type: ignore[attr-defined]
        store.forget("hill-trust", by="test")
    answer = client.get("/v1/nodes/hill-trust")
    assert answer.status_code == 410
    assert answer.json()["title"] == "Forgotten on request"


def test_relationships_have_the_other_end_beside_them(client: TestClient) -> None:
    items = client.get("/v1/nodes/hill-trust/relationships").json()["items"]
    assert [(item["id"], item["direction"], item["other"]["id"]) for item in items] == [
        ("trust-delivers", "out", "shared-table"),
        ("north-funds", "in", "north-council"),
        ("north-with-trust", "in", "north-council"),
    ]
    funds = items[1]
    assert funds["sentence"] == "North Council funds Hill Trust, 2019, £40,000"
    assert funds["other"] == {
        "id": "north-council", "kind": "organisation", "subkind": None, "name": "North Council",
        "sector": "public", "places": ["northby"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ("direction=out", ["north-funds", "north-in-northby", "north-with-trust"]),
        ("direction=in", []),
        ("type=FUNDS&type=LOCATED_IN", ["north-funds", "north-in-northby"]),
        ("kind=place", ["north-in-northby"]),
        ("role=CHAIR", ["north-with-trust"]),
        ("until=2018", ["north-in-northby"]),
        ("limit=1", ["north-funds"]),
    ],
)
def test_relationships_of_a_node_are_filtered(client: TestClient, filters: str, ids: list[str]) -> None:
    assert walk(client, f"/v1/nodes/north-council/relationships?{filters}")[0] == ids


def test_relationships_of_a_node_are_paged(client: TestClient) -> None:
    pages = walk(client, "/v1/nodes/north-council/relationships?limit=1")
    assert pages == [["north-funds"], ["north-in-northby"], ["north-with-trust"]]
