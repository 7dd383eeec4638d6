"""What is lost if these leave: who would no longer reach whom, who would be left alone, and what hangs on one person.

Leavers may be of any kind: a person, an organisation, a programme, a funder. The network is made again without them,
so that ties they carried and work they shared go too. Without leavers each actor is taken away alone.
`articulation`, `bridge_ties` and `carried` are about the network as it is, whoever leaves.
"""

from __future__ import annotations

from pydantic import Field

from graph.answers import NodeName, QuestionAnswer
from graph.contacts import ActorParameters, contacts, nodes_meant
from graph.losses import Losses, losses
from graph.questions import empty_meta
from graph.view import View


class Parameters(ActorParameters):
    """Who leaves; a place, a theme or a sector stands for all actors of it."""

    leavers: tuple[NodeName, ...] = Field(
        (), max_length=100, description="Who leaves, all together; without, each actor alone."
    )


class Answer(Losses, QuestionAnswer):
    """What would be lost."""


def answer(view: View, parameters: Parameters) -> Answer:
    """Take the leavers away and look who still reaches whom."""
    graph = contacts(view, parameters)
    leavers = nodes_meant(view, graph, parameters.leavers, "leavers") if parameters.leavers else None
    if leavers is not None and not len(leavers):
        view.note("The leavers stand for no actor, so nothing is lost.")
    return Answer.model_validate({**losses(view, graph, leavers), "meta": empty_meta("resilience")})
