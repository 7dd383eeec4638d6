"""What the questions on the actor graph share: its parameters, its notes, and who is meant by a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.adjacency import Ints
from graph.answers import QuestionParameters
from graph.errors import InputError, NotFound
from graph.groups import groups_of, stated_groups
from graph.model import Sector, Word
from graph.near import large_items, self_ties
from graph.rows import distinct
from graph.ties import LARGEST_ITEM
from graph.view import View

GROUPS_SHOWN = 5


class ActorParameters(QuestionParameters):
    """Parameters of every question that is computed on the actor graph."""

    actors: tuple[Word, ...] = Field(
        ("organisation", "person"), min_length=1, description="Kinds that count as actors; places and themes never do."
    )
    group_by: str = Field(
        "sector",
        min_length=1,
        max_length=200,
        description="Groups: `sector`, `place`, `theme`, `community`, `funder`, or the name of an attribute.",
    )
    half_life: float | None = Field(
        None, gt=0, le=1_200, allow_inf_nan=False, description="Months after which a tie counts half; off without."
    )
    shared_work: bool = Field(True, description="Whether taking part in the same work makes a tie.")
    carriers: bool | None = Field(
        None, description="Whether people carry ties to their organisations; on only when people are no actors."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of everything that is found by chance.")

    def options(self) -> ActorOptions:
        """The same as what the actor graph is made by."""
        return ActorOptions(**{name: getattr(self, name) for name in ActorParameters.model_fields})


def contacts(view: View, parameters: ActorParameters) -> ActorGraph:
    """The actor graph of a view, with the notes that a reader of any answer on it needs."""
    options = parameters.options()
    graph = actor_graph(view.arrays, view.lens, options, bodies=view.bodies)
    view.understood["carriers"] = options.carry
    if not view.lens.period and graph.ended:
        view.note(f"Without a date every fact counts whenever it held; {graph.ended:,} of them have a stated end.")
    note_left_out(view, graph)
    return graph


def note_left_out(view: View, graph: ActorGraph) -> None:
    """Tell the reader which relationships make no ties: on items of too many, and of an actor with itself."""
    for id, size in large_items(graph).items():
        name = view.bodies([id])[id].name
        view.note(f"“{name}” has {size:,} participants, more than {LARGEST_ITEM}, and makes no ties among them.")
    if count := self_ties(graph):
        view.note(f"{count:,} relationships of an actor with itself are left out.")


def actor_meant(view: View, graph: ActorGraph, text: str, parameter: str) -> int:
    """Number of the one actor that a value names; a place, theme or sector is none."""
    id = view.resolve(text, parameter)
    actor = graph.actor(id)
    if actor is None:
        kind = view.bodies([id])[id].kind
        raise InputError(
            f"“{text}” is of the kind {kind}, and the actors are of kind {' or '.join(graph.options.actors)}.",
            fix=f"Name one of those, or add {kind} to `actors`.",
            parameter=parameter,
        )
    return actor


def actors_meant(view: View, graph: ActorGraph, text: str, parameter: str) -> Ints:
    """Numbers of the actors that a value stands for: an actor, all actors of a place or theme, or of a sector."""
    try:
        id = view.resolve(text, parameter)
    except NotFound:
        if text.casefold() not in set(Sector):
            raise
        view.understood[parameter] = text.casefold()
        return _in_groups(view, graph, "sector", [text.casefold()])
    kind = view.bodies([id])[id].kind
    if (actor := graph.actor(id)) is not None:
        return np.array([actor], np.int64)
    if kind in ("place", "theme"):
        parts = view.store.parts(view.lens.model_copy(update={"place": (id,), "theme": ()}))[id]
        return _in_groups(view, graph, kind, parts)
    raise InputError(
        f"“{text}” is of the kind {kind}, and the actors are of kind {' or '.join(graph.options.actors)}.",
        fix=f"Name an actor, a place, a theme or a sector, or add {kind} to `actors`.",
        parameter=parameter,
    )


def all_meant(view: View, graph: ActorGraph, texts: Sequence[str], parameter: str) -> Ints:
    """Numbers of all actors that several values stand for, each once, in the order of ids."""
    found, understood = [], []
    for text in texts:
        found.append(actors_meant(view, graph, text, parameter))
        understood.append(view.understood[parameter])
    view.understood[parameter] = list(dict.fromkeys(understood))
    return distinct(np.concatenate(found)) if found else np.empty(0, np.int64)


def nodes_meant(view: View, graph: ActorGraph, texts: Sequence[str], parameter: str) -> Ints:
    """Numbers in the arrays of what several values stand for, each once: nodes of any kind, or actors as above."""
    found, understood = [], []
    for text in texts:
        found.append(_node_or_actors(view, graph, text, parameter))
        understood.append(view.understood[parameter])
    view.understood[parameter] = list(dict.fromkeys(understood))
    return distinct(np.concatenate(found)) if found else np.empty(0, np.int64)


def _node_or_actors(view: View, graph: ActorGraph, text: str, parameter: str) -> Ints:
    try:
        id = view.resolve(text, parameter)
    except NotFound:
        return graph.actors[actors_meant(view, graph, text, parameter)]
    if view.bodies([id])[id].kind not in ("place", "theme"):
        return np.array([view.number(id)], np.int64)
    return graph.actors[actors_meant(view, graph, text, parameter)]


def _in_groups(view: View, graph: ActorGraph, by: str, wanted: Sequence[str]) -> Ints:
    groups = groups_of(graph.actors, *stated_groups(view.arrays, graph.nodes, graph.relationships, by))
    columns = [place for place, label in enumerate(groups.labels) if label in set(wanted)]
    return np.flatnonzero(np.asarray(groups.members[:, columns].sum(axis=1)).ravel() > 0)
