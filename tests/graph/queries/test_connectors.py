"""Who connects whom: on the network of `conftest.py` by hand from MEASURES.md section 3, and by trying every path.

Ties of the actor graph: ann–council 0.9, bob–trust 0.9, ann–bob 0.5, council–hub 0.6, hub–trust 0.6, hub–firm 0.6,
firm–college 0.6, and council–firm by the festival: (0.4 + 0.4)/2/(2 − 1) = 0.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.made import lines
from graph.actors import ActorOptions, actor_graph
from graph.errors import InputError, NotFound
from graph.lens import Lens
from graph.model import Source
from graph.questions import ask
from graph.settings import read_settings
from graph.store import Store, open_store
from graph.store.records import Batch
from loaders.run import load
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, node, options, relationship
from tests.graph.asking import answer_on, stored


def connectors(store: Store, **values: Any) -> tuple[dict[str, tuple[float, float, float]], list[tuple[str, str]]]:
    answer: Any = ask(store, "connectors", values)
    told = {one.node.id: (one.serves, one.cuts, one.lengthens) for one in answer.connectors}
    return told, [(pair.source, pair.target) for pair in answer.unreachable]


@pytest.mark.parametrize(
    ("values", "expected", "unreachable"),
    [
        # council–hub–trust is the only way of two steps; without hub there is council–ann–bob–trust.
        ({"sources": ["council"], "targets": ["trust"]}, {"hub": (1, 0, 1)}, []),
        ({"sources": ["council"], "targets": ["trust"], "longest": 2}, {"hub": (1, 1, 0)}, []),
        # Tied already: nobody stands between them.
        ({"sources": ["council"], "targets": ["firm"]}, {}, []),
        # council–firm–college by the festival; without shared work council–hub–firm–college.
        ({"sources": ["council"], "targets": ["college"]}, {"firm": (1, 1, 0)}, []),
        (
            {"sources": ["council"], "targets": ["college"], "shared_work": False},
            {"firm": (1, 1, 0), "hub": (1, 1, 0)},
            [],
        ),
        ({"sources": ["council"], "targets": ["library"]}, {}, [("council", "library")]),
        # The town stands for council, library, firm in its part, and ann by her post. Of four pairs firm and college
        # are tied, library reaches nobody; ann goes by council and firm, and by five steps without the council.
        (
            {"sources": ["town"], "targets": ["college"]},
            {"firm": (0.5, 0.5, 0), "council": (0.25, 0.25, 0)},
            [("library", "college")],
        ),
        # ann has no sector of her own and has that of the council; council–ann–bob is two steps, by hub three.
        (
            {"sources": ["public"], "targets": ["bob"]},
            {"ann": (round(1 / 3, 9), 0, round(1 / 3, 9))},
            [("library", "bob")],
        ),
    ],
)
def test_connectors(
    store: Store, values: dict[str, Any], expected: dict[str, Any], unreachable: list[tuple[str, str]]
) -> None:
    told, none = connectors(store, **values)
    assert told == expected
    assert none == unreachable


def test_who_carries_ties_takes_them_along(tmp_path: Path) -> None:
    """p knows s and t and works for q, so q is tied to both as well: two ways of two steps, and both rest on p."""
    ties = [relationship("s", "KNOWS", "p"), relationship("p", "KNOWS", "t"), relationship("p", "WORKS_FOR", "q")]
    nodes = [node("s"), node("t"), node("q"), node("p", "person")]
    with open_store(str(tmp_path / "carried.db"), read_settings()) as store:
        store.apply(Batch([Source(id="s", title="S")], nodes, ties), by="test")
        told, _ = connectors(store, sources=["s"], targets=["t"], carriers=True)
    assert told == {"p": (1, 1, 0), "q": (1, 0, 0)}


def test_who_leaves_an_item_of_201_may_open_a_longer_way(store: Store) -> None:
    """Without m the event has 200 and ties s to a, from whom it is four steps to t; with m there is s–m–t alone."""
    row = ["a", "b", "c", "d", "t", "m", "s"]
    known = [relationship(one, "KNOWS", other) for one, other in pairwise(row)]
    guests = ["s", "m", "a", *(f"x{place:03d}" for place in range(198))]
    came = [relationship(guest, "TOOK_PART_IN", "e") for guest in guests]
    nodes = [*map(node, {*row, *guests}), node("e", "event")]
    store.apply(Batch([Source(id="s", title="S")], nodes, [*known, *came]), by="test")
    assert connectors(store, sources=["s"], targets=["t"], longest=5) == ({"m": (1, 0, 1)}, [])


def test_freshness_counts_to_the_newest_record_of_all_who_stay(store: Store) -> None:
    """The ties of q, twenty years older than the newest elsewhere, are worth nothing, whether p carries or has left."""
    new = [("s", "KNOWS", "p"), ("p", "KNOWS", "t"), ("p", "WORKS_FOR", "o"), ("x", "KNOWS", "y")]
    old = [("s", "KNOWS", "q"), ("q", "KNOWS", "t")]
    ties = [relationship(*one, recorded=year) for some, year in ((new, "2020"), (old, "2000")) for one in some]
    nodes = [*map(node, "stoqxy"), node("p", "person")]
    store.apply(Batch([Source(id="s", title="S")], nodes, ties), by="test")
    told, _ = connectors(store, sources=["s"], targets=["t"], carriers=True, half_life=1)
    assert told == {"o": (1, 0, 0), "p": (1, 1, 0)}


def test_the_order_is_by_what_they_serve_then_by_id(store: Store) -> None:
    told, _ = connectors(store, sources=["council", "ann"], targets=["trust", "college"])
    assert list(told) == ["firm", "bob", "council", "hub"]


def steps(ties: nx.Graph[str], one: str, other: str, longest: int) -> int | None:
    """Number of steps, None where there is no way of so many or fewer."""
    found = int(nx.shortest_path_length(ties, one, other)) if nx.has_path(ties, one, other) else longest + 1
    return found if found <= longest else None


Tallied = tuple[dict[str, tuple[float, float, float]], list[tuple[str, str]]]


def by_every_path(network: Network, chosen: ActorOptions, pairs: list[tuple[str, str]], longest: int) -> Tallied:
    """Shares of the pairs that each actor serves, cuts and lengthens, and the pairs that nobody connects."""
    ties = Reference(network, chosen).graph
    serves, cuts, lengthens = Counter[str](), Counter[str](), Counter[str]()
    for one, other in pairs:
        if length := steps(ties, one, other, longest):
            between = {actor for path in nx.all_shortest_paths(ties, one, other) for actor in path[1:-1]}
            for actor in between:
                now = steps(Reference(network.without([actor]), chosen).graph, one, other, longest)
                serves[actor] += 1
                cuts[actor] += now is None
                lengthens[actor] += now is not None and now > length
    shares = {
        actor: tuple(round(tally[actor] / len(pairs), 9) for tally in (serves, cuts, lengthens)) for actor in serves
    }
    return shares, [pair for pair in pairs if steps(ties, *pair, longest) is None]  # type: ignore[return-value]


@settings(max_examples=200)
@given(networks() | busy_networks(), options(), st.integers(1, 4), st.data())
def test_as_every_path_says(network: Network, chosen: ActorOptions, longest: int, data: st.DataObject) -> None:
    actors = Reference(network, chosen).actors
    if len(actors) < 2:
        return
    some = st.lists(st.sampled_from(actors), min_size=1, max_size=3, unique=True)
    sources, targets = sorted(data.draw(some)), sorted(data.draw(some))
    pairs: list[tuple[str, str]] = []
    for one, other in product(sources, targets):
        if one != other and (other, one) not in pairs:
            pairs.append((one, other))
    if not pairs:
        return
    values = vars(chosen) | {"sources": sources, "targets": targets, "longest": longest}
    answer = answer_on(network.nodes, network.relationships, "connectors", **values)
    told = {one.node.id: (one.serves, one.cuts, one.lengthens) for one in answer.connectors}
    expected = by_every_path(network, chosen, pairs, longest)
    assert (told, [(pair.source, pair.target) for pair in answer.unreachable]) == expected
    assert list(told) == sorted(told, key=lambda id: (-told[id][0], id))


def both_ways(store: Store, **values: Any) -> Any:
    """The answer, after a look that it is the same when the ties of all are made for it."""
    near = ask(store, "connectors", values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graph.queries.connectors.MOST_NEAR", 0)
        assert ask(store, "connectors", values) == near
    return near


@settings(max_examples=100)
@given(busy_networks(), options(), st.integers(1, 8), st.sampled_from([1, 2, 3, 200]), st.data())
def test_only_what_is_near_decides(
    network: Network, chosen: ActorOptions, longest: int, largest: int, data: st.DataObject
) -> None:
    actors = Reference(network, chosen).actors
    if len(actors) < 2:
        return
    source, target = data.draw(st.lists(st.sampled_from(actors), min_size=2, max_size=2, unique=True))
    values = vars(chosen) | {"sources": [source], "targets": [target], "longest": longest}
    with pytest.MonkeyPatch.context() as patch, stored(network.nodes, network.relationships) as store:
        for module in ("graph.ties", "graph.near", "graph.queries.connectors"):
            patch.setattr(f"{module}.LARGEST_ITEM", largest)
        both_ways(store, **values)


@pytest.mark.parametrize("more", [{}, {"carriers": True}, {"actors": ["organisation"]}, {"half_life": 12}], ids=str)
def test_only_what_is_near_decides_in_a_large_network(large: Store, more: dict[str, Any]) -> None:
    chance, found = Random(2), 0
    lens = Lens(kind=("organisation",))
    ids = [one.id for one in large.nodes(lens)]
    for longest in (1, 2, 3, *[4] * 10, 5):
        sources, targets = chance.sample(ids, 2), chance.sample(ids, 1)
        answer = both_ways(large, sources=sources, targets=targets, longest=longest, **more)
        found += len(answer.connectors)
    assert found > 5


def test_no_ties_are_made_but_those_near_the_named(large: Store) -> None:
    with open_store(large.uri, read_settings()) as store:
        ids = [one.id for one in store.nodes(Lens(kind=("organisation",)), limit=2)]
        assert ask(store, "connectors", {"sources": ids[:1], "targets": ids[1:]})
        whole: Any = actor_graph(store.arrays(), Lens())
        assert whole.make.cache_info().currsize == 0


@pytest.fixture(scope="module", params=["made", "seeds"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("large")
    made = folder / "made.jsonl"
    made.write_text("".join(lines(3_000, 12_000)))
    with open_store(str(folder / "network.db"), read_settings()) as store:
        load(store, [made if request.param == "made" else "seeds"], by="test")
        yield store


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        ({"sources": ["council"], "targets": ["council"]}, InputError, "no pair"),
        ({"sources": [], "targets": ["council"]}, InputError, "sources"),
        ({"sources": ["council"], "targets": ["festival"]}, InputError, "of the kind event"),
        ({"sources": ["council"], "targets": ["nowhere"]}, NotFound, "nowhere"),
        ({"sources": ["council"], "targets": ["hub"], "longest": 9}, InputError, "longest"),
        ({"sources": ["council"], "targets": ["hub"], "actors": ["place"]}, InputError, "place"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        ask(store, "connectors", values)
