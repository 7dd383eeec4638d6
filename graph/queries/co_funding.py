"""Who funds the same: pairs of funders with recipients in common, recipients with several funders, and regranting.

Counts grants (FUNDS) to nodes of any kind. Two funders are as alike as the share of all recipients of either
that both fund (Jaccard 1912, New Phytologist 11): above 0, and 1 where they fund just the same. A chain is
a → b → c, three different nodes: b is funded and funds others itself, which may be regranting or chance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations

import numpy as np
from pydantic import Field

from graph.adjacency import Ints
from graph.answers import NodeInAnswer, NodeName, Part, QuestionAnswer, QuestionParameters
from graph.limits import check_time
from graph.money import GRANTS, Payments, Period, Sums, note_money, payments
from graph.questions import empty_meta
from graph.ties import DECIMALS, Rows
from graph.view import View

MOST_SHOWN = 500
Chain = tuple[int, int, int]


class Parameters(QuestionParameters):
    """Whose grants, and when."""

    funder: NodeName | None = Field(
        None,
        description="Only what this funder takes part in; without, all funders.",
        examples=["sport-england"],
    )
    period: Period | None = None


class PairAmounts(Part):
    """What each of two funders gave to the recipients in common."""

    a: Sums = Field(description="By currency.", examples=[{"GBP": 45000.0}])
    b: Sums = Field(description="By currency.", examples=[{"GBP": 12000.0}])


class FunderPair(Part):
    """Two funders with a recipient in common; `a` before `b` by id."""

    a: str = Field(description="Id of the one funder.")
    b: str = Field(description="Id of the other.")
    sentence: str = Field(description="What a person would say of the two.")
    in_common: tuple[str, ...] = Field(description="Ids of the recipients that both fund.")
    jaccard: float = Field(description="Share of all recipients of either that both fund, 0 to 1.")
    amounts: PairAmounts


class SharedRecipient(Part):
    """A recipient with several funders."""

    node: NodeInAnswer
    funders: tuple[str, ...] = Field(description="Ids of its funders.")


class FundingChain(Part):
    """Money that may be passed on: the first funds the second, which funds the third."""

    sentence: str
    nodes: tuple[NodeInAnswer, NodeInAnswer, NodeInAnswer]


class Answer(QuestionAnswer):
    """Pairs with most recipients in common first, recipients with most funders first, chains in the order of ids."""

    pairs: tuple[FunderPair, ...]
    recipients: tuple[SharedRecipient, ...]
    chains: tuple[FundingChain, ...]


@dataclass(frozen=True)
class _Grants:
    """Who funds whom, by numbers in the arrays; `funder` is the one asked for, None for all."""

    recipients: dict[int, set[int]]
    funders: dict[int, set[int]]
    funder: int | None

    def counts(self, *nodes: int) -> bool:
        """Whether something these nodes take part in is asked for."""
        return self.funder is None or self.funder in nodes

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs of funders, once for each recipient in common."""
        for funders in self.funders.values():
            check_time()
            if self.funder is None:
                yield from combinations(sorted(funders), 2)
            elif self.funder in funders:
                yield from ((min(self.funder, one), max(self.funder, one)) for one in funders if one != self.funder)

    def jaccard(self, a: int, b: int, common: int) -> float:
        """Share of all recipients of either that both fund."""
        return round(common / (len(self.recipients[a]) + len(self.recipients[b]) - common), DECIMALS)

    def shared(self) -> list[int]:
        """Recipients with several funders, the most first."""
        found = [one for one, some in self.funders.items() if len(some) > 1 and self.counts(*some)]
        return sorted(found, key=lambda one: (-len(self.funders[one]), one))

    def chains(self) -> Iterator[Chain]:
        """All chains of three, in the order of ids."""
        for a in sorted(self.recipients):
            check_time()
            for b in sorted(self.recipients[a] & self.recipients.keys()):
                yield from ((a, b, c) for c in sorted(self.recipients[b] - {a}) if self.counts(a, b, c))


