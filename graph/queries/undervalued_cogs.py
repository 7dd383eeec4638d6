"""Cogs of connection that funding does not reach: peers who join others much and receive little, or nothing recorded.

Every peer (of one kind and sector) stands somewhere among its peers by cog score, which is computed on the whole
actor graph, and somewhere by the money it received (grants and payments to itself, FUNDS and PAYS). What counts is
the difference of the two percentiles: near 100 for the first as a cog and the last by funding. Those of whom no
funding is recorded come first, as nothing recorded is not the same as nothing received. Funding is compared in
the currency of most payments only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.answers import NodeInAnswer, Part, QuestionAnswer
from graph.contacts import ActorParameters, contacts
from graph.groups import groups_of, stated_groups
from graph.limits import LARGEST_PAGE
from graph.measures.brokerage import cog_scores
from graph.measures.percentiles import percentiles
from graph.model import Sector
from graph.money import MONEY, Payments, Period, Sums, note_money, payments
from graph.questions import empty_meta
from graph.sentences import money
from graph.ties import DECIMALS
from graph.view import View

ANY = "any"
Known = Literal["none recorded", "zero", "amount missing", "recorded"]


def _peer_sector(value: str) -> str:
    if value not in (ANY, *Sector):
        raise ValueError(f"it is none of {', '.join((ANY, *Sector))}")
    return value


class Parameters(ActorParameters):
    """Which peers, and money of which time."""

    period: Period | None = None
    peer_sector: Annotated[str, AfterValidator(_peer_sector)] = Field(
        "community",
        description="Sector of the peers; `any` for all.",
        json_schema_extra={"enum": [ANY, *(str(sector) for sector in Sector)]},
    )
    limit: int = Field(20, ge=1, le=LARGEST_PAGE, description="How many are told.")


class UndervaluedCog(Part):
    """One peer, as a cog and by its funding."""

    node: NodeInAnswer
    sentence: str = Field(description="What a person would say of it.")
    score: float = Field(description="Its cog score; 0 and more.")
    score_percentile: float = Field(description="Where it stands among its peers by cog score, 0 to 100.")
    funding: Sums = Field(description="What it received, by currency.", examples=[{"GBP": 45000.0}])
    funding_percentile: float = Field(description="Where it stands by what it received in the main currency, 0 to 100.")
    difference: float = Field(description="score_percentile less funding_percentile, −100 to 100.")
    funding_known: Known = Field(description="Whether any money is recorded, and with an amount.")


class Answer(QuestionAnswer):
    """Those without recorded funding first, then by difference from high to low, then by id."""

    cogs: tuple[UndervaluedCog, ...]


def answer(view: View, parameters: Parameters) -> Answer:
    """Compare each peer with its peers, as a cog and by funding."""
    graph = contacts(view, parameters)
    received = payments(view, MONEY).within(parameters.period)
    received = received.only(received.to_others & np.isin(received.payee, graph.actors))
    note_money(view, received, of="funding of any actor", period=parameters.period)
    currency = received.main_currency()
    if currency is None:
        view.note("No amount of funding is recorded, so nobody can be called undervalued: nothing is ranked.")
        return Answer(meta=empty_meta("undervalued_cogs"), cogs=())
    if len(np.unique(received.currency[received.stated])) > 1:
        view.note(f"Funding is compared in {currency}, the currency of most payments; the others are shown only.")
    peers = _peers(view, graph, parameters.peer_sector)
    if not any(len(some) for some in peers):
        view.note(f"No actor is of the sector {parameters.peer_sector!r}.")
    rows = [row for some in peers for row in _compared(graph, some, received, currency)]
    rows.sort(key=lambda row: (row.known != "none recorded", -row.difference, row.actor))
    shown = rows[: parameters.limit]
    if idle := sum(row.score == 0 for row in rows):
        view.note(f"{idle:,} of {len(rows):,} peers join no two of different groups: they are no cogs of connection.")
    if any(row.known == "none recorded" for row in shown):
        view.note("None recorded means that no source here says so; it does not mean that nothing was received.")
    nodes = view.nodes(graph.ids[row.actor] for row in shown)
    return Answer(
        meta=empty_meta("undervalued_cogs"),
        cogs=tuple(_told(row, nodes[graph.ids[row.actor]], currency) for row in shown),
    )


class _Row(Part):
    """What is known of one peer."""

    actor: int
    score: float
    score_percentile: float
    funding: Sums
    funding_percentile: float
    known: Known

    @property
    def difference(self) -> float:
        """How much higher it stands as a cog than by funding."""
        return round(self.score_percentile - self.funding_percentile, DECIMALS) + 0.0


def _peers(view: View, graph: ActorGraph, sector: str) -> list[Ints]:
    """For each kind, the actors of the sector."""
    kinds = view.arrays.nodes.kind[graph.actors]
    groups = groups_of(graph.actors, *stated_groups(view.arrays, graph.nodes, graph.relationships, "sector"))
    member = np.array([sector == ANY or sector in groups.of(actor) for actor in range(len(graph))], np.bool_)
    return [np.flatnonzero(member & (kinds == kind)) for kind in np.unique(kinds)]


def _compared(graph: ActorGraph, peers: Ints, received: Payments, currency: str) -> Iterator[_Row]:
    """The peers of one kind, each compared with all of them."""
    scores, sums = [cog_scores(graph)[peer] for peer in peers.tolist()], received.sums(received.payee)
    recorded, stated = set(received.payee.tolist()), set(received.payee[received.stated].tolist())
    numbers = graph.actors[peers].tolist()
    funding = [sums.get(number, {}) for number in numbers]
    by_score, by_funding = percentiles(scores), percentiles([some.get(currency, 0.0) for some in funding])
    for place, number in enumerate(numbers):
        known: Known = "recorded" if any(funding[place].values()) else "zero"
        if number not in stated:
            known = "amount missing" if number in recorded else "none recorded"
        yield _Row(
            actor=int(peers[place]),
            score=scores[place],
            score_percentile=by_score[place],
            funding=funding[place],
            funding_percentile=by_funding[place],
            known=known,
        )


def _told(row: _Row, node: NodeInAnswer, currency: str) -> UndervaluedCog:
    values = row.model_dump(exclude={"actor", "known"})
    sentence = f"{node.name} joins no two of different groups here"
    if row.score:
        sentence = f"{node.name} stands at {row.score_percentile:.3g} of 100 among its peers as a cog of connection"
    if row.known == "none recorded":
        sentence += ", and no funding of it is recorded."
    elif row.known == "amount missing":
        sentence += ", and the amount of its funding is not stated."
    else:
        had = money(row.funding.get(currency, 0.0), currency)
        sentence += f", and stands at {row.funding_percentile:.3g} of 100 by funding, with {had}."
    return UndervaluedCog(node=node, sentence=sentence, difference=row.difference, funding_known=row.known, **values)
