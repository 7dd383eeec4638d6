"""Sources, vocabulary and numbers over HTTP; counts are read off `tests/api/networks.py` by hand."""

from starlette.testclient import TestClient

from graph.model import Audience
from graph.vocabulary import load_vocabulary
from tests.api.conftest import Serve


def test_a_source_says_how_many_facts_rest_on_it(client: TestClient) -> None:
    (listed,) = client.get("/v1/sources").json()["items"]
    assert (listed["id"], listed["nodes"], listed["relationships"]) == ("minutes", 6, 6)
    answer = client.get("/v1/sources/minutes").json()
    assert answer == listed | {"graph_version": answer["graph_version"]}


def test_facts_are_counted_for_the_caller(serve: Serve) -> None:
    listed = serve(audience=Audience.network).get("/v1/sources/minutes").json()
    assert (listed["nodes"], listed["relationships"]) == (7, 7)


def test_an_unknown_source_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/sources/diary").status_code == 404


def test_sources_are_paged(seed_client: TestClient) -> None:
    ids, following = [], "/v1/sources?limit=2"
    while following:
        page = seed_client.get(following).json()
        assert 1 <= len(page["items"]) <= 2
        ids += [item["id"] for item in page["items"]]
        following = page["next"]
    assert ids == [item["id"] for item in seed_client.get("/v1/sources").json()["items"]]


def test_the_vocabulary_is_the_whole_table(client: TestClient) -> None:
    answer = client.get("/v1/vocabulary").json()
    table = load_vocabulary().model_dump(mode="json")
    assert answer == table | {"graph_version": answer["graph_version"]}
    assert {"tie", "of", "strength", "reads"} <= set(answer["types"]["FUNDS"])


def test_the_numbers_are_those_the_caller_may_see(client: TestClient) -> None:
    answer = client.get("/v1/stats").json()
    assert (answer["nodes"], answer["relationships"], answer["sources"]) == (6, 6, 1)
    assert answer["nodes_by_kind"] == {"organisation": 3, "place": 2, "project": 1}
    assert answer["relationships_by_type"] == {"DELIVERS": 2, "FUNDS": 1, "LOCATED_IN": 2, "PARTNERS_WITH": 1}
    assert client.get("/v1/stats?kind=place").json()["nodes"] == 2
