"""Cog scores and roles: by hand, and against the slow reference."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures.brokerage import ROLES, brokerage, brokered_pairs, cog_scores
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, node, options, relationship


def graph_of(network: Network, options: ActorOptions | None = None) -> ActorGraph:
    return actor_graph(network.arrays(), Lens(), options)


def tied(sectors: Mapping[str, str | None], *ties: tuple[str, str, float]) -> Network:
    return Network(
        [node(id, sector=sector) for id, sector in sectors.items()],
        [relationship(a, "KNOWS", b, strength=strength) for a, b, strength in ties],
    )


def test_a_star_of_two_sectors_by_hand() -> None:
    # Untied pairs of different sectors: (p, q) min(0.5, 0.25), (p, r) min(0.5, 1) with x and y in common, (q, s) and
    # (r, s) for lack of a sector of s none. So 0.25/1 + 0.5/2.
    graph = graph_of(
        tied(
            {"p": "public", "q": "media", "r": "media", "s": None, "x": "public", "y": None},
            ("x", "p", 0.5), ("x", "q", 0.25), ("x", "r", 1.0), ("x", "s", 1.0), ("y", "p", 0.1), ("y", "r", 0.2),
        )
    )  # fmt: skip
    found = brokerage(graph)
    place = graph.place["x"]
    assert (found.scores[place], found.pairs[place]) == (0.5, 2)
    # x is public: it shares its sector with p alone. (q, r) are both media and x is not: consultant.
    assert {name: counts[place] for name, counts in found.roles.items()} == {
        "coordinator": 0, "consultant": 1, "gatekeeper": 2, "representative": 2, "liaison": 0,
    }  # fmt: skip
    listed = [(graph.ids[one.a], graph.ids[one.b], one.strength, one.common, one.value)
              for one in brokered_pairs(graph, place, limit=5)]  # fmt: skip
    assert listed == [("p", "q", 0.25, 1, 0.25), ("p", "r", 0.5, 2, 0.25)]
    assert found.scores[graph.place["y"]] == 0.05
    assert found.scores[graph.place["s"]] == 0


def test_a_tie_between_neighbours_takes_their_pair_away() -> None:
    sectors = {"p": "public", "q": "media", "x": "public"}
    assert cog_scores(graph_of(tied(sectors, ("x", "p", 0.5), ("x", "q", 0.5)))) == [0, 0, 0.5]
    assert cog_scores(graph_of(tied(sectors, ("x", "p", 0.5), ("x", "q", 0.5), ("p", "q", 0.1)))) == [0, 0, 0]


@pytest.mark.parametrize("nodes", [[], [node("a")], [node("a"), node("b")]])
def test_without_ties_every_score_is_nothing(nodes: list[object]) -> None:
    found = brokerage(graph_of(Network(nodes, [])))  # type: ignore[arg-type]
    assert found.scores == [0.0] * len(nodes)
    assert found.roles == {name: [0] * len(nodes) for name in ROLES}


def test_a_hub_of_2000_is_exact_to_nine_decimals() -> None:
    # 1,000 × 1,000 pairs of 1/3 each, were one third a number of nine decimals; every pair has one common neighbour.
    ids = [f"n{place:04d}" for place in range(2000)]
    sectors = {id: "public" if place < 1000 else "media" for place, id in enumerate(ids)}
    graph = graph_of(tied({**sectors, "x": None}, *(("x", id, 0.333333333) for id in ids)))
    assert cog_scores(graph)[graph.place["x"]] == 333333.333
    best = brokered_pairs(graph, graph.place["x"], limit=2)
    assert [(graph.ids[one.a], graph.ids[one.b]) for one in best] == [("n0000", "n1000"), ("n0000", "n1001")]


@settings(max_examples=400)
@given(networks() | busy_networks(), options())
def test_as_the_reference_says(network: Network, chosen: ActorOptions) -> None:
    reference, graph = Reference(network, chosen), graph_of(network, chosen)
    found = brokerage(graph)
    for place, id in enumerate(graph.ids):
        assert found.scores[place] == pytest.approx(reference.cog_score(id), abs=2e-9)
        assert {name: counts[place] for name, counts in found.roles.items()} == reference.roles(id)
        pairs = brokered_pairs(graph, place, limit=1000)
        expected = [ends for ends in reference.open_pairs(id) if reference.differ(*ends)]
        assert sorted((graph.ids[one.a], graph.ids[one.b]) for one in pairs) == expected
        assert len(pairs) == found.pairs[place]
        assert sum(one.strength / one.common for one in pairs) == pytest.approx(found.scores[place], abs=2e-9)
        assert brokered_pairs(graph, place, limit=2) == pairs[:2]
        assert found.pairs[place] <= sum(found.roles[name][place] for name in ROLES if name != "representative") or (
            not all(graph.groups.stated)
        )


@st.composite
def organisations_tied(draw: st.DrawFn) -> dict[frozenset[str], float]:
    names = "abcdefg"
    pairs = st.sampled_from([frozenset((a, b)) for a in names for b in names if a < b])
    return draw(st.dictionaries(pairs, st.sampled_from([0.2, 0.4, 0.7, 1.0]), max_size=15))


@settings(max_examples=300)
@given(organisations_tied(), st.data())
def test_losing_a_tie_or_tying_two_neighbours_never_raises_a_score(
    ties: dict[frozenset[str], float], data: st.DataObject
) -> None:
    sectors = {name: data.draw(st.sampled_from(["public", "media", "funder", None])) for name in "abcdefg"}

    def score(ties: dict[frozenset[str], float]) -> float:
        graph = graph_of(tied(sectors, *((*sorted(ends), strength) for ends, strength in ties.items())))  # type: ignore[arg-type]
        return cog_scores(graph)[0]

    own = sorted((ends for ends in ties if "a" in ends), key=sorted)
    before = score(ties)
    for ends in own:
        assert score({**ties, ends: ties[ends] / 2}) <= before
        assert score({other: strength for other, strength in ties.items() if other != ends}) <= before
    neighbours = sorted(min(ends - {"a"}) for ends in own)
    for i in neighbours:
        for j in neighbours:
            if i < j:
                assert score({**ties, frozenset((i, j)): 0.5}) <= before
