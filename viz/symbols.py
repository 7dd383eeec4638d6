"""The pieces that every picture of a map is made of: shapes, lines, arrows, and the small pictures of a legend."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape, quoteattr

from viz.network_map import LegendKind, LegendType
from viz.scales import PAPER, SHAPES, extent

INK, SOFT_INK, GROUP_INK = "#1d1d1d", "#4d4d4d", "#5a6673"
# The vocabulary's dotted lines are drawn as short dashes: round dots are kept for what is inferred.
DASHES = {"solid": "", "dashed": "9 5", "dotted": "4 3"}
INFERRED_DASHES = "0.1 4.5"
RING_GAP = 4.5
# From what it surrounds to the tips of the marks of the centre; how broad its band and its marks are.
BAND, BAND_WIDTH = 13.0, 5.0


def tag(name: str, content: str | None = None, /, **attributes: object) -> str:
    """One SVG element with its attributes written safely; `content` is markup already."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(number(value))}"
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"


def number(value: object) -> str:
    """A number as short as it can be written; anything else as it is."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text(words: str, x: float, y: float, **attributes: object) -> str:
    """Real text at a place; the words are written safely."""
    return tag("text", escape(words), x=x, y=y, **attributes)


def halo() -> dict[str, object]:
    """A white edge around letters, so that lines behind them do not cross out what they say."""
    return {"stroke": PAPER, "stroke_width": 3.5, "stroke_linejoin": "round", "paint_order": "stroke"}


def dashes_of(line: str, *, inferred: bool) -> dict[str, object]:
    """Round dots for what is inferred, else the line style of the type."""
    if inferred:
        return {"stroke_dasharray": INFERRED_DASHES, "stroke_linecap": "round"}
    return {"stroke_dasharray": DASHES[line]}


def arrow(tip: tuple[float, float], angle: float, colour: str) -> str:
    """An arrow head with its tip there, pointing along the angle."""
    sides = [(tip[0] - 7 * math.cos(angle + turn), tip[1] - 7 * math.sin(angle + turn)) for turn in (0.42, -0.42)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (tip, *sides))
    return tag("polygon", points=points, fill=colour)


def disc(
    look: LegendKind, at: tuple[float, float], size: float, *, is_cog: bool = False, is_centre: bool = False
) -> str:
    """A node of a kind at a place; a cog stands in a dark ring, the centre in a broad band with four marks."""
    reach = size * extent(look.shape)
    ring = band(at, reach + (RING_GAP + 1.5 if is_cog else 0.0)) if is_centre else ""
    if is_cog:
        ring += tag("circle", cx=at[0], cy=at[1], r=reach + RING_GAP, fill=PAPER, stroke=INK, stroke_width=2.4)
    edge = {"fill": look.colour, "stroke": look.border, "stroke_width": 1.4}
    return ring + _shape(look.shape, at, size, edge) + _mark(look.mark, at, size)


def band(at: tuple[float, float], reach: float, *, scale: float = 1.0) -> str:
    """What tells the centre of a map: a broad dark band with four marks, as on a compass; begins at `reach`."""
    x, y = at
    inner, outer = reach + 2.5 * scale + BAND_WIDTH * scale / 2, reach + BAND * scale
    ways = " ".join(
        f"M{x + across * inner:.1f} {y + down * inner:.1f}L{x + across * outer:.1f} {y + down * outer:.1f}"
        for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1))
    )
    return tag("path", d=ways, fill="none", stroke=INK, stroke_width=BAND_WIDTH * scale) + tag(
        "circle", cx=x, cy=y, r=inner, fill=PAPER, stroke=INK, stroke_width=BAND_WIDTH * scale
    )


def _shape(shape: str, at: tuple[float, float], size: float, edge: dict[str, object]) -> str:
    corners = SHAPES.get(shape, ())
    if not corners:
        return tag("circle", cx=at[0], cy=at[1], r=size, **edge)
    points = " ".join(f"{at[0] + x * size:.1f},{at[1] + y * size:.1f}" for x, y in corners)
    return tag("polygon", points=points, stroke_linejoin="round", **edge)


def _mark(mark: str, at: tuple[float, float], size: float) -> str:
    if mark == "spot":
        return tag("circle", cx=at[0], cy=at[1], r=size * 0.34, fill=INK)
    if mark == "bar":
        return tag("rect", x=at[0] - size * 0.5, y=at[1] - size * 0.15, width=size, height=size * 0.3, fill=INK)
    return ""


def ring_symbol() -> str:
    """The small picture of a cog's ring in a legend."""
    return tag("circle", cx=14.0, cy=0.0, r=9.0, fill=PAPER, stroke=INK, stroke_width=2.4)


def band_symbol() -> str:
    """The small picture of the band of the centre in a legend."""
    return band((14.0, 0.0), 3.5, scale=0.62)


def ground_symbol(tint: str) -> str:
    """The small picture of a group's ground in a legend."""
    return tag("rect", x=1.0, y=-9.0, width=26.0, height=18.0, rx=8.0, fill=tint)


def kind_symbol(kind: LegendKind) -> str:
    """The small picture of a kind in a legend, centred on 14, 0."""
    return disc(kind, (14.0, 0.0), 8.0)


def line_symbol(look: LegendType, *, inferred: bool = False) -> str:
    """The small picture of a type of relationship in a legend, from 0, 0 to 28, 0."""
    dashes = dashes_of(look.line, inferred=inferred)
    line = tag("path", d="M0 0H28", fill="none", stroke=look.colour, stroke_width=1.8, **dashes)
    return line + (arrow((29.0, 0.0), 0.0, look.colour) if look.directed else "")
