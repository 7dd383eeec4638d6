"""Neo4j in trouble: each fault is one of our errors with a way to mend it, and nothing is half done."""

from __future__ import annotations

import inspect
import logging
import socket
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from neo4j import exceptions as theirs

from graph.errors import (
    CogsError,
    InputError,
    OutcomeUnknown,
    StoreError,
    StoreUnavailable,
    TimeLimit,
)
from graph.limits import time_limit
from graph.model import Node, Relationship, Source
from graph.settings import read_settings
from graph.store import open_store
from graph.store.neo4j import Neo4jStore
from graph.store.neo4j_connection import check_version, ours
from graph.store.records import Batch
from tests.reliability.peers import CutAtCommit, hang_up, listening, old_server, other_protocol
from tests.services.neo4j_face import Neo4jServer, free_port
from tests.services.stores import neo4j_store


def batch(count: int) -> Batch:
    evidence = ({"source": "s"},)
    nodes = [Node(id=f"n{one}", kind="organisation", name=f"N {one}", evidence=evidence) for one in range(count)]
    ties = [
        Relationship(id=f"r{one}", type="FUNDS", source=f"n{one}", target="n0", evidence=evidence)
        for one in range(count)
    ]
    return Batch([Source(id="s", title="S")], nodes, ties)


@pytest.fixture
def store(neo4j_server: Neo4jServer) -> Iterator[Neo4jStore]:
    with neo4j_store(neo4j_server) as opened:
        assert isinstance(opened, Neo4jStore)
        opened.apply([batch(1), batch(2)], by="test")
        yield opened


@contextmanager
def within(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"neo4j_password": "wrong-password"}, "does not let us in"),
        ({"neo4j_user": "nobody"}, "does not let us in"),
        ({"neo4j_database": "nowhere"}, "no such database"),
    ],
)
def test_settings_that_do_not_fit(neo4j_server: Neo4jServer, settings: dict[str, str], says: str) -> None:
    with pytest.raises(StoreError, match=says) as caught:
        neo4j_store(neo4j_server, empty=False, **settings)
    assert "COGS_NEO4J_" in caught.value.fix
    assert not isinstance(caught.value, StoreUnavailable)


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (hang_up, StoreUnavailable, "cannot be reached"),
        (other_protocol, StoreError, "127.0.0.1"),
        (old_server, StoreError, "too old"),
    ],
)
def test_what_is_no_server_for_us(answer: Callable[[socket.socket], None], error: type[CogsError], says: str) -> None:
    with listening(answer) as port, within(8), time_limit(2), pytest.raises(error, match=says) as caught:
        open_store(f"bolt://127.0.0.1:{port}", read_settings())
    assert caught.value.fix


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_nobody_there(scheme: str) -> None:
    with within(5), time_limit(2), pytest.raises(StoreUnavailable, match="cannot be reached"):
        open_store(f"{scheme}://127.0.0.1:{free_port()}", read_settings())


@pytest.mark.parametrize("uri", ["bolt://127.0.0.1:port", "neo4j+magic://127.0.0.1", "bolt://", "bolt://[::1"])
def test_addresses_that_are_none(uri: str) -> None:
    with within(5), time_limit(2), pytest.raises((StoreError, InputError)) as caught:
        open_store(uri, read_settings())
    assert caught.value.fix


@pytest.mark.parametrize(
    ("agent", "is_new_enough"),
    [
        ("Neo4j/5.26.30", True),
        ("Neo4j/5.27.0-aura", True),
        ("Neo4j/2026.08.1", True),
        ("Neo4j/5.25.1", False),
        ("Neo4j/4.4.40", False),
        ("Memgraph", False),
    ],
)
def test_versions_of_servers(agent: str, *, is_new_enough: bool) -> None:
    if is_new_enough:
        check_version("bolt://a", agent)
    else:
        with pytest.raises(StoreError, match="too old") as caught:
            check_version("bolt://a", agent)
        assert "5.26" in caught.value.fix


OWNED = (theirs.SessionError, theirs.TransactionError, theirs.ResultError)  # made with what they are about
EXPECTED: dict[type[theirs.GqlError], type[CogsError]] = {
    theirs.IncompleteCommit: OutcomeUnknown,
    theirs.ServiceUnavailable: StoreUnavailable,
    theirs.SessionExpired: StoreUnavailable,
    theirs.ConnectionPoolError: StoreUnavailable,
    theirs.TransientError: StoreUnavailable,
    theirs.DriverError: StoreError,
    theirs.Neo4jError: StoreError,
    theirs.GqlError: StoreError,
}


