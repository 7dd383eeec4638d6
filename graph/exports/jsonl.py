"""Graph JSON Lines: the whole network without loss, one object per line.

Sources first, then nodes, then relationships, in a stable order. Loading the file into an empty store and exporting
it again gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.exports._chunks import chunks
from graph.lens import Lens
from graph.model import line
from graph.store.base import Store

MEDIA_TYPE = "application/x-ndjson"
SUFFIX = ".jsonl"


def write(store: Store, lens: Lens) -> Iterator[bytes]:
    """Every visible thing as its canonical line."""
    return chunks(f"{line(thing)}\n" for thing in store.export(lens))
