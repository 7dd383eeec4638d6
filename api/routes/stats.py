"""Numbers: how many nodes and relationships there are, of which kinds and types."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from api.reading import Nothing, Read
from api.routing import Get
from graph.answers import Part
from graph.questions import Asking
from graph.view import resolved_lens


class StatsAnswer(Part):
    """How much there is, of what the lens lets through."""

    nodes: int
    relationships: int
    sources: int
    nodes_by_kind: dict[str, int] = Field(examples=[{"organisation": 120, "person": 80}])
    relationships_by_type: dict[str, int] = Field(examples=[{"FUNDS": 12, "WORKS_FOR": 40}])
    graph_version: str


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    asking = Asking("stats", "How many nodes and relationships there are, by kind and by type.", "", Nothing)
    yield Get("/v1/stats", asking, stats, StatsAnswer)


def stats(read: Read) -> StatsAnswer:
    """Count."""
    counts = read.store.counted(resolved_lens(read.store, read.lens))
    return StatsAnswer(
        nodes=counts.nodes,
        relationships=counts.relationships,
        sources=len(read.store.get_sources()),
        nodes_by_kind=dict(counts.kinds),
        relationships_by_type=dict(counts.types),
        graph_version=read.graph_version,
    )
