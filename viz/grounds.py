"""Where the name of a group stands: on its own ground or at its edge, and on no other group's.

`static/names.js` follows the same rule on the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from viz.labels import Box
from viz.network_map import Point

# How far the ground of a group reaches beyond the line through its outermost members.
PAD = 24.0
ACROSS = (0.5, 0.3, 0.7, 0.1, 0.9)
DOWN = (0.5, 0.3, 0.7)


def name_places(outline: Sequence[Point], others: Iterable[Sequence[Point]], size: tuple[float, float]) -> list[Box]:
    """Places for a name of this size, best first: in the margin of its ground, at its edge, or amid its members.

    Those that touch another group's ground are left out, unless all do.
    """
    places = [*_at_edges(outline, size), *_amid(outline, size)]
    around = _bounds([corner for box in places for corner in ((box.left, box.top), (box.right, box.bottom))])
    near = [other for other in others if other and around.hits(_bounds(other, PAD))]
    return [box for box in places if not any(touches(box, other) for other in near)] or places


def _bounds(points: Sequence[Point], margin: float = 0.0) -> Box:
    across, down = [x for x, _ in points], [y for _, y in points]
    return Box(min(across) - margin, min(down) - margin, max(across) + margin, max(down) + margin)


def _at_edges(outline: Sequence[Point], size: tuple[float, float]) -> Iterator[Box]:
    width, height = size
    left, right = min(x for x, _ in outline), max(x for x, _ in outline)
    for above, below in ((4 - PAD, PAD - 4 - height), (-PAD - 2 - height, PAD + 2)):
        for is_above in (True, False):
            for share in ACROSS:
                middle = left + share * (right - left)
                top, bottom = _span(outline, middle - width / 2, middle + width / 2)
                y = top + above if is_above else bottom + below
                yield Box(middle - width / 2, y, middle + width / 2, y + height)


def _amid(outline: Sequence[Point], size: tuple[float, float]) -> Iterator[Box]:
    width, height = size
    left, right = min(x for x, _ in outline), max(x for x, _ in outline)
    for down in DOWN:
        for share in ACROSS[:3]:
            x = left + share * (right - left)
            top, bottom = _span(outline, x - 1, x + 1)
            y = top + down * (bottom - top)
            yield Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _span(outline: Sequence[Point], left: float, right: float) -> tuple[float, float]:
    """The highest and the lowest point of an outline between two places across."""
    heights = [y for x, y in outline if left <= x <= right]
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], *outline[:1]), strict=True):
        heights += [y1 + (x - x1) * (y2 - y1) / (x2 - x1) for x in (left, right) if min(x1, x2) < x < max(x1, x2)]
    return min(heights), max(heights)


def touches(box: Box, outline: Sequence[Point]) -> bool:
    """Whether a box shares ground with a group: no straight line parts the box from its outline and margin."""
    grown = Box(box.left - PAD, box.top - PAD, box.right + PAD, box.bottom + PAD)
    corners = [(x, y) for x in (grown.left, grown.right) for y in (grown.top, grown.bottom)]
    edges = zip(outline, (*outline[1:], *outline[:1]), strict=True)
    axes = [(1.0, 0.0), (0.0, 1.0), *((y2 - y1, x1 - x2) for (x1, y1), (x2, y2) in edges)]
    return not any(_are_apart(corners, outline, axis) for axis in axes)


def _are_apart(one: Sequence[Point], other: Sequence[Point], axis: Point) -> bool:
    here = [x * axis[0] + y * axis[1] for x, y in one]
    there = [x * axis[0] + y * axis[1] for x, y in other]
    return max(here) < min(there) or max(there) < min(here)
