"""Cogs of connection that funding does not reach: peers who join others much and receive little, or nothing recorded.

Every peer (of one kind and sector) stands somewhere among its peers by cog score, which is computed on the whole
actor graph, and somewhere by the money it received (grants and payments to itself, FUNDS and PAYS). What counts is
the difference of the two percentiles: near 100 for the first as a cog and the last by funding. Those of whom no
funding is recorded come first, as nothing recorded is not the same as nothing received. Funding is compared in
the currency of most payments only. How sure a rank is shows over networks drawn by the confidence of each
relationship: the cog scores change, what was received stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.answers import NodeInAnswer, Part, QuestionAnswer
from graph.brokers import DRAWS, LIMIT, Certainty, certainty_of, clear_order, told_certainty
from graph.contacts import ActorParameters, contacts
from graph.groups import groups_of, stated_groups
from graph.limits import LARGEST_PAGE, MOST_DRAWS
from graph.measures import certainty, ranks
from graph.measures.brokerage import cog_scores
from graph.measures.percentiles import percentiles
from graph.model import Sector
from graph.money import MONEY, Payments, Period, Sums, note_money, payments
from graph.questions import empty_meta
from graph.sentences import money
from graph.ties import DECIMALS
from graph.view import View

ANY = "any"
LEAD = 1_000.0  # more than two differences can be apart
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
    limit: int = Field(LIMIT, ge=1, le=LARGEST_PAGE, description="How many are told; all peers are ranked.")
    draws: int = Field(DRAWS, ge=0, le=MOST_DRAWS, description="Draws for certainty; 0 switches it off.")


class UndervaluedCog(Part):
    """One peer, as a cog and by its funding."""

    node: NodeInAnswer
    rank: int = Field(description="1 is the first of all peers; equal ones have equal rank.")
    sentence: str = Field(description="What a person would say of it.")
    score: float = Field(description="Its cog score; 0 and more.")
    score_percentile: float = Field(description="Where it stands among its peers by cog score, 0 to 100.")
    funding: Sums = Field(description="What it received, by currency.", examples=[{"GBP": 45000.0}])
    funding_percentile: float = Field(description="Where it stands by what it received in the main currency, 0 to 100.")
    difference: float = Field(description="score_percentile less funding_percentile, −100 to 100.")
    funding_known: Known = Field(description="Whether any money is recorded, and with an amount.")
    certainty: Certainty | None = Field(description="How sure the rank is; null with `draws` 0.")


class Answer(QuestionAnswer):
    """Those without recorded funding first, then by difference from high to low, then by id."""

    cogs: tuple[UndervaluedCog, ...]
    clear_order: bool | None = Field(description="Whether the first holds its place over the draws; null when unknown.")


def answer(view: View, parameters: Parameters) -> Answer:
    """Compare each peer with its peers, as a cog and by funding."""
    graph = contacts(view, parameters)
    received = payments(view, MONEY).within(parameters.period)
    received = received.only(received.to_others & np.isin(received.payee, graph.actors))
    note_money(view, received, of="funding of any actor", period=parameters.period)
    currency = received.main_currency()
    if currency is None:
        view.note("No amount of funding is recorded, so nobody can be called undervalued: nothing is ranked.")
        return Answer(meta=empty_meta("undervalued_cogs"), cogs=(), clear_order=None)
    if len(np.unique(received.currency[received.stated])) > 1:
        view.note(f"Funding is compared in {currency}, the currency of most payments; the others are shown only.")
    peers = _peers(view, graph, parameters.peer_sector)
    if not any(len(some) for some in peers):
        view.note(f"No actor is of the sector {parameters.peer_sector!r}.")
    rows = [row for some in peers for row in _compared(graph, some, received, currency)]
    sure = _certainty(certainty_of(view, graph, parameters.draws), peers, rows) if rows else None
    rank = ranks([row.standing for row in rows])
    order = sorted(range(len(rows)), key=lambda place: (rank[place], rows[place].actor))[: parameters.limit]
    clear = clear_order(view, sure, order[0]) if order else None
    shown = [rows[place] for place in order]
    if idle := sum(row.score == 0 for row in rows):
        view.note(f"{idle:,} of {len(rows):,} peers join no two of different groups: they are no cogs of connection.")
    if any(row.known == "none recorded" for row in shown):
        view.note("None recorded means that no source here says so; it does not mean that nothing was received.")
    nodes = view.nodes(graph.ids[row.actor] for row in shown)
    told = [
        UndervaluedCog(
            node=nodes[graph.ids[row.actor]],
            rank=rank[place],
            sentence=_sentence(row, nodes[graph.ids[row.actor]].name, currency=currency),
            funding_known=row.known,
            difference=row.difference,
            certainty=told_certainty(sure, place, parameters.limit),
            **row.model_dump(exclude={"actor", "known"}),
        )
        for place, row in zip(order, shown, strict=True)
    ]
    return Answer(meta=empty_meta("undervalued_cogs"), cogs=tuple(told), clear_order=clear)


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

    @property
    def lead(self) -> float:
        """What puts those of whom no funding is recorded before all others."""
        return LEAD if self.known == "none recorded" else 0.0

    @property
    def standing(self) -> float:
        """What the peers are ranked by."""
        return round(self.lead + self.difference, DECIMALS)


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


def _certainty(
    drawn: certainty.Certainty | None, peers: Sequence[Ints], rows: Sequence[_Row]
) -> certainty.Certainty | None:
    """How sure the ranks of the rows are: in each draw the peers of each kind are compared again by cog score."""
    if drawn is None:
        return None
    by_score = np.hstack([certainty.row_percentiles(-drawn.drawn[:, some].astype(np.float64)) for some in peers])
    differences = np.round(by_score - [row.funding_percentile for row in rows], DECIMALS)
    standing = np.round(differences + [row.lead for row in rows], DECIMALS)
    return certainty.Certainty(certainty.row_ranks(standing), drawn.draws)


def _sentence(row: _Row, name: str, *, currency: str) -> str:
    sentence = f"{name} joins no two of different groups here"
    if row.score:
        sentence = f"{name} stands at {row.score_percentile:.3g} of 100 among its peers as a cog of connection"
    if row.known == "none recorded":
        sentence += ", and no funding of it is recorded."
    elif row.known == "amount missing":
        sentence += ", and the amount of its funding is not stated."
    else:
        had = money(row.funding.get(currency, 0.0), currency)
        sentence += f", and stands at {row.funding_percentile:.3g} of 100 by funding, with {had}."
    return sentence
