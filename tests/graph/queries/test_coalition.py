"""Coalitions on the network of `conftest.py`; costs by hand (the ties are in test_connectors.py).

1 ÷ 0.6 = 1.667 for council–hub, hub–trust, hub–firm and firm–college; 1 ÷ 0.4 = 2.5 for council–firm; 1 ÷ 0.5 = 2 for
ann–bob; 1 ÷ 0.9 = 1.111 for ann–council and bob–trust. ann is public and bob a funder by their posts.
"""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import CogsError, Conflict, InputError, NotFound
from graph.model import Node
from graph.questions import ask
from graph.store import Store
from graph.store.records import Batch


def asked(store: Store, *needs: str, **values: object) -> Any:
    return ask(store, "coalition", {"needs": list(needs), **values})


@pytest.mark.parametrize(
    ("needs", "values", "team", "cost"),
    [
        (["funder", "community"], {}, {"hub": ["community"], "trust": ["funder"]}, 1.666666667),
        (["funder"], {}, {"bob": ["funder"]}, 0),
        (["academia", "funder"], {}, {"college": ["academia"], "firm": [], "hub": [], "trust": ["funder"]}, 5),
        (["academia", "funder"], {"size": 3}, {"college": ["academia"]}, 0),
        (["public"], {"musts": ["college"]}, {"college": [], "council": ["public"], "firm": []}, 4.166666667),
        (["town", "community"], {}, {"council": ["town"], "hub": ["community"]}, 1.666666667),
        (["mill", "Community"], {}, {"firm": ["mill"], "hub": ["community"]}, 1.666666667),
        (["public", "funder"], {}, {"ann": ["public"], "bob": ["funder"]}, 2),
        (["public", "funder"], {"exclude": ["ann"]},
         {"council": ["public"], "hub": [], "trust": ["funder"]}, 3.333333333),
        (["public", "business"], {"musts": ["academia"]},
         {"college": [], "council": ["public"], "firm": ["business"]}, 4.166666667),
        (["public"], {"exclude": ["firm"], "musts": ["college"]}, {"college": []}, 0),
    ],
)  # fmt: skip
def test_teams(store: Store, needs: list[str], values: dict[str, Any], team: dict[str, list[str]], cost: float) -> None:
    answer = asked(store, *needs, **values)
    assert {one.node.id: list(one.covers) for one in answer.team} == team
    assert answer.cost == cost
    assert len(answer.links) == len(team) - 1
    covered = {need for some in team.values() for need in some}
    assert set(answer.uncovered) == {need.casefold() for need in needs} - covered
    assert len([note for note in answer.meta.notes if "also covers" in note]) == len(answer.uncovered)


def test_unusual_suspects_come_with_a_way_in(store: Store) -> None:
    answer = asked(store, "academia", "funder", "community", "public")
    # college–firm–hub–trust is 5 and covers all but public; council is tied to hub and to firm: 6.667 in all.
    assert {one.node.id: one.unusual_suspect for one in answer.team} == {
        "college": True, "council": False, "firm": False, "hub": False, "trust": True
    }  # fmt: skip
    assert [(one.a, one.b) for one in answer.links] == [
        ("college", "firm"), ("council", "hub"), ("firm", "hub"), ("hub", "trust")
    ]  # fmt: skip
    told = [(one.node.id, one.introducer, [node.id for node in one.path]) for one in answer.introductions]
    assert told == [("college", "firm", ["firm", "college"]), ("trust", "hub", ["firm", "hub", "trust"])]
    assert answer.introductions[0].because == (
        "Firm is in contact with College, who brings the sector academia and has no other tie to the team."
    )


def test_what_nobody_covers_is_said(store: Store) -> None:
    theme = Node.model_validate({"id": "calm", "kind": "theme", "name": "Calm", "evidence": [{"source": "s"}]})
    store.apply(Batch(nodes=[theme]), by="test")
    answer = asked(store, "calm", "media")
    assert (answer.team, answer.links, answer.cost, answer.uncovered) == ((), (), None, ("calm", "media"))
    assert answer.meta.notes == ("Nobody covers Calm.", "Nobody covers the sector media.")
    assert answer.meta.parameters["needs"] == ["calm", "media"]


@pytest.mark.parametrize(
    ("values", "error", "parameter"),
    [
        ({"needs": []}, InputError, "needs"),
        ({"needs": ["public"] * 13}, InputError, "needs"),
        ({"needs": ["hub"]}, InputError, "needs"),
        ({"needs": ["festival"]}, InputError, "needs"),
        ({"needs": ["nobody"]}, NotFound, "needs"),
        ({"needs": ["public"], "size": 0}, InputError, "size"),
        ({"needs": ["public"], "size": 1, "musts": ["hub", "firm"]}, InputError, "size"),
        ({"needs": ["public"], "size": 2, "musts": ["trust", "firm"]}, InputError, "size"),
        ({"needs": ["public"], "musts": ["college", "library"]}, Conflict, "musts"),
        ({"needs": ["public"], "musts": ["hub", "college"], "exclude": ["firm"]}, Conflict, "musts"),
        ({"needs": ["public"], "musts": ["hub"], "exclude": ["hub"]}, InputError, "musts"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], error: type[CogsError], parameter: str) -> None:
    with pytest.raises(error) as caught:
        ask(store, "coalition", values)
    assert caught.value.details["parameter"] == parameter


def test_a_conflict_names_who_cannot_be_joined(store: Store) -> None:
    with pytest.raises(Conflict, match="join College and Hub with Library"):
        asked(store, "public", musts=["college", "hub", "library"])
