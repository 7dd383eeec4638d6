"""The documentation is complete, up to date, and right: links lead somewhere, commands and examples run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from docs import build
from docs.making.service import all_routes
from graph.parts import part_names
from graph.questions import question_names
from graph.settings import Settings
from graph.vocabulary import load_vocabulary
from loaders.finding import loaders
from tests.docs.pages import ROOT, Page, pages
from viz.maps import style_names

VOCABULARY = load_vocabulary()
LINK = re.compile(r"\]\(([^)\s]+)\)")
LARGEST_PICTURE = 400_000  # bytes


def reference(name: str) -> str:
    return (build.REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def test_generated_pages_are_up_to_date() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in build.REFERENCE.glob("*.md")}
    assert kept == build.pages(), "run `make docs`"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("commands", [f"## cogs {name}\n" for name in part_names("api.commands")]),
        ("settings", [f"| `COGS_{name.upper()}` |" for name in Settings.model_fields]),
        ("questions", [f"## {name}\n" for name in question_names()]),
        ("styles", [f"## {name}\n" for name in style_names()]),
        ("loaders", [f"## {name}\n" for name in loaders()]),
        ("exports", [f"## {name}\n" for name in part_names("graph.exports")]),
        ("vocabulary", [f"| `{name}` |" for name in (*VOCABULARY.kinds, *VOCABULARY.types)]),
    ],
)
def test_nothing_is_missing_from_the_reference(page: str, words: list[str]) -> None:
    assert words
    assert [word for word in words if word not in reference(page)] == []


def addresses() -> Iterator[str]:
    """Addresses of the service; those that only refuse what is unknown stand for no part of their own."""
    for route in all_routes(create_app(Settings(store="not opened"))):
        if not ("{name}" in route.path and not route.include_in_schema):
            yield route.path.replace(":path", "")


def test_every_address_is_in_the_reference() -> None:
    text, found = reference("http"), set(addresses())
    assert {"/v1/search", "/map", "/metrics"} <= found
    assert [path for path in sorted(found) if f"| `{path}` |" not in text] == []


@pytest.mark.parametrize(("page", "column"), [("commands", 2), ("settings", 3), ("questions", -1), ("styles", -1)])
def test_everything_named_has_a_meaning(page: str, column: int) -> None:
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in reference(page).splitlines() if line.startswith("| `")]
    assert rows
    assert [row for row in rows if not row[column - 1 if column > 0 else column].strip()] == []


@pytest.mark.parametrize("page", pages(), ids=str)
def test_links_lead_somewhere(page: Page) -> None:
    for target in LINK.findall(page.prose):
        path, _, heading = target.partition("#")
        if "://" in path:
            continue
        file = (page.path.parent / path).resolve() if path else page.path
        assert file.exists(), target
        if heading:
            assert heading in Page(file).headings, target


def test_the_picture_is_small_enough_and_is_one() -> None:
    picture = build.PICTURE.read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) <= LARGEST_PICTURE
    assert len(build.picture()) > 100_000  # drawn anew; its bytes may differ with the versions of libraries


def test_every_page_is_reached_from_the_first() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        inside = [(page.parent / target.partition("#")[0]).resolve() for target in LINK.findall(Page(page).prose)]
        waiting += {file for file in inside if file.suffix == ".md" and file.exists()} - reached
    assert sorted(file for file in (ROOT / "docs").rglob("*.md") if file not in reached) == []


def test_pages_are_short() -> None:
    # A page that people read is at most about two screens of text; references are looked things up in.
    assert [str(page) for page in pages() if page.path.parent == ROOT / "docs" and page.words > 1_000] == []
