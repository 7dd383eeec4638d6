"""A store for each test; every test runs with native lines one by one, and with all of them in blocks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store import Store, open_store
from loaders import packing


@pytest.fixture(params=[packing.LEAST, 1], ids=["lines", "blocks"])
def store(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(packing, "LEAST", request.param)
    with open_store(str(tmp_path / "network.db")) as store:
        yield store
