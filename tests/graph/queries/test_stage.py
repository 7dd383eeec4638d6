"""The stage of the network of `conftest.py` and of small dated ones; values by hand (ties in test_connectors.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph.errors import InputError
from graph.model import Source
from graph.queries.stage import NEXT_MOVES, RULES
from graph.questions import ask
from graph.settings import read_settings
from graph.store import Store, open_store
from graph.store.records import Batch
from tests.graph.actor_reference import Network, node, relationship
from tests.graph.measures.made_networks import nodes_and_ties


def stage(store: Store, **values: Any) -> Any:
    return ask(store, "stage", values)


def values_of(answer: Any) -> dict[str, float | None]:
    return {one.name: one.value for one in answer.because}


def opened(folder: Path, network: Network) -> Store:
    store = open_store(str(folder / "made.db"), read_settings())
    store.apply(Batch([Source(id="s", title="S")], network.nodes, network.relationships), by="test")
    return store


def test_a_small_ring_is_a_mesh(store: Store) -> None:
    """Seven of eight hang together; degrees 2, 2, 1, 3, 3, 3, 2 (without library).

    Centralisation: (3 × 7 − 16)/(6 × 5). The top is firm, with 5 of the 15 pairs of others: college with each. Of these
    it is the only way. hub and council have 4 each.
    """
    answer = stage(store)
    told = values_of(answer)
    assert list(told) == list(RULES)
    assert (told["largest_component_share"], told["degree_centralisation"]) == (0.875, round(5 / 30, 9))
    assert (told["top_fragmentation"], told["betweenness_ratio"]) == (round(5 / 15, 9), 0.8)
    assert told["hubs"] == 0
    assert (answer.stage, answer.next_move, answer.components) == ("mesh", NEXT_MOVES["mesh"], 2)
    # One triangle, council–hub–firm; triples 1 + 1 + 3 + 3 + 3 + 1.
    assert answer.transitivity == round(3 / 12, 9)
    assert answer.closure is None
    assert any("give `since`" in note for note in answer.meta.notes)
    assert answer.sentence == (
        "The network is a mesh, without a single hub or a clear core: its largest connected part has 7 actors,"
        " 88% of all."
    )


def test_efficiency_by_hand(store: Store) -> None:
    """Of 28 pairs 8 are of one step. Two steps: ann–hub, ann–trust, ann–firm, bob–council, bob–hub, trust–council,
    trust–firm, college–council, college–hub (9). Three: bob–firm, ann–college, trust–college. Four: bob–college."""
    assert stage(store).efficiency == round((8 + 9 / 2 + 3 / 3 + 1 / 4) / 28, 9)


@pytest.mark.parametrize(
    ("made", "name", "says"),
    [
        (nx.star_graph(5), "hub and spoke", "it hangs on N000, without whom 100% of the pairs of others"),
        (nx.path_graph(4), "scattered", "its largest connected part has 4 actors, 100% of all."),
        (nx.empty_graph(7), "scattered", "its largest connected part has 1 actor, 14% of all."),
        (nx.disjoint_union(nx.cycle_graph(5), nx.empty_graph(6)), "scattered", "5 actors, 45% of all."),
        (nx.complete_graph(5), "mesh", "5 actors, 100% of all."),
        (nx.Graph([(0, 1), *((other, other % 2) for other in range(2, 32))]), "multi-hub", "2 hubs: N000 and N001."),
        (
            nx.Graph([(0, 1), *((other, other % 2) for other in range(2, 20))]),
            "too small to call",
            "under 30 say little",
        ),
    ],
)
def test_the_sentence_says_what_was_found(made: nx.Graph[int], name: str, says: str, tmp_path: Path) -> None:
    network = nodes_and_ties(made)
    named = [one.model_copy(update={"name": one.id.upper()}) for one in network.nodes]
    with opened(tmp_path, Network(named, network.relationships)) as store:
        answer = stage(store)
    assert answer.stage == name
    assert says in answer.sentence
    assert answer.next_move == NEXT_MOVES[name]


def test_a_number_that_no_rule_needed_is_null(store: Store) -> None:
    told = values_of(stage(store, type=["WORKS_FOR"]))
    assert told.pop("largest_component_share") == 0.25
    assert set(told.values()) == {None}


def test_nobody(store: Store) -> None:
    answer = stage(store, actors=["fund"])
    assert (answer.stage, answer.next_move, answer.components, answer.sentence) == (
        None, None, 0, "There are no actors, so there is no stage."
    )  # fmt: skip
    assert (answer.transitivity, answer.closure, answer.efficiency) == (None, None, None)
    assert set(values_of(answer).values()) == {None}
    assert list(values_of(answer)) == list(RULES)
    assert {"With fewer than two actors efficiency is undefined.",
            "No actor has two ties, so transitivity is undefined."} <= set(answer.meta.notes)  # fmt: skip


@pytest.fixture
def dated(tmp_path: Path) -> Iterator[Store]:
    """a knows b, c and d from 2010; b and c meet in 2015; b and d in 2016, which ends in 2017; a and c part in 2018."""
    ties = [
        relationship("a", "KNOWS", "b", start="2010"),
        relationship("a", "KNOWS", "c", start="2010", end="2018"),
        relationship("a", "KNOWS", "d", start="2010"),
        relationship("b", "KNOWS", "c", start="2015-06"),
        relationship("b", "KNOWS", "d", start="2016", end="2017"),
    ]
    with opened(tmp_path, Network([node(id) for id in "abcd"], ties)) as store:
        yield store


@pytest.mark.parametrize(
    ("lens", "closure"),
    [
        # Open at the beginning of 2011: b–c, b–d and c–d.
        ({"since": "2011", "until": "2014"}, 0.0),
        ({"since": "2011", "until": "2015"}, round(1 / 3, 9)),
        ({"since": "2011", "until": "2016"}, round(2 / 3, 9)),
        ({"since": "2011", "until": "2018"}, round(1 / 3, 9)),
        # To what still holds, without a last day, and however long ago it was recorded.
        ({"since": "2011"}, round(1 / 3, 9)),
        ({"since": "2011", "half_life": 1}, round(1 / 3, 9)),
        # Open on the first day of July 2016: c–d alone.
        ({"since": "2016-07", "until": "2016"}, 0.0),
        # On the first day of 2009 nobody knew anybody.
        ({"since": "2009", "until": "2016"}, None),
        ({"at": "2016"}, None),
        ({"until": "2016"}, None),
    ],
)
def test_closure(dated: Store, lens: dict[str, Any], closure: float | None) -> None:
    answer = stage(dated, **lens)
    assert answer.closure == closure
    if closure is None:
        assert any("losure" in note for note in answer.meta.notes)


def test_bad_input(store: Store) -> None:
    with pytest.raises(InputError, match="after"):
        stage(store, since="2019", until="2018")
    with pytest.raises(InputError, match="theme"):
        stage(store, actors=["theme"])
