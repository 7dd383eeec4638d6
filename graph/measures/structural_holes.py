"""Structural holes: how far an actor's contacts are contacts of each other already (Burt 1992)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.limits import progress
from graph.measures import kept
from graph.ties import DECIMALS, Floats

PAIRS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class StructuralHoles:
    """One entry per actor; None for isolates."""

    constraint: list[float | None]
    effective_size: list[float | None]


@kept
def structural_holes(graph: ActorGraph) -> StructuralHoles:
    """Measure how much an actor depends on contacts who know each other, and how many of them do not.

    With p_ij = w_ij / Σ_k w_ik, the share of i's contact that goes to j:
    constraint Σ_j (p_bj + Σ_q p_bq p_qj)², j over the neighbours of b; above 0, low where contacts do not know each
    other, 1 with a single contact, at most 9/8 with two who know each other;
    effective size Σ_j (1 − Σ_q p_bq w_jq / max_k w_jk), from 1 to the number of neighbours, which it reaches when no
    two of them are tied. Both None for isolates.
    Reference: Burt 1992, Structural Holes; the same numbers as networkx with the strength as its weight (for the
    effective size with `nodes` given: up to 3.6 its way for all nodes at once is wrong on strengths that differ).
    """
    ties, size = graph.ties, len(graph)
    sums: Floats = np.asarray(graph.matrix.sum(axis=1)).ravel()
    greatest = _greatest(graph)
    # For each tie b–j over all third actors q: Σ w_bq w_qj / (strength of q), and Σ w_bq w_qj; both symmetrical.
    through, plain = np.zeros(len(ties.strength)), np.zeros(len(ties.strength))
    for sides in triangles(graph):
        for one, other, opposite, third in sides:
            product = ties.strength[one] * ties.strength[other]
            through += np.bincount(opposite, product / sums[third], minlength=len(through))
            plain += np.bincount(opposite, product, minlength=len(plain))
    constraint, redundant = np.zeros(size), np.zeros(size)
    for b, j in ((ties.first, ties.second), (ties.second, ties.first)):
        constraint += np.bincount(b, np.square((ties.strength + through) / sums[b]), minlength=size)
        redundant += np.bincount(b, plain / sums[b] / greatest[j], minlength=size)
    return StructuralHoles(_stated(graph, constraint), _stated(graph, graph.degree - redundant))


def triangles(graph: ActorGraph) -> Iterator[list[tuple[Ints, Ints, Ints, Ints]]]:
    """All triangles, each once, in blocks; per corner the numbers of two ties that meet there, of the third, and it.

    Every tie is looked at from its end with fewer neighbours, so that hubs cost little (Chiba and Nishizeki 1985).
    """
    ties = graph.ties
    turned = graph.degree[ties.first] > graph.degree[ties.second]
    near, far = np.where(turned, ties.second, ties.first), np.where(turned, ties.first, ties.second)
    order = np.argsort(near, kind="stable")
    near, far = near[order], far[order]
    partners = np.searchsorted(near, near, side="right") - np.arange(len(near)) - 1
    work = np.concatenate(([0], np.cumsum(partners)))
    start = 0
    while start < len(near):
        progress("finding contacts who know each other", start, len(near))
        stop = max(start + 1, int(np.searchsorted(work, work[start] + PAIRS_AT_ONCE, side="right")) - 1)
        one = np.repeat(np.arange(start, stop), partners[start:stop])
        other = one + 1 + np.arange(len(one)) - (work[one] - work[start])
        closing = ties.numbers(far[one], far[other])
        one, other, closing = one[closing >= 0], other[closing >= 0], closing[closing >= 0]
        a, b, c, corner = order[one], order[other], closing, near[one]
        yield [(a, b, c, corner), (a, c, b, far[one]), (b, c, a, far[other])]
        start = stop


def _greatest(graph: ActorGraph) -> Floats:
    """The greatest strength of a tie of each actor; 0 for isolates."""
    found = np.zeros(len(graph))
    tied = graph.degree > 0
    if np.any(tied):
        found[tied] = np.maximum.reduceat(graph.matrix.data, graph.matrix.indptr[:-1][tied])
    return found


def _stated(graph: ActorGraph, values: Floats) -> list[float | None]:
    rounded = np.round(values, DECIMALS).tolist()
    return [value if degree else None for value, degree in zip(rounded, graph.degree.tolist(), strict=True)]
