"""The whole network: who works with whom, in groups, with the cogs of connection between them.

Draws actors and what they share (organisations, people, projects, events, publications, funds), and the
relationships that make ties. Places, themes and insights group actors, and being thanked, quoted or cited in
one document is no contact: they would hide the ties, and are drawn when `kind` or `type` names them.
"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from graph.answers import QuestionParameters
from graph.view import View
from graph.wording import capitalised, counted, listed
from viz.network_map import NetworkMap
from viz.sketch import Words, chosen, joined, relationships_among, sketch, standing

LEFT_OUT = ("place", "theme", "insight")


class Parameters(QuestionParameters):
    """How the network is drawn."""

    isolates: bool = Field(False, description="Also draw nodes without any relationship on the map.")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of the groups and of the layout.")


def draw(view: View, parameters: Parameters) -> NetworkMap:
    """The map of everything that the lens lets through."""
    arrays, shown = view.arrays, view.adjacency().visible.nodes.copy()
    if not view.lens.kind:
        shown &= ~np.isin(arrays.nodes.kind, arrays.kind_codes(LEFT_OUT))
    ranking = standing(view, seed=parameters.seed)
    ties_only = not (view.lens.type or view.lens.kind)
    nodes = np.flatnonzero(shown)
    if not parameters.isolates:
        nodes = joined(view, nodes, ties_only=ties_only)
    nodes, cut = chosen(view, nodes, ranking)
    among = relationships_among(view, nodes, ties_only=ties_only)
    ids = [arrays.nodes.ids[number] for number in nodes.tolist()]
    words = _words(view, len(nodes), len(among), ranking.cogs(ids))
    return sketch(view, nodes, among, ranking, words, cut=cut)


def _words(view: View, nodes: int, relationships: int, cogs: list[str]) -> Words:
    names = [node.name for node in view.bodies(cogs[:3]).values()]
    drawn = f"{capitalised(counted(nodes, 'node'))} and {counted(relationships, 'relationship')} among them."
    leading = _leading(cogs, names) if names else ""
    return Words(
        style="network",
        title="Network map",
        summary=drawn + leading,
        description=(
            "Nodes with many ties among them stand together as a group. A cog of connection joins groups that would"
            " otherwise have little contact: it is drawn larger, with a dark ring, between the groups it joins."
        ),
        address="/v1/maps/network",
        command="cogs map network -o network.html",
    )


def _leading(cogs: list[str], names: list[str]) -> str:
    if len(cogs) == 1:
        return f" One cog of connection stands out, {names[0]}."
    return f" {len(cogs)} cogs of connection stand out, first of all {listed(names)}."
