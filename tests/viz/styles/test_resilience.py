"""What falls apart: holders and the parts beside them, of networks small enough to take apart by hand."""

from pathlib import Path
from typing import Any

import pytest

from graph.errors import NotFound
from graph.questions import ask
from tests.viz.styles.networks import body, store_of, ties
from viz.chart import Chart, Disc, Line, Symbol
from viz.maps import draw
from viz.symbols import INK

# Two triangles that share hub; leaf and lone hang on hub alone, and far hangs on lone. A pair knows nobody else.
NODES = [body(id) for id in ("hub", "a1", "a2", "b1", "b2", "leaf", "lone", "far", "pair1", "pair2")]
TIES = ties(
    "PARTNERS_WITH",
    *(("hub", id) for id in ("a1", "a2", "b1", "b2", "leaf", "lone")),
    ("a1", "a2"),
    ("b1", "b2"),
    ("lone", "far"),
    ("pair1", "pair2"),
)


def drawn(folder: Path, nodes: list[Any] = NODES, relationships: list[Any] = TIES, **values: Any) -> Chart:
    with store_of(folder, nodes, relationships) as store:
        chart = draw(store, "resilience", values)
    assert isinstance(chart, Chart)
    return chart


def parts(chart: Chart) -> dict[str, tuple[str, ...]]:
    """What each part is, how large, and who ties it to the rest."""
    return {row.cells[0]: (row.cells[1], row.cells[2], row.cells[4]) for row in chart.rows if row.cells[4]}


def test_holders_stand_in_the_order_of_what_would_be_lost(tmp_path: Path) -> None:
    with store_of(tmp_path, NODES, TIES) as store:
        chart, answer = draw(store, "resilience", {}), ask(store, "resilience", {}).model_dump()
    assert isinstance(chart, Chart)
    heights = {shape.row: shape.y for shape in chart.shapes if isinstance(shape, Symbol)}
    told = [each["node"]["id"] for each in answer["each"] if each["fragmentation"]]
    assert sorted(heights, key=lambda id: heights[id]) == told == ["hub", "lone"]
    assert chart.summary == answer["sentence"]


def test_beside_each_holder_stands_who_it_alone_ties_to_the_rest(tmp_path: Path) -> None:
    chart = drawn(tmp_path)
    assert parts(chart) == {
        "A1 and A2": ("stay together", "2", "Hub"),
        "B1 and B2": ("stay together", "2", "Hub"),
        "Leaf": ("alone", "1", "Hub"),
        "Far": ("alone", "1", "Lone"),
    }
    said = [row.sentence for row in chart.rows]
    assert "Far reaches all others through Lone alone." in said
    assert "Hub and Lone are in contact; there is no other way from one to the other." in said


def test_who_needs_several_stands_to_their_left(tmp_path: Path) -> None:
    # A square of two holders and two between them, each holder with a leaf of its own.
    square = ties("PARTNERS_WITH", ("h1", "m"), ("h1", "n"), ("h2", "m"), ("h2", "n"), ("h1", "l1"), ("h2", "l2"))
    chart = drawn(tmp_path, [body(id) for id in ("h1", "h2", "m", "n", "l1", "l2")], square)
    assert parts(chart)["M and N"] == ("each left alone", "2", "H1 and H2")
    middle = next(shape.x for shape in chart.shapes if isinstance(shape, Symbol))
    sides = {shape.row: shape.x < middle for shape in chart.shapes if isinstance(shape, Disc)}
    assert sides == {"alone m": True, "alone l1": False, "alone l2": False}


def test_those_who_leave_stand_beside_what_would_be_left(tmp_path: Path) -> None:
    chart = drawn(tmp_path, leavers=["hub"])
    assert chart.title == "What falls apart if some leave"
    assert parts(chart) == {
        "A1 and A2": ("stay together", "2", "Hub"),
        "B1 and B2": ("stay together", "2", "Hub"),
        "Lone and Far": ("stay together", "2", "Hub"),
        "Leaf": ("alone", "1", "Hub"),
    }
    assert "Leaf would have no tie left without Hub." in [row.sentence for row in chart.rows]
    assert {shape.stroke for shape in chart.shapes if isinstance(shape, Line)} == {INK}


def test_a_programme_may_leave(tmp_path: Path) -> None:
    # Both reach each other through their work in it alone.
    nodes = [body("one"), body("other"), body("work", "project")]
    chart = drawn(tmp_path, nodes, ties("TOOK_PART_IN", ("one", "work"), ("other", "work")), leavers=["work"])
    assert parts(chart) == {"One and Other": ("each left alone", "2", "Work")}


def test_holders_left_out_are_told(tmp_path: Path) -> None:
    chart = drawn(tmp_path, limit=1)
    assert chart.cut == "1 of 2 who hold others together are not drawn; `limit` draws more."
    assert parts(chart)["Lone and Far"] == ("stay together", "2", "Hub")


def test_a_ring_loses_nothing(tmp_path: Path) -> None:
    ring = ties("PARTNERS_WITH", ("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"))
    chart = drawn(tmp_path, [body(id) for id in "abcd"], ring)
    assert (chart.rows, chart.summary) == ((), "Whoever left, all others who reach each other now still would.")


def test_unknown_leavers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        drawn(tmp_path, leavers=["nobody at all"])
