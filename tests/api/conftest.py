"""Services over real stores: one over the seed graph for the whole run, and small ones made as tests need them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from graph.model import Audience
from graph.settings import Settings
from graph.store import open_store
from graph.store.records import Batch
from loaders.run import load
from tests.api.networks import small_network

Serve = Callable[..., TestClient]


@pytest.fixture(scope="session")
def seed_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The seed graph in a store of its own."""
    path = str(tmp_path_factory.mktemp("seed") / "network.db")
    with open_store(path) as store:
        load(store, ["seeds"], by="test")
    return path


@pytest.fixture(scope="session")
def seed_client(seed_file: str) -> Iterator[TestClient]:
    """The service over the seed graph, as a caller without a key sees it."""
    with TestClient(create_app(Settings(store=seed_file)), follow_redirects=False) as client:
        yield client


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a service over a small network, or another one: `serve(batch, audience=…)`."""
    with ExitStack() as stack:

        def started(batch: Batch | None = None, audience: Audience = Audience.public) -> TestClient:
            path = str(tmp_path / "network.db")
            with open_store(path) as store:
                store.apply(batch or small_network(), by="test")
            app = create_app(Settings(store=path, audience=audience))
            return stack.enter_context(TestClient(app, follow_redirects=False))

        yield started


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service over the small network, as a caller without a key sees it; for tests that only read."""
    path = str(tmp_path_factory.mktemp("small") / "network.db")
    with open_store(path) as store:
        store.apply(small_network(), by="test")
    with TestClient(create_app(Settings(store=path)), follow_redirects=False) as client:
        yield client
