"""ETags, 304, kept answers and cursors."""

import pytest
from starlette.testclient import TestClient

from api.reading import from_cursor, to_cursor
from graph.errors import InputError
from graph.model import Audience
from graph.store import open_store
from graph.store.records import Batch
from tests.api.conftest import Serve
from tests.api.networks import node

TAGGED = ["/v1/nodes", "/v1/nodes/north-council", "/v1/relationships?limit=2", "/v1/search?q=hill", "/v1/queries",
          "/v1/queries/ego_network?node=NC", "/v1/maps/network.json", "/v1/maps/ego?node=NC", "/v1/export.csv",
          "/v1/sources", "/v1/vocabulary", "/v1/stats", "/v1/nodes/north-council/relationships"]  # fmt: skip


@pytest.mark.parametrize("address", TAGGED)
def test_what_the_caller_has_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    tag = first.headers["etag"]
    assert first.content == client.get(address).content
    for given in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get(address, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_tag_belongs_to_one_address_and_one_audience(serve: Serve) -> None:
    public, network = serve(), serve(audience=Audience.network)
    tags = [client.get(address).headers["etag"] for client in (public, network) for address in TAGGED]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize(
    ("change", "is_seen"), [(node("new-one"), True), (node("new-one", audience=Audience.network), False)]
)
def test_only_a_change_that_the_caller_sees_changes_the_tag(serve: Serve, change: object, is_seen: bool) -> None:
    client = serve()
    before = {address: client.get(address).headers["etag"] for address in TAGGED}
    with open_store(client.app.state.service.settings.store) as store:  # type: ignore[attr-defined]
        store.apply(Batch(nodes=[change]), by="test")  # type: ignore[list-item]
    after = {address: client.get(address).headers["etag"] for address in TAGGED}
    assert {address: before[address] != after[address] for address in TAGGED} == dict.fromkeys(TAGGED, is_seen)


def test_a_kept_answer_is_let_go_when_the_network_changes(serve: Serve) -> None:
    client, address = serve(), "/v1/queries/ego_network?node=NC"
    names = {one["name"] for one in client.get(address).json()["nodes"]}
    with open_store(client.app.state.service.settings.store) as store:  # type: ignore[attr-defined]
        store.apply(Batch(nodes=[node("hill-trust", name="Valley Trust", sector="community")]), by="test")
    assert {one["name"] for one in client.get(address).json()["nodes"]} == names - {"Hill Trust"} | {"Valley Trust"}


@pytest.mark.parametrize("key", ["organisation/a", "FUNDS/x/y/z", "person/é", "match/50"])
def test_a_cursor_comes_back_as_it_went(key: str) -> None:
    cursor = to_cursor(key)
    assert cursor.isascii()
    assert "=" not in cursor
    assert from_cursor(cursor) == key


@pytest.mark.parametrize("cursor", ["bm9uZQ", "a2luZC9pZA=", "!", "////"])
def test_another_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InputError) as refused:
        from_cursor(cursor)
    assert refused.value.details["parameter"] == "cursor"
