"""The same records into both stores: equal contents, and equal answers of the questions that honour them."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from graph.model import Audience
from graph.questions import ask
from graph.recording import ConsentRecord, InsightRecord, IntroductionRecord, Recorded, Recorder
from graph.store.base import Store
from loaders.run import load
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import embedded_store, neo4j_store

THREE = {"a": "oldham-council", "b": "collaborate", "introducer": "donna-hall"}
QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "cogs": [{"limit": 30}, {"half_life": 12, "seed": 7, "draws": 60}, {"actors": ["organisation"], "draws": 40}],
    "cog": [{"node": "collaborate"}, {"node": "donna-hall", "group_by": "place"}],
    "introductions": [{"limit": 100}, {"node": "wigan-council", "exclude": ["community"]}],
    "coalition": [{"needs": ["public", "oldham", "academia"], "musts": ["wigan-council"]}, {"needs": ["media"]}],
    "learning": [{}, {"place": "oldham"}, {"perspective": "public"}, {"node": "donna-hall"}],
}


def records(store: Store) -> list[Recorded]:
    words = count(1)
    recorder = Recorder(store, by="Clerk", today=lambda: date(2020, 6, 18), new_word=lambda: f"w{next(words)}")
    insight = {"text": "Calm days help", "sort": "condition", "said_by": ["donna-hall"], "about": ["oldham"]}
    return [
        recorder.introduction(IntroductionRecord.model_validate(THREE | {"outcome": "suggested"})),
        recorder.introduction(IntroductionRecord.model_validate(THREE | {"outcome": "tied", "on": "2020-05"})),
        recorder.introduction(IntroductionRecord.model_validate(THREE | {"b": "wigan-ccg", "outcome": "declined"})),
        recorder.consent(ConsentRecord(node="mark-cook", introductions=False)),
        recorder.consent(ConsentRecord(node="axel-heitmueller", introductions=False)),
        recorder.consent(ConsentRecord(node="axel-heitmueller", introductions=True)),
        recorder.insight(InsightRecord.model_validate(insight)),
        recorder.insight(InsightRecord.model_validate(insight | {"audience": "team", "perspective": "public"})),
    ]


def test_records_and_answers_are_equal_on_both_stores(neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    with embedded_store(tmp_path) as one, neo4j_store(neo4j_server) as other:
        for store in (one, other):
            load(store, ["seeds"], by="test")
        assert records(one) == records(other)
        assert [thing.canonical() for thing in one.export()] == [thing.canonical() for thing in other.export()]
        for name, asked in QUESTIONS.items():
            for values in asked:
                for level in (Audience.public, Audience.private):
                    answers = [ask(store, name, values, audience=level).model_dump_json() for store in (one, other)]
                    assert answers[0] == answers[1], (name, values)
        assert (one.check(), other.check()) == ([], [])
