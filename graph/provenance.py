"""How much of the network rests on each source."""

from __future__ import annotations

from collections import Counter

from pydantic import Field

from graph.lens import Lens
from graph.model import Audience, Node, Relationship, Source
from graph.store.base import Store


class SourceInAnswer(Source):
    """A source, and how many facts rest on it."""

    nodes: int = Field(description="Number of nodes with evidence from it, of those the caller may see.")
    relationships: int = Field(description="Number of relationships with evidence from it.")


def sources(store: Store, audience: Audience) -> tuple[SourceInAnswer, ...]:
    """All sources in the order of their ids, with what rests on each as far as the caller may see."""
    kept = store.arrays().visible(Lens(audience=audience)).cache
    if "facts by source" not in kept:
        kept["facts by source"] = _facts(store, audience)
    nodes, relationships = kept["facts by source"]
    return tuple(
        SourceInAnswer(**source.__dict__, nodes=nodes[source.id], relationships=relationships[source.id])
        for source in store.get_sources().values()
    )


def _facts(store: Store, audience: Audience) -> tuple[Counter[str], Counter[str]]:
    nodes: Counter[str] = Counter()
    relationships: Counter[str] = Counter()
    for thing in store.export(Lens(audience=audience)):
        if isinstance(thing, Node | Relationship):
            counted = nodes if isinstance(thing, Node) else relationships
            counted.update({evidence.source for evidence in thing.evidence})
    return nodes, relationships
