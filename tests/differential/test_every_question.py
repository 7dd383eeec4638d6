"""Every question on every network drawn at random, and on odd ones: numbers, order, notes, and both stores alike.

The references of the tests of the measures are compared on arrays made from such networks; the first test here shows
that both stores make the same arrays of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import copysign
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph.adjacency import Arrays
from graph.model import Node, Relationship, Source
from graph.questions import question_names
from graph.store.base import Store
from graph.store.records import Batch
from tests.graph.actor_reference import Network, busy_network
from tests.graph.asking import stored
from tests.graph.every_question import ODD, asked, full_network, ids_changed, outcome
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import embedded_store, neo4j_store

Answers = dict[str, str]


def fill(store: Store, network: Network) -> Store:
    store.apply(Batch([Source(id="s", title="S")], network.nodes, network.relationships), by="test")
    return store


def answers(store: Store, network: Network, seed: int) -> Answers:
    return {name: outcome(store, name, values) for name, values in asked(network, Random(seed))}


def answers_of_new_store(network: Network, seed: int) -> Answers:
    with stored(network.nodes, network.relationships) as store:
        return answers(store, network, seed)


def side_by_side(networks: Iterable[Network]) -> Network:
    """All of them as one, each with ids of its own."""
    nodes: list[Node] = []
    ties: list[Relationship] = []
    for place, network in enumerate(networks):
        apart = ids_changed(network, {one.id: f"g{place:03d}-{one.id}" for one in network.nodes})
        nodes += apart.nodes
        ties += [one.model_copy(update={"id": f"g{place:03d}-{one.id}"}) for one in apart.relationships]
    return Network(nodes, ties)


def columns(arrays: Arrays) -> list[list[Any]]:
    """All but the keys of rows, of which each store has its own."""
    parts = (arrays.nodes, arrays.relationships)
    return [list(column) for part in parts for name, column in vars(part).items() if name != "key"]


@pytest.mark.parametrize("kind", ["embedded", "neo4j"])
def test_a_store_has_the_arrays_of_200_networks(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    drawn = [make(seed) for seed in range(100) for make in (busy_network, full_network)]
    network = side_by_side([*drawn, *ODD.values()])
    server: Neo4jServer | None = request.getfixturevalue("neo4j_server") if kind == "neo4j" else None
    with neo4j_store(server) if server else embedded_store(tmp_path) as store:
        assert columns(fill(store, network).arrays()) == columns(network.arrays())


def test_each_question_is_asked_once() -> None:
    names = [name for name, _ in asked(full_network(0), Random(0))]
    assert sorted(names) == sorted(question_names())


@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(3, 200), marks=pytest.mark.long)], ids=len)
def test_both_stores_answer_alike(seeds: Sequence[int], neo4j_server: Neo4jServer) -> None:
    cases = [(seed, full_network(seed)) for seed in seeds]
    if not seeds[0]:
        cases += list(enumerate(ODD.values()))[::4]
    for seed, network in cases:
        with neo4j_store(neo4j_server) as store:
            assert answers(fill(store, network), network, seed) == answers_of_new_store(network, seed), seed


def numbers(value: object) -> Iterator[float]:
    """All numbers with a point in an answer."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)


