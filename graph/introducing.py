"""What is recorded of introductions: who was to meet whom through whom, what came of it, and who wants none.

An introduction is two relationships INTRODUCED from the introducer, one to each of the two, with the same word in the
attribute `introduction` and the outcome as their role. So a merge moves it, and forgetting one of the three leaves no
trace of them. Who wants no introductions has a relationship NO_INTRODUCTIONS to itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from graph.lens import Lens
from graph.model import Relationship
from graph.store import Store
from graph.store.records import Around

INTRODUCED, REFUSES = "INTRODUCED", "NO_INTRODUCTIONS"
LABEL = "introduction"
MOST_OPEN = 3  # introductions that one introducer may have in hand and still be asked for another


class Outcome(StrEnum):
    """What came of an introduction."""

    suggested = "suggested"
    made = "made"
    declined = "declined"
    tied = "tied"


@dataclass(frozen=True)
class RecordedIntroduction:
    """An introduction of two, `a` before `b` by id, with the relationships that hold it."""

    introducer: str
    a: str
    b: str
    outcome: Outcome
    relationships: tuple[Relationship, Relationship]

    @property
    def word(self) -> str:
        """What tells it apart from the introducer's others."""
        return str(self.relationships[0].attributes[LABEL])

    @property
    def is_open(self) -> bool:
        """Whether the introducer still has to do something."""
        return self.outcome is Outcome.suggested


def recorded_introductions(
    store: Store, lens: Lens, *, introducer: str | None = None
) -> Iterator[RecordedIntroduction]:
    """All introductions that are facts of the lens, or those by one introducer; kinds and types hide none of them."""
    around = Around(introducer, "out", (INTRODUCED,)) if introducer else None
    found: dict[tuple[str, str], list[Relationship]] = defaultdict(list)
    for one in store.relationships(facts(lens, INTRODUCED), around=around):
        label = one.attributes.get(LABEL)
        if isinstance(label, str) and one.role in list(Outcome):
            found[one.source, label].append(one)
    for (source, _), both in sorted(found.items()):
        if len(both) == 2 and both[0].target != both[1].target:
            first, second = sorted(both, key=lambda one: one.target)
            yield RecordedIntroduction(source, first.target, second.target, Outcome(str(first.role)), (first, second))


def refusing(store: Store, lens: Lens) -> set[str]:
    """Ids of those who want no introductions."""
    return {one.source for one in store.relationships(facts(lens, REFUSES)) if one.source == one.target}


def facts(lens: Lens, type: str) -> Lens:
    """A lens on all facts of a type: what somebody declined holds, whatever else a question leaves out."""
    return lens.model_copy(update={"kind": (), "place": (), "theme": (), "sector": (), "type": (type,)})
