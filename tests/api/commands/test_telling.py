"""Answers of any shape as text: what questions have in common is enough to tell them."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.commands._telling import tell
from api.commands._words import number
from graph.answers import Meta, NodeInAnswer, Part, QuestionAnswer, RelationshipInAnswer
from graph.model import Audience
from graph.questions import ask
from graph.store import open_store

META = Meta(question="made up", parameters={}, graph_version="", cut=None, notes=("There is no clear order.",))


class Pair(Part):
    """As in the rankings of cogs."""

    a: str
    b: str
    groups: tuple[str, str]
    strength: float


class Told(Pair):
    """A pair with what it rests on."""

    relationships: tuple[RelationshipInAnswer, ...]


class Roles(Part):
    """Numbers that belong together."""

    liaison: int
    gatekeeper: int


class Ranked(Part):
    """One of a ranking."""

    node: NodeInAnswer
    rank: int
    score: float
    degree: int
    constraint: float | None
    certainty: None
    top_pairs: tuple[Pair, ...]
    roles: Roles


class Ranking(QuestionAnswer):
    """A ranking, and a plain value after it."""

    cogs: tuple[Ranked, ...]
    clear_order: bool
    sums: dict[str, float]
    uncovered: tuple[str, ...]


class Pairs(QuestionAnswer):
    """Pairs, each with what it rests on."""

    node: NodeInAnswer
    all_pairs: tuple[Told, ...]


@pytest.fixture
def parts(stored: Path) -> tuple[list[NodeInAnswer], list[RelationshipInAnswer]]:
    with open_store(str(stored)) as store:
        answer = ask(store, "ego_network", {"node": "ash"}).model_dump()
    nodes = [NodeInAnswer(**{name: node[name] for name in NodeInAnswer.model_fields}) for node in answer["nodes"]]
    return nodes, [RelationshipInAnswer(**one) for one in answer["relationships"]]


def told(answer: QuestionAnswer, stored: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with open_store(str(stored)) as store:
        tell(answer, store, Audience.private)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_a_ranking_is_a_table_and_what_each_rests_on(
    parts: tuple[list[NodeInAnswer], list[RelationshipInAnswer]], stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = Pair(a="birch", b="dora", groups=("community", "none"), strength=0.25)
    roles = Roles(liaison=1200, gatekeeper=0)
    known = {"node": parts[0][0], "rank": 1, "score": 0.12345, "degree": 3, "top_pairs": (pair,), "roles": roles}
    ranked = Ranked.model_validate({**known, "constraint": None, "certainty": None})
    answer = Ranking(cogs=(ranked,), clear_order=False, sums={"GBP": 45000.0}, uncovered=(), meta=META)
    assert told(answer, stored, capsys) == [
        "Cogs (1)",
        "Node          Rank   Score   Degree",
        "───────────────────────────────────",
        "Ash Council      1   0.123        3",
        "",
        "1. Ash Council",
        "   Top pairs:",
        "     • Birch Trust – Dora Elm (groups community, none; strength 0.25)",
        "   Roles: liaison 1,200; gatekeeper 0",
        "",
        "Clear order: no",
        "Sums: GBP 45,000",
        "Uncovered: none",
        "",
        "There is no clear order.",
    ]


def test_what_rests_on_relationships_is_told_by_their_sentences(
    parts: tuple[list[NodeInAnswer], list[RelationshipInAnswer]], stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    funds = next(one for one in parts[1] if one.id == "f1")
    pair = Told(a="birch", b="dora", groups=("a", "b"), strength=0.25, relationships=(funds,))
    answer = Pairs(node=parts[0][0], all_pairs=(pair,), meta=META)
    assert told(answer, stored, capsys) == [
        "Node: Ash Council (council, organisation; public sector; Ashton)",
        "",
        "All pairs (1)",
        "",
        "1. Birch Trust – Dora Elm (groups a, b; strength 0.25)",
        "   • Ash Council funds Birch Trust, 2019, £40,000 [1: page 3]",
        "",
        "There is no clear order.",
        "",
        "Sources",
        "  [1] Minutes of the council, Council, 2020-01",
    ]


class Funded(Part):
    """One peer, of whom no sum need be known."""

    a: str
    funding: dict[str, float]


class Funding(QuestionAnswer):
    """Peers with their sums, and all sums."""

    peers: tuple[Funded, ...]
    sums: dict[str, float]


def test_what_is_empty_is_none_or_not_told(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = Funding(peers=(Funded(a="birch", funding={}),), sums={}, meta=META)
    lines = told(answer, stored, capsys)
    assert not any(line.endswith(":") for line in lines)
    assert "Sums: none" in lines


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3, "3"),
        (3.0, "3"),
        (12345, "12,345"),
        (0.12345, "0.123"),
        (0.00001234, "1.23e-05"),
        (1234.5, "1,234"),
        (-0.5, "-0.5"),
    ],
)
def test_numbers_have_as_many_digits_as_a_reader_needs(value: float, said: str) -> None:
    assert number(value) == said


class Loss(Part):
    """A pair without contact, with its groups."""

    a: str
    b: str


class Exit(Part):
    """An answer within an answer."""

    sentence: str
    lost_pairs: tuple[Loss, ...]


class Introduction(Part):
    """Two, and why, with values enough for a table."""

    a: str
    b: str
    score: float
    because: str
    rank: int
    via: tuple[Pair, ...]


class Long(QuestionAnswer):
    """More than a person reads."""

    introductions: tuple[Introduction, ...]
    exit: Exit
    isolated: tuple[str, ...]


def test_a_sentence_is_never_for_want_of_room_and_much_is_counted(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = Pair(a="birch", b="dora", groups=("community", "none"), strength=0.25)
    one = Introduction(a="birch", b="dora", score=0.5, because="Ash Council knows both.", rank=1, via=(pair,))
    lost = Exit(sentence="All would be lost.", lost_pairs=(Loss(a="birch", b="dora"),) * 102)
    answer = Long(introductions=(one,), exit=lost, isolated=("ash",) * 22, meta=META)
    lines = told(answer, stored, capsys)
    assert lines[:9] == [
        "Introductions (1)",
        "A             B          Score   Rank",
        "─────────────────────────────────────",
        "Birch Trust   Dora Elm     0.5      1",
        "",
        "1. Birch Trust – Dora Elm",
        "   Ash Council knows both.",
        "   Via:",
        "     • Birch Trust – Dora Elm (groups community, none; strength 0.25)",
    ]
    begun = lines.index("Exit")
    assert lines[begun + 1 : begun + 6] == [
        "Sentence: All would be lost.",
        "",
        "Lost pairs (102)",
        "A             B",
        "──────────────────────",
    ]
    assert lines[begun + 6 : begun + 107] == ["Birch Trust   Dora Elm"] * 100 + [
        "The first 100 of 102 are here. All is in --json."
    ]
    assert f"Isolated: {'Ash Council, ' * 20}and 2 more" in lines
