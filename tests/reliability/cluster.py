"""A cluster of three members before one real server: each hands on what it is sent, and says whom to ask and who leads.

Leading, following, an election and a member that is gone are played, and that a follower may know only what it was
asked to wait for; transactions, results and bookmarks are real.
Speaks Bolt 5.4 to both sides, one message after the other.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from neo4j._codec.packstream import v1

from tests.reliability.peers import listening

packstream: Any = v1  # the driver's own packing, which has no types
MAGIC, VERSION = bytes.fromhex("6060B017"), bytes.fromhex("00000405")
GOODBYE, RESET, RUN, BEGIN, COMMIT, ROUTE = b"\x02", b"\x0f", b"\x10", b"\x11", b"\x12", b"\x66"
SUCCESS, IGNORED, FAILURE, RECORD = b"\x70", b"\x7e", b"\x7f", b"\x71"
NOT_A_LEADER = "Neo.ClientError.Cluster.NotALeader"
SECONDS = 300  # that a routing table holds


@dataclass
class Began:
    """A transaction that a member was asked to begin: to read or to write, not older than which bookmarks."""

    member: int
    is_write: bool
    bookmarks: list[str]
    queries: list[str] = field(default_factory=list)
    end: str | None = None  # the code of its failure, or the bookmark of its commit


class Cluster:
    """Who leads (None in an election), who is gone, what fails next and what was begun."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.leader: int | None = 0
        self.gone: set[int] = set()
        self.failures: list[tuple[bytes, str]] = []  # the next message of a kind fails with a code
        self.ports: list[int] = []
        self.begun: list[Began] = []
        self.routed = 0

    def table(self, database: str | None) -> dict[str, Any]:
        """Whom to ask for what, as the answer to ROUTE."""
        names = [f"127.0.0.1:{port}" for port in self.ports]
        writers = [] if self.leader is None else [names[self.leader]]
        readers = [name for name in names if name not in writers]
        roles = {"WRITE": writers, "READ": readers, "ROUTE": names}
        servers = [{"role": role, "addresses": some} for role, some in roles.items()]
        return {"rt": {"ttl": SECONDS, "db": database, "servers": servers}}

    def failure(self, member: int, tag: bytes, *, is_write: bool) -> str | None:
        """The code with which a member refuses a message."""
        if self.failures and self.failures[0][0] == tag:
            return self.failures.pop(0)[1]
        return NOT_A_LEADER if is_write and member != self.leader and tag in (BEGIN, RUN, COMMIT) else None

    def written(self) -> list[Began]:
        """Transactions that were begun to write."""
        return [one for one in self.begun if one.is_write]

    def read(self) -> list[Began]:
        """Transactions that were begun to read."""
        return [one for one in self.begun if not one.is_write]


@contextmanager
def cluster_before(port: int) -> Iterator[Cluster]:
    """Three members before the server at a port."""
    cluster = Cluster(port)
    with ExitStack() as stack:
        for number in range(3):
            member = _Member(cluster, number)
            cluster.ports.append(stack.enter_context(listening(member)))
        yield cluster


class _Member:
    def __init__(self, cluster: Cluster, number: int) -> None:
        self.cluster, self.number = cluster, number

    def __call__(self, client: socket.socket) -> None:
        if self.number not in self.cluster.gone:
            with socket.create_connection(("127.0.0.1", self.cluster.port)) as server:
                _handshake(client, server)
                _Talk(self.cluster, self.number, client, server).go_on()


class _Talk:
    """One connection to a member, and the one behind it to the server."""

    def __init__(self, cluster: Cluster, member: int, client: socket.socket, server: socket.socket) -> None:
        self.cluster, self.member, self.client, self.server = cluster, member, client, server
        self.began = Began(member, is_write=False, bookmarks=[])
        self.has_failed = False

    def go_on(self) -> None:
        while message := _received(self.client):
            if self.member in self.cluster.gone:
                return
            tag, fields = _unpacked(message)
            if tag == GOODBYE:
                _send(self.server, message)
                return
            self._answer(tag, fields, message)

    def _answer(self, tag: bytes, fields: list[Any], message: bytes) -> None:
        if tag == RESET:
            self.has_failed = False
        elif self.has_failed:
            return _send(self.client, _packed(IGNORED))
        elif tag == ROUTE:
            self.cluster.routed += 1
            return _send(self.client, _packed(SUCCESS, self.cluster.table(fields[2].get("db"))))
        self._note(tag, fields)
        code = self.cluster.failure(self.member, tag, is_write=self.began.is_write)
        if code and tag != RESET:
            self.has_failed, self.began.end = True, code
            return _send(self.client, _packed(FAILURE, {"code": code, "message": "As the script has it."}))
        _send(self.server, message)
        self._hand_back()
        return None

    def _note(self, tag: bytes, fields: list[Any]) -> None:
        """Keep what is begun: by BEGIN, or by a RUN outside of a transaction, which says how it is to be run."""
        given = fields[0] if tag == BEGIN else fields[2] if tag == RUN else {}
        if tag == BEGIN or (tag == RUN and given):
            self.began = Began(self.member, given.get("mode") != "r", list(given.get("bookmarks", ())))
            self.cluster.begun.append(self.began)
        if tag == RUN:
            self.began.queries.append(fields[0])

    def _hand_back(self) -> None:
        """The records of the server's answer, and how it ends."""
        while message := _received(self.server):
            tag, fields = _unpacked(message)
            if tag == SUCCESS:
                message = _packed(SUCCESS, self._as_far_as_known(fields[0]))
            _send(self.client, message)
            if tag != RECORD:
                return

    def _as_far_as_known(self, given: dict[str, Any]) -> dict[str, Any]:
        """A follower may be behind: it knows of nothing newer than what it was asked to wait for."""
        if "bookmark" in given:
            self.began.end = given["bookmark"]
            if self.member != self.cluster.leader:
                given["bookmark"] = next(iter(self.began.bookmarks), None)
        return {name: value for name, value in given.items() if value is not None}


def _handshake(client: socket.socket, server: socket.socket) -> None:
    _exactly(client, 20)
    server.sendall(MAGIC + VERSION + bytes(12))
    client.sendall(_exactly(server, 4))


def _received(connection: socket.socket) -> bytes:
    """The next whole message; nothing when the connection ends."""
    message = b""
    with suppress(EOFError):
        while True:
            size = int.from_bytes(_exactly(connection, 2), "big")
            if size:
                message += _exactly(connection, size)
            elif message:
                return message
    return b""


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = connection.recv(size, socket.MSG_WAITALL)
    if len(data) < size:
        raise EOFError
    return data


def _send(connection: socket.socket, message: bytes) -> None:
    parts = [message[first : first + 0xFFFF] for first in range(0, len(message), 0xFFFF)]
    connection.sendall(b"".join(len(part).to_bytes(2, "big") + part for part in parts) + bytes(2))


def _unpacked(message: bytes) -> tuple[bytes, list[Any]]:
    buffer = packstream.Unpacker.new_unpackable_buffer()
    buffer.data, buffer.used = bytearray(message), len(message)
    unpacker = packstream.Unpacker(buffer)
    size, tag = unpacker.unpack_structure_header()
    return tag, [unpacker.unpack() for _ in range(size)]


def _packed(tag: bytes, *fields: Mapping[str, Any]) -> bytes:
    buffer = packstream.Packer.new_packable_buffer()
    packstream.Packer(buffer).pack_struct(tag, fields)
    return bytes(buffer.data)
