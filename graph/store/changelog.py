"""The change log, made once for both stores: append-only, chained, and blind to what a caller may not see.

Each row carries, for every level of audience, how many entries up to it that level can see; so a position
in the feed never tells of a hidden change. Ids and previous values stand beside keyed marks of them, and
the chain is over the marks: erasing a person's values leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from graph.model import LEVELS, Audience, ThingName
from graph.store.records import Change
from graph.store.writing import Entry

FIRST_CHAIN = "0" * 64


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the change log as a store keeps it."""

    at: str
    by: str
    entry: Entry
    seen: tuple[int, ...]
    id_mark: str
    previous_mark: str | None
    chain: str


@dataclass
class Log:
    """Where the log stands at the beginning of a transaction; `rows` carries it on."""

    key: bytes
    by: str
    seen: tuple[int, ...] = (0,) * len(LEVELS)
    chain: str = FIRST_CHAIN

    def rows(self, entries: Iterable[Entry]) -> Iterator[LogRow]:
        """The rows that log these entries, in order."""
        now = _now()
        for entry in entries:
            visible = (entry.seen_as(level) is not None for level in range(len(LEVELS)))
            self.seen = tuple(count + is_seen for count, is_seen in zip(self.seen, visible, strict=True))
            id_mark = mark(self.key, f"{entry.thing}:{entry.id}")
            previous = entry.previous
            previous_mark = mark(self.key, previous) if previous is not None else None
            self.chain = chained(self.chain, (now, self.by, *facts(entry)), (id_mark, previous_mark))
            yield LogRow(now, self.by, entry, self.seen, id_mark, previous_mark, self.chain)

    def added(self, thing: ThingName, contents: str, seen: tuple[int, ...]) -> tuple[str, tuple[int, ...], str]:
        """Carry the log on over many things at once; gives the time, and how it stands then."""
        now = _now()
        self.seen = tuple(map(sum, zip(self.seen, seen, strict=True)))
        self.chain = chained(self.chain, (now, self.by, "added", thing, None, None, 0), (contents, None))
        return now, self.seen, self.chain


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def mark(key: bytes, text: str) -> str:
    """A keyed hash: says nothing of the text to whoever lacks the key."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def marks(key: bytes, texts: Iterable[str]) -> bytes:
    """The marks of many texts as bytes, one after the other.

    HMAC-SHA-256 as RFC 2104 has it, begun once for all of them: three times as fast as one by one.
    """
    block = key.ljust(64, b"\0")
    inside = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outside = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    found = []
    for text in texts:
        inner, outer = inside.copy(), outside.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        found.append(outer.digest())
    return b"".join(found)


def facts(entry: Entry) -> tuple[object, ...]:
    """What the chain covers of an entry itself; ids and values are covered by their marks."""
    return entry.action, entry.thing, entry.before, entry.after, int(entry.same)


def chained(chain: str, facts: tuple[object, ...], marks: tuple[str, str | None]) -> str:
    """The link that ties an entry to all before it."""
    return hashlib.sha256("\0".join(map(str, (chain, *facts, *marks))).encode()).hexdigest()


def as_seen(entry: Entry, *, at: str, by: str, position: int, audience: Audience) -> Change | None:
    """An entry of the log as a caller of a level sees it; None when they must not notice it."""
    action = entry.seen_as(audience.level)
    if action is None:
        return None
    was_seen = entry.before is not None and entry.before <= audience.level
    return Change(
        position=position,
        at=at,
        by=by if audience.level >= Audience.team.level else None,
        action=action,
        thing=entry.thing,
        id=entry.id,
        previous=entry.previous if was_seen else None,
    )
