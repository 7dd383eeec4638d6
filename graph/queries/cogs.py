"""The cogs of connection: who joins groups that would otherwise have little contact, and which pairs rest on each.

The cog score of an actor sums, over the pairs of its neighbours that are not tied to each other and whose
groups differ, the weaker of its two ties, divided by the number of those who join the pair. All actors are
ranked by it, zeros too.
"""

from __future__ import annotations

from pydantic import Field

from graph.answers import QuestionAnswer
from graph.brokers import Cog, cog_values
from graph.contacts import ActorParameters, contacts
from graph.limits import LARGEST_PAGE, MOST_DRAWS
from graph.measures.brokerage import cog_scores
from graph.questions import empty_meta
from graph.view import View

NOT_YET = "How sure the ranking is has not been computed: `certainty` and `clear_order` are null."


class Parameters(ActorParameters):
    """How many are told, and how the groups are made."""

    limit: int = Field(20, ge=1, le=LARGEST_PAGE, description="How many cogs are told; all actors are ranked.")
    draws: int = Field(500, ge=0, le=MOST_DRAWS, description="Draws for the certainty of the ranks; 0 switches it off.")


class Answer(QuestionAnswer):
    """The ranking: score from high to low, then id; equal scores have equal rank."""

    cogs: tuple[Cog, ...]
    clear_order: bool | None = Field(description="Whether the first can be told from the next; null when unknown.")


def answer(view: View, parameters: Parameters) -> Answer:
    """Rank all actors and tell the first."""
    graph = contacts(view, parameters)
    scores = cog_scores(graph)
    order = sorted(range(len(graph)), key=lambda actor: (-scores[actor], actor))[: parameters.limit]
    if parameters.draws:
        view.note(NOT_YET)
    if not graph.groups.stated.any():
        view.note(f"No actor has a stated group by {parameters.group_by!r}, so no pair counts.")
    values = cog_values(view, graph, order)
    cogs = tuple(Cog.model_validate(values[actor]) for actor in order)
    return Answer(meta=empty_meta("cogs"), cogs=cogs, clear_order=None)
