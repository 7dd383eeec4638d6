"""Servers that are none, or that break off, on the loopback address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

COMMIT = b"\xb0\x12"  # the message of the Bolt protocol that asks to commit: a structure without fields, tag 0x12


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port on which every connection is handed to a function."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection = listener.accept()[0]
                    threading.Thread(target=answered, args=(connection,), daemon=True).start()

        def answered(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def hang_up(_: socket.socket) -> None:
    """Close at once."""


def other_protocol(connection: socket.socket) -> None:
    """Answer as a web server does."""
    connection.recv(1024)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def old_server(connection: socket.socket) -> None:
    """Agree to no version of Bolt that is offered."""
    connection.recv(1024)
    connection.sendall(b"\0\0\0\0")


class CutAtCommit:
    """A way to a real server that breaks at the next commit once `is_armed`: before or after the server gets it."""

    def __init__(self, port: int, *, is_delivered: bool) -> None:
        self.port = port
        self.is_delivered = is_delivered
        self.is_armed = False
        self.cuts = 0

    def __call__(self, client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as server:
            back = threading.Thread(target=self._back, args=(server, client), daemon=True)
            back.start()
            while data := client.recv(65_536):
                if self.is_armed and COMMIT in data:
                    self._cut(client, server, back, data)
                    break
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)

    def _cut(self, client: socket.socket, server: socket.socket, back: threading.Thread, data: bytes) -> None:
        self.is_armed = False
        self.cuts += 1
        client.shutdown(socket.SHUT_RDWR)
        if self.is_delivered:
            server.sendall(data)
            back.join(5)  # ends when the answer of the server finds nobody

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                client.sendall(data)
