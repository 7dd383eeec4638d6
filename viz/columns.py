"""Maps whose places mean something: what belongs together stands in columns, to the left and right of a middle.

The styles `framework` and `shifts` use it. They draw few nodes with long names, so a name has the room of its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from graph.adjacency import Ints
from graph.model import Node
from graph.view import View
from viz.arrange import NAME_SIZE, name_lines
from viz.labels import LINE_HEIGHT
from viz.network_map import MapNode, NetworkMap
from viz.sketch import Standing, Words, sketch

Places = dict[str, tuple[float, float]]

ABOVE, BELOW = 16.0, 6.0  # around the lines of a name, for the disc and for a gap
BETWEEN = 22.0
UNRANKED = Standing({}, {}, {}, {})


def themes(view: View) -> dict[str, Node]:
    """The themes that the lens shows, by id."""
    nodes = view.arrays.nodes
    shown = view.adjacency().visible.nodes & np.isin(nodes.kind, view.arrays.kind_codes(["theme"]))
    return view.bodies(nodes.ids[number] for number in np.flatnonzero(shown).tolist())


def ends_of(view: View, types: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Source, target and number of the relationships of these types that the lens shows."""
    edges, ids = view.arrays.relationships, view.arrays.nodes.ids
    shown = view.adjacency().visible.relationships & np.isin(edges.type, view.arrays.type_codes(types))
    for number in np.flatnonzero(shown).tolist():
        yield ids[edges.source[number]], ids[edges.target[number]], number


def drawn(view: View, nodes: Ints, among: Ints, words: Words, *, cut: str | None = None) -> NetworkMap:
    """The map of these nodes and relationships without ranks and groups, to be put in place."""
    return sketch(view, nodes, among, UNRANKED, words, cut=cut)


def placed(
    network_map: NetworkMap,
    places: Mapping[str, tuple[float, float]],
    heads: Iterable[str],
    *,
    column: Iterable[tuple[str, int]],
) -> NetworkMap:
    """The same map with every node where it belongs, and the heads larger than the rest.

    `column` is the same for narrow screens: ids below each other, and how far in; a later mention does not count.
    """
    large: set[str] = set(heads)
    order: dict[str, int] = {}
    for id, depth in column:
        order.setdefault(id, depth)
    nodes = (
        node.model_copy(
            update={
                "x": round(places[node.id][0], 1) + 0.0,
                "y": round(places[node.id][1], 1) + 0.0,
                "size": round(node.size * (1.5 if node.id in large else 1.0), 1),
                "name_side": "" if node.id in large else "left" if places[node.id][0] < 0 else "right",
            }
        )
        for node in network_map.nodes
    )
    return network_map.model_copy(update={"nodes": tuple(nodes), "column": tuple(order.items())})


def column(branches: Iterable[Sequence[MapNode]], x: float) -> Places:
    """Branches one below the other around the middle, each with its nodes in rows as high as their names need.

    In the middle of the map a node stands at the top of its row, with its name below, else amid it, its name beside.
    """
    share = 0.5 if x else 0.0
    places: Places = {}
    y = 0.0
    for branch in branches:
        for node in branch:
            places[node.id] = (x, y + share * height(node))
            y += height(node)
        y += BETWEEN if branch else 0.0
    middle = (y - BETWEEN) / 2
    return {id: (x, y - middle) for id, (x, y) in places.items()}


def height(node: MapNode) -> float:
    """How much of a column a node with its name takes."""
    return ABOVE + BELOW + NAME_SIZE * LINE_HEIGHT * len(name_lines(node))


def sides(branches: Sequence[Sequence[MapNode]]) -> tuple[list[Sequence[MapNode]], list[Sequence[MapNode]]]:
    """The branches in order in two columns of about the same height: the left one, and the right one."""
    whole = sum(_room(branch) for branch in branches)
    left: list[Sequence[MapNode]] = []
    taken = 0.0
    for branch in branches:
        if taken + _room(branch) / 2 > whole / 2:
            break
        left.append(branch)
        taken += _room(branch)
    return left, list(branches[len(left) :])


def _room(branch: Sequence[MapNode]) -> float:
    return sum(height(node) for node in branch) + BETWEEN
