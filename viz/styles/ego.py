"""One node and what stands around it, within a few steps.

The same nodes as the question `ego_network`: places, themes, publications and insights are shown but not
walked through, unless `through_groups` is true.
"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from graph.answers import NodeName, QuestionParameters
from graph.limits import DEEPEST, MOST_NODES
from graph.traversal import distances
from graph.view import View
from graph.wording import are, capitalised, counted
from viz.network_map import NetworkMap
from viz.sketch import Words, graph_for, relationships_among, sketch, standing


class Parameters(QuestionParameters):
    """Whose surroundings, and how far."""

    node: NodeName = Field(examples=["oldham-council"])
    depth: int = Field(1, ge=1, le=DEEPEST, description="Steps from the centre.")
    limit: int = Field(150, ge=1, le=MOST_NODES, description="Most nodes around the centre, nearest first.")
    through_groups: bool = Field(False, description="Walk through places, themes, publications and insights as well.")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of the groups and of the layout.")


def draw(view: View, parameters: Parameters) -> NetworkMap:
    """The map around the node."""
    centre = view.resolve(parameters.node, "node")
    reached = distances(view.adjacency(through_groups=parameters.through_groups), view.number(centre), parameters.depth)
    kept = list(reached)[: parameters.limit + 1]
    left = len(reached) - len(kept)
    cut = f"{left:,} of {counted(len(reached) - 1, 'node')} around it {are(left)} left out, the farthest first."
    words = _words(view, centre, len(kept) - 1, parameters.depth)
    nodes = np.array(sorted(kept), np.int64)
    return sketch(
        view,
        nodes,
        relationships_among(view, nodes),
        standing(graph_for(view, nodes, seed=parameters.seed), nodes),
        words,
        cut=cut if left else None,
    )


def _words(view: View, centre: str, around: int, depth: int) -> Words:
    name = view.bodies([centre])[centre].name
    steps = "one step" if depth == 1 else f"{depth} steps"
    return Words(
        style="ego",
        title=f"Around {name}",
        summary=f"{capitalised(counted(around, 'node'))} stand{'s' * (around < 2)} within {steps} of {name}.",
        description=f"{name} is the centre, marked by a dark band. Every relationship among the nodes shown is drawn.",
        address=f"/v1/maps/ego?node={centre}&depth={depth}",
        command=f"cogs map ego --node {centre} --depth {depth} -o {centre}.html",
        centre=centre,
    )
