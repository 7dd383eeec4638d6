"""One process that serves: the app on a socket that is bound already."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable

import uvicorn

from api.app import create_app
from api.logs import log_config
from graph.settings import Settings

WAITING = 2_048  # connections that wait to be accepted
AT_ONCE = 4  # of them taken by one process, so that the others of the same socket get some, too


class _Server(uvicorn.Server):
    """Says so when it really serves."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening.listen(WAITING)
        gc.freeze()  # what is there now stays, and need not be looked through at each collection
        self._ready()


def serve(settings: Settings, listening: socket.socket, *, ready: Callable[[], None]) -> None:
    """Serve until a signal says stop; `ready` is called when the first request can be answered."""
    config = uvicorn.Config(
        create_app(settings),
        backlog=AT_ONCE,
        log_config=log_config(settings.log_level),
        log_level="warning",  # requests are logged by the service itself
        access_log=False,
        server_header=False,
    )
    _Server(config, listening, ready).run(sockets=[listening])
