"""What began and ended when: every stated start and end of a node or relationship, in the order of time.

A date counts as it is stated, 2019 as well as 2019-10-09; within one period the less exact comes first. What
has no date is left out, and a note says how much that is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field

from graph.adjacency import Ints, NodeColumns, RelationshipColumns
from graph.answers import NodeName, Part, QuestionAnswer, QuestionParameters
from graph.model import FIRST_DAY, LAST_DAY, Node, Relationship
from graph.questions import empty_meta
from graph.view import View

MOST_EVENTS = 1_000
PERIOD_LENGTH = {"year": 4, "month": 7}  # of the text of a date: 2019, 2019-10


class Parameters(QuestionParameters):
    """Of what, and how the counts are grouped."""

    node: NodeName | None = Field(
        None,
        description="Only this node and its relationships; without, all of the lens.",
        examples=["oldham-council"],
    )
    by: Literal["year", "month"] = Field("year", description="Periods of the counts; a mere year has no month.")


class TimelineEvent(Part):
    """One stated start or end."""

    date: str = Field(description="As stated: a year, a month or a day.", examples=["2019-10"])
    change: Literal["start", "end"] = Field(description="Whether it begins or ends.")
    sentence: str = Field(examples=["A funds B, 2019, £40,000"])
    node: str | None = Field(description="Id of the node that begins or ends; null when it is a relationship.")
    relationship: str | None = Field(description="Id of the relationship that does; null when it is a node.")


class PeriodCount(Part):
    """How much began or ended within one period."""

    period: str = Field(description="The year or month.", examples=["2019"])
    events: int = Field(description="How many starts and ends.")


class Answer(QuestionAnswer):
    """Events in the order of time (a start before an end, then by id), and their number in each period that has any."""

    events: tuple[TimelineEvent, ...]
    counts: tuple[PeriodCount, ...]


class _Event(NamedTuple):
    """What events are sorted by: the text of a date is in the order of time."""

    date: str
    ends: bool
    is_relationship: bool
    id: str
    number: int


def answer(view: View, parameters: Parameters) -> Answer:
    """Gather the dates, count them, and tell the first events."""
    nodes, relationships = scope(view, parameters.node)
    dated = [
        nodes[with_date(view.arrays.nodes, nodes)],
        relationships[with_date(view.arrays.relationships, relationships)],
    ]
    events = sorted(
        [
            *_events(dated[0], view.each_node(dated[0]), is_relationship=False),
            *_events(dated[1], view.each_relationship(dated[1]), is_relationship=True),
        ]
    )
    counts = Counter(event.date[: PERIOD_LENGTH[parameters.by]] for event in events)
    _note_undated(view, len(nodes) + len(relationships), len(dated[0]) + len(dated[1]))
    view.show_first("events", len(events[:MOST_EVENTS]), len(events))
    return Answer(
        meta=empty_meta("timeline"),
        events=tuple(_told(view, events[:MOST_EVENTS])),
        counts=tuple(PeriodCount(period=period, events=count) for period, count in sorted(counts.items())),
    )


def scope(view: View, name: str | None) -> tuple[Ints, Ints]:
    """Numbers of the nodes and relationships asked for."""
    visible, edges = view.arrays.visible(view.lens), view.arrays.relationships
    if name is None:
        return np.flatnonzero(visible.nodes), np.flatnonzero(visible.relationships)
    number = view.number(view.resolve(name, "node"))
    around = visible.relationships & ((edges.source == number) | (edges.target == number))
    return np.array([number], np.int64), np.flatnonzero(around)


def with_date(columns: NodeColumns | RelationshipColumns, numbers: Ints) -> Ints:
    """Places, among these numbers, of what has a start or an end."""
    first, last = columns.first_day[numbers], columns.last_day[numbers]
    return np.flatnonzero((first > FIRST_DAY) | (last < LAST_DAY))


def _events(numbers: Ints, facts: Iterable[Node | Relationship], *, is_relationship: bool) -> Iterator[_Event]:
    for number, fact in zip(numbers.tolist(), facts, strict=True):
        for ends, date in ((False, fact.start), (True, fact.end)):
            if date:
                yield _Event(date, ends, is_relationship, fact.id, number)


def _note_undated(view: View, total: int, dated: int) -> None:
    if total == 0:
        view.note("Nothing is visible with this lens.")
    elif dated == 0:
        view.note(f"None of the {total:,} nodes and relationships says when it began or ended.")
    elif dated < total:
        view.note(f"{total - dated:,} of {total:,} nodes and relationships have no date and are left out.")


def _told(view: View, events: list[_Event]) -> Iterator[TimelineEvent]:
    numbers = [event.number for event in events if event.is_relationship]
    relationships = {one.id: one.sentence for one in view.relationships(numbers)}
    nodes = view.bodies(event.id for event in events if not event.is_relationship)
    for event in events:
        id, change = event.id, "end" if event.ends else "start"
        if event.is_relationship:
            text = f"Ends: {relationships[id]}" if event.ends else relationships[id]
        else:
            text = _of_node(nodes[id], ends=event.ends)
        ids = (None, id) if event.is_relationship else (id, None)
        yield TimelineEvent.model_validate(
            {"date": event.date, "change": change, "sentence": text, "node": ids[0], "relationship": ids[1]}
        )


def _of_node(node: Node, *, ends: bool) -> str:
    if node.kind == "publication":
        return f"{node.name} is {'no longer published' if ends else 'published'}."
    return f"{node.name} {'ends' if ends else 'begins'}."
