"""What people ask by mistake, or of a network that cannot tell: each is answered, or refused, in words that help.

On the network of `conftest.py`, which has no money and no dates; where money is needed, two grants are added.
"""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import CogsError
from graph.model import Audience, Relationship
from graph.questions import ask
from graph.store import Store
from graph.store.records import Batch
from tests.graph.queries.conftest import EVIDENCE

GRANTS = [("trust", "hub", 100, "GBP"), ("trust", "firm", 300, "EUR"), ("council", "hub", 50, "GBP")]


@pytest.fixture
def funded(store: Store) -> Store:
    """The same with grants in two currencies."""
    made = [
        Relationship.model_validate(
            {"id": f"m{place}", "type": "FUNDS", "source": source, "target": target, "amount": amount,
             "currency": currency, "start": "2019", "evidence": EVIDENCE}
        )
        for place, (source, target, amount, currency) in enumerate(GRANTS)
    ]  # fmt: skip
    store.apply(Batch(relationships=made), by="test")
    return store


def said(store: Store, question: str, values: dict[str, Any], audience: Audience = Audience.private) -> str:
    """Everything that is said in words: the sentence and notes of an answer, or what is wrong and how to mend it."""
    try:
        answer: Any = ask(store, question, values, audience=audience)
    except CogsError as wrong:
        return f"{wrong.message} {wrong.fix}"
    return " ".join([getattr(answer, "sentence", ""), *answer.meta.notes])


@pytest.mark.parametrize(
    ("question", "values", "words"),
    [
        # A group of one.
        ("bridges_needed", {"a": ["hub"], "b": ["hub"]}, "no pair of an actor and another one. Name others."),
        ("common_connections", {"nodes": ["community", "hub"]}, "stands for fewer than two actors. Name two or more."),
        ("connectors", {"sources": ["community"], "targets": ["hub"]}, "no pair of a source and another target"),
        # Needs that nobody covers.
        ("coalition", {"needs": ["media"]}, "Nobody covers the sector media."),
        # Leavers who are everyone.
        ("resilience", {"leavers": ["academia", "business", "community", "funder", "public"]}, "no actor would stay"),
        # Source equal to target.
        ("paths", {"source": "hub", "target": "Hub"}, "Source and target are the same node. Name two different nodes."),
        ("connectors", {"sources": ["hub"], "targets": ["hub"]}, "no pair of a source and another target"),
        # No funding at all.
        ("undervalued_cogs", {}, "No amount of funding is recorded, so nobody can be called undervalued"),
        ("portfolio", {"funder": "trust"}, "No grant of Trust is recorded"),
        ("co_funding", {}, "No grant is recorded"),
        ("flows", {"payer": "trust"}, "No grant or payment of Trust is recorded"),
        # A graph without any tie.
        ("cogs", {"type": ["LOCATED_IN"]}, "`constraint`"),
        ("cog", {"type": ["LOCATED_IN"], "node": "hub"}, "joins no pair of different groups"),
        ("communities", {"type": ["LOCATED_IN"]}, "No two actors are tied"),
        ("common_connections", {"type": ["LOCATED_IN"], "nodes": ["hub", "firm"]}, "No actor is tied to all of them"),
        ("introductions", {"type": ["LOCATED_IN"]}, "There is nobody to be introduced"),
        ("gaps", {"type": ["LOCATED_IN"]}, "No two actors are tied, so nothing is expected."),
        ("resilience", {"type": ["LOCATED_IN"]}, "No two actors are connected now, so there is nothing to lose."),
        ("stage", {"type": ["LOCATED_IN"]}, "scattered"),
        ("paths", {"type": ["FUNDS"], "source": "hub", "target": "firm"}, "No path joins them within 6 steps"),
        # An attribute that nobody has.
        ("cogs", {"group_by": "colour"}, "No actor has a stated group by 'colour', so no pair counts."),
        ("cog", {"group_by": "colour", "node": "hub"}, "No actor has a stated group by 'colour', so no pair counts."),
        ("gaps", {"group_by": "colour"}, "group by sector, place, theme, community, funder or an attribute."),
        ("bridges_needed", {"group_by": "colour", "a": ["red"], "b": ["hub"]}, "red"),
        # More draws than the limit.
        ("cogs", {"draws": 2_001}, "draws is wrong"),
        ("gaps", {"permutations": 10_001}, "permutations is wrong"),
        # Dates the wrong way round.
        ("cogs", {"since": "2020", "until": "2019"}, "`since` is after `until`. Swap them."),
        ("compare", {"before": "2020", "after": "2019"}, "`before` (2020) is after `after` (2019). Give the earlier"),
        ("flows", {"payer": "trust", "period": "2020/2019"}, "2020 is after 2019. Swap them."),
        ("undervalued_cogs", {"period": "2020/2019"}, "2020 is after 2019. Swap them."),
        ("portfolio", {"funder": "trust", "period": "2020/2019"}, "2020 is after 2019. Swap them."),
        ("co_funding", {"period": "2020/2019"}, "2020 is after 2019. Swap them."),
    ],
)
def test_odd_questions(store: Store, question: str, values: dict[str, Any], words: str) -> None:
    assert words in said(store, question, values)


@pytest.mark.parametrize(
    ("question", "values", "words"),
    [
        ("undervalued_cogs", {"peer_sector": "any"}, "Funding is compared in GBP, the currency of most payments"),
        ("portfolio", {"funder": "trust"}, "Amounts are in EUR, GBP; they are never added up across currencies."),
        ("co_funding", {}, "Amounts are in EUR, GBP; they are never added up across currencies."),
        ("flows", {"payer": "trust"}, "Amounts are in EUR, GBP; they are never added up across currencies."),
        ("undervalued_cogs", {"period": "1999"}, "No amount of funding is recorded"),
        ("undervalued_cogs", {"peer_sector": "media"}, "No actor is of the sector 'media'."),
    ],
)
def test_currencies_are_never_mixed(funded: Store, question: str, values: dict[str, Any], words: str) -> None:
    assert words in said(funded, question, values)


def test_a_group_of_one_is_not_told_to_the_public(store: Store) -> None:
    assert "the numbers are withheld" in said(store, "gaps", {}, Audience.public)
