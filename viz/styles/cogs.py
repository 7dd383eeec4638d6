"""Cogs of connection between the groups they join: groups as areas, cogs in the middle, by number of ties.

The same actors in the same order as the question `cogs`. An area is the larger, the more members a group has; a line
is the broader, the more ties run from the cog to its members.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph
from graph.brokers import Cog
from graph.contacts import ActorParameters, contacts
from graph.queries import cogs
from graph.view import View
from graph.wording import capitalised, counted, group_names, listed, no_groups
from viz.arrange import kind_looks
from viz.chart import NARROW, WIDE, Band, Chart, ChartColumn, ChartKey, ChartRow, Disc, Shape, Symbol, Words
from viz.labels import LINE_HEIGHT, wrap
from viz.network_map import LegendKind
from viz.scales import GROUP_LINES, PAPER, TINTS

MOST_GROUPS = 10
THINNEST, BROADEST = 1.3, 9.0
LARGEST, SMALLEST = 78.0, 9.0


class Parameters(ActorParameters):
    """How many cogs are drawn."""

    limit: int = Field(12, ge=1, le=30, description="Most cogs, the first in rank first.")


@dataclass(frozen=True)
class _Area:
    """One group: who belongs to it, and how it looks."""

    label: str
    name: str
    members: int
    tint: str
    line: str


@dataclass(frozen=True)
class _Scene:
    """What is drawn: cogs from the first down, groups, and the ties from each cog to each group."""

    cogs: Sequence[Cog]
    areas: Sequence[_Area]
    ties: Mapping[str, Mapping[str, int]]
    looks: Mapping[str, LegendKind]

    @property
    def most(self) -> int:
        """The most ties that any line stands for."""
        return max((count for some in self.ties.values() for count in some.values()), default=1)


def draw(view: View, parameters: Parameters) -> Chart:
    """The picture of the leading cogs and the groups between which they stand."""
    asked = cogs.Parameters(**parameters.model_dump(), draws=0)
    found = [cog for cog in cogs.answer(view, asked).cogs if cog.score > 0]
    graph = contacts(view, parameters)
    scene, left = _scene(view, graph, found)
    return Chart(
        title="Cogs of connection",
        summary=_summary(scene) if graph.groups.labels or not len(graph) else no_groups(parameters.group_by),
        description=(
            "A cog of connection joins groups that would otherwise have little contact. The first in rank stands at the"
            " top; its size shows its score. Lines lead to the groups of those it is in contact with."
        ),
        shapes=tuple(_shapes(scene, WIDE)),
        narrow=tuple(_shapes(scene, NARROW)),
        columns=tuple(
            ChartColumn(name=name, is_number=name in ("Rank", "Pairs joined"))
            for name in ("Name", "What it is", "Rank", "Pairs joined", "Ties")
        ),
        rows=(*(_cog_row(cog, scene) for cog in found), *(_area_row(area, scene) for area in scene.areas)),
        keys=tuple(_keys(scene)),
        cut=f"{counted(left, 'group')} with fewest ties to these cogs {'is' if left == 1 else 'are'} left out."
        if left
        else None,
    )


def _scene(view: View, graph: ActorGraph, found: Sequence[Cog]) -> tuple[_Scene, int]:
    """The cogs with the groups that they reach, and how many groups are left out."""
    counts = {cog.node.id: _ties(graph, graph.place[cog.node.id]) for cog in found}
    reached: dict[int, int] = {}
    for some in counts.values():
        for group, count in some.items():
            reached[group] = reached.get(group, 0) + count
    kept = sorted(sorted(reached, key=lambda group: (-reached[group], group))[:MOST_GROUPS])
    names, sizes = group_names(view, graph), np.asarray(graph.groups.members.sum(axis=0)).ravel().tolist()
    labels = graph.groups.labels
    areas = [
        _Area(
            labels[group],
            names[labels[group]],
            sizes[group],
            TINTS[place % len(TINTS)],
            GROUP_LINES[place % len(TINTS)],
        )
        for place, group in enumerate(kept)
    ]
    ties = {
        cog: {
            labels[group]: some[group]
            for group in sorted(some, key=lambda group: (-some[group], group))
            if group in kept
        }
        for cog, some in counts.items()
    }
    looks = kind_looks(view.store.vocabulary)
    return _Scene(found, areas, ties, looks), len(reached) - len(kept)


def _ties(graph: ActorGraph, actor: int) -> dict[int, int]:
    """How many neighbours of an actor are in each group."""
    members = graph.groups.members[graph.neighbours(actor)]
    counts = np.bincount(members.indices, minlength=len(graph.groups.labels))
    return {group: int(counts[group]) for group in np.flatnonzero(counts).tolist()}


def _summary(scene: _Scene) -> str:
    if not scene.cogs:
        return "No actor joins others of different groups who are not in contact, so no cog of connection stands out."
    names = listed([cog.node.name for cog in scene.cogs[:3]], len(scene.cogs))
    one = len(scene.cogs) == 1
    groups = counted(len(scene.areas), "group")
    return f"{names} {'is a cog' if one else 'are cogs'} of connection between {groups}. {scene.cogs[0].sentence}"


@dataclass(frozen=True)
class _Ground:
    """Where things stand on a ground of this width: groups on both sides, cogs in the middle."""

    width: float
    space: float
    letters: float
    edge: float
    largest: float

    @classmethod
    def of(cls, width: float) -> _Ground:
        """A wide ground has room for large areas and large letters."""
        if width == WIDE:
            return cls(width, 14.0, 15.0, 170.0, LARGEST)
        return cls(width, 12.0, 12.0, 46.0, 40.0)


def _shapes(scene: _Scene, width: float) -> Iterator[Shape]:
    if not scene.cogs:
        return
    ground, radii = _Ground.of(width), _radii(scene.cogs)
    heights = _heights(scene.cogs, radii, ground)
    places, reach = _places(scene, ground, heights)
    colours = {area.label: area.line for area in scene.areas}
    for id, some in scene.ties.items():
        for label, count in some.items():
            here, there = (width / 2, heights[id]), places[label]
            start, end = (there, here) if there < here else (here, there)
            height = max(THINNEST, BROADEST * math.sqrt(count / scene.most))
            yield Band(row=id, start=start, end=end, height=height, fill=colours[label])
    for area in scene.areas:
        yield from _area(area, places[area.label], reach[area.label], ground)
    for cog in scene.cogs:
        look, radius = scene.looks[cog.node.kind], radii[cog.node.id]
        yield Symbol(row=cog.node.id, x=width / 2, y=heights[cog.node.id], radius=radius, kind=look, is_cog=True)
        yield _name(cog, heights[cog.node.id] + _ring(radius), ground)


def _radii(some: Sequence[Cog]) -> dict[str, float]:
    """How large each cog is drawn: its area grows with its score."""
    return {cog.node.id: 5.0 + 8.0 * math.sqrt(cog.score / some[0].score) for cog in some}


def _ring(radius: float) -> float:
    """How far a cog reaches with its ring, whatever its shape."""
    return 1.35 * radius + 7


def _heights(some: Sequence[Cog], radii: Mapping[str, float], ground: _Ground) -> dict[str, float]:
    """How far down each cog stands, each with its name below it."""
    heights, y = {}, 0.0
    for cog in some:
        ring = _ring(radii[cog.node.id])
        heights[cog.node.id] = y + ring
        y += 2 * ring + ground.letters * LINE_HEIGHT * len(_name_lines(cog, ground)) + ground.space
    return heights


def _places(
    scene: _Scene, ground: _Ground, heights: Mapping[str, float]
) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Middle and radius of each area: on both sides, as high as the cogs that reach it."""
    most = max(area.members for area in scene.areas)
    room = max(heights.values()) + 30
    radii = {area.label: max(SMALLEST, ground.largest * math.sqrt(area.members / most)) for area in scene.areas}
    wanted = {area.label: _height(area.label, scene, heights) for area in scene.areas}
    sides: tuple[list[str], list[str]] = ([], [])
    for area in sorted(scene.areas, key=lambda area: (-area.members, area.label)):
        taken = [sum(2 * radii[label] + 60 for label in side) for side in sides]
        sides[taken[0] > taken[1]].append(area.label)
    places = {}
    for side, x in zip(sides, (ground.edge, ground.width - ground.edge), strict=True):
        side.sort(key=lambda label: (wanted[label], label))
        spaces = [2 * radii[label] + _below(label, scene, ground) for label in side]
        gap = max(8.0, (room - sum(spaces)) / (len(side) + 1))
        y = min(gap, max(0.0, room - sum(spaces)) / 2) if side else 0.0
        for label, space in zip(side, spaces, strict=True):
            places[label] = (x, y + radii[label])
            y += space + gap
    return places, radii


