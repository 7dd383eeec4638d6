"""Flows: grants and payments from those who pay to the places where they end, and how much stays near the payer.

The money of the question `flows`, of one currency: a band is as broad as its sum. Payees count at their stated place.
Without `payer` and `place` all money of the lens is drawn.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from graph.money import MONEY, Payments, note_money, payments, total
from graph.places import Places
from graph.queries import flows
from graph.queries.flows import chosen
from graph.view import View
from graph.wording import capitalised, counted
from viz.chart import NARROW, WIDE, Band, Box, Chart, ChartColumn, ChartRow, Shape, Words, key_box
from viz.flowing import (
    BUCKETS,
    IN_PLACE,
    NOWHERE,
    PAYER_UNKNOWN,
    REDACTED,
    SEVERAL,
    UNKNOWN,
    WITHHELD,
    Flow,
    Flows,
    by_place,
)
from viz.labels import LINE_HEIGHT, wrap
from viz.scales import PAPER
from viz.symbols import INK

THINNEST = 1.2
FILLS = ("#0072B2", "#7fb8da", "#E69F00", "#c9ced3", "#e4e7ea", "#8fa3b5")
KEYS = (
    "stays in the payer's own place",
    "in the area around it",
    "goes elsewhere",
    "place of the payee not stated",
    "name of the payee withheld",
    "the payer's own place is not stated",
)
STAYS = ("own place", "area around it", "elsewhere", "not known", "not known", "not known")


class Parameters(flows.Parameters):
    """Whose money, in which currency, and how many places are drawn."""

    currency: str | None = Field(
        None,
        max_length=20,
        description="Only money of this currency; without, that of most payments.",
        examples=["GBP"],
    )
    limit: int = Field(12, ge=1, le=30, description="Most places, those that get most first.")


def draw(view: View, parameters: Parameters) -> Chart:
    """The picture of where the money goes."""
    who, paid = _paid(view, parameters)
    scene, cut = by_place(view, paid, currency=parameters.currency, limit=parameters.limit)
    return Chart(
        title="Where the money goes",
        summary=_summary(view, who, scene),
        description=(
            "Those who give and pay stand on the left, the places where the money ends on the right, each as tall as"
            " its money. A band between them is as broad as the sum; its colour says whether the money stays."
        )
        if scene.flows
        else "",
        shapes=tuple(_shapes(scene, _Ground.of(WIDE))),
        narrow=tuple(_shapes(scene, _Ground.of(NARROW))),
        columns=tuple(
            ChartColumn(name=name, is_number=place > 2)
            for place, name in enumerate(("From", "To", "Seen from the payer", f"Sum {scene.currency}", "Payments"))
        ),
        rows=tuple(_rows(scene)),
        keys=tuple(
            key_box(KEYS[where], FILLS[where])
            for where in range(len(FILLS))
            if any(flow.where == where for flow in scene.flows)
        ),
        cut=cut,
    )


def _paid(view: View, parameters: Parameters) -> tuple[str, Payments]:
    """Who pays, in words, and their payments in the period."""
    if parameters.payer is None and parameters.place is None:
        who, paid = "all payers together", payments(view, MONEY)
    else:
        asked = flows.Parameters(**parameters.model_dump(exclude={"currency", "limit"}))
        who, paid = chosen(view, asked, Places(view.arrays, view.lens))
    paid = paid.within(parameters.period)
    of = "grant or payment" if who == "all payers together" else f"grant or payment of {who}"
    note_money(view, paid, of=of, period=parameters.period)
    return who, paid


# From flows to ink.


@dataclass(frozen=True)
class _Ground:
    """Where things stand on a ground of this width: payers on the left, places on the right."""

    left: float
    right: float
    width: float
    tall: float
    letters: float

    @classmethod
    def of(cls, width: float) -> _Ground:
        """A wide ground has room for names beside the payers; on a narrow one they stand on their bands."""
        return cls(250.0, 780.0, width, 440.0, 15.0) if width == WIDE else cls(0.0, 196.0, width, 400.0, 12.0)

    @property
    def is_wide(self) -> bool:
        """Whether there is room for everything."""
        return self.width == WIDE

    @property
    def thick(self) -> float:
        """How broad the bars of payers and places are."""
        return 14.0 if self.is_wide else 8.0

    def lines(self, said: str, amount: str, *, is_payer: bool) -> tuple[str, ...]:
        """What is written beside an end."""
        room = (
            self.right - 70 if is_payer and self.width != WIDE else self.left if is_payer else self.width - self.right
        )
        return (*wrap(said, length=int((room - 30) / (self.letters * 0.56)), lines=3), amount)


def _shapes(scene: Flows, ground: _Ground) -> Iterator[Shape]:
    if not scene.flows:
        return
    scale = ground.tall / scene.sum(scene.flows)
    breadth = {flow.id: max(THINNEST, flow.sum * scale) for flow in scene.flows}
    sides = [_slots(scene, ground, breadth, is_payer=is_payer) for is_payer in (True, False)]
    middle = max(slots[-1].bottom for slots in sides) / 2
    downs = [middle - slots[-1].bottom / 2 for slots in sides]
    starts, ends = (
        {id: y + down for slot in slots for id, y in slot.flows.items()}
        for slots, down in zip(sides, downs, strict=True)
    )
    for flow in scene.flows:
        start, end = (ground.left + ground.thick, starts[flow.id]), (ground.right, ends[flow.id])
        yield Band(row=flow.id, start=start, end=end, height=breadth[flow.id], fill=FILLS[flow.where], stroke=PAPER)
    for slots, down in zip(sides, downs, strict=True):
        for slot in slots:
            yield from _end(slot, down, ground)


@dataclass(frozen=True)
class _Slot:
    """A payer or a place: its bar, where its flows end, and its words; all as far down as on its own side."""

    row: str
    top: float
    height: float
    bottom: float
    flows: Mapping[str, float]
    lines: tuple[str, ...]


def _slots(scene: Flows, ground: _Ground, breadth: Mapping[str, float], *, is_payer: bool) -> list[_Slot]:
    """The ends of one side, one below the other."""
    ends, others = (scene.payers, list(scene.places)) if is_payer else (scene.places, list(scene.payers))
    slots: list[_Slot] = []
    y = 0.0
    for key, name in ends.items():
        some = scene.of(payer=key) if is_payer else scene.of(place=key)
        some = sorted(some, key=lambda flow: (others.index(flow.place if is_payer else flow.payer), flow.where))
        height = sum(breadth[flow.id] for flow in some)
        share = f" ({scene.share(some)})" if ground.is_wide else ""
        lines = ground.lines(capitalised(name), scene.said(some) + share, is_payer=is_payer)
        room = max(height, len(lines) * ground.letters * LINE_HEIGHT) + 14
        top = y + (room - height) / 2
        above = itertools.accumulate((breadth[flow.id] for flow in some), initial=top)
        middles = {flow.id: start + breadth[flow.id] / 2 for flow, start in zip(some, above, strict=False)}
        y += room
        slots.append(_Slot(_end_id(key, is_payer=is_payer), top, height, y, middles, lines))
    return slots


def _end_id(key: str, *, is_payer: bool) -> str:
    return f"{'payer' if is_payer else 'place'} {key}"


def _end(slot: _Slot, down: float, ground: _Ground) -> Iterator[Shape]:
    row, is_payer, is_wide = slot.row, slot.row.startswith("payer"), ground.is_wide
    x = ground.left if is_payer else ground.right
    yield Box(row=row, x=x, y=slot.top + down, width=ground.thick, height=slot.height, fill=INK)
    anchor: Literal["start", "end"] = "end" if is_payer and is_wide else "start"
    at = x - 10 if anchor == "end" else x + ground.thick + 8
    halo = {"stroke": PAPER, "stroke_width": 4.0} if is_payer and not is_wide else {}
    y = slot.top + down + slot.height / 2
    yield Words(row=row, x=at, y=y, lines=slot.lines, size=ground.letters, anchor=anchor, bold=is_payer, **halo)


# The same in words.


def _summary(view: View, who: str, scene: Flows) -> str:
    if not scene.flows:
        return " ".join(["There is no money to draw.", *view.notes])
    own, unseen = scene.of(where=(IN_PLACE,)), scene.of(where=(UNKNOWN, REDACTED, PAYER_UNKNOWN))
    said = f"{capitalised(who)} spent {scene.said(scene.flows)}"
    if len(unseen) < len(scene.flows):
        said += f", of which {scene.said(own)} ({scene.share(own)}) stayed in the payer's own place"
        said += f"; of {scene.said(unseen)} that is not known." if unseen else "."
    else:
        said += "; how much of it stayed in the payer's own place is not known."
    named = [key for key in scene.places if key not in BUCKETS]
    first = max(named, key=lambda key: (scene.sum(scene.of(place=key)), key), default=None)
    if first:
        said += f" Of the places stated {scene.places[first]} gets most, {scene.said(scene.of(place=first))}."
    return said


def _rows(scene: Flows) -> Iterator[ChartRow]:
    for key, name in scene.payers.items():
        some = scene.of(payer=key)
        said = f"{capitalised(name)} spent {scene.said(some)} in {_payments(some)}."
        yield _row(_end_id(key, is_payer=True), (name, "all places", ""), some, said)
    for key, name in scene.places.items():
        some = scene.of(place=key)
        said = f"{scene.said(some)} ({scene.share(some)}) went to {_payees(name)} in {_payments(some)}."
        yield _row(_end_id(key, is_payer=False), ("all who pay", name, ""), some, said)
    for flow in scene.flows:
        ends = scene.payers[flow.payer], scene.places[flow.place]
        said = f"{capitalised(ends[0])} spent {scene.said([flow])} on {_payees(ends[1])}: {KEYS[flow.where]}."
        yield _row(flow.id, (*ends, STAYS[flow.where]), [flow], said)


def _row(id: str, words: tuple[str, str, str], some: Sequence[Flow], said: str) -> ChartRow:
    node = id.split(" ", 1)[1]
    href = None if id.startswith("flow") or node in BUCKETS else f"/nodes/{node}"
    numbers = f"{total([flow.sum for flow in some]):,.0f}", f"{sum(flow.payments for flow in some):,}"
    return ChartRow(id=id, cells=(capitalised(words[0]), *words[1:], *numbers), sentence=said, href=href)


def _payments(some: Sequence[Flow]) -> str:
    return counted(sum(flow.payments for flow in some), "payment")


def _payees(place: str) -> str:
    """Whom a payment to a place or to what is none reached."""
    known = {
        BUCKETS[SEVERAL]: "payees in several places",
        BUCKETS[NOWHERE]: "payees whose place is not stated",
        BUCKETS[WITHHELD]: "payees whose names are withheld",
    }
    return known.get(place, f"payees in {place}")
