"""A picture that is no network, as plain data: shapes in place, and the table that says the same.

A matrix, a time line or a flow of money cannot be told as nodes and relationships. Every shape that means something
belongs to a row of the table, and every row is drawn: a chart that breaks this rule cannot be made.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from viz.network_map import LegendKind, MapEvidence, MapLink, Part, Point, Tenth
from viz.scales import PAPER
from viz.symbols import INK, SOFT_INK

# Widths in which a chart is laid out: beside nothing on a screen or on paper, and on a phone.
WIDE, NARROW = 1_120.0, 360.0
LETTERS = 15.0


class _Shape(Part):
    """What all shapes have; a shape without a row is scale or ground and means nothing by itself."""

    row: str | None = Field(None, description="Id of the row that says what it means.")
    fill: str | None = None
    stroke: str | None = None
    stroke_width: Tenth = 1.4
    dashes: str = ""


class Box(_Shape):
    """A rectangle by its upper left corner."""

    form: Literal["box"] = "box"
    x: Tenth
    y: Tenth
    width: Tenth
    height: Tenth
    corner: Tenth = 0.0


class Disc(_Shape):
    """A circle by its middle."""

    form: Literal["disc"] = "disc"
    x: Tenth
    y: Tenth
    radius: Tenth


class Line(_Shape):
    """A straight line through its points."""

    form: Literal["line"] = "line"
    points: tuple[Point, ...]


class Band(_Shape):
    """A band of one breadth, from the middle of its left end to the middle of its right end."""

    form: Literal["band"] = "band"
    start: Point
    end: Point
    height: Tenth


class Symbol(_Shape):
    """A node by its middle, in the shape and colour that its kind has on every map."""

    form: Literal["symbol"] = "symbol"
    x: Tenth
    y: Tenth
    radius: Tenth
    kind: LegendKind
    is_cog: bool = False


class Words(_Shape):
    """Lines of text; `y` is the middle of the block, `x` its left end, middle or right end."""

    form: Literal["words"] = "words"
    x: Tenth
    y: Tenth
    lines: tuple[str, ...]
    size: Tenth = LETTERS
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    fill: str | None = INK
    turn: Tenth = Field(0.0, description="Degrees by which it is turned around its place.")


Shape = Annotated[Box | Disc | Line | Band | Symbol | Words, Field(discriminator="form")]


class ChartColumn(Part):
    """One column of the table."""

    name: str
    is_number: bool = False


class ChartRow(Part):
    """One thing drawn: its cells in the table, and the sentence that says it."""

    id: str
    cells: tuple[str, ...]
    sentence: str
    href: str | None = Field(None, description="Where more of it is found in this service.")
    evidence: tuple[MapEvidence, ...] = ()


class ChartKey(Part):
    """One look and what it means; the shapes stand around 14, 0 and are about 28 wide."""

    words: str
    shapes: tuple[Shape, ...]


class Chart(Part):
    """A whole chart: its words, its shapes in place on a wide and on a narrow ground, its table and its legend."""

    style: str = Field("", description="The style that made it.")
    title: str
    summary: str = Field(description="The answer in one sentence.")
    description: str = Field("", description="A paragraph that says what a reader would see.")
    shapes: tuple[Shape, ...] = ()
    narrow: tuple[Shape, ...] = Field((), description="The same for a screen that is as narrow as a phone.")
    columns: tuple[ChartColumn, ...] = ()
    rows: tuple[ChartRow, ...] = ()
    keys: tuple[ChartKey, ...] = ()
    cut: str | None = Field(None, description="What was left out, and how to see it; none when the chart is whole.")
    links: tuple[MapLink, ...] = Field((), description="Other maps that a reader of this one may want.")
    notes: tuple[str, ...] = ()
    address: str = Field("", description="Where the same chart is served.")
    command: str = Field("", description="The command that makes the same chart.")
    graph_version: str = ""

    @model_validator(mode="after")
    def _all_rows_are_drawn_and_nothing_else(self) -> Self:
        told = {row.id for row in self.rows}
        for shapes in (self.shapes, self.narrow):
            if {shape.row for shape in shapes if shape.row is not None} != told:
                raise ValueError("what is drawn is not what the table tells")
        if len(told) != len(self.rows) or any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError("two rows have the same id, or a row has too many or too few cells")
        return self


def soft(lines: Iterable[str], x: float, y: float, *, anchor: Literal["start", "middle", "end"] = "start") -> Words:
    """Small words of a scale, which belong to no row."""
    return Words(x=x, y=y, lines=tuple(lines), size=13.0, anchor=anchor, fill=SOFT_INK)


def key_box(words: str, fill: str, stroke: str | None = None) -> ChartKey:
    """A key with a coloured box."""
    return ChartKey(words=words, shapes=(Box(x=3, y=-8, width=22, height=16, fill=fill, stroke=stroke),))


def key_disc(words: str, fill: str = PAPER, *, stroke: str = INK, width: float = 1.4) -> ChartKey:
    """A key with a disc."""
    return ChartKey(words=words, shapes=(Disc(x=14, y=0, radius=8, fill=fill, stroke=stroke, stroke_width=width),))
