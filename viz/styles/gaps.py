"""Gaps: the ties between every two groups beside those that chance would make, as a matrix.

The same numbers as the question `gaps`. A cell is strongly coloured where so many ties, or so few, come about in at
most 5% of random shuffles; a pale cell may well be chance. The diagonal holds the ties inside each group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from graph.contacts import contacts
from graph.queries import gaps
from graph.queries.gaps import CLEAR, Cell
from graph.view import View
from graph.wording import capitalised, counted, group_names, no_groups, percent
from viz.chart import NARROW, WIDE, Box, Chart, ChartColumn, ChartRow, Shape, Words, key_box
from viz.labels import wrap
from viz.scales import PAPER
from viz.symbols import INK, SOFT_INK

FEWER, MAYBE_FEWER, MAYBE_MORE, MORE = "#E69F00", "#fdf1e2", "#eaf3fa", "#0072B2"
NOTHING, WITHHELD, EDGE = "#f4f5f6", "#d9dcdf", "#c9ced3"
WORDS = {
    FEWER: "clearly fewer ties than by chance",
    MAYBE_FEWER: "fewer, and it may be chance",
    MAYBE_MORE: "more, and it may be chance",
    MORE: "clearly more ties than by chance",
    NOTHING: "as many as by chance, or none to expect",
    WITHHELD: "withheld: a group is too small",
}


class Parameters(gaps.Parameters):
    """How many groups are drawn."""

    limit: int = Field(10, ge=2, le=24, description="Most groups, the largest first.")


@dataclass(frozen=True)
class _Grid:
    """Where cells stand: names to their left and above the diagonal."""

    left: float
    side: float
    height: float
    letters: float
    width: float

    @classmethod
    def of(cls, count: int, width: float) -> _Grid:
        """Cells as large as the ground allows, and no larger than is good to read."""
        is_wide = width == WIDE
        left = 170.0 if is_wide else 92.0
        side = min((width - left) / max(count, 1), 116.0)
        return cls(left, side, min(side, 64.0), 15.0 if is_wide else 12.0, width)


def draw(view: View, parameters: Parameters) -> Chart:
    """The matrix of observed and expected ties."""
    asked = gaps.Parameters(**parameters.model_dump(exclude={"limit"}))
    answer, graph = gaps.answer(view, asked), contacts(view, asked)
    view.notes = [note for note in view.notes if not note.startswith("`")]  # of fields that no picture shows
    largest = sorted(answer.groups, key=lambda group: (-(group.members or 0), group.group))[: parameters.limit]
    kept = sorted(group.group for group in largest)
    names = group_names(view, graph)
    cells = [cell for cell in answer.cells if cell.a in kept and cell.b in kept]
    left = len(graph.groups.labels) - len(kept)
    used = {_fill(cell) for cell in cells}
    return Chart(
        title=f"Gaps and ties between groups by {parameters.group_by}",
        summary=answer.sentence if cells else no_groups(parameters.group_by),
        description=(
            "Every cell stands for two groups, or on the diagonal for the ties inside one. The large number is of the"
            " ties there are, the small one of those that chance would make if all actors kept their number of ties."
        ),
        shapes=tuple(_shapes(kept, names, cells, _Grid.of(len(kept), WIDE))),
        narrow=tuple(_shapes(kept, names, cells, _Grid.of(len(kept), NARROW))),
        columns=tuple(
            ChartColumn(name=name, is_number=bool(place))
            for place, name in enumerate(("Groups", "Ties", "Expected", "Ratio", "Chance of it"))
        ),
        rows=tuple(_row(cell, names) for cell in cells),
        keys=tuple(key_box(words, fill, EDGE) for fill, words in WORDS.items() if fill in used),
        cut=f"{left:,} of {len(kept) + left:,} groups are left out, the smallest; `limit` draws more."
        if left
        else None,
    )


def _fill(cell: Cell) -> str:
    if cell.withheld:
        return WITHHELD
    if cell.ratio is None or cell.ratio == 1:
        return NOTHING
    is_clear = cell.p_value is not None and cell.p_value <= CLEAR
    if cell.ratio < 1:
        return FEWER if is_clear else MAYBE_FEWER
    return MORE if is_clear else MAYBE_MORE


def _about(expected: float) -> str:
    """A number of expected ties, as exact as it is of use."""
    if 0 < expected < 0.05:
        return "<0.1"
    return f"{expected:,.0f}" if expected >= 100 else f"{expected:.1f}"


def _id(cell: Cell) -> str:
    return f"{cell.a} {cell.b}"


def _shapes(kept: list[str], names: Mapping[str, str], cells: list[Cell], grid: _Grid) -> Iterator[Shape]:
    place = {group: number for number, group in enumerate(kept)}
    for group, number in place.items():
        lines = wrap(capitalised(names[group]), length=int(grid.left / grid.letters * 1.6), lines=2)
        middle = (number + 0.5) * grid.height
        yield Words(x=grid.left - 10, y=middle, lines=lines, size=grid.letters, anchor="end")
        above = grid.left + number * grid.side + 4
        room = int((grid.width - above) / (grid.letters * 0.56))  # nothing else stands to the right of it
        head = wrap(capitalised(names[group]), length=max(room, 8), lines=1)
        yield Words(x=above, y=number * grid.height - grid.letters * 0.8, lines=head, size=grid.letters)
    for cell in cells:
        yield from _cell(cell, grid.left + place[cell.a] * grid.side, place[cell.b] * grid.height, grid)


def _cell(cell: Cell, x: float, y: float, grid: _Grid) -> Iterator[Shape]:
    fill = _fill(cell)
    ink, quiet = (PAPER, PAPER) if fill == MORE else (INK, INK if fill == FEWER else SOFT_INK)
    row, middle = _id(cell), x + grid.side / 2
    box = {"x": x + 1, "y": y + 1, "width": grid.side - 2, "height": grid.height - 2}
    yield Box(row=row, fill=fill, stroke=EDGE, stroke_width=0.8, corner=3.0, **box)
    if cell.withheld:
        return
    is_clear, size = fill in (FEWER, MORE), min(grid.height * 0.36, 22.0)
    number, expected = f"{cell.observed:,}", _about(cell.expected or 0)
    size = min(size, (grid.side - 4) / (len(number) * 0.6))
    yield Words(
        x=middle, y=y + grid.height * 0.38, lines=(number,), size=size, anchor="middle", bold=is_clear, fill=ink
    )
    said = f"{expected} expected" if grid.side >= 100 else expected
    small = min(12.5, (grid.side - 4) / (len(said) * 0.52), size)
    yield Words(x=middle, y=y + grid.height * 0.76, lines=(said,), size=small, anchor="middle", fill=quiet)


def _row(cell: Cell, names: Mapping[str, str]) -> ChartRow:
    inside, ends = cell.a == cell.b, (names[cell.a], names[cell.b])
    pair = f"within {ends[0]}" if inside else f"{ends[0]} and {ends[1]}"
    if cell.withheld:
        said = f"{pair}: the numbers are withheld, as a group is too small."
        return ChartRow(id=_id(cell), cells=(capitalised(pair), "", "", "", ""), sentence=capitalised(said))
    ratio = "" if cell.ratio is None else f"{cell.ratio:.2f}"
    numbers = (f"{cell.observed:,}", _about(cell.expected or 0), ratio, percent(cell.p_value or 0))
    return ChartRow(id=_id(cell), cells=(capitalised(pair), *numbers), sentence=_sentence(cell, pair))


def _sentence(cell: Cell, pair: str) -> str:
    inside, ties = cell.a == cell.b, counted(cell.observed or 0, "tie")
    said = f"{pair} there {'is' if cell.observed == 1 else 'are'} {ties}" if inside else f"{pair} have {ties}"
    said += f"{'' if inside else ' with each other'} where chance would make about {_about(cell.expected or 0)}"
    if _fill(cell) == NOTHING:
        return capitalised(f"{said}.")
    amount = "few" if (cell.ratio or 0) < 1 else "many"
    return capitalised(f"{said}; so {amount} come about in {percent(cell.p_value or 0)} of random shuffles.")
