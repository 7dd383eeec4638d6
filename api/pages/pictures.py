"""A map in small: its largest connected part, brought to a size, with the names that there is room for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from viz.network_map import MapNode, NetworkMap
from viz.svg import COMFORTABLE

# A name of no width, where a name would not be read.
UNNAMED = "\u200b"
# Discs shrink less than distances, or they could not be told apart.
SHRINK = 0.5
LARGEST_FACTOR, MOST_UNEVEN = 2.0, 1.6


@dataclass(frozen=True)
class Size:
    """How large a picture is, in pixels, and up to how many nodes all of them are named."""

    width: float
    height: float
    all_named: int
    cogs_named: int


SIZES = {
    "large": Size(500, 420, 30, 12),
    "small": Size(300, 260, 24, 4),
    "narrow": Size(270, 270, 12, 5),
}


def in_small(network_map: NetworkMap, size: Size) -> NetworkMap:
    """The same map, small: positions scaled, letters as large as ever, and only the names that fit."""
    kept = largest_part(network_map)
    nodes = [node for node in network_map.nodes if node.id in kept]
    across, down = _factors(nodes, size)
    named = _named(nodes, size)
    groups = [group for group in network_map.groups if sum(node.group == group.id for node in nodes) > 2]
    return network_map.model_copy(
        update={
            "nodes": tuple(_scaled(node, (across, down), is_named=node.id in named) for node in nodes),
            "relationships": tuple(tie for tie in network_map.relationships if {tie.source, tie.target} <= kept),
            "groups": tuple(
                group.model_copy(
                    update={"outline": tuple((x * across, y * down) for x, y in group.outline), "name": UNNAMED}
                )
                for group in groups
            ),
        }
    )


def largest_part(network_map: NetworkMap) -> AbstractSet[str]:
    """Ids of the nodes of the largest connected part; of equal ones that with the smallest id."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for tie in network_map.relationships:
        neighbours[tie.source].add(tie.target)
        neighbours[tie.target].add(tie.source)
    best: set[str] = set()
    seen: set[str] = set()
    for start in sorted(node.id for node in network_map.nodes):
        part, frontier = {start}, [start]
        while frontier and start not in seen:
            frontier = [other for id in frontier for other in neighbours[id] if other not in part]
            part.update(frontier)
        seen |= part
        best = part if len(part) > len(best) else best
    return best


def _factors(nodes: list[MapNode], size: Size) -> tuple[float, float]:
    """How far positions are drawn apart across and down, so that the picture is filled and names find room."""
    width, height = _extent([node.x for node in nodes]), _extent([node.y for node in nodes])
    across, down = size.width / max(width, 1.0), size.height / max(height, 1.0)
    least = min(across, down, LARGEST_FACTOR)
    pulled = max(1.0, math.sqrt(len(nodes) / COMFORTABLE))  # the picture itself pulls many nodes apart
    return min(across, least * MOST_UNEVEN) / pulled, min(down, least * MOST_UNEVEN) / pulled


def _extent(places: list[float]) -> float:
    return max(places, default=0.0) - min(places, default=0.0)


def _named(nodes: list[MapNode], size: Size) -> AbstractSet[str]:
    if len(nodes) <= size.all_named:
        return {node.id for node in nodes}
    cogs = sorted((node for node in nodes if node.is_cog), key=lambda node: (node.rank or len(nodes), node.id))
    return {node.id for node in cogs[: size.cogs_named]}


def _scaled(node: MapNode, factors: tuple[float, float], *, is_named: bool) -> MapNode:
    across, down = factors
    update = {"x": node.x * across, "y": node.y * down, "size": node.size * min(1.0, across, down) ** SHRINK}
    return node.model_copy(update=update | ({} if is_named else {"name": UNNAMED}))
