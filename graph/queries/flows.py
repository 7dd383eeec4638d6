"""Where the money goes: grants and payments by year and currency, and how much stays in the payer's own place.

A payee is `in_place` when it is in one of the payer's places or their parts, `in_area` when it is in a place
that one of these is directly part of, or its parts (another district of one county), and else `elsewhere`.
`unknown`: no place is stated for the payee, or none for the payer. `redacted`: the name of the payee is
withheld. The five add up to `total`, and share_in_place = in_place/total. Credits keep their sign, so shares
may leave the range from 0 to 1 where payments were taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from pydantic import Field

from graph.adjacency import Ints
from graph.answers import NodeInAnswer, NodeName, Part, QuestionAnswer, QuestionParameters
from graph.errors import InputError
from graph.money import MONEY, Payments, Period, Sums, note_money, payments
from graph.places import Places
from graph.questions import empty_meta
from graph.sentences import money
from graph.ties import DECIMALS
from graph.view import View
from graph.vocabulary import with_article

MOST_PAYEES = 500
WHERE = ("in_place", "in_area", "elsewhere", "unknown", "redacted")


class Parameters(QuestionParameters):
    """Whose money: of one payer, or of all payers in a place and its parts."""

    payer: NodeName | None = Field(
        None,
        description="Who gives and pays; this or `place`.",
        examples=["oldham-council"],
    )
    place: NodeName | None = Field(
        None,
        description="The money of everybody in this place and its parts; this or `payer`.",
        examples=["oldham"],
        json_schema_extra={"in_example": True},
    )
    period: Period | None = None


class Flow(Part):
    """The money of one year in one currency."""

    period: str | None = Field(description="The year; null for money without a date.", examples=["2019"])
    currency: str = Field(examples=["GBP"])
    sentence: str
    total: float = Field(description="All money of the year in this currency.")
    in_place: float = Field(description="To payees in a place of the payer, or in its parts.")
    in_area: float = Field(description="To payees in a place that one of these is directly part of, or in its parts.")
    elsewhere: float = Field(description="To payees in any other place.")
    unknown: float = Field(description="To payees without a stated place, or from payers without one.")
    redacted: float = Field(description="To payees whose names are withheld.")
    share_in_place: float | None = Field(description="in_place/total; null where the total is 0.")


class Payee(Part):
    """Who received it."""

    node: NodeInAnswer
    payments: int = Field(description="Number of grants and payments.")
    amounts: Sums = Field(description="By currency.", examples=[{"GBP": 45000.0}])
    where: tuple[str, ...] = Field(description="`in_place`, `in_area`, `elsewhere` or `unknown`; seen from each payer.")


class Answer(QuestionAnswer):
    """Years in order, undated money last; payees by what they got in the currency of most payments, then id."""

    periods: tuple[Flow, ...]
    payees: tuple[Payee, ...]


def answer(view: View, parameters: Parameters) -> Answer:
    """Choose the payments, and see where each of them went."""
    places = Places(view.arrays, view.lens)
    who, paid = chosen(view, parameters, places)
    paid = paid.within(parameters.period)
    note_money(view, paid, of=f"grant or payment of {who}", period=parameters.period)
    where = located(paid, places)
    if len(paid) and not any(places.of(payer) for payer in set(paid.payer.tolist())):
        view.note(f"No place is stated for {who}, so nobody can tell what stays there.")
    periods = tuple(_flows(who, paid, where))
    if any(flow.share_in_place is None for flow in periods):
        view.note("Where the total is 0 there is no share.")
    return Answer(meta=empty_meta("flows"), periods=periods, payees=tuple(_payees(view, paid, where)))


def located(paid: Payments, places: Places) -> Ints:
    """Where each payment went, seen from its payer, as a place in `WHERE`."""
    locate = places.locate()
    ends = zip(paid.payer.tolist(), paid.payee.tolist(), paid.redacted.tolist(), strict=True)
    return np.array(
        [WHERE.index("redacted" if redacted else locate(payee, payer)) for payer, payee, redacted in ends], np.int64
    )


def chosen(view: View, parameters: Parameters, places: Places) -> tuple[str, Payments]:
    """Who pays, in words, and all their payments."""
    given = [name for name in ("payer", "place") if getattr(parameters, name) is not None]
    if len(given) != 1:
        raise InputError(
            "Both `payer` and `place` are given." if given else "Neither `payer` nor `place` is given.",
            fix="Name one of the two.",
            parameter=given[-1] if given else "payer",
        )
    paid = payments(view, MONEY)
    if parameters.place is not None:
        id = view.resolve_place(parameters.place, "place")
        inside = places.inside([view.number(id)])
        payers = [payer for payer in np.unique(paid.payer).tolist() if places.of(payer) & inside]
        return f"those in {view.bodies([id])[id].name}", paid.only(np.isin(paid.payer, payers))
    id = view.resolve(parameters.payer or "", "payer")
    node = view.bodies([id])[id]
    if view.store.vocabulary.kinds[node.kind].group_only:
        raise InputError(
            f"{node.name} is {with_article(node.kind)} and pays nobody.", fix="Use `place`.", parameter="payer"
        )
    return node.name, paid.only(paid.payer == view.number(id))


def _flows(who: str, paid: Payments, where: Ints) -> Iterator[Flow]:
    totals = paid.sums(paid.year)
    parts = paid.sums(paid.year * len(WHERE) + where)
    for year in sorted(totals, key=lambda year: (year == 0, year)):
        for currency, total in totals[year].items():
            sums = {
                name: parts.get(year * len(WHERE) + place, {}).get(currency, 0.0) for place, name in enumerate(WHERE)
            }
            share = round(sums["in_place"] / total, DECIMALS) + 0.0 if total else None
            yield Flow(
                period=f"{year:04d}" if year else None,
                currency=currency,
                sentence=_sentence(who, year, currency, {"total": total, **sums}),
                total=total,
                share_in_place=share,
                **sums,
            )


def _sentence(who: str, year: int, currency: str, sums: Sums) -> str:
    """What a person would say of a year."""
    when = f"in {year:04d}" if year else "at no stated date"
    spent = f"{who[0].upper()}{who[1:]} spent {money(sums['total'], currency)} {when}"
    unseen = sums["unknown"] + sums["redacted"]
    if sums["total"] <= 0:
        return f"{spent}, after credits."
    if not any(sums[name] for name in ("in_place", "in_area", "elsewhere")):
        return f"{spent}; in which place is not known."
    if unseen > sums["total"] / 2:
        kept = f"of the rest {money(sums['in_place'], currency)} stayed in the payer's own place"
        return f"{spent}; of {money(unseen, currency)} the place is not known, and {kept}."
    rest = f"; of {money(unseen, currency)} the place is not known" if unseen else ""
    share = f"{100 * sums['in_place'] / sums['total']:.3g}%"
    return f"{spent}, of which {money(sums['in_place'], currency)} ({share}) stayed in the payer's own place{rest}."


def _payees(view: View, paid: Payments, where: Ints) -> Iterator[Payee]:
    named = np.flatnonzero(~paid.redacted)
    paid, where = paid.only(named), where[named]
    sums, main = paid.sums(paid.payee), paid.main_currency() or ""
    found: dict[int, list[int]] = defaultdict(list)
    for payee, place in zip(paid.payee.tolist(), where.tolist(), strict=True):
        found[payee].append(place)
    order = sorted(found, key=lambda payee: (-sums.get(payee, {}).get(main, 0.0), payee))
    view.show_first("payees", len(order[:MOST_PAYEES]), len(order))
    ids = view.arrays.nodes.ids
    nodes = view.nodes(ids[payee] for payee in order[:MOST_PAYEES])
    for payee in order[:MOST_PAYEES]:
        yield Payee(
            node=nodes[ids[payee]],
            payments=len(found[payee]),
            amounts=sums.get(payee, {}),
            where=tuple(WHERE[place] for place in sorted(set(found[payee]))),
        )
