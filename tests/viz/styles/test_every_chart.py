"""What holds for every chart, whichever style draws it: it draws what it tells, and always alike."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from graph.model import Node, Relationship
from graph.store.base import Store
from tests.viz.charts import rows_drawn
from tests.viz.planted import HOSTILE
from tests.viz.styles.networks import SEEN, body, changed, store_of, ties
from viz.chart import Chart
from viz.chart_svg import chart_svg
from viz.forms import written
from viz.maps import draw, style, style_names

STYLES = [name for name in style_names() if style(name).answer is Chart]
SECTORS = ("public", "community", "funder")


def actors(*names: str) -> list[Node]:
    """Organisations in sectors by turns, with names of their own."""
    sectors = (SECTORS[place % 3] for place in range(len(names)))
    some = zip(names, sectors, strict=True)
    return [
        changed(body(f"n{place}"), name=name, sector=sector, start=f"20{10 + place}")
        for place, (name, sector) in enumerate(some)
    ]


def chains() -> list[Relationship]:
    """Everybody with the first, a ring of the next, and money from the first, some of it where they are."""
    partners = ties("PARTNERS_WITH", *(("n0", f"n{place}") for place in range(1, 10)), ("n1", "n2"), ("n2", "n3"))
    money = [
        changed(one, amount=100.0 * place, currency="GBP", start=f"20{10 + place}-03")
        for place, one in enumerate(ties("FUNDS", *(("n0", f"n{place}") for place in range(1, 10))), start=1)
    ]
    return [*partners, *money, *ties("LOCATED_IN", ("n0", "here"), ("n1", "here"), ("n2", "there"))]


def places(*names: str) -> list[Node]:
    return [changed(body(id, "place"), name=name) for id, name in zip(("here", "there"), names, strict=True)]


PLAIN = [*actors(*(f"Actor {place}" for place in range(10))), *places("Here", "There")]
LURID = [*actors(*HOSTILE), *places(*HOSTILE[:2])]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_of(tmp_path, PLAIN, chains()) as opened:
        yield opened


def test_there_are_charts() -> None:
    assert "gaps" in STYLES


@pytest.mark.parametrize("name", STYLES)
def test_the_pictures_draw_the_rows_of_the_table(name: str, store: Store) -> None:
    chart = draw(store, name, {})
    assert isinstance(chart, Chart)
    told = {row.id for row in chart.rows}
    assert told
    assert rows_drawn(chart_svg(chart)) == rows_drawn(chart_svg(chart, narrow=True)) == told
    assert all(row.sentence.endswith(".") for row in chart.rows)
    assert chart.summary.endswith(".")


@pytest.mark.parametrize("name", STYLES)
def test_the_same_network_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    made = []
    for turn, (nodes, relationships) in enumerate([(PLAIN, chains()), (PLAIN[::-1], chains()[::-1])]):
        folder = tmp_path / str(turn)
        folder.mkdir()
        with store_of(folder, nodes, relationships) as opened:
            chart = draw(opened, name, {}).model_copy(update={"graph_version": ""})
            made.append([written(chart, ending) for ending in (".json", ".svg", ".html")])
    assert made[0] == made[1]


@pytest.mark.parametrize("name", STYLES)
def test_hostile_names_stay_names(name: str, tmp_path: Path) -> None:
    with store_of(tmp_path, LURID, chains()) as opened:
        chart = draw(opened, name, {})
    root = ElementTree.fromstring(written(chart, ".svg"))
    assert not any(element.tag.endswith(("script", "img", "foreignObject")) for element in root.iter())
    page = written(chart, ".html").decode()
    assert "<script" not in page
    assert "<img" not in page
    assert written(chart, ".png")[:4] == b"\x89PNG"


ODD: dict[str, tuple[list[Any], list[Any]]] = {
    "empty": ([], []),
    "one actor": ([body("alone")], []),
    "no ties": (actors("A", "B", "C"), []),
    "tied to itself": ([body("alone")], ties("PARTNERS_WITH", ("alone", "alone"))),
    "no groups and no dates": ([body("a"), body("b")], ties("PARTNERS_WITH", ("a", "b"))),
    "places alone": (places("Here", "There"), ties("PART_OF", ("here", "there"))),
    "money without amounts": ([body("a"), body("b")], ties("FUNDS", ("a", "b"))),
    "credits": (
        [body("a"), body("b")],
        [Relationship(id="back", type="PAYS", source="a", target="b", amount=-5, currency="GBP", evidence=SEEN)],
    ),
    "long ago": ([changed(body("a"), start="1066", end="2999-12-31")], []),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", STYLES)
def test_odd_networks_are_told_in_a_sentence(name: str, odd: str, tmp_path: Path) -> None:
    with store_of(tmp_path, *ODD[odd]) as opened:
        chart = draw(opened, name, {})
    assert chart.summary.endswith(".")
    assert len(chart.summary) > 20
    for ending in (".html", ".svg", ".png"):
        assert written(chart, ending)
