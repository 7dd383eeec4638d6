"""Who should meet, and who could introduce them: pairs without contact that have most in common.

The score grows with the strength of the ties to those both know (a contact with few others counts more), with each
theme that both work on, and by half when their groups differ. Left out are pairs that declined, people of one
organisation, whoever asked not to be introduced, and introducers with more than three introductions in hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from pydantic import Field

from graph import introducing
from graph.actors import ActorGraph
from graph.adjacency import Mask
from graph.answers import NodeInAnswer, NodeName, Part, QuestionAnswer
from graph.brokers import PairGroups
from graph.contacts import ActorParameters, actor_meant, all_meant, contacts
from graph.introducing import MOST_OPEN, Outcome, RecordedIntroduction
from graph.limits import LARGEST_PAGE
from graph.measures.introductions import Introduction, LeftOut, introductions, organisations, shared_themes
from graph.questions import empty_meta
from graph.view import View
from graph.wording import listed


class Parameters(ActorParameters):
    """For whom, how many, and who is left out."""

    node: NodeName | None = Field(None, description="Only introductions of this actor.")
    limit: int = Field(20, ge=1, le=LARGEST_PAGE, description="How many are told.")
    exclude: tuple[NodeName, ...] = Field(
        (), max_length=100, description="Whom not to introduce, nor ask to; a place, theme or sector means its actors."
    )


class Via(Part):
    """Somebody whom both know."""

    node: NodeInAnswer
    to_a: float = Field(description="Strength of the tie to `a`, 0 to 1.")
    to_b: float = Field(description="Strength of the tie to `b`, 0 to 1.")


class IntroductionInAnswer(Part):
    """Two who are not in contact, `a` before `b` by id, and who could bring them together."""

    a: str = Field(description="Id of the one.")
    b: str = Field(description="Id of the other.")
    introducer: str = Field(description="Id of who is closest to both.")
    score: float = Field(description="Above 0; compare within one network only.")
    because: str = Field(description="What a person would say of it.")
    shared_themes: tuple[str, ...] = Field(description="Ids of the themes that both work on.")
    groups: PairGroups
    via: tuple[Via, ...] = Field(description="All whom both know, closest first, then by id.")


class Answer(QuestionAnswer):
    """Introductions: score from high to low, then by ids."""

    introductions: tuple[IntroductionInAnswer, ...]


def answer(view: View, parameters: Parameters) -> Answer:
    """Rank the pairs and tell the first."""
    graph = contacts(view, parameters)
    of = actor_meant(view, graph, parameters.node, "node") if parameters.node is not None else None
    recorded = list(introducing.recorded_introductions(view.store, view.lens))
    left_out = _left_out(view, graph, recorded, parameters.exclude)
    found = introductions(graph, left_out, of=of, limit=parameters.limit)
    if not found:
        whom = f"{_name(view, graph, of)} and anybody" if of is not None else "any two actors"
        view.note(f"There is nobody to be introduced: no contact in common joins {whom} who are not tied already.")
    _note_known(graph, view, found, recorded)
    return Answer(meta=empty_meta("introductions"), introductions=_told(view, graph, found))


def _left_out(
    view: View, graph: ActorGraph, recorded: Sequence[RecordedIntroduction], exclude: Sequence[str]
) -> LeftOut:
    refused = introducing.refusing(view.store, view.lens) & graph.place.keys()
    declined = [one for one in recorded if one.outcome is Outcome.declined and {one.a, one.b} <= graph.place.keys()]
    in_hand = Counter(one.introducer for one in recorded if one.is_open)
    busy = sorted(id for id, count in in_hand.items() if count > MOST_OPEN and id in graph.place)
    actors = _marked(graph, refused)
    actors[all_meant(view, graph, exclude, "exclude")] = True
    keys = {graph.place[one.a] * len(graph) + graph.place[one.b] for one in declined}
    if refused:
        view.note(f"Left out because they asked not to be introduced: {len(refused):,}.")
    if keys:
        view.note(f"Pairs left out because they declined: {len(keys):,}.")
    if busy:
        names = ", ".join(node.name for node in view.bodies(busy).values())
        view.note(f"More than {MOST_OPEN} introductions are in the hands of {names}, who are not asked for another.")
    return LeftOut(actors, _marked(graph, busy), np.array(sorted(keys), np.int64))


def _marked(graph: ActorGraph, ids: Iterable[str]) -> Mask:
    marked = np.zeros(len(graph), np.bool_)
    marked[[graph.place[id] for id in ids]] = True
    return marked


def _note_known(
    graph: ActorGraph, view: View, found: Sequence[Introduction], recorded: Sequence[RecordedIntroduction]
) -> None:
    """Say which of these are under way already."""
    shown = {(graph.ids[one.a], graph.ids[one.b]) for one in found}
    if count := len(shown & {(one.a, one.b) for one in recorded}):
        view.note(f"Of these recorded as suggested or made already: {count:,}.")


def _told(view: View, graph: ActorGraph, found: Sequence[Introduction]) -> tuple[IntroductionInAnswer, ...]:
    common = {one: _common(graph, one) for one in found}
    nodes = view.nodes(graph.ids[b] for ties in common.values() for b in ties)  # all of them in one read
    view.bodies(graph.ids[end] for one in found for end in (one.a, one.b))
    return tuple(
        IntroductionInAnswer(
            a=graph.ids[one.a],
            b=graph.ids[one.b],
            introducer=graph.ids[one.introducer],
            score=one.score,
            because=_because(view, graph, one, len(ties) - 1),
            shared_themes=tuple(shared_themes(graph, one.a, one.b)),
            groups=PairGroups(a=graph.groups.of(one.a), b=graph.groups.of(one.b)),
            via=tuple(Via(node=nodes[graph.ids[b]], to_a=to_a, to_b=to_b) for b, (to_a, to_b) in ties.items()),
        )
        for one, ties in common.items()
    )


def _common(graph: ActorGraph, one: Introduction) -> dict[int, tuple[float, float]]:
    """Whom both know, with the strengths of the ties to both: closest first, then by id."""
    both = np.intersect1d(graph.neighbours(one.a), graph.neighbours(one.b)).tolist()
    ties = {b: (graph.strength(b, one.a), graph.strength(b, one.b)) for b in both}
    return dict(sorted(ties.items(), key=lambda tie: (-min(tie[1]), tie[0])))


def _because(view: View, graph: ActorGraph, one: Introduction, others: int) -> str:
    """The reasons as a person would say them, from the same data as the fields."""
    a, b, introducer = (_name(view, graph, actor) for actor in (one.a, one.b, one.introducer))
    employer, posts = graph.actors[one.introducer], organisations(graph)
    a, b = (
        f"{name} (one of its own people)" if posts[end, employer] else name for name, end in ((a, one.a), (b, one.b))
    )
    too = {0: "", 1: ", as is one other"}.get(others, f", as are {others} others")
    said = f"{introducer} is in contact with both {a} and {b}{too}"
    themes = [node.name for node in view.bodies(shared_themes(graph, one.a, one.b)).values()]
    reasons = [f"both work on {listed(themes)}"] if themes else []
    if graph.groups.differ(np.array([one.a]), np.array([one.b]))[0]:
        reasons.append("they belong to different groups")
    return f"{said}; {' and '.join(reasons)}." if reasons else f"{said}."


def _name(view: View, graph: ActorGraph, actor: int) -> str:
    id = graph.ids[actor]
    return view.bodies([id])[id].name
