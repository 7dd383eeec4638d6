"""The server that other tests trust: real, protected by its password, and durable."""

import neo4j
import pytest
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from tests.services.neo4j_face import Neo4jServer


def test_wrong_password_is_refused(neo4j_server: Neo4jServer) -> None:
    with (
        neo4j.GraphDatabase.driver(neo4j_server.uri, auth=(neo4j_server.user, "not this one")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_committed_survives_an_end(neo4j_server: Neo4jServer, end: str) -> None:
    neo4j_server.empty()
    with neo4j_server.driver() as driver:
        driver.execute_query("UNWIND range(1, 3) AS i CREATE (:Kept {i: i})")
    getattr(neo4j_server, end)()
    with pytest.raises(DriverError):
        neo4j_server.count()
    neo4j_server.start()
    assert neo4j_server.count() == 3
    neo4j_server.empty()
    assert neo4j_server.count() == 0


def test_frozen_server_answers_nothing_until_it_thaws(neo4j_server: Neo4jServer) -> None:
    neo4j_server.freeze()
    try:
        with pytest.raises((DriverError, Neo4jError)):
            neo4j_server.count()
    finally:
        neo4j_server.thaw()
    assert neo4j_server.count() == 0
