"""Brokerage: who connects actors that have no contact with each other otherwise, and in which role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from graph.actors import ActorGraph
from graph.adjacency import Ints, Mask
from graph.groups import Groups, Numbers
from graph.limits import check_time, progress
from graph.measures import kept
from graph.side_by_side import side_by_side
from graph.ties import DECIMALS, Floats

ROLES = ("coordinator", "consultant", "gatekeeper", "representative", "liaison")
PAIRS_AT_ONCE = 250_000  # sorting more at once is slower: measured 1.0 s against 2.4 s with 4 million
PAIRS_FOR_EACH = 20  # actor, before their sums go to those of all
CELLS_AT_ONCE = 4_000_000
LEADING = 12  # so many names a reader takes in; pages and maps mark the same ones


@dataclass(frozen=True)
class Brokerage:
    """For every actor what it brokers; one entry per actor, roles one row per name of `ROLES`."""

    scores: list[float]
    pairs: list[int]
    roles: dict[str, list[int]]


@dataclass(frozen=True)
class BrokeredPair:
    """Two neighbours of one actor who are not tied, and whose groups differ; `a` before `b` by id."""

    a: int
    b: int
    strength: float
    common: int

    @property
    def value(self) -> float:
        """What the pair adds to the cog score."""
        return round(self.strength / self.common, DECIMALS)


@kept
def brokerage(graph: ActorGraph) -> Brokerage:
    """Find how much of the contact between otherwise separate groups rests on each actor: the cog score, and roles.

    Cog score C(b) = Σ over pairs i,j of b's neighbours that are not tied to each other and whose groups differ, of
    min(w(b,i), w(b,j)) / (number of common neighbours of i and j). From 0 (isolates, and actors whose neighbours
    all know each other) without an upper bound. `pairs` counts the pairs that add to it. A definition of this product.

    Roles (Gould and Fernandez 1989, Sociological Methodology 19) count untied pairs of neighbours where the groups
    of i, j and b are all stated. i and j in one group: coordinator if b shares a group with one of them, else
    consultant; i and j differing: gatekeeper, and equally representative (ties have no direction here), if b shares
    a group with one of them, else liaison.
    """
    size, found = len(graph), Wedges(graph)
    scores, counts = np.zeros((2, size)), np.zeros((1 + len(ROLES), size), np.int64)
    for more, counted in side_by_side(lambda part: _counted(graph, map(found.open_pairs, part)), found.parts()):
        scores += more
        counts += counted
    pairs, *roles = counts.tolist()
    return Brokerage(np.round(scores.sum(axis=0), DECIMALS).tolist(), pairs, dict(zip(ROLES, roles, strict=True)))


def _counted(graph: ActorGraph, part: Iterable[OpenPairs]) -> tuple[Floats, Ints]:
    """What some pairs add to the scores of every actor, in two parts; and to its counts of pairs and of each role."""
    groups, scores = graph.groups, np.zeros((2, len(graph)))
    counts = np.zeros((1 + len(ROLES), len(graph)), np.int64)
    for some in part:
        alike, stated = groups.alike(some.i, some.j), groups.stated[some.i] & groups.stated[some.j]
        differ = stated & ~alike
        _add_scores(scores, some, differ)
        for row, mask in zip(counts, (differ, *_roles(groups, some, alike=alike, stated=stated)), strict=True):
            np.add.at(row, some.b[mask], 1)
    return scores, counts


def cog_scores(graph: ActorGraph) -> list[float]:
    """Cog score of every actor, in the order of ids; see `brokerage`."""
    return brokerage(graph).scores


@kept
def cog_order(graph: ActorGraph) -> list[str]:
    """Ids of all actors with a cog score, the greatest first, then by id."""
    scored = zip(cog_scores(graph), graph.ids, strict=True)
    return [id for _, id in sorted((-score, id) for score, id in scored if score > 0)]


def leading_cogs(graph: ActorGraph, limit: int = LEADING) -> list[str]:
    """Ids of the leading cogs of connection of the whole network, the first first: those that are marked as cogs."""
    return cog_order(graph)[:limit]


def bare_scores(graph: ActorGraph) -> Floats:
    """Cog scores without roles and pairs, in half the time; see `brokerage`."""
    found = Wedges(graph)

    def scored(part: Sequence[slice]) -> Floats:
        scores = np.zeros((2, len(graph)))
        for some in map(found.open_pairs, part):
            _add_scores(scores, some, graph.groups.differ(some.i, some.j))
        return scores

    scores = sum(side_by_side(scored, found.parts()), np.zeros((2, len(graph))))
    rounded: Floats = np.round(scores.sum(axis=0), DECIMALS)
    return rounded


def _add_scores(scores: Floats, some: OpenPairs, differ: Mask) -> None:
    """Add what those of these pairs whose groups differ are worth to the actor between them.

    In two parts that add up, the first exact in any order, so that even sums of millions are right to nine decimals.
    """
    values = some.strength[differ] / _counts(some.i[differ] * scores.shape[1] + some.j[differ])
    coarse = np.round(values * 2.0**20) / 2.0**20
    for row, part in zip(scores, (coarse, values - coarse), strict=True):
        np.add.at(row, some.b[differ], part)


def brokered_pairs(graph: ActorGraph, actor: int, *, limit: int) -> list[BrokeredPair]:
    """List the pairs that rest on one actor, those that add most to its cog score first, then by ids."""
    neighbours = graph.neighbours(actor)
    strengths = graph.matrix.data[graph.matrix.indptr[actor] : graph.matrix.indptr[actor + 1]]
    reach = graph.reach[neighbours]
    best: list[BrokeredPair] = []
    for start in range(0, len(neighbours), rows := 1 + CELLS_AT_ONCE // (len(neighbours) + 1)):
        check_time()
        block = slice(start, start + rows)
        common = (reach[block] @ reach.T).toarray()
        open_ = graph.reach[neighbours[block]][:, neighbours].toarray() == 0
        one, other = np.nonzero(np.triu(open_, start + 1))
        good = graph.groups.differ(neighbours[one + start], neighbours[other])
        one, other = one[good], other[good]
        found = neighbours[one + start], neighbours[other], np.minimum(strengths[one + start], strengths[other])
        best += _best(*found, common[one, other], limit)
    return sorted(best, key=lambda pair: (-pair.value, pair.a, pair.b))[:limit]


def _best(a: Ints, b: Ints, strength: Floats, common: Numbers, limit: int) -> list[BrokeredPair]:
    value = np.round(strength / common, DECIMALS)
    if len(value) > limit:  # sorting the two million pairs of a hub for the first five is slow
        good = value >= np.partition(value, -limit)[-limit]
        a, b, strength, common, value = a[good], b[good], strength[good], common[good], value[good]
    order = np.lexsort((b, a, -value))[:limit]
    return [
        BrokeredPair(*row) for row in zip(*(part[order].tolist() for part in (a, b, strength, common)), strict=True)
    ]


@dataclass(frozen=True)
class OpenPairs:
    """Some i, b, j with i and j tied to b but not to each other, i before j; `strength` is the smaller of the two."""

    i: Ints
    b: Ints
    j: Ints
    strength: Floats


def open_pairs(graph: ActorGraph) -> Iterator[OpenPairs]:
    """All pairs of neighbours of one actor that are not tied; those of one pair i, j come together."""
    found = Wedges(graph)
    return side_by_side(found.open_pairs, chain.from_iterable(found.parts()))


class Wedges:
    """All pairs of neighbours of one actor, found for some rows of the matrix at a time."""

    def __init__(self, graph: ActorGraph) -> None:
        matrix, self.size = graph.matrix, len(graph)
        self.begins, self.ends, self.data = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data
        self.origin = np.repeat(np.arange(self.size), graph.degree)
        # Rows are sorted and the matrix symmetrical: the entry (b, i) of each (i, b), and how many j > i follow it.
        self.back = np.argsort(self.ends, kind="stable")
        self.reach = self.begins[self.ends + 1] - self.back - 1

    def parts(self) -> Iterator[list[slice]]:
        """Stretches of rows of about the same work, some together, so that sums for every actor are made less often."""
        stretches = self._stretches()
        while part := list(islice(stretches, 1 + PAIRS_FOR_EACH * self.size // PAIRS_AT_ONCE)):
            yield part

    def _stretches(self) -> Iterator[slice]:
        """Those pairs i, j that are of one i are in one of them."""
        work, start = np.concatenate(([0], np.cumsum(self.reach)))[self.begins], 0
        while start < self.size:
            stop = max(start + 1, int(np.searchsorted(work, work[start] + PAIRS_AT_ONCE, side="right")) - 1)
            yield slice(start, stop)
            start = stop

    def open_pairs(self, rows: slice) -> OpenPairs:
        """Those with i among these rows, without those that are tied to each other."""
        progress("comparing contacts of contacts", rows.start, self.size)
        entries = np.arange(self.begins[rows.start], self.begins[rows.stop])
        reach = self.reach[entries]
        entry = np.repeat(entries, reach)
        onward = np.arange(len(entry)) - np.repeat(np.cumsum(reach) - reach, reach) + self.back[entry] + 1
        i, j = self.origin[entry], self.ends[onward]
        ties = self.origin[entries] * self.size + self.ends[entries]
        good = np.flatnonzero(~_contains(ties, i * self.size + j))
        entry, onward = entry[good], onward[good]
        return OpenPairs(i[good], self.ends[entry], j[good], np.minimum(self.data[entry], self.data[onward]))


def _contains(keys: Ints, wanted: Ints) -> Mask:
    """Which of the wanted are among the sorted keys."""
    if not len(keys):
        return np.zeros(len(wanted), np.bool_)
    found: Mask = keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted
    return found


def _counts(keys: Ints) -> Ints:
    """How often each key occurs, at the place of each."""
    _, place, counts = np.unique(keys, return_inverse=True, return_counts=True)
    found: Ints = counts[place]
    return found


def _roles(groups: Groups, some: OpenPairs, *, alike: Mask, stated: Mask) -> tuple[Mask, ...]:
    """Which pairs make the actor between them what, in the order of `ROLES`."""
    stated = stated & groups.stated[some.b]
    own = groups.alike(some.b, some.i) | groups.alike(some.b, some.j)
    across = stated & ~alike & own
    return stated & alike & own, stated & alike & ~own, across, across, stated & ~alike & ~own