def _height(label: str, scene: _Scene, heights: Mapping[str, float]) -> float:
    """How high the cogs stand that reach a group, on average of their ties."""
    some = [(heights[cog], ties[label]) for cog, ties in scene.ties.items() if label in ties]
    return sum(height * count for height, count in some) / sum(count for _, count in some)


def _below(label: str, scene: _Scene, ground: _Ground) -> float:
    area = next(area for area in scene.areas if area.label == label)
    return ground.letters * LINE_HEIGHT * len(_area_lines(area, ground)) + 8


def _area_lines(area: _Area, ground: _Ground) -> tuple[str, ...]:
    name = wrap(
        capitalised(area.name.removeprefix("the community ")), length=24 if ground.width == WIDE else 13, lines=3
    )
    return (*name, counted(area.members, "actor"))


def _area(area: _Area, at: tuple[float, float], radius: float, ground: _Ground) -> Iterator[Shape]:
    yield Disc(row=_area_id(area), x=at[0], y=at[1], radius=radius, fill=area.tint, stroke=area.line, stroke_width=1.6)
    lines = _area_lines(area, ground)
    y = at[1] + radius + 6 + ground.letters * LINE_HEIGHT * len(lines) / 2
    halo = {"stroke": PAPER, "stroke_width": 4.0}
    yield Words(row=_area_id(area), x=at[0], y=y, lines=lines, size=ground.letters, anchor="middle", **halo)


