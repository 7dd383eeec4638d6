"""Brokerage: who connects actors that have no contact with each other otherwise, and in which role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    for more, counted in side_by_side(lambda rows: _counted(graph, found.open_pairs(rows)), found.stretches()):
        scores += more
        counts += counted
    pairs, *roles = counts.tolist()
    return Brokerage(np.round(scores.sum(axis=0), DECIMALS).tolist(), pairs, dict(zip(ROLES, roles, strict=True)))


def _counted(graph: ActorGraph, some: OpenPairs) -> tuple[Floats, Ints]:
    """What some pairs add to the scores of every actor, in two parts; and to its counts of pairs and of each role."""
    size, groups = len(graph), graph.groups
    alike, stated = groups.alike(some.i, some.j), groups.stated[some.i] & groups.stated[some.j]
    differ = stated & ~alike
    masks = [differ, *_roles(groups, some, alike=alike, stated=stated).values()]
    return _parts_of_scores(some, differ, size), np.stack([np.bincount(some.b[mask], minlength=size) for mask in masks])


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
    size, found = len(graph), Wedges(graph)

    def parts(rows: slice) -> Floats:
        some = found.open_pairs(rows)
        return _parts_of_scores(some, graph.groups.differ(some.i, some.j), size)

    scores = sum(side_by_side(parts, found.stretches()), np.zeros((2, size)))
    rounded: Floats = np.round(scores.sum(axis=0), DECIMALS)
    return rounded


def _parts_of_scores(some: OpenPairs, differ: Mask, size: int) -> Floats:
    """What those of these pairs whose groups differ add to the scores, in two parts that add up."""
    values = some.strength[differ] / _counts(some.i[differ] * size + some.j[differ])
    return _exact_sums(some.b[differ], values, size)


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
    return side_by_side(found.open_pairs, found.stretches())


class Wedges:
    """All pairs of neighbours of one actor, found for some rows of the matrix at a time."""

    def __init__(self, graph: ActorGraph) -> None:
        matrix, self.size = graph.matrix, len(graph)
        self.begins, self.ends, self.data = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data
        self.origin = np.repeat(np.arange(self.size), graph.degree)
        # Rows are sorted and the matrix symmetrical: the entry (b, i) of each (i, b), and how many j > i follow it.
        self.back = np.argsort(self.ends, kind="stable")
        self.reach = self.begins[self.ends + 1] - self.back - 1

    def stretches(self) -> Iterator[slice]:
        """Rows of about the same work; those pairs i, j that are of one i come together."""
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


def _exact_sums(places: Ints, values: Floats, size: int) -> Floats:
    """Sums of values by place in two parts that add up to them, so that even millions are right to nine decimals."""
    coarse = np.round(values * 2.0**20) / 2.0**20  # sums of these are exact in any order
    return np.stack([np.bincount(places, part, minlength=size) for part in (coarse, values - coarse)])


def _roles(groups: Groups, some: OpenPairs, *, alike: Mask, stated: Mask) -> dict[str, Mask]:
    stated = stated & groups.stated[some.b]
    own = groups.alike(some.b, some.i) | groups.alike(some.b, some.j)
    across = stated & ~alike & own
    return {
        "coordinator": stated & alike & own,
        "consultant": stated & alike & ~own,
        "gatekeeper": across,
        "representative": across,
        "liaison": stated & ~alike & ~own,
    }
