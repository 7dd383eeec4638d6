"""Communities as they are told, on two circles that anybody can see; how they are found is in measures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.model import Relationship, Source
from graph.questions import ask
from graph.settings import read_settings
from graph.store import Store, open_store
from graph.store.records import Batch
from tests.graph.actor_reference import node, relationship


@pytest.fixture
def circles(tmp_path: Path) -> Iterator[Store]:
    """a, b, c know each other, and so do d, e, f, g; one weak tie c–d joins the two; y and z are alone.

    b is twice as close to a as the others. Food is the theme of a, b and d, play of a and d to g, sleep of z.
    """
    ties: list[Relationship] = []
    for circle in ("abc", "defg"):
        for one, other in combinations(circle, 2):
            ties.append(relationship(one, "KNOWS", other, strength=0.8 if (one, other) == ("a", "b") else 0.4))
    ties.append(relationship("c", "KNOWS", "d", strength=0.1))
    works = {"food": "abd", "play": "adefg", "sleep": "z"}
    ties += [relationship(actor, "WORKS_ON", theme) for theme, actors in works.items() for actor in actors]
    nodes = [node(id, name=id.upper()) for id in "abcdefgyz"]
    nodes += [node(theme, "theme", name=theme.title()) for theme in works]
    with open_store(str(tmp_path / "circles.db"), read_settings()) as store:
        store.apply(Batch([Source(id="s", title="S")], nodes, ties), by="test")
        yield store


def test_two_circles_and_two_alone(circles: Store) -> None:
    answer: Any = ask(circles, "communities", {})
    told = [
        (one.id, "".join(one.members), one.ties_inside, one.ties_outside, [theme.id for theme in one.themes])
        for one in answer.communities
    ]
    assert told == [
        ("community:d", "defg", 6, 1, ["play"]),
        ("community:a", "abc", 3, 1, ["food"]),
        ("community:y", "y", 0, 0, []),
        ("community:z", "z", 0, 0, ["sleep"]),
    ]
    assert [one.name for one in answer.communities] == [
        "Around D, E and F (Play)", "A, B and C (Food)", "Y", "Z (Sleep)"
    ]  # fmt: skip
    assert [[one.id for one in some.leading] for some in answer.communities] == [
        ["d", "e", "f"], ["a", "b", "c"], ["y"], ["z"]
    ]  # fmt: skip
    # W = 2.4 + 1.6 + 0.1; of each circle the strength of its ties, twice, and the 0.1.
    assert answer.modularity == round(4.0 / 4.1 - (4.9 / 8.2) ** 2 - (3.3 / 8.2) ** 2, 9)
    assert answer.sentence == (
        "The ties show 2 communities of more than one; the largest, around D, has 4 actors with 6 ties among themselves"
        " and 1 tie to others."
    )
    assert answer.meta.notes == ("2 actors without any tie: each is a community of its own.",)


def test_limit_cuts_the_list_and_never_a_community(circles: Store) -> None:
    answer: Any = ask(circles, "communities", {"limit": 1})
    assert [one.members for one in answer.communities] == [("d", "e", "f", "g")]
    assert answer.meta.cut is None
    assert answer.sentence == ask(circles, "communities", {}).model_dump()["sentence"]


def test_a_higher_resolution_gives_smaller_communities(circles: Store) -> None:
    counts = [
        len(ask(circles, "communities", {"resolution": resolution}).model_dump()["communities"])
        for resolution in (0.01, 1, 100)
    ]
    assert counts == [3, 4, 9]


def test_the_groups_by_community_are_these(circles: Store) -> None:
    communities: Any = ask(circles, "communities", {})
    gaps: Any = ask(circles, "gaps", {"group_by": "community", "permutations": 1})
    sizes = {one.group: one.members for one in gaps.groups}
    assert sizes == {one.id: len(one.members) for one in communities.communities}


@pytest.mark.parametrize(
    ("values", "members", "sentence"),
    [
        ({"actors": ["fund"]}, [], "There are no actors, so there are no communities."),
        ({"type": ["WORKS_ON"], "limit": 2}, [("a",), ("b",)], "No two actors are tied, so there are no communities"),
        ({"type": ["FUNDS"], "kind": ["organisation"], "limit": 1}, [("a",)], "No two actors are tied"),
    ],
)
def test_without_ties(circles: Store, values: dict[str, Any], members: list[Any], sentence: str) -> None:
    answer: Any = ask(circles, "communities", values)
    assert [one.members for one in answer.communities] == members
    assert (answer.modularity, answer.sentence[: len(sentence)]) == (None, sentence)


@pytest.mark.parametrize(
    "values", [{"resolution": 0}, {"resolution": 101}, {"resolution": float("nan")}, {"limit": 0}, {"limit": 501}]
)
def test_bad_input(circles: Store, values: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        ask(circles, "communities", values)
