"""What was learned, on a few insights around the network of `conftest.py`; expected values read off the table below."""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import CogsError, Conflict, NotFound
from graph.model import Audience, Node, Relationship
from graph.queries import learning
from graph.questions import ask
from graph.store import Store
from graph.store.records import Batch

EVIDENCE = [{"source": "s"}]
INSIGHTS = {  # sort, perspectives, who voiced it, what it is about
    "keep-calls": ("carry forward", "community", ["ann", "hub"], ["trusting"]),
    "stop-forms": ("end", ["public", "community"], ["bob"], ["forms", "council"]),
    "share-vans": ("change further", None, [], ["firm"]),
    "lunch-clubs": ("reinstate", "Public", ["ann"], ["town"]),
    "time-helped": ("condition", None, ["hub"], ["trusting", "forms"]),
    "more-money": ("call", None, ["hub"], ["forms"]),
    "just-said": (None, None, [], []),
    "be-brave": ("aim", None, [], ["stop-forms"]),
}
ORDER = ["lunch-clubs", "keep-calls", "stop-forms", "share-vans", "time-helped", "be-brave", "more-money", "just-said"]


@pytest.fixture
def learned(store: Store) -> Store:
    def node(id: str, kind: str, **more: object) -> Node:
        return Node.model_validate({"id": id, "kind": kind, "name": id.title(), "evidence": EVIDENCE, **more})

    def relationship(source: str, type: str, target: str, **more: object) -> Relationship:
        ends = {"id": f"{source}-{type}-{target}", "type": type, "source": source, "target": target}
        return Relationship.model_validate({**ends, "evidence": EVIDENCE, **more})

    nodes = [node("trusting", "theme"), node("forms", "theme"), node("long-forms", "theme")]
    relationships = [relationship("forms", "PART_OF", "trusting")]
    for id, (sort, perspective, voices, subjects) in INSIGHTS.items():
        nodes.append(node(id, "insight", subkind=sort, attributes={"perspective": perspective} if perspective else {}))
        relationships += [relationship(voice, "VOICED", id) for voice in voices]
        relationships += [relationship(id, "ABOUT", subject) for subject in subjects]
    store.apply(Batch(nodes=nodes, relationships=relationships), by="test")
    return store


def found(answer: Any) -> list[str]:
    return [one.node.id for one in answer.insights]


def test_all_by_sort(learned: Store) -> None:
    answer: Any = ask(learned, "learning", {})
    assert found(answer) == ORDER
    assert [one.sort for one in answer.insights] == [INSIGHTS[id][0] for id in ORDER]
    assert [one.perspectives for one in answer.insights][:3] == [("Public",), ("community",), ("public", "community")]
    calls = answer.insights[1]
    assert [one.id for one in calls.said_by] == ["ann", "hub"]
    assert [one.id for one in calls.about] == ["trusting"]
    assert [one.id for one in calls.relationships] == [
        "keep-calls-ABOUT-trusting", "ann-VOICED-keep-calls", "hub-VOICED-keep-calls"
    ]  # fmt: skip
    # That another insight is about it is no part of what it is about itself.
    assert [one.id for one in answer.insights[2].relationships] == [
        "stop-forms-ABOUT-council", "stop-forms-ABOUT-forms", "bob-VOICED-stop-forms"
    ]  # fmt: skip
    assert [(one.node.id, one.insights) for one in answer.themes] == [("forms", 3), ("trusting", 2)]
    assert [(one.perspective, one.insights) for one in answer.perspectives] == [
        ("community", 2), ("Public", 1), ("public", 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"theme": "forms"}, {"stop-forms", "time-helped", "more-money"}),
        ({"theme": "Trusting"}, {"keep-calls", "stop-forms", "time-helped", "more-money"}),  # its part too
        ({"theme": "long-forms"}, set()),
        ({"place": "town"}, {"lunch-clubs", "stop-forms", "share-vans"}),  # council is there, firm in a part of it
        ({"place": "mill"}, {"share-vans"}),
        ({"perspective": "PUBLIC"}, {"lunch-clubs", "stop-forms"}),
        ({"node": "ann"}, {"lunch-clubs", "keep-calls"}),
        ({"node": "council"}, {"stop-forms"}),
        ({"node": "stop-forms"}, {"stop-forms", "be-brave"}),
        ({"theme": "forms", "node": "hub"}, {"time-helped", "more-money"}),
        ({"theme": "forms", "place": "town", "perspective": "community"}, {"stop-forms"}),
        ({"type": ["ABOUT"], "node": "hub"}, set()),
    ],
)
def test_chosen_by_what_they_are_about_and_who_said_them(
    learned: Store, values: dict[str, Any], expected: set[str]
) -> None:
    answer: Any = ask(learned, "learning", values)
    assert found(answer) == [id for id in ORDER if id in expected]
    assert bool(answer.meta.notes) == (not expected)


def test_who_said_it_is_told_within_their_audience(learned: Store) -> None:
    ann = learned.get(["ann"])["ann"].model_copy(update={"audience": Audience.network})
    learned.apply(Batch(nodes=[ann]), by="test")
    answer: Any = ask(learned, "learning", {"theme": "trusting"}, audience=Audience.public)
    assert [one.id for one in answer.insights[0].said_by] == ["hub"]
    assert "ann" not in answer.model_dump_json()


def test_nothing_found_says_what_there_is(learned: Store, store: Store) -> None:
    answer: Any = ask(learned, "learning", {"perspective": "business"})
    assert (answer.insights, answer.themes, answer.perspectives) == ((), (), ())
    assert "there are: Public, community, public" in answer.meta.notes[0]
    nothing: Any = ask(learned, "learning", {"kind": ["person"]})
    assert (found(nothing), nothing.meta.notes) == ([], (nothing.meta.notes[0],))
    assert "Nothing learned is recorded" in nothing.meta.notes[0]


def test_very_many_are_cut(learned: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_NODES", 3)
    answer: Any = ask(learned, "learning", {})
    assert found(answer) == ORDER[:3]
    assert (answer.meta.cut.kept, answer.meta.cut.of) == (3, 8)
    assert [one.insights for one in answer.themes] == [3, 2]  # all are counted


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"theme": "town"}, NotFound),
        ({"place": "trusting"}, NotFound),
        ({"node": "nobody"}, NotFound),
        ({"perspective": ""}, CogsError),
        ({"theme": "double"}, Conflict),
    ],
)
def test_bad_input_names_the_parameter(learned: Store, values: dict[str, Any], error: type[CogsError]) -> None:
    same = {"kind": "theme", "name": "Double", "evidence": EVIDENCE}
    learned.apply(Batch(nodes=[Node.model_validate({"id": f"d{n}", **same}) for n in (1, 2)]), by="test")
    with pytest.raises(error) as caught:
        ask(learned, "learning", values)
    assert caught.value.details["parameter"] in values
