"""A payer with hundreds of payments to one payee: questions tell some of each type, and say so."""

from collections.abc import Sequence
from typing import Any

import pytest

from graph.limits import MOST_BETWEEN
from graph.model import Evidence, Node, Relationship, Sector, Source
from graph.questions import ask
from graph.store import Store
from graph.store.records import Batch

SAID = (Evidence(source="s"),)


def fill(store: Store, payments: int) -> None:
    sectors = {"buyer": Sector.public, "seller": Sector.business, "venue": Sector.community}
    nodes = [Node(id=id, kind="organisation", name=id, sector=sector, evidence=SAID) for id, sector in sectors.items()]

    def paid(number: int, type: str, target: str) -> Relationship:
        return Relationship(id=f"{type}-{target}-{number}", type=type, source="buyer", target=target, evidence=SAID)

    relationships = [paid(number, "PAYS", "seller") for number in range(payments)]
    relationships += [paid(number, "FUNDS", "seller") for number in range(30)] + [paid(0, "PAYS", "venue")]
    store.apply(Batch([Source(id="s", title="S")], nodes, relationships), by="a test")


def told(store: Store, question: str, values: dict[str, Any]) -> tuple[Sequence[Any], list[str]]:
    answer: Any = ask(store, question, values)
    if question == "paths":
        found = answer.paths[0].hops[0].relationships
    elif question == "common_connections":
        found = answer.common[0].ties[0].relationships
    else:
        found = [one for one in answer.all_pairs[0].relationships if one.target == "seller"]
    return found, list(answer.meta.notes)


ASKED: list[tuple[str, dict[str, Any]]] = [
    ("paths", {"source": "buyer", "target": "seller"}),
    ("common_connections", {"nodes": ["seller", "venue"]}),
    ("cog", {"node": "buyer"}),
]


@pytest.mark.parametrize(("question", "values"), ASKED)
def test_some_of_each_type_are_told(store: Store, question: str, values: dict[str, Any]) -> None:
    fill(store, 300)
    relationships, notes = told(store, question, values)
    assert len(relationships) == MOST_BETWEEN
    assert [sum(one.type == type for one in relationships) for type in ("FUNDS", "PAYS")] == [25, 25]
    assert any("join the same two, 50 are told" in note for note in notes)


@pytest.mark.parametrize(("question", "values"), ASKED)
def test_as_many_as_may_be_are_all_told(store: Store, question: str, values: dict[str, Any]) -> None:
    fill(store, 20)
    relationships, notes = told(store, question, values)
    assert len(relationships) == MOST_BETWEEN
    assert not any("join the same two" in note for note in notes)
