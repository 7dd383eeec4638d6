"""The meaning of search: folding, four classes, one typing error. Expected values by hand from DESIGN.md section 6."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from graph.model import Node
from graph.search import _close_words, fold, indexable, match, parse, ranked, words


def node(id: str, name: str, *aliases: str, summary: str | None = None, **values: object) -> Node:
    given = {"id": id, "kind": "organisation", "name": name, "aliases": aliases, "summary": summary, **values}
    return Node.model_validate({**given, "evidence": [{"source": "s"}]})


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Oldham Council", "oldham council"),
        ("Barking & Dagenham", "barking and dagenham"),
        ("children's", "childrens"),
        ("Children’s", "childrens"),
        ("a-b", "a b"),
        ("x/y", "x y"),
        ("C++", "c"),
        ("Arba'een", "arbaeen"),
        ("Café Straße", "cafe strasse"),
        ("İstanbul", "istanbul"),
        ("  many   blanks ", "many blanks"),
        ("¿!", "¿!"),
        ("🎉", "🎉"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=12), st.text(max_size=6))
def test_indexed_words_are_ascii_and_keep_prefixes(text: str, more: str) -> None:
    for word in words(text):
        assert indexable(word).isascii()
        assert indexable(word).isalnum()
        assert indexable(word + more).startswith(indexable(word))


COUNCIL = node("oldham-council", "Oldham Council", "Oldham MBC", summary="A borough council near Manchester.")
NAMES = sorted({*words(COUNCIL.name), *words(COUNCIL.aliases[0])})


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("OLDHAM council", 1),
        ("oldham-mbc", 1),
        ("GB-LAE:E1", 1),
        ("old", 2),
        ("coun old", 2),
        ("council mbc", 2),
        ("manchester", 3),
        ("oldham borough", 3),
        ("manches", None),  # class 3 takes whole words
        ("oldahm", 4),  # two neighbours swapped
        ("oldam", 4),  # a letter lost
        ("oldhaam", 4),  # a letter added
        ("oldhem counci", 4),
        ("olxdxam", None),  # two errors
        ("ols", None),  # no error in words of three letters
        ("wigan", None),
    ],
)
def test_the_class_of_a_match(text: str, rank: int | None) -> None:
    one = COUNCIL.model_copy(
        update={"identifiers": node("x", "x", identifiers=[{"scheme": "GB-LAE", "value": "E1"}]).identifiers}
    )
    found = match(parse(text, NAMES), one)
    assert (found.rank if found else None) == rank


def test_ranking_is_by_class_then_relationships_then_name_then_id() -> None:
    nodes = [
        node("c", "Oldham Council"),
        node("b", "Oldham Arts"),
        node("a", "Oldham Arts"),
        node("place", "Oldham"),
        node("busy", "Oldham Works"),
        node("other", "Wigan"),
    ]
    found = ranked(parse("oldham", []), nodes, {"busy": 7, "c": 1})
    assert [one.node.id for one in found] == ["place", "busy", "c", "a", "b"]
    assert all(one.why for one in found)


def test_one_typing_error_means_distance_one_to_a_beginning() -> None:
    """Against optimal string alignment of rapidfuzz, over words of two scripts made with a fixed seed."""
    chance = random.Random(1)
    letters = "abcdeж"
    name_words = sorted({"".join(chance.choices(letters, k=chance.randint(1, 8))) for _ in range(2_000)})
    for _ in range(60):
        wanted = "".join(chance.choices(letters, k=chance.randint(4, 7)))
        expected = [
            word for word in name_words if any(OSA.distance(wanted, word[:end]) <= 1 for end in range(len(word) + 1))
        ]
        assert _close_words(wanted, name_words) == expected
