"""Resilience: what falls apart without those who hold others together, or without those who leave.

The same network as in the question `resilience`. Those who hold others together stand in the middle, to their right
who reaches everybody else through one of them alone, to their left who does so through several. With `leavers` these
stand in the middle, and around them the parts that would be left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from graph.contacts import contacts, nodes_meant
from graph.queries import resilience
from graph.view import View
from graph.wording import listed, percent
from viz.chart import NARROW, WIDE, Band, Chart, ChartColumn, ChartKey, ChartRow, Disc, Line, Shape, Symbol, Words
from viz.holding import ORDER, Held, HeldPart, Holder, Sort, held
from viz.labels import LINE_HEIGHT, wrap
from viz.scales import GROUP_LINES, PAPER, TINTS
from viz.symbols import INK

KEYS: dict[Sort, str] = {"together": "who stay together", "small": "in small parts", "alone": "each left alone"}
OTHER_WAYS = "#8a8a8a"
WHAT: dict[Sort, str] = {"together": "stay together", "small": "in small parts", "alone": "each left alone"}
PART_FILL = {"together": TINTS[0], "small": PAPER, "alone": PAPER}
PART_DASHES = {"together": "", "small": "", "alone": "4 3"}


class Parameters(resilience.Parameters):
    """How many of those who hold others together are drawn."""

    limit: int = Field(12, ge=1, le=30, description="Most of those who hold others together, or who leave.")


def draw(view: View, parameters: Parameters) -> Chart:
    """The picture of what would fall apart."""
    asked = resilience.Parameters(**parameters.model_dump(exclude={"limit"}))
    answer, graph = resilience.answer(view, asked), contacts(view, asked)
    if parameters.leavers:
        numbers = nodes_meant(view, graph, parameters.leavers, "leavers")
        shares: dict[int, float | None] = dict.fromkeys(numbers.tolist())
    else:
        shares = {view.number(one.node.id): one.fragmentation for one in answer.each if one.fragmentation}
    scene = held(view, graph, shares, limit=parameters.limit, leave=bool(parameters.leavers))
    columns = ("Name", "What it is", "Actors", "Pairs lost", "Tied to others by")
    return Chart(
        title="What falls apart if some leave" if scene.leave else "Who holds others together",
        summary=answer.sentence,
        description=" ".join(_described(scene)),
        shapes=tuple(_shapes(scene, _Ground.of(WIDE))),
        narrow=tuple(_shapes(scene, _Ground.of(NARROW))),
        columns=tuple(ChartColumn(name=name, is_number=place in (2, 3)) for place, name in enumerate(columns)),
        rows=tuple(_rows(scene)),
        keys=tuple(_keys(scene)),
        cut=scene.cut,
    )


def _described(scene: Held) -> Iterator[str]:
    if scene.leave:
        yield "Those who leave stand in the middle, and beside them the parts that would be left."
        yield "A part with a solid edge would still be connected within, and no part with another."
    else:
        yield "Those without whom some would lose each other stand in the middle, those with most to lose at the top."
        yield "To the right stands who reaches all others through one of them alone, to the left who needs several."


# From parts to ink.


@dataclass(frozen=True)
class _Ground:
    """Where things stand on a ground of this width; the way from the middle forks before it reaches the parts."""

    left: float
    middle: float
    fork: float
    right: float
    width: float
    row: float
    letters: float
    largest: float
    smallest: float

    @classmethod
    def of(cls, width: float) -> _Ground:
        """A wide ground has room for the names of the parts to the left, and for larger areas."""
        if width == WIDE:
            return cls(222.0, 400.0, 640.0, 760.0, width, 48.0, 14.0, 44.0, 6.0)
        return cls(20.0, 88.0, 186.0, 222.0, width, 50.0, 11.5, 20.0, 5.0)

    @property
    def is_wide(self) -> bool:
        """Whether there is room for everything."""
        return self.width == WIDE

    def radius(self, part: HeldPart, scene: Held) -> float:
        """The area of a part grows with its actors."""
        most = max(one.size for one in scene.parts)
        return max(self.smallest, self.largest * math.sqrt(part.size / most))


def _shapes(scene: Held, ground: _Ground) -> Iterator[Shape]:
    heights, rights = _heights(scene, ground)
    lefts = _lefts(scene, ground, heights)
    yield from (_arc(scene, tie, heights, ground) for tie in scene.ties)
    for part in scene.shared:
        for slot in part.holders:
            ends = {"start": (ground.left, lefts[part.id]), "end": (ground.middle, heights[slot])}
            yield Band(row=part.id, height=1.3, fill=INK if scene.leave else OTHER_WAYS, **ends)
        yield from _part(part, (ground.left, lefts[part.id]), scene, ground)
    for slot, holder in enumerate(scene.holders):
        own, y = scene.of(slot), heights[slot]
        if own:
            trunk = ((ground.middle, y), (ground.fork, y))
            yield Line(row=holder.id, points=trunk, stroke=INK, stroke_width=1.6)
        for part in own:
            at = ground.right, rights[part.id]
            yield Band(row=part.id, start=(ground.fork, y), end=at, height=1.6, fill=INK)
            yield from _part(part, at, scene, ground)
        yield from _holder(holder, y, scene, ground)


def _heights(scene: Held, ground: _Ground) -> tuple[dict[int, float], dict[str, float]]:
    """How far down each holder stands, and each part to its right."""
    heights, rights, y = {}, {}, 0.0
    for slot, holder in enumerate(scene.holders):
        rooms = [_room(part, scene, ground) for part in scene.of(slot)]
        spare = max(0.0, 2.1 * ground.letters * len(_name(holder, ground)) + 20 - sum(rooms))
        top, y = y, y + spare / 2
        for part, room in zip(scene.of(slot), rooms, strict=True):
            rights[part.id] = y + room / 2
            y += room
        y += spare / 2
        heights[slot] = (top + y) / 2
        y += ground.row * 0.2
    return heights, rights


def _room(part: HeldPart, scene: Held, ground: _Ground) -> float:
    lines = len(_lines(part, scene, ground))
    return max(ground.row * 0.7, 2 * ground.radius(part, scene) + 10, lines * ground.letters * LINE_HEIGHT + 10)


def _lefts(scene: Held, ground: _Ground, heights: Mapping[int, float]) -> dict[str, float]:
    """How far down the shared parts stand: as high as their holders on average, as far as there is room."""
    wanted = {part.id: sum(heights[slot] for slot in part.holders) / len(part.holders) for part in scene.shared}
    lefts: dict[str, float] = {}
    free = 0.0
    for part in sorted(scene.shared, key=lambda part: (wanted[part.id], part.id)):
        half = _room(part, scene, ground) / 2
        lefts[part.id] = max(free + half, wanted[part.id])
        free = lefts[part.id] + half
    return lefts


def _arc(scene: Held, tie: tuple[int, int, bool], heights: Mapping[int, float], ground: _Ground) -> Line:
    """The tie of two in the middle, bowed to the left of their column, the further apart the more."""
    top, bottom = sorted((heights[tie[0]], heights[tie[1]]))
    whole = max(heights.values()) - min(heights.values())
    bow = 10 + (ground.middle - ground.left) * 0.6 * (bottom - top) / whole
    steps = [step / 16 for step in range(17)]
    points = tuple((ground.middle - 4 * bow * at * (1 - at), top + (bottom - top) * at) for at in steps)
    stroke, width = (INK, 1.6) if tie[2] or scene.leave else (OTHER_WAYS, 1.3)
    return Line(row=_tie_id(scene, tie), points=points, stroke=stroke, stroke_width=width)


def _tie_id(scene: Held, tie: tuple[int, int, bool]) -> str:
    return f"tie {scene.holders[tie[0]].id} {scene.holders[tie[1]].id}"


def _lines(part: HeldPart, scene: Held, ground: _Ground) -> tuple[str, ...]:
    """What is written beside a part; on a narrow ground there is no room on the left."""
    radius = ground.radius(part, scene)
    if len(part.holders) > 1:
        room = ground.left - radius - 8 if ground.is_wide else 0.0
    else:
        room = ground.width - ground.right - radius - 8
    count = {"together": "", "small": f"{part.size:,} in small parts: ", "alone": f"{part.size:,} alone: "}[part.sort]
    said = (count if part.size > 1 else "") + part.names
    length = int(room / (ground.letters * 0.57))
    return wrap(said, length=length, lines=4) if length > 0 else ()


def _part(part: HeldPart, at: tuple[float, float], scene: Held, ground: _Ground) -> Iterator[Shape]:
    radius, is_left = ground.radius(part, scene), len(part.holders) > 1
    look = {"fill": PART_FILL[part.sort], "stroke": GROUP_LINES[0], "dashes": PART_DASHES[part.sort]}
    yield Disc(row=part.id, x=at[0], y=at[1], radius=radius, stroke_width=1.6, **look)
    number = f"{part.size:,}"
    if radius > max(8.0, len(number) * ground.letters * 0.32):
        yield Words(row=part.id, x=at[0], y=at[1], lines=(number,), size=ground.letters, anchor="middle")
    if lines := _lines(part, scene, ground):
        x = at[0] - radius - 8 if is_left else at[0] + radius + 8
        yield Words(row=part.id, x=x, y=at[1], lines=lines, size=ground.letters, anchor="end" if is_left else "start")


def _name(holder: Holder, ground: _Ground) -> tuple[str, ...]:
    said = holder.name + (f" ({percent(holder.share)})" if holder.share and ground.is_wide else "")
    return wrap(said, length=int((ground.fork - ground.middle - 18) / (ground.letters * 0.6)), lines=3)


def _holder(holder: Holder, y: float, scene: Held, ground: _Ground) -> Iterator[Shape]:
    x, lines = ground.middle, _name(holder, ground)
    if scene.leave:
        yield Disc(row=holder.id, x=x, y=y, radius=15, fill=PAPER, stroke=INK, dashes="3 3", stroke_width=1.6)
    yield Symbol(row=holder.id, x=x, y=y, radius=7.0, kind=scene.looks[holder.kind], is_cog=not scene.leave)
    above = y - 5 - ground.letters * LINE_HEIGHT * len(lines) / 2
    words = {"size": ground.letters, "bold": True, "stroke": PAPER, "stroke_width": 4.0}
    yield Words(row=holder.id, x=x + 18, y=above, lines=lines, **words)


# The same in words.


def _rows(scene: Held) -> Iterator[ChartRow]:
    for holder in scene.holders:
        said = f"{holder.name} leaves."
        if holder.share is not None:
            lost = f"{percent(holder.share)} of the connected pairs of others would no longer reach each other"
            said = f"If {holder.name} left, {lost}."
        share = "" if holder.share is None else percent(holder.share)
        cells = (holder.name, holder.kind, "1", share, "")
        yield ChartRow(id=holder.id, cells=cells, sentence=said, href=f"/nodes/{holder.id}")
    for part in scene.parts:
        names = listed([scene.holders[slot].name for slot in part.holders])
        cells = (part.names, WHAT[part.sort] if part.size > 1 else "alone", f"{part.size:,}", "", names)
        yield ChartRow(id=part.id, cells=cells, sentence=_part_sentence(part, names, scene))
    for tie in scene.ties:
        one, other = (scene.holders[slot].name for slot in tie[:2])
        end = "there is no other way from one to the other" if tie[2] else "there are other ways from one to the other"
        cells = (f"{one} and {other}", "only way" if tie[2] else "one way of several", "2", "", "")
        yield ChartRow(id=_tie_id(scene, tie), cells=cells, sentence=f"{one} and {other} are in contact; {end}.")


def _part_sentence(part: HeldPart, names: str, scene: Held) -> str:
    several = part.size > 1
    if scene.leave:
        state = {"together": "still reach each other", "small": "be left in small parts", "alone": "have no tie left"}
        return f"{part.names} would {state[part.sort]} without {names}."
    only = "alone" if len(part.holders) == 1 else "only"
    each = {"together": "", "small": ", in small parts", "alone": ", each on its own" if several else ""}[part.sort]
    return f"{part.names} reach{'' if several else 'es'} all others through {names} {only}{each}."


def _keys(scene: Held) -> Iterator[ChartKey]:
    for kind in dict.fromkeys(holder.kind for holder in scene.holders):
        words = f"{kind} who leaves" if scene.leave else f"{kind} who holds others together"
        symbol = Symbol(x=14, y=0, radius=5, kind=scene.looks[kind], is_cog=not scene.leave)
        yield ChartKey(words=words, shapes=(symbol,))
    for sort in ORDER:
        if any(part.sort == sort for part in scene.parts):
            look = {"fill": PART_FILL[sort], "stroke": GROUP_LINES[0], "dashes": PART_DASHES[sort]}
            yield ChartKey(words=f"actors {KEYS[sort]}", shapes=(Disc(x=14, y=0, radius=8, **look),))
    if scene.holders:
        only = "a way that would be lost" if scene.leave else "the only way to all others"
        yield ChartKey(words=only, shapes=(Line(points=((0, 0), (28, 0)), stroke=INK, stroke_width=1.6),))
    if not scene.leave and (scene.shared or any(not tie[2] for tie in scene.ties)):
        shapes = (Line(points=((0, 0), (28, 0)), stroke=OTHER_WAYS, stroke_width=1.3),)
        yield ChartKey(words="one way of several", shapes=shapes)
