"""Fresh and empty stores of both sorts."""

from pathlib import Path

from graph.settings import read_settings
from graph.store import open_store
from graph.store.base import Store
from tests.services.neo4j_face import Neo4jServer


def embedded_store(folder: Path) -> Store:
    """Open a new file."""
    return open_store(str(folder / "network.db"), read_settings())


def neo4j_store(server: Neo4jServer, *, empty: bool = True, **settings: object) -> Store:
    """Open the network on a server, emptied first unless it is to be kept."""
    if empty:
        server.empty()
    given = {"neo4j_user": server.user, "neo4j_password": server.password, **settings}
    return open_store(server.uri, read_settings(**given))
