"""Introductions on the network of `conftest.py`; scores by hand (the ties are in test_connectors.py).

Degrees: council, hub, firm 3; ann, bob, trust 2; college 1. ann is public and bob a funder by their posts, so that the
groups of all these pairs differ (× 1.5). bob–hub by trust: 0.6/ln 2; ann–trust by bob and bob–council by ann: 0.5/ln 2;
ann–hub by council, council–trust and trust–firm by hub, college–hub by firm: 0.6/ln 3; ann–firm by council and
college–council by firm: 0.4/ln 3.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.errors import CogsError, InputError, NotFound
from graph.introducing import Outcome
from graph.model import Audience, Node, Relationship
from graph.questions import ask
from graph.recording import ConsentRecord, IntroductionRecord, Recorder
from graph.store import Store
from graph.store.records import Batch

ALL = [
    ("bob", "hub", "trust", 1.298425537),
    ("ann", "trust", "bob", 1.082021281),
    ("bob", "council", "ann", 1.082021281),
    ("ann", "hub", "council", 0.819215304),
    ("college", "hub", "firm", 0.819215304),
    ("council", "trust", "hub", 0.819215304),
    ("firm", "trust", "hub", 0.819215304),
    ("ann", "firm", "council", 0.546143536),
    ("college", "council", "firm", 0.546143536),
]


@pytest.fixture
def recorder(store: Store) -> Recorder:
    return Recorder(store, by="Clerk", today=lambda: date(2020, 6, 18))


def record(recorder: Recorder, a: str, b: str, introducer: str, outcome: Outcome = Outcome.suggested) -> None:
    recorder.introduction(IntroductionRecord(a=a, b=b, introducer=introducer, outcome=outcome))


def asked(store: Store, **values: object) -> Any:
    return ask(store, "introductions", values)


def rows(answer: Any) -> list[tuple[str, str, str, float]]:
    return [(one.a, one.b, one.introducer, one.score) for one in answer.introductions]


def test_all_pairs_by_hand(store: Store) -> None:
    answer = asked(store)
    assert rows(answer) == ALL
    first = answer.introductions[0]
    assert (first.groups.a, first.groups.b, first.shared_themes) == (("funder",), ("community",), ())
    assert [(one.node.id, one.to_a, one.to_b) for one in first.via] == [("trust", 0.9, 0.6)]
    assert first.because == (
        "Trust is in contact with both Bob (one of its own people) and Hub; they belong to different groups."
    )
    assert answer.introductions[3].because == (  # ann works for council
        "Council is in contact with both Ann (one of its own people) and Hub; they belong to different groups."
    )
    assert rows(asked(store, limit=3)) == ALL[:3]
    assert rows(asked(store, node="Hub")) == [row for row in ALL if "hub" in row[:2]]


def test_the_sentence_names_what_the_fields_say(store: Store) -> None:
    themes = [Node.model_validate({"id": f"t{n}", "kind": "theme", "name": name, "evidence": [{"source": "s"}]})
              for n, name in enumerate(["Care", "Housing", "Food"])]  # fmt: skip
    works = [
        Relationship.model_validate(
            {
                "id": f"w{actor}{n}",
                "type": "WORKS_ON",
                "source": actor,
                "target": f"t{n}",
                "evidence": [{"source": "s"}],
            }
        )
        for n, actors in enumerate([("ann", "hub"), ("ann", "hub"), ("ann", "hub")])
        for actor in actors
    ]
    ties = [
        Relationship.model_validate(
            {"id": f"k{n}", "type": "KNOWS", "source": a, "target": b, "strength": 0.1, "evidence": [{"source": "s"}]}
        )
        for n, (a, b) in enumerate([("ann", "library"), ("library", "hub")])
    ]
    store.apply(Batch(nodes=themes, relationships=[*works, *ties]), by="test")
    answer = asked(store, node="ann")
    told = next(one for one in answer.introductions if one.b == "hub")
    assert told.shared_themes == ("t0", "t1", "t2")
    assert [one.node.id for one in told.via] == ["council", "library"]
    assert told.because == (
        "Council is in contact with both Ann (one of its own people) and Hub, as is one other; both work on Care,"
        " Housing and Food and they belong to different groups."
    )
    # Four times (0.6/ln 3 + 0.1/ln 2) × 1.5.
    assert told.score == pytest.approx(4 * 1.5 * (0.546143536 + 0.144269504), abs=1e-7)


def test_declined_pairs_are_left_out_and_open_ones_are_named(store: Store, recorder: Recorder) -> None:
    record(recorder, "hub", "bob", "trust", Outcome.declined)
    record(recorder, "ann", "trust", "bob", Outcome.made)
    answer = asked(store)
    assert rows(answer) == ALL[1:]
    assert any("because they declined: 1." in note for note in answer.meta.notes)
    assert any("suggested or made already: 1." in note for note in answer.meta.notes)
    # What was declined holds whatever types a question looks at.
    assert ("bob", "hub") not in {row[:2] for row in rows(asked(store, type=["WORKS_FOR", "PARTNERS_WITH"]))}


def test_without_consent_nobody_is_introduced_or_introduces(store: Store, recorder: Recorder) -> None:
    recorder.consent(ConsentRecord(node="hub", introductions=False))
    answer = asked(store)
    assert rows(answer) == [row for row in ALL if "hub" not in row]
    assert any("asked not to be introduced: 1." in note for note in answer.meta.notes)
    assert rows(asked(store, node="hub")) == []
    recorder.consent(ConsentRecord(node="hub", introductions=True))
    assert rows(asked(store)) == ALL


@pytest.mark.parametrize(("open_ones", "is_asked"), [(3, True), (4, False)])
def test_an_introducer_with_more_than_three_in_hand_is_passed_over(
    store: Store, recorder: Recorder, *, open_ones: int, is_asked: bool
) -> None:
    for other in ["bob", "college", "firm", "library"][:open_ones]:
        record(recorder, "ann", other, "hub")
    record(recorder, "ann", "trust", "hub", Outcome.made)  # made ones are no longer in hand
    answer = asked(store)
    assert ("council", "trust", "hub", 0.819215304) in ALL
    assert rows(answer) == [row for row in ALL if is_asked or row[2] != "hub"]
    assert any("More than 3" in note and "Hub" in note for note in answer.meta.notes) != is_asked


def test_excluded_are_left_out_a_group_whole(store: Store) -> None:
    assert rows(asked(store, exclude=["hub", "firm"])) == [row for row in ALL if not {"hub", "firm"} & {*row}]
    assert rows(asked(store, exclude=["town"])) == [row for row in ALL if not {"council", "ann", "firm"} & {*row}]


def test_a_refusal_above_the_reader_shows_nowhere(store: Store, recorder: Recorder) -> None:
    recorder.introduction(
        IntroductionRecord(
            a="hub", b="bob", introducer="trust", outcome=Outcome.declined, audience=Audience.team
        )
    )  # fmt: skip
    seen: Any = ask(store, "introductions", {}, audience=Audience.public)
    assert rows(seen) == ALL
    assert rows(asked(store)) == ALL[1:]


def test_nobody_to_introduce_is_said(store: Store) -> None:
    answer = asked(store, node="library")
    assert answer.introductions == ()
    assert any("no contact in common joins Library and anybody" in note for note in answer.meta.notes)
    assert any("any two actors" in note for note in asked(store, type=["LOCATED_IN"]).meta.notes)


@pytest.mark.parametrize(
    ("values", "error", "parameter"),
    [
        ({"node": "town"}, InputError, "node"),
        ({"node": "festival"}, InputError, "node"),
        ({"node": "public"}, NotFound, "node"),
        ({"limit": 0}, InputError, "limit"),
        ({"exclude": ["nobody"]}, NotFound, "exclude"),
    ],
)
def test_bad_input(store: Store, values: dict[str, object], error: type[CogsError], parameter: str) -> None:
    with pytest.raises(error) as caught:
        asked(store, **values)
    assert caught.value.details["parameter"] == parameter
