"""Recording by hand what no file holds: introductions and what came of them, consent, and what people say they learned.

Every record is written through the store with who and when: in the evidence of the fact, and in the change log.
Recording the same again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import uuid4

from pydantic import Field

from graph.answers import NodeName, Part, QuestionParameters
from graph.errors import Conflict, InputError, NotFound
from graph.introducing import INTRODUCED, LABEL, REFUSES, Outcome, recorded_introductions, refusing
from graph.lens import Lens
from graph.model import Audience, Evidence, MaybeText, Name, Node, PartialDate, Relationship, Slug, Source, days
from graph.search import fold
from graph.store import Store
from graph.store.records import Batch
from graph.view import resolve

OWN = Source(id="own-records", title="Recorded by the people who keep this network")
LONGEST_WORDS = 60  # letters of the text of an insight in its id
SAID = {
    Outcome.suggested: "is suggested",
    Outcome.made: "was made",
    Outcome.declined: "was declined",
    Outcome.tied: "has led to a tie",
}
Sort = Literal[
    "reinstate", "carry forward", "end", "change further", "condition", "risk", "aim", "call", "open question"
]


class Record(QuestionParameters):
    """What every record says: when, from what, and who may see it."""

    on: PartialDate | None = Field(None, description="When it was; today without it.", examples=["2020-06-18"])
    note: MaybeText = Field(None, description="What a reader should know.")
    source: Slug | None = Field(
        None, description="Id of the source, an interview for example; your own records without."
    )
    audience: Audience | None = Field(
        None, description="Who may see it; without it, whoever may see those that it is about."
    )
    by: MaybeText = Field(None, description="Who records it; the user of this machine without it.")


class IntroductionRecord(Record):
    """An introduction, and what came of it."""

    a: NodeName = Field(description="One of the two.", examples=["oldham-council"])
    b: NodeName = Field(description="The other.", examples=["wigan-council"])
    introducer: NodeName = Field(description="Who brings them together.", examples=["collaborate"])
    outcome: Outcome = Field(
        description="`suggested`, `made`, `declined` (they will not be suggested again), or `tied`: they are in contact"
        " now, and a tie is added."
    )


class ConsentRecord(Record):
    """Whether somebody may be introduced to others, and asked to introduce."""

    node: NodeName = Field(description="The person or organisation.", examples=["oldham-council"])
    introductions: bool = Field(description="False: not to be introduced, nor asked to introduce others.")


class InsightRecord(Record):
    """Something learned, as somebody said it."""

    text: Name = Field(description="The insight, in one sentence.")
    sort: Sort = Field(
        description="What should happen: reinstate, carry forward, end or change further; condition is what helped;"
        " else risk, aim, call or open question."
    )
    summary: MaybeText = Field(None, description="More about it.")
    perspective: str | None = Field(None, min_length=1, max_length=200, description="From whose point of view.")
    said_by: tuple[NodeName, ...] = Field((), max_length=50, description="Who voiced it.")
    about: tuple[NodeName, ...] = Field((), max_length=50, description="What it is about: a theme, a place, anything.")
    audience: Audience | None = Field(
        None, description="Who may see it, everybody without it; who voiced it is told to those who may see them."
    )


class Recorded(Part):
    """What was written."""

    sentence: str = Field(description="What is recorded now.")
    nodes: tuple[str, ...] = Field(description="Ids of the nodes that were written.")
    relationships: tuple[str, ...] = Field(description="Ids of the relationships that were written or taken out.")
    added: int
    changed: int
    removed: int
    unchanged: int


RECORDS: dict[str, type[Record]] = {
    "introduction": IntroductionRecord,
    "consent": ConsentRecord,
    "insight": InsightRecord,
}


@dataclass(frozen=True)
class Recorder:
    """Writes records into one store on behalf of somebody, who sees the network as their level does."""

    store: Store
    by: str
    audience: Audience = Audience.private
    today: Callable[[], date] = date.today
    new_word: Callable[[], str] = lambda: uuid4().hex[:12]  # tells introductions, and insights, apart

    def introduction(self, record: IntroductionRecord) -> Recorded:
        """Record an introduction; an earlier one of the same three is taken further."""
        a, b, introducer = (self._node(getattr(record, name), name) for name in ("a", "b", "introducer"))
        ids = sorted({a.id, b.id} - {introducer.id})
        if len(ids) < 2:
            raise InputError("An introduction needs three different nodes.", fix="Name others.", parameter="introducer")
        if record.outcome is Outcome.suggested:
            self._respect(a, b, introducer)
        word = self._word_of(introducer.id, ids)
        day = self._day(record) if record.outcome in (Outcome.made, Outcome.tied) else None
        more = {"role": str(record.outcome), "start": day, "attributes": {LABEL: word}}
        written = [
            self._related(record, f"introduced-{word}-{place}", (introducer.id, INTRODUCED, id), **more)
            for place, id in enumerate(ids, 1)
        ]
        if record.outcome is Outcome.tied:
            written.append(self._related(record, f"introduced-{word}-tie", (ids[0], "KNOWS", ids[1]), start=day))
        said = f"The introduction of {a.name} and {b.name} by {introducer.name} {SAID[record.outcome]}."
        return self._written(said, record, relationships=written)

    def consent(self, record: ConsentRecord) -> Recorded:
        """Record that somebody does not want to be introduced, or does again."""
        node = self._node(record.node, "node")
        id = f"{node.id}--no-introductions"
        if record.introductions:
            applied = self.store.apply(Batch(remove_relationships=[id]), by=record.by or self.by)
            said, gone = f"{node.name} may be introduced to others.", (id,) if applied.removed else ()
            return Recorded(sentence=said, nodes=(), relationships=gone, **vars(applied))
        refusal = self._related(record, id, (node.id, REFUSES, node.id))
        return self._written(f"{node.name} is not to be introduced to others.", record, relationships=[refusal])

    def insight(self, record: InsightRecord) -> Recorded:
        """Record something learned; the same words of the same sort are the same insight."""
        voices = [self._node(text, "said_by") for text in record.said_by]
        subjects = [self._node(text, "about") for text in record.about]
        node = self._insight(record)
        ends = [(one.id, "VOICED", node.id) for one in voices] + [(node.id, "ABOUT", one.id) for one in subjects]
        written = [
            self._related(record, f"{a}--{type.lower()}--{b}", (a, type, b)) for a, type, b in dict.fromkeys(ends)
        ]
        voiced = f", voiced by {' and '.join(one.name for one in voices)}" if voices else ""
        said = f"“{node.name}” ({record.sort}) is recorded{voiced}."
        return self._written(said, record, nodes=[node], relationships=written)

    def _node(self, text: str, parameter: str) -> Node:
        return resolve(self.store, text, Lens(audience=self.audience), parameter=parameter)

    def _respect(self, *nodes: Node) -> None:
        refused = set(refusing(self.store, Lens()))
        if names := [node.name for node in nodes if node.id in refused]:
            raise Conflict(f"{names[0]} has asked not to be introduced.", fix="Suggest others.")

    def _word_of(self, introducer: str, ids: list[str]) -> str:
        """The word of an earlier introduction of these two by this introducer, or a new one."""
        for one in recorded_introductions(self.store, Lens(), introducer=introducer):
            if [one.a, one.b] == ids:
                return one.word
        return self.new_word()

    def _day(self, record: Record) -> str:
        today = self.today()
        if record.on and days(record.on)[0] > today.toordinal():
            raise InputError(f"{record.on} has not come yet.", fix="Record what has happened.", parameter="on")
        return record.on or today.isoformat()

    def _evidence(self, record: Record, before: Sequence[Evidence] = ()) -> tuple[Evidence, ...]:
        """What was known before, and this record."""
        new = Evidence(
            source=record.source or OWN.id,
            note=": ".join(str(part) for part in (getattr(record, "outcome", None), record.note) if part) or None,
            recorded_at=self._day(record),
            recorded_by=record.by or self.by,
        )
        return tuple(dict.fromkeys((*before, new)))

    def _related(self, record: Record, id: str, ends: tuple[str, str, str], **more: object) -> Relationship:
        """A relationship, with what was recorded of it before; a start that is known stays."""
        before = self.store.get_relationships([id], types=[ends[1]]).get(id)
        known = before.model_dump() if before else {}
        values = dict(zip(("source", "type", "target"), ends, strict=True)) | {"id": id} | known | more
        values["start"] = known.get("start") or more.get("start")
        values["audience"] = record.audience or known.get("audience")
        values["evidence"] = self._evidence(record, before.evidence if before else ())
        return Relationship.model_validate(values)

    def _insight(self, record: InsightRecord) -> Node:
        """The insight, with what was recorded of it before."""
        same = (one for one in self.store.find(record.text, Lens(kind=("insight",))) if one.subkind == record.sort)
        # One that a file brought stays as it is: the next load would take away what is added here.
        before = next((one for one in same if any(evidence.recorded_by for evidence in one.evidence)), None)
        known = before.model_dump() if before else {}
        perspective = {"perspective": record.perspective} if record.perspective else {}
        values = {"id": f"{_slug(record.text)}-{self.new_word()}", "kind": "insight", "name": record.text} | known
        values |= {name: value for name in ("summary", "audience") if (value := getattr(record, name)) is not None}
        values |= {"subkind": record.sort, "attributes": known.get("attributes", {}) | perspective}
        return Node.model_validate(values | {"evidence": self._evidence(record, before.evidence if before else ())})

    def _written(self, sentence: str, record: Record, **things: Sequence[Any]) -> Recorded:
        batch = Batch(sources=self._new_sources(record), **things)
        applied = self.store.apply(batch, by=record.by or self.by)
        nodes, relationships = ([one.id for one in some] for some in (batch.nodes, batch.relationships))
        return Recorded(sentence=sentence, nodes=tuple(nodes), relationships=tuple(relationships), **vars(applied))

    def _new_sources(self, record: Record) -> list[Source]:
        id = record.source or OWN.id
        if self.store.get_sources([id]):
            return []
        if record.source:
            raise NotFound(f"There is no source {id!r}.", fix="Load it first, or leave it out.", parameter="source")
        return [OWN]


def _slug(text: str) -> str:
    """The beginning of an id, from the words of a text."""
    words = re.sub("[^a-z0-9]+", "-", fold(text)).strip("-")
    return words[:LONGEST_WORDS].strip("-") or "insight"
