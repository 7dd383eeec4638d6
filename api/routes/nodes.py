"""Nodes: the list, one with its counts, and its relationships with the other end beside each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from pydantic import Field

from api.reading import Nothing, PageParameters, Read, from_cursor, page_of
from api.routes.relationships import RelationshipWhole, has_role, key, matching, whole
from api.routing import Get, NoLens
from graph.answers import NodeInAnswer, Part
from graph.finding import node
from graph.lens import Lens
from graph.model import Node, Word
from graph.questions import Asking, settled
from graph.store.records import Around
from graph.view import View, resolved_lens


class NodePage(Part):
    """Nodes in the order of kind and id."""

    items: tuple[Node, ...]
    next: str | None = Field(description="Address of the next page, relative; null on the last.")
    graph_version: str


class NodeAnswer(Node):
    """A node with everything that is kept of it."""

    counts: dict[str, int] = Field(description="Number of its relationships by type, of those the caller may see.")
    graph_version: str


class AroundParameters(PageParameters):
    """Which relationships of the node, besides the lens."""

    direction: Literal["out", "in", "both"] = Field("both", description="From the node, to it, or both.")
    kind: tuple[Word, ...] = Field((), description="Only those whose other end is of these kinds.")
    type: tuple[Word, ...] = Field((), description="Only those of these types.")
    role: str | None = Field(None, min_length=1, max_length=200, description="Only those whose role holds this text.")


class RelationshipAround(RelationshipWhole):
    """A relationship as seen from one node."""

    direction: Literal["out", "in"] = Field(description="Whether it starts from the node or leads to it.")
    other: NodeInAnswer = Field(description="The node at its other end.")


class AroundPage(Part):
    """Relationships of one node in the order of type and id."""

    items: tuple[RelationshipAround, ...]
    next: str | None = Field(description="Address of the next page, relative; null on the last.")
    graph_version: str


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    listing = Asking("nodes", "Nodes, a page at a time.", "In the order of kind and id.", PageParameters)
    yield Get("/v1/nodes", listing, nodes, NodePage)
    one = NoLens(
        "node",
        "One node, with the number of its relationships by type.",
        "A merged id answers 308 to the surviving one, a forgotten one 410.",
        Nothing,
    )
    yield Get("/v1/nodes/{id}", one, node_answer, NodeAnswer)
    around = Asking("node_relationships", "Relationships of one node, with the other ends.", "", AroundParameters)
    yield Get("/v1/nodes/{id}/relationships", around, node_relationships, AroundPage)


def nodes(read: Read) -> NodePage:
    """A page of nodes."""
    limit = read.parameters.limit
    after = from_cursor(read.parameters.cursor)
    found = list(read.store.nodes(resolved_lens(read.store, read.lens), after=after, limit=limit + 1))
    return NodePage(
        items=tuple(found[:limit]),
        next=page_of([f"{one.kind}/{one.id}" for one in found], limit, read),
        graph_version=read.graph_version,
    )


def node_answer(read: Read) -> NodeAnswer:
    """One node by its id."""
    found = node(read.store, read.ids["id"], read.lens)
    counts = dict(read.store.counts(read.lens, around=found.id).types)
    return NodeAnswer.model_construct(**found.__dict__, counts=counts, graph_version=read.graph_version)


def node_relationships(read: Read) -> AroundPage:
    """A page of the relationships of one node."""
    parameters: AroundParameters = read.parameters
    resolved_lens(read.store, Lens(kind=parameters.kind, type=parameters.type, audience=read.lens.audience))
    centre = node(read.store, read.ids["id"], read.lens.audience_only()).id
    return settled(read.store, read.lens, lambda view: _around(view, centre, read))[1]


def _around(view: View, centre: str, read: Read) -> AroundPage:
    parameters: AroundParameters = read.parameters
    around = Around(centre, parameters.direction, parameters.type, parameters.kind)
    after = from_cursor(parameters.cursor)
    found = list(
        islice(matching(view, around, after, lambda one: has_role(one, parameters.role)), parameters.limit + 1)
    )
    kept = found[: parameters.limit]
    ends = [one.target if one.source == centre else one.source for one in kept]
    others = view.nodes(ends)
    return AroundPage(
        items=tuple(
            RelationshipAround(**one.__dict__, direction="out" if one.source == centre else "in", other=others[end])
            for one, end in zip(whole(view, kept), ends, strict=True)
        ),
        next=page_of([key(one) for one in found], parameters.limit, read),
        graph_version=view.graph_version,
    )
