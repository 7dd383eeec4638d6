"""Common connections on the network of `conftest.py`; expected values by hand (the ties are in test_connectors.py)."""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import InputError
from graph.questions import ask
from graph.store import Store


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        (["trust", "firm"], [("hub", 0.6)]),
        (["hub", "ann"], [("council", 0.6)]),
        (["hub", "college"], [("firm", 0.6)]),
        (["trust", "library"], []),
        (["council", "bob"], [("ann", 0.5)]),
        (["hub", "council"], [("firm", 0.4)]),
        (["council", "trust", "firm"], [("hub", 0.6)]),
    ],
)
def test_common_connections(store: Store, nodes: list[str], expected: list[tuple[str, float]]) -> None:
    answer: Any = ask(store, "common_connections", {"nodes": nodes})
    assert [(one.node.id, one.weakest) for one in answer.common] == expected
    for one in answer.common:
        assert [tie.to for tie in one.ties] == sorted(nodes)
        assert min(tie.strength for tie in one.ties) == one.weakest
        assert all(tie.relationships for tie in one.ties)


def test_behind_shared_work_stand_the_memberships_of_both(store: Store) -> None:
    answer: Any = ask(store, "common_connections", {"nodes": ["hub", "council"]})
    (tie,) = [tie for tie in answer.common[0].ties if tie.to == "council"]
    assert [one.id for one in tie.relationships] == ["council-TOOK_PART_IN-festival", "firm-TOOK_PART_IN-festival"]


@pytest.mark.parametrize("nodes", [["hub"], ["hub", "hub"], ["hub"] * 11, ["hub", "festival"]], ids=len)
def test_bad_input(store: Store, nodes: list[str]) -> None:
    with pytest.raises(InputError):
        ask(store, "common_connections", {"nodes": nodes})
