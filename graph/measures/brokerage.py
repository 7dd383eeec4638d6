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
    size = len(graph)
    scores, pairs = np.zeros((2, size)), np.zeros(size, np.int64)
    roles = {name: np.zeros(size, np.int64) for name in ROLES}
    for block in open_pairs(graph):
        alike, stated = (
            graph.groups.alike(block.i, block.j),
            graph.groups.stated[block.i] & graph.groups.stated[block.j],
        )
        differ = stated & ~alike
        scores += _parts_of_scores(block, differ, size)
        pairs += np.bincount(block.b[differ], minlength=size)
        for name, mask in _roles(graph.groups, block, alike=alike, stated=stated).items():
            roles[name] += np.bincount(block.b[mask], minlength=size)
    return Brokerage(
        np.round(scores.sum(axis=0), DECIMALS).tolist(),
        pairs.tolist(),
        {name: counts.tolist() for name, counts in roles.items()},
    )


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
    size = len(graph)
    scores = np.zeros((2, size))
    for block in open_pairs(graph):
        scores += _parts_of_scores(block, graph.groups.differ(block.i, block.j), size)
    rounded: Floats = np.round(scores.sum(axis=0), DECIMALS)
    return rounded


def _parts_of_scores(block: OpenPairs, differ: Mask, size: int) -> Floats:
    """What the pairs of a block whose groups differ add to the scores, in two parts that add up."""
    values = block.strength[differ] / _counts(block.i[differ] * size + block.j[differ])
    return _exact_sums(block.b[differ], values, size)


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
    """All of them, in blocks; those of one pair i, j come in the same block."""
    begins, ends, data = graph.matrix.indptr.astype(np.int64), graph.matrix.indices.astype(np.int64), graph.matrix.data
    size = len(graph)
    origin = np.repeat(np.arange(size), graph.degree)
    # Rows are sorted and the matrix symmetrical: the entry (b, i) of each (i, b), and how many j > i follow it.
    back = np.argsort(ends, kind="stable")
    reach = begins[ends + 1] - back - 1
    ties, work = origin * size + ends, np.concatenate(([0], np.cumsum(reach)))[begins]
    start = 0
    while start < size:
        progress("comparing contacts of contacts", start, size)
        stop = max(start + 1, int(np.searchsorted(work, work[start] + PAIRS_AT_ONCE, side="right")) - 1)
        entries = np.arange(begins[start], begins[stop])
        entry = np.repeat(entries, reach[entries])
        onward = (
            np.arange(len(entry))
            - np.repeat(np.cumsum(reach[entries]) - reach[entries], reach[entries])
            + back[entry]
            + 1
        )
        i, j = origin[entry], ends[onward]
        good = np.flatnonzero(~_contains(ties, i * size + j))
        entry, onward = entry[good], onward[good]
        yield OpenPairs(i[good], ends[entry], j[good], np.minimum(data[entry], data[onward]))
        start = stop


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


def _roles(groups: Groups, block: OpenPairs, *, alike: Mask, stated: Mask) -> dict[str, Mask]:
    stated = stated & groups.stated[block.b]
    own = groups.alike(block.b, block.i) | groups.alike(block.b, block.j)
    across = stated & ~alike & own
    return {
        "coordinator": stated & alike & own,
        "consultant": stated & alike & ~own,
        "gatekeeper": across,
        "representative": across,
        "liaison": stated & ~alike & ~own,
    }
