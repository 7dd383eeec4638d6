"""A network as other programs of Python hold it, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.lens import Lens
from graph.model import Node, Record, Relationship, Source
from graph.view import resolved_lens

if TYPE_CHECKING:
    import networkx as nx

    from graph.store.base import Store


def to_networkx(store: Store, lens: Lens) -> nx.MultiDiGraph[str]:
    """Everything visible as a networkx graph: nodes by id, parallel relationships by their own ids.

    Attributes are the stated fields of the model, as plain Python values. Every relationship also has `directed`
    (of its type), `strength`, `confidence` and `inferred` (filled in where nothing is stated); `graph["sources"]` of
    the graph's own attributes holds the sources by id, to which the `evidence` of everything refers.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(sources={})
    for thing in store.export(resolved_lens(store, lens)):
        if isinstance(thing, Source):
            graph.graph["sources"][thing.id] = _stated(thing)
        elif isinstance(thing, Node):
            graph.add_node(thing.id, **_stated(thing))
        else:
            graph.add_edge(thing.source, thing.target, key=thing.id, **_of_relationship(thing, store))
    return graph


def _of_relationship(relationship: Relationship, store: Store) -> dict[str, Any]:
    row = store.vocabulary.types[relationship.type]
    assumed = {"directed": row.directed, "strength": row.strength, "confidence": 1.0, "inferred": False}
    stated = _stated(relationship)
    return assumed | {name: value for name, value in stated.items() if name not in ("source", "target")}


def _stated(thing: Record) -> dict[str, Any]:
    return thing.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
