"""The vocabulary: the product's own table, and a user's additions to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import InputError
from graph.model import Relationship
from graph.vocabulary import load_vocabulary

# MEASURES.md section 1: the types that make ties, with their default strength.
TIES = {
    **dict.fromkeys(("WORKS_FOR", "LEADS", "PART_OF"), 0.9),
    **dict.fromkeys(("GOVERNS", "FOUNDED"), 0.7),
    **dict.fromkeys(("PARTNERS_WITH", "DELIVERS", "AUTHORED"), 0.6),
    **dict.fromkeys(("MEMBER_OF", "ADVISES", "CONVENES", "PUBLISHED", "KNOWS"), 0.5),
    **dict.fromkeys(("SUPPORTS", "TOOK_PART_IN"), 0.4),
    "FUNDS": 0.3,
    "PAYS": 0.2,
}
OTHERS = {"LOCATED_IN", "WORKS_ON", "ABOUT", "EXAMPLE_OF", "QUOTED_IN", "CITES", "INSPIRED", "INTRODUCED"}
KINDS = {"organisation", "person", "project", "place", "theme", "event", "publication", "fund", "insight"}


def test_ties_and_strengths_are_those_of_the_measures() -> None:
    vocabulary = load_vocabulary()
    assert {name: row.strength for name, row in vocabulary.types.items() if row.tie} == TIES
    assert set(vocabulary.types) - set(TIES) >= OTHERS
    assert vocabulary.of_types == ("LEADS", "WORKS_FOR")
    assert vocabulary.types["INSPIRED"].strength == 0.3
    assert vocabulary.types["INTRODUCED"].strength == 0.5


def test_kinds_are_those_of_the_model_and_look_different() -> None:
    kinds = load_vocabulary().kinds
    assert set(kinds) == KINDS
    assert {name for name, row in kinds.items() if not row.passage} == {"place", "theme", "publication", "insight"}
    assert {name for name, row in kinds.items() if row.work} == {"project", "event", "publication", "fund"}
    assert len({(row.shape, row.colour) for row in kinds.values()}) == len(kinds)


def test_every_type_joins_kinds_that_exist() -> None:
    vocabulary = load_vocabulary()
    for row in vocabulary.types.values():
        for kinds in (row.source, row.target):
            assert kinds == "any" or set(kinds) <= set(vocabulary.kinds)


def test_a_user_adds_a_type_and_changes_a_value(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "types:\n  MENTORS: {source: [person], target: [person], reads: mentors,"
        " reads_back: is mentored by, tie: true}\n"
        "  FUNDS: {strength: 0.8}\n",
        encoding="utf-8",
    )
    vocabulary = load_vocabulary(mine)
    assert vocabulary.types["MENTORS"].tie
    assert vocabulary.types["FUNDS"].strength == 0.8
    assert vocabulary.types["FUNDS"].reads == "funds"


@pytest.mark.parametrize(
    "text",
    [
        "types: [",
        "just words",
        "types: {X: {reads: a, reads_back: b, strength: 2}}",
        "types: {X: {}}",
        "colours: {a: {}}",
    ],
)
def test_a_wrong_table_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_vocabulary(mine)
    assert "mine.yaml" in str(caught.value)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_vocabulary(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("type", "source", "target", "fix"),
    [
        ("MARRIED", "person", "person", "Use one of: ABOUT"),
        ("WORKS_FOR", "organisation", "person", "It runs from person to organisation or project."),
        ("LOCATED_IN", "organisation", "theme", "to place."),
    ],
)
def test_what_the_vocabulary_does_not_allow_is_said_with_what_it_does(
    type: str, source: str, target: str, fix: str
) -> None:
    relationship = Relationship(id="r", type=type, source="a", target="b", evidence=({"source": "s"},))
    with pytest.raises(InputError) as caught:
        load_vocabulary().check_relationship(relationship, source, target)
    assert fix in caught.value.fix
