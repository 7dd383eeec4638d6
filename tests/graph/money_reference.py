"""Networks with money in them, drawn at random, and the rules of money once more, slow and plain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from graph.model import Evidence, Relationship, Sector, days
from tests.graph.actor_reference import Network, busy_network, node, relationship

KINDS = ("organisation", "organisation", "person", "project", "fund")
STARTS = (None, "2018", "2019", "2019-06", "2019-06-30", "2020-01-01")
PERIODS = (None, "2019", "2019-06-15", "2018/2019-06", "2021")
AMOUNTS = (None, 0, 0.1, 0.2, 100, 250.5, -50)
PAYEES = {"FUNDS": ("organisation", "person", "project", "fund"), "PAYS": ("organisation", "person", "project")}


@st.composite
def paying_networks(draw: st.DrawFn, *, types: tuple[str, ...] = ("FUNDS", "PAYS")) -> Network:
    """Small networks with credits, missing amounts and currencies, withheld payees, places, themes and posts."""
    ids = [f"n{place}" for place in range(draw(st.integers(0, 7)))]
    sectors = st.sampled_from([None, *list(Sector)[:3]])
    nodes = [node(id, draw(st.sampled_from(KINDS)), draw(sectors)) for id in ids]
    payers = [one.id for one in nodes if one.kind != "person"]
    made = []
    for place in range(draw(st.integers(0, 12)) if payers else 0):
        type, payer = draw(st.sampled_from(types)), draw(st.sampled_from(payers))
        fitting = [one.id for one in nodes if one.kind in PAYEES[type]]
        if not fitting:
            continue
        withheld = payer in fitting and draw(st.integers(0, 5)) == 0
        more: dict[str, object] = {"attributes": {"redacted": True}} if withheld else {}
        more |= {"start": draw(st.sampled_from(STARTS)), "amount": draw(st.sampled_from(AMOUNTS))}
        more["currency"] = draw(st.sampled_from(["GBP", "GBP", "EUR", None]))
        made.append(
            relationship(payer, type, payer if withheld else draw(st.sampled_from(fitting)), id=f"m{place:02d}", **more)
        )
    groups = [node("east", "place"), node("west", "place"), node("region", "place"), node("food", "theme")]
    made += [relationship(place, "PART_OF", "region") for place in draw(st.sets(st.sampled_from(["east", "west"])))]
    made += _grouped(draw, ids, nodes_kinds={one.id: one.kind for one in nodes})
    return Network([*nodes, *groups], made)


def _grouped(draw: st.DrawFn, ids: list[str], nodes_kinds: dict[str, str]) -> Iterable[Relationship]:
    organisations = [id for id in ids if nodes_kinds[id] == "organisation"]
    for id in ids:
        for place in sorted(draw(st.sets(st.sampled_from(["east", "west", "region"]), max_size=2))):
            yield relationship(id, "LOCATED_IN", place)
        if draw(st.booleans()):
            yield relationship(id, "WORKS_ON", "food")
        if nodes_kinds[id] == "person" and organisations:
            yield relationship(id, "WORKS_FOR", draw(st.sampled_from(organisations)))
        elif organisations and nodes_kinds[id] == "organisation" and draw(st.booleans()):
            yield relationship(id, "PARTNERS_WITH", draw(st.sampled_from(organisations)))


def counted(network: Network, period: str | None, *types: str) -> list[Relationship]:
    """Payments whose start may lie in the period; all of them without one."""
    found = [one for one in network.relationships if one.type in types]
    if period is None:
        return found
    begin, end = days(period.split("/")[0])[0], days(period.split("/")[-1])[1]
    return [one for one in found if one.start and days(one.start)[0] <= end and days(one.start)[1] >= begin]


def to_others(payments: Iterable[Relationship]) -> list[Relationship]:
    return [one for one in payments if one.source != one.target]


def summed(payments: Iterable[Relationship]) -> dict[str, float]:
    """Sums by currency, exact before they are rounded."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for one in payments:
        if one.amount is not None and one.currency is not None:
            sums[one.currency] += Fraction(one.amount)
    return {currency: round(float(amount), 9) + 0.0 for currency, amount in sorted(sums.items())}


def busy_paying_network(seed: int) -> Network:
    """A network with many ties, and money, places, themes and dates on most of it, as hypothesis rarely draws."""
    chance, ties = Random(seed), busy_network(seed)
    organisations = [one.id for one in ties.nodes if one.kind == "organisation"]
    payees = [one.id for one in ties.nodes]
    groups = [node("east", "place"), node("west", "place"), node("region", "place"), node("food", "theme")]
    made = [relationship(place, "PART_OF", "region") for place in ("east", "west")]
    for id in payees:
        made += [relationship(id, "LOCATED_IN", chance.choice(["east", "west"]))] * chance.randint(0, 1)
        made += [relationship(id, "WORKS_ON", "food")] * chance.randint(0, 1)
    for place in range(30):
        payer, type = chance.choice(organisations), chance.choice(["FUNDS", "FUNDS", "PAYS"])
        withheld = chance.random() < 0.1
        more = {"attributes": {"redacted": True}} if withheld else {}
        target = payer if withheld else chance.choice(payees)
        amount, start = chance.choice(AMOUNTS), chance.choice(STARTS)
        currency = chance.choice(["GBP", "GBP", "EUR", None])
        money = relationship(payer, type, target, id=f"m{place:02d}", amount=amount, currency=currency, **more)
        made.append(money.model_copy(update={"start": start}))
    dated = [
        one.model_copy(update={"start": chance.choice([None, *STARTS]), "evidence": _recorded(chance)})
        for one in ties.relationships
    ]
    return Network([*ties.nodes, *groups], [*dated, *made])


def _recorded(chance: Random) -> tuple[Evidence, ...]:
    return (Evidence(source="s", recorded_at=chance.choice([None, "2018", "2019-06", "2020"])),)
