"""Cohesion: how near all are to each other, and how far acquaintances of one actor are tied to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.limits import progress
from graph.measures import kept
from graph.measures.distance import steps_from_all
from graph.measures.structural_holes import triangles
from graph.ties import DECIMALS

MOST_EXACT = 5_000  # actors from whom all ways are looked at
SAMPLED = 256
ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class Efficiency:
    """The value, and from how many actors the ways were looked at: None for all."""

    value: float | None
    sampled: int | None


@kept
def transitivity(graph: ActorGraph) -> float | None:
    """How often two who are tied to the same actor are tied to each other.

    3 × triangles / connected triples (Newman, Watts and Strogatz 2002, Proceedings of the National Academy of
    Sciences 99): 0 to 1; None when no actor has two ties.
    """
    triples = int((graph.degree * (graph.degree - 1) // 2).sum())
    closed = sum(len(corner) for sides in triangles(graph) for _, _, _, corner in sides)
    return round(closed / triples, DECIMALS) if triples else None


@kept
def efficiency(graph: ActorGraph, *, seed: int = 0) -> Efficiency:
    """How near all actors are to each other on average.

    The mean of 1/steps over all pairs, 0 for those without a way (Latora and Marchiori 2001, Physical Review Letters
    87): 0 without ties, 1 when all are tied to all; None with fewer than two actors. Unlike a mean length it is
    defined on networks in several parts. Above 5,000 actors the ways are those from 256 of them, drawn by chance.
    """
    size = len(graph)
    if size < 2:
        return Efficiency(None, None)
    starts, sampled = np.arange(size), None
    if size > MOST_EXACT:
        starts, sampled = np.sort(np.random.default_rng(seed).choice(size, SAMPLED, replace=False)), SAMPLED
    reached = np.zeros(size, np.int64)  # of each number of steps
    for begin in range(0, len(starts), ROWS_AT_ONCE):
        steps = steps_from_all(graph, starts[begin : begin + ROWS_AT_ONCE])
        reached += np.bincount(steps[steps > 0], minlength=size)
    total = float((reached[1:] / np.arange(1, size)).sum())
    return Efficiency(round(total / (len(starts) * (size - 1)), DECIMALS), sampled)


def degree_centralisation(degree: Ints) -> float | None:
    """How far all ties hang on one actor: 1 for a star, 0 when all have equally many.

    Σ(max d − d)/((n−1)(n−2)) (Freeman 1979, Social Networks 1): 0 to 1; None with fewer than three actors.
    """
    size = len(degree)
    if size < 3:
        return None
    return round(float((degree.max() - degree).sum()) / ((size - 1) * (size - 2)), DECIMALS)


def closure(before: ActorGraph, after: ActorGraph) -> float | None:
    """What share of those who had a common neighbour and no tie before are tied after.

    Both graphs are of the same arrays. Of the pairs untied with a common neighbour in `before`, those tied in `after`
    (who is not there any more is not tied): 0 to 1; None when there was no such pair. After Rapoport 1953, Bulletin
    of Mathematical Biophysics 15 (triadic closure).
    """
    place = np.full(len(before.nodes), -1, np.int64)
    place[before.actors] = np.arange(len(before))
    one, other = place[after.actors[after.ties.first]], place[after.actors[after.ties.second]]
    fresh = (one >= 0) & (other >= 0)
    fresh[fresh] = before.ties.numbers(one[fresh], other[fresh]) < 0
    one, other = one[fresh], other[fresh]
    common: Ints = np.asarray(before.reach[one].multiply(before.reach[other]).sum(axis=1)).ravel()
    total = _open_pairs(before)
    return round(int(np.count_nonzero(common)) / total, DECIMALS) if total else None


def _open_pairs(graph: ActorGraph) -> int:
    """Pairs with a common neighbour and no tie."""
    found = 0
    for start in range(0, len(graph), ROWS_AT_ONCE):
        progress("counting open pairs", start, len(graph))
        rows = graph.reach[start : start + ROWS_AT_ONCE]
        two_steps = rows @ graph.reach
        back = np.count_nonzero(np.diff(rows.indptr))
        found += int(two_steps.nnz - two_steps.multiply(rows).nnz - back)
    return found // 2
