"""Every test of this folder runs on both stores."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.store.base import Store
from tests.contract.networks import town
from tests.services.stores import embedded_store, neo4j_store

BOTH = ["embedded", "neo4j"]


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store that is fresh and empty."""
    with opened(request, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def filled(store: Store) -> Store:
    """The same store with the small town in it."""
    store.apply(town(), by="clerk")
    return store


@pytest.fixture(params=BOTH, scope="module")
def town_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The small town for a whole module, which only reads."""
    with opened(request, tmp_path_factory.mktemp("town")) as store:
        store.apply(town(), by="clerk")
        yield store


@pytest.fixture
def second(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Callable[[], Store]:
    """Open the same store once more, as another program would."""
    if store.uri.startswith("bolt"):
        server = request.getfixturevalue("neo4j_server")
        return lambda: neo4j_store(server, empty=False)
    return lambda: embedded_store(tmp_path)


def opened(request: pytest.FixtureRequest, folder: Path) -> Store:
    if request.param == "embedded":
        return embedded_store(folder)
    return neo4j_store(request.getfixturevalue("neo4j_server"))
