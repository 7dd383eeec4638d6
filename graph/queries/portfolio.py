"""A funder's view: whom its grantees reach, whether they know each other, where its money goes, and what hangs on it.

Grantees are the actors that the funder gives grants (FUNDS) to. Their ties among themselves, `reach` (actors within
two steps, itself included) and `marginal_reach` (those that no other grantee reaches) are those of the actor graph
without the funder. Concentration is the sum of squared shares by place and by theme, an amount split evenly over
several. A cold spot is a place and a theme with actors that have a tie and both of them, none of whom anybody funds;
`exit` says what would be lost if the funder left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.answers import NodeInAnswer, NodeName, Part, QuestionAnswer
from graph.contacts import ActorParameters, contacts
from graph.errors import InputError
from graph.groups import Groups, groups_of, stated_groups
from graph.losses import Losses, losses
from graph.measures.portfolio import concentration, reach, ties_among
from graph.money import GRANTS, Payments, Period, Sums, note_money, payments, period_days
from graph.questions import empty_meta
from graph.sentences import money
from graph.view import View
from graph.vocabulary import with_article
from graph.wording import capitalised, counted, listed, name_of, percent

MOST_SHOWN = 500
MOSTLY = 0.5


class Parameters(ActorParameters):
    """Which funder, and money of which time."""

    funder: NodeName = Field(examples=["sport-england"])
    period: Period | None = None


class Grantee(Part):
    """One actor that the funder gives grants to."""

    node: NodeInAnswer
    grants: int = Field(description="Number of grants.")
    amounts: Sums = Field(description="By currency.", examples=[{"GBP": 45000.0}])
    reach: int = Field(description="Actors within two steps, itself included, without the funder.")
    marginal_reach: int = Field(description="Those of them that no other grantee reaches within two steps.")


class TiesAmong(Part):
    """Ties of the grantees with each other, without the funder."""

    observed: int = Field(description="Ties among them.")
    expected: float = Field(description="Ties that chance would make, by the number of ties each actor has.")


class Spread(Part):
    """How the money in one currency is spread over places or themes; null where the sum is not above 0."""

    hhi: float | None = Field(description="Sum of squared shares: 1 when all is in one.")
    not_stated: float | None = Field(description="Share of the money of grantees without a stated place or theme.")


class Spreads(Part):
    """How the money is spread, by currency."""

    place: dict[str, Spread] = Field(description="Over places.")
    theme: dict[str, Spread] = Field(description="Over themes.")


class ColdSpot(Part):
    """A place and a theme where actors work that nobody funds."""

    place: str = Field(description="Id of the place.")
    theme: str = Field(description="Id of the theme.")
    sentence: str
    actors: tuple[str, ...] = Field(description="Ids of the actors with both, all without recorded funding.")


class Answer(QuestionAnswer):
    """Grantees by what they got in the currency of most grants, then id; cold spots with most actors first."""

    sentence: str = Field(description="What a person would say of the portfolio.")
    grantees: tuple[Grantee, ...]
    ties_among: TiesAmong
    concentration: Spreads
    cold_spots: tuple[ColdSpot, ...]
    exit: Losses = Field(description="What would be lost if the funder left.")


def answer(view: View, parameters: Parameters) -> Answer:
    """Look at the grantees with and without their funder."""
    graph = contacts(view, parameters)
    id = view.resolve(parameters.funder, "funder")
    kind = view.bodies([id])[id].kind
    if view.store.vocabulary.kinds[kind].group_only:
        raise InputError(
            f"“{parameters.funder}” is {with_article(kind)}.", fix="Name who gives the grants.", parameter="funder"
        )
    grants = _grants(view, graph, view.number(id), parameters.period)
    rest = graph.without([view.number(id)])
    chosen = np.flatnonzero(np.isin(rest.actors, grants.payee))
    observed, expected = ties_among(rest, chosen)
    spread = {by: _spread(_stated(view, graph, by), graph, grants) for by in ("place", "theme")}
    _note_unstated(view, spread)
    leaving = losses(view, graph, np.array([view.number(id)], np.int64))
    return Answer(
        meta=empty_meta("portfolio"),
        sentence=_sentence(view, id, grants, (len(chosen), observed, expected)),
        grantees=tuple(_grantees(view, rest, chosen, grants)),
        ties_among=TiesAmong(observed=observed, expected=expected),
        concentration=Spreads(**spread),
        cold_spots=tuple(_cold_spots(view, graph, parameters.period)),
        exit=Losses.model_validate(leaving),
    )


def _grants(view: View, graph: ActorGraph, funder: int, period: str | None) -> Payments:
    """The funder's grants to actors."""
    found = payments(view, GRANTS).within(period)
    found = found.only((found.payer == funder) & found.to_others)
    note_money(view, found, of=f"grant of {name_of(view, view.arrays.nodes.ids[funder])}", period=period)
    to_actors = found.only(np.isin(found.payee, graph.actors))
    if other := len(found) - len(to_actors):
        kinds = " or ".join(graph.options.actors)
        view.note(
            f"{counted(other, 'grant')} to others than actors ({kinds}) {'is' if other == 1 else 'are'} left out."
        )
    return to_actors


