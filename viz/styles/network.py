"""The whole network: who works with whom, in groups, with the cogs of connection between them.

Draws actors and what they share (organisations, people, projects, events, publications, funds), and the
relationships that make ties. Places, themes and insights group actors, and being thanked, quoted or cited in
one document is no contact: they would hide the ties, and are drawn when `kind` or `type` names them.
"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.adjacency import Ints
from graph.view import View
from graph.wording import are, capitalised, counted, listed
from viz.narrowing import PartParameters, community, part_meant, room
from viz.network_map import MOST_NODES, MOST_RELATIONSHIPS, MapLink, NetworkMap
from viz.sketch import (
    LARGE,
    Words,
    among_themselves,
    busiest,
    graph_alone,
    highest,
    joined,
    relationships_among,
    sketch,
    standing,
)

LEFT_OUT = ("place", "theme", "insight")
# Of a large network so many are drawn: the names of more could not be read, and nobody could follow their ties.
MOST_OF_LARGE = 500


class Parameters(PartParameters):
    """How the network is drawn."""

    isolates: bool = Field(False, description="Also draw nodes without any relationship on the map.")


def draw(view: View, parameters: Parameters) -> NetworkMap:
    """The map of everything that the lens lets through, or of one community."""
    part = part_meant(view, parameters) if parameters.community else None
    ties_only = not (view.lens.type or view.lens.kind)
    whole = _nodes(view, part, isolates=parameters.isolates, ties_only=ties_only)
    if len(whole) > LARGE:
        nodes = busiest(view, whole, MOST_OF_LARGE)
        graph = graph_alone(view, nodes, seed=parameters.seed)
    else:
        graph = part or actor_graph(view.arrays, view.lens, ActorOptions(seed=parameters.seed))
        nodes = highest(view, whole, graph, MOST_NODES)
    ranking = standing(graph, nodes, resolution=parameters.resolution)
    among = relationships_among(view, nodes, ties_only=ties_only)
    words = _words(view, parameters, (len(nodes), len(among)), ranking.leading)
    cut = _cut(len(whole), len(nodes))
    return sketch(view, nodes, among, ranking, words, cut=cut).model_copy(
        update={"links": tuple(_links(view, parameters, is_cut=bool(cut)))}
    )


def _nodes(view: View, part: ActorGraph | None, *, isolates: bool, ties_only: bool) -> Ints:
    """Everything that belongs on the map if there is room; of a community its members and what two of them share."""
    arrays, shown = view.arrays, view.adjacency().visible.nodes.copy()
    if not view.lens.kind:
        shown &= ~np.isin(arrays.nodes.kind, arrays.kind_codes(LEFT_OUT))
    if part is None:
        return np.flatnonzero(shown) if isolates else joined(view, shown, ties_only=ties_only)
    return among_themselves(view, part, shown, ties_only=ties_only)


def _cut(whole: int, drawn: int) -> str | None:
    """What was left out, and where all of it can be seen."""
    if drawn == whole:
        return None
    chosen = "those with most relationships are drawn" if whole > LARGE else "the leading cogs come first"
    left = whole - drawn
    return (
        f"{left:,} of {whole:,} nodes {are(left)} left out; {chosen}. The map “communities” shows all of them as discs"
        " that open one by one; or narrow this map by kind, type, place or theme."
    )


def _links(view: View, parameters: Parameters, *, is_cut: bool) -> list[MapLink]:
    around = parameters.community
    inside = MapLink(words="All of it as communities", href=room(view, "communities", parameters, around))
    whole = MapLink(words="All communities", href=room(view, "communities", parameters))
    return [inside] * is_cut + [whole] * bool(around)


def _words(view: View, parameters: Parameters, numbers: tuple[int, int], cogs: tuple[str, ...]) -> Words:
    nodes, relationships = numbers[0], min(numbers[1], MOST_RELATIONSHIPS)
    names = [node.name for node in view.bodies(cogs[:3]).values()]
    drawn = f"{capitalised(counted(nodes, 'node'))} and {counted(relationships, 'relationship')} among them."
    leading = _leading(cogs, names) if names else ""
    return Words(
        style="network",
        title=capitalised(community(view, parameters)) if parameters.community else "Network map",
        summary=drawn + leading,
        description=(
            "Nodes with many ties among them stand together as a group. A cog of connection joins groups that would"
            " otherwise have little contact: it is drawn larger, with a dark ring, between the groups it joins."
        ),
        address="/v1/maps/network",
        command="cogs map network -o network.html",
    )


def _leading(cogs: tuple[str, ...], names: list[str]) -> str:
    if len(cogs) == 1:
        return f" One cog of connection stands out, {names[0]}."
    return f" {len(cogs)} cogs of connection stand out, first of all {listed(names)}."
