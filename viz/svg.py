"""A map as a picture: SVG with real text, and PNG from it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from xml.sax.saxutils import escape

from viz.arrange import GROUP_NAME_SIZE, group_lines, is_marked, name_lines, name_size, reach, unnamed
from viz.grounds import PAD, name_places
from viz.labels import LINE_HEIGHT, Box, Disc, Wanted, block_size, place_labels, wrap
from viz.legend import sections
from viz.network_map import LegendKind, LegendType, MapGroup, MapNode, MapRelationship, NetworkMap
from viz.scales import PAPER
from viz.symbols import GROUP_INK, INK, SOFT_INK, arrow, dashes_of, disc, halo, number, tag, text

FACE = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans Condensed', sans-serif"
MARGIN, LEGEND_WIDTH = 32.0, 270.0
LEGEND_ROW, LEGEND_GAP = 18.0, 8.0
# With more nodes than this the picture grows, while its letters keep their size, so that names find room.
COMFORTABLE = 60


@dataclass(frozen=True)
class _Drawing:
    """Everything in place: nodes by id, scaled apart so that names fit, and the names that do."""

    map: NetworkMap
    nodes: Mapping[str, MapNode]
    groups: tuple[MapGroup, ...]
    names: Mapping[str, Box]


def svg(network_map: NetworkMap, *, legend: bool = True) -> str:
    """The map as an SVG picture: real text, a title and a description for screen readers, the exact legend.

    `legend=False` leaves title and legend out, for a small picture beside other text.
    """
    drawing = _drawing(network_map)
    left, top, right, bottom = _bounds(drawing)
    head = _head(network_map, right - left + LEGEND_WIDTH) if legend else []
    above = 46.0 + 24.0 * len(head) if legend else 0.0
    beside = LEGEND_WIDTH if legend else 0.0
    listed = _listed(drawing, right - left) if legend else ()
    tall = max(bottom - top, _legend_height(network_map)) if legend else bottom - top
    height = above + tall + LEGEND_ROW * len(listed) + 2 * MARGIN
    parts = [
        *_opening(network_map, (left - MARGIN, top - above - MARGIN, right - left + beside + 2 * MARGIN, height)),
        *_group_grounds(drawing.groups),
        *_lines(drawing),
        *_discs(drawing),
        *_names(drawing),
    ]
    if legend:
        parts += _title_lines(network_map, head, left, top - above)
        parts += _legend(network_map, right + 24, top)
        parts += [text(line, left, top + tall + LEGEND_ROW * row, font_size=12) for row, line in enumerate(listed, 1)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def png(network_map: NetworkMap, *, width: int = 2_000, legend: bool = True) -> bytes:
    """The same picture as PNG, `width` pixels wide."""
    return raster(svg(network_map, legend=legend), width=width)


def raster(picture: str, *, width: int = 2_000) -> bytes:
    """An SVG picture as PNG, `width` pixels wide; the letters come from a font that is part of the product."""
    import resvg_py  # only those who draw need it

    with as_file(files("viz") / "static" / "fonts") as fonts:
        drawn = resvg_py.svg_to_bytes(
            svg_string=picture.replace("<svg ", '<svg font-stretch="condensed" ', 1),
            width=width,
            background=PAPER,
            font_dirs=[str(fonts)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    return bytes(drawn)


def _drawing(network_map: NetworkMap) -> _Drawing:
    stretch = max(1.0, math.sqrt(len(network_map.nodes) / COMFORTABLE))
    grow = math.sqrt(stretch)
    nodes = {
        node.id: node.model_copy(update={"x": node.x * stretch, "y": node.y * stretch, "size": node.size * grow})
        for node in network_map.nodes
    }
    groups = tuple(
        group.model_copy(update={"outline": tuple((x * stretch, y * stretch) for x, y in group.outline)})
        for group in network_map.groups
    )
    shapes = {kind.name: kind.shape for kind in network_map.kinds}
    discs = [
        Disc(node.id, node.x, node.y, reach(node, shapes), is_minor=not is_marked(node)) for node in nodes.values()
    ]
    return _Drawing(network_map, nodes, groups, place_labels(_wanted(groups, nodes, discs), discs))


def _wanted(groups: Sequence[MapGroup], nodes: Mapping[str, MapNode], discs: Sequence[Disc]) -> list[Wanted]:
    """Names in the order in which they may take ground: the centre, cogs, groups, then by size and number of ties."""
    without = unnamed(nodes.values())
    ordered = sorted(
        ((disc, nodes[disc.id]) for disc in discs if disc.id not in without),
        key=lambda pair: (not pair[1].is_centre, not pair[1].is_cog, -pair[1].size, -pair[1].ties, pair[1].id),
    )
    names = [Wanted(node.id, _choices(disc, node), needed=is_marked(node)) for disc, node in ordered]
    marked = sum(is_marked(nodes[name.id]) for name in names)
    return [*names[:marked], *(_group_wanted(group, groups) for group in groups if group.outline), *names[marked:]]


def _choices(disc: Disc, node: MapNode) -> tuple[Box, ...]:
    size = block_size(name_lines(node), name_size(node))
    return disc.around(size, beside=node.ties == 0 and not node.name_side, side=node.name_side)


def _group_wanted(group: MapGroup, groups: Sequence[MapGroup]) -> Wanted:
    size = block_size(group_lines(group), GROUP_NAME_SIZE)
    others = [other.outline for other in groups if other.id != group.id]
    return Wanted("group " + group.id, tuple(name_places(group.outline, others, size)), needed=True)


def _bounds(drawing: _Drawing) -> tuple[float, float, float, float]:
    boxes = [Disc(node.id, node.x, node.y, node.size).box for node in drawing.nodes.values()]
    boxes += drawing.names.values()
    boxes += [Box(x - PAD, y - PAD, x + PAD, y + PAD) for group in drawing.groups for x, y in group.outline]
    if not boxes:
        return -200.0, -100.0, 200.0, 100.0
    return (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _opening(network_map: NetworkMap, box: tuple[float, float, float, float]) -> list[str]:
    view = " ".join(number(float(edge)) for edge in box)
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{number(box[2])}" height="{number(box[3])}"'
        f' role="img" aria-labelledby="map-title map-description" font-family="{FACE}" fill="{INK}">',
        f'<title id="map-title">{escape(network_map.title)}</title>',
        f'<desc id="map-description">{escape(network_map.summary)} {escape(network_map.description)}</desc>',
        tag("rect", x=box[0], y=box[1], width=box[2], height=box[3], fill=PAPER),
    ]


def _group_grounds(groups: Sequence[MapGroup]) -> Iterator[str]:
    for group in groups:
        if group.outline:
            look = {"fill": group.tint, "stroke": group.tint, "stroke_width": 2 * PAD, "stroke_linejoin": "round"}
            corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in group.outline)
            yield tag("polygon", points=corners, **look)


def bends(relationships: Sequence[MapRelationship]) -> dict[str, float]:
    """How far each relationship bows out: 0 for one alone between its ends, parallel ones to either side.

    Given as a share of its length, to the left of the way from source to target.
    """
    pairs: dict[tuple[str, str], list[MapRelationship]] = defaultdict(list)
    for tie in relationships:
        pairs[min(tie.source, tie.target), max(tie.source, tie.target)].append(tie)
    found: dict[str, float] = {}
    for together in pairs.values():
        for place, tie in enumerate(together):
            bend = 0.16 * (place - (len(together) - 1) / 2)
            found[tie.id] = bend if tie.source <= tie.target else -bend
    return found


def _lines(drawing: _Drawing) -> Iterator[str]:
    types = {row.name: row for row in drawing.map.types}
    bend_of = bends(drawing.map.relationships)
    for tie in drawing.map.relationships:
        look = types.get(tie.type, LegendType(name=tie.type, reads=tie.type))
        ends = drawing.nodes[tie.source], drawing.nodes[tie.target]
        yield tag("g", f"<title>{escape(tie.sentence)}</title>" + _line(tie, look, ends, bend_of[tie.id]))


def _line(tie: MapRelationship, look: LegendType, ends: tuple[MapNode, MapNode], bend: float) -> str:
    source, target = ends
    stroke = {"fill": "none", "stroke": look.colour, "stroke_width": 1.3, **dashes_of(look.line, inferred=tie.inferred)}
    if source.id == target.id:
        return tag("circle", cx=source.x, cy=source.y - source.size - 7, r=8.0, **stroke)
    across, down = target.x - source.x, target.y - source.y
    length = math.hypot(across, down) or 1.0
    control = (source.x + across / 2 + down * bend, source.y + down / 2 - across * bend)
    arriving = math.atan2(target.y - control[1], target.x - control[0])
    stop = min(target.size + 2.0, length / 2)
    tip = (target.x - stop * math.cos(arriving), target.y - stop * math.sin(arriving))
    path = f"M{source.x:.1f} {source.y:.1f}Q{control[0]:.1f} {control[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}"
    return tag("path", d=path, **stroke) + (arrow(tip, arriving, look.colour) if tie.directed else "")


def _discs(drawing: _Drawing) -> Iterator[str]:
    looks = {kind.name: kind for kind in drawing.map.kinds}
    for node in sorted(drawing.nodes.values(), key=lambda node: (node.is_centre, node.is_cog, node.size)):
        look = looks.get(node.kind, LegendKind(name=node.kind, plural=node.kind))
        said = f"{node.name}, {node.kind}" + (", the centre" if node.is_centre else "")
        drawn = disc(look, (node.x, node.y), node.size, is_cog=node.is_cog, is_centre=node.is_centre)
        yield tag("g", f"<title>{escape(said)}</title>" + drawn)


def _names(drawing: _Drawing) -> Iterator[str]:
    groups = {"group " + group.id: group for group in drawing.groups}
    for name, box in drawing.names.items():
        if name in groups:
            look = {"font_size": GROUP_NAME_SIZE, "fill": GROUP_INK, "font_style": "italic"}
            yield from _lines_in(box, group_lines(groups[name]), look)
        else:
            node = drawing.nodes[name]
            look = {"font_size": name_size(node), "font_weight": "bold" if is_marked(node) else None}
            yield from _lines_in(box, name_lines(node), look, anchor=_anchor(node, box))


def _anchor(node: MapNode, box: Box) -> str:
    """Names that stand in a column begin or end at its line; others have their middle below one another."""
    if not node.name_side and node.ties:
        return "middle"
    return "start" if box.left > node.x else "end" if box.right < node.x else "middle"


def _lines_in(box: Box, lines: Sequence[str], look: dict[str, object], *, anchor: str = "middle") -> Iterator[str]:
    size = float(str(look["font_size"]))
    x = {"start": box.left, "middle": (box.left + box.right) / 2, "end": box.right}[anchor]
    for place, line in enumerate(lines):
        yield text(line, x, box.top + size * (0.9 + place * LINE_HEIGHT), text_anchor=anchor, **look, **halo())


def _head(network_map: NetworkMap, width: float) -> tuple[str, ...]:
    return wrap(network_map.summary, length=max(40, int(width / 9.2)), lines=3)


def _listed(drawing: _Drawing, width: float) -> tuple[str, ...]:
    """Names that the picture has no room for, as a paragraph below it."""
    names = sorted(drawing.nodes[name].name for name in unnamed(drawing.nodes.values()))
    said = "Without a relationship on this map: " + "; ".join(names) + "."
    return wrap(said, length=max(40, int(width / 6.6)), lines=60) if names else ()


def _title_lines(network_map: NetworkMap, head: Sequence[str], x: float, y: float) -> Iterator[str]:
    yield text(network_map.title, x, y + 24, font_size=28, font_weight="bold")
    for place, line in enumerate(head):
        yield text(line, x, y + 52 + 24 * place, font_size=17, fill=SOFT_INK)


def _legend_rows(network_map: NetworkMap) -> list[tuple[str, tuple[str, ...]]]:
    """Symbol and words of each line of the legend that has a look."""
    return [
        (row.picture, wrap(row.words if row.count is None else f"{row.words} ({row.count})", length=28))
        for section in sections(network_map)
        for row in section.rows
        if row.picture
    ]


def _legend_height(network_map: NetworkMap) -> float:
    rows = sum(LEGEND_ROW * len(lines) + LEGEND_GAP for _, lines in _legend_rows(network_map))
    return rows + LEGEND_ROW * (len(_foot(network_map)) + 1)


def _legend(network_map: NetworkMap, x: float, y: float) -> Iterator[str]:
    for symbol, lines in _legend_rows(network_map):
        yield f'<g transform="translate({x:.1f} {y + 8:.1f})">{symbol}</g>'
        for line in lines:
            yield text(line, x + 40, y + 13, font_size=14)
            y += LEGEND_ROW
        y += LEGEND_GAP
    for line in _foot(network_map):
        y += LEGEND_ROW
        yield text(line, x, y, font_size=12, fill=SOFT_INK)


def _foot(network_map: NetworkMap) -> list[str]:
    said = [network_map.cut or "", *network_map.notes, network_map.address, network_map.command]
    return [line for words in said if words for line in wrap(words, length=40, lines=6)]
