"""Cogs between the areas of their groups: the order of the question, and the ties counted by hand."""

from pathlib import Path
from typing import Any

import pytest

from graph.questions import ask
from tests.viz.styles.networks import body, changed, store_of, ties
from viz.chart import Band, Chart, Disc, Symbol
from viz.maps import draw

# ann joins two of the public sector with two of the community, bo one of each; both have no sector themselves.
SECTORS = {"ann": None, "bo": None, "p1": "public", "p2": "public", "c1": "community", "c2": "community"}
NODES = [changed(body(id), sector=sector) for id, sector in SECTORS.items()]
TIES = ties(
    "PARTNERS_WITH", *(("ann", id) for id in ("p1", "p2", "c1", "c2")), ("bo", "p1"), ("bo", "c1"), ("p1", "p2")
)


def drawn(folder: Path, nodes: list[Any], relationships: list[Any], **values: Any) -> Chart:
    with store_of(folder, nodes, relationships) as store:
        chart = draw(store, "cogs", values)
    assert isinstance(chart, Chart)
    return chart


def test_cogs_stand_in_the_order_of_the_question(tmp_path: Path) -> None:
    with store_of(tmp_path, NODES, TIES) as store:
        chart, answer = draw(store, "cogs", {}), ask(store, "cogs", {"draws": 0}).model_dump()
    assert isinstance(chart, Chart)
    heights = {shape.row: shape.y for shape in chart.shapes if isinstance(shape, Symbol)}
    assert sorted(heights, key=lambda id: heights[id]) == [
        cog["node"]["id"] for cog in answer["cogs"] if cog["score"] > 0
    ]
    # Of four pairs of the two sectors Bo joins one, so that three are joined by Ann alone.
    assert chart.summary.startswith(
        "Ann and Bo are cogs of connection between 2 groups. Ann joins 4 pairs of different"
    )


def test_lines_are_as_broad_as_ties_are_many(tmp_path: Path) -> None:
    chart = drawn(tmp_path, NODES, TIES)
    broad = {
        row: sorted(shape.height for shape in chart.shapes if isinstance(shape, Band) and shape.row == row)
        for row in ("ann", "bo")
    }
    assert broad == {"ann": [9.0, 9.0], "bo": [pytest.approx(9 / 2**0.5, abs=0.05)] * 2}
    assert {row.id: row.cells[4] for row in chart.rows if row.cells[2]} == {
        "ann": "community 2, public 2",
        "bo": "community 1, public 1",
    }


def test_areas_grow_with_their_members(tmp_path: Path) -> None:
    more = [changed(body(f"c{place}"), sector="community") for place in range(3, 9)]  # 8 against 2: twice as wide
    chart = drawn(tmp_path, [*NODES, *more], TIES)
    radii = {shape.row: shape.radius for shape in chart.shapes if isinstance(shape, Disc)}
    assert radii["group community"] == pytest.approx(2 * radii["group public"])
    row = next(row for row in chart.rows if row.id == "group community")
    assert row.sentence == "Community has 8 actors, and is reached by Ann and Bo."


def test_no_more_cogs_than_asked_for(tmp_path: Path) -> None:
    chart = drawn(tmp_path, NODES, TIES, limit=1)
    assert [row.id for row in chart.rows] == ["ann", "group community", "group public"]


def test_many_groups_leave_some_out_and_say_so(tmp_path: Path) -> None:
    nodes = [body("hub"), *(changed(body(f"n{place:02}"), attributes={"ward": f"W{place:02}"}) for place in range(12))]
    relationships = ties("PARTNERS_WITH", *(("hub", node.id) for node in nodes[1:]))
    chart = drawn(tmp_path, nodes, relationships, group_by="ward")
    assert chart.cut == "2 groups with fewest ties to these cogs are left out."
    assert sum(row.id.startswith("group ") for row in chart.rows) == 10


@pytest.mark.parametrize("nodes", [[], NODES])
def test_without_cogs_it_says_so(nodes: list[Any], tmp_path: Path) -> None:
    chart = drawn(tmp_path, nodes, [])
    assert (chart.rows, chart.keys, chart.shapes) == ((), (), ())
    assert chart.summary.endswith("so no cog of connection stands out.")


def test_an_unknown_attribute_is_named(tmp_path: Path) -> None:
    chart = drawn(tmp_path, NODES, TIES, group_by="wards")
    assert chart.rows == ()
    assert chart.summary.startswith("No actor has a stated group by “wards”, so there is nothing to compare.")
