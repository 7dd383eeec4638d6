"""The connection to a Neo4j server, and the border at which the driver's errors become ours.

The only file that imports the driver. One driver per store, one session per call, a time limit on every
transaction. At a `neo4j://` address the driver sends writing to the leader of a cluster, and reading to any member
that is not behind what this store has seen (bookmarks); what is read of the `newest` is asked of the leader, so that
all reading after it is of that state or a later one, whoever wrote it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import neo4j
from neo4j import exceptions as theirs

from graph.errors import CogsError, OutcomeUnknown, StoreError, StoreUnavailable, TimeLimit
from graph.limits import check_time, seconds_left
from graph.settings import Settings

CONNECT_SECONDS = 2.0
ACQUIRE_SECONDS = 4.0
RETRY_SECONDS = 5.0
IDLE_SECONDS = 30.0
READ_SECONDS = 600.0  # of one read without a time limit of its own
WRITE_SECONDS = 900.0  # of one write, a whole load; so long others wait for one whose client was cut off
OLDEST_SERVER = (5, 26)

Answer = TypeVar("Answer")
Run = Callable[..., list[list[Any]]]
Work = Callable[[Run], Answer]


class Connection:
    """One database of one server; opening it proves that it answers, lets us in and is new enough."""

    def __init__(self, uri: str, settings: Settings) -> None:
        logging.getLogger("neo4j").addHandler(logging.NullHandler())  # else its warnings go to the terminal
        self.uri = uri
        self.database = settings.neo4j_database
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        with self.translated():
            self._driver = neo4j.GraphDatabase.driver(
                uri,
                auth=(settings.neo4j_user, settings.neo4j_password.get_secret_value()),
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=ACQUIRE_SECONDS,
                liveness_check_timeout=IDLE_SECONDS,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
            )
            try:
                check_version(self.uri, self._agent())
            except BaseException:
                self._driver.close()
                raise

    def _agent(self) -> str:
        with self._session(neo4j.READ_ACCESS) as session:
            return session.run("RETURN 1").consume().server.agent

    def _session(self, access: str) -> neo4j.Session:
        left = seconds_left()
        return self._driver.session(
            database=self.database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            # The driver waits 1 s, then 2, and looks at the time only then: a quarter keeps it within twice the limit.
            max_transaction_retry_time=RETRY_SECONDS if left is None else max(0.0, min(RETRY_SECONDS, left / 4)),
        )

    def read(self, work: Work[Answer], *, newest: bool = False) -> Answer:
        """Do all reading of one call in one transaction; tried again when the server asks for it."""
        check_time()
        limited = neo4j.unit_of_work(timeout=_seconds(READ_SECONDS))
        with self.translated(), self._session(neo4j.WRITE_ACCESS if newest else neo4j.READ_ACCESS) as session:
            execute = session.execute_write if newest else session.execute_read
            return execute(limited(lambda transaction: work(_runner(transaction))))

    def rows(self, query: str, **given: Any) -> list[list[Any]]:
        """The rows that one query finds; it names its parameters `$given.name`."""
        return self.read(lambda run: run(query, **given))

    @contextmanager
    def writing(self, first: str) -> Iterator[tuple[Run, list[list[Any]], Callable[[], None]]]:
        """A write transaction: how to run a query, what the first query found, how to commit; undone otherwise.

        The first query takes the locks. It is tried twice, since a connection that the server closed, or that
        another member of the cluster leads now, is only noticed when it is used; nothing has been written by then.
        """
        check_time()
        with self.translated(), ExitStack() as stack:
            try:
                transaction, found = self._begin(stack, first)
            except (theirs.DriverError, theirs.Neo4jError) as wrong:
                if not wrong.is_retryable():
                    raise
                transaction, found = self._begin(stack, first)
            yield _runner(transaction), found, transaction.commit
            if not transaction.closed():
                transaction.rollback()  # the driver would commit it at the end of its block

    def _begin(self, stack: ExitStack, first: str) -> tuple[neo4j.Transaction, list[list[Any]]]:
        """Begin a transaction that the stack ends; one that fails has ended."""
        with ExitStack() as trying:
            session = trying.enter_context(self._session(neo4j.WRITE_ACCESS))
            transaction = trying.enter_context(session.begin_transaction(timeout=_seconds(WRITE_SECONDS)))
            try:
                found = _runner(transaction)(first)
            except theirs.Neo4jError as wrong:
                if not _is_over_time(wrong):
                    raise
                raise StoreUnavailable(
                    f"Another change is being made at {self.uri}.", fix="Try again when it has finished."
                ) from wrong
            stack.enter_context(trying.pop_all())
            return transaction, found

    def run(self, query: str, **given: Any) -> list[list[Any]]:
        """Run one statement by itself: constraints, indexes, checkpoints, what makes transactions of its own."""
        with self.translated(), self._session(neo4j.WRITE_ACCESS) as session:
            return session.run(neo4j.Query(query, timeout=WRITE_SECONDS), {"given": given}).values()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of the driver become ours."""
        try:
            yield
        except theirs.GqlError as wrong:
            raise ours(wrong, self.uri) from wrong
        except (OSError, ValueError) as wrong:
            raise StoreError(f"{self.uri} is no address of a server: {wrong}.", fix="Check COGS_STORE.") from wrong

    def close(self) -> None:
        """Let go of all connections."""
        self._driver.close()


