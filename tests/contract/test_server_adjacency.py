"""The server, asked step by step, answers as the arrays do: over a random network, many lenses and questions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random

import pytest

from graph.errors import CogsError, LimitExceeded, TimeLimit
from graph.limits import time_limit
from graph.model import Audience, Node, Relationship
from graph.questions import ask
from graph.store import neo4j_adjacency
from graph.store.neo4j import Neo4jStore
from graph.store.records import Batch
from tests.contract.networks import node, tie, town
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import neo4j_store

KINDS = ("organisation", "person", "project", "place", "theme")
TYPES = ("PARTNERS_WITH", "FUNDS", "WORKS_FOR", "LOCATED_IN", "WORKS_ON", "KNOWS", "DELIVERS")
COUNT = 50
LENSES: list[dict[str, object]] = [
    {},
    {"kind": ["organisation", "person"]},
    {"type": ["PARTNERS_WITH", "FUNDS"]},
    {"at": "2019"},
    {"min_confidence": 0.6},
    {"sector": ["public"]},
    {"place": ["town"]},
]


def random_node(chance: Random, number: int) -> Node:
    sector, audience = chance.choice([None, "public", "business"]), chance.choice([None, None, None, "team"])
    # Ids in another order than that in which a search meets them: ties are broken by ids.
    return node(f"n{number * 37 % COUNT}", KINDS[number % len(KINDS)], sector=sector, audience=audience)


def random_tie(chance: Random, number: int, nodes: list[Node]) -> Relationship:
    ends, start = chance.sample(nodes, 2), chance.choice([None, "2018", "2020"])
    facts = {"strength": chance.choice([None, 0.5, 0.9]), "confidence": chance.choice([None, 0.5]), "start": start}
    return tie(f"r{number}", chance.choice(TYPES), ends[0].id, ends[1].id, **facts)


@pytest.fixture(scope="module")
def by_server(neo4j_server: Neo4jServer) -> Iterator[Neo4jStore]:
    """A random network, asked step by step."""
    store, chance = neo4j_store(neo4j_server, adjacency="server"), Random(11)
    assert isinstance(store, Neo4jStore)
    with store:
        store.apply(town(), by="clerk")
        nodes = [random_node(chance, number) for number in range(COUNT)]
        ties = [random_tie(chance, number, [*nodes, node("town", "place")]) for number in range(600)]
        store.apply(Batch(nodes=nodes, relationships=ties), by="clerk", rejected=lambda *_: None)
        assert store.counts().relationships > 2 * COUNT  # the others do not fit the vocabulary
        yield store


@pytest.fixture(scope="module")
def by_arrays(neo4j_server: Neo4jServer, by_server: Neo4jStore) -> Iterator[Neo4jStore]:
    """The same network, by the arrays."""
    store = neo4j_store(neo4j_server, empty=False)
    assert isinstance(store, Neo4jStore)
    with store:
        assert store.version() == by_server.version()
        yield store


def outcome(store: Neo4jStore, name: str, values: dict[str, object], audience: Audience) -> str:
    try:
        return ask(store, name, values, audience=audience).model_dump_json()
    except CogsError as wrong:
        return f"{type(wrong).__name__}: {wrong.message}"


@pytest.mark.parametrize("lens", LENSES)
def test_answers_are_those_of_the_arrays(by_server: Neo4jStore, by_arrays: Neo4jStore, lens: dict[str, object]) -> None:
    chance, told = Random(str(lens)), 0
    for _ in range(12):
        one, other, third = (f"n{number}" for number in chance.sample(range(COUNT), 3))
        groups = {"through_groups": chance.random() < 0.5}
        questions: list[tuple[str, dict[str, object]]] = [
            ("paths", {"source": one, "target": other, "k": chance.randrange(1, 9), **groups}),
            ("paths", {"source": one, "target": other, "avoid": [third], "hub_penalty": True, **groups}),
            ("ego_network", {"node": one, "depth": chance.randrange(1, 4), "limit": chance.choice([4, 200]), **groups}),
        ]
        for name, values in questions:
            audience = chance.choice([Audience.public, Audience.private])
            expected = outcome(by_arrays, name, {**values, **lens}, audience)
            assert outcome(by_server, name, {**values, **lens}, audience) == expected
            told += expected.startswith("{")
    assert told  # and not only refusals


def test_paths_need_no_arrays(by_server: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_server, "arrays", None)
    ask(by_server, "ego_network", {"node": "n1", "depth": 2})
    ask(by_server, "paths", {"source": "n1", "target": "n2"})


def test_what_is_asked_of_the_server_is_bounded(by_server: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_adjacency, "MOST_STEPS", 5)
    with pytest.raises(LimitExceeded, match="more than 5 steps"):
        ask(by_server, "ego_network", {"node": "n1", "depth": 3})


def test_the_time_limit_stops_the_server(by_server: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = (
        "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH count(sin(a * b)) AS c " + neo4j_adjacency.STEPS
    )
    monkeypatch.setattr(neo4j_adjacency, "STEPS", slow)
    begun = time.monotonic()
    with pytest.raises(TimeLimit), time_limit(1.0):
        ask(by_server, "ego_network", {"node": "n1"})
    assert time.monotonic() - begun < 30
    running = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'range(1, 100000)' RETURN count(*)"
    for _ in range(50):
        if by_server.connection.run(running.replace("RETURN", "AND NOT currentQuery STARTS WITH 'SHOW' RETURN")) == [
            [0]
        ]:
            return
        time.sleep(0.2)
    pytest.fail("the server goes on")
