"""Introductions: by hand, and against plain loops on random networks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures.introductions import LeftOut, introductions, shared_themes
from tests.graph.actor_reference import (
    VOCABULARY,
    Network,
    Reference,
    busy_networks,
    networks,
    node,
    options,
    relationship,
)


def graph_of(network: Network, options: ActorOptions | None = None) -> ActorGraph:
    return actor_graph(network.arrays(), Lens(), options)


def left_out(
    graph: ActorGraph, actors: Sequence[str] = (), introducers: Sequence[str] = (), pairs: Sequence[str] = ()
) -> LeftOut:
    """Actors and introducers by id, pairs as `a b`."""
    keys = sorted(graph.place[pair.split()[0]] * len(graph) + graph.place[pair.split()[1]] for pair in pairs)
    out, only_asked = (np.array([id in some for id in graph.ids], np.bool_) for some in (actors, introducers))
    return LeftOut(out, only_asked, np.array(keys, np.int64))


Row = tuple[str, str, str, float]


def rows(graph: ActorGraph, rules: LeftOut, *, of: str | None = None, limit: int = 1_000) -> list[Row]:
    found = introductions(graph, rules, of=graph.place[of] if of else None, limit=limit)
    return [(graph.ids[one.a], graph.ids[one.b], graph.ids[one.introducer], one.score) for one in found]


# x is tied to a, b and c, y to a and b; a and b have 2 neighbours each, c has 1. ln 2 = 0.693147, ln 3 = 1.098612.
TIES = [("x", "a", 0.6), ("x", "b", 0.5), ("x", "c", 0.8), ("y", "a", 0.5), ("y", "b", 0.9)]
SECTORS = {"a": "public", "b": "public", "c": "media", "x": None, "y": None}
ALL = [
    ("x", "y", "a", 1.442695041),  # a: min(0.6, 0.5)/ln 2; b: min(0.5, 0.9)/ln 2; a has the smaller id
    ("a", "b", "x", 1.176467134),  # x: 0.5/ln 3; y: 0.5/ln 2; x has the smaller id
    ("a", "c", "x", 0.819215304),  # x: 0.6/ln 3, × 1.5 as public and media differ
    ("b", "c", "x", 0.68267942),  # x: 0.5/ln 3, × 1.5
]


def meeting(*more: object, kind: str = "organisation") -> ActorGraph:
    nodes = [node(id, kind, sector=sector) for id, sector in SECTORS.items()]
    others = [
        node("t1", "theme"),
        node("t2", "theme"),
        node("office", "project" if kind != "person" else "organisation"),
    ]
    made = [relationship(a, "KNOWS", b, strength=strength) for a, b, strength in TIES]
    return graph_of(Network(nodes + others, [*made, *more]), ActorOptions(actors=(kind,)))  # type: ignore[list-item]


def test_by_hand() -> None:
    graph = meeting()
    assert rows(graph, LeftOut.nobody(graph)) == ALL
    assert rows(graph, LeftOut.nobody(graph), limit=2) == ALL[:2]
    assert rows(graph, LeftOut.nobody(graph), of="b") == [ALL[1], ALL[3]]
    assert rows(graph, LeftOut.nobody(graph), of="y") == [ALL[0]]


def test_each_shared_theme_adds_the_score_once_more() -> None:
    themes = [("a", "t1"), ("b", "t1"), ("a", "t2"), ("b", "t2"), ("c", "t2")]
    graph = meeting(*(relationship(actor, "WORKS_ON", theme) for actor, theme in themes))
    found = {row[:2]: row[3] for row in rows(graph, LeftOut.nobody(graph))}
    assert found["a", "b"] == pytest.approx(3 * 1.176467134, abs=2e-9)
    assert found["a", "c"] == pytest.approx(2 * 0.819215304, abs=2e-9)
    assert found["x", "y"] == 1.442695041
    assert shared_themes(graph, graph.place["a"], graph.place["b"]) == ["t1", "t2"]


def test_whoever_is_left_out_still_counts() -> None:
    graph = meeting()
    # Without x as introducer y brings a and b together, nobody a and c, or b and c; the scores stay.
    assert rows(graph, left_out(graph, introducers=["x"])) == [ALL[0], ("a", "b", "y", ALL[1][3])]
    assert rows(graph, left_out(graph, actors=["x"])) == [("a", "b", "y", ALL[1][3])]
    assert rows(graph, left_out(graph, actors=["a"])) == [("x", "y", "b", ALL[0][3]), ALL[3]]
    assert rows(graph, left_out(graph, pairs=["a b"])) == [ALL[0], *ALL[2:]]
    assert rows(graph, left_out(graph, actors=["c"]), of="c") == []


def test_two_people_of_one_organisation_need_no_introduction() -> None:
    graph = meeting(relationship("a", "WORKS_FOR", "office"), relationship("b", "LEADS", "office"), kind="person")
    assert [row[:2] for row in rows(graph, LeftOut.nobody(graph))] == [("x", "y"), ("a", "c"), ("b", "c")]


@pytest.mark.parametrize("nodes", [[], [node("a")], [node("a"), node("b")]])
def test_without_ties_nobody_can_be_introduced(nodes: list[object]) -> None:
    graph = graph_of(Network(nodes, []))  # type: ignore[arg-type]
    assert rows(graph, LeftOut.nobody(graph)) == []
    assert all(rows(graph, LeftOut.nobody(graph), of=id) == [] for id in graph.ids)


def slowly(network: Network, chosen: ActorOptions, rules: dict[str, set[str]]) -> list[Row]:
    reference = Reference(network, chosen)
    ties, found = reference.graph, []
    themes = {id: {one.target for one in network.relationships if (one.source, one.type) == (id, "WORKS_ON")}
              for id in reference.actors}  # fmt: skip
    for i, j in combinations(reference.actors, 2):
        common = sorted(set(ties[i]) & set(ties[j]))
        strength = {b: min(ties[b][i]["strength"], ties[b][j]["strength"]) for b in common}
        willing = [b for b in common if b not in rules["actors"] | rules["introducers"]]
        one_organisation = (
            reference.kind[i] == reference.kind[j] == "person"
            and reference.organisations[i] & reference.organisations[j]
        )
        out = {i, j} & rules["actors"] or f"{i} {j}" in rules["pairs"]
        if ties.has_edge(i, j) or not willing or one_organisation or out:
            continue
        score = sum(strength[b] / log(max(2, len(ties[b]))) for b in common)
        score *= (1 + len(themes[i] & themes[j])) * (1.5 if reference.differ(i, j) else 1)
        found.append((i, j, min(willing, key=lambda b: (-strength[b], b)), score))
    return found


@settings(max_examples=300)
@given(networks() | busy_networks(), options(), st.data())
def test_as_the_loops_say(network: Network, chosen: ActorOptions, data: st.DataObject) -> None:
    themes = [node("t1", "theme"), node("t2", "theme")]
    allowed = [one.id for one in network.nodes if VOCABULARY.types["WORKS_ON"].allows(one.kind, "theme")]
    pairs = data.draw(
        st.lists(st.sampled_from([(a, t.id) for a in allowed for t in themes]), max_size=12) if allowed else st.just([])
    )
    works = [relationship(actor, "WORKS_ON", theme, id=f"w{place}") for place, (actor, theme) in enumerate(pairs)]
    network = Network([*network.nodes, *themes], [*network.relationships, *works])
    graph = graph_of(network, chosen)
    some = st.sets(st.sampled_from(graph.ids), max_size=2) if graph.ids else st.just(set())
    two = [f"{a} {b}" for a, b in combinations(graph.ids, 2)]
    rules = {
        "actors": data.draw(some),
        "introducers": data.draw(some),
        "pairs": data.draw(st.sets(st.sampled_from(two), max_size=3)) if two else set(),
    }
    expected = slowly(network, chosen, rules)
    found = rows(graph, left_out(graph, **{name: sorted(ids) for name, ids in rules.items()}))
    assert [row[:3] for row in sorted(found)] == [row[:3] for row in sorted(expected)]
    assert [row[3] for row in sorted(found)] == pytest.approx([row[3] for row in sorted(expected)], abs=2e-9)
    assert found == sorted(found, key=lambda row: (-row[3], row[0], row[1]))
    for id in graph.ids:
        own = rows(graph, left_out(graph, **{name: sorted(ids) for name, ids in rules.items()}), of=id)
        assert own == [row for row in found if id in row[:2]]
