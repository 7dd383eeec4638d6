"""Several processes that serve on one socket, and the one that begins them, replaces them and stops them.

They share what is on disk: the store, the mapped arrays, the jobs. Each sees every change with its next request,
since each looks at the version of the store. Modules are loaded once and shared by all, where the system can.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.errors import CogsError, StoreUnavailable
from graph.settings import Settings
from graph.store import open_store

LOADED_ONCE = ["api.app", "api.serving", "graph.store.embedded", "graph.store.neo4j"]
LOOK_SECONDS = 0.5
STOP_SECONDS = 30.0  # requests in flight are finished
BETWEEN_STARTS = 1.0  # a worker that ends at once is not begun again at once
log = logging.getLogger(__name__)


class Workers:
    """The processes that serve, kept at their number."""

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self.settings = settings
        self.listening = listening
        self._context = _context()
        self._alive, self._gone = self._context.Pipe()  # closed with this process, however it ends
        self._processes: list[BaseProcess] = []

    def run(self, number: int, ready: Callable[[], None]) -> None:
        """Begin them, say when all serve, replace those that end, and stop them on a signal."""
        with self._stopping() as stop:
            waiting = [self._begin() for _ in range(number)]
            if not all(_is_ready(told, stop) for told in waiting):
                if not stop.is_set():
                    raise CogsError("The service did not start.", fix="Look at what it logged just before this.")
                return
            ready()
            while not stop.is_set():
                wait([process.sentinel for process in self._processes], LOOK_SECONDS)
                self._replace(stop)

    def _begin(self) -> Connection:
        told, tells = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_work, args=(self.settings, self.listening, tells, self._gone))
        process.start()
        tells.close()
        self._processes.append(process)
        return told

    def _replace(self, stop: threading.Event) -> None:
        for process in [one for one in self._processes if not one.is_alive()]:
            if stop.is_set():
                return
            log.warning("A worker ended with %s; another takes its place.", process.exitcode)
            self._processes.remove(process)
            time.sleep(BETWEEN_STARTS)
            self._begin()

    @contextmanager
    def _stopping(self) -> Iterator[threading.Event]:
        """An event that SIGTERM and SIGINT set; at the end all processes are stopped, by force if they must be."""
        stop = threading.Event()
        before = {sign: signal.signal(sign, lambda *_: stop.set()) for sign in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield stop
        finally:
            for process in self._processes:
                process.terminate()
            until = time.monotonic() + STOP_SECONDS
            for process in self._processes:
                process.join(max(0.0, until - time.monotonic()))
                process.kill()
                process.join()
            for sign, handler in before.items():
                signal.signal(sign, handler)


def run(settings: Settings, listening: socket.socket, number: int, *, ready: Callable[[], None]) -> None:
    """Serve with so many processes until a signal says stop."""
    with ExitStack() as stack:
        if settings.jobs is None:  # a job that one worker has begun is asked of another
            folder = stack.enter_context(TemporaryDirectory(prefix="cogs-jobs-"))
            settings = settings.model_copy(update={"jobs": Path(folder)})
        with suppress(StoreUnavailable), open_store(settings=settings) as store:
            store.arrays()  # written down once, mapped by all; the one who begins them needs none
        Workers(settings, listening).run(number, ready)


def _context() -> ForkServerContext | SpawnContext:
    """Processes that begin with the modules loaded, or from nothing where the system has no such way."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED_ONCE)
    return context


def _is_ready(told: Connection, stop: threading.Event) -> bool:
    """Wait until a worker says that it serves; False when it has ended or all is to stop."""
    while not stop.is_set():
        if told.poll(LOOK_SECONDS):
            try:
                return bool(told.recv())
            except EOFError:
                return False
    return False


def _work(settings: Settings, listening: socket.socket, tells: Connection, gone: Connection) -> None:
    from api.serving import serve

    threading.Thread(target=_stop_with_parent, args=(gone,), daemon=True).start()
    serve(settings, listening, ready=lambda: tells.send(True))


def _stop_with_parent(gone: Connection) -> None:
    try:
        gone.recv()
    except EOFError:
        os.kill(os.getpid(), signal.SIGTERM)
