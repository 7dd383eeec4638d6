"""Ties made near some actors alone: the same as in the whole, on networks at random, made ones and the seed graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.made import lines
from graph.actors import ActorGraph, ActorOptions, actor_graph, select
from graph.adjacency import Arrays
from graph.lens import Lens
from graph.near import MOST_NAMED, around, large_items, self_ties
from graph.store import open_store
from loaders.run import load
from tests.graph.actor_reference import Network, busy_networks, networks, node, options, relationship
from tests.graph.every_question import full_network

LENSES = [Lens(), Lens(), Lens(until="2018"), Lens(sector=("public",)), Lens(type=("WORKS_FOR", "KNOWS", "DELIVERS"))]
WAYS = [ActorOptions(), ActorOptions(carriers=True), ActorOptions(actors=("organisation",)), ActorOptions(half_life=6)]
Ties = dict[str, dict[str, tuple[float, list[str]]]]


def ties_of(graph: ActorGraph, actors: Sequence[int]) -> Ties:
    """All ties of some actors: with whom, how strong to the last digit, and what stands behind them."""
    ids = graph.arrays.relationships.ids
    return {
        graph.ids[one]: {
            graph.ids[other]: (graph.strength(one, other), ids.texts(graph.behind(one, other)))
            for other in graph.neighbours(one).tolist()
        }
        for one in actors
    }


def alike(whole: ActorGraph, actors: Sequence[int]) -> Ties:
    """The ties of some actors, after a look that they are the same either way."""
    near, numbers = around(whole, np.array(actors, np.int64))
    assert near is not whole
    found = ties_of(near, numbers.tolist())
    assert found == ties_of(whole, actors)
    return found


def left_out(whole: ActorGraph) -> tuple[dict[str, int], int]:
    """What makes no ties, from all of the network: items of too many, and relationships of an actor with itself."""
    shown, edges = {"nodes": whole.nodes, "relationships": whole.relationships}, whole.arrays.relationships
    selection = select(whole.arrays, whole.options, day=whole.counted_to, **shown)
    loops = selection.relationships & selection.actors[edges.source] & (edges.source == edges.target)
    sizes = {whole.arrays.nodes.ids[item]: size for item, size in whole.ties.memberships.large_items.items()}
    return sizes, int(loops.sum())


@settings(max_examples=600)
@given(
    networks() | busy_networks() | st.integers(0, 10**6).map(full_network),
    options(),
    st.sampled_from(LENSES),
    st.lists(st.integers(0, 50), max_size=3),
    st.sampled_from([2, 3, 200]),
)
def test_named_actors_have_the_ties_that_they_have_in_the_whole(
    some: Network, way: ActorOptions, lens: Lens, chosen: list[int], largest: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("graph.ties", "graph.near"):
            patch.setattr(f"{module}.LARGEST_ITEM", largest)
        whole = actor_graph(some.arrays(), lens, way)
        alike(whole, sorted({one % len(whole) for one in chosen}) if len(whole) else [])
        assert (large_items(whole), self_ties(whole)) == left_out(whole)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_an_item_counts_all_who_take_part(way: ActorOptions) -> None:
    facts = [
        relationship(f"o{place:03d}", "TOOK_PART_IN", f"e{size}", recorded="2019")
        for size in (199, 200, 201, 202)
        for place in range(size)
    ]
    facts += [relationship("o000", "CONVENES", f"e{size}") for size in (199, 200, 202)]
    names = sorted({end for one in facts for end in (one.source, one.target)} | {"o999"})
    network = Network([node(id, "event" if id[0] == "e" else "organisation") for id in names], facts)
    whole = actor_graph(network.arrays(), Lens(), way)
    assert large_items(whole) == {"e201": 201, "e202": 202}
    found = alike(whole, [0, 199, 201, 202])
    assert [len(found[id]) for id in ("o000", "o199", "o201", "o999")] == [199, 199, 0, 0]


@pytest.fixture(scope="module", params=["made", "seeds"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Arrays:
    folder: Path = tmp_path_factory.mktemp("near")
    made = folder / "made.jsonl"
    made.write_text("".join(lines(3_000, 15_000)))
    with open_store(str(folder / "network.db")) as store:
        load(store, [made if request.param == "made" else "seeds"], by="test")
        return store.arrays()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_same_in_large_networks(large: Arrays, way: ActorOptions) -> None:
    whole, chance = actor_graph(large, Lens(), way), Random(1)
    busiest = np.argsort(-whole.degree)[:3].tolist()
    for actors in [busiest, *(sorted(chance.sample(range(len(whole)), 2)) for _ in range(40))]:
        alike(whole, actors)
    assert (large_items(whole), self_ties(whole)) == left_out(whole)


def test_only_what_is_near_is_made(large: Arrays) -> None:
    whole = replace(actor_graph(large, Lens()), make=lambda: pytest.fail("all ties are made"))
    near, _ = around(whole, np.array([0, 1], np.int64))
    assert 0 < len(near) < len(whole) / 2
    assert large_items(whole) is large_items(whole)
    assert self_ties(whole) >= 0


def test_a_group_is_near_to_so_many_that_the_whole_is_made() -> None:
    names = [f"o{place:03d}" for place in range(MOST_NAMED + 1)]
    whole = actor_graph(Network([node(id) for id in names], []).arrays(), Lens())
    actors = np.arange(MOST_NAMED + 1)
    assert around(whole, actors)[0] is whole
    assert around(whole, actors[1:])[0] is not whole
