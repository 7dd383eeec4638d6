"""New ties between two sides, on the network of `conftest.py`; values by hand (the ties are in test_connectors.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError, LimitExceeded, NotFound
from graph.introducing import REFUSES
from graph.model import Source
from graph.questions import ask
from graph.settings import read_settings
from graph.store import Store, open_store
from graph.store.records import Batch
from tests.graph.actor_reference import Network, node, relationship


def needed(store: Store, a: list[str], b: list[str], **values: Any) -> Any:
    return ask(store, "bridges_needed", {"a": a, "b": b, **values})


def opened(folder: Path, network: Network) -> Store:
    store = open_store(str(folder / "made.db"), read_settings())
    store.apply(Batch([Source(id="s", title="S")], network.nodes, network.relationships), by="test")
    return store


def test_public_and_academia(store: Store) -> None:
    """ann, council and library with college: now 3 steps, 2 and no way: (1/3 + 1/2)/3.

    A tie of library adds 1; of council 1/2, and ann comes to two steps: 1/2 + 1/6; of ann 2/3. So library first; then
    council's 2/3 equals ann's, who does not bring the council closer: the smallest id is ann's.
    """
    answer = needed(store, ["public"], ["academia"])
    assert (answer.before, answer.after) == (round(5 / 18, 9), 1.0)
    assert [(tie.a, tie.b, tie.after, tie.gain) for tie in answer.ties] == [
        ("library", "college", round(11 / 18, 9), round(1 / 3, 9)),
        ("ann", "college", round(15 / 18, 9), round(4 / 18, 9)),
        ("council", "college", 1.0, round(1 / 6, 9)),
    ]
    assert [tie.because for tie in answer.ties] == [
        "With a tie of Library and College, 1 of 3 pairs would be closer, 1 of them without any way now.",
        "With a tie of Ann and College, 1 of 3 pairs would be closer.",
        "With a tie of Council and College, 1 of 3 pairs would be closer.",
    ]
    assert answer.sentence == (
        "3 new ties would raise the closeness of the two sides from 0.28 to 1.00, where 1 means that all are tied to"
        " all."
    )
    assert (answer.meta.parameters["a"], answer.meta.parameters["b"]) == (["public"], ["academia"])


def test_no_more_than_can_be_added(store: Store) -> None:
    answer = needed(store, ["library", "council"], ["hub"], k=5)
    assert [(tie.a, tie.b) for tie in answer.ties] == [("library", "hub")]
    assert "Only 1 new tie can be added: all others are tied or not willing." in answer.meta.notes
    tied = needed(store, ["council"], ["hub"])
    assert (tied.before, tied.ties, tied.after) == (1.0, (), 1.0)
    assert tied.sentence == "No new tie can be added between the two sides; their closeness is 1.00."


def test_the_sides_keep_their_names(store: Store) -> None:
    """`a` of a tie is of the side `a`, whatever the ids; where both are in both, the smaller comes first."""
    assert [(tie.a, tie.b) for tie in needed(store, ["library"], ["ann"]).ties] == [("library", "ann")]
    both = ["library", "ann"]
    assert [(tie.a, tie.b) for tie in needed(store, both, both).ties] == [("ann", "library")]


@pytest.mark.parametrize(
    ("side", "actors"),
    [
        (["mill"], ["firm"]),  # a place
        (["town"], ["ann", "council", "firm", "library"]),  # with its parts, ann by her post
        (["business", "academia"], ["college", "firm"]),  # sectors
        (["Firm", "firm"], ["firm"]),
    ],
)
def test_what_a_side_stands_for(store: Store, side: list[str], actors: list[str]) -> None:
    told, plain = needed(store, side, ["bob"]), needed(store, actors, ["bob"])
    assert told.model_dump(exclude={"meta"}) == plain.model_dump(exclude={"meta"})


def test_a_side_may_be_a_group_of_group_by(tmp_path: Path) -> None:
    """Three in the red team, who know each other, and two in the blue; b1 has asked not to be introduced."""
    nodes = [node(f"r{number}", attributes={"team": "red"}) for number in range(3)]
    nodes += [node("b0", attributes={"team": "blue"}), node("b1", attributes={"team": "blue"})]
    ties = [relationship("r0", "KNOWS", "r1"), relationship("r1", "KNOWS", "r2"), relationship("b0", "KNOWS", "b1")]
    ties.append(relationship("b1", REFUSES, "b1"))
    with opened(tmp_path, Network(nodes, ties)) as store:
        answer = needed(store, ["red"], ["blue"], group_by="team", k=1)
        with pytest.raises(NotFound, match="red"):
            needed(store, ["red"], ["blue"])
        nobody = needed(store, ["red"], ["b1"], group_by="team")
    # r1–b0: 1 + 1/2 + 1/2 to b0 and 1/2 + 1/3 + 1/3 to b1; all of six were apart.
    assert [(tie.a, tie.b, tie.after) for tie in answer.ties] == [("r1", "b0", round((2 + 7 / 6) / 6, 9))]
    assert answer.meta.parameters["a"] == ["red"]
    assert "1 actor asked not to be introduced and end no new tie." in answer.meta.notes
    assert (nobody.before, nobody.ties) == (0.0, ())


def test_communities_are_groups_too(store: Store) -> None:
    communities: Any = ask(store, "communities", {})
    ids = [one.id for one in communities.communities if len(one.members) > 1]
    answer = needed(store, ids[:1], ids[1:2], group_by="community", k=1)
    ends = {answer.ties[0].a, answer.ties[0].b}
    assert [len(ends & set(one.members)) for one in communities.communities if one.id in ids[:2]] == [1, 1]


def test_too_many_pairs(tmp_path: Path) -> None:
    with opened(tmp_path, Network([node(f"n{number:03d}", sector="public") for number in range(102)], [])) as store:
        with pytest.raises(LimitExceeded, match="10,302 pairs"):
            needed(store, ["public"], ["public"])
        assert needed(store, ["public"], ["n000"], k=1).before == 0.0


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        ({"a": ["hub"], "b": ["hub"]}, InputError, "no pair"),
        ({"a": ["media"], "b": ["hub"]}, InputError, "`a` stands for no actor"),
        ({"a": ["hub"], "b": ["festival"]}, InputError, "of the kind event"),
        ({"a": ["nowhere"], "b": ["hub"]}, NotFound, "nowhere"),
        ({"a": [], "b": ["hub"]}, InputError, "a is wrong"),
        ({"a": ["hub"]}, InputError, "b is missing"),
        ({"a": ["hub"], "b": ["ann"], "k": 0}, InputError, "k is wrong"),
        ({"a": ["hub"], "b": ["ann"], "k": 21}, InputError, "k is wrong"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        ask(store, "bridges_needed", values)
