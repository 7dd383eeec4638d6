"""The actor graph: numbers worked out by hand, and the slow reference on random networks."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorGraph, ActorOptions, actor_graph, confirmed, part_graph
from graph.errors import InputError
from graph.lens import Lens
from graph.model import Evidence, Node, Relationship
from graph.near import large_items, self_ties
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, node, options, pair, relationship


def graph_of(network: Network, lens: Lens | None = None, **values: Any) -> ActorGraph:
    bodies = {one.id: one for one in network.nodes}
    return actor_graph(network.arrays(), lens or Lens(), ActorOptions(**values), bodies=lambda _: bodies)


def strengths(graph: ActorGraph) -> dict[tuple[str, str], float]:
    rows, columns = graph.matrix.nonzero()
    return {
        (graph.ids[u], graph.ids[v]): graph.strength(u, v)
        for u, v in zip(rows.tolist(), columns.tolist(), strict=True)
        if u < v
    }


def behind(graph: ActorGraph, a: str, b: str) -> list[str]:
    numbers = graph.behind(graph.place[a], graph.place[b])
    return [graph.arrays.relationships.ids[number] for number in numbers.tolist()]


def network(*relationships: Relationship, nodes: tuple[Node, ...] = ()) -> Network:
    """Relationships between nodes whose first letter says their kind; sectors are not stated."""
    kinds = {"o": "organisation", "p": "person", "j": "project", "e": "event", "l": "place", "t": "theme", "f": "fund"}
    ends = {end for one in relationships for end in (one.source, one.target)} - {one.id for one in nodes}
    return Network([*nodes, *(node(end, kinds[end[0]]) for end in sorted(ends))], relationships)


R = relationship
TIES: dict[str, tuple[Network, dict[str, Any], dict[tuple[str, str], float]]] = {
    "default strengths, parallel ties combine: 1 − (1 − 0.6)(1 − 0.3)": (
        network(R("oa", "PARTNERS_WITH", "ob"), R("ob", "FUNDS", "oa")), {}, {("oa", "ob"): 0.72},
    ),
    "a stated strength wins, one of 0 makes nothing": (
        network(R("oa", "FUNDS", "ob", strength=0.5), R("oa", "FUNDS", "oc", strength=0)), {}, {("oa", "ob"): 0.5},
    ),
    "places and themes never connect, nor does what is not marked as a tie": (
        network(R("oa", "LOCATED_IN", "lx"), R("ob", "LOCATED_IN", "lx"), R("oa", "WORKS_ON", "tx"),
                R("ob", "WORKS_ON", "tx"), R("oa", "INTRODUCED", "ob"), R("oa", "SUPPORTS", "lx")), {}, {},
    ),
    "a tie with itself is dropped": (network(R("oa", "PARTNERS_WITH", "oa")), {}, {}),
    "three on a project: ((0.6 + 0.5)/2)/2, ((0.6 + 0.9)/2)/2, ((0.5 + 0.9)/2)/2": (
        network(R("oa", "DELIVERS", "jx"), R("ob", "MEMBER_OF", "jx"), R("oc", "LEADS", "jx")), {},
        {("oa", "ob"): 0.275, ("oa", "oc"): 0.375, ("ob", "oc"): 0.35},
    ),
    "memberships of one actor combine first: m = 1 − 0.4 × 0.5 = 0.8, ((0.8 + 0.3)/2)/1": (
        network(R("oa", "DELIVERS", "jx"), R("oa", "MEMBER_OF", "jx"), R("jx", "FUNDS", "ob")), {},
        {("oa", "ob"): 0.55},
    ),
    "alone on a project makes no tie": (network(R("oa", "DELIVERS", "jx")), {}, {}),
    "shared work off": (network(R("oa", "DELIVERS", "jx"), R("ob", "DELIVERS", "jx")), {"shared_work": False}, {}),
    "shared work and a direct tie: 1 − (1 − 0.6)(1 − 0.5)": (
        network(R("oa", "DELIVERS", "jx"), R("ob", "DELIVERS", "jx"), R("oa", "KNOWS", "ob")), {}, {("oa", "ob"): 0.8},
    ),
    "a project among the actors is an actor, not shared work": (
        network(R("oa", "DELIVERS", "jx"), R("ob", "DELIVERS", "jx")), {"actors": ("organisation", "project")},
        {("jx", "oa"): 0.6, ("jx", "ob"): 0.6},
    ),
    "people who are not actors carry: the post 0.9 of px at ob ties nobody, its KNOWS ties oa to ob": (
        network(R("px", "WORKS_FOR", "ob"), R("oa", "KNOWS", "px")), {"actors": ("organisation",)},
        {("oa", "ob"): 0.5},
    ),
    "a person of two organisations ties them, each post once: 1 − (1 − 0.9)(1 − 0.9)": (
        network(R("px", "WORKS_FOR", "oa"), R("px", "LEADS", "ob")), {"actors": ("organisation",)},
        {("oa", "ob"): 0.99},
    ),
    "carriers off": (
        network(R("px", "WORKS_FOR", "ob"), R("oa", "KNOWS", "px")),
        {"actors": ("organisation",), "carriers": False}, {},
    ),
    "people carry and count in k: px and oa on a project of 2, so ((0.4 + 0.6)/2)/1": (
        network(R("px", "WORKS_FOR", "ob"), R("px", "TOOK_PART_IN", "jx"), R("oa", "DELIVERS", "jx")),
        {"actors": ("organisation",)}, {("oa", "ob"): 0.5},
    ),
    "with people among the actors carriers are off unless asked for": (
        network(R("px", "WORKS_FOR", "ob"), R("oa", "KNOWS", "px")), {}, {("oa", "px"): 0.5, ("ob", "px"): 0.9},
    ),
    "asked for: px and py know each other, so ob and oc do, and each knows the other's person": (
        network(R("px", "WORKS_FOR", "ob"), R("py", "WORKS_FOR", "oc"), R("px", "KNOWS", "py")), {"carriers": True},
        {("ob", "px"): 0.9, ("oc", "py"): 0.9, ("px", "py"): 0.5, ("oc", "px"): 0.5, ("ob", "py"): 0.5,
         ("ob", "oc"): 0.5},
    ),
    "half-life of 12 months: oa–ob was recorded 365.25 days before oa–oc, so 0.6 × 0.5; oa–od does not say": (
        network(R("oa", "PARTNERS_WITH", "ob", recorded="2019-01-01"), R("oa", "PARTNERS_WITH", "oc",
                recorded="2020-01-01"), R("oa", "PARTNERS_WITH", "od")), {"half_life": 12},
        {("oa", "ob"): round(0.6 * 2 ** (-365 / 365.25), 9), ("oa", "oc"): 0.6, ("oa", "od"): 0.6},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TIES)
def test_ties_worked_out_by_hand(name: str) -> None:
    given_network, values, expected = TIES[name]
    assert strengths(graph_of(given_network, **values)) == expected


def test_isolates_stay_and_self_ties_are_counted() -> None:
    graph = graph_of(network(R("oa", "PARTNERS_WITH", "oa"), R("oa", "KNOWS", "ob"), nodes=(node("oz"),)))
    assert graph.ids == ["oa", "ob", "oz"]
    assert (self_ties(graph), graph.degree.tolist()) == (1, [1, 1, 0])


def test_no_network_at_all() -> None:
    graph = graph_of(Network([], []))
    assert (len(graph), graph.matrix.shape, graph.share_behind(np.zeros(0, np.bool_))) == (0, (0, 0), [])


def test_an_item_of_more_than_200_makes_no_ties_and_is_named() -> None:
    def event(size: int) -> ActorGraph:
        return graph_of(network(*(R(f"o{place:03d}", "TOOK_PART_IN", "ex") for place in range(size))))

    small, large = event(200), event(201)
    assert (small.matrix.nnz, small.strength(0, 1), large_items(small)) == (200 * 199, round(0.4 / 199, 9), {})
    assert (large.matrix.nnz, large_items(large)) == (0, {"ex": 201})


def test_what_stands_behind_a_tie() -> None:
    relationships = (
        R("oa", "DELIVERS", "jx"), R("oa", "MEMBER_OF", "jx"), R("px", "DELIVERS", "jx"), R("oc", "DELIVERS", "jx"),
        R("px", "WORKS_FOR", "ob"), R("oa", "KNOWS", "ob"),
    )  # fmt: skip
    graph = graph_of(network(*relationships), actors=("organisation",))
    assert behind(graph, "oa", "ob") == ["oa-DELIVERS-jx", "oa-KNOWS-ob", "oa-MEMBER_OF-jx", "px-DELIVERS-jx"]
    assert behind(graph, "oa", "oc") == ["oa-DELIVERS-jx", "oa-MEMBER_OF-jx", "oc-DELIVERS-jx"]
    assert behind(graph, "oa", "oa") == []


RECORDED = {
    "oa-KNOWS-ob": ("2017",), "oa-KNOWS-oc": ("2019",), "oa-FUNDS-oc": ("2010",), "oc-KNOWS-od": ("2018-01-02", "2020"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("lens", "shares"),
    [
        # Counted to the newest record, 1 January 2020: oa–oc was recorded 365 days before, and 12 months are 365.25.
        (Lens(), [0.5, 0.0, 1.0, 1.0, None]),
        # In the year to the end of 2018 oc–od was recorded too; that it was again in 2020 does not count, nor against.
        (Lens(at="2018-12-31"), [0.0, 0.0, 0.5, 1.0, None]),
        (Lens(until="2017"), [0.5, 1.0, 0.0, 0.0, None]),
    ],
)
def test_shares_of_ties_with_evidence_that_is_stated_and_new(lens: Lens, shares: list[float | None]) -> None:
    facts = [
        relationship(*id.split("-"), inferred=id == "oa-KNOWS-ob").model_copy(
            update={"evidence": tuple(Evidence(source="s", recorded_at=day) for day in on)}
        )
        for id, on in RECORDED.items()
    ]
    graph = graph_of(network(*facts, nodes=(node("oz"),)), lens)
    assert graph.share_behind(~graph.arrays.relationships.inferred) == [0.5, 0.0, 1.0, 1.0, None]
    ids = graph.arrays.relationships.ids

    def bodies(numbers: Iterable[int]) -> list[Relationship]:
        return [one for one in facts if one.id in {ids[number] for number in numbers}]

    for actor in range(len(graph)):
        assert graph.share_behind(confirmed(graph, np.array([actor]), bodies))[actor] == shares[actor]


GROUPED = network(
    R("oa", "LOCATED_IN", "lx"), R("oa", "LOCATED_IN", "ly"), R("px", "WORKS_FOR", "oa"), R("px", "LEADS", "ob"),
    R("py", "WORKS_FOR", "oa"), R("py", "LOCATED_IN", "lz"), R("lx", "PART_OF", "lz"), R("oa", "WORKS_ON", "tx"),
    R("oc", "FUNDS", "oa"), R("fx", "FUNDS", "oa"), R("oa", "KNOWS", "ob"),
    nodes=(
        node("oa", sector="public", attributes={"tags": ["b", "a", 3], "size": 2}), node("ob", sector="media"),
        node("py", "person", "academia"), node("oc", attributes={"tags": ""}),
    ),
)  # fmt: skip
GROUPS = {
    "sector": {"oa": ("public",), "ob": ("media",), "px": ("media", "public"), "py": ("academia",)},
    "place": {"oa": ("lx", "ly"), "px": ("lx", "ly"), "py": ("lz",)},
    "theme": {"oa": ("tx",)},
    "funder": {"oa": ("fx", "oc")},
    "tags": {"oa": ("3", "a", "b")},
    "size": {"oa": ("2",)},
    "nothing": {},
}  # fmt: skip


@pytest.mark.parametrize("by", GROUPS)
def test_groups(by: str) -> None:
    graph = graph_of(GROUPED, group_by=by)
    found = {id: graph.groups.of(place) for id, place in graph.place.items()}
    assert {id: groups for id, groups in found.items() if groups} == GROUPS[by]


def test_communities_are_groups() -> None:
    triangles = [("oa", "ob"), ("ob", "oc"), ("oa", "oc"), ("od", "oe"), ("oe", "of"), ("od", "of"), ("oc", "od")]
    graph = graph_of(network(*(R(a, "KNOWS", b) for a, b in triangles)), group_by="community")
    assert [graph.groups.of(place) for place in range(6)] == [("community:oa",)] * 3 + [("community:od",)] * 3


def test_what_the_lens_hides_groups_nobody() -> None:
    graph = graph_of(GROUPED, Lens(kind=("person",)))
    assert {id: graph.groups.of(place) for id, place in graph.place.items()} == {"px": (), "py": ("academia",)}


def test_groups_of_several_differ_only_without_one_in_common() -> None:
    graph = graph_of(GROUPED)
    place = graph.place
    pairs = [("px", "oa"), ("px", "py"), ("oa", "ob"), ("oa", "oc"), ("oc", "oc")]
    u, v = (np.array([place[ends[side]] for ends in pairs]) for side in (0, 1))
    assert graph.groups.alike(u, v).tolist() == [True, False, False, False, False]
    assert graph.groups.differ(u, v).tolist() == [False, True, True, False, False]


def test_facts_with_a_stated_end_are_counted() -> None:
    ended = network(R("oa", "KNOWS", "ob", end="2019"), R("oa", "LOCATED_IN", "lx", end="2019"),
                    nodes=(node("oc", end="2018"),))  # fmt: skip
    assert graph_of(ended).ended == 2


def test_graphs_are_kept_by_options_and_share_their_ties() -> None:
    arrays = GROUPED.arrays()
    first, again = actor_graph(arrays, Lens()), actor_graph(arrays, Lens(), ActorOptions())
    other = actor_graph(arrays, Lens(), ActorOptions(group_by="place"))
    assert first is again
    assert other is not first
    assert other.ties is first.ties
    for months in range(1, 20):
        actor_graph(arrays, Lens(), ActorOptions(half_life=months))
    assert len(arrays.visible(Lens()).cache["actor graphs"]) == 8


@pytest.mark.parametrize("values", [{"actors": ("place",)}, {"actors": ("dragon",)}, {"half_life": 0.0}])
def test_options_that_make_no_sense(values: dict[str, Any]) -> None:
    with pytest.raises(InputError) as wrong:
        graph_of(GROUPED, **values)
    assert wrong.value.details["parameter"] == next(iter(values))


@settings(max_examples=400)
@given(networks() | busy_networks(), options())
def test_ties_as_the_reference_makes_them(given_network: Network, chosen: ActorOptions) -> None:
    reference = Reference(given_network, chosen)
    graph = actor_graph(given_network.arrays(), Lens(), chosen)
    assert graph.ids == reference.actors
    assert strengths(graph) == pytest.approx(reference.strength, abs=2e-9)
    count = len(given_network.relationships)
    for place, id in enumerate(graph.ids):
        mask = graph.ties.all_behind(np.array([place]), count)
        expected = set().union(*(behind for ends, behind in reference.behind.items() if id in ends))
        assert {one for one, good in zip(graph.arrays.relationships.ids, mask, strict=True) if good} == expected
    for a, b in reference.strength:
        assert behind(graph, a, b) == sorted(reference.behind[pair(a, b)])
    assert [set(graph.groups.of(place)) for place in range(len(graph))] == [reference.groups(id) for id in graph.ids]
    stated = {one.id for one in given_network.relationships if not one.inferred}
    for id, share in zip(graph.ids, graph.share_behind(~graph.arrays.relationships.inferred), strict=True):
        ties = [ends for ends in reference.strength if id in ends]
        good = [ends for ends in ties if reference.behind[ends] & stated]
        assert share == (round(len(good) / len(ties), 9) if ties else None)


@settings(max_examples=200)
@given(networks() | busy_networks(), options())
def test_without_a_node_is_the_graph_made_again(given_network: Network, chosen: ActorOptions) -> None:
    graph = actor_graph(given_network.arrays(), Lens(), chosen)
    for number, id in enumerate(graph.arrays.nodes.ids[:3]):
        rest = graph.without([number])
        reference = Reference(given_network.without([id]), chosen)
        assert rest.ids == reference.actors
        assert strengths(rest) == pytest.approx(reference.strength, abs=2e-9)
        assert rest.kept == {}


@settings(max_examples=100)
@given(networks() | busy_networks(), options(), st.data())
def test_the_part_among_some_actors_has_their_ties_and_what_stands_behind_them(
    some: Network, chosen: ActorOptions, data: st.DataObject
) -> None:
    bodies = {one.id: one for one in some.nodes}
    graph = actor_graph(some.arrays(), Lens(), chosen, bodies=lambda _: bodies)
    kept = sorted(data.draw(st.sets(st.sampled_from(graph.ids)))) if graph.ids else []
    part = graph.among(np.array([graph.place[id] for id in kept], np.int64))
    assert part.ids == kept
    assert strengths(part) == {pair: s for pair, s in strengths(graph).items() if set(pair) <= set(kept)}
    assert [behind(part, *pair) for pair in strengths(part)] == [behind(graph, *pair) for pair in strengths(part)]
    assert [part.groups.of(part.place[id]) for id in kept] == [graph.groups.of(graph.place[id]) for id in kept]


@settings(max_examples=100)
@given(networks() | busy_networks(), st.data())
def test_the_graph_of_some_nodes_is_that_of_a_network_of_these_alone(some: Network, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from([one.id for one in some.nodes]))) if some.nodes else set()
    arrays = some.arrays()
    part = part_graph(arrays, Lens(), np.array([arrays.number[id] for id in kept], np.int64), ActorOptions())
    edges = [one for one in some.relationships if {one.source, one.target} <= kept]
    alone = graph_of(Network([one for one in some.nodes if one.id in kept], edges))
    assert (part.ids, strengths(part)) == (alone.ids, strengths(alone))


def test_an_actor_is_found_by_id_and_nobody_else_is() -> None:
    graph = graph_of(network(R("oa", "PARTNERS_WITH", "ob"), R("oa", "LOCATED_IN", "lx")))
    assert [graph.actor(id) for id in ("oa", "ob", "lx", "nobody")] == [0, 1, None, None]
