"""Questions about money and time on busy networks: both stores must answer with the same bytes, and at length."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.model import Source
from graph.questions import ask
from graph.store.base import Store
from graph.store.records import Batch
from tests.graph.money_reference import busy_paying_network
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import embedded_store, neo4j_store

DATES = {"before": "2018", "after": "2020"}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("timeline", {"by": "month"}),
    ("co_funding", {}),
    ("co_funding", {"period": "2019/2020", "funder": "o0"}),
    ("flows", {"payer": "o0"}),
    ("flows", {"place": "region"}),
    ("undervalued_cogs", {"peer_sector": "any", "limit": 500}),
    ("undervalued_cogs", {"peer_sector": "any", "period": "2019", "actors": ["organisation"]}),
    ("portfolio", {"funder": "o0"}),
    ("portfolio", {"funder": "o0", "period": "2019", "carriers": True}),
    ("compare", DATES),
    ("compare", DATES | {"as_known": True, "half_life": 12}),
]


def answers(store: Store, seed: int) -> list[str]:
    network = busy_paying_network(seed)
    store.apply(Batch([Source(id="s", title="S")], network.nodes, network.relationships), by="test")
    return [ask(store, question, values).model_dump_json() for question, values in ASKED]


@pytest.mark.parametrize("seed", range(6))
def test_both_stores_answer_alike(seed: int, tmp_path: Path, neo4j_server: Neo4jServer) -> None:
    with embedded_store(tmp_path) as embedded, neo4j_store(neo4j_server) as server:
        found = answers(embedded, seed)
        assert found == answers(server, seed)
    assert not any(word in text for text in found for word in ("NaN", "Infinity", "-0.0,"))
    filled = 0
    for text in found:
        lists = [value for value in json.loads(text).values() if isinstance(value, list)]
        filled += any(lists)
    assert filled >= len(ASKED) - 2  # equal answers of nothing would prove little
