"""A chart as a picture: SVG with real text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from viz import chart
from viz.chart import Band, Box, Chart, ChartKey, Disc, Line, Shape, Symbol
from viz.labels import LINE_HEIGHT, block_size, text_width, wrap
from viz.labels import Box as Edges
from viz.scales import PAPER
from viz.svg import FACE
from viz.symbols import INK, RING_GAP, SOFT_INK, disc, number, tag, text

MARGIN, GAP = 24.0, 28.0
KEY_ROW, KEY_PICTURE, KEY_SIZE, FOOT_SIZE = 24.0, 36.0, 14.0, 12.0
BROAD = 10.0  # from this height on a band is no line any more
LETTER = 0.5  # of the height of letters, the width of one on average


@dataclass(frozen=True)
class _Sheet:
    """What is written, with the room it takes."""

    parts: list[str]
    height: float


def chart_svg(
    whole: Chart, *, narrow: bool = False, head: bool = True, legend: bool = True, links: bool = False
) -> str:
    """The chart as an SVG picture: real text, a title and a description for screen readers, the legend.

    `head=False` leaves out title, summary and what stands below the legend, for a page that has them; with `links`
    what has a name in the picture leads to where more of it is found.
    """
    shapes = whole.narrow if narrow else whole.shapes
    edges = _edges(shapes, chart.NARROW if narrow else chart.WIDE)
    width = edges.right - edges.left
    margin = 4.0 if narrow else MARGIN
    above = _head(whole, width) if head else _Sheet([], 0.0)
    below = _legend(whole.keys, width) if legend else _Sheet([], 0.0)
    foot = _foot(whole, width) if head else _Sheet([], 0.0)
    top = edges.top - above.height - margin
    height = above.height + (edges.bottom - edges.top) + below.height + foot.height + 2 * margin
    view = " ".join(number(edge) for edge in (edges.left - margin, top, width + 2 * margin, height))
    named = "narrow-" if narrow else "chart-"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{number(width + 2 * margin)}"'
            f' height="{number(height)}" role="{"group" if links else "img"}"'
            f' aria-labelledby="{named}title {named}description"'
            f' font-family="{FACE}" fill="{INK}">',
            f'<title id="{named}title">{escape(whole.title)}</title>',
            f'<desc id="{named}description">{escape(whole.summary)} {escape(whole.description)}</desc>',
            tag("rect", x=edges.left - margin, y=top, width=width + 2 * margin, height=height, fill=PAPER),
            *_moved(above.parts, edges.left, edges.top - above.height),
            *_drawn(whole, shapes, links=links),
            *_moved(below.parts, edges.left, edges.bottom),
            *_moved(foot.parts, edges.left, edges.bottom + below.height),
            "</svg>\n",
        ]
    )


def _moved(parts: Sequence[str], x: float, y: float) -> list[str]:
    return [tag("g", "".join(parts), transform=f"translate({number(x)} {number(y)})")] if parts else []


def _drawn(whole: Chart, shapes: Sequence[Shape], *, links: bool) -> Iterator[str]:
    """Every shape in order; those of a row say its sentence when they are pointed at."""
    rows = {row.id: row for row in whole.rows}
    for id, together in groupby(shapes, key=lambda shape: shape.row):
        some = list(together)
        picture = "".join(_written(shape) for shape in some)
        if id is None:
            yield picture
            continue
        picture = f"<title>{escape(rows[id].sentence)}</title>{picture}"
        href = rows[id].href if links and any(isinstance(shape, chart.Words) for shape in some) else None
        yield tag("g", tag("a", picture, href=href) if href else picture, data_row=id)


def _written(shape: Shape) -> str:
    stroke_width = shape.stroke_width if shape.stroke else None
    look = {"fill": shape.fill or "none", "stroke": shape.stroke, "stroke_width": stroke_width}
    look["stroke_dasharray"] = shape.dashes
    if isinstance(shape, Box):
        corner = shape.corner or None
        return tag("rect", x=shape.x, y=shape.y, width=shape.width, height=shape.height, rx=corner, **look)
    if isinstance(shape, Disc):
        return tag("circle", cx=shape.x, cy=shape.y, r=shape.radius, **look)
    if isinstance(shape, Symbol):
        return disc(shape.kind, (shape.x, shape.y), shape.radius, is_cog=shape.is_cog)
    if isinstance(shape, Line):
        return tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points), **look)
    if isinstance(shape, Band):
        return _band(shape, look)
    return "".join(_lines(shape))


def _band(band: Band, look: Mapping[str, object]) -> str:
    if band.height > BROAD:
        return tag("path", d=_ribbon(band), **look)
    return tag("path", d=_way(band), fill="none", stroke=band.fill, stroke_width=band.height)


def _way(band: Band) -> str:
    (left, one), (right, other), middle = band.start, band.end, (band.start[0] + band.end[0]) / 2
    return f"M{left:.1f} {one:.1f}C{middle:.1f} {one:.1f} {middle:.1f} {other:.1f} {right:.1f} {other:.1f}"


def _ribbon(band: Band) -> str:
    """The outline of a broad band, which ends upright at both ends; so broad a line would bulge over them."""
    (left, one), (right, other), middle = band.start, band.end, (band.start[0] + band.end[0]) / 2
    half = band.height / 2
    way = f"M{left:.1f} {one - half:.1f}C{middle:.1f} {one - half:.1f} {middle:.1f} {other - half:.1f}"
    way += f" {right:.1f} {other - half:.1f}V{other + half:.1f}C{middle:.1f} {other + half:.1f}"
    return f"{way} {middle:.1f} {one + half:.1f} {left:.1f} {one + half:.1f}Z"


def _lines(words: chart.Words) -> Iterator[str]:
    """Each line of a block of words whose middle is at its place."""
    first = words.y - words.size * LINE_HEIGHT * (len(words.lines) - 1) / 2 + words.size * 0.34
    turned = f"rotate({number(words.turn)} {number(words.x)} {number(words.y)})" if words.turn else None
    anchor = None if words.anchor == "start" else words.anchor
    look = {"font_size": words.size, "font_weight": "bold" if words.bold else None, "fill": words.fill}
    edge = {"stroke": words.stroke, "stroke_width": words.stroke_width, "paint_order": "stroke"} if words.stroke else {}
    for place, line in enumerate(words.lines):
        y = first + place * words.size * LINE_HEIGHT
        yield text(line, words.x, y, text_anchor=anchor, transform=turned, stroke_linejoin="round", **look, **edge)


def _edges(shapes: Sequence[Shape], width: float) -> Edges:
    """The ground that a chart takes, at least as wide as it was laid out for."""
    boxes = [Edges(0.0, 0.0, width, 1.0), *(_room(shape) for shape in shapes)]
    return Edges(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _room(shape: Shape) -> Edges:
    if isinstance(shape, Box):
        return Edges(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
    if isinstance(shape, Disc | Symbol):
        reach = 1.4 * shape.radius + RING_GAP if isinstance(shape, Symbol) else shape.radius + shape.stroke_width
        return Edges(shape.x - reach, shape.y - reach, shape.x + reach, shape.y + reach)
    if isinstance(shape, Line | Band):
        points = shape.points if isinstance(shape, Line) else (shape.start, shape.end)
        half = shape.height / 2 if isinstance(shape, Band) else 0.0
        across, down = [x for x, _ in points], [y for _, y in points]
        return Edges(min(across), min(down) - half, max(across), max(down) + half)
    wide, high = block_size(shape.lines, shape.size) if shape.lines else (0.0, 0.0)
    if shape.turn:
        return Edges(shape.x, shape.y - wide, shape.x + high, shape.y)
    left = shape.x - {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
    return Edges(left, shape.y - high / 2, left + wide, shape.y + high / 2)


def _head(whole: Chart, width: float) -> _Sheet:
    title = wrap(whole.title, length=int(width / (28 * LETTER)), lines=3)
    lines = wrap(whole.summary, length=int(width / (17 * LETTER)), lines=4)
    parts = [text(line, 0.0, 26 + 32.0 * place, font_size=28, font_weight="bold") for place, line in enumerate(title)]
    top = 32.0 * len(title) + 20
    parts += [text(line, 0.0, top + 24.0 * place, font_size=17, fill=SOFT_INK) for place, line in enumerate(lines)]
    return _Sheet(parts, top + 24.0 * len(lines) + GAP)


def _legend(keys: Sequence[ChartKey], width: float) -> _Sheet:
    """Keys one after the other, in as many rows as they need."""
    parts: list[str] = []
    x, y = 0.0, GAP + KEY_ROW / 2
    for key in keys:
        lines = wrap(key.words, length=int((width - KEY_PICTURE) / (KEY_SIZE * 0.54)), lines=3)
        taken = KEY_PICTURE + max(text_width(line, KEY_SIZE) for line in lines) + GAP
        if x and x + taken - GAP > width:
            x, y = 0.0, y + KEY_ROW
        parts += _moved([_written(shape) for shape in key.shapes], x, y)
        for place, line in enumerate(lines):
            parts.append(text(line, x + KEY_PICTURE, y + 5 + 17 * place, font_size=KEY_SIZE))
        y += 17.0 * (len(lines) - 1)
        x += taken
    return _Sheet(parts, y + KEY_ROW / 2 if keys else 0.0)


def _foot(whole: Chart, width: float) -> _Sheet:
    said = [words for words in (whole.cut, *whole.notes, whole.address, whole.command) if words]
    lines = [line for words in said for line in wrap(words, length=int(width / (FOOT_SIZE * LETTER)), lines=4)]
    parts = [
        text(line, 0.0, GAP + 17.0 * place, font_size=FOOT_SIZE, fill=SOFT_INK) for place, line in enumerate(lines)
    ]
    return _Sheet(parts, GAP + 17.0 * len(lines) if lines else 0.0)
