"""New ties that bring two sides closest, by trying each with networkx."""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures.bridging import bridging
from graph.measures.distance import steps_from_all
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, options
from tests.graph.measures.made_networks import MADE, as_actors


def closeness(ties: nx.Graph[str], a: list[str], b: list[str]) -> float:
    steps = dict(nx.all_pairs_shortest_path_length(ties))
    pairs = [(i, j) for i in a for j in b if i != j]
    total: float = sum(1 / steps[i][j] for i, j in pairs if j in steps[i])
    return total / len(pairs)


def greedy(ties: nx.Graph[str], a: list[str], b: list[str], willing: set[str]) -> list[tuple[str, str, float, float]]:
    """Try every tie that may be added, three times."""
    ties, found = ties.copy(), []
    for _ in range(3):
        now = closeness(ties, a, b)
        best: tuple[float, str, str, float] | None = None
        for i in a:
            for j in b:
                if i != j and not ties.has_edge(i, j) and {i, j} <= willing:
                    with_tie = ties.copy()
                    with_tie.add_edge(i, j)
                    after = closeness(with_tie, a, b)
                    option = (-round(after - now, 9), i, j, round(after, 9))
                    best = min(best, option) if best else option
        if best is None:
            break
        ties.add_edge(best[1], best[2])
        found.append((best[1], best[2], best[3], -best[0]))
    return found


@settings(max_examples=200)
@given(networks() | busy_networks(), options(), st.data())
def test_each_tie_is_the_best_of_all_that_can_be_added(
    network: Network, options: ActorOptions, data: st.DataObject
) -> None:
    graph, reference = actor_graph(network.arrays(), Lens(), options), Reference(network, options)
    if len(graph) < 2:
        return
    some = st.lists(st.sampled_from(reference.actors), min_size=1, max_size=5, unique=True).map(sorted)
    a, b = data.draw(some), data.draw(some)
    if a == b and len(a) == 1:
        return
    willing = set(data.draw(st.lists(st.sampled_from(reference.actors), min_size=len(graph) - 1)))
    numbers = [np.array([graph.place[id] for id in side]) for side in (a, b)]
    found = bridging(graph, *numbers, most=3, willing=np.array([id in willing for id in graph.ids]))
    told = [(graph.ids[tie.a], graph.ids[tie.b]) for tie in found.ties]
    expected = greedy(reference.graph, a, b, willing)
    assert told == [(one, other) for one, other, _, _ in expected]
    assert [tie.after for tie in found.ties] == pytest.approx([after for _, _, after, _ in expected], abs=2e-9)
    assert [tie.gain for tie in found.ties] == pytest.approx([gain for _, _, _, gain in expected], abs=2e-9)
    assert found.before == pytest.approx(closeness(reference.graph, a, b), abs=1e-9)


def test_two_rows_by_hand() -> None:
    """0–1–2 and 3–4–5, all nine pairs apart. A tie of the two middles, 1–4, joins all.

    1–4 is 1 step, 0–4, 2–4, 1–3 and 1–5 are 2, the four of ends 3: 1 + 4/2 + 4/3 = 13/3 of 9 pairs. Then 0–4 makes
    that pair 1 instead of 2, and 0–3 and 0–5 2 instead of 3: 1/2 + 2/6 = 5/6 of 9 pairs; 0–3 would only make 2/3.
    """
    graph = as_actors(nx.disjoint_union(nx.path_graph(3), nx.path_graph(3)))
    found = bridging(graph, np.arange(3), np.arange(3, 6), most=2, willing=np.ones(6, np.bool_))
    first, second = found.ties
    assert (found.before, found.pairs) == (0.0, 9)
    assert (first.a, first.b, first.after, first.closer, first.joined) == (1, 4, round(13 / 27, 9), 9, 9)
    assert (second.a, second.b, second.gain, second.closer, second.joined) == (0, 4, round(5 / 54, 9), 3, 0)


def test_either_side_may_be_the_larger() -> None:
    graph, willing = as_actors(MADE["mesh"](80, Random(2))), np.ones(80, np.bool_)
    few, many = np.arange(3), np.arange(3, 80)
    there, back = (bridging(graph, *sides, most=3, willing=willing) for sides in ((few, many), (many, few)))
    assert [(tie.after, tie.gain) for tie in there.ties] == [(tie.after, tie.gain) for tie in back.ties]


@settings(max_examples=200)
@given(networks() | busy_networks(), options())
def test_steps_from_several_are_those_of_networkx(network: Network, options: ActorOptions) -> None:
    graph, reference = actor_graph(network.arrays(), Lens(), options), Reference(network, options)
    steps = steps_from_all(graph, np.arange(len(graph))[::2])
    for column, start in enumerate(graph.ids[::2]):
        lengths = nx.single_source_shortest_path_length(reference.graph, start)
        assert steps[:, column].tolist() == [lengths.get(id, -1) for id in graph.ids]
