"""Timeline: what began and ended when, as numbers by period and as lines of time.

The dates of the question `timeline`. Above stands how much began and ended in each period; below stand the nodes and
relationships that have most relationships, each from its beginning to its end as far as these are stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import Field

from graph.model import days
from graph.queries import timeline
from graph.queries.timeline import PeriodCount, scope, with_date
from graph.sentences import readable_date
from graph.view import View
from graph.wording import counted
from viz.arrange import kind_looks
from viz.chart import (
    NARROW,
    WIDE,
    Box,
    Chart,
    ChartColumn,
    ChartKey,
    ChartRow,
    Line,
    Shape,
    Symbol,
    Words,
    key_box,
    soft,
)
from viz.labels import LINE_HEIGHT, wrap
from viz.lanes import Lane, Look, Mark, lanes
from viz.network_map import LegendKind
from viz.scales import PAPER
from viz.symbols import INK

EDGE, GRID = "#0072B2", "#d9dcdf"
FILLS: dict[Look, str] = {"begins": EDGE, "lasts": "#a9cfe6", "ends": PAPER, "many": "#E69F00"}
COUNTS, LESS_EXACT = "#5f6f7d", "#c9ced3"
WORDS: dict[Look, str] = {
    "begins": "begins in this time, no end stated",
    "lasts": "from beginning to end",
    "ends": "ends in this time, no beginning stated",
    "many": "relationships of one type: how many began in the year",
}
# Months between two marks of the scale.
STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000)


class Parameters(timeline.Parameters):
    """Of what, how the counts are grouped, and how many lines are drawn."""

    limit: int = Field(25, ge=1, le=100, description="Most lines, those with most relationships first.")


@dataclass(frozen=True)
class _Scene:
    """All that is drawn: the number of events by period, the lines, and the looks of kinds."""

    counts: Sequence[PeriodCount]
    lanes: Sequence[Lane]
    looks: dict[str, LegendKind]
    by: str

    @property
    def span(self) -> tuple[int, int]:
        """First and last day of the years that are drawn."""
        found = [days(count.period) for count in self.counts]
        found += [(mark.first, mark.last) for lane in self.lanes for mark in lane.marks]
        first = date.fromordinal(min(first for first, _ in found))
        last = date.fromordinal(max(last for _, last in found))
        return date(first.year, 1, 1).toordinal(), date(last.year, 12, 31).toordinal()

    def is_exact(self, count: PeriodCount) -> bool:
        """Whether a period is a year or a month as asked for, not a year among months."""
        return len(count.period) == timeline.PERIOD_LENGTH[self.by]


def draw(view: View, parameters: Parameters) -> Chart:
    """The picture of what began and ended when."""
    asked = timeline.Parameters(**parameters.model_dump(exclude={"limit"}))
    counts = timeline.answer(view, asked).counts
    nodes, relationships = scope(view, parameters.node)
    around = view.number(view.resolve(parameters.node, "node")) if parameters.node else None
    nodes = nodes[with_date(view.arrays.nodes, nodes)]
    relationships = relationships[with_date(view.arrays.relationships, relationships)]
    told, left = lanes(view, nodes, relationships, around=around, limit=parameters.limit)
    scene = _Scene(counts, told, kind_looks(view.store.vocabulary), parameters.by)
    columns = ("What", "Sort", "From", "To", "Number")
    return Chart(
        title=_title(view, around),
        summary=_summary(scene),
        description=(
            "The bars at the top count what begins or ends in each period. Below stand the nodes and relationships, the"
            " earliest first; a date that is a mere year is as long as the year."
        )
        if counts
        else "",
        shapes=tuple(_shapes(scene, WIDE)),
        narrow=tuple(_shapes(scene, NARROW)),
        columns=tuple(ChartColumn(name=name, is_number=place == 4) for place, name in enumerate(columns)),
        rows=(*(_count_row(count, scene) for count in counts), *(mark.row for lane in told for mark in lane.marks)),
        keys=tuple(_keys(scene)),
        cut=f"{counted(left, 'line')} with fewer relationships {'is' if left == 1 else 'are'} left out; `limit` draws"
        " more."
        if left
        else None,
    )


def _title(view: View, around: int | None) -> str:
    if around is None:
        return "What began and ended when"
    id = view.arrays.nodes.ids[around]
    return f"What began and ended when around {view.bodies([id])[id].name}"


def _summary(scene: _Scene) -> str:
    if not scene.counts:
        return "Nothing here says when it began or ended, so there is no line of time."
    total = sum(count.events for count in scene.counts)
    first, last = scene.counts[0].period, scene.counts[-1].period
    most = max(scene.counts, key=lambda count: (count.events, count.period))
    when = f"in {readable_date(first)}"
    if len(scene.counts) > 1:
        when = f"from {readable_date(first)} to {readable_date(last)}, most of them in {readable_date(most.period)}"
    return f"{counted(total, 'beginning or end', 'beginnings and ends')} {'is' if total == 1 else 'are'} stated {when}."


# From dates to ink.


@dataclass(frozen=True)
class _Ground:
    """Where time runs on a ground of this width: names to its left, or on a narrow ground above each line."""

    left: float
    right: float
    letters: float
    bars: float
    first: int
    last: int

    @classmethod
    def of(cls, width: float, span: tuple[int, int]) -> _Ground:
        """A wide ground has room for names beside the lines."""
        return cls(340.0, width - 8, 14.0, 120.0, *span) if width == WIDE else cls(6.0, width - 6, 12.0, 80.0, *span)

    @property
    def is_wide(self) -> bool:
        """Whether names stand beside the lines."""
        return self.left > self.bars

    def x(self, day: int) -> float:
        """Where a day begins."""
        return self.left + (self.right - self.left) * (day - self.first) / (self.last + 1 - self.first)

    def reach(self, first: int, last: int) -> tuple[float, float]:
        """Left end and width of a time, wide enough to be seen."""
        start, width = self.x(first), self.x(last + 1) - self.x(first)
        return min(start, self.right - 4), max(4.0, width)

    def lines(self, name: str) -> tuple[str, ...]:
        """A name in lines that fit."""
        room = self.left - 34 if self.is_wide else self.right - 22
        return wrap(name, length=int(room / (self.letters * 0.54)), lines=2)


def _shapes(scene: _Scene, width: float) -> Iterator[Shape]:
    if not scene.counts:
        return
    ground = _Ground.of(width, scene.span)
    tops, bottom = _tops(scene, ground)
    yield from _scale(ground, bottom)
    yield from _counts(scene, ground)
    for lane, top in zip(scene.lanes, tops, strict=True):
        yield from _lane(lane, top, scene, ground)


def _tops(scene: _Scene, ground: _Ground) -> tuple[list[float], float]:
    """How far down each lane begins, and where the last one ends."""
    tops, y = [], ground.bars + 44
    for lane in scene.lanes:
        tops.append(y)
        y += _height(lane, ground) + 10
    return tops, y


def _height(lane: Lane, ground: _Ground) -> float:
    words = len(ground.lines(lane.name)) * ground.letters * LINE_HEIGHT
    return max(words, _thick(lane)) if ground.is_wide else words + 4 + _thick(lane)


def _thick(lane: Lane) -> float:
    return 22.0 if lane.marks[0].look == "many" else 14.0


def _scale(ground: _Ground, bottom: float) -> Iterator[Shape]:
    """Upright lines at years or months, named below the counts."""
    begin, end = date.fromordinal(ground.first), date.fromordinal(ground.last)
    months = (end.year - begin.year + 1) * 12
    most = 10 if ground.is_wide else 5
    step = next((step for step in STEPS if months / step <= most), STEPS[-1])
    first = -(-begin.year * 12 // step) * step
    for month in range(first, begin.year * 12 + months, step):
        day = date(month // 12, month % 12 + 1, 1)
        x = ground.x(day.toordinal())
        yield Line(points=((x, 0.0), (x, bottom)), stroke=GRID, stroke_width=1.0)
        yield soft([f"{day:%b} {day.year}" if step < 12 else str(day.year)], x + 4, ground.bars + 14)


def _counts(scene: _Scene, ground: _Ground) -> Iterator[Shape]:
    most = max(count.events for count in scene.counts)
    for count in sorted(scene.counts, key=scene.is_exact):  # a year lies behind its months
        x, width = ground.reach(*days(count.period))
        height = max(1.5, (ground.bars - 18) * count.events / most)
        fill, row, y = COUNTS if scene.is_exact(count) else LESS_EXACT, f"period {count.period}", ground.bars - height
        yield Box(row=row, x=x, y=y, width=width, height=height, fill=fill, stroke=PAPER, stroke_width=1.0)
        number = f"{count.events:,}"
        if width > len(number) * 7.5:
            yield Words(row=row, x=x + width / 2, y=y - 9, lines=(number,), size=12.5, anchor="middle")
    yield Line(points=((ground.left, ground.bars), (ground.right, ground.bars)), stroke=INK, stroke_width=1.0)


def _lane(lane: Lane, top: float, scene: _Scene, ground: _Ground) -> Iterator[Shape]:
    lines, thick, row = ground.lines(lane.name), _thick(lane), lane.marks[0].row.id
    words = len(lines) * ground.letters * LINE_HEIGHT
    height = _height(lane, ground)
    middle = top + height / 2 if ground.is_wide else top + words / 2
    base = top + height / 2 + thick / 2 if ground.is_wide else top + height
    x = ground.left - 30 if ground.is_wide else ground.left + 16
    halo = {"stroke": PAPER, "stroke_width": 4.0}
    anchored = {"x": x, "y": middle, "size": ground.letters}
    yield Words(row=row, lines=lines, anchor="end" if ground.is_wide else "start", **anchored, **halo)
    if lane.kind:
        at = ground.left - 16 if ground.is_wide else ground.left + 6
        yield Symbol(row=row, x=at, y=middle, radius=5.0, kind=scene.looks[lane.kind])
    most = max(mark.number for mark in lane.marks)
    for mark in lane.marks:
        yield from _mark(mark, base, (thick, most), ground)


def _mark(mark: Mark, base: float, size: tuple[float, int], ground: _Ground) -> Iterator[Shape]:
    x, width = ground.reach(mark.first, mark.last)
    thick, most = size
    height = max(2.0, thick * mark.number / most) if mark.look == "many" else thick
    look = {"fill": FILLS[mark.look], "stroke": PAPER if mark.look == "many" else EDGE, "stroke_width": 1.0}
    yield Box(row=mark.row.id, x=x, y=base - height, width=width, height=height, **look)
    number = f"{mark.number:,}"
    if mark.look == "many" and width > len(number) * 7:
        y = base - height / 2 if height > 13 else base - height - 7
        yield Words(row=mark.row.id, x=x + width / 2, y=y, lines=(number,), size=11.5, anchor="middle")


# The same in words.


def _count_row(count: PeriodCount, scene: _Scene) -> ChartRow:
    when, number = readable_date(count.period), counted(count.events, "beginning or end", "beginnings and ends")
    exact = "" if scene.is_exact(count) else ", with no month stated"
    said = f"{number} {'is' if count.events == 1 else 'are'} stated in {when}{exact}."
    cells = ("All beginnings and ends", "period", count.period, count.period, f"{count.events:,}")
    return ChartRow(id=f"period {count.period}", cells=cells, sentence=said)


def _keys(scene: _Scene) -> Iterator[ChartKey]:
    if scene.counts:
        yield key_box(f"beginnings and ends in the {scene.by}", COUNTS)
    if not all(scene.is_exact(count) for count in scene.counts):
        yield key_box("those of which only the year is stated", LESS_EXACT)
    used = {mark.look for lane in scene.lanes for mark in lane.marks}
    yield from (
        key_box(words, FILLS[look], None if look == "many" else EDGE) for look, words in WORDS.items() if look in used
    )
    for kind in dict.fromkeys(lane.kind for lane in scene.lanes if lane.kind):
        yield ChartKey(words=kind, shapes=(Symbol(x=14, y=0, radius=5, kind=scene.looks[kind]),))