def test_every_error_of_the_driver_becomes_one_of_ours() -> None:
    exceptions = [one for _, one in inspect.getmembers(theirs, inspect.isclass) if issubclass(one, BaseException)]
    assert len(exceptions) > 25
    for one in exceptions:
        assert issubclass(one, theirs.GqlError), one  # what `translated` catches is the root of all
        made = one(None, "it broke") if issubclass(one, OWNED) else one("it broke")
        translated = ours(made, "bolt://a")
        expected = next(EXPECTED[base] for base in one.__mro__ if base in EXPECTED)
        assert type(translated) is expected, one
        assert translated.message.endswith("."), one
        assert translated.fix.endswith("."), one


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", TimeLimit),
        ("Neo.ClientError.Transaction.TransactionTimedOut", TimeLimit),
        ("Neo.ClientError.Transaction.LockClientStopped", TimeLimit),
        ("Neo.TransientError.Transaction.DeadlockDetected", StoreUnavailable),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", StoreError),
        ("Neo.ClientError.Security.Unauthorized", StoreError),
        ("Neo.ClientError.Security.AuthenticationRateLimit", StoreError),
        ("Neo.ClientError.Database.DatabaseNotFound", StoreError),
        ("Neo.DatabaseError.General.UnknownError", StoreError),
        ("Neo.ClientError.Statement.SyntaxError", StoreError),
    ],
)
def test_codes_of_the_server(code: str, expected: type[CogsError]) -> None:
    made = theirs.Neo4jError._basic_hydrate(neo4j_code=code, message="The server says so.\nat line 1")
    translated = ours(made, "bolt://a")
    assert type(translated) is expected
    assert "line 1" not in translated.message


def test_a_stopped_server_is_said_and_comes_back(neo4j_server: Neo4jServer, store: Neo4jStore) -> None:
    version = store.version()
    neo4j_server.stop()
    try:
        works: list[Callable[[], object]] = [
            store.ping, store.version, store.arrays, lambda: store.get(["n0"]), lambda: list(store.export()),
            lambda: store.apply(batch(3), by="test"), lambda: store.forget("n0", by="test"),
        ]  # fmt: skip
        for work in works:
            with within(5), time_limit(2), pytest.raises(StoreUnavailable, match="cannot be reached"):
                work()
    finally:
        neo4j_server.start()
    assert store.version() == version
    assert store.apply(batch(3), by="test").added == 2
    assert store.check() == []


def test_a_server_that_dies_within_a_change_keeps_the_old_state(neo4j_server: Neo4jServer, store: Neo4jStore) -> None:
    version = store.version()

    def batches() -> Iterator[Batch]:
        yield batch(50)
        neo4j_server.kill()
        yield batch(60)

    try:
        with time_limit(20), pytest.raises(StoreUnavailable):
            store.apply(batches(), by="test")
    finally:
        neo4j_server.start()
    assert store.version() == version
    assert store.check() == []
    assert store.apply(batch(60), by="test").added == 116


@pytest.mark.parametrize("is_delivered", [True, False])
def test_a_commit_without_an_answer_is_safe_to_repeat(
    neo4j_server: Neo4jServer, store: Neo4jStore, *, is_delivered: bool
) -> None:
    way = CutAtCommit(int(neo4j_server.uri.rsplit(":", 1)[1]), is_delivered=is_delivered)
    settings = read_settings(neo4j_user=neo4j_server.user, neo4j_password=neo4j_server.password)
    with listening(way) as port, open_store(f"bolt://127.0.0.1:{port}", settings) as other:
        way.is_armed = True
        with within(5), pytest.raises(OutcomeUnknown, match="while the change was being committed"):
            other.apply(batch(4), by="test")
        applied = other.apply(batch(4), by="test")
        assert (way.cuts, applied.added + applied.unchanged) == (1, 9)
        assert applied.added == (0 if is_delivered else 4)
        assert other.counts().nodes == store.counts().nodes == 4
        assert len(store.changes(limit=50)) == 9
        assert store.check() == []


