"""Arrays that follow a store: opened from a snapshot, caught up from the change log, read whole only when they must.

Every answer begins with a look at the chain of the change log; behind it, nothing is answered from. The contents would
not do: what was taken out and put back has another key in the store, and the arrays know keys. The work is done
in a thread of its own, once for all who wait: who has no time left goes, and the work goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from graph import snapshot
from graph.adjacency import Arrays
from graph.errors import StoreUnavailable
from graph.limits import seconds_left
from graph.snapshot import Held, State
from graph.vocabulary import Vocabulary

SMALLEST = 20_000  # nodes and relationships: fewer are read from the store in the time it takes to open a file
SECONDS_BETWEEN = 30.0  # at least, from one snapshot to the next while changes come in
WRITING_SECONDS = 60.0  # what has been written for longer was left by a process that was killed
SHARE, FEW = 20, 1_000  # more changes than a twentieth of the network and a thousand: reading it whole is as quick
log = logging.getLogger(__name__)


class Following:
    """The arrays of one store, never older than the store.

    `read` gives the arrays of the store as it is, from what is held or from nothing; `state` says what that is, and
    `chain` the last link of its change log.
    """

    def __init__(
        self,
        path: Path,
        vocabulary: Vocabulary,
        *,
        chain: Callable[[], str],
        state: Callable[[], State],
        read: Callable[[Held | None], Held],
    ) -> None:
        self.path = path
        self.smallest = SMALLEST
        self._vocabulary = vocabulary
        self._chain, self.state, self._read = chain, state, read
        self._lock = threading.Lock()
        self._saving = threading.Lock()
        self._held: Held | None = None
        self._running: Future[Held] | None = None
        self._thread: threading.Thread | None = None
        self._file: int | None = None  # which file was last looked at

    def arrays(self) -> Arrays:
        """The arrays of the store as it is now."""
        return self.current(self._chain())

    def current(self, chain: str) -> Arrays:
        """The arrays of the state with this last link, or of what the store has come to since."""
        held = self._held
        while held is None or held.state.chain != chain:
            with self._lock:
                is_new = self._running is None
                running = self._running or self._begin()
            held = _waited(running)
            if is_new:  # begun after the question was asked, so no older than that
                break
        return held.arrays

    def _begin(self) -> Future[Held]:
        self._running = running = Future[Held]()
        self._thread = threading.Thread(target=self._work, args=(running,), name="arrays", daemon=True)
        self._thread.start()
        return running

    def _work(self, running: Future[Held]) -> None:
        before = self._held
        try:
            opened = self._newest()
            held = self._read(opened)
        except BaseException as wrong:
            self._finish(before)
            running.set_exception(wrong)
            return
        self._finish(held)
        running.set_result(held)
        if held is not opened and self._saving.acquire(blocking=False):
            try:
                self.save(held, is_urgent=opened is None or held.state.erased != opened.state.erased)
            finally:
                self._saving.release()

    def _finish(self, held: Held | None) -> None:
        with self._lock:
            self._held, self._running = held, None

    def _newest(self) -> Held | None:
        """What to start from: what is held, or the snapshot when somebody has written one that is newer."""
        file = _file(self.path)
        if file is None or file == self._file:
            return self._held
        self._file = file
        header = snapshot.read_header(self.path)
        if self._held and header and header.state.position <= self._held.state.position:
            return self._held
        return snapshot.read(self.path, self._vocabulary, self.state().network) or self._held

    def save(self, held: Held, *, is_urgent: bool) -> None:
        """Write a snapshot, unless there is a fresh one, and share it with whoever maps it."""
        arrays, now = held.arrays, time.time()
        if len(arrays.nodes.ids) + len(arrays.relationships.ids) < self.smallest:
            return self._clear()
        if not is_urgent and now - _written(self.path) < SECONDS_BETWEEN:
            return None
        if snapshot.is_written_by_another(self.path, seconds=WRITING_SECONDS, now=now):
            return None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            snapshot.write(self.path, held)
        except OSError as wrong:
            log.warning("No snapshot %s can be written: %s. The arrays are read anew each time.", self.path, wrong)
            return None
        if self.state().erased != held.state.erased:  # somebody was forgotten meanwhile, and may not stay in it
            return self._clear()
        self._file = _file(self.path)
        mapped = snapshot.read(self.path, self._vocabulary, held.state.network)
        if mapped and mapped.state == held.state:
            arrays.adopt(mapped.arrays)
        return None

    def _clear(self) -> None:
        with suppress(OSError):
            snapshot.remove(self.path)

    def forget(self) -> None:
        """Let go of what is held, and take the snapshot away: it names what was erased."""
        with self._lock:
            self._held = None
        self._clear()

    def finish(self) -> None:
        """Let a snapshot that is being written be finished."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        """Finish, and let go of the arrays."""
        self.finish()
        self._held = self._file = None


def _waited(running: Future[Held]) -> Held:
    try:
        return running.result(seconds_left())
    except TimeoutError:
        raise StoreUnavailable(
            "The network is being read anew after a large change.", fix="Try again in a few seconds."
        ) from None


def _file(path: Path) -> int | None:
    """Which file is there: each new one has another number."""
    try:
        found = path.stat()
    except OSError:
        return None
    return hash((found.st_ino, found.st_mtime_ns))


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def follows(before: State, now: State, size: int, *, at_once: int = 1) -> bool:
    """Whether arrays of a state can be caught up: the same network, nothing erased since, and not too much to tell."""
    entries = (now.position - before.position) * at_once
    return before.network == now.network and before.erased == now.erased and 0 < entries <= most_entries(size)


def most_entries(size: int) -> int:
    """Entries of the log that are worth catching up with, for a network of a size."""
    return size // SHARE + FEW


def network_mark(key: str) -> str:
    """Which network this is, from the key that it alone has."""
    return sha256(f"network {key}".encode()).hexdigest()
