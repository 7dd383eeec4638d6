"""The stage: right for networks made to be of each, and by the rules as loops over networkx on random networks."""

from __future__ import annotations

from itertools import combinations
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.lens import Lens
from graph.measures.stage import NUMBERS, TOO_SMALL, core_of, stage
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, options
from tests.graph.measures.made_networks import MADE, as_actors, nodes_and_ties


@pytest.mark.parametrize("size", [80, 160])
@pytest.mark.parametrize("name", MADE)
def test_networks_made_of_each_stage(name: str, size: int) -> None:
    """Twenty of each stage and size: two hundred in all, each with the ids dealt out anew."""
    found = [stage(as_actors(MADE[name](size, Random(seed)), seed)).name for seed in range(20)]
    assert found == [name] * 20


def small(name: str, size: int) -> nx.Graph[int]:
    """Six who all know each other, and others who know two of them; or two hubs who know each other."""
    if name == "multi-hub":
        return nx.Graph([(0, 1), *((other, other % 2) for other in range(2, size))])
    made: nx.Graph[int] = nx.complete_graph(6)
    made.add_edges_from((other, (other + more) % 6) for other in range(6, size) for more in (0, 1))
    return made


@pytest.mark.parametrize("name", ["core and periphery", "multi-hub"])
def test_under_thirty_they_are_too_small_to_call(name: str) -> None:
    assert [stage(as_actors(small(name, size), 0)).name for size in (20, 29, 30)] == [TOO_SMALL, TOO_SMALL, name]


def best_core(component: nx.Graph[str]) -> tuple[float | None, float | None, int]:
    """By trying each size of core and letting numpy correlate the two columns."""
    depth, size = nx.core_number(component), len(component)
    order = sorted(component, key=lambda one: (-depth[one], -component.degree(one), one))
    best: tuple[float | None, float | None, int] = (None, None, 0)
    for number in range(3, size // 2 + 1):
        core = set(order[:number])
        pairs = [pair for pair in combinations(order, 2) if len(core & set(pair)) != 1]
        both = [core >= set(pair) for pair in pairs]
        tied = [component.has_edge(*pair) for pair in pairs]
        if len(set(both)) == len(set(tied)) == 2:
            fit = round(float(np.corrcoef(both, tied)[0, 1]), 9)
            if best[0] is None or fit > best[0] + 1e-12:
                ties = component.subgraph(core).number_of_edges()
                best = fit, round(ties / (number * (number - 1) / 2), 9), number
    return best


def judged(network: Network, options: ActorOptions) -> tuple[str | None, dict[str, float | None]]:
    """The table of rules, read from top to bottom."""
    reference = Reference(network, options)
    ties, numbers = reference.graph, dict[str, float | None].fromkeys(NUMBERS)
    if not len(ties):
        return None, numbers
    members = min(nx.connected_components(ties), key=lambda part: (-len(part), min(part)))
    part, size = ties.subgraph(members), len(members)
    numbers["largest_component_share"] = share = round(size / len(ties), 9)
    if share < 0.5 or size < 5:
        return "scattered", numbers
    exact = nx.betweenness_centrality(part)
    between = {one: round(value, 9) for one, value in exact.items()}
    top, second = sorted(sorted(part), key=lambda one: -between[one])[:2]
    rest = Reference(network.without([top]), options).graph
    others = list(combinations(sorted(members - {top}), 2))
    lost = round(sum(not nx.has_path(rest, *pair) for pair in others) / len(others), 9)
    degrees = [part.degree(one) for one in part]
    central = round(sum(max(degrees) - one for one in degrees) / ((size - 1) * (size - 2)), 9)
    ratio = round(exact[second] / exact[top], 9) if exact[top] else None
    numbers |= {"degree_centralisation": central, "top_fragmentation": lost, "betweenness_ratio": ratio}
    if (central >= 0.5 or lost >= 0.5) and ratio is not None and ratio <= 0.5:
        return "hub and spoke", numbers
    fit, density, core = best_core(part)
    numbers |= {"core_fit": fit, "core_density": density, "core_size": core}
    if fit is not None and density is not None and fit >= 0.6 and density >= 0.5 and core >= 4 and lost <= 0.3:
        return ("core and periphery" if size >= 30 else TOO_SMALL), numbers
    numbers["hubs"] = hubs = sum(
        between[one] >= 0.1 and part.degree(one) >= 2 * sum(degrees) / len(degrees) for one in part
    )
    if hubs >= 2:
        return ("multi-hub" if size >= 30 else TOO_SMALL), numbers
    return "mesh", numbers


@settings(max_examples=200)
@given(networks(most=14) | busy_networks(), options())
def test_the_rules_are_followed_on_random_networks(network: Network, options: ActorOptions) -> None:
    check(actor_graph(network.arrays(), Lens(), options), network, options)


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.integers(3, 36), st.floats(0.02, 0.4))
def test_the_rules_are_followed_on_larger_ones(seed: int, size: int, density: float) -> None:
    """Drawn tie by tie, and in half of them some know nearly everybody."""
    chance = Random(seed)
    made = nx.gnp_random_graph(size, density, seed=seed)
    for hub in range(chance.randint(0, 3) * chance.randint(0, 1)):
        made.add_edges_from(
            (hub % size, other) for other in range(size) if other != hub % size and chance.random() < 0.6
        )
    check(as_actors(made), nodes_and_ties(made), ActorOptions())


def check(graph: ActorGraph, network: Network, options: ActorOptions) -> None:
    name, numbers = judged(network, options)
    found = stage(graph)
    assert found.name == name
    assert list(found.numbers) == list(NUMBERS)
    for key, value in numbers.items():
        assert found.numbers[key] == (value if value is None else pytest.approx(value, abs=1.1e-9))


def test_a_core_of_four_by_hand() -> None:
    """Four who all know each other, each with two at the edge: all 6 pairs of the core tied, none of 28 at the edge.

    So “both in the core” and “tied” are the same column: the correlation is 1, with a density of 1.
    """
    made = nx.complete_graph(4)
    made.add_edges_from((one, 4 + 2 * one + more) for one in range(4) for more in range(2))
    ends = np.array(sorted(made.edges)).T
    core = core_of(ends[0], ends[1], 12)
    assert (core.fit, core.density, core.actors.tolist()) == (1.0, 1.0, [0, 1, 2, 3])


@pytest.mark.parametrize("made", [nx.complete_graph(8), nx.star_graph(4)], ids=["all tied", "too few for a core"])
def test_no_core_where_nothing_can_be_compared(made: nx.Graph[int]) -> None:
    ends = np.array(sorted(made.edges)).T
    core = core_of(ends[0], ends[1], len(made))
    assert (core.fit, core.density, len(core.actors)) == (None, None, 0)


def test_where_all_are_tied_nobody_stands_between() -> None:
    """The highest betweenness is 0, so no ratio, no core and no hub: a mesh, however small."""
    found = stage(as_actors(nx.complete_graph(8)))
    assert (found.name, found.numbers["betweenness_ratio"], found.numbers["core_size"]) == ("mesh", None, 0)
    assert found.numbers["hubs"] == 0


def test_of_equal_components_that_with_the_smallest_id_counts() -> None:
    """Two of five of ten, with five each: a ring, which is a mesh, and a star."""
    ring, star = nx.cycle_graph(5), nx.relabel_nodes(nx.star_graph(4), lambda one: one + 5)
    assert stage(as_actors(nx.compose(ring, star))).name == "mesh"
    turned = nx.relabel_nodes(nx.compose(ring, star), lambda one: 9 - one)
    assert stage(as_actors(turned)).name == "hub and spoke"
