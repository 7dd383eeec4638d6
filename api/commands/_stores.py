"""The store that a command works on, and the lens it sees it through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.parameters import Reader
    from graph.questions import Asking
    from graph.settings import Settings
    from graph.store import Store


def file_of(address: str) -> Path | None:
    """The file of an embedded store; None for the address of a server."""
    from graph.store import SERVER_SCHEMES

    scheme = address.split("://", 1)[0].split("+", 1)[0] if "://" in address else ""
    return None if scheme in SERVER_SCHEMES else Path(address).expanduser()


@contextmanager
def reading(store: str | None) -> Iterator[Store]:
    """Open a store to read from; a file that is not there is not made."""
    from graph.errors import NotFound
    from graph.settings import read_settings
    from graph.store import open_store

    settings = read_settings(store=store)
    file = file_of(settings.store)
    if file is not None and not file.exists():
        raise NotFound(f"There is no network at {file} yet.", fix="`cogs load seeds` or `cogs serve` makes one.")
    with open_store(settings=settings) as opened:
        yield opened


def reader(asking: Asking, settings: Settings | None = None) -> Reader:
    """Reads the options of something that is asked for."""
    from graph.parameters import Reader
    from graph.settings import read_settings
    from graph.vocabulary import load_vocabulary

    return Reader(asking, load_vocabulary((settings or read_settings()).vocabulary))
