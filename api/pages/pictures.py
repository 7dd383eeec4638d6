"""A map in small: its largest connected part, brought to a size, with the names that there is room for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from viz.arrange import is_marked, outlined
from viz.network_map import MapNode, NetworkMap
from viz.svg import COMFORTABLE

# A name of no width, where a name would not be read.
UNNAMED = "\u200b"
# More discs than this cannot be told apart in small, and make the picture heavy.
MOST_SHOWN = 300
# Two names nearer than this, across and down, would cover each other.
ROOM_ACROSS, ROOM_DOWN = 100.0, 24.0
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
    part = largest_part(network_map)
    ordered = sorted((node for node in network_map.nodes if node.id in part), key=_first_shown)[:MOST_SHOWN]
    across, down = _factors(ordered, size)
    nodes = [_scaled(node, across, down) for node in ordered]
    named, kept = _named(nodes, size), {node.id for node in nodes}
    unnamed = (group.model_copy(update={"name": UNNAMED}) for group in network_map.groups)
    update = {
        "nodes": tuple(node if node.id in named else node.model_copy(update={"name": UNNAMED}) for node in nodes),
        "relationships": tuple(tie for tie in network_map.relationships if {tie.source, tie.target} <= kept),
        "groups": outlined(tuple(unnamed), nodes),
    }
    return network_map.model_copy(update=update)


def _first_shown(node: MapNode) -> tuple[bool, float, int, str]:
    return not is_marked(node), -node.size, -node.ties, node.id


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
    """All names where there are few, else the centre and the leading cogs that do not stand close to a named one."""
    if len(nodes) <= size.all_named:
        return {node.id for node in nodes}
    named = [node for node in nodes if node.is_centre]
    cogs = (node for node in nodes if node.is_cog and not node.is_centre)
    for cog in sorted(cogs, key=lambda node: (node.rank or len(nodes), node.id)):
        near = any(abs(cog.x - one.x) < ROOM_ACROSS and abs(cog.y - one.y) < ROOM_DOWN for one in named)
        named += [] if near or len(named) == size.cogs_named else [cog]
    return {node.id for node in named}


def _scaled(node: MapNode, across: float, down: float) -> MapNode:
    size = node.size * min(1.0, across, down) ** SHRINK
    return node.model_copy(update={"x": node.x * across, "y": node.y * down, "size": size})