def _sentence(view: View, funder: str, grants: Payments, numbers: tuple[int, int, float]) -> str:
    grantees, observed, expected = numbers
    sums = grants.sums(np.zeros(len(grants), np.int64)).get(0, {})
    given = listed(money(amount, currency) for currency, amount in sums.items())
    said = f"{name_of(view, funder)} funds {counted(grantees, 'actor')}{f' with {given}' if given else ''}"
    if grantees < 2:
        return said + "."
    ties = counted(observed, "tie")
    return f"{said}; without it they have {ties} among themselves, where chance would make about {expected:,.1f}."


def _grantees(view: View, rest: ActorGraph, chosen: Ints, grants: Payments) -> Iterator[Grantee]:
    sums, main, found = grants.sums(grants.payee), grants.main_currency() or "", reach(rest, chosen)
    numbers, counts = rest.actors[chosen].tolist(), np.bincount(grants.payee, minlength=len(view.arrays.nodes.ids))
    order = sorted(range(len(chosen)), key=lambda place: (-sums.get(numbers[place], {}).get(main, 0.0), place))
    shown = order[:MOST_SHOWN]
    view.show_first("grantees", len(shown), len(order))
    nodes = view.nodes(view.arrays.nodes.ids[numbers[place]] for place in shown)
    for place in shown:
        yield Grantee(
            node=nodes[view.arrays.nodes.ids[numbers[place]]],
            grants=int(counts[numbers[place]]),
            amounts=sums.get(numbers[place], {}),
            reach=found.reach[place],
            marginal_reach=found.marginal[place],
        )


def _stated(view: View, graph: ActorGraph, by: str) -> Groups:
    return groups_of(graph.actors, *stated_groups(view.arrays, graph.nodes, graph.relationships, by))


def _spread(groups: Groups, graph: ActorGraph, grants: Payments) -> dict[str, Spread]:
    amounts: dict[str, list[tuple[float, Sequence[str]]]] = defaultdict(list)
    for payee, sums in grants.sums(grants.payee).items():
        of = groups.of(graph.place[graph.arrays.nodes.ids[payee]])
        for currency, amount in sums.items():
            amounts[currency].append((amount, of))
    return {currency: Spread(**vars(concentration(some))) for currency, some in sorted(amounts.items())}


def _note_unstated(view: View, spread: dict[str, dict[str, Spread]]) -> None:
    for by, currencies in spread.items():
        for currency, one in currencies.items():
            if one.not_stated is not None and one.not_stated > MOSTLY:
                share = percent(one.not_stated)
                view.note(f"{share} of the {currency} went to grantees without a stated {by}, so `hhi` says little.")


def _cold_spots(view: View, graph: ActorGraph, period: str | None) -> Iterator[ColdSpot]:
    """Places and themes of actors with a tie, where nobody with both is funded."""
    edges = graph.arrays.relationships
    funding = (
        graph.relationships & np.isin(edges.type, graph.arrays.type_codes(GRANTS)) & (edges.source != edges.target)
    )
    if not funding.any():
        view.note("No grant of anybody is recorded, so no spot can be called cold.")
        return
    if period is not None:
        first, last = period_days(period)
        funding = funding & (edges.first_day <= last) & (edges.last_day >= first)
    funded = set(edges.target[funding].tolist())
    places, themes = (_stated(view, graph, by) for by in ("place", "theme"))
    spots: dict[tuple[str, str], list[int]] = defaultdict(list)
    for actor in np.flatnonzero(graph.degree).tolist():
        for spot in product(places.of(actor), themes.of(actor)):
            spots[spot].append(actor)
    numbers = graph.actors.tolist()
    cold = {spot: some for spot, some in spots.items() if not any(numbers[actor] in funded for actor in some)}
    order = sorted(cold, key=lambda spot: (-len(cold[spot]), spot))
    view.show_first("cold_spots", len(order[:MOST_SHOWN]), len(order))
    for place, theme in order[:MOST_SHOWN]:
        ids = tuple(graph.ids[actor] for actor in cold[place, theme])
        yield ColdSpot(place=place, theme=theme, sentence=_cold(view, (place, theme), ids), actors=ids)


def _cold(view: View, spot: tuple[str, str], ids: tuple[str, ...]) -> str:
    place, theme = (name_of(view, id) for id in spot)
    who = listed((body.name for body in view.bodies(ids[:3]).values()), len(ids))
    return capitalised(f"nobody is known to fund those in {place} who work on {theme}: {who}.")
