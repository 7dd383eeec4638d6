"""The same work on many parts, on all cores: numpy and scipy let other threads run while they count."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from itertools import chain, islice
from typing import TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")


def side_by_side(work: Callable[[Given], Found], parts: Iterable[Given]) -> Iterator[Found]:
    """What the work makes of each part, in the order of the parts; no more than the cores can do are held at once.

    Each has the caller's time limit and tells the caller's watcher how far it has come; what one raises ends all.
    """
    rest, cores = iter(parts), os.cpu_count() or 1
    first = list(islice(rest, 2))
    if cores == 1 or len(first) < 2:  # threads would only cost
        yield from map(work, chain(first, rest))
        return
    rest = chain(first, rest)
    with ThreadPoolExecutor(cores) as threads:
        begun = (threads.submit(copy_context().run, work, part) for part in rest)
        waiting = deque[Future[Found]](islice(begun, cores))
        try:
            while waiting:
                found = waiting.popleft().result()
                waiting.extend(islice(begun, 1))
                yield found
        finally:
            for one in waiting:
                one.cancel()
