"""Who stands around one node: everything within a few steps, and all relationships among them.

Walks the knowledge graph in either direction. Places, themes, publications and insights are reached but
not walked through, unless `through_groups` is true.
"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from graph.answers import (
    Cut,
    NodeInAnswer,
    NodeName,
    QuestionAnswer,
    QuestionParameters,
    RelationshipInAnswer,
)
from graph.limits import DEEPEST, MOST_NODES
from graph.questions import empty_meta
from graph.rows import distinct
from graph.traversal import distances
from graph.unchecked import unchecked
from graph.view import View


class Parameters(QuestionParameters):
    """Whose network, and how far."""

    node: NodeName = Field(examples=["oldham-council"])
    depth: int = Field(1, ge=1, le=DEEPEST, description="Steps from the centre.")
    limit: int = Field(200, ge=1, le=MOST_NODES, description="Most nodes around the centre, nearest first.")
    through_groups: bool = Field(False, description="Walk through places, themes, publications and insights as well.")


class NodeAtDistance(NodeInAnswer):
    """A node with its distance from the centre."""

    distance: int = Field(description="Steps from the centre; the centre itself has 0.")


class Answer(QuestionAnswer):
    """The centre, all nodes within reach (nearest first, then by id), and all relationships among them."""

    centre: NodeInAnswer
    nodes: tuple[NodeAtDistance, ...]
    relationships: tuple[RelationshipInAnswer, ...]


def answer(view: View, parameters: Parameters) -> Answer:
    """Walk outwards from the node and tell what is there."""
    centre = view.resolve(parameters.node, "node")
    walk = view.walk(through_groups=parameters.through_groups)
    reached = walk.settled(lambda: distances(walk, walk.number(centre), parameters.depth))
    kept = dict(list(reached.items())[: parameters.limit + 1])
    if len(kept) < len(reached):
        view.cut = Cut(limit="limit", kept=parameters.limit, of=len(reached) - 1)
    numbers = np.array(sorted(kept), np.int64)
    steps = walk.steps(numbers)
    among = distinct(steps.relationship[np.isin(steps.neighbour, numbers)])
    ids = walk.ids(kept)
    nodes = view.nodes(ids)
    return Answer(
        meta=empty_meta("ego_network"),
        centre=nodes[centre],
        nodes=tuple(
            unchecked(NodeAtDistance, {**nodes[id].__dict__, "distance": distance})
            for id, distance in zip(ids, kept.values(), strict=True)
        ),
        relationships=tuple(view.told(view.relationships_by_id(walk.relationships(among.tolist())))),
    )
