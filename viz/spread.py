"""Where a few large things stand on a ground of a given width, each with room for its whole name below it.

What is tied stands near each other; what has no tie stands in rows below the rest. Same things and seed, same places.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from viz.layout import Floats, in_disc, lying, push, spring, tied_graph

GAP = 14.0
# So much ground is given for each unit that boxes cover: with less, ties have no room to be seen.
LOOSE = 1.55
STEPS = 150
TRIES = 6
HEIGHT_COSTS = 8.0  # a ground as high as broad costs as much as so many names under ties
Ties = Sequence[tuple[str, str, float]]
Place = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """The room that one thing takes around its middle: its disc, and its name below."""

    radius: float
    name: tuple[float, float]

    @property
    def width(self) -> float:
        """How broad it is, with a gap."""
        return max(2 * self.radius, self.name[0]) + GAP

    @property
    def height(self) -> float:
        """How high it is, with a gap."""
        return 2 * self.radius + self.name[1] + GAP


def spread(boxes: Mapping[str, Box], ties: Ties, width: float, *, seed: int = 0) -> dict[str, Place]:
    """The middle of the disc of each; the ground begins at 0, 0 and is as high as it needs to be."""
    tied = {end for one, other, _ in ties for end in (one, other)}
    places = _together({name: box for name, box in boxes.items() if name in tied}, ties, width, seed)
    below = max((places[name][1] + boxes[name].height - boxes[name].radius for name in places), default=0.0)
    return places | _in_rows({name: box for name, box in boxes.items() if name not in tied}, width, below)


def _together(boxes: Mapping[str, Box], ties: Ties, width: float, seed: int) -> dict[str, Place]:
    """The best of some tries: that in which the fewest ties run over what they do not join."""
    if not boxes:
        return {}
    graph, names = tied_graph(tuple(boxes), ties)
    half = np.array([[boxes[name].width, boxes[name].height] for name in names]) / 2
    radii = np.array([boxes[name].radius for name in names])
    ends = np.array(graph.edge_list()).reshape(-1, 2)
    tries = [_apart(spring(graph, seed=seed + 7 * turn), half, width) for turn in range(TRIES)]
    middle = min(tries, key=lambda middle: _cost(middle, half, radii, ends, width))
    x, y = middle[:, 0].tolist(), (middle[:, 1] - half[:, 1] + radii).tolist()
    return dict(zip(names, zip(x, y, strict=True), strict=True))


def _apart(points: Floats, half: Floats, width: float) -> Floats:
    """Middles of boxes pushed apart between the sides of the ground, which grows down until there is room."""
    height = LOOSE * 4 * float((half[:, 0] * half[:, 1]).sum()) / width
    points = lying(in_disc(points))
    middle: Floats = (points if width >= height else points[:, ::-1]) * np.array([width, height]) / 2 + width / 2
    walls = half[:, 0], np.maximum(width - half[:, 0], half[:, 0])
    for _ in range(STEPS):
        middle[:, 0] = np.clip(middle[:, 0], *walls)
        pairs = cKDTree(middle).query_pairs(2 * float(half.max()), p=np.inf, output_type="ndarray")
        if not push(middle, middle.copy(), half, pairs):
            break
    middle[:, 0] = np.clip(middle[:, 0], *walls)
    middle[:, 1] = _lowered(middle, half)
    return middle


def _lowered(middle: Floats, half: Floats) -> Floats:
    """Heights from the top at which no box shares ground with one above it: the sides leave no other way out."""
    down: Floats = middle[:, 1].copy()
    down -= float((middle - half)[:, 1].min())
    order = np.argsort(down - half[:, 1], kind="stable")
    for turn, box in enumerate(order.tolist()):
        above = order[:turn]
        beside = above[np.abs(middle[above, 0] - middle[box, 0]) < half[above, 0] + half[box, 0]]
        for other in beside[np.argsort(down[beside], kind="stable")].tolist():
            if abs(down[other] - down[box]) < half[other, 1] + half[box, 1]:
                down[box] = down[other] + half[other, 1] + half[box, 1]
    return down


def _cost(middle: Floats, half: Floats, radii: Floats, ends: NDArray[np.int64], width: float) -> float:
    """Low where few boxes lie under ties of others, and the ground is not high."""
    discs = middle + np.column_stack((np.zeros(len(middle)), radii - half[:, 1]))
    share = np.linspace(0, 1, 25)[None, :, None]
    points = discs[ends[:, 0]][:, None] * (1 - share) + discs[ends[:, 1]][:, None] * share
    covered: NDArray[np.bool_] = np.abs(points[:, :, None] - middle) < half - GAP / 2
    under = (covered[..., 0] & covered[..., 1]).max(axis=1)
    under[np.arange(len(ends))[:, None], ends] = False
    return float(under.sum()) + HEIGHT_COSTS * float((middle + half)[:, 1].max()) / width


def _in_rows(boxes: Mapping[str, Box], width: float, top: float) -> dict[str, Place]:
    """One beside the other, as many in a row as there is room for."""
    if not boxes:
        return {}
    broad = max(box.width for box in boxes.values())
    columns = max(1, min(len(boxes), math.floor(width / broad)))
    places = {}
    names = list(boxes)
    for start in range(0, len(names), columns):
        row = names[start : start + columns]
        reach = max(boxes[name].radius for name in row)
        for place, name in enumerate(row):
            places[name] = ((place + 0.5) * width / columns, top + reach)
        top += max(reach + boxes[name].height - boxes[name].radius for name in row)
    return places
