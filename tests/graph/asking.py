"""Ask a question of a network that is kept only for the asking."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graph.model import Node, Relationship, Source
from graph.questions import ask
from graph.settings import read_settings
from graph.store import Store, open_store
from graph.store.records import Batch

# A file system in memory where there is one: what is kept only for the asking need not wait for a disk.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@contextmanager
def stored(nodes: Sequence[Node], relationships: Sequence[Relationship]) -> Iterator[Store]:
    """A store with this network and the source `s`."""
    with (
        tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder,
        open_store(str(Path(folder) / "n.db"), read_settings()) as store,
    ):
        store.apply(Batch([Source(id="s", title="S")], nodes, relationships), by="test")
        yield store


def answer_on(nodes: Sequence[Node], relationships: Sequence[Relationship], question: str, **values: Any) -> Any:
    """The answer to one question."""
    with stored(nodes, relationships) as store:
        return ask(store, question, values)
