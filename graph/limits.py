"""The stated limits, the time limit that long work looks at, and how far long work says it has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from graph.errors import TimeLimit

DEEPEST = 4  # steps of an ego network
MOST_NODES = 1_000  # nodes of a neighbourhood
LONGEST_PATH = 8  # steps
MOST_PATHS = 50
MOST_BETWEEN = 50  # relationships that are told between the same two nodes: a payer may have thousands
LARGEST_PAGE = 500
DEFAULT_PAGE = 50
MOST_DRAWS = 2_000

Watcher = Callable[[str, float], None]  # what is being done, and the share of it that is done, 0 to 1

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Work inside the block that takes longer is stopped with TimeLimit, wherever it looks at the clock."""
    token = _deadline.set(None if seconds is None else time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left() -> float | None:
    """Seconds until the work must stop; None without a limit."""
    deadline = _deadline.get()
    return None if deadline is None else deadline - time.monotonic()


def check_time() -> None:
    """Raise TimeLimit when the time is over; long loops call this."""
    left = seconds_left()
    if left is not None and left <= 0:
        raise TimeLimit(
            "The answer took longer than allowed and was stopped.",
            fix="Narrow the lens, ask for less, or ask as a job.",
        )


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Long work inside the block tells how far it has come; what the watcher raises, such as Stopped, ends it."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def progress(what: str, done: int, of: int) -> None:
    """Say how far work has come, and raise TimeLimit when its time is over; long loops call this."""
    check_time()
    if watcher := _watcher.get():
        watcher(what, done / of if of else 1.0)
