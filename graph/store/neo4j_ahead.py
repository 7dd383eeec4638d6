"""What a large load writes ahead of its last transaction: in committed batches, and out of sight.

Neo4j holds a transaction in memory whole, so what is new in a large load goes in batches, each a transaction. All that
they write carries the number (`serial`) of the load, and every reader leaves out numbers above the one that the
network's own node calls `finished`. The last transaction raises that number: the old network is there until then, and
the new one whole from then on.

Only one load may write ahead: the one whose number stands on the node `ahead` (its claim). A writer takes a claim only
while it holds the lock of the network's own node, and each batch locks the node `ahead` and compares. So a load that
has lost its lock, by a limit of time or a restart of the server, can write no batch once another writer has begun:
taking a claim waits for the batch under way, and the next one fails; finishing compares likewise. What is removed has
a number below a claim, and above what was finished when that was taken: nobody can write such things any more, and they
can never come into sight. So none of a living load can be removed, whoever removes, and however late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from graph.errors import CogsError, StoreUnavailable
from graph.store.neo4j_connection import Connection, Run
from graph.store.neo4j_schema import META

LOOK = "OPTIONAL MATCH (a:_Meta {id: 'ahead'}) RETURN coalesce(a.serial, 0), coalesce(a.removed, 0)"
CLAIM = "MERGE (a:_Meta {id: 'ahead'}) SET a.serial = coalesce(a.serial, 0) + 1 RETURN a.serial"
HOLD = "MATCH (a:_Meta {id: 'ahead'}) SET a.batches = coalesce(a.batches, 0) + 1 RETURN a.serial"
FINISH = "MATCH (m:_Meta {id: 'network'}) SET m.finished = $given.serial"
REMOVED = "MATCH (a:_Meta {id: 'ahead'}) SET a.removed = $given.removed"
REMOVED_AT_ONCE = 10_000
# Nodes go after their relationships: to take out one with a million of them at once would be a large transaction.
LEFT_OVER = {
    "MATCH ()-[x]->() WHERE x.serial > $given.finished AND x.serial < $given.claim": "DELETE",
    "MATCH (x:Node) WHERE x.serial > $given.finished AND x.serial < $given.claim": "DETACH DELETE",
    "MATCH (x:_NameWord) WHERE x.serial > $given.finished AND x.serial < $given.claim": "DELETE",
    "MATCH (x:_NameWords) WHERE x.serial > $given.finished AND x.serial < $given.claim": "DELETE",
    "MATCH (x:_Changes) WHERE x.serial > $given.finished AND x.serial < $given.claim": "DELETE",
}


class Ahead:
    """The claim of one load, and the batches that it writes."""

    def __init__(self, connection: Connection, alive: Callable[[], object]) -> None:
        self.connection = connection
        self.alive = alive  # raises when the transaction that holds the lock is gone
        self.serial = _claim(connection)

    def look(self) -> None:
        """Raise when the lock is lost; to be asked before each batch, by the thread that has the transaction."""
        try:
            with self.connection.translated():
                self.alive()
        except CogsError as wrong:
            raise _lost() from wrong

    @contextmanager
    def batch(self) -> Iterator[Run]:
        """A transaction of its own for some of what is new; raises, and writes nothing, when the claim is lost."""
        with self.connection.writing(HOLD) as (run, found, commit):
            hold(found, self.serial)
            yield run
            commit()

    def finish(self, run: Run) -> None:
        """Let all that was written come into sight with the transaction that holds the lock."""
        hold(run(HOLD), self.serial)
        run(FINISH, serial=self.serial)


def remove_left_over(connection: Connection) -> None:
    """Take out what unfinished loads have left, in batches; for whoever holds the lock of the network's own node."""
    claim = _claim(connection)
    # Only now: whoever had a claim before cannot finish any more, or has finished already.
    now = connection.read(lambda run: finished(run(META)[0][0]), newest=True)
    for found, delete in LEFT_OVER.items():
        rows = f"{found} CALL (x) {{ {delete} x }} IN TRANSACTIONS OF {REMOVED_AT_ONCE} ROWS"
        connection.run(rows, finished=now, claim=claim)
    with connection.writing(HOLD) as (run, held, commit):
        hold(held, claim)
        run(REMOVED, removed=claim)
        commit()


def is_unfinished(run: Run) -> bool:
    """Whether a load that writes ahead is under way, or was not finished."""
    [[serial, removed]], meta = run(LOOK), run(META)
    return bool(meta) and serial > max(removed, finished(meta[0][0]))


def hold(found: list[list[Any]], serial: int) -> None:
    """Raise when somebody else has the claim."""
    if found != [[serial]]:
        raise _lost()


def _claim(connection: Connection) -> int:
    with connection.writing(CLAIM) as (_, [[serial]], commit):
        commit()
    return int(serial)


def _lost() -> StoreUnavailable:
    return StoreUnavailable(
        "This load has lost its lock on the network: it took too long, or the server was restarted.",
        fix="Load it again. What it had written is out of sight, and the next write removes it.",
    )


def finished(meta: Mapping[str, Any]) -> int:
    """The number up to which loads are finished, from the properties of the network's own node."""
    return int(meta.get("finished", 0))
