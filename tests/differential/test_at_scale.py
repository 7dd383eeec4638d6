"""Every question at 100,000 nodes and 500,000 relationships: both stores give the same bytes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from api.cli import main
from benchmarks.made import lines
from graph.exports import neo4j_csv
from graph.lens import Lens
from graph.limits import time_limit
from tests.graph.actor_reference import Network
from tests.graph.every_question import asked, outcome
from tests.services.neo4j_java import JavaServer
from tests.services.stores import embedded_store, neo4j_store

SIZE = (100_000, 500_000)
LONGEST = 1_800.0  # seconds for one answer: none is to be cut short


@pytest.mark.long
def test_both_stores_answer_alike_at_scale(tmp_path: Path) -> None:
    made, archive = tmp_path / "made.jsonl", tmp_path / "network.zip"
    with made.open("w", encoding="utf-8") as file:
        file.writelines(lines(*SIZE))
    assert main(["load", str(made), "--store", str(tmp_path / "network.db")]) == 0
    with embedded_store(tmp_path) as ours, closing(JavaServer()) as server:
        with archive.open("wb") as written:
            written.writelines(neo4j_csv.write(ours, Lens()))
        server.import_archive(archive)
        nodes = Network(list(ours.nodes()), [])
        with neo4j_store(server, empty=False) as theirs, time_limit(LONGEST):
            assert theirs.version() == ours.version()
            for seed in range(2):
                for name, values in asked(nodes, Random(seed)):
                    assert outcome(theirs, name, values) == outcome(ours, name, values), (seed, name, values)
