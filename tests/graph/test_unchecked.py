"""What is made without a look at it is what would be made with one."""

import json
from typing import Any

import pytest

from graph.answers import RelationshipInAnswer
from graph.model import Node, Relationship, Source
from graph.unchecked import stored
from graph.view import tell

EVIDENCE: list[dict[str, Any]] = [
    {"source": "s"},
    {"source": "s", "locator": "p. 7", "recorded_at": "2019-10", "quote": "“so” \\ \u2028 it is"},
]
FULL: dict[str, Any] = {
    "start": "2019",
    "end": "2019-10-09",
    "audience": "network",
    "attributes": {"former": True, "deep": [{"number": 1.0}, None, 2]},
    "evidence": EVIDENCE,
}
NODE: dict[str, Any] = {
    "id": "a",
    "kind": "organisation",
    "subkind": "council",
    "name": "Añ “B”",
    "aliases": ["B", "C"],
    "summary": "Ends\nand tabs\t",
    "sector": "public",
    "identifiers": [{"scheme": "GB-CHC", "value": "1"}],
    "url": "https://example.org",
    "latitude": 53.0,
    "longitude": -2.1,
}
TIE: dict[str, Any] = {"id": "r", "type": "FUNDS", "source": "a", "target": "b"}
SAID: dict[str, Any] = {
    "role": "chair",
    "amount": 40_000.5,
    "currency": "GBP",
    "strength": 1.0,
    "confidence": 0.1,
    "inferred": True,
    "note": "so",
}
THINGS = [
    Source(id="s", title="S", date="2019"),
    Node.model_validate({"id": "a", "kind": "person", "name": "A", "evidence": EVIDENCE[:1]}),
    Node.model_validate(NODE | FULL),
    Relationship.model_validate(TIE | {"evidence": EVIDENCE[:1]}),
    Relationship.model_validate(TIE | SAID | FULL),
    Relationship.model_validate(TIE | FULL | {"amount": 3}),
]


@pytest.mark.parametrize("thing", THINGS, ids=lambda one: f"{type(one).__name__} {len(one.canonical())}")
def test_a_thing_read_from_a_store_is_the_thing_that_was_written(thing: Source | Node | Relationship) -> None:
    read = stored(type(thing), thing.canonical())
    assert read == thing
    assert list(vars(read)) == list(type(thing).model_fields)  # which is the order in which it is told
    assert _types(read) == _types(thing)
    assert read.model_dump_json() == thing.model_dump_json()
    assert read.canonical() == thing.canonical()


def test_things_share_no_attributes() -> None:
    one, other = (stored(Node, THINGS[1].canonical()) for _ in range(2))
    assert isinstance(one, Node)
    assert one.attributes is not other.attributes


@pytest.mark.parametrize("edge", [one for one in THINGS if isinstance(one, Relationship)], ids=str)
def test_a_relationship_is_told_as_if_it_were_looked_at(edge: Relationship) -> None:
    told = tell(edge, "A funds B")
    assert list(vars(told)) == list(RelationshipInAnswer.model_fields)
    assert told == RelationshipInAnswer.model_validate(json.loads(told.model_dump_json()))


def _types(value: Any) -> Any:
    """The types of everything in it: equal texts may be of an enumeration, or not."""
    if hasattr(value, "model_fields_set"):
        return type(value), {name: _types(one) for name, one in vars(value).items()}
    if isinstance(value, tuple):
        return tuple, [_types(one) for one in value]
    return type(value)
