"""Small networks of themes, made in a line each."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from graph.model import Evidence, Node, Relationship, Source
from graph.store.base import Store
from graph.store.records import Batch
from tests.services.stores import embedded_store
from viz.maps import draw
from viz.network_map import NetworkMap

SEEN = (Evidence(source="walk"),)
Fact = TypeVar("Fact", Node, Relationship)


def theme(id: str, subkind: str = "concept") -> Node:
    return Node(id=id, kind="theme", subkind=subkind, name=id.title(), evidence=SEEN)


def body(id: str, kind: str = "organisation") -> Node:
    return Node(id=id, kind=kind, name=id.title(), evidence=SEEN)


def ties(type: str, *pairs: tuple[str, str]) -> list[Relationship]:
    return [
        Relationship(id=f"{one}--{type}--{other}", type=type, source=one, target=other, evidence=SEEN)
        for one, other in pairs
    ]


def changed(fact: Fact, **values: Any) -> Fact:
    """The same node or relationship with other values."""
    return type(fact).model_validate(fact.model_dump() | values)


def map_of(store: Store, style: str, **values: Any) -> NetworkMap:
    """A picture that is a map, not a chart."""
    drawn = draw(store, style, values)
    assert isinstance(drawn, NetworkMap)
    return drawn


def store_of(folder: Path, nodes: Iterable[Node], relationships: Iterable[Relationship]) -> Store:
    store = embedded_store(folder)
    source = Source(id="walk", title="What was seen")
    store.apply(Batch(sources=[source], nodes=list(nodes), relationships=list(relationships)), by="a test")
    return store
