"""The page of a source says which of its sections gave how many facts."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.pages.coverage import NO_SECTION, counted, part_of
from graph.model import Evidence
from graph.settings import read_settings
from graph.store import open_store
from loaders.run import load
from tests.api.pages.reading_html import reading


@pytest.mark.parametrize(
    ("locator", "section", "line"),
    [
        ("INTRODUCTION, lines 7-9", "INTRODUCTION", 7),
        ("Letters, and what came of them, line 12", "Letters, and what came of them", 12),
        ("sheet Grants, row 17", "sheet Grants", 17),
        ("line 3", NO_SECTION, 3),
        ("#part-2", "#part-2", 0),
        ("Lines of 1990", "Lines of 1990", 0),
        (None, NO_SECTION, 0),
    ],
)
def test_a_section_is_what_stands_before_the_lines(locator: str | None, section: str, line: int) -> None:
    assert part_of(Evidence(source="s", locator=locator)) == ("s", line, section)


def test_a_fact_counts_once_for_each_section_and_sections_stand_in_order() -> None:
    facts = [{("s", 9, "End"), ("s", 30, "End"), ("s", 2, "Start")}, {("s", 12, "End")}, {("t", 0, NO_SECTION)}]
    assert counted(facts) == {"s": (("Start", 1), ("End", 2)), "t": ((NO_SECTION, 1),)}


def test_the_page_of_a_text_lists_its_sections(tmp_path: Path) -> None:
    file = str(tmp_path / "seeds.db")
    with open_store(file) as store:
        load(store, ["seeds"], by="a test")
    with TestClient(create_app(read_settings(store=file))) as client:
        first = client.get("/sources/covid-learning-2020").text
        later = client.get("/sources/collaborative-society-manifesto-2020?from=100").text
    text = " ".join(reading(first).text.split())
    # Its three headings stand in lines 7, 12 and 17 of the text; the first lines and the signature have others.
    headings = ("Direct support now", "Helping people and organisations", "Looking further ahead")
    assert [text.index(heading) for heading in headings] == sorted(text.index(heading) for heading in headings)
    assert "Where in it they stand" in text
    assert "Where in it they stand" not in later
