"""How the network has changed: ties added, ended, stronger and weaker, and who came and went, between two dates.

Two dates of the world, or, with `as_known`, two states of our knowledge: what had been recorded by the one day and
by the other. The two differ: a tie of 2015 may have been recorded in 2020. A tie is stronger or weaker when its
strength differs by more than 0.1. Closures are triangles closed within 180 days of an introduction, event or
programme of both: an association, and no proof that the one led to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph, actor_graph
from graph.answers import NodeInAnswer, Part, QuestionAnswer
from graph.contacts import ActorParameters, note_left_out
from graph.errors import InputError
from graph.knowledge import known_by, undated
from graph.measures.change import DAYS_AFTER, NOTICEABLE, Change, Closure, changes, closed_triangles, closures, tied
from graph.measures.cohesion import efficiency, transitivity
from graph.measures.communities import communities
from graph.measures.resilience import components
from graph.measures.stage import stage
from graph.model import PartialDate, days
from graph.questions import empty_meta
from graph.search import fold
from graph.ties import DECIMALS
from graph.undefined import OF_NETWORKS, note_undefined
from graph.view import View
from graph.wording import counted

MOST_SHOWN = 500
LISTS: dict[str, Callable[[Change], bool]] = {
    "ties_added": lambda change: not change.before,
    "ties_ended": lambda change: not change.after,
    "strengthened": lambda change: bool(change.before and change.after) and change.difference > NOTICEABLE,
    "weakened": lambda change: bool(change.before and change.after) and change.difference < -NOTICEABLE,
}


class Parameters(ActorParameters):
    """The two dates, and what they are dates of."""

    before: PartialDate = Field(description="The earlier date: a year, a month or a day.", examples=["2019"])
    after: PartialDate = Field(description="The later date.", examples=["2020-06"])
    as_known: bool = Field(False, description="Compare what was recorded by each date, not what held on it.")


class TieChange(Part):
    """Two actors and the strength of their tie on both dates; 0 where there is none."""

    a: str = Field(description="Id of the one.")
    b: str = Field(description="Id of the other.")
    before: float = Field(description="Strength on the first date, 0 to 1.")
    after: float = Field(description="Strength on the second date, 0 to 1.")


class State(Part):
    """The main numbers of the network on one date."""

    stage: str | None = Field(description="As the question `stage` calls it; null without actors.")
    actors: int = Field(description="Number of actors.")
    tied: int = Field(description="Actors with a tie.")
    ties: int = Field(description="Number of ties.")
    components: int = Field(description="Parts that are not connected with each other; an isolate is one.")
    largest_component_share: float | None = Field(description="Share of actors in the largest; null without actors.")
    transitivity: float | None = Field(description="How often two neighbours of one actor are tied; null without such.")
    efficiency: float | None = Field(description="Mean of 1 ÷ steps over all pairs; null without a pair.")
    modularity: float | None = Field(description="How clearly the communities stand apart; null without ties.")


class Numbers(Part):
    """The main numbers on both dates."""

    before: State
    after: State


class ClosedTriangle(Part):
    """Two who came into contact soon after an occasion to meet, and had somebody in common already."""

    a: str = Field(description="Id of the one.")
    b: str = Field(description="Id of the other.")
    sentence: str
    via: tuple[str, ...] = Field(description="Ids of those that both were in contact with before and after.")
    occasion: str | None = Field(description="Id of the event or programme; null for an introduction.")
    introductions: tuple[str, ...] = Field(description="Ids of the relationships by which they were introduced.")
    days: int = Field(description="Days from the occasion to the tie; a partial date counts from its first day.")


class Answer(QuestionAnswer):
    """Greatest changes first, then by ids; newcomers have a tie after and none before, leavers the other way round."""

    sentence: str
    ties_added: tuple[TieChange, ...]
    ties_ended: tuple[TieChange, ...]
    strengthened: tuple[TieChange, ...]
    weakened: tuple[TieChange, ...]
    newcomers: tuple[NodeInAnswer, ...]
    leavers: tuple[NodeInAnswer, ...]
    numbers: Numbers
    closures: tuple[ClosedTriangle, ...]


class _States(NamedTuple):
    """The actor graph on both dates."""

    before: ActorGraph
    after: ActorGraph


def answer(view: View, parameters: Parameters) -> Answer:
    """Make the actor graph of both dates and compare them."""
    states = _states(view, parameters)
    found = changes(*states)
    lists = {name: [change for change in found if belongs(change)] for name, belongs in LISTS.items()}
    tied_before, tied_after = tied(states.before), tied(states.after)
    came, went = sorted(tied_after - tied_before), sorted(tied_before - tied_after)
    if not tied_before and not tied_after:
        view.note("No two actors are tied on either date.")
    counts = {name: len(some) for name, some in lists.items()} | {"newcomers": len(came), "leavers": len(went)}
    numbers = Numbers(before=_numbers(states.before), after=_numbers(states.after))
    note_undefined(view, (numbers.before, numbers.after), OF_NETWORKS)
    return Answer(
        meta=empty_meta("compare"),
        sentence=_sentence(parameters, counts),
        **{name: _told(view, name, some) for name, some in lists.items()},
        newcomers=_nodes(view, "newcomers", came),
        leavers=_nodes(view, "leavers", went),
        numbers=numbers,
        closures=tuple(_closures(view, states, found)),
    )


def _states(view: View, parameters: Parameters) -> _States:
    first, last = days(parameters.before), days(parameters.after)
    if first[0] > last[0] or first[1] > last[1]:
        raise InputError(
            f"`before` ({parameters.before}) is after `after` ({parameters.after}).",
            fix="Give the earlier date first.",
            parameter="before",
        )
    options = parameters.options()
    view.understood["carriers"] = options.carry
    if parameters.as_known:
        arrays, lenses = [known_by(view, day) for day in (first[1], last[1])], [view.lens, view.lens]
        if count := undated(view):
            view.note(f"{count:,} nodes and relationships do not say when they were recorded and count on both dates.")
    else:
        for name in ("at", "since", "until"):
            if getattr(view.lens, name):
                raise InputError(
                    f"`{name}` is given beside `before` and `after`.",
                    fix=f"Leave out `{name}`, or add `as_known` to compare what was known of that time.",
                    parameter=name,
                )
        dates = (parameters.before, parameters.after)
        arrays, lenses = [view.arrays] * 2, [view.lens.model_copy(update={"at": date}) for date in dates]
    graphs = [actor_graph(*pair, options, bodies=view.bodies) for pair in zip(arrays, lenses, strict=True)]
    for graph in graphs:
        note_left_out(view, graph)
    return _States(*graphs)


def _told(view: View, name: str, some: Sequence[Change]) -> tuple[TieChange, ...]:
    view.show_first(name, len(some[:MOST_SHOWN]), len(some))
    return tuple(TieChange(a=one.a, b=one.b, before=one.before, after=one.after) for one in some[:MOST_SHOWN])


def _nodes(view: View, name: str, ids: Sequence[str]) -> tuple[NodeInAnswer, ...]:
    view.show_first(name, len(ids[:MOST_SHOWN]), len(ids))
    return tuple(view.nodes(ids[:MOST_SHOWN]).values())


def _numbers(graph: ActorGraph) -> State:
    sizes, seed = np.bincount(components(graph)).tolist() if len(graph) else [], graph.options.seed
    return State(
        stage=stage(graph, seed=seed).name,
        actors=len(graph),
        tied=len(tied(graph)),
        ties=len(graph.ties.first),
        components=len(sizes),
        largest_component_share=round(max(sizes) / len(graph), DECIMALS) if sizes else None,
        transitivity=transitivity(graph),
        efficiency=efficiency(graph, seed=seed).value,
        modularity=communities(graph, seed=seed).modularity,
    )


def _sentence(parameters: Parameters, counts: dict[str, int]) -> str:
    """What a person would say of all changes together."""
    words = {"ties_added": "tie{} added", "ties_ended": "tie{} ended", "newcomers": "newcomer{}", "leavers": "leaver{}"}
    said = [f"{n:,} {words.get(name, name).format('s' * (n != 1))}" for name, n in counts.items()]
    what = "From what was known by" if parameters.as_known else "From"
    return f"{what} {parameters.before} to {parameters.after}: {', '.join(said)}."


def _closures(view: View, states: _States, changed: Sequence[Change]) -> Iterator[ClosedTriangle]:
    """The closures after introductions, events and programmes; other projects are no occasion of their own."""
    closed = closed_triangles(changed)
    all_found = closures(states, view.lens, closed)
    bodies = view.bodies(one.occasion.node for one in all_found if one.occasion.node)
    meant = {id for id, node in bodies.items() if node.kind == "event" or "programme" in fold(node.subkind or "")}
    found = [one for one in all_found if one.occasion.node is None or one.occasion.node in meant]
    if closed:
        after = f"{len({(one.a, one.b) for one in found}):,} of them within {DAYS_AFTER} days"
        view.note(
            f"{counted(len(closed), 'pair')} with somebody in common came into contact, {after}"
            " of an introduction, event or programme: an association, not a proof that the one led to the other."
        )
    view.show_first("closures", len(found[:MOST_SHOWN]), len(found))
    for one in found[:MOST_SHOWN]:
        yield _told_closure(view, one)


def _told_closure(view: View, one: Closure) -> ClosedTriangle:
    between = one.day - one.occasion.day
    when = "on the day that" if between == 0 else f"{between} day{'s' * (between != 1)} after"
    met = "they were introduced"
    if one.occasion.node:
        met = f"both took part in {_names(view, [one.occasion.node])}"
    return ClosedTriangle(
        a=one.a,
        b=one.b,
        sentence=f"{_names(view, [one.a, one.b])}, both in contact with {_names(view, one.via[:1])}"
        f"{_others(len(one.via) - 1)}, came into contact {when} {met}.",
        via=one.via,
        occasion=one.occasion.node,
        introductions=one.occasion.relationships,
        days=between,
    )


def _names(view: View, ids: Iterable[str]) -> str:
    return " and ".join(node.name for node in view.bodies(ids).values())


def _others(count: int) -> str:
    return f" and {count:,} other{'s' * (count != 1)}" if count else ""
