"""The page of a map. The only file that knows pyvis.

Of pyvis only `nodes`, `edges`, `options`, `templateEnv` and `generate_html` are used, with a template of our own, so
that nothing is fetched from outside, every name stays plain text, and pyvis can be replaced in a day.
"""

from __future__ import annotations

import base64
from typing import Any

from graph.wording import counted
from viz.arrange import GROUP_NAME_SIZE, group_lines, name_lines, name_size, unnamed
from viz.legend import sections
from viz.network_map import LegendKind, LegendType, MapNode, MapRelationship, NetworkMap
from viz.page import Surroundings, environment
from viz.scales import SHAPES, extent
from viz.svg import bends, svg
from viz.symbols import BAND, BAND_WIDTH, DASHES

SCRIPTS = ("vendor/vis-network.min.js", "search.js", "names.js", "drawing.js", "map.js")
# Canvas has no round ends here, so a dot is a short dash.
INFERRED_DASHES = [1.5, 4]


def map_page(network_map: NetworkMap, *, standalone: bool, around: Surroundings | None = None) -> str:
    """The map as a page: picture, legend, filters and search, and the same as table and sentences.

    Standalone, it is one file that needs nothing else; otherwise it takes its scripts from `around.static` and holds
    under `SERVED_POLICY`. Raises LimitExceeded when the map holds more than a page can draw.
    """
    from pyvis.network import Network  # takes half a second, and only drawing needs it

    network_map.check_size()
    network = Network(directed=True)
    network.nodes = drawn_nodes(network_map)
    network.edges = drawn_edges(network_map)
    network.options = OPTIONS
    surroundings = None if standalone else around or Surroundings()
    network.templateEnv = environment(_context(network_map, surroundings), scripts=SCRIPTS, around=surroundings)
    network.path = "map.html"
    return str(network.generate_html())


OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "keyboard": False,
        "dragNodes": False,
        "tooltipDelay": 100_000,
    },
    "nodes": {"shape": "custom", "font": {"size": 0}},
    "edges": {"smooth": False, "width": 1.2, "hoverWidth": 1, "selectionWidth": 1.5, "chosen": True},
}


def drawn_nodes(network_map: NetworkMap) -> list[dict[str, Any]]:
    """Nodes in the words of vis-network, in the order in which they are drawn: the larger on top."""
    kinds = {kind.name: kind for kind in network_map.kinds}
    without = unnamed(network_map.nodes)
    ordered = sorted(network_map.nodes, key=lambda node: (node.is_centre, node.is_cog, node.size, node.id))
    looks = [kinds.get(node.kind) or LegendKind(name=node.kind, plural=node.kind) for node in ordered]
    return [_drawn_node(node, look, is_quiet=node.id in without) for node, look in zip(ordered, looks, strict=True)]


def _drawn_node(node: MapNode, look: LegendKind, *, is_quiet: bool) -> dict[str, Any]:
    return {
        "id": node.id,
        "label": "\n".join(name_lines(node)),
        "x": node.x,
        "y": node.y,
        "size": node.size,
        "fill": look.colour,
        "edge": look.border,
        "form": look.shape if look.shape in SHAPES else "dot",
        "mark": look.mark,
        "cog": node.is_cog,
        "centre": node.is_centre,
        "letters": name_size(node),
        "beside": node.ties == 0 and not node.name_side,
        "side": node.name_side,
        "quiet": is_quiet,
    }


def drawn_edges(network_map: NetworkMap) -> list[dict[str, Any]]:
    """Relationships in the words of vis-network, parallel ones bowed apart."""
    types = {row.name: row for row in network_map.types}
    bend_of = bends(network_map.relationships)
    return [
        _drawn_edge(tie, types.get(tie.type) or LegendType(name=tie.type, reads=tie.type), bend_of[tie.id])
        for tie in network_map.relationships
    ]


def _drawn_edge(tie: MapRelationship, look: LegendType, bend: float) -> dict[str, Any]:
    dashes: list[float] | bool = [float(length) for length in DASHES[look.line].split()] or False
    way = "curvedCCW" if bend > 0 else "curvedCW"
    return {
        "id": tie.id,
        "from": tie.source,
        "to": tie.target,
        "color": {"color": look.colour, "highlight": look.colour, "hover": look.colour, "inherit": False},
        "dashes": INFERRED_DASHES if tie.inferred else dashes,
        "arrows": {"to": {"enabled": tie.directed, "scaleFactor": 0.4}},
        "smooth": {"enabled": True, "type": way, "roundness": round(abs(bend), 3)} if bend else False,
    }


def _context(network_map: NetworkMap, around: Surroundings | None) -> dict[str, Any]:
    return {
        "map": network_map,
        "counted": counted,
        "details": _details(network_map),
        "neighbours": _neighbours(network_map),
        "legend": sections(network_map),
        "cogs": leading(network_map),
        "still": around.still if around else _still(network_map),
    }


def leading(network_map: NetworkMap) -> list[MapNode]:
    """Cogs of connection, the first in rank first."""
    cogs = [node for node in network_map.nodes if node.is_cog]
    return sorted(cogs, key=lambda node: (node.rank or len(network_map.nodes) + 1, -node.size, node.name))


def _neighbours(network_map: NetworkMap) -> dict[str, list[MapNode]]:
    """For each node the nodes it is tied to, by name."""
    found: dict[str, dict[str, MapNode]] = {node.id: {} for node in network_map.nodes}
    by_id = {node.id: node for node in network_map.nodes}
    for tie in network_map.relationships:
        found[tie.source][tie.target] = by_id[tie.target]
        found[tie.target][tie.source] = by_id[tie.source]
    return {
        name: sorted((node for other, node in ends.items() if other != name), key=lambda node: (node.name, node.id))
        for name, ends in found.items()
    }


def _details(network_map: NetworkMap) -> dict[str, Any]:
    """What the script needs beside the drawing: facts by id, shapes, grounds of groups."""
    whole = network_map.model_dump(mode="json", exclude_defaults=True, include={"nodes", "relationships", "types"})
    return {
        "nodes": {node["id"]: node for node in whole.get("nodes", [])},
        "relationships": {tie["id"]: tie for tie in whole.get("relationships", [])},
        "types": {row["name"]: row for row in whole.get("types", [])},
        "shapes": SHAPES,
        "reach": {shape: round(extent(shape), 3) for shape in SHAPES},
        "groups": [
            {"id": group.id, "lines": group_lines(group), "outline": group.outline, "tint": group.tint}
            for group in network_map.groups
            if group.outline
        ],
        "band": {"reach": BAND, "width": BAND_WIDTH},
        "groupLetters": GROUP_NAME_SIZE,
        "column": network_map.column,
    }


def _still(network_map: NetworkMap) -> str:
    picture = svg(network_map).encode()
    return "data:image/svg+xml;base64," + base64.b64encode(picture).decode()
