"""A portfolio of actors: whom they reach together, how far they know each other, and how its money is spread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from scipy.sparse import csr_array

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.ties import DECIMALS


@dataclass(frozen=True)
class Reach:
    """One entry per chosen actor, in the order given."""

    reach: list[int]
    marginal: list[int]


def reach(graph: ActorGraph, chosen: Ints) -> Reach:
    """Count whom each of these actors reaches within two steps, itself included, and whom none of the others does.

    Marginal reach: actors within two steps of any of them, less those within two steps of any other. Both are whole
    numbers, reach from 1 (an isolate) to all actors, marginal reach from 0 to reach. Two steps, as beyond that
    influence is hardly found (Burt 2007, Academy of Management Journal 50, 119).
    """
    neighbours = graph.reach[chosen]
    itself = csr_array((np.ones(len(chosen), np.int32), (np.arange(len(chosen)), chosen)), shape=neighbours.shape)
    within = csr_array(itself + neighbours + neighbours @ graph.reach)
    within.sum_duplicates()
    alone = np.bincount(within.indices, minlength=len(graph)) == 1
    row = np.repeat(np.arange(len(chosen)), np.diff(within.indptr))
    marginal = np.bincount(row[alone[within.indices]], minlength=len(chosen))
    return Reach(np.diff(within.indptr).tolist(), marginal.tolist())


def ties_among(graph: ActorGraph, chosen: Ints) -> tuple[int, float]:
    """Count the ties among these actors, and those that chance would make by the degrees of all.

    Expected: Σ dᵢdⱼ/2m over the pairs of them, each once, with m the ties of the whole actor graph; 0 or more, and 0
    without ties (configuration model: Newman 2006, Proceedings of the National Academy of Sciences 103, 8577).
    """
    member = np.zeros(len(graph), np.bool_)
    member[chosen] = True
    observed = int(np.count_nonzero(member[graph.ties.first] & member[graph.ties.second]))
    degree = graph.degree[member]
    pairs = (int(degree.sum()) ** 2 - int((degree**2).sum())) / 2
    return observed, round(pairs / max(1, int(graph.degree.sum())), DECIMALS) + 0.0


@dataclass(frozen=True)
class Concentration:
    """How much of a sum lies in few groups; None where the sum is not above 0."""

    hhi: float | None
    not_stated: float | None


def concentration(amounts: Iterable[tuple[float, Sequence[str]]]) -> Concentration:
    """Say how far amounts are concentrated on few groups: 1 when all is in one, 1/n when n have equal parts.

    Σ share², with each amount split evenly over its groups (Herfindahl and Hirschman: Hirschman 1964, American
    Economic Review 54, 761). Shares are of the whole sum; what has no group counts in no square, and its share is
    `not_stated`, so the more of it there is, the less the number says. 0 to 1, unless credits make some shares
    negative and others more than 1.
    """
    parts: dict[str | None, list[float]] = defaultdict(list)
    whole = []
    for amount, groups in amounts:
        whole.append(amount)
        for group in groups or (None,):
            parts[group].append(amount / max(1, len(groups)))
    total = fsum(whole)
    if total <= 0:
        return Concentration(None, None)
    shares = {group: fsum(some) / total for group, some in parts.items()}
    unknown = shares.pop(None, 0.0)
    hhi = fsum(share**2 for share in shares.values())
    return Concentration(round(hhi, DECIMALS) + 0.0, round(unknown, DECIMALS) + 0.0)
