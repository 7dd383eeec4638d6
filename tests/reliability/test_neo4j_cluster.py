"""A cluster: who is asked for what, what is seen after what, and a leader that is another one now."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from graph.errors import StoreUnavailable
from graph.settings import Settings
from graph.store import Store, open_store
from graph.store.records import Batch
from tests.reliability.cluster import BEGIN, COMMIT, NOT_A_LEADER, RUN, Cluster, cluster_before
from tests.reliability.test_neo4j_faults import batch, within
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import embedded_store

BUSY = "Neo.TransientError.General.DatabaseUnavailable"


def opened(server: Neo4jServer, address: str) -> Store:
    return open_store(address, settings_for(server, address))


def settings_for(server: Neo4jServer, address: str) -> Settings:
    return Settings(store=address, neo4j_user=server.user, neo4j_password=SecretStr(server.password))


def address_of(cluster: Cluster, member: int = 0) -> str:
    return f"neo4j://127.0.0.1:{cluster.ports[member]}"


@pytest.fixture
def cluster(neo4j_server: Neo4jServer) -> Iterator[Cluster]:
    neo4j_server.empty()
    with cluster_before(neo4j_server.port) as cluster:
        yield cluster


@pytest.fixture
def store(neo4j_server: Neo4jServer, cluster: Cluster) -> Iterator[Store]:
    with opened(neo4j_server, address_of(cluster)) as store:
        store.apply([batch(1), batch(2)], by="test")
        cluster.begun.clear()
        cluster.routed = 0
        yield store


def test_reading_goes_to_followers_and_writing_to_the_leader(cluster: Cluster, store: Store) -> None:
    for _ in range(4):
        assert list(store.get(["n1"])) == ["n1"]
    store.apply(batch(3), by="test")
    assert len(cluster.read()) >= 4
    assert {one.member for one in cluster.read()} <= {1, 2}  # which of them is by chance
    assert {one.member for one in cluster.written()} == {0}


def test_without_routing_one_member_does_all(neo4j_server: Neo4jServer, cluster: Cluster, store: Store) -> None:
    with opened(neo4j_server, address_of(cluster).replace("neo4j:", "bolt:")) as alone:
        cluster.begun.clear()
        alone.get(["n1"])
        alone.apply(batch(3), by="test")
    assert {one.member for one in cluster.begun} == {0}
    assert cluster.routed == 0


def test_a_reader_sees_its_own_write(cluster: Cluster, store: Store) -> None:
    store.apply(batch(3), by="test")
    written = cluster.written()[-1].end
    assert list(store.get(["n2"])) == ["n2"]
    assert written in cluster.read()[-1].bookmarks


def test_what_another_process_wrote_is_seen_after_a_look_at_the_version(
    neo4j_server: Neo4jServer, cluster: Cluster, store: Store
) -> None:
    before = store.version()
    with opened(neo4j_server, address_of(cluster, 1)) as other:
        other.apply(batch(3), by="other")
    written = cluster.written()[-1].end
    assert store.version() != before
    assert list(store.get(["n2"])) == ["n2"]
    assert written in cluster.read()[-1].bookmarks


@pytest.mark.parametrize("what", ["arrays", "export", "open"])
def test_what_is_of_one_state_is_read_from_no_older_one(
    neo4j_server: Neo4jServer, cluster: Cluster, store: Store, what: str
) -> None:
    with opened(neo4j_server, address_of(cluster, 1)) as other:
        other.apply(batch(3), by="other")
        written = cluster.written()[-1].end
    cluster.begun.clear()
    if what == "arrays":
        assert list(store.arrays().nodes.ids) == ["n0", "n1", "n2"]
    elif what == "export":
        assert len(list(store.export())) == 7
    else:
        with opened(neo4j_server, address_of(cluster, 2)) as late:
            late.get(["n2"])
    reads = [one for one in cluster.read() if one.queries != ["RETURN 1"]]  # which asks for the version of the server
    assert reads
    for one in reads:
        assert written in one.bookmarks, one


@pytest.mark.parametrize("tag", [BEGIN, RUN])
@pytest.mark.parametrize("code", [NOT_A_LEADER, BUSY])
def test_a_write_that_is_refused_is_repeated_once(cluster: Cluster, store: Store, tag: bytes, code: str) -> None:
    cluster.failures.append((tag, code))
    assert store.apply(batch(3), by="test").added == 2
    ends = [one.end for one in cluster.written()]
    assert ends[0] == code
    assert len(ends) == 2
    assert len(store.changes(limit=50)) == 7
    cluster.failures += [(tag, code), (tag, code)]
    with within(5), pytest.raises(StoreUnavailable, match="busy"):
        store.apply(batch(4), by="test")
    assert len(store.changes(limit=50)) == 7
    assert store.check() == []


def test_another_leader_is_found(cluster: Cluster, store: Store) -> None:
    cluster.leader = 2
    assert store.apply(batch(3), by="test").added == 2
    first, *others = cluster.written()
    assert (first.member, first.end) == (0, NOT_A_LEADER)
    assert {one.member for one in others} == {2}
    assert len(store.changes(limit=50)) == 7
    assert store.check() == []


@pytest.mark.parametrize("tag", [RUN, COMMIT])
def test_a_leader_that_changes_within_a_write_leaves_nothing(cluster: Cluster, store: Store, tag: bytes) -> None:
    version = store.version()

    def batches() -> Iterator[Batch]:
        yield batch(3)
        cluster.failures.append((tag, NOT_A_LEADER))
        if tag == RUN:
            yield batch(4)

    with within(5), pytest.raises(StoreUnavailable, match="busy") as caught:
        store.apply(batches(), by="test")
    assert "again" in caught.value.fix
    assert store.version() == version
    assert store.apply(batch(4), by="test").added == 4
    assert len(store.changes(limit=50)) == 9
    assert store.check() == []


def test_an_election_stops_writing_and_no_reading(cluster: Cluster, store: Store) -> None:
    cluster.leader = None
    with within(5), pytest.raises(StoreUnavailable):
        store.apply(batch(3), by="test")
    assert list(store.get(["n1"])) == ["n1"]
    cluster.leader = 1
    assert store.apply(batch(3), by="test").added == 2


def test_a_member_that_is_gone_is_done_without(cluster: Cluster, store: Store) -> None:
    cluster.gone = {2}
    for _ in range(4):
        assert list(store.get(["n1"])) == ["n1"]
    cluster.gone, cluster.leader = {0}, 1
    assert store.apply(batch(3), by="test").added == 2
    assert list(store.get(["n2"])) == ["n2"]


def test_the_service_outlives_a_change_of_leader(neo4j_server: Neo4jServer, cluster: Cluster, store: Store) -> None:
    addresses = ["/v1/nodes/n1", "/v1/queries/ego_network?node=n1", "/v1/export.jsonl"]
    with TestClient(create_app(settings_for(neo4j_server, address_of(cluster)))) as client:
        _until_answered(client, addresses)
        before = [client.get(address).content for address in addresses]
        cluster.leader = 1
        assert [client.get(address).content for address in addresses] == before
        cluster.leader = None
        for address in addresses:
            with within(5):
                answer = client.get(address)
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["retry-after"]) > 0
        cluster.leader = 2
        _until_answered(client, addresses)
        store.apply(batch(3), by="another process")
        assert client.get("/v1/nodes/n2").status_code == 200


def _until_answered(client: TestClient, addresses: list[str], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    for address in addresses:
        while (answer := client.get(address)).status_code != 200:
            assert time.monotonic() < until, answer.text
            time.sleep(0.2)


def test_a_server_without_a_cluster_can_be_routed_to_too(neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    neo4j_server.empty()
    assert neo4j_server.uri.startswith("bolt://")
    with opened(neo4j_server, neo4j_server.uri.replace("bolt:", "neo4j:")) as routed, embedded_store(tmp_path) as file:
        for store in (routed, file):
            assert store.apply([batch(1), batch(3)], by="test").added == 7
            store.forget("n2", by="test")
        assert routed.version() == file.version()
        assert [*routed.export()] == [*file.export()]
        assert list(routed.arrays().nodes.ids) == list(file.arrays().nodes.ids) == ["n0", "n1"]
        assert routed.check() == []
