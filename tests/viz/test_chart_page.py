"""The page of a chart: picture, table and sentences of the same rows, and nothing from outside."""

import re

import pytest

from tests.viz.charts import chart, row
from tests.viz.planted import HOSTILE
from viz.chart import Chart
from viz.chart_page import chart_page
from viz.page import Surroundings


def told(page: str, tag: str) -> list[str]:
    return re.findall(f'<{tag} data-row="([^"]*)"', page)


def test_picture_table_and_sentences_have_the_same_rows() -> None:
    page = chart_page(chart(row("a"), row("b")))
    assert told(page, "tr") == told(page, "li") == ["a", "b"]
    assert told(page, "g") == ["a", "b", "a", "b"]  # wide and narrow
    assert "This is a." in page


def test_rows_lead_on_where_the_page_is_served() -> None:
    leading = chart(row("a").model_copy(update={"href": "/nodes/a"}))
    assert '<a href="/nodes/a" rel="noopener">a</a>' in chart_page(leading, around=Surroundings())
    assert 'href="/nodes/a"' not in chart_page(leading)


def test_a_page_alone_holds_a_policy_that_lets_no_script_run() -> None:
    page = chart_page(chart(row("a")))
    assert "default-src &#39;none&#39;; script-src &#39;none&#39;;" in page
    assert "<script" not in page
    assert "<style>" in page


def test_a_served_page_takes_its_look_from_the_service() -> None:
    page = chart_page(chart(row("a")), around=Surroundings(static="/s", saves=(("SVG picture", "/v1/maps/gaps.svg"),)))
    assert '<link rel="stylesheet" href="/s/map.css">' in page
    assert '<a href="/v1/maps/gaps.svg">SVG picture</a>' in page
    assert "<style" not in page
    assert "style=" not in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    hostile = row("a", text).model_copy(update={"sentence": text, "href": text})
    page = chart_page(chart(hostile).model_copy(update={"title": text, "summary": text, "cut": text, "notes": (text,)}))
    assert not re.search(r"<(img|script)\b", page)
    assert "javascript:alert(4)" not in re.findall(r'href="([^"]*)"', page)


def test_an_empty_chart_says_so_and_has_no_picture() -> None:
    page = chart_page(Chart(title="Nothing", summary="Nothing here."))
    assert "Nothing here." in page
    assert "<svg" not in page
    assert "<table" not in page
