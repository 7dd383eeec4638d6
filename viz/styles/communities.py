"""Communities as discs: a network of any size, the ties between its communities, and the cogs that join them.

The same communities under the same names as the question `communities`, the largest first. A disc has as much area as
its community has actors, and opens as a map of its own; a line is the broader, the stronger the ties between two are.
A cog stands on the line between the two communities to both of which nobody has stronger ties.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph
from graph.measures.communities import COMMUNITY, Communities, communities
from graph.queries.communities import Found, largest, said
from graph.view import View
from graph.wording import capitalised, counted, listed
from viz import chart
from viz.arrange import kind_looks
from viz.chart import NARROW, WIDE, Chart, ChartColumn, ChartKey, ChartRow, Shape, Symbol, Words, key_disc
from viz.dividing import Disc, Divided, Joint, Line, divided
from viz.labels import LINE_HEIGHT, block_size, wrap
from viz.narrowing import WHOLE, PartParameters, community, part_meant, room
from viz.network_map import LegendKind, MapLink
from viz.scales import GROUP_LINES, PAPER, TINTS
from viz.spread import Box, spread

THINNEST = 1.3
SMALLEST = 4.0
COG = 6.5
RING = 1.35 * COG + 7  # how far a cog reaches with its ring, whatever its shape
# Up to so many actors a community opens as a network, in which all names can be read; a larger one divides again.
MOST_AS_NETWORK = 500
LINES = "#8a8a8a"


class Parameters(PartParameters):
    """How many communities are drawn, and of what."""

    limit: int = Field(24, ge=1, le=60, description="Most communities, the largest first.")


def draw(view: View, parameters: Parameters) -> Chart:
    """The picture of the largest communities."""
    graph = part_meant(view, parameters)
    found = communities(graph, resolution=parameters.resolution, seed=parameters.seed)
    parts = largest(graph, found, parameters.limit)
    several = [part for part in parts if len(part.members) > 1]
    scene = divided(view, graph, found, several)
    opened = {disc.id: _opened(view, parameters, disc, scene) for disc in scene.discs}
    looks = kind_looks(view.store.vocabulary)
    return Chart(
        title=f"Communities inside {community(view, parameters)}" if parameters.community else "Communities",
        summary=said(view, graph, found, parts),
        description=(
            "A community is a disc: the more actors, the larger. Those with strong ties between them stand near each"
            " other, joined by a line. A cog of connection stands on the line between the two that it joins most."
        ),
        shapes=tuple(_shapes(scene, _Ground.of(WIDE), looks, parameters.seed)),
        narrow=tuple(_shapes(scene, _Ground.of(NARROW), looks, parameters.seed)),
        columns=tuple(
            ChartColumn(name=name, is_number=name in ("Actors", "Ties"))
            for name in ("Name", "What it is", "Actors", "Ties", "Joined with")
        ),
        rows=tuple(_rows(scene, opened)),
        keys=tuple(_keys(scene, looks)),
        links=tuple(_links(view, parameters)),
        cut=" ".join(_left_out(graph, found, several, scene)) or None,
    )


def _opened(view: View, parameters: Parameters, disc: Disc, scene: Divided) -> str:
    """The map that a disc opens as: a network, or where that would be too large, communities again."""
    divides = disc.size > MOST_AS_NETWORK and len(scene.discs) > 1
    path = (*parameters.community, disc.found.id.removeprefix(COMMUNITY))
    return room(view, "communities" if divides else WHOLE, parameters, path)


def _links(view: View, parameters: Parameters) -> Iterator[MapLink]:
    if parameters.community:
        whole = room(view, "communities", parameters, parameters.community[:-1])
        yield MapLink(words="The communities around this one", href=whole)
        yield MapLink(words="This community as a network", href=room(view, WHOLE, parameters, parameters.community))


def _left_out(graph: ActorGraph, found: Communities, drawn: list[Found], scene: Divided) -> Iterator[str]:
    """What is not drawn, in numbers."""
    sizes = np.bincount(found.of, minlength=len(found.ids))
    alone = int(np.count_nonzero(graph.degree == 0))
    smaller = int(np.count_nonzero(sizes > 1)) - len(drawn)
    if smaller:
        actors = len(graph) - alone - sum(len(part.members) for part in drawn)
        one = smaller == 1
        number = counted(smaller, "smaller community", "smaller communities")
        yield f"And {number} with {counted(actors, 'actor')} {'is' if one else 'are'} not drawn; `limit` draws more."
    if alone and drawn:
        yield f"{capitalised(counted(alone, 'actor'))} without any tie {'is' if alone == 1 else 'are'} in none."
    if scene.pairs > len(scene.lines):
        yield f"Of {scene.pairs:,} pairs with ties the {len(scene.lines):,} with the strongest have a line."


@dataclass(frozen=True)
class _Ground:
    """What has room on a ground of this width: how large discs and letters are."""

    width: float
    letters: float
    length: int
    largest: float
    broadest: float

    @classmethod
    def of(cls, width: float) -> _Ground:
        return cls(width, 14.0, 24, 84.0, 10.0) if width == WIDE else cls(width, 12.0, 16, 44.0, 6.0)


def _shapes(scene: Divided, ground: _Ground, looks: Mapping[str, LegendKind], seed: int) -> Iterator[Shape]:
    if not scene.discs:
        return
    radii = {disc.id: _radius(disc, scene, ground) for disc in scene.discs}
    words = {disc.id: _words_of(disc, radii[disc.id], ground) for disc in scene.discs}
    names = {joint.node.id: wrap(joint.node.name, length=ground.length - 4, lines=2) for joint in scene.cogs.values()}
    boxes = {id: Box(radius, _size_below(words[id], radius, ground)) for id, radius in radii.items()}
    boxes |= {id: Box(RING, block_size(lines, ground.letters)) for id, lines in names.items()}
    places = spread(boxes, tuple(_ties(scene)), ground.width, seed=seed)
    for number, line in enumerate(scene.lines):
        ends = [places[disc.id] for disc in scene.ends(line)]
        through = [places[scene.cogs[number].node.id]] if number in scene.cogs else []
        points = (ends[0], *through, ends[1])
        yield chart.Line(row=scene.id(line), points=points, stroke=LINES, stroke_width=_breadth(line, scene, ground))
    for place, disc in enumerate(scene.discs):
        (x, y), radius = places[disc.id], radii[disc.id]
        look = {"fill": TINTS[place % len(TINTS)], "stroke": GROUP_LINES[place % len(TINTS)], "stroke_width": 1.6}
        yield chart.Disc(row=disc.id, x=x, y=y, radius=radius, **look)
        below = 0.0 if _fits(words[disc.id], radius, ground) else radius
        yield _named(disc.id, (x, y + below), words[disc.id], ground, amid=not below)
    for joint in scene.cogs.values():
        id, (x, y) = joint.node.id, places[joint.node.id]
        yield Symbol(row=id, x=x, y=y, radius=COG, kind=looks[joint.node.kind], is_cog=True)
        yield _named(id, (x, y + RING), names[id], ground, bold=True)


def _radius(disc: Disc, scene: Divided, ground: _Ground) -> float:
    return max(SMALLEST, ground.largest * math.sqrt(disc.size / scene.discs[0].size))


def _breadth(line: Line, scene: Divided, ground: _Ground) -> float:
    return max(THINNEST, ground.broadest * line.strength / scene.lines[0].strength)


def _words_of(disc: Disc, radius: float, ground: _Ground) -> tuple[str, ...]:
    """Its name and number, broken so that they stand inside the disc where it is large enough."""
    number = counted(disc.size, "actor")
    inside = (*wrap(disc.name, length=ground.length - 6, lines=4), number)
    if _fits(inside, radius, ground):
        return inside
    return (*wrap(disc.name, length=ground.length, lines=4), number)


def _fits(lines: tuple[str, ...], radius: float, ground: _Ground) -> bool:
    width, height = block_size(lines, ground.letters)
    return math.hypot(width, height) < 2 * radius


def _size_below(lines: tuple[str, ...], radius: float, ground: _Ground) -> tuple[float, float]:
    return (0.0, 0.0) if _fits(lines, radius, ground) else block_size(lines, ground.letters)


def _ties(scene: Divided) -> Iterator[tuple[str, str, float]]:
    """What draws discs and cogs together: all the more, the stronger the ties."""
    for number, line in enumerate(scene.lines):
        one, other = (disc.id for disc in scene.ends(line))
        share = 0.2 + line.strength / scene.lines[0].strength
        if number in scene.cogs:
            cog = scene.cogs[number].node.id
            yield from ((one, cog, 2 * share), (cog, other, 2 * share))
        else:
            yield one, other, share


def _named(
    id: str,
    at: tuple[float, float],
    lines: tuple[str, ...],
    ground: _Ground,
    *,
    amid: bool = False,
    bold: bool = False,
) -> Words:
    """The name of a thing: in its middle, or below the place where it ends."""
    halo = {} if amid else {"stroke": PAPER, "stroke_width": 5.0}
    y = at[1] if amid else at[1] + 4 + ground.letters * LINE_HEIGHT * len(lines) / 2
    return Words(row=id, x=at[0], y=y, lines=lines, size=ground.letters, anchor="middle", bold=bold, **halo)


def _keys(scene: Divided, looks: Mapping[str, LegendKind]) -> Iterator[ChartKey]:
    if scene.discs:
        yield key_disc("community: the larger, the more actors", TINTS[0], stroke=GROUP_LINES[0])
    if scene.lines:
        line = chart.Line(points=((0, 0), (28, 0)), stroke=LINES, stroke_width=5)
        yield ChartKey(words="ties between two: the broader, the stronger", shapes=(line,))
    for kind in dict.fromkeys(joint.node.kind for joint in scene.cogs.values()):
        symbol = Symbol(x=14, y=0, radius=5, kind=looks[kind], is_cog=True)
        yield ChartKey(words=f"cog of connection between two: {kind}", shapes=(symbol,))


def _rows(scene: Divided, opened: Mapping[str, str]) -> Iterator[ChartRow]:
    """Communities from large to small, then cogs, then the lines from strong to weak."""
    for disc in scene.discs:
        yield _disc_row(disc, scene, opened[disc.id])
    for number, joint in scene.cogs.items():
        yield _cog_row(joint, scene.ends(scene.lines[number]))
    for line in scene.lines:
        yield _line_row(line, scene)


def _disc_row(disc: Disc, scene: Divided, href: str) -> ChartRow:
    near = [other.leader for line in scene.lines for other in scene.ends(line) if disc in scene.ends(line)]
    others = [name for name in near if name != disc.leader]
    inside, outside = disc.found.ties_inside, disc.found.ties_outside
    cells = (disc.full, "community", f"{disc.size:,}", f"{inside:,}", "; ".join(f"around {name}" for name in others))
    ties = f"{counted(inside, 'tie')} among themselves and {counted(outside, 'tie')} to others"
    said = f"{disc.full}: {counted(disc.size, 'actor')} with {ties}."
    return ChartRow(id=disc.id, cells=cells, sentence=said, href=href)


def _cog_row(joint: Joint, ends: tuple[Disc, Disc]) -> ChartRow:
    cells = (joint.node.name, "cog of connection", "", "", "; ".join(f"around {disc.leader}" for disc in ends))
    led = [f"{disc.near} ({counted(ties, 'tie')})" for disc, ties in zip(ends, joint.ties, strict=True)]
    said = f"{joint.node.name} joins {listed(led)}: nobody has stronger ties to both."
    return ChartRow(id=joint.node.id, cells=cells, sentence=said, href=f"/nodes/{joint.node.id}")


def _line_row(line: Line, scene: Divided) -> ChartRow:
    one, other = (disc.leader for disc in scene.ends(line))
    name = f"Around {one} and around {other}"
    through = f", most of all by {line.joint.node.name}" if line.joint else ""
    verb = "joins" if line.ties == 1 else "join"
    said = f"{capitalised(counted(line.ties, 'tie'))} {verb} the communities around {one} and around {other}{through}."
    joined = line.joint.node.name if line.joint else ""
    return ChartRow(id=scene.id(line), cells=(name, "ties between two", "", f"{line.ties:,}", joined), sentence=said)