def _area_id(area: _Area) -> str:
    return f"group {area.label}"


def _name_lines(cog: Cog, ground: _Ground) -> tuple[str, ...]:
    return wrap(cog.node.name, length=32 if ground.width == WIDE else 20, lines=2)


def _name(cog: Cog, y: float, ground: _Ground) -> Words:
    lines = _name_lines(cog, ground)
    words = {"size": ground.letters, "anchor": "middle", "bold": True, "stroke": PAPER, "stroke_width": 4.0}
    return Words(row=cog.node.id, x=ground.width / 2, y=y + ground.letters * 0.6 * len(lines), lines=lines, **words)


def _keys(scene: _Scene) -> Iterator[ChartKey]:
    if not scene.cogs:
        return
    for kind in dict.fromkeys(cog.node.kind for cog in scene.cogs):
        look = scene.looks[kind]
        yield ChartKey(
            words=f"cog of connection: {kind}", shapes=(Symbol(x=14, y=0, radius=5, kind=look, is_cog=True),)
        )
    first = scene.areas[0]
    yield ChartKey(
        words="group: the larger, the more members",
        shapes=(Disc(x=14, y=0, radius=9, fill=first.tint, stroke=first.line),),
    )
    band = Band(start=(0, 0), end=(28, 0), height=5, fill=first.line)
    yield ChartKey(words="the broader, the more ties to its members", shapes=(band,))


def _cog_row(cog: Cog, scene: _Scene) -> ChartRow:
    names = {area.label: area.name for area in scene.areas}
    ties = [f"{names[label]} {count:,}" for label, count in scene.ties[cog.node.id].items()]
    cells = (cog.node.name, cog.node.subkind or cog.node.kind, str(cog.rank), f"{cog.pairs:,}", ", ".join(ties))
    led = listed(f"{counted(count, 'tie')} to {names[label]}" for label, count in scene.ties[cog.node.id].items())
    said = f"{cog.sentence} It has {led}."
    return ChartRow(id=cog.node.id, cells=cells, sentence=said, href=f"/nodes/{cog.node.id}")


def _area_row(area: _Area, scene: _Scene) -> ChartRow:
    near = [cog.node.name for cog in scene.cogs if area.label in scene.ties[cog.node.id]]
    size = counted(area.members, "actor")
    cells = (capitalised(area.name), f"group of {size}", "", "", ", ".join(near))
    said = f"{capitalised(area.name)} has {size}, and is reached by {listed(near[:4], len(near))}."
    return ChartRow(id=_area_id(area), cells=cells, sentence=said)
