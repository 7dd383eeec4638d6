"""Arrays caught up with a change equal arrays made anew: every column, every row, for thousands of random changes."""

from random import Random
from typing import Any

import numpy as np
import pytest

from graph.adjacency import Arrays, build_arrays
from graph.columns import blocks
from graph.splicing import Change, changed
from graph.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
KINDS = ("organisation", "person", "place")
TYPES = ("FUNDS", "KNOWS", "LOCATED_IN")

Nodes = dict[str, tuple[Any, ...]]
Ties = dict[str, tuple[Any, ...]]


def built(nodes: Nodes, ties: Ties) -> Arrays:
    ordered = sorted(nodes)
    number = {id: place for place, id in enumerate(ordered)}
    rows = ((*row[:2], number[row[2]], number[row[3]], *row[4:]) for _, row in sorted(ties.items()))
    return build_arrays((nodes[id] for id in ordered), rows, VOCABULARY, version="1")


def everything(arrays: Arrays) -> dict[str, list[Any]]:
    """All that the arrays hold; coded columns as plain values, for their tables may differ."""
    found: dict[str, list[Any]] = {}
    for name, part in (("nodes", arrays.nodes), ("relationships", arrays.relationships)):
        found |= {f"{name} {column}": list(values) for column, values in vars(part).items()}
    return found | {f"rows {name}": list(column) for name, column in vars(arrays.rows).items()}


def some_node(chance: Random, id: str) -> tuple[Any, ...]:
    return (
        id,
        chance.choice(KINDS),
        chance.choice((None, "public")),
        chance.randrange(4),
        1,
        chance.randrange(9, 12),
        chance.randrange(99),
    )


def some_tie(chance: Random, id: str, nodes: Nodes) -> tuple[Any, ...]:
    ends = (chance.choice(sorted(nodes)), chance.choice(sorted(nodes)))
    strength = chance.choice((None, 0.5, 0.7, chance.random()))
    facts = (chance.choice((1.0, 0.7)), chance.random() < 0.5, strength, chance.choice((0, 5)))
    return (id, chance.choice(TYPES), *ends, chance.randrange(4), 1, 9, *facts)


def some_change(chance: Random, nodes: Nodes, ties: Ties) -> Change:
    """Changes the network a little and says how; removed nodes take their relationships with them."""
    node_ids, tie_ids = set(), set()
    for _ in range(chance.choice((0, 1, 1, 3, 8))):
        id = f"n{chance.randrange(30)}"
        node_ids.add(id)
        if id in nodes and chance.random() < 0.4:
            del nodes[id]
            lost = [one for one, row in ties.items() if id in row[2:4]]
            tie_ids.update(lost)
            for one in lost:
                del ties[one]
        else:
            nodes[id] = some_node(chance, id)
    for _ in range(chance.choice((0, 1, 1, 3, 8)) if nodes else 0):
        id = f"r{chance.randrange(60)}"
        tie_ids.add(id)
        if id in ties and chance.random() < 0.4:
            del ties[id]
        else:
            ties[id] = some_tie(chance, id, nodes)
    there: Nodes = {id: nodes[id] for id in node_ids if id in nodes}
    also: Ties = {id: ties[id] for id in tie_ids if id in ties}
    return Change(sorted(node_ids), there, sorted(tie_ids), also)


@pytest.mark.parametrize("seed", range(40))
def test_caught_up_arrays_are_those_made_anew(seed: int) -> None:
    chance, nodes, ties = Random(seed), Nodes(), Ties()
    arrays = built(nodes, ties)
    for _ in range(40):
        arrays = changed(arrays, some_change(chance, nodes, ties), version="1")
        assert everything(arrays) == everything(built(nodes, ties))


def test_what_did_not_change_is_shared() -> None:
    chance = Random(1)
    nodes = {f"n{number}": some_node(chance, f"n{number}") for number in range(9)}
    ties = {f"r{number}": some_tie(chance, f"r{number}", nodes) for number in range(9)}
    before = built(nodes, ties)
    renamed = changed(before, Change(["n3"], {"n3": nodes["n3"]}, [], {}), version="2")
    assert all(new is old for (_, new), (_, old) in zip(blocks(renamed.nodes), blocks(before.nodes), strict=True))
    assert renamed.rows is before.rows
    moved = changed(before, Change(["n3"], {"n3": (*nodes["n3"][:3], 3, 1, 2, nodes["n3"][6])}, [], {}), version="2")
    assert moved.nodes.last_day is not before.nodes.last_day
    assert moved.nodes.ids is before.nodes.ids
    assert np.shares_memory(moved.relationships.source, before.relationships.source)