Part = dict[str, Any]
Row = tuple[str, Callable[[Part], Any]]
RANKINGS: dict[str, list[Row]] = {
    # MEASURES.md: by the value from high to low, then by id.
    "cogs": [("cogs", lambda row: (-row["score"], row["node"]["id"]))],
    "cog": [("all_pairs", lambda row: (-row["strength"] / row["common"], row["a"], row["b"]))],
    "connectors": [("connectors", lambda row: (-row["serves"], row["node"]["id"]))],
    "common_connections": [("common", lambda row: (-row["weakest"], row["node"]["id"]))],
    "introductions": [("introductions", lambda row: (-row["score"], row["a"], row["b"]))],
    "communities": [("communities", lambda row: (-len(row["members"]), row["id"]))],
    "gaps": [("cells", lambda row: (row["a"], row["b"])), ("groups", lambda row: row["group"])],
    "coalition": [("team", lambda row: row["node"]["id"]), ("links", lambda row: (row["a"], row["b"]))],
    "resilience": [
        ("each", lambda row: (row["fragmentation"] is None, -(row["fragmentation"] or 0), row["node"]["id"])),
        ("carried", lambda row: (-row["share"], row["organisation"]["id"])),
        ("bridge_ties", lambda row: (row["a"], row["b"])),
        ("lost_pairs", lambda row: (row["a"], row["b"])),
    ],
    "undervalued_cogs": [
        ("cogs", lambda row: (row["funding_known"] != "none recorded", -row["difference"], row["node"]["id"]))
    ],
    "paths": [("paths", lambda row: row["length"])],
    "timeline": [("events", lambda row: row["date"][:4])],
}
UNDEFINED: dict[str, list[tuple[str, str]]] = {  # where a number may be null, and a word of the note that says why
    "cogs": [(f"cogs.{name}", f"`{name}`") for name in ("constraint", "effective_size", "participation",
                                                        "fragmentation", "evidence_share", "confirmed_share")],
    "cog": [(name, f"`{name}`") for name in ("constraint", "participation", "evidence_share")],
    "communities": [("modularity", "modularity")],
    "gaps": [(f"{part}.{name}", f"`{name}`") for part, name in (("cells", "ratio"), ("groups", "e_i_index"),
                                                                 ("groups", "e_i_expected"))],
    "resilience": [("each.fragmentation", "`fragmentation`")],
    "stage": [("because.value", "`because`"), ("transitivity", "transitivity"), ("efficiency", "efficiency"),
              ("closure", "losure")],
    "compare": [(f"numbers.{when}.{name}", f"`{name}`") for when in ("before", "after")
                for name in ("largest_component_share", "transitivity", "efficiency", "modularity")],
    "flows": [("periods.share_in_place", "share")],
    "coalition": [("cost", "obody covers")],
}  # fmt: skip


def found_at(value: Any, path: str) -> Iterator[Any]:
    """All values at a path of names, through lists."""
    if not path:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from found_at(part, path)
    else:
        name, _, rest = path.partition(".")
        yield from found_at(value[name], rest)


def check(name: str, text: str) -> bool:
    """Whether there is an answer at all, and that it is as every answer must be."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{name} tells {constant}")

    answer = json.loads(text, parse_constant=refuse)
    if "error" in answer:
        assert answer["message"], answer
        assert answer["fix"], answer
        return False
    for number in numbers({key: part for key, part in answer.items() if key != "meta"}):
        assert number == round(number, 9), (name, number)
        assert number or copysign(1, number) > 0, name
    for field, key in RANKINGS.get(name, []):
        assert answer[field] == sorted(answer[field], key=key), (name, field)
    notes = " ".join(answer["meta"]["notes"])
    for path, word in UNDEFINED.get(name, []):
        assert None not in found_at(answer, path) or word in notes, (name, path, notes)
    return True


@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 600), marks=pytest.mark.long)], ids=len)
def test_what_is_undefined_is_null_with_a_note_and_ties_are_broken_by_the_rule(seeds: Sequence[int]) -> None:
    answered: dict[str, list[bool]] = {}
    for seed in seeds:
        for name, text in answers_of_new_store(full_network(seed), seed).items():
            answered.setdefault(name, []).append(check(name, text))
    assert {name for name, some in answered.items() if sum(some) >= len(some) / 2} == set(question_names())


@pytest.mark.parametrize("name", ODD)
def test_odd_networks_get_answers_that_help(name: str) -> None:
    for seed in range(2):
        for question, text in answers_of_new_store(ODD[name], seed).items():
            check(question, text)
