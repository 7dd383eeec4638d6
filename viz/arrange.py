"""Turns the facts of a map into the drawn map: sizes, positions, outlines of groups, legend."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from graph.vocabulary import Vocabulary
from viz import layout, scales
from viz.labels import block_size, wrap
from viz.network_map import LegendKind, LegendType, MapGroup, MapNode, MapRelationship, NetworkMap, Point
from viz.symbols import BAND

NAME_SIZE = 13.0
COG_NAME_SIZE = 14.5
GROUP_NAME_SIZE = 13.5
# From the corners of its shape to the outer edge of the ring of a cog.
RING = 6.0


def arrange(network_map: NetworkMap, vocabulary: Vocabulary, *, seed: int = 0) -> NetworkMap:
    """The same map with every node sized and placed, its groups outlined, and the legend of what is on it.

    Raises LimitExceeded when the map holds more than a page can draw.
    """
    network_map.check_size()
    nodes = _sized(network_map.nodes)
    shapes = {name: kind.shape for name, kind in vocabulary.kinds.items()}
    places = layout.positions(_network(nodes, network_map.relationships, shapes), seed=seed)
    nodes = tuple(node.model_copy(update=_point(places[node.id])) for node in nodes)
    return network_map.model_copy(
        update={
            "nodes": nodes,
            "groups": outlined(network_map.groups, nodes),
            "kinds": kind_legend(nodes, vocabulary),
            "types": type_legend(network_map.relationships, vocabulary),
        }
    )


def _point(place: tuple[float, float]) -> dict[str, float]:
    return {"x": round(place[0], 1) + 0.0, "y": round(place[1], 1) + 0.0}


def _sized(nodes: Sequence[MapNode]) -> tuple[MapNode, ...]:
    best = max((node.score or 0.0 for node in nodes), default=0.0)
    sizes = [scales.radius(node.score, best=best, count=len(nodes), is_cog=is_marked(node)) for node in nodes]
    return tuple(node.model_copy(update={"size": round(size, 1)}) for node, size in zip(nodes, sizes, strict=True))


def name_lines(node: MapNode) -> tuple[str, ...]:
    """Its name in the lines in which it is drawn; nodes without ties stand in a list, one line each."""
    return wrap(node.name) if node.ties else wrap(node.name, length=26, lines=1)


def reach(node: MapNode, shapes: Mapping[str, str]) -> float:
    """How far a node takes ground around its middle: out to its ring or band; `shapes` by kind."""
    if not is_marked(node):
        return node.size
    around = RING * node.is_cog + BAND * node.is_centre
    return node.size * scales.extent(shapes.get(node.kind, "dot")) + around


def is_marked(node: MapNode) -> bool:
    """Whether it stands out, as a cog of connection or as the centre, and so has its name in any case."""
    return node.is_cog or node.is_centre


def unnamed(nodes: Iterable[MapNode]) -> frozenset[str]:
    """Nodes that stand too close for names: those without ties, where there are many of them."""
    alone = [node.id for node in nodes if not node.ties]
    return frozenset(alone) if len(alone) > layout.LONGEST_LIST else frozenset()


def name_size(node: MapNode) -> float:
    """Height of the letters of its name: those of a cog and of the centre are larger."""
    return COG_NAME_SIZE if is_marked(node) else NAME_SIZE


def group_lines(group: MapGroup) -> tuple[str, ...]:
    """The name of a group in the lines in which it is drawn."""
    return wrap(group.name, length=30, lines=2)


def _network(
    nodes: Sequence[MapNode], relationships: Sequence[MapRelationship], shapes: Mapping[str, str]
) -> layout.Network:
    return layout.Network(
        nodes=tuple(node.id for node in nodes),
        ties=tuple((tie.source, tie.target, tie.strength) for tie in relationships),
        groups={node.id: node.group for node in nodes if node.group is not None},
        cogs=frozenset(node.id for node in nodes if node.is_cog),
        radii={node.id: reach(node, shapes) for node in nodes},
        labels={node.id: block_size(name_lines(node), name_size(node)) for node in nodes},
    )


def outlined(groups: Sequence[MapGroup], nodes: Sequence[MapNode]) -> tuple[MapGroup, ...]:
    """Groups with their outline and the number of their members; none holds the cogs that stand between."""
    members: dict[str, list[MapNode]] = defaultdict(list)
    for node in nodes:
        if node.group is not None:
            members[node.group].append(node)
    tints = scales.tints(group.id for group in groups)
    return tuple(
        group.model_copy(
            update={
                "count": len(members[group.id]),
                "outline": outline(
                    [(node.x, node.y) for node in members[group.id] if not (node.is_cog and node.bridges)]
                ),
                "tint": tints[group.id],
            }
        )
        for group in groups
    )


def outline(points: Sequence[Point]) -> tuple[Point, ...]:
    """Corners of the smallest convex shape around the points; none for fewer than three, or for points in a line."""
    if len(points) < 3:
        return ()
    try:
        corners = ConvexHull(np.array(points)).vertices
    except QhullError:
        return ()
    return tuple(points[int(corner)] for corner in corners)


def kind_legend(nodes: Sequence[MapNode], vocabulary: Vocabulary) -> tuple[LegendKind, ...]:
    """Looks and numbers of the kinds that are on the map, in the order of the vocabulary."""
    counts = Counter(node.kind for node in nodes)
    looks = kind_looks(vocabulary)
    return tuple(looks[name].model_copy(update={"count": counts[name]}) for name in looks if counts[name])


def kind_looks(vocabulary: Vocabulary) -> dict[str, LegendKind]:
    """How every kind looks on every picture, in the order of the vocabulary."""
    marks = scales.marks(vocabulary.kinds)
    return {
        name: LegendKind(
            name=name,
            plural=kind.plural,
            meaning=kind.meaning,
            shape=kind.shape,
            mark=marks[name],
            colour=kind.colour,
            border=scales.border(kind.colour),
        )
        for name, kind in vocabulary.kinds.items()
    }


def type_legend(relationships: Sequence[MapRelationship], vocabulary: Vocabulary) -> tuple[LegendType, ...]:
    """Looks and numbers of the types of relationship that are on the map, in the order of the vocabulary."""
    counts: Mapping[str, int] = Counter(tie.type for tie in relationships)
    return tuple(
        LegendType(
            name=name,
            reads=row.reads,
            meaning=row.meaning,
            line=row.line,
            colour=scales.line_colour(row.colour),
            directed=row.directed,
            count=counts[name],
        )
        for name, row in vocabulary.types.items()
        if counts.get(name)
    )
