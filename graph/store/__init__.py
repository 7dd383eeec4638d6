"""Where a network is kept: one face, two stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.errors import InputError
from graph.store.base import Store

if TYPE_CHECKING:
    from graph.settings import Settings

__all__ = ["Store", "open_store"]

SERVER_SCHEMES = ("neo4j", "bolt")


def open_store(uri: str | None = None, settings: Settings | None = None) -> Store:
    """Open the store at a file path or at a `neo4j://` or `bolt://` address; without one, the one of the settings.

    A file that is not there yet is made. Raises StoreUnavailable when a server does not answer and
    StoreError when what is there is not a store of ours.
    """
    from graph.settings import read_settings
    from graph.vocabulary import load_vocabulary

    settings = settings or read_settings()
    address = uri or settings.store
    vocabulary = load_vocabulary(settings.vocabulary)
    scheme = address.split("://", 1)[0] if "://" in address else ""
    if scheme.split("+", 1)[0] in SERVER_SCHEMES:
        from graph.store.neo4j import Neo4jStore

        return Neo4jStore(address, vocabulary, settings)
    if scheme:
        raise InputError(
            f"{address} is neither a file nor the address of a Neo4j server.",
            fix="Name a file, or an address that begins with neo4j:// or bolt://.",
            parameter="store",
        )
    from graph.store.embedded import EmbeddedStore

    return EmbeddedStore(address, vocabulary)
