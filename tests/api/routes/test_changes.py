"""The change feed over HTTP."""

from graph.store import open_store
from graph.store.records import Batch
from tests.api.conftest import Serve
from tests.api.networks import node


def test_the_feed_goes_on_from_where_one_stopped(serve: Serve) -> None:
    client = serve()
    first = client.get("/v1/changes?limit=10").json()
    assert [item["position"] for item in first["items"]] == list(range(1, 11))
    assert first["next"] == "/v1/changes?limit=10&since=10"
    rest = client.get(first["next"]).json()
    assert [item["id"] for item in rest["items"]] == ["trust-delivers", "south-delivers", "north-funds"]
    assert rest["next"] is None


def test_a_change_says_what_was_there_before(serve: Serve) -> None:
    client = serve()
    last = client.get("/v1/changes?limit=500").json()["items"][-1]["position"]
    with open_store(client.app.state.service.settings.store) as store:  # type: ignore[attr-defined]
        store.apply(Batch(nodes=[node("northby", "place", "Northby by the Sea")]), by="an editor")
        store.apply(Batch(nodes=[node("ada-moss", "person", "Ada Moss", audience="network", url="/ada")]), by="test")
    (change,) = client.get(f"/v1/changes?since={last}").json()["items"]
    # Who wrote is a person's name, and only for the team.
    assert (change["action"], change["thing"], change["id"], change["by"]) == ("changed", "node", "northby", None)
    assert change["previous"]["name"] == "Northby"


def test_the_feed_is_not_tagged_by_the_state_of_the_network(serve: Serve) -> None:
    client = serve()
    before = client.get("/v1/changes?limit=500")
    with open_store(client.app.state.service.settings.store) as store:  # type: ignore[attr-defined]
        store.apply(Batch(nodes=[node("northby", "place", "Other")]), by="test")
        store.apply(Batch(nodes=[node("northby", "place", "Northby")]), by="test")
    after = client.get("/v1/changes?limit=500")
    assert before.json()["graph_version"] == after.json()["graph_version"]
    assert len(after.json()["items"]) == len(before.json()["items"]) + 2
    assert "etag" not in before.headers
