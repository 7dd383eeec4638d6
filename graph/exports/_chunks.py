"""Text on its way out, in pieces that are worth sending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LARGEST = 64 * 1024  # characters: one write each, instead of one for each line


def chunks(texts: Iterable[str]) -> Iterator[bytes]:
    """The texts one after the other as UTF-8, in pieces of about 64 KiB."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= LARGEST:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting).encode()
