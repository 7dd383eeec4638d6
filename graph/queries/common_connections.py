"""Whom several actors know in common, and how strongly each of them is tied to those."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph
from graph.answers import NodeInAnswer, NodeName, Part, QuestionAnswer, RelationshipInAnswer
from graph.contacts import ActorParameters, all_meant, contacts
from graph.errors import InputError
from graph.near import around
from graph.questions import empty_meta
from graph.view import View


class Parameters(ActorParameters):
    """The actors; a place, a theme or a sector stands for all actors of it."""

    nodes: tuple[NodeName, ...] = Field(min_length=2, max_length=10, examples=[["oldham-council", "sport-england"]])


class Tie(Part):
    """The tie to one of the given actors, with the relationships behind it."""

    to: str = Field(description="Id of the given actor.")
    strength: float = Field(description="0 to 1.")
    relationships: tuple[RelationshipInAnswer, ...]


class CommonConnection(Part):
    """An actor tied to every one of the given actors."""

    node: NodeInAnswer
    weakest: float = Field(description="Strength of its weakest tie to a given actor.")
    ties: tuple[Tie, ...]


class Answer(QuestionAnswer):
    """Those tied to all of the given actors: strongest weakest tie first, then by id."""

    common: tuple[CommonConnection, ...]


def answer(view: View, parameters: Parameters) -> Answer:
    """Intersect the neighbours of the given actors."""
    graph = contacts(view, parameters)
    given = all_meant(view, graph, parameters.nodes, "nodes")
    if len(given) < 2:
        raise InputError("`nodes` stands for fewer than two actors.", fix="Name two or more.", parameter="nodes")
    graph, given = around(graph, given)
    common = reduce(np.intersect1d, [graph.neighbours(actor) for actor in given.tolist()]).tolist()
    weakest = {actor: min(graph.strength(actor, other) for other in given.tolist()) for actor in common}
    order = sorted(common, key=lambda actor: (-weakest[actor], actor))
    nodes = view.nodes(graph.ids[actor] for actor in order)
    pairs = [(actor, other) for actor in order for other in given.tolist()]
    behind = {pair: view.between_by_id(graph.arrays.named(graph.behind(*pair).tolist())) for pair in pairs}
    every = view.relationships_by_id({id: name for some in behind.values() for id, name in some.items()})
    told = {one.id: one for one in view.told(every)}  # all in one read
    if not order:
        view.note("No actor is tied to all of them; `connectors` finds who joins them over more steps.")
    return Answer(
        meta=empty_meta("common_connections"),
        common=tuple(
            CommonConnection(
                node=nodes[graph.ids[actor]],
                weakest=weakest[actor],
                ties=tuple(
                    _tie(graph, (actor, other), [told[id] for id in behind[actor, other]]) for other in given.tolist()
                ),
            )
            for actor in order
        ),
    )


def _tie(graph: ActorGraph, pair: tuple[int, int], behind: Sequence[RelationshipInAnswer]) -> Tie:
    ordered = sorted(behind, key=lambda one: (one.type, one.id))
    return Tie(to=graph.ids[pair[1]], strength=graph.strength(*pair), relationships=tuple(ordered))
