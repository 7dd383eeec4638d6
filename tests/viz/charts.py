"""Small charts, made in a line each, and what can be read from their pictures."""

from xml.etree import ElementTree

from viz.chart import Box, Chart, ChartColumn, ChartKey, ChartRow, Disc, Line, Shape, Words

SVG = "{http://www.w3.org/2000/svg}"


def row(id: str, *cells: str) -> ChartRow:
    return ChartRow(id=id, cells=cells or (id,), sentence=f"This is {id}.")


def chart(*rows: ChartRow, shapes: tuple[Shape, ...] | None = None) -> Chart:
    drawn: tuple[Shape, ...] = tuple(
        Box(row=one.id, x=40 * place, y=0, width=30, height=20, fill="#0072B2") for place, one in enumerate(rows)
    )
    return Chart(
        title="Of boxes",
        summary="There are boxes.",
        description="Each box is a row.",
        shapes=drawn if shapes is None else shapes,
        narrow=drawn,
        columns=(ChartColumn(name="Name"),),
        rows=rows,
        keys=(ChartKey(words="a box", shapes=(Disc(x=14, y=0, radius=4),)),),
    )


def with_ground(whole: Chart) -> Chart:
    ground = Line(points=((0, 0), (9, 9)), stroke="#c9ced3"), Words(x=0, y=40, lines=("0",))
    return whole.model_copy(update={"shapes": (*ground, *whole.shapes)})


def rows_drawn(picture: str) -> set[str]:
    """The rows that a picture has shapes for."""
    found = (element.get("data-row") for element in ElementTree.fromstring(picture).iter(SVG + "g"))
    return {id for id in found if id is not None}


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(SVG + "text")]
