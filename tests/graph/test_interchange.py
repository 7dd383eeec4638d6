"""The networkx graph that notebooks get."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings

from graph.errors import NotFound
from graph.lens import Lens
from graph.store.records import Batch
from tests.graph.exports.networks import batches, by_hand, store_with


def test_nodes_and_relationships_carry_their_stated_fields() -> None:
    with store_with(by_hand()) as store:
        graph = store.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    wigan = graph.nodes["wigan-council"]
    assert (wigan["name"], wigan["subkind"], wigan["attributes"]["staff"]) == ("Wigan Council", "council", 5)
    assert "url" not in wigan
    assert graph["wigan-council"]["n1"]["grant-2019"] == {
        "type": "FUNDS",
        "start": "2019",
        "role": "-",
        "amount": 40_000,
        "currency": "GBP",
        "directed": True,
        "strength": 0.3,
        "confidence": 1.0,
        "inferred": False,
        "evidence": [
            {"source": "minutes", "locator": "page 2", "note": "=not a formula"},
            {"source": "register"},
        ],
    }
    tie = graph["n1"]["n2"]['tie<"&>']
    assert (tie["directed"], tie["strength"], tie["confidence"], tie["inferred"]) == (False, 0.25, 0.5, True)
    assert graph.graph["sources"]["minutes"]["title"] == "Minutes <of> a meeting"


def test_the_lens_says_what_is_there() -> None:
    with store_with(by_hand()) as store:
        graph = store.to_networkx(Lens(type=("PARTNERS_WITH",)))
        assert graph.number_of_nodes() == 9
        assert graph.number_of_edges() == 1
        with pytest.raises(NotFound):
            store.to_networkx(Lens(place=("nowhere",)))


@settings(max_examples=25)
@given(batches())
def test_nothing_is_lost_on_the_way(batch: Batch) -> None:
    with store_with(batch) as store:
        graph = store.to_networkx()
    assert graph.number_of_nodes() == len(batch.nodes)
    assert graph.number_of_edges() == len(batch.relationships)
