"""What every real Neo4j of the tests can do, however it was come by."""

import secrets
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from tests.services.need import ServiceMissing

START_SECONDS = 120.0


class Neo4jServer(ABC):
    """A Neo4j that tests may fill, empty, stop and break.

    `uri`, `user` and `password` reach it, also after a stop and a start. Only `is_ours` servers can be stopped.
    """

    is_ours = True
    user = "neo4j"

    def __init__(self) -> None:
        self.port = free_port()
        self.uri = f"bolt://127.0.0.1:{self.port}"
        self.password = secrets.token_hex(12)

    @abstractmethod
    def start(self) -> None:
        """Start it on the data it had, and return when it answers."""

    @abstractmethod
    def stop(self) -> None:
        """Stop it in an orderly way; its data stay."""

    @abstractmethod
    def kill(self) -> None:
        """End it at once, as a power cut would; its data stay as they are on disk."""

    @abstractmethod
    def freeze(self) -> None:
        """Let it hold its connections and answer nothing."""

    @abstractmethod
    def thaw(self) -> None:
        """Let a frozen server go on."""

    @abstractmethod
    def close(self) -> None:
        """Stop it and remove its data."""

    def driver(self) -> neo4j.Driver:
        """Open a connection for a test's own Cypher; close it after use."""
        return neo4j.GraphDatabase.driver(
            self.uri,
            auth=(self.user, self.password),
            connection_timeout=5,
            connection_acquisition_timeout=5,
            max_transaction_retry_time=5,
        )

    def empty(self) -> None:
        """Remove every node and relationship; constraints and indexes stay."""
        with self.driver() as driver, driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()

    def count(self) -> int:
        """Count all nodes that it holds."""
        with self.driver() as driver:
            driver.verify_connectivity()  # fails at once, where a query would be tried again for seconds
            return int(driver.execute_query("MATCH (n) RETURN count(n)").records[0][0])

    def wait_until_it_answers(self, is_alive: Callable[[], bool]) -> None:
        """Return when a query can be run; raise ServiceMissing when the server ended or took too long."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.count()
            except (DriverError, Neo4jError) as error:
                if time.monotonic() > until or not is_alive():
                    raise ServiceMissing(f"Neo4j at {self.uri} did not start: {error}") from error
                time.sleep(0.1)
            else:
                return


def free_port() -> int:
    """Find a port of the loopback address that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
