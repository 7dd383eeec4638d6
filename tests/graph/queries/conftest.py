"""A small network whose answers can be worked out by hand.

ann -WORKS_FOR- council        council -PARTNERS- hub -PARTNERS- trust
bob -WORKS_FOR- trust          hub -PARTNERS- firm       firm -PARTNERS- college
ann -KNOWS- bob                library: alone            festival: council and firm took part
council and library are in town, firm in mill, which is part of town
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.model import Node, Relationship, Source
from graph.settings import read_settings
from graph.store import Store, open_store
from graph.store.records import Batch

EVIDENCE = [{"source": "s", "locator": "line 1"}]
NODES = {
    "council": ("organisation", "public"),
    "hub": ("organisation", "community"),
    "trust": ("organisation", "funder"),
    "firm": ("organisation", "business"),
    "college": ("organisation", "academia"),
    "library": ("organisation", "public"),
    "ann": ("person", None),
    "bob": ("person", None),
    "festival": ("event", None),
    "town": ("place", None),
    "mill": ("place", None),
}
RELATIONSHIPS = [
    ("ann", "WORKS_FOR", "council"),
    ("bob", "WORKS_FOR", "trust"),
    ("ann", "KNOWS", "bob"),
    ("council", "PARTNERS_WITH", "hub"),
    ("hub", "PARTNERS_WITH", "trust"),
    ("hub", "PARTNERS_WITH", "firm"),
    ("firm", "PARTNERS_WITH", "college"),
    ("council", "TOOK_PART_IN", "festival"),
    ("firm", "TOOK_PART_IN", "festival"),
    ("council", "LOCATED_IN", "town"),
    ("library", "LOCATED_IN", "town"),
    ("firm", "LOCATED_IN", "mill"),
    ("mill", "PART_OF", "town"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    nodes = [
        Node.model_validate({"id": id, "kind": kind, "name": id.title(), "sector": sector, "evidence": EVIDENCE})
        for id, (kind, sector) in NODES.items()
    ]
    relationships = [
        Relationship.model_validate(
            {"id": f"{source}-{type}-{target}", "type": type, "source": source, "target": target, "evidence": EVIDENCE}
        )
        for source, type, target in RELATIONSHIPS
    ]
    with open_store(str(tmp_path / "network.db"), read_settings()) as store:
        store.apply(Batch([Source(id="s", title="S")], nodes, relationships), by="test")
        yield store
