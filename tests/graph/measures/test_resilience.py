"""What leavers take with them, against networkx on the network made again; carried ties, tie by tie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures.carried import carried
from graph.measures.resilience import bridge_ties, fragmentation, fragmentation_of, loss
from tests.graph.actor_reference import (
    Network,
    Reference,
    busy_networks,
    networks,
    node,
    options,
    relationship,
)


@settings(max_examples=200)
@given(networks() | busy_networks(), options(), st.data())
def test_losses_are_counted_on_the_network_made_again(
    network: Network, options: ActorOptions, data: st.DataObject
) -> None:
    ids = sorted(one.id for one in network.nodes)
    leavers = data.draw(st.lists(st.sampled_from(ids), max_size=4, unique=True)) if ids else []
    before, after = Reference(network, options), Reference(network.without(leavers), options)
    connected = [pair for pair in combinations(after.actors, 2) if nx.has_path(before.graph, *pair)]
    lost = [pair for pair in connected if not nx.has_path(after.graph, *pair)]
    isolated = [one for one in after.actors if before.graph.degree(one) and not after.graph.degree(one)]
    graph = actor_graph(network.arrays(), Lens(), options)
    found = loss(graph, [ids.index(id) for id in leavers], most=1_000)
    assert [(graph.ids[one], graph.ids[other]) for one, other in found.pairs] == lost
    assert (found.count, found.connected) == (len(lost), len(connected))
    assert found.fragmentation == (round(len(lost) / len(connected), 9) if connected else None)
    assert [graph.ids[actor] for actor in found.isolated] == isolated
    few = loss(graph, [ids.index(id) for id in leavers], most=2)
    assert (few.pairs, few.count) == (found.pairs[:2], len(lost))


@settings(max_examples=200)
@given(networks() | busy_networks(), options())
def test_bridge_ties_are_those_of_networkx(network: Network, options: ActorOptions) -> None:
    graph, reference = actor_graph(network.arrays(), Lens(), options), Reference(network, options)
    expected = sorted((min(ends), max(ends)) for ends in nx.bridges(reference.graph))
    assert [(graph.ids[one], graph.ids[other]) for one, other in bridge_ties(graph)] == expected


def carried_one_by_one(network: Network, options: ActorOptions) -> list[tuple[str, float, list[tuple[str, list[str]]]]]:
    """For each tie and end who carries it for that end, in plain loops."""
    reference = Reference(network, options)
    carriers: dict[tuple[str, str], set[str | None]] = defaultdict(set)  # of a tie as seen from its first end

    def around(id: str) -> Iterator[tuple[str, str | None]]:
        yield id, None
        for organisation in reference.organisations[id]:
            yield organisation, id

    for x, y, strength, _ in [*reference.direct(), *reference.shared()]:
        for (a, by), (b, by_other) in product(around(x), around(y)):
            own = b in reference.organisations[a] or a in reference.organisations[b]
            if strength > 0 and a != b and ((a, b) == (x, y) or not own):
                carriers[a, b].add(by)
                carriers[b, a].add(by_other)
    told = []
    for one in (id for id in reference.actors if reference.kind[id] == "organisation"):
        outside = [other for other in sorted(reference.graph[one]) if one not in reference.organisations[other]]
        through: dict[str, list[str]] = defaultdict(list)
        for other in outside:
            found = carriers[one, other]
            if len(found) == 1 and (person := next(iter(found))) is not None:
                through[person].append(other)
        if through:
            people = sorted(through.items(), key=lambda entry: (-len(entry[1]), entry[0]))
            told.append((one, round(sum(map(len, through.values())) / len(outside), 9), people))
    return sorted(told, key=lambda entry: (-entry[1], entry[0]))


@settings(max_examples=200)
@given(networks() | busy_networks(), options())
def test_carried_ties_are_found_tie_by_tie(network: Network, options: ActorOptions) -> None:
    options = replace(options, carriers=True)
    graph = actor_graph(network.arrays(), Lens(), options)
    ids = graph.arrays.nodes.ids
    found = [
        (
            graph.ids[one.organisation],
            one.share,
            [(ids[person], [graph.ids[partner] for partner in partners]) for person, partners in one.through],
        )
        for one in carried(graph)
    ]
    assert found == carried_one_by_one(network, options)


def test_whom_an_organisation_reaches_through_one_person_alone() -> None:
    """ann of x knows bob of y, and organisation z, with which x itself works too. Actors are organisations only.

    x has the partners y, through ann, and z, by itself as well: 1 of 2. y has x alone, through bob. z has x, by itself.
    """
    nodes = [node("x"), node("y"), node("z"), node("ann", "person"), node("bob", "person")]
    ties = [
        relationship("ann", "WORKS_FOR", "x"), relationship("bob", "WORKS_FOR", "y"),
        relationship("ann", "KNOWS", "bob"), relationship("ann", "KNOWS", "z"), relationship("x", "PARTNERS_WITH", "z"),
    ]  # fmt: skip
    graph = actor_graph(Network(nodes, ties).arrays(), Lens(), ActorOptions(actors=("organisation",)))
    found = [(graph.ids[one.organisation], one.share, one.through) for one in carried(graph)]
    ann, bob = graph.arrays.number["ann"], graph.arrays.number["bob"]
    assert found == [("y", 1.0, [(bob, [graph.place["x"]])]), ("x", 0.5, [(ann, [graph.place["y"]])])]


@pytest.mark.parametrize(("participants", "share"), [(200, 0.0), (201, 0.0), (202, 1.0)])
def test_an_item_that_becomes_small_enough_ties_those_who_stay(participants: int, share: float) -> None:
    """One knows all others of an event. Without it the others lose each other, unless the event, now of at most 200,
    ties them."""
    nodes = [node("event", "event"), *(node(f"a{number:03d}") for number in range(participants))]
    ties = [relationship(one.id, "TOOK_PART_IN", "event") for one in nodes[1:]]
    ties += [relationship("a000", "KNOWS", one.id) for one in nodes[2:]]
    graph = actor_graph(Network(nodes, ties).arrays(), Lens())
    assert fragmentation(graph)[0] == fragmentation_of(graph, [0]) == share
    assert fragmentation(graph)[1] == 0.0
