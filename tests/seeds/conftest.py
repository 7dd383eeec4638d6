"""The seed tables, and the texts they cite where those are at hand."""

import os
from pathlib import Path

import pytest

from graph.vocabulary import load_vocabulary
from loaders.finding import SEED_TABLES
from loaders.seed_tables import Seed, read_seed

DOCUMENTS = Path(os.environ.get("COGS_TEST_DOCUMENTS", Path(__file__).parents[3] / "shared" / "documents"))


@pytest.fixture(scope="session")
def tables() -> Seed:
    """The seed tables alone."""
    return read_seed(SEED_TABLES, load_vocabulary())


@pytest.fixture(scope="session")
def seed() -> Seed:
    """The seed tables with the texts that they cite."""
    if not DOCUMENTS.is_dir():
        pytest.skip(f"The texts are not in {DOCUMENTS}: COGS_TEST_DOCUMENTS names their folder.")
    return read_seed(SEED_TABLES, load_vocabulary(), documents=DOCUMENTS)
