"""From a node's meaning to its look: area by score, shape and colour by kind, lines that show on white."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

Points = tuple[tuple[float, float], ...]
Mark = Literal["", "spot", "bar"]

MARKS: tuple[Mark, ...] = ("", "spot", "bar")
# Soft enough that names and lines stay readable on them, dark enough to be seen beside white.
TINTS = ("#eaf3fa", "#fdf1e2", "#e8f5ef", "#f7ecf3", "#f3f1e6", "#ecedf7", "#f0f4e8", "#f4eeee")
# The same hues, for lines that lead to a group and for the edge around it.
GROUP_LINES = ("#3a7ca5", "#b06d14", "#2c8763", "#a2537c", "#847628", "#6066ab", "#64802b", "#a25a5a")
PAPER = "#ffffff"
# Contrast with white: #8a8a8a has 3.45, the least for a line.
LEAST_LINE_CONTRAST = 3.45
BORDER_CONTRAST = 6.0
# A disc of radius 9 is comfortable to hit; under 3.5 shapes can no longer be told apart.
SMALLEST, LARGEST_FLOOR = 3.5, 9.0
FITTED_AREA = 1_000 * 680
LEAST_COG = 1.5


class KindLook(Protocol):
    """What the vocabulary says about the look of a kind."""

    @property
    def shape(self) -> str:
        """Name of its shape."""

    @property
    def colour(self) -> str:
        """Its colour, as #rrggbb."""


def _regular(corners: int, *, turn: float = 0.0) -> Points:
    return tuple(
        (math.sin(turn + 2 * math.pi * corner / corners), -math.cos(turn + 2 * math.pi * corner / corners))
        for corner in range(corners)
    )


def _star() -> Points:
    reach = [1.0 if corner % 2 == 0 else 0.45 for corner in range(10)]
    return tuple((r * x, r * y) for r, (x, y) in zip(reach, _regular(10), strict=True))


def _area(points: Points) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True))) / 2


def _as_large_as_a_disc(points: Points) -> Points:
    factor = math.sqrt(math.pi / _area(points))
    return tuple((round(x * factor, 3), round(y * factor, 3)) for x, y in points)


# Corners for a size of 1, every shape with the area of the disc of radius 1, so that area says the same in all.
SHAPES: dict[str, Points] = {
    "dot": (),
    "square": _as_large_as_a_disc(_regular(4, turn=math.pi / 4)),
    "diamond": _as_large_as_a_disc(_regular(4)),
    "triangle": _as_large_as_a_disc(_regular(3)),
    "triangleDown": _as_large_as_a_disc(_regular(3, turn=math.pi)),
    "hexagon": _as_large_as_a_disc(_regular(6, turn=math.pi / 6)),
    "star": _as_large_as_a_disc(_star()),
}


def extent(shape: str) -> float:
    """How far the corners of a shape of size 1 reach."""
    return max((math.hypot(x, y) for x, y in SHAPES.get(shape, ())), default=1.0)


def smallest_radius(count: int) -> float:
    """Radius of a node without a score on a map of so many nodes."""
    return min(LARGEST_FLOOR, max(SMALLEST, 0.13 * math.sqrt(FITTED_AREA / max(count, 1))))


def radius(score: float | None, *, best: float, count: int, is_cog: bool) -> float:
    """Radius of a node whose area grows with its score; a cog is at least half as large again as the smallest."""
    floor = smallest_radius(count)
    share = min(1.0, max(0.0, (score or 0.0) / best)) if best > 0 else 0.0
    grown = math.sqrt(floor**2 + share * ((2.9 * floor) ** 2 - floor**2))
    return max(grown, LEAST_COG * floor) if is_cog else grown


def marks(kinds: Mapping[str, KindLook]) -> dict[str, Mark]:
    """A mark for each kind that shares its shape with an earlier one, so that shape alone tells kinds apart."""
    seen: dict[str, int] = {}
    found: dict[str, Mark] = {}
    for name, look in kinds.items():
        earlier = seen.get(look.shape, 0)
        found[name] = MARKS[min(earlier, len(MARKS) - 1)]
        seen[look.shape] = earlier + 1
    return found


def tints(names: Iterable[str]) -> dict[str, str]:
    """A soft ground colour for each group, in the order given."""
    return {name: TINTS[place % len(TINTS)] for place, name in enumerate(names)}


def border(colour: str) -> str:
    """The colour darkened until it stands out from white and from the fill inside it."""
    return darken(colour, contrast=BORDER_CONTRAST)


def line_colour(colour: str) -> str:
    """The colour, darkened as far as a thin line on white needs."""
    return darken(colour, contrast=LEAST_LINE_CONTRAST)


def darken(colour: str, *, contrast: float) -> str:
    """The same hue with at least this contrast (WCAG 2, 1 to 21) to white."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    while 1.05 / (_luminance(channels) + 0.05) < contrast:
        channels = [channel * 0.96 for channel in channels]
    return "#" + "".join(f"{int(channel * 255):02x}" for channel in channels)


def contrast_to_white(colour: str) -> float:
    """Contrast of a colour to white by WCAG 2: 1 for white, 21 for black."""
    return 1.05 / (_luminance([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]) + 0.05)


def _luminance(channels: list[float]) -> float:
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
