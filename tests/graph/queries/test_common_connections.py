"""Common connections: by hand on the network of `conftest.py` (its ties are in test_connectors.py), and by loops."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorOptions, actor_graph
from graph.errors import InputError
from graph.lens import Lens
from graph.questions import ask
from graph.store import Store
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, options, pair
from tests.graph.asking import answer_on


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


def test_no_ties_are_made_but_those_of_the_named(store: Store) -> None:
    ask(store, "common_connections", {"nodes": ["hub", "council"]})
    whole: Any = actor_graph(store.arrays(), Lens())
    assert whole.make.cache_info().currsize == 0


@settings(max_examples=200)
@given(networks() | busy_networks(), options(), st.data())
def test_as_the_loops_say(network: Network, chosen: ActorOptions, data: st.DataObject) -> None:
    reference = Reference(network, chosen)
    if len(reference.actors) < 2:
        return
    given_actors = sorted(data.draw(st.sets(st.sampled_from(reference.actors), min_size=2, max_size=3)))
    answer = answer_on(network.nodes, network.relationships, "common_connections", nodes=given_actors, **vars(chosen))
    expected = {}
    for one in reference.actors:
        strengths = [reference.strength.get(pair(one, other), 0) for other in given_actors]
        if one not in given_actors and min(strengths) > 0:
            expected[one] = min(strengths)
    assert {one.node.id: one.weakest for one in answer.common} == pytest.approx(expected, abs=2e-9)
    assert [one.node.id for one in answer.common] == [
        one.node.id for one in sorted(answer.common, key=lambda one: (-one.weakest, one.node.id))
    ]
    for one in answer.common:
        behind = {tie.to: {fact.id for fact in tie.relationships} for tie in one.ties}
        assert behind == {other: reference.behind[pair(one.node.id, other)] for other in given_actors}


@pytest.mark.parametrize("nodes", [["hub"], ["hub", "hub"], ["hub"] * 11, ["hub", "festival"]], ids=len)
def test_bad_input(store: Store, nodes: list[str]) -> None:
    with pytest.raises(InputError):
        ask(store, "common_connections", {"nodes": nodes})
