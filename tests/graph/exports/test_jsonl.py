"""Graph JSON Lines come back as they went out, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from graph.exports import jsonl
from graph.lens import Lens
from graph.model import Audience
from graph.store.records import Batch
from loaders.run import load
from tests.graph.exports.networks import EVERYTHING, batches, by_hand, store_with


def assert_round_trip(batch: Batch) -> None:
    with store_with(batch) as first, store_with(Batch()) as second, TemporaryDirectory() as folder:
        written = b"".join(jsonl.write(first, EVERYTHING))
        file = Path(folder) / "network.jsonl"
        file.write_bytes(written)
        report = load(second, [file], by="a test")
        assert report.rejected == ()
        assert b"".join(jsonl.write(second, EVERYTHING)) == written
        assert second.version() == first.version()
        assert load(second, [file], by="a test").changed == 0


def test_hostile_texts_and_every_field_come_back() -> None:
    assert_round_trip(by_hand())


@settings(max_examples=30)
@given(batches())
def test_any_network_comes_back(batch: Batch) -> None:
    assert_round_trip(batch)


def test_order_is_sources_then_nodes_then_relationships_by_kind_and_id() -> None:
    with store_with(by_hand()) as store:
        lines = [json.loads(line) for line in b"".join(jsonl.write(store, EVERYTHING)).splitlines()]
    assert [next(iter(line)) for line in lines] == ["source"] * 2 + ["node"] * 9 + ["relationship"] * 3
    assert [line["relationship"]["id"] for line in lines[11:]] == ["grant-2019", "grant-2020", 'tie<"&>']
    assert lines[0] == {"source": {"id": "minutes", "title": "Minutes <of> a meeting", "date": "2020-01"}}


@pytest.mark.parametrize(("audience", "ties"), [(Audience.public, 2), (Audience.network, 2), (Audience.team, 3)])
def test_what_lies_above_the_level_does_not_leave(audience: Audience, ties: int) -> None:
    with store_with(by_hand()) as store:
        written = b"".join(jsonl.write(store, Lens(audience=audience)))
    assert written.count(b'{"relationship":') == ties


def test_large_networks_leave_in_pieces() -> None:
    batch = by_hand()
    many = [batch.nodes[0].model_copy(update={"id": f"copy-{number}"}) for number in range(500)]
    with store_with(Batch(sources=batch.sources, nodes=many)) as store:
        pieces = list(jsonl.write(store, EVERYTHING))
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 128 * 1024
