"""Answers of the present state of the network, kept so that the same question costs nothing the second time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_ANSWERS = 64
LARGEST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True)
class Body:
    """An answer as bytes, and what they are."""

    content: bytes
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Kept:
    """Answers by their ETag, of one version: when the network changes, all that was kept is let go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = ""
        self._bodies: OrderedDict[str, Body] = OrderedDict()

    def get(self, version: str, tag: str) -> Body | None:
        """The answer of this tag, if it is kept."""
        with self._lock:
            self._move_to(version)
            return self._bodies.get(tag)

    def put(self, version: str, tag: str, body: Body) -> None:
        """Keep an answer, unless it is very large; the oldest makes room."""
        with self._lock:
            self._move_to(version)
            if len(body.content) <= LARGEST_ANSWER:
                self._bodies[tag] = body
            while len(self._bodies) > MOST_ANSWERS:
                self._bodies.popitem(last=False)

    def _move_to(self, version: str) -> None:
        if version != self._version:
            self._version = version
            self._bodies.clear()
