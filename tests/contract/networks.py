"""A small town made by hand, with something for every condition of the lens."""

from typing import Any

from graph.lens import Lens
from graph.model import Audience, Evidence, Node, Relationship, Source
from graph.store.base import Store
from graph.store.records import Batch

EVIDENCE = (Evidence(source="minutes", locator="lines 1-2"),)


def node(id: str, kind: str = "organisation", name: str = "", **values: object) -> Node:
    given = {"evidence": EVIDENCE, **values}
    return Node.model_validate({"id": id, "kind": kind, "name": name or id.replace("-", " ").title(), **given})


def tie(id: str, type: str, source: str, target: str, **values: object) -> Relationship:
    given = {"evidence": EVIDENCE, **values}
    return Relationship.model_validate({"id": id, "type": type, "source": source, "target": target, **given})


def nodes_of_town() -> list[Node]:
    return [
        node("bank", sector="business", audience="team", identifiers=[{"scheme": "GB-COH", "value": "00000012"}]),
        node("bureau", sector="community", aliases=["The Advice Bureau"], summary="Advice on debt."),
        node("council", sector="public", identifiers=[{"scheme": "X-TOWN", "value": "7"}], start="1974"),
        node("mill", sector="business", start="1860", end="1990-06"),
        node("ann", "person", "Ann Lee", audience="network"),
        node("bob", "person", "Bob Ólafsson", sector="media"),
        node("kitchen", "project", "Shared Kitchen", start="2018", end="2020"),
        node("town", "place"),
        node("north-end", "place"),
        node("food", "theme"),
        node("soup", "theme"),
    ]


def ties_of_town() -> list[Relationship]:
    return [
        tie("1", "LOCATED_IN", "bureau", "north-end"),
        tie("2", "LOCATED_IN", "council", "town"),
        tie("3", "PART_OF", "north-end", "town"),
        tie("4", "PART_OF", "soup", "food", audience="network"),
        tie("5", "WORKS_ON", "kitchen", "soup", confidence=0.5),
        tie("6", "WORKS_FOR", "ann", "bureau", role="Chief Éditor", start="2019"),
        tie("7", "WORKS_FOR", "bob", "council", inferred=True),
        tie("8", "FUNDS", "council", "bureau", amount=1000, currency="GBP", start="2019-10-09", end="2019-10-09"),
        tie("9", "FUNDS", "council", "bureau", amount=0.5, currency="GBP"),
        tie("10", "FUNDS", "bank", "bureau"),
        tie("11", "PARTNERS_WITH", "council", "council", note="With itself."),
        tie("12", "DELIVERS", "bureau", "kitchen", strength=0.9, confidence=0.8),
    ]


def town() -> Batch:
    sources = [Source(id="minutes", title="Minutes", date="2019-10"), Source(id="annals", title="Annals")]
    return Batch(sources=sources, nodes=nodes_of_town(), relationships=ties_of_town())


def ids(things: Any) -> list[str]:
    return [thing.id for thing in things]


def lens(**values: object) -> Lens:
    return Lens.model_validate(values)


def state(store: Store) -> list[str]:
    """All that a store holds, and its digests."""
    return [thing.canonical() for thing in store.export()] + [store.version(level) for level in Audience]
