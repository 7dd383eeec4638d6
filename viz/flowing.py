"""Money by place: payments of one currency put together by payer, by the place of the payee, and by whether it stays.

Payees count at their one stated place; those in several, in none, and those whose names are withheld are kept apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graph.money import Payments, total
from graph.places import Places
from graph.queries.flows import WHERE, located
from graph.sentences import money
from graph.view import View
from graph.wording import counted, listed, percent

MOST_PAYERS = 8
IN_PLACE, IN_AREA, ELSEWHERE, UNKNOWN, REDACTED = range(len(WHERE))
PAYER_UNKNOWN = len(WHERE)  # the place of the payee is known, that of the payer is not
# Not places of the network; no id has a space in it.
REST, SEVERAL, NOWHERE, WITHHELD = " rest", " several", " nowhere", " withheld"
BUCKETS = {REST: "", SEVERAL: "several places at once", NOWHERE: "place not stated", WITHHELD: "name withheld"}


@dataclass(frozen=True)
class Flow:
    """Money from one payer to one place."""

    payer: str
    place: str
    where: int
    sum: float
    payments: int

    @property
    def id(self) -> str:
        """Id of its row."""
        return f"flow {self.payer} {self.place} {self.where}"


@dataclass(frozen=True)
class Flows:
    """All that is drawn: payers and places from the top down, and the flows between them, the broadest first."""

    currency: str
    payers: Mapping[str, str]
    places: Mapping[str, str]
    flows: Sequence[Flow]

    def of(self, *, payer: str = "", place: str = "", where: Sequence[int] = ()) -> Sequence[Flow]:
        """Flows of one payer, to one place, or of some colours."""
        return [
            flow
            for flow in self.flows
            if payer in ("", flow.payer) and place in ("", flow.place) and (not where or flow.where in where)
        ]

    def sum(self, some: Sequence[Flow]) -> float:
        """Their money together."""
        return total([flow.sum for flow in some])

    def said(self, some: Sequence[Flow]) -> str:
        """Their money as people write it, without pence."""
        return money(round(self.sum(some)), self.currency)

    def share(self, some: Sequence[Flow]) -> str:
        """What share of all money they are."""
        return percent(self.sum(some) / self.sum(self.flows))


def by_place(view: View, paid: Payments, *, currency: str | None, limit: int) -> tuple[Flows, str | None]:
    """Flows of a currency (that of most payments without one) to so many places, and what was put together."""
    asked, currency = currency, (currency or paid.main_currency() or "").upper()
    if currency not in paid.currencies:
        if asked:
            view.note(f"No amount is in {currency}; amounts are in {listed(paid.currencies) or 'no currency'}.")
        return Flows(currency, {}, {}, ()), None
    paid = paid.only(paid.currency == paid.currencies.index(currency))
    sums = _sums(view, paid)
    if less := sum(1 for some in sums.values() if total(some) <= 0):
        view.note(f"{counted(less, 'flow')} {'is' if less == 1 else 'are'} not drawn: nothing was left after credits.")
    sums = {key: some for key, some in sums.items() if total(some) > 0}
    payers = _leading({key: _of(sums, 0, key) for key, _, _ in sums}, MOST_PAYERS)
    named = _leading({key: _of(sums, 1, key) for _, key, _ in sums if key not in BUCKETS}, limit)
    together: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for (payer, place, where), some in sums.items():
        kept = place if place in BUCKETS or place in named else REST
        together[payer if payer in payers else REST, kept, where] += some
    flows = [Flow(*key, total(some), len(some)) for key, some in together.items()]
    flows.sort(key=lambda flow: (-flow.sum, flow.id))
    left = len({place for _, place, _ in sums if place not in BUCKETS}) - len(named)
    cut = f"{left:,} places with less money are drawn together; `limit` draws more." if left else None
    return _ordered(view, currency, flows, more=(len({payer for payer, _, _ in sums}) - len(payers), left)), cut


def _sums(view: View, paid: Payments) -> dict[tuple[str, str, int], list[float]]:
    """Amounts by payer, place and whether it stays there."""
    places = Places(view.arrays, view.lens)
    ids, where = view.arrays.nodes.ids, located(paid, places)
    sums: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    columns = (paid.payer, paid.payee, where, paid.amount)
    for payer, payee, seen, amount in zip(*(column.tolist() for column in columns), strict=True):
        its = [ids[place] for place in places.of(payee)]
        place = WITHHELD if seen == REDACTED else NOWHERE if not its else its[0] if len(its) == 1 else SEVERAL
        sums[ids[payer], place, PAYER_UNKNOWN if seen == UNKNOWN and its else seen].append(amount)
    return sums


def _of(sums: Mapping[tuple[str, str, int], list[float]], end: int, key: str) -> float:
    return total([amount for ends, some in sums.items() if ends[end] == key for amount in some])


def _leading(sums: Mapping[str, float], most: int) -> list[str]:
    """Those with most money; a single one more has room too."""
    order = sorted(sums, key=lambda key: (-sums[key], key))
    return order if len(order) <= most + 1 else order[:most]


def _ordered(view: View, currency: str, flows: Sequence[Flow], *, more: tuple[int, int]) -> Flows:
    """Payers by their money; places near the payer first, then by their money, what is no place last."""
    scene = Flows(currency, {}, {}, flows)
    ranks = {key: place for place, key in enumerate(BUCKETS, start=1)}
    payers = sorted({flow.payer for flow in flows}, key=lambda key: (key == REST, -scene.sum(scene.of(payer=key)), key))
    places = sorted(
        {flow.place for flow in flows},
        key=lambda key: (
            ranks.get(key, 0),
            min(flow.where for flow in scene.of(place=key)),
            -scene.sum(scene.of(place=key)),
            key,
        ),
    )
    names = {id: body.name for id, body in view.bodies(key for key in [*payers, *places] if key not in BUCKETS).items()}
    return replace(
        scene,
        payers={key: names.get(key) or f"{more[0]:,} others who pay" for key in payers},
        places={key: names.get(key) or BUCKETS.get(key) or f"{more[1]:,} other places" for key in places},
    )