def _runner(transaction: neo4j.Transaction | neo4j.ManagedTransaction) -> Run:
    """Runs a query with all its parameters in the map `$given`: so the server need not plan it for each set of them."""

    def run(query: str, **given: Any) -> list[list[Any]]:
        return transaction.run(query, {"given": given}).values()

    return run


def _seconds(otherwise: float) -> float:
    """Time limit of a transaction; the server takes 0 for none, so a limit that is over is a moment."""
    left = seconds_left()
    return otherwise if left is None else max(left, 0.001)


def check_version(uri: str, agent: str) -> None:
    """Raise StoreError when the server is older than what its queries need."""
    found = re.search(r"/(\d+)\.(\d+)", agent)
    if not found or (int(found[1]), int(found[2])) < OLDEST_SERVER:
        raise _too_old(uri, f"is {agent}")


def _too_old(uri: str, what: str) -> StoreError:
    return StoreError(f"The server at {uri} {what}, which is too old.", fix="Use Neo4j 5.26 or newer.")


def ours(wrong: theirs.GqlError, uri: str) -> CogsError:
    """The error of ours that says what one of the driver means to the user."""
    if isinstance(wrong, theirs.Neo4jError):
        return _of_server(wrong, uri)
    if isinstance(wrong, theirs.IncompleteCommit):
        return OutcomeUnknown(
            f"The connection to {uri} broke while the change was being committed.",
            fix="It may have been made or not; repeating it is safe.",
        )
    if isinstance(wrong, theirs.UnsupportedServerProduct):
        return _too_old(uri, "speaks no version of Bolt that we know")
    if isinstance(wrong, theirs.ConfigurationError):
        return StoreError(f"{uri} cannot be used: {_short(wrong)}", fix="Check COGS_STORE.")
    if isinstance(wrong, theirs.ServiceUnavailable | theirs.SessionExpired | theirs.ConnectionPoolError):
        return StoreUnavailable(f"Neo4j at {uri} cannot be reached now.", fix="Start it, or try again in a moment.")
    return StoreError(f"The connection to {uri} failed: {_short(wrong)}", fix="Try again; `cogs check` looks closer.")


def _of_server(wrong: theirs.Neo4jError, uri: str) -> CogsError:
    code = wrong.code or ""
    if _is_over_time(wrong):
        return TimeLimit(
            "The answer took longer than allowed and was stopped.", fix="Narrow the lens, or ask for less."
        )
    if "MemoryPoolOutOfMemory" in code or "OutOfMemory" in code:
        return StoreError(
            f"Neo4j at {uri} has too little memory for this.", fix="Raise server.memory.heap.max_size, or load less."
        )
    if ".Security." in code:
        return StoreError(
            f"Neo4j at {uri} does not let us in: {_short(wrong)}",
            fix="Check COGS_NEO4J_USER, COGS_NEO4J_PASSWORD and COGS_NEO4J_DATABASE.",
        )
    if code.endswith("DatabaseNotFound"):
        return StoreError(f"Neo4j at {uri} has no such database: {_short(wrong)}", fix="Check COGS_NEO4J_DATABASE.")
    if isinstance(wrong, theirs.TransientError):
        return StoreUnavailable(f"Neo4j at {uri} is busy: {_short(wrong)}", fix="Try again in a moment.")
    return StoreError(f"Neo4j at {uri} failed: {_short(wrong)}", fix="`cogs check` looks for the cause.")


def _is_over_time(wrong: theirs.Neo4jError) -> bool:
    code = wrong.code or ""
    ends = ("Transaction.Terminated", "Transaction.LockClientStopped")  # the latter while it waited for a lock
    return "TransactionTimedOut" in code or code.endswith(ends)


def _short(wrong: theirs.GqlError) -> str:
    """The first line of what the driver or server says, as the end of a sentence."""
    said = wrong.message if isinstance(wrong, theirs.Neo4jError) else str(wrong)
    return (said or type(wrong).__name__).splitlines()[0][:300].rstrip(". ") + "."
