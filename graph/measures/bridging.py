"""Bridging: which few new ties bring two sets of actors closest to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.actors import ActorGraph
from graph.adjacency import Ints, Mask
from graph.limits import check_time
from graph.measures.distance import UNREACHED, steps_from_all
from graph.ties import DECIMALS, Floats

STARTS_AT_ONCE = 256


@dataclass(frozen=True)
class NewTie:
    """A tie that is not there yet, from one side to the other, and what it would change after those before it."""

    a: int
    b: int
    after: float
    gain: float
    closer: int  # pairs that come nearer
    joined: int  # of these, pairs without any way before


@dataclass(frozen=True)
class Bridging:
    """How close the two sides are, and the ties that would help most."""

    before: float
    ties: list[NewTie]
    pairs: int


def bridging(graph: ActorGraph, a: Ints, b: Ints, *, most: int, willing: Mask) -> Bridging:
    """Find the new ties that bring two sets of actors closest, one after the other.

    X(a, b) = mean over the pairs i ∈ a, j ∈ b, i ≠ j, of 1/steps, 0 where there is no way: 0 when nobody reaches
    anybody, 1 when all are tied. Greedily the tie is added that raises X most, of those between an actor of `a` and
    one of `b` who are not tied and both willing; equal gains by the smallest ids, that of `a` first. Every such tie
    raises X. Fewer than `most` when no more can be added. There must be at least one pair. After the efficiency of
    Latora and Marchiori 2001, Physical Review Letters 87.
    """
    both = np.union1d(a, b)
    steps = _steps(graph, both)
    rows, columns = np.searchsorted(both, a), np.searchsorted(both, b)
    same = np.nonzero(rows[:, None] == columns[None, :])
    pairs = len(a) * len(b) - len(same[0])
    now = first = _closeness(steps, rows, columns, same)
    found: list[NewTie] = []
    while len(found) < most:
        totals = _totals(steps, rows, columns, same)
        totals[(steps[np.ix_(rows, columns)] <= 1) | ~willing[a][:, None] | ~willing[b][None, :]] = -np.inf
        place = int(np.argmax(np.round((totals - now.sum()) / pairs, DECIMALS)))
        one, other = divmod(place, len(b))
        if np.isneginf(totals[one, other]):
            break
        steps = _with_tie(steps, int(rows[one]), int(columns[other]))
        then = _closeness(steps, rows, columns, same)
        after, gain = (round(float(value) / pairs, DECIMALS) for value in (then.sum(), then.sum() - now.sum()))
        changes = int(np.count_nonzero(then > now)), int(np.count_nonzero((then > 0) & (now == 0)))
        found.append(NewTie(int(a[one]), int(b[other]), after, gain, *changes))
        now = then
    return Bridging(round(float(first.sum()) / pairs, DECIMALS), found, pairs)


def _steps(graph: ActorGraph, actors: Ints) -> Floats:
    """Steps between each two of these actors, infinite where there is no way."""
    parts = [
        steps_from_all(graph, actors[start : start + STARTS_AT_ONCE])[actors]
        for start in range(0, len(actors), STARTS_AT_ONCE)
    ]
    steps = np.concatenate(parts, axis=1).astype(np.float64)
    return np.where(steps == UNREACHED, np.inf, steps)


def _with_tie(steps: Floats, one: int, other: int) -> Floats:
    """The steps when these two are tied as well."""
    through: Floats = np.add.outer(steps[:, one], steps[other] + 1)
    shorter: Floats = np.minimum(steps, np.minimum(through, through.T))
    return shorter


def _closeness(steps: Floats, rows: Ints, columns: Ints, same: Sequence[Ints]) -> Floats:
    """1/steps of each pair; 0 of an actor with itself."""
    between = steps[np.ix_(rows, columns)]
    between[tuple(same)] = np.inf
    return 1 / between


def _totals(steps: Floats, rows: Ints, columns: Ints, same: Sequence[Ints]) -> Floats:
    """For each pair of an actor of one side and one of the other, the sum of 1/steps if the two were tied."""
    if len(columns) > len(rows):  # what is held at once grows with the square of the columns
        return _totals(steps, columns, rows, same[::-1]).T
    between, own = steps[np.ix_(rows, columns)], steps[np.ix_(columns, columns)]
    totals = np.empty(between.shape)
    for place, actor in enumerate(rows.tolist()):
        check_time()
        near, far = steps[rows, actor] + 1, steps[actor, columns] + 1
        best = np.minimum(between[:, None, :], near[:, None, None] + own[None, :, :])
        np.minimum(best, between[:, :, None] + far[None, None, :], out=best)
        best[same[0], :, same[1]] = np.inf
        totals[place] = (1 / best).sum(axis=(0, 2))
    return totals
