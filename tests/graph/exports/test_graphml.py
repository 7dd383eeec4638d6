"""GraphML as networkx reads it, and the rules of Gephi's own importer."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from typing import Any

import networkx as nx
from hypothesis import given, settings

from graph.exports import graphml
from graph.store.records import Batch
from tests.graph.exports.networks import EVERYTHING, HOSTILE, batches, by_hand, store_with

SPACE = "{http://graphml.graphdrawing.org/xmlns}"


def written(batch: Batch) -> bytes:
    with store_with(batch) as store:
        return b"".join(graphml.write(store, EVERYTHING))


def read_back(batch: Batch) -> Any:
    graph = nx.read_graphml(io.BytesIO(written(batch)), force_multigraph=True)
    assert isinstance(graph, nx.MultiDiGraph)
    return graph


def test_parallel_relationships_are_kept_by_their_ids() -> None:
    graph = read_back(by_hand())
    assert set(graph["wigan-council"]["n1"]) == {"grant-2019", "grant-2020"}
    assert [graph["wigan-council"]["n1"][key]["amount"] for key in ("grant-2019", "grant-2020")] == [40_000, -0.5]


def test_parallel_relationships_make_a_multigraph_without_being_asked() -> None:
    assert isinstance(nx.read_graphml(io.BytesIO(written(by_hand()))), nx.MultiDiGraph)


def test_types_are_intact() -> None:
    graph = read_back(by_hand())
    wigan, tie = graph.nodes["wigan-council"], graph["n1"]["n2"]['tie<"&>']
    assert (wigan["latitude"], wigan["longitude"], wigan["start"]) == (-53.5, 0.0, "1974-04")
    assert (tie["directed"], tie["inferred"], tie["strength"], tie["confidence"]) == (False, True, 0.25, 0.5)
    grant = graph["wigan-council"]["n1"]["grant-2019"]
    assert (grant["directed"], grant["inferred"], grant["strength"], grant["confidence"]) == (True, False, 0.3, 1.0)
    assert (grant["type"], grant["label"], grant["currency"]) == ("FUNDS", "funds", "GBP")
    assert type(grant["amount"]) is float
    assert json.loads(wigan["attributes"])["staff"] == 5


def test_evidence_names_the_source_and_the_place_in_it() -> None:
    assert read_back(by_hand()).nodes["wigan-council"]["evidence"] == "Minutes <of> a meeting, page 2|R"


def test_hostile_names_stay_plain_text() -> None:
    graph = read_back(by_hand())
    assert [graph.nodes[f"n{n}"]["label"] for n in range(7)] == list(HOSTILE[:7])
    assert graph.nodes["n7"]["label"] == "\ufffd\x7f not for XML"


@settings(max_examples=30)
@given(batches())
def test_any_network_is_read_whole(batch: Batch) -> None:
    graph = read_back(batch)
    assert set(graph) == {node.id for node in batch.nodes}
    edges = {(source, target, key) for source, target, key in graph.edges(keys=True)}
    assert edges == {(one.source, one.target, one.id) for one in batch.relationships}


def test_the_importer_of_gephi_finds_every_column() -> None:
    """Gephi: a column for nodes or for edges (`all` would be nodes only), every id once, known types, keys first."""
    root = ET.fromstring(written(by_hand()))
    keys = root.findall(f"{SPACE}key")
    ids = [key.get("id") for key in keys]
    assert len(set(ids)) == len(ids)
    assert {key.get("for") for key in keys} == {"node", "edge"}
    assert {key.get("attr.type") for key in keys} == {"string", "double", "boolean"}
    assert [child.tag for child in root] == [f"{SPACE}key"] * len(keys) + [f"{SPACE}graph"]
    used = {data.get("key") for data in root.iter(f"{SPACE}data")}
    assert used <= set(ids)


def test_the_importer_of_gephi_takes_no_column_for_a_colour_a_place_or_a_number_of_its_own() -> None:
    """Names that its importer gives a meaning: of these only `label` is meant."""
    root = ET.fromstring(written(by_hand()))
    meanings = {"x", "y", "z", "xpos", "ypos", "size", "r", "g", "b", "id", "edgeid", "edgelabel", "weight", "timeset"}
    names = {key.get("attr.name") for key in root.findall(f"{SPACE}key")}
    assert "label" in names
    assert names.isdisjoint(meanings)


def test_no_edge_says_that_it_has_no_direction_in_the_way_that_networkx_refuses() -> None:
    root = ET.fromstring(written(by_hand()))
    assert all(edge.get("directed") is None and edge.get("id") for edge in root.iter(f"{SPACE}edge"))
