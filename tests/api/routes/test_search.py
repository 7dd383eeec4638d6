"""Search over HTTP: ranked, with the reason, forgiving, and never failing on what people type."""

import pytest
from starlette.testclient import TestClient

from graph.model import Audience
from tests.api.conftest import Serve
from tests.api.networks import node, small_network
from tests.api.routes.test_nodes import walk

NASTY = [
    "children's", "C++", "a-b", "x/y", "AND", '"', "NEAR(", "*", "^", "OR NOT", "names:council", "' OR 1=1 --", "(",
    "\\", "<img src=x onerror=alert(1)>", "</script>", "مرحبا", "東京", "\u202eabc", "🙂", "a" * 1_000, "%", "_",
    "\0", "NC AND",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ids", "match"),
    [
        ("north council", ["north-council"], 1),
        ("NC", ["north-council"], 1),
        ("counc", ["north-council", "south-council"], 2),
        ("cafe hill", ["hill-trust"], 3),
        ("cuoncil", ["north-council", "south-council"], 4),
    ],
)
def test_matches_are_ranked_and_explained(client: TestClient, text: str, ids: list[str], match: int) -> None:
    items = client.get("/v1/search", params={"q": text}).json()["items"]
    assert [item["id"] for item in items] == ids
    assert [item["rank"] for item in items] == list(range(1, len(ids) + 1))
    assert {item["match"] for item in items} == {match}
    assert all(item["why"].endswith(".") for item in items)


def test_the_lens_narrows_a_search(client: TestClient) -> None:
    assert walk(client, "/v1/search?q=north") == [["north-council", "northby"]]
    assert walk(client, "/v1/search?q=north&kind=place") == [["northby"]]


def test_a_search_is_paged(client: TestClient) -> None:
    assert walk(client, "/v1/search?q=north&limit=1") == [["north-council"], ["northby"]]


@pytest.mark.parametrize("text", NASTY)
def test_no_text_makes_a_search_fail(client: TestClient, text: str) -> None:
    answer = client.get("/v1/search", params={"q": text})
    assert answer.status_code == 200, answer.text
    assert answer.json()["cut"] is None


@pytest.mark.parametrize("name", [text for text in NASTY if text != "\0"])
def test_a_node_is_found_by_its_exact_name(serve: Serve, name: str) -> None:
    batch = small_network()
    client = serve(type(batch)(batch.sources, [*batch.nodes, node("odd", name=name)], batch.relationships))
    found = client.get("/v1/search", params={"q": name}).json()["items"]
    assert found[0]["id"] == "odd"
    assert found[0]["match"] == 1


def test_hidden_nodes_are_not_found(serve: Serve) -> None:
    assert serve().get("/v1/search?q=ada").json()["total"] == 0
    assert serve(audience=Audience.network).get("/v1/search?q=ada").json()["total"] == 1
