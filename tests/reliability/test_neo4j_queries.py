"""What the store asks of Neo4j: every query is served by an index, or stands on a list that says why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any

import neo4j
import pytest

from graph.finding import search
from graph.lens import Lens
from graph.model import Source
from graph.store import neo4j_connection
from graph.store.base import Store
from graph.store.neo4j_connection import Run
from graph.store.records import Around, Batch
from tests.differential.test_every_question import side_by_side
from tests.graph.actor_reference import Network
from tests.graph.every_question import asked, full_network, outcome
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import neo4j_store

Queries = list[tuple[str, dict[str, Any]]]
WALKS = ("ego_network", "paths", "timeline")  # what is asked of the server step by step where a setting says so
NARROW = {"sector": ["public"], "place": ["east"], "at": "2019"}
SCANNED = {  # beginnings of queries that no index serves, and why
    r"MATCH \(n:Node\) WHERE .* RETURN n\.kind, count": "counts all nodes that a lens lets through",
    r"MATCH \(s\)-\[r\]->\(t\) WHERE .* RETURN type\(r\) AS type, count": "counts all relationships likewise",
    r"MATCH \(s:_Source\) RETURN": "tells all sources; there are few beside nodes",
    r"MATCH \(f:_Forgotten\) RETURN f.mark LIMIT 1": "asks whether there is any, and stops at the first",
    r"MATCH \(m:_Merge\) RETURN": "reads everything to check it",
    r"MATCH \(c:_Changes\) WHERE any": "forgetting somebody goes through the whole log; no index looks into lists",
}
BOUND = re.compile(
    r"LIMIT|IN \$given\.|\w: (\$given\.|row)|\$given\.rows|db\.index|:_Meta|count\("
)  # rows, keys, a page or a sum
UNBOUND = {  # what may be long all the same, and what keeps it short
    r"MATCH \(s:_Source\)": "there are few sources",
    r"MATCH \(m:_Merge\)": "there are few merges",
    r"CALL db.propertyKeys": "there are a few dozen names of properties",
    r"MATCH \(w:_NameWords?\)": "words that are new since it was last asked",
    r"MATCH \(c:_Changes\) WHERE c.number >=": "no more than a twentieth of the network: `follows`",
    r"MATCH \(c:_Changes\) WHERE c.number >": "as many pieces as a page of changes lies in",
}


@pytest.fixture(scope="module")
def queries(neo4j_server: Neo4jServer) -> Queries:
    """Every text that the store sends while all is asked of it, with parameters that it came with."""
    sent: dict[str, tuple[str, dict[str, Any]]] = {}
    runner = neo4j_connection._runner

    def noting(transaction: neo4j.Transaction | neo4j.ManagedTransaction) -> Run:
        run = runner(transaction)

        def noted(query: str, **given: Any) -> list[list[Any]]:
            shape = re.sub(r"`[A-Z_]+`", "`TYPE`", query)  # one query for each shape: every type has the same index
            sent.setdefault(shape, (query, given))
            return run(query, **given)

        return noted

    network = full_network(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neo4j_connection, "_runner", noting)
        with neo4j_store(neo4j_server) as store:
            for part in (side_by_side(full_network(seed) for seed in range(10)), network):
                store.apply(Batch([Source(id="s", title="S")], part.nodes, part.relationships), by="test")
            ask_all(store, network)
            read_all(store, network)
        with neo4j_store(neo4j_server, empty=False, adjacency="server") as store:
            ask_all(store, network, WALKS)
        with neo4j_store(neo4j_server, empty=False) as store:
            change_all(store, network)
    return list(sent.values())


def ask_all(store: Store, network: Network, names: tuple[str, ...] = ()) -> None:
    """Every question, or some."""
    for name, values in asked(network, Random(3)):
        if not names or name in names:
            assert '"error"' not in outcome(store, name, values)[:9], name


def read_all(store: Store, network: Network) -> None:
    """Every way to read, of everything and through a narrow lens."""
    for lens in (Lens(), Lens.model_validate(NARROW)):
        read_through(store, network, lens)
    store.by_identifier(["X:1"])
    store.get_sources(["s"])
    store.merged_into(["nobody"])
    store.forgotten(network.nodes[:1])
    store.is_forgotten("nobody")
    store.changes(limit=5)
    store.check()


def read_through(store: Store, network: Network, lens: Lens) -> None:
    node, tie = network.nodes[0], network.relationships[0]
    store.get([node.id], lens)
    store.get_relationships([tie.id], lens)
    list(store.nodes(lens, limit=5))
    list(store.relationships(lens, limit=5))
    for around in arounds(node.id):
        list(store.relationships(lens, around=around, limit=5))
    store.counts(lens)
    store.counts(lens, around=node.id)
    for text in (node.name, "green vally"):
        search(store, text, lens, limit=5)
    list(store.export(lens))


def arounds(node: str) -> Iterator[Around]:
    yield from (Around(node, "out"), Around(node, "in"), Around(node))


def change_all(store: Store, network: Network) -> None:
    """Every way to change something, and arrays that are caught up with it."""
    one, other, *_ = (node.id for node in network.nodes if node.kind == "organisation")
    store.arrays()
    store.merge(one, other, by="test")
    store.arrays()
    store.unmerge(one, by="test")
    store.apply(Batch(remove_relationships=[network.relationships[0].id]), by="test")
    store.forget(other, by="test")
    store.arrays()


def operators(plan: Any) -> Iterator[str]:
    """The operators of a plan, without the name of the database."""
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


def reasons(query: str, table: dict[str, str]) -> set[str]:
    """The entries of a table that a query stands on."""
    text = " ".join(query.split())
    return {beginning for beginning in table if re.match(beginning, text)}


def test_an_index_serves_every_query(queries: Queries, neo4j_server: Neo4jServer) -> None:
    assert len(queries) > 50
    scanned, used = dict[str, list[str]](), set[str]()
    with neo4j_server.driver() as driver, driver.session() as session:
        for query, given in queries:
            plan = session.run(f"EXPLAIN {query}", {"given": given}).consume().plan
            if scans := [name for name in operators(plan) if "Scan" in name]:
                found = reasons(query, SCANNED)
                used |= found
                scanned |= {} if found else {query: scans}
    assert scanned == {}
    assert used == SCANNED.keys()


def test_every_query_has_a_bound(queries: Queries) -> None:
    unbound = [query for query, _ in queries if not BOUND.search(query)]
    assert [query for query in unbound if not reasons(query, UNBOUND)] == []
    assert {found for query in unbound for found in reasons(query, UNBOUND)} == UNBOUND.keys()
