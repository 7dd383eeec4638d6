"""Which few new ties would bring two groups, or two lists of actors, closest to each other.

Closeness is the mean over all pairs of one actor of each side of 1 ÷ steps between them: 0 when nobody reaches anybody,
1 when all are tied. Ties are added one after the other, each time the one that raises it most, between actors who have
no tie yet and have not asked to be left alone.
"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.answers import NodeName, Part, QuestionAnswer
from graph.contacts import ActorParameters, actors_meant, contacts
from graph.errors import InputError, LimitExceeded, NotFound
from graph.introducing import refusing
from graph.measures.bridging import Bridging, NewTie, bridging
from graph.questions import empty_meta
from graph.view import View
from graph.wording import counted, name_of

MOST_PAIRS = 10_000
MOST_TIES = 20


class Parameters(ActorParameters):
    """Both sides; a place, a theme, a sector or a group of `group_by` stands for all actors of it."""

    a: tuple[NodeName, ...] = Field(
        min_length=1, max_length=100, description="The one side: groups, or actors.", examples=[["public"]]
    )
    b: tuple[NodeName, ...] = Field(
        min_length=1, max_length=100, description="The other side: groups, or actors.", examples=[["business"]]
    )
    k: int = Field(3, ge=1, le=MOST_TIES, description="How many new ties.")


class NeededTie(Part):
    """One new tie; `a` is an actor of the side `a`, `b` one of the side `b`."""

    a: str = Field(description="Id of the actor of the one side.")
    b: str = Field(description="Id of the actor of the other side.")
    after: float = Field(description="Closeness with this tie and those before it.")
    gain: float = Field(description="How much this tie adds.")
    because: str = Field(description="What it would change, as a person would say it.")


class Answer(QuestionAnswer):
    """The ties in the order in which they help most."""

    sentence: str = Field(description="What a person would say of it.")
    before: float = Field(description="Closeness of the two sides now, 0 to 1.")
    ties: tuple[NeededTie, ...]
    after: float = Field(description="Closeness with all these ties.")


def answer(view: View, parameters: Parameters) -> Answer:
    """Add ties one after the other."""
    graph = contacts(view, parameters)
    a, b = _side(view, graph, parameters.a, "a"), _side(view, graph, parameters.b, "b")
    _check(a, b)
    willing = np.ones(len(graph), np.bool_)
    willing[[graph.place[id] for id in refusing(view.store, view.lens) if id in graph.place]] = False
    unwilling = int(np.count_nonzero(~willing[np.union1d(a, b)]))
    found = bridging(graph, a, b, most=parameters.k, willing=willing)
    if unwilling:
        view.note(f"{counted(unwilling, 'actor')} asked not to be introduced and end no new tie.")
    if len(found.ties) < parameters.k:
        view.note(f"Only {counted(len(found.ties), 'new tie')} can be added: all others are tied or not willing.")
    return Answer(
        meta=empty_meta("bridges_needed"),
        sentence=_sentence(found),
        before=found.before,
        ties=tuple(_told(view, graph, tie, found.pairs) for tie in found.ties),
        after=found.ties[-1].after if found.ties else found.before,
    )


def _side(view: View, graph: ActorGraph, texts: tuple[str, ...], parameter: str) -> Ints:
    """The actors that the values of one side stand for, in the order of ids."""
    found, understood = [], []
    for text in texts:
        try:
            found.append(actors_meant(view, graph, text, parameter))
            understood.append(view.understood[parameter])
        except NotFound:
            if text not in graph.groups.labels:
                raise
            column = list(graph.groups.labels).index(text)
            found.append(np.flatnonzero(graph.groups.members[:, [column]].toarray().ravel()))
            understood.append(text)
    view.understood[parameter] = list(dict.fromkeys(understood))
    actors = np.unique(np.concatenate(found))
    if not len(actors):
        raise InputError(
            f"`{parameter}` stands for no actor.", fix="Name an actor, or a group that has some.", parameter=parameter
        )
    return actors


def _check(a: Ints, b: Ints) -> None:
    pairs = len(a) * len(b) - len(np.intersect1d(a, b))
    if not pairs:
        raise InputError("There is no pair of an actor and another one.", fix="Name others.", parameter="b")
    if pairs > MOST_PAIRS:
        raise LimitExceeded(f"{pairs:,} pairs are more than {MOST_PAIRS:,}.", fix="Name fewer.", parameter="b")


def _told(view: View, graph: ActorGraph, tie: NewTie, pairs: int) -> NeededTie:
    ends = graph.ids[tie.a], graph.ids[tie.b]
    names, of = " and ".join(name_of(view, id) for id in ends), counted(pairs, "pair")
    because = f"With a tie of {names}, {tie.closer:,} of {of} would be closer"
    because += f", {tie.joined:,} of them without any way now." if tie.joined else "."
    return NeededTie(a=ends[0], b=ends[1], after=tie.after, gain=tie.gain, because=because)


def _sentence(found: Bridging) -> str:
    if not found.ties:
        return f"No new tie can be added between the two sides; their closeness is {found.before:.2f}."
    ties = counted(len(found.ties), "new tie")
    return (
        f"{ties} would raise the closeness of the two sides from {found.before:.2f} to"
        f" {found.ties[-1].after:.2f}, where 1 means that all are tied to all."
    )
