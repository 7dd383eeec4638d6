"""Search on a map finds what `graph.search` finds, in the same order: the rules are one, written in two languages."""

from pathlib import Path

import pytest

from graph.model import Evidence, Node
from graph.search import parse, ranked, words
from tests.services.browser import WatchedPages

SCRIPT = Path(__file__).parents[2] / "viz" / "static" / "search.js"
NAMES = {
    "Oldham Council": ("Oldham MBC",),
    "Wigan Council": (),
    "Café Zoë & Friends": ("The Café",),
    "Straße der Künste": (),
    "People's Health Trust": ("PHT",),
    "ΟΔΟΣ Ερμού": (),
    "東京 コミュニティ": (),
    "Ångström Łódź": (),
    "Barking & Dagenham": ("London Borough of Barking and Dagenham",),
    "Communauté d'Entraide": (),
    "हिन्दी समाज": (),
    "Council for Oldham": (),
}
ASKED = (
    "oldham council", "old", "coun old", "council", "councli", "cuoncil", "counccil", "concil", "ouncil", "cafe",
    "CAFÉ zoe", "zoe and friends", "zoe & friends", "strasse", "STRASSE KUNSTE", "peoples", "people's", "pht", "οδος",
    "Οδος Ερμου", "東京", "コミュ", "angstrom", "barking and dagenham", "barking & dag", "entraide", "dentraide",
    "हिन्दी", "walks", "walks with oldham", "mbc oldham", "!!", "", "old xyz", "oldhma cuoncil", "dagnham", "lodz", "a",
)  # fmt: skip


def nodes() -> list[Node]:
    seen = (Evidence(source="walk"),)
    return [
        Node(id=f"n{place}", kind="organisation", name=name, aliases=aliases, summary="It walks.", evidence=seen)
        for place, (name, aliases) in enumerate(NAMES.items())
    ]


@pytest.fixture
def found(pages: WatchedPages) -> dict[str, list[str]]:
    page = pages.open()
    page.goto("about:blank")
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
    given = [
        {"id": node.id, "name": node.name, "aliases": list(node.aliases), "summary": node.summary, "ties": place % 3}
        for place, node in enumerate(nodes())
    ]
    script = "([asked, nodes]) => asked.map(words => cogsSearch.find(words, nodes).map(node => node.id))"
    answers = page.evaluate(script, [list(ASKED), given])
    return dict(zip(ASKED, answers, strict=True))


def test_a_map_finds_what_search_finds(found: dict[str, list[str]]) -> None:
    some = nodes()
    known = sorted({word for node in some for name in (node.name, *node.aliases) for word in words(name)})
    degree = {node.id: place % 3 for place, node in enumerate(some)}
    expected = {
        asked: [match.node.id for match in ranked(parse(asked, known), some, degree)] if asked.strip() else []
        for asked in ASKED
    }
    assert found == expected
    assert sum(map(bool, found.values())) >= 30  # most of these find something
