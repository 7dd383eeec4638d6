"""Recording by hand: what is written, with who and when, and that doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from graph.errors import CogsError, Conflict, InputError, NotFound
from graph.introducing import Outcome, recorded_introductions, refusing
from graph.lens import Lens
from graph.model import Audience, Node, Relationship, Source
from graph.recording import OWN, ConsentRecord, InsightRecord, IntroductionRecord, Recorded, Recorder
from graph.store import Store, open_store
from graph.store.records import Batch

NODES = {"ann": "person", "bob": "person", "cat": "person", "hub": "organisation", "calm": "theme", "oldham": "place"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    nodes = [
        Node.model_validate({"id": id, "kind": kind, "name": id.title(), "evidence": [{"source": "s"}]})
        for id, kind in NODES.items()
    ]
    with open_store(str(tmp_path / "network.db")) as store:
        store.apply(Batch([Source(id="s", title="S")], nodes), by="test")
        yield store


@pytest.fixture
def recorder(store: Store) -> Recorder:
    words = count(1)
    return Recorder(store, by="Clerk", today=lambda: date(2020, 6, 18), new_word=lambda: f"w{next(words)}")


def introduction(outcome: str, **more: Any) -> IntroductionRecord:
    return IntroductionRecord.model_validate({"a": "bob", "b": "ann", "introducer": "hub", "outcome": outcome, **more})


def relationship(store: Store, id: str) -> Relationship:
    return store.get_relationships([id])[id]


def test_an_introduction_is_two_relationships_of_the_introducer(store: Store, recorder: Recorder) -> None:
    recorded = recorder.introduction(introduction("suggested", note="Both run kitchens."))
    assert recorded == Recorded(
        sentence="The introduction of Bob and Ann by Hub is suggested.",
        nodes=(), relationships=("introduced-w1-1", "introduced-w1-2"),
        added=3, changed=0, removed=0, unchanged=0,
    )  # fmt: skip
    to_ann, to_bob = (relationship(store, id) for id in recorded.relationships)
    assert [(one.source, one.type, one.target, one.role, one.start) for one in (to_ann, to_bob)] == [
        ("hub", "INTRODUCED", "ann", "suggested", None), ("hub", "INTRODUCED", "bob", "suggested", None)
    ]  # fmt: skip
    assert to_ann.evidence[0].model_dump(exclude_none=True) == {
        "source": "own-records", "note": "suggested: Both run kitchens.", "recorded_at": "2020-06-18",
        "recorded_by": "Clerk",
    }  # fmt: skip
    assert store.get_sources(["own-records"]) == {"own-records": OWN}
    assert {change.by for change in store.changes(limit=50) if "introduced" in change.id} == {"Clerk"}
    (found,) = recorded_introductions(store, Lens())
    assert (found.introducer, found.a, found.b, found.outcome, found.is_open) == (
        "hub", "ann", "bob", Outcome.suggested, True
    )  # fmt: skip


def test_it_is_taken_further_and_keeps_its_story(store: Store, recorder: Recorder) -> None:
    recorder.introduction(introduction("suggested"))
    recorder.introduction(introduction("made", a="Ann", b="Bob", on="2020-05"))  # the other way round is the same
    recorded = recorder.introduction(introduction("tied"))
    assert recorded.relationships == ("introduced-w1-1", "introduced-w1-2", "introduced-w1-tie")
    assert (recorded.added, recorded.changed) == (1, 2)
    one, tie = relationship(store, "introduced-w1-1"), relationship(store, "introduced-w1-tie")
    assert (one.role, one.start) == ("tied", "2020-05")
    assert [evidence.note for evidence in one.evidence] == ["suggested", "made", "tied"]
    assert (tie.source, tie.type, tie.target, tie.start) == ("ann", "KNOWS", "bob", "2020-06-18")
    (found,) = recorded_introductions(store, Lens())
    assert (found.outcome, found.is_open) == (Outcome.tied, False)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_same_again_changes_nothing(store: Store, recorder: Recorder, outcome: str) -> None:
    recorder.introduction(introduction(outcome))
    version = store.version()
    again = recorder.introduction(introduction(outcome))
    assert (again.added, again.changed, store.version()) == (0, 0, version)


def test_others_by_the_same_introducer_stay_apart(store: Store, recorder: Recorder) -> None:
    recorder.introduction(introduction("suggested"))
    recorder.introduction(introduction("declined", a="cat"))
    recorder.introduction(introduction("suggested", introducer="cat"))
    found = {(one.introducer, one.a, one.b): one.outcome for one in recorded_introductions(store, Lens())}
    assert found == {
        ("hub", "ann", "bob"): "suggested", ("hub", "ann", "cat"): "declined", ("cat", "ann", "bob"): "suggested"
    }  # fmt: skip
    store.forget("bob", by="test")
    assert [(one.a, one.b) for one in recorded_introductions(store, Lens())] == [("ann", "cat")]


def test_a_file_that_introduces_without_saying_whom_to_whom_is_no_record(store: Store) -> None:
    values = {"id": "r", "type": "INTRODUCED", "source": "hub", "target": "ann", "evidence": [{"source": "s"}]}
    half = [{}, {"role": "made", "attributes": {"introduction": "x"}}, {"role": "x", "attributes": {"introduction": 1}}]
    rows = [Relationship.model_validate({**values, "id": f"r{n}", **more}) for n, more in enumerate(half)]
    store.apply(Batch(relationships=rows), by="test")
    assert list(recorded_introductions(store, Lens())) == []


def test_consent_is_withdrawn_and_given_again(store: Store, recorder: Recorder) -> None:
    refused = recorder.consent(ConsentRecord(node="Ann", introductions=False))
    assert refused.sentence == "Ann is not to be introduced to others."
    assert refusing(store, Lens(type=("KNOWS",), kind=("organisation",))) == {"ann"}
    with pytest.raises(Conflict, match="Ann has asked not to be introduced"):
        recorder.introduction(introduction("suggested"))
    recorder.introduction(introduction("made"))  # what has happened can be recorded
    given = recorder.consent(ConsentRecord(node="ann", introductions=True))
    assert (given.removed, given.relationships, refusing(store, Lens())) == (1, ("ann--no-introductions",), set())
    again = recorder.consent(ConsentRecord(node="ann", introductions=True))
    assert (again.removed, again.relationships) == (0, ())


def test_consent_outlasts_loading_the_same_person_again(store: Store, recorder: Recorder) -> None:
    ann = store.get(["ann"])["ann"]
    recorder.consent(ConsentRecord(node="ann", introductions=False))
    store.apply(Batch(nodes=[ann.model_copy(update={"summary": "Cook"})]), by="a load")
    assert refusing(store, Lens()) == {"ann"}


def insight(**more: Any) -> InsightRecord:
    return InsightRecord.model_validate({"text": "Calm days help, they say!", "sort": "condition", **more})


def test_an_insight_with_who_said_it_and_what_it_is_about(store: Store, recorder: Recorder) -> None:
    recorded = recorder.insight(
        insight(said_by=["ann", "Hub"], about=["Calm", "oldham"], perspective="community", summary="Often said.")
    )
    assert recorded.sentence == "“Calm days help, they say!” (condition) is recorded, voiced by Ann and Hub."
    (id,) = recorded.nodes
    node = store.get([id])[id]
    assert (id, node.kind, node.subkind, node.summary) == (
        "calm-days-help-they-say-w1",
        "insight",
        "condition",
        "Often said.",
    )
    assert (node.attributes, node.evidence[0].recorded_by) == ({"perspective": "community"}, "Clerk")
    ends = [(one.source, one.type, one.target) for one in store.get_relationships(recorded.relationships).values()]
    assert set(ends) == {
        (id, "ABOUT", "calm"), (id, "ABOUT", "oldham"), ("ann", "VOICED", id), ("hub", "VOICED", id)
    }  # fmt: skip


def test_the_same_words_of_the_same_sort_are_the_same_insight(store: Store, recorder: Recorder) -> None:
    first = recorder.insight(insight(said_by=["ann"], perspective="public", audience="team"))
    assert recorder.insight(insight(said_by=["ann"])).changed == 0
    later = replace(recorder, by="Other").insight(insight(text="calm days HELP they say", said_by=["bob"]))
    assert later.nodes == first.nodes
    node = store.get(first.nodes)[first.nodes[0]]
    assert (node.name, node.audience) == ("Calm days help, they say!", Audience.team)
    assert node.attributes == {"perspective": "public"}
    assert [evidence.recorded_by for evidence in node.evidence] == ["Clerk", "Other"]
    other_sort = recorder.insight(insight(sort="end"))
    assert other_sort.nodes != first.nodes


def test_an_insight_of_a_file_stays_as_the_file_has_it(store: Store, recorder: Recorder) -> None:
    values = {"id": "calm-days", "kind": "insight", "subkind": "condition", "name": "Calm days help, they say!"}
    store.apply(Batch(nodes=[Node.model_validate({**values, "evidence": [{"source": "s"}]})]), by="test")
    assert recorder.insight(insight()).nodes != ("calm-days",)


@pytest.mark.parametrize(("text", "id"), [("東京", "insight-w1"), ("a " * 90, "-".join("a" * 30) + "-w1")])
def test_ids_are_short_and_plain(recorder: Recorder, text: str, id: str) -> None:
    assert recorder.insight(insight(text=text)).nodes == (id,)


def test_a_source_is_named_or_is_our_own(store: Store, recorder: Recorder) -> None:
    recorded = recorder.insight(insight(source="s", on="2020-05-01"))
    evidence = store.get(recorded.nodes)[recorded.nodes[0]].evidence[0]
    assert (evidence.source, evidence.recorded_at, store.get_sources(["own-records"])) == ("s", "2020-05-01", {})
    with pytest.raises(NotFound) as caught:
        recorder.insight(insight(source="nowhere"))
    assert caught.value.details["parameter"] == "source"
    # A title that somebody gave our own records stays.
    store.apply(Batch([Source(id="own-records", title="Our diary")]), by="test")
    recorder.insight(insight())
    assert store.get_sources(["own-records"])["own-records"].title == "Our diary"


def test_an_audience_may_be_set_and_stays(store: Store, recorder: Recorder) -> None:
    recorder.introduction(introduction("suggested", audience="team"))
    recorder.introduction(introduction("made"))
    assert relationship(store, "introduced-w1-1").audience == Audience.team
    assert list(recorded_introductions(store, Lens(audience=Audience.network))) == []


@pytest.mark.parametrize(
    ("record", "error", "parameter"),
    [
        (introduction("made", introducer="Ann"), InputError, "introducer"),
        (introduction("made", b="bob"), InputError, "introducer"),
        (introduction("made", introducer="nobody"), NotFound, "introducer"),
        (introduction("made", on="2020-07"), InputError, "on"),
    ],
)
def test_bad_introductions(
    store: Store, recorder: Recorder, record: IntroductionRecord, error: type[CogsError], parameter: str
) -> None:
    version = store.version()
    with pytest.raises(error) as caught:
        recorder.introduction(record)
    assert (caught.value.details["parameter"], store.version()) == (parameter, version)


def test_only_people_and_organisations_are_introduced(recorder: Recorder) -> None:
    with pytest.raises(InputError, match="INTRODUCED cannot run from an organisation to a theme"):
        recorder.introduction(introduction("made", b="calm"))


def test_somebody_sees_only_what_their_level_does(store: Store, recorder: Recorder) -> None:
    ann = store.get(["ann"])["ann"].model_copy(update={"audience": Audience.team})
    store.apply(Batch(nodes=[ann]), by="test")
    with pytest.raises(NotFound):
        replace(recorder, audience=Audience.public).consent(ConsentRecord(node="ann", introductions=False))
