"""The cogs of connection: who joins groups that would otherwise have little contact, and which pairs rest on each.

The cog score of an actor sums, over the pairs of its neighbours that are not tied to each other and whose
groups differ, the weaker of its two ties, divided by the number of those who join the pair. All actors are
ranked by it, zeros too. How sure a rank is shows over networks drawn by the confidence of each relationship.
"""

from __future__ import annotations

from pydantic import Field

from graph.answers import QuestionAnswer
from graph.brokers import DRAWS, LIMIT, Cog, certainty_of, clear_order, cog_values, told_certainty
from graph.contacts import ActorParameters, contacts
from graph.limits import LARGEST_PAGE, MOST_DRAWS
from graph.measures.brokerage import cog_scores
from graph.questions import empty_meta
from graph.undefined import OF_COGS, note_undefined
from graph.view import View


class Parameters(ActorParameters):
    """How many are told, and how the groups are made."""

    limit: int = Field(LIMIT, ge=1, le=LARGEST_PAGE, description="How many cogs are told; all actors are ranked.")
    draws: int = Field(DRAWS, ge=0, le=MOST_DRAWS, description="Draws for certainty; 0 switches it off.")


class Answer(QuestionAnswer):
    """The ranking: score from high to low, then id; equal scores have equal rank."""

    cogs: tuple[Cog, ...]
    clear_order: bool | None = Field(description="Whether the first holds its place over the draws; null when unknown.")


def answer(view: View, parameters: Parameters) -> Answer:
    """Rank all actors and tell the first."""
    graph = contacts(view, parameters)
    scores = cog_scores(graph)
    order = sorted(range(len(graph)), key=lambda actor: (-scores[actor], actor))[: parameters.limit]
    sure = certainty_of(view, graph, parameters.draws)
    clear = clear_order(view, sure, order[0]) if order else None
    values = cog_values(view, graph, order)
    limit = parameters.limit
    cogs = [Cog.model_validate({**values[one], "certainty": told_certainty(sure, one, limit)}) for one in order]
    note_undefined(view, cogs, OF_COGS)
    return Answer(meta=empty_meta("cogs"), cogs=tuple(cogs), clear_order=clear)
