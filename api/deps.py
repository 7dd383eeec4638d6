"""What every request works with: the settings, the one store, and the threads that do the work.

`service(request)` gives it; it is `request.app.state.service`. The store is opened by the app's lifespan and
closed with it. When it is away at that moment the app starts all the same, answers 503, and opens the store
with the first request that finds it back.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cached_property
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from typing import TypeVar, cast

from starlette.requests import Request

from api.jobs import Jobs
from api.kept import Kept
from graph.errors import StoreUnavailable, TimeLimit
from graph.lens import Lens
from graph.limits import seconds_left, time_limit
from graph.model import Audience
from graph.settings import Settings
from graph.store import Store, open_store
from graph.vocabulary import Vocabulary, load_vocabulary

Result = TypeVar("Result")
READERS = 4
ASKERS = 2  # questions take the processor; more of them at once would only make each slower
SECONDS_BETWEEN_TRIES = 1.0
GRACE_SECONDS = 1.0  # work stops itself when its time is over, wherever it looks at the clock
LOOK_SECONDS = 1.0  # within them a store that is well answers the shortest question


class Service:
    """The store, the settings, and small sets of threads: for reads, for questions, and to look whether it is well."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.vocabulary: Vocabulary = load_vocabulary(settings.vocabulary)
        self._store: Store | None = None
        self._lock = threading.Lock()
        self._failed: tuple[float, StoreUnavailable] | None = None
        self.kept = Kept()
        self._hire()

    def _hire(self) -> None:
        self._readers = ThreadPoolExecutor(READERS, "read")
        self._askers = ThreadPoolExecutor(ASKERS, "ask")
        self._lookers = ThreadPoolExecutor(1, "look")
        self.jobs = Jobs(self.settings.jobs, limit=self.settings.job_limit)

    @property
    def audience(self) -> Audience:
        """The level of a caller without a key."""
        return self.settings.audience

    @property
    def lens(self) -> Lens:
        """The lens that hides nothing but what lies above the caller's level."""
        return Lens(audience=self.audience)

    @property
    def store(self) -> Store:
        """The open store; raises StoreUnavailable while it is away. Call it in a thread: opening may take seconds."""
        if self._store is None:
            with self._lock:
                if self._store is None:
                    self._store = self._open()
        return self._store

    def _open(self) -> Store:
        if self._failed and time.monotonic() - self._failed[0] < SECONDS_BETWEEN_TRIES:
            raise self._failed[1]
        try:
            return open_store(settings=self.settings)
        except StoreUnavailable as away:
            self._failed = (time.monotonic(), away)
            raise

    def ping(self) -> None:
        """Raise StoreUnavailable while the store is away."""
        self.store.ping()

    @cached_property
    def edition(self) -> str:
        """Digest of what, besides the network, decides how an answer looks: product, vocabulary, audience."""
        parts = (version("cogs-of-connection"), self.vocabulary.model_dump_json(), self.audience)
        return sha256("\0".join(parts).encode()).hexdigest()

    async def read(self, work: Callable[[], Result], *, patience: float = 1.0) -> Result:
        """Run a read in a thread of its own kind, so that other requests go on meanwhile."""
        return await self._run(self._readers, work, patience)

    async def ask(self, work: Callable[[], Result], *, patience: float = 1.0) -> Result:
        """Run longer work in a thread of another kind; `patience` times the limit may go by."""
        return await self._run(self._askers, work, patience)

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[], Result], patience: float) -> Result:
        if patience > 1:  # a store that is away is noticed soon, whatever the work may take
            await self._look(self.settings.time_limit + GRACE_SECONDS)
        seconds = self.settings.time_limit * patience
        # The clock starts before the wait for a thread, so a crowd is turned away and does not pile up.
        with time_limit(seconds):
            context = copy_context()
        running = threads.submit(context.run, _begin, work)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(running), seconds + GRACE_SECONDS)
        except TimeoutError:
            await self._look(LOOK_SECONDS)
            if running.cancelled():  # it was still waiting for a thread
                raise _busy() from None
            raise TimeLimit("The answer took longer than allowed.", fix="Ask for less, or as a job.") from None

    async def _look(self, seconds: float) -> None:
        """Raise StoreUnavailable when the store does not answer, however busy everybody else is."""
        with time_limit(seconds):
            looking = self._lookers.submit(copy_context().run, self.ping)
        try:
            await asyncio.wait_for(asyncio.wrap_future(looking), seconds)
        except (TimeoutError, TimeLimit):
            raise StoreUnavailable("The store does not answer.", fix="Try again in a few seconds.") from None

    def warm(self) -> None:
        """Do, beside everything else, what the first question and the first map would otherwise wait for."""
        self._askers.submit(import_module, "pyvis.network")
        if self._store is not None:
            self._askers.submit(self._store.arrays)

    def close(self) -> None:
        """Let running work finish, then close the store; the service may be started again afterwards."""
        self.jobs.close()
        self._readers.shutdown(cancel_futures=True)
        self._askers.shutdown(cancel_futures=True)
        self._lookers.shutdown(cancel_futures=True)
        store, self._store = self._store, None
        if store is not None:
            store.close()
        self._hire()


def _begin(work: Callable[[], Result]) -> Result:
    left = seconds_left()
    if left is not None and left <= 0:
        raise _busy()
    return work()


def _busy() -> StoreUnavailable:
    return StoreUnavailable("The service is busy.", fix="Try again in a few seconds.")


def service(request: Request) -> Service:
    """The service that a request belongs to."""
    return cast("Service", request.app.state.service)
