"""Mixing: how many ties run within and between groups, and how many chance would put there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.limits import progress
from graph.measures import kept
from graph.rows import distinct
from graph.ties import DECIMALS, Floats


@dataclass(frozen=True)
class Mixing:
    """Tables of group × group, symmetrical; and one entry per group of what concerns it alone."""

    observed: Ints
    expected: Floats
    p_values: Floats
    members: Ints
    e_i_index: list[float | None]
    e_i_expected: list[float | None]


@kept
def mixing(graph: ActorGraph, groups: tuple[int, ...], *, permutations: int = 1000, seed: int = 0) -> Mixing:
    """Compare the ties within and between these groups (columns of the graph's) with what chance would make.

    Of two groups a, b all unordered pairs {i, j} with one in a and the other in b, each once, also where an actor is
    in both: observed O = how many are tied; expected E = Σ dᵢdⱼ/2m over them, with d the degrees and m the ties of
    the whole actor graph (configuration model: Newman 2006, Proceedings of the National Academy of Sciences 103).
    Both 0 or more; E is 0 without ties. p = (1 + shuffles at least as extreme)/(1 + permutations), above 0 to 1: actors
    with stated groups swap their sets of groups at random, and a shuffle is as extreme when its ties are at most O
    where O < E, else at least O.

    E-I index per group (Krackhardt and Stern 1988, Social Psychology Quarterly 51): (E − I)/(E + I), with I its ties
    inside and E those to others with a stated group; −1 all inside, 1 all outside; None without either. Its
    expectation is the same with Σ dᵢdⱼ/2m instead of ties.
    """
    members = csr_array(graph.groups.members[:, list(groups)].astype(np.int64))
    expected, outside = _expected(graph, members)
    rounded = np.round(expected, DECIMALS) + 0.0
    observed = _Shuffled(graph, members).ties(None)
    to_stated = np.asarray(members.T @ (graph.reach @ graph.groups.stated.astype(np.int64)))
    inside = observed.diagonal()
    return Mixing(
        observed,
        rounded,
        _p_values(graph, members, (observed, rounded), permutations=permutations, seed=seed),
        np.asarray(members.sum(axis=0)).ravel(),
        _e_i(inside.astype(np.float64), to_stated - 2.0 * inside),
        _e_i(expected.diagonal(), outside),
    )


def _expected(graph: ActorGraph, members: csr_array[np.int64]) -> tuple[Floats, Floats]:
    """Σ dᵢdⱼ/2m between every two groups, and of each group to those with a stated group outside it."""
    degree, twice = graph.degree, max(1, int(graph.degree.sum()))
    total = np.asarray(members.T @ degree)
    both = csr_array(members.T @ (members * degree[:, None])).toarray()
    squares = csr_array(members.T @ (members * np.square(degree)[:, None])).toarray()
    # Of those in both groups every pair would count twice.
    pairs = np.outer(total, total) - squares - (np.square(both) - squares) / 2
    outside = total * (int(degree[graph.groups.stated].sum()) - total)
    return pairs / twice, outside / twice


def _e_i(inside: Floats, outside: Floats) -> list[float | None]:
    total = inside + outside
    index = np.round((outside - inside) / np.where(total > 0, total, 1), DECIMALS) + 0.0
    return [value if some else None for value, some in zip(index.tolist(), (total > 0).tolist(), strict=True)]


class _Shuffled:
    """Counts ties between groups when actors with stated groups have each other's groups."""

    def __init__(self, graph: ActorGraph, members: csr_array[np.int64]) -> None:
        stated = graph.groups.stated
        rows = csr_array(members[np.flatnonzero(stated)])
        self.size, self.groups = rows.shape[0], rows.shape[1]
        self.begins, self.of = rows.indptr.astype(np.int64), rows.indices.astype(np.int64)
        among = stated[graph.ties.first] & stated[graph.ties.second]
        place = np.cumsum(stated) - 1
        self.ends = place[graph.ties.first[among]], place[graph.ties.second[among]]
        self.single = bool(np.all(np.diff(self.begins) == 1))

    def ties(self, order: Ints | None) -> Ints:
        """Ties between every two groups, symmetrical; actor i has the groups of `order[i]`."""
        one, other = self.ends if order is None else (order[self.ends[0]], order[self.ends[1]])
        size = self.groups
        keys = self.of[one] * size + self.of[other] if self.single else self._several(one, other)
        counts = np.bincount(keys, minlength=size * size).reshape(size, size)
        found: Ints = counts + counts.T - np.diag(counts.diagonal())
        return found

    def _several(self, one: Ints, other: Ints) -> Ints:
        """Pairs of groups of each tie, the smaller first, each once."""
        lengths = self.begins[one + 1] - self.begins[one], self.begins[other + 1] - self.begins[other]
        pairs = lengths[0] * lengths[1]
        tie = np.repeat(np.arange(len(one)), pairs)
        turn = np.arange(len(tie)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
        first = self.of[self.begins[one][tie] + turn // lengths[1][tie]]
        second = self.of[self.begins[other][tie] + turn % lengths[1][tie]]
        cells = np.minimum(first, second) * self.groups + np.maximum(first, second)
        square = max(1, self.groups**2)
        return distinct(tie * square + cells) % square


def _p_values(
    graph: ActorGraph, members: csr_array[np.int64], now: tuple[Ints, Floats], *, permutations: int, seed: int
) -> Floats:
    observed, expected = now
    shuffled, chance = _Shuffled(graph, members), np.random.default_rng(seed)
    is_gap = observed < expected
    extreme = np.zeros(observed.shape, np.int64)
    for turn in range(permutations):
        progress("shuffling the groups", turn, permutations)
        ties = shuffled.ties(chance.permutation(shuffled.size))
        extreme += np.where(is_gap, ties <= observed, ties >= observed)
    return np.round((1 + extreme) / (1 + permutations), DECIMALS)