def answer(view: View, parameters: Parameters) -> Answer:
    """Compare the recipients of all funders."""
    funder = None if parameters.funder is None else view.number(view.resolve(parameters.funder, "funder"))
    given = payments(view, GRANTS).within(parameters.period)
    note_money(view, given, of="grant", period=parameters.period)
    given = given.only(given.to_others)
    grants = _grants(given, funder)
    if funder is not None and len(given) and funder not in grants.recipients:
        view.note(f"{_names(view, [funder])} gives no grant here.")
    return Answer(
        meta=empty_meta("co_funding"),
        pairs=tuple(_told_pairs(view, grants, given)),
        recipients=tuple(_told_recipients(view, grants)),
        chains=tuple(_told_chains(view, grants)),
    )


def _grants(given: Payments, funder: int | None) -> _Grants:
    recipients, funders = defaultdict(set), defaultdict(set)
    for payer, payee in zip(given.payer.tolist(), given.payee.tolist(), strict=True):
        recipients[payer].add(payee)
        funders[payee].add(payer)
    return _Grants(dict(recipients), dict(funders), funder)


def _told_pairs(view: View, grants: _Grants, given: Payments) -> Iterator[FunderPair]:
    alike = {pair: (count, grants.jaccard(*pair, count)) for pair, count in Counter(grants.pairs()).items()}
    first = nsmallest(MOST_SHOWN, alike, key=lambda pair: (-alike[pair][0], -alike[pair][1], pair))
    view.show_first("pairs", len(first), len(alike))
    ids, rows = view.arrays.nodes.ids, Rows.by(given.payer, len(view.arrays.nodes.ids))
    for a, b in first:
        common = sorted(grants.recipients[a] & grants.recipients[b])
        places = rows.of(np.array([a, b], np.int64))
        both = given.only(places[np.isin(given.payee[places], common)])
        sums = both.sums(both.payer)
        yield FunderPair(
            a=ids[a],
            b=ids[b],
            sentence=_of_pair(view, grants, (a, b), common),
            in_common=tuple(ids[one] for one in common),
            jaccard=alike[a, b][1],
            amounts=PairAmounts(a=sums.get(a, {}), b=sums.get(b, {})),
        )


def _of_pair(view: View, grants: _Grants, pair: tuple[int, int], common: list[int]) -> str:
    a, b = pair
    either = len(grants.recipients[a] | grants.recipients[b])
    what = _names(view, common) if len(common) <= 2 else f"{len(common):,} recipients"
    rest = "and nothing else" if either == len(common) else f"of {either:,} that either of them funds"
    return f"{_names(view, pair)} both fund {what}, {rest}."


def _told_recipients(view: View, grants: _Grants) -> Iterator[SharedRecipient]:
    shared, ids = grants.shared(), view.arrays.nodes.ids
    view.show_first("recipients", len(shared[:MOST_SHOWN]), len(shared))
    nodes = view.nodes(ids[one] for one in shared[:MOST_SHOWN])
    for one in shared[:MOST_SHOWN]:
        yield SharedRecipient(node=nodes[ids[one]], funders=tuple(ids[by] for by in sorted(grants.funders[one])))


def _told_chains(view: View, grants: _Grants) -> Iterator[FundingChain]:
    first: list[Chain] = []
    total = 0
    for chain in grants.chains():
        total += 1
        if total <= MOST_SHOWN:
            first.append(chain)
    view.show_first("chains", len(first), total)
    ids = view.arrays.nodes.ids
    nodes = view.nodes(ids[one] for chain in first for one in chain)
    for chain in first:
        a, b, c = (nodes[ids[one]] for one in chain)
        yield FundingChain(sentence=f"{a.name} funds {b.name}, which funds {c.name}.", nodes=(a, b, c))


def _names(view: View, numbers: Ints | list[int] | tuple[int, ...]) -> str:
    ids = [view.arrays.nodes.ids[number] for number in numbers]
    return " and ".join(node.name for node in view.bodies(ids).values())
