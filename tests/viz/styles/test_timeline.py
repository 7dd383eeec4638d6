"""Lines of time: the dates of a small network, counted and put in order by hand."""

from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError, NotFound
from graph.model import Node, Relationship
from graph.questions import ask
from tests.viz.styles.networks import body, changed, store_of, ties
from viz.chart import Box, Chart
from viz.maps import draw
from viz.styles.timeline import EDGE, FILLS, LESS_EXACT

NODES = [
    changed(body("plan", "project"), start="2017", end="2019-06"),
    changed(body("book", "publication"), start="2018-03-01"),
    changed(body("club"), end="2020"),
    *(body(id) for id in ("fund", "a", "b", "c", "d")),
]


def grants(*years: str) -> list[Relationship]:
    """A grant from the fund to a, b, c and d by turns in each year."""
    return [
        changed(ties("FUNDS", ("fund", "abcd"[place % 4]))[0], id=f"grant-{place}", start=year)
        for place, year in enumerate(years)
    ]


POST = changed(ties("PARTNERS_WITH", ("a", "b"))[0], start="2019-02", end="2019-04")
GRANTS = [POST, *grants("2018", "2018-05", "2019", "2019-12-31", "2019")]


def drawn(folder: Path, nodes: list[Node] = NODES, relationships: list[Any] = GRANTS, **values: Any) -> Chart:
    with store_of(folder, nodes, relationships) as store:
        chart = draw(store, "timeline", values)
    assert isinstance(chart, Chart)
    return chart


def told(chart: Chart) -> list[tuple[str, ...]]:
    """Cells of everything but the counts."""
    return [row.cells for row in chart.rows if row.cells[1] != "period"]


def counts(chart: Chart) -> dict[str, int]:
    return {row.cells[2]: int(row.cells[4]) for row in chart.rows if row.cells[1] == "period"}


def test_counts_are_those_of_the_question(tmp_path: Path) -> None:
    with store_of(tmp_path, NODES, GRANTS) as store:
        chart, answer = draw(store, "timeline", {}), ask(store, "timeline", {}).model_dump()
    assert isinstance(chart, Chart)
    assert counts(chart) == {one["period"]: one["events"] for one in answer["counts"]}
    # The plan, then the book and two grants, then the plan, both ends of the partnership and three grants, the club.
    assert counts(chart) == {"2017": 1, "2018": 3, "2019": 6, "2020": 1}
    assert chart.summary == "11 beginnings and ends are stated from 2017 to 2020, most of them in 2019."


def test_lines_stand_in_the_order_of_time(tmp_path: Path) -> None:
    assert told(drawn(tmp_path)) == [
        ("Plan", "project", "2017", "2019-06", ""),
        ("Fund funds", "relationships", "2018", "", "2"),
        ("Fund funds", "relationships", "2019", "", "3"),
        ("Book", "publication", "2018-03-01", "", ""),
        ("A works in partnership with B", "relationship", "2019-02", "2019-04", ""),
        ("Club", "organisation", "", "2020", ""),
    ]


def test_a_bar_is_as_long_as_what_is_stated(tmp_path: Path) -> None:
    chart = drawn(tmp_path)
    boxes = {shape.row: shape for shape in chart.shapes if isinstance(shape, Box)}
    year = boxes["period 2018"]
    plan, book, club = (boxes[f"node {id}"] for id in ("plan", "book", "club"))
    assert boxes["period 2017"].x == plan.x
    # Two years and the first 181 days of a third, of 365 days each.
    assert plan.width == pytest.approx(year.width * (2 + 181 / 365), abs=0.2)
    assert book.x == pytest.approx(year.x + year.width * 59 / 365, abs=0.2)  # January and February
    assert (plan.fill, book.fill, club.fill) == (FILLS["lasts"], EDGE, FILLS["ends"])


def test_many_of_one_type_say_who_in_each_year(tmp_path: Path) -> None:
    said = [row.sentence for row in drawn(tmp_path).rows]
    assert "2018: Fund funds A and B." in said
    assert "2019: Fund funds A, C and D." in said
    twice = drawn(tmp_path / "twice", relationships=grants(*["2018"] * 6))
    assert "2018: Fund funds A, B, C and 1 other, 6 times." in [row.sentence for row in twice.rows]


def test_a_year_lies_behind_its_months(tmp_path: Path) -> None:
    chart = drawn(tmp_path, by="month")
    months = ["2018-03", "2018-05", "2019-02", "2019-04", "2019-06", "2019-12"]
    assert sorted(counts(chart)) == sorted(["2017", "2018", "2019", "2020", *months])
    light = [shape.row for shape in chart.shapes if isinstance(shape, Box) and shape.fill == LESS_EXACT]
    assert light == ["period 2017", "period 2018", "period 2019", "period 2020"]


def test_the_time_of_one_node(tmp_path: Path) -> None:
    chart = drawn(tmp_path, node="a")
    assert chart.title == "What began and ended when around A"
    assert told(chart) == [
        ("Fund funds A", "relationship", "2018", "", ""),
        ("Fund funds A", "relationship", "2019", "", ""),
        ("A works in partnership with B", "relationship", "2019-02", "2019-04", ""),
    ]


def test_facts_name_their_sources(tmp_path: Path) -> None:
    rows = {row.id: row for row in drawn(tmp_path).rows}
    assert [one.title for one in rows["node plan"].evidence] == ["What was seen"]


def test_lines_left_out_are_told(tmp_path: Path) -> None:
    chart = drawn(tmp_path, limit=1)
    assert {cells[0] for cells in told(chart)} == {"Fund funds"}
    assert chart.cut == "4 lines with fewer relationships are left out; `limit` draws more."


def test_without_dates_it_says_so(tmp_path: Path) -> None:
    chart = drawn(tmp_path, [body("a")], [])
    assert (chart.rows, chart.keys) == ((), ())
    assert chart.summary == "Nothing here says when it began or ended, so there is no line of time."
    assert "None of the 1 nodes and relationships says when it began or ended." in chart.notes


@pytest.mark.parametrize(
    ("values", "wrong"), [({"node": "nobody"}, NotFound), ({"by": "week"}, InputError), ({"limit": 0}, InputError)]
)
def test_what_makes_no_sense_is_refused(values: dict[str, Any], wrong: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(wrong):
        drawn(tmp_path, **values)