def test_a_writer_waits_for_another_no_longer_than_it_may(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    with neo4j_store(neo4j_server, empty=False) as other, other.transaction("other"):
        with within(6), time_limit(0.5), pytest.raises(StoreUnavailable, match="Another change is being made"):
            store.apply(batch(3), by="test")
        assert list(store.get(["n0", "n2"])) == ["n0"]  # readers do not wait
        assert list(store.arrays().nodes.ids) == ["n0", "n1"]
        assert len(list(store.export())) == 5
    assert store.apply(batch(3), by="test").added == 2


def test_a_long_answer_is_stopped_in_the_server(store: Neo4jStore) -> None:
    begun = time.monotonic()
    with time_limit(0.5), pytest.raises(TimeLimit, match="longer than allowed"):
        store.connection.rows("UNWIND range(1, 4000000000) AS number WITH number WHERE number < 0 RETURN count(*)")
    assert time.monotonic() - begun < 6
    running = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range' RETURN count(*)"
    assert store.connection.run(running) == [[0]]


def test_data_of_another_program_is_left_alone(neo4j_server: Neo4jServer) -> None:
    neo4j_server.empty()
    with neo4j_server.driver() as driver:
        driver.execute_query("CREATE (:Song {name: 'One'})")
        with pytest.raises(StoreError, match="data of another program"):
            neo4j_store(neo4j_server, empty=False)
        assert neo4j_server.count() == 1


def test_another_layout_is_refused(neo4j_server: Neo4jServer, store: Neo4jStore) -> None:
    with neo4j_server.driver() as driver:
        driver.execute_query("MATCH (m:_Meta {id: 'network'}) SET m.layout = '999'")
    with pytest.raises(StoreError, match="made by another version"):
        neo4j_store(neo4j_server, empty=False)
    store.close()


def test_a_network_emptied_behind_our_back_is_said(neo4j_server: Neo4jServer, store: Neo4jStore) -> None:
    neo4j_server.empty()
    for work in (store.version, store.arrays, lambda: store.apply(batch(1), by="test")):
        with pytest.raises(StoreError, match="gone from the database"):
            work()


TAMPERED = [
    ("MATCH (n:Node {id: 'n0'}) SET n.body = replace(n.body, 'N 0', 'N 9')", "changed behind the back"),
    ("MATCH ()-[r:FUNDS {id: 'r1'}]->() DELETE r", "changed behind the back"),
    ("MATCH (n:Node {id: 'n0'}) SET n.level = 3", "changed behind the back"),
    ("MATCH (c:_Changes {number: 2}) DETACH DELETE c", "piece of the change log is missing"),
    ("DROP CONSTRAINT `cogs_FUNDS_type`", "cogs_FUNDS_type is missing"),
    ("DROP INDEX cogs_texts", "cogs_texts is missing"),
]


@pytest.mark.parametrize(("change", "finding"), TAMPERED)
def test_a_check_notices(neo4j_server: Neo4jServer, store: Neo4jStore, change: str, finding: str) -> None:
    assert store.check() == []
    with neo4j_server.driver() as driver:
        driver.execute_query(change)
    assert any(finding in one for one in store.check())
    neo4j_store(neo4j_server, empty=False).close()  # makes what is missing
    assert not any("cogs_" in one for one in store.check())


@pytest.mark.parametrize(("old", "new"), [("test", "someone"), ("added", "removed"), ("node", "source")])
def test_a_check_notices_another_past(neo4j_server: Neo4jServer, store: Neo4jStore, old: str, new: str) -> None:
    with neo4j_server.driver() as driver:
        [[packed]] = driver.execute_query("MATCH (c:_Changes {number: 1}) RETURN c.rows").records
        altered = zlib.compress(zlib.decompress(packed).replace(f'"{old}"'.encode(), f'"{new}"'.encode()))
        driver.execute_query("MATCH (c:_Changes {number: 1}) SET c.rows = $rows", rows=altered)
    assert "The change log was altered at entry" in store.check()[0]


def test_the_terminal_hears_nothing_of_the_driver(
    store: Neo4jStore, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO), warnings.catch_warnings():
        warnings.simplefilter("error")
        store.connection.rows("MATCH (n:NoSuchLabel)-[:NO_SUCH_TYPE]->(m) WHERE id(n) = 1 RETURN n.nothing, m")
        store.apply(batch(3), by="test")
        list(store.export())
    assert (caplog.records, capfd.readouterr()) == ([], ("", ""))


def test_unsafe_settings_of_the_server_are_warned_of(store: Neo4jStore) -> None:
    assert store.warnings() == [
        "The setting db.transaction.timeout of the server is 0s:"
        " queries of other programs may run, and hold up ours, for ever: set it to 10m."
    ]
    assert store.check() == []


def test_opening_again_is_quick(neo4j_server: Neo4jServer, store: Neo4jStore) -> None:
    with within(2):  # 0.1 s where nothing else runs
        neo4j_store(neo4j_server, empty=False).close()
    store.ping()
