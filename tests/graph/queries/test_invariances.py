"""What must not matter to any answer: ids, the order of loading, which end of a tie without direction comes first,
the same evidence twice, and whatever the lens hides. Networks are drawn at random; every question is asked of each."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from graph.model import Relationship
from graph.questions import ask
from graph.store import Store
from graph.store.records import Batch
from graph.vocabulary import load_vocabulary
from tests.graph.actor_reference import Network, node, relationship
from tests.graph.asking import stored
from tests.graph.every_question import asked, full_network, ids_changed, outcome

SEEDS = pytest.mark.parametrize("seeds", [range(8), pytest.param(range(8, 200), marks=pytest.mark.long)], ids=len)
DIRECTED = {name for name, row in load_vocabulary().types.items() if row.directed}


def texts(store: Store, network: Network, seed: int, lens: dict[str, Any] | None = None) -> list[str]:
    return [outcome(store, name, (lens or {}) | values) for name, values in asked(network, Random(seed))]


def answers(network: Network, seed: int, lens: dict[str, Any] | None = None) -> list[Any]:
    """Without the digest of the content."""
    with stored(network.nodes, network.relationships) as store:
        found = [json.loads(text) for text in texts(store, network, seed, lens)]
    for one in found:
        one.get("meta", {}).pop("graph_version", None)
    return found


def shape(value: Any) -> Any:
    """An answer without evidence, and without the direction of ties that have none."""
    if isinstance(value, list):
        return [shape(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {key: shape(part) for key, part in value.items() if key != "evidence"}
    is_fact = "evidence" in value or "date" in value  # its sentence names the ends in their order
    if is_fact and kept.get("type") not in (None, *DIRECTED):
        kept |= {"source": sorted((kept["source"], kept["target"])), "target": None}
    return {key: part for key, part in kept.items() if key != "sentence" or not is_fact}


@SEEDS
def test_other_ids_in_the_same_order_change_nothing_else(seeds: range) -> None:
    for seed in seeds:
        network = full_network(seed)
        renamed = ids_changed(network, {one.id: f"{one.id}-renamed" for one in network.nodes})
        told = json.dumps(answers(renamed, seed))
        assert json.loads(told.replace("-renamed", "")) == answers(network, seed), seed


def by_name(store: Store) -> dict[str, Any]:
    """Numbers that no rule for equal values decides, by the names of actors."""

    def told(question: str, **values: Any) -> Any:
        return ask(store, question, values).model_dump(mode="json")

    cogs = told("cogs", draws=0, limit=500)["cogs"]
    fields = ("rank", "score", "pairs", "roles", "degree", "betweenness", "constraint", "effective_size",
              "fragmentation", "evidence_share")  # fmt: skip
    names = {cog["node"]["id"]: cog["node"]["name"] for cog in cogs}
    met = told("introductions", limit=500)["introductions"]
    apart, health = told("resilience"), told("stage")
    worth = told("undervalued_cogs", peer_sector="any", limit=500)["cogs"]
    return {
        "cogs": {names[cog["node"]["id"]]: [cog[field] for field in fields] for cog in cogs},
        "introductions": {frozenset((names[one["a"]], names[one["b"]])): one["score"] for one in met},
        "bridges": {frozenset((names[one["a"]], names[one["b"]])) for one in apart["bridge_ties"]},
        "carried": {one["organisation"]["name"]: one["share"] for one in apart["carried"]},
        "health": [health[name] for name in ("components", "transitivity", "efficiency")],
        "gaps": [(one["observed"], one["expected"]) for one in told("gaps", permutations=1)["cells"]],
        "undervalued": {one["node"]["name"]: (one["difference"], one["funding"]) for one in worth},
    }


@SEEDS
def test_ids_dealt_out_anew_change_no_number(seeds: range) -> None:
    for seed in seeds:
        network = full_network(seed)
        ids = [one.id for one in network.nodes]
        dealt = Random(seed).sample(ids, len(ids))
        found = []
        for one in (network, ids_changed(network, dict(zip(ids, dealt, strict=True)))):
            with stored(one.nodes, one.relationships) as store:
                found.append(by_name(store))
        assert found[0] == found[1], seed


@SEEDS
def test_the_order_of_loading_changes_no_byte(seeds: range) -> None:
    for seed in seeds:
        network = full_network(seed)
        nodes, ties = network.nodes[::-1], network.relationships[::-1]
        with stored(network.nodes, network.relationships) as store:
            expected = texts(store, network, seed)
        with stored(nodes[1::2], []) as store:
            store.apply(Batch(nodes=nodes[::2], relationships=ties[::3]), by="test")
            store.apply(Batch(relationships=ties), by="test")
            assert texts(store, network, seed) == expected, seed


@SEEDS
def test_the_ends_of_a_tie_without_direction_may_come_in_either_order(seeds: range) -> None:
    def turned(one: Relationship) -> Relationship:
        ends = {"source": one.target, "target": one.source}
        return one if one.type in DIRECTED else one.model_copy(update=ends)

    for seed in seeds:
        network = full_network(seed)
        other = Network(network.nodes, [turned(one) for one in network.relationships])
        assert shape(answers(other, seed)) == shape(answers(network, seed)), seed


@SEEDS
def test_the_same_evidence_from_another_source_changes_nothing(seeds: range) -> None:
    def doubled(one: Any) -> Any:
        again = [evidence.model_copy(update={"locator": "again"}) for evidence in one.evidence]
        return one.model_copy(update={"evidence": (*one.evidence, *again)})

    for seed in seeds:
        network = full_network(seed)
        twice = Network([doubled(one) for one in network.nodes], [doubled(one) for one in network.relationships])
        assert shape(answers(twice, seed)) == shape(answers(network, seed)), seed


LENS = {"min_confidence": 0.4, "kind": ["organisation", "person", "project", "place", "theme", "insight"]}


@SEEDS
def test_what_the_lens_hides_changes_nothing(seeds: range) -> None:
    for seed in seeds:
        network, chance = full_network(seed), Random(seed)
        actors = sorted(one.id for one in network.nodes if one.kind in ("organisation", "person"))
        festival = [node("festival", "event", start="2019")]
        hidden = [relationship(one, "TOOK_PART_IN", "festival", start="2019") for one in actors]
        hidden += [
            relationship(*ends, id=f"h{place}", confidence=0.3, recorded="2021", start="2019", end="2020")
            for place in range(6)
            for ends in [(chance.choice(actors), "KNOWS", chance.choice(actors))]
        ]
        more = Network([*network.nodes, *festival], [*network.relationships, *hidden])
        assert answers(more, seed, LENS) == answers(network, seed, LENS), seed
