"""Structural holes: how far an actor's contacts are contacts of each other already (Burt 1992)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array

from graph.actors import ActorGraph
from graph.limits import check_time
from graph.measures import kept
from graph.ties import DECIMALS, Floats

TERMS_AT_ONCE = 4_000_000


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
    Reference: Burt 1992, Structural Holes; the same numbers as networkx with the strength as its weight.
    """
    constraint, redundant = np.zeros(len(graph)), np.zeros(len(graph))
    sums: Floats = np.asarray(graph.matrix.sum(axis=1)).ravel()
    greatest = _greatest(graph)
    shares = csr_array(diags_array(1 / np.where(sums > 0, sums, 1)) @ graph.matrix)
    to_greatest = csr_array(graph.matrix @ diags_array(1 / np.where(greatest > 0, greatest, 1)))
    for rows in _blocks(graph):
        reach = graph.reach[rows]
        constraint[rows] = ((shares[rows] @ shares).multiply(reach) + shares[rows]).power(2).sum(axis=1)
        redundant[rows] = (shares[rows] @ to_greatest).multiply(reach).sum(axis=1)
    return StructuralHoles(_stated(graph, constraint), _stated(graph, graph.degree - redundant))


def _greatest(graph: ActorGraph) -> Floats:
    found = np.zeros(len(graph))
    tied = graph.degree > 0
    if np.any(tied):
        found[tied] = np.maximum.reduceat(graph.matrix.data, graph.matrix.indptr[:-1][tied])
    return found


def _blocks(graph: ActorGraph) -> Iterator[slice]:
    """Rows in blocks whose products have a bounded number of terms."""
    terms = np.concatenate(([0], np.cumsum(graph.degree[graph.matrix.indices])))[graph.matrix.indptr]
    start = 0
    while start < len(graph):
        check_time()
        stop = max(start + 1, int(np.searchsorted(terms, terms[start] + TERMS_AT_ONCE, side="right")) - 1)
        yield slice(start, stop)
        start = stop


def _stated(graph: ActorGraph, values: Floats) -> list[float | None]:
    rounded = np.round(values, DECIMALS).tolist()
    return [value if degree else None for value, degree in zip(rounded, graph.degree.tolist(), strict=True)]
