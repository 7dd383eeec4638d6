"""The matrix of gaps: cells of the question, coloured by how clear they are."""

from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.model import Audience, Node, Relationship
from graph.questions import ask
from tests.viz.styles.networks import body, changed, store_of, ties
from viz.chart import Box, Chart
from viz.maps import draw
from viz.styles.gaps import MORE, NOTHING


def member(number: int) -> Node:
    return changed(body(f"n{number:02}"), sector="public" if number < 6 else "community")


def cliques() -> list[Relationship]:
    """Two sectors of six, tied within and not at all between."""
    pairs = [(one, other) for start in (0, 6) for one in range(start, start + 6) for other in range(one + 1, start + 6)]
    return ties("PARTNERS_WITH", *((f"n{one:02}", f"n{other:02}") for one, other in pairs))


NODES = [member(number) for number in range(12)]


def drawn(folder: Path, nodes: list[Any], relationships: list[Any], **values: Any) -> Chart:
    with store_of(folder, nodes, relationships) as store:
        chart = draw(store, "gaps", values)
    assert isinstance(chart, Chart)
    return chart


def test_cells_are_those_of_the_question(tmp_path: Path) -> None:
    with store_of(tmp_path, NODES, cliques()) as store:
        chart, answer = draw(store, "gaps", {}), ask(store, "gaps", {}).model_dump()
    assert isinstance(chart, Chart)
    assert [row.id for row in chart.rows] == [f"{cell['a']} {cell['b']}" for cell in answer["cells"]]
    assert [row.cells[1] for row in chart.rows] == ["15", "0", "15"]  # two times six over two
    assert chart.summary == answer["sentence"]


def test_what_is_clear_is_strongly_coloured_and_bold(tmp_path: Path) -> None:
    chart = drawn(tmp_path, NODES, cliques())
    fills = {shape.row: shape.fill for shape in chart.shapes if isinstance(shape, Box)}
    assert fills == {"community community": MORE, "community public": "#E69F00", "public public": MORE}
    # By hand: of 30 ties each actor has 5, so 6 × 6 × 25/60 = 15 between, and 15 × 25/60 = 6.25 within.
    assert [row.cells[2] for row in chart.rows] == ["6.2", "15.0", "6.2"]
    assert chart.rows[1].sentence.startswith("Community and public have no tie with each other where chance would make")
    assert [key.words for key in chart.keys] == [
        "clearly fewer ties than by chance",
        "clearly more ties than by chance",
    ]


def test_without_ties_nothing_is_expected(tmp_path: Path) -> None:
    chart = drawn(tmp_path, NODES, [])
    assert {shape.fill for shape in chart.shapes if isinstance(shape, Box)} == {NOTHING}
    assert chart.rows[0].cells == ("Within community", "0", "0.0", "", "100%")
    assert not any("`" in note for note in chart.notes)  # names of fields say nothing to who looks at a picture


def test_groups_left_out_are_told(tmp_path: Path) -> None:
    nodes = [*NODES, *(changed(body(f"m{place}"), sector="media") for place in range(2))]
    chart = drawn(tmp_path, nodes, cliques(), limit=2)
    assert chart.cut == "1 of 3 groups are left out, the smallest; `limit` draws more."
    assert {row.id for row in chart.rows} == {"community community", "community public", "public public"}


def test_groups_too_small_for_the_public_are_withheld(tmp_path: Path) -> None:
    nodes = [*NODES, changed(body("m"), sector="media")]
    with store_of(tmp_path, nodes, cliques()) as store:
        chart = draw(store, "gaps", {}, audience=Audience.public)
    assert isinstance(chart, Chart)
    assert {row.cells[1:] for row in chart.rows if "media" in row.id} == {("", "", "", "")}


def test_without_groups_it_says_so(tmp_path: Path) -> None:
    chart = drawn(tmp_path, [body("a"), body("b")], ties("PARTNERS_WITH", ("a", "b")))
    assert chart.rows == ()
    assert chart.summary.startswith("No actor has a stated group by “sector”, so there is nothing to compare.")


def test_an_unknown_attribute_is_named(tmp_path: Path) -> None:
    chart = drawn(tmp_path, NODES, cliques(), group_by="wards")
    assert chart.rows == ()
    assert "by “wards”" in chart.summary


@pytest.mark.parametrize("limit", [1, 25])
def test_a_matrix_has_a_size_that_can_be_read(limit: int, tmp_path: Path) -> None:
    with store_of(tmp_path, NODES, []) as store, pytest.raises(InputError):
        draw(store, "gaps", {"limit": limit})
