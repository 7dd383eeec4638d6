"""One cog of connection explained: its rank and measures, every pair it joins, and the relationships behind each."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from graph.answers import Cut, NodeName, QuestionAnswer, RelationshipInAnswer
from graph.brokers import DRAWS, LIMIT, Cog, PairInAnswer, certainty_of, cog_values, told_certainty, told_pair
from graph.contacts import ActorParameters, actor_meant, contacts
from graph.measures.brokerage import brokerage, brokered_pairs
from graph.questions import empty_meta
from graph.undefined import OF_COGS, note_undefined
from graph.view import View

MOST_PAIRS = 500


class Parameters(ActorParameters):
    """Which actor."""

    node: NodeName = Field(examples=["oldham-council"])


class ExplainedPair(PairInAnswer):
    """A pair with everything that ties both of them to the cog."""

    relationships: tuple[RelationshipInAnswer, ...]


class Answer(Cog, QuestionAnswer):
    """One actor as a cog, with all pairs that rest on it."""

    all_pairs: tuple[ExplainedPair, ...] = Field(description="Greatest strength ÷ common first, then by ids.")


def answer(view: View, parameters: Parameters) -> Answer:
    """Tell one actor with all its pairs."""
    graph = contacts(view, parameters)
    actor = actor_meant(view, graph, parameters.node, "node")
    total = brokerage(graph).pairs[actor]
    pairs = brokered_pairs(graph, actor, limit=MOST_PAIRS)
    if total > len(pairs):
        view.cut = Cut(limit="pairs", kept=len(pairs), of=total)
    sure = told_certainty(certainty_of(view, graph, DRAWS), actor, LIMIT)

    @cache
    def behind(other: int) -> tuple[RelationshipInAnswer, ...]:
        return tuple(view.relationships(view.between(graph.behind(actor, other))))

    told = tuple(
        ExplainedPair(**vars(told_pair(graph, pair)), relationships=(*behind(pair.a), *behind(pair.b)))
        for pair in pairs
    )
    values = cog_values(view, graph, [actor])[actor]
    answer = Answer.model_validate({**values, "certainty": sure, "meta": empty_meta("cog"), "all_pairs": told})
    note_undefined(view, [answer], OF_COGS)
    return answer
