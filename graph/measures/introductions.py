"""Introductions: which two actors without contact have most to gain from meeting, and who could bring them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from graph.actors import ActorGraph
from graph.adjacency import Ints, Mask
from graph.groups import Groups, Matrix, groups_of, posts, stated_groups
from graph.measures.brokerage import OpenPairs, open_pairs
from graph.ties import DECIMALS, Floats

ACROSS_GROUPS = 1.5
ROUNDED = 10.0**-DECIMALS


@dataclass(frozen=True)
class LeftOut:
    """Who and what is left out: actors altogether, actors as introducers only, and pairs."""

    actors: Mask
    introducers: Mask
    pairs: Ints  # keys: the smaller number × number of actors + the greater

    @classmethod
    def nobody(cls, graph: ActorGraph) -> LeftOut:
        """Nothing is left out."""
        none = np.zeros(len(graph), np.bool_)
        return cls(none, none, np.empty(0, np.int64))


@dataclass(frozen=True)
class Introduction:
    """Two actors without a tie, and who could introduce them; `a` before `b` by id."""

    a: int
    b: int
    introducer: int
    score: float


def introductions(graph: ActorGraph, left_out: LeftOut, *, of: int | None = None, limit: int) -> list[Introduction]:
    """Find the pairs that have most to gain from an introduction: all, or those of one actor.

    I(i,j) = [Σ_b min(w(b,i), w(b,j)) / ln max(2, degree(b))] × (1 + shared themes) × (1.5 if their groups differ),
    over all common neighbours b of two actors without a tie; above 0, without an upper bound. Shared themes are those
    that both name by WORKS_ON. Introducer: the b with the greatest min(w(b,i), w(b,j)), then the smallest id, that is
    not left out; a pair without one is left out, and so are two people who share an organisation. The score counts
    every b. Highest score first, then by ids. Without a common neighbour there is no introduction. A common
    neighbour counts less the more neighbours it has, as in Adamic and Adar 2003, Social Networks 25.
    """
    themes, colleagues = _themes(graph), organisations(graph)
    named = np.diff(themes.indptr)
    best: list[Introduction] = []
    for block in open_pairs(graph) if of is None else _open_pairs_of(graph, of):
        found = _introduced(graph, block, left_out=left_out)
        if len(best) == limit:  # most pairs are too weak, whatever themes they share
            most = found.worth * (1 + np.minimum(named[found.a], named[found.b])) * ACROSS_GROUPS
            found = found.of(most >= best[-1].score - ROUNDED)
        found = found.of(~np.isin(found.a * len(graph) + found.b, left_out.pairs))
        found = found.of(_in_common(colleagues, found.a, found.b) == 0)
        across = np.where(graph.groups.differ(found.a, found.b), ACROSS_GROUPS, 1.0)
        score = np.round(found.worth * (1 + _in_common(themes, found.a, found.b)) * across, DECIMALS)
        best = sorted([*best, *_best(found, score, limit=limit)], key=lambda one: (-one.score, one.a, one.b))[:limit]
    return best


@dataclass(frozen=True)
class _Pairs:
    """Pairs with somebody to introduce them, each once; `worth` is what all whom they have in common add up to."""

    a: Ints
    b: Ints
    introducer: Ints
    worth: Floats

    def of(self, mask: Mask) -> _Pairs:
        return self if mask.all() else _Pairs(self.a[mask], self.b[mask], self.introducer[mask], self.worth[mask])


def _introduced(graph: ActorGraph, block: OpenPairs, *, left_out: LeftOut) -> _Pairs:
    """The pairs of a block whose introducer, and who themselves, are not left out."""
    keys = block.i * len(graph) + block.j
    order = np.argsort(keys, kind="stable")  # those in common stay in the order of their ids
    begins = np.flatnonzero(np.diff(keys[order], prepend=-1))
    i, b, j, strength = block.i[order], block.b[order], block.j[order], block.strength[order]
    if not len(order):
        return _Pairs(i, j, b, strength)
    able = np.where(left_out.actors[b] | left_out.introducers[b], -1.0, strength)
    greatest = np.repeat(np.maximum.reduceat(able, begins), np.diff(begins, append=len(order)))
    first = np.minimum.reduceat(np.where(able == greatest, np.arange(len(order)), len(order)), begins)
    worth = np.add.reduceat(strength / np.log(np.maximum(2, graph.degree[b])), begins)
    a, other = i[begins], j[begins]
    good = (able[first] >= 0) & ~left_out.actors[a] & ~left_out.actors[other]
    return _Pairs(a, other, b[first], worth).of(good)


def _best(pairs: _Pairs, score: Floats, *, limit: int) -> Iterator[Introduction]:
    if len(score) > limit:
        good = score >= np.partition(score, -limit)[-limit]
        pairs, score = pairs.of(good), score[good]
    order = np.lexsort((pairs.b, pairs.a, -score))[:limit]
    columns = (column[order].tolist() for column in (pairs.a, pairs.b, pairs.introducer, score))
    return (Introduction(*row) for row in zip(*columns, strict=True))


def _open_pairs_of(graph: ActorGraph, actor: int) -> Iterator[OpenPairs]:
    """The same as `open_pairs` for the pairs of one actor."""
    own = graph.neighbours(actor)
    rows = graph.matrix[own]
    b, j = np.repeat(own, np.diff(rows.indptr)), rows.indices.astype(np.int64)
    good = (j != actor) & ~np.isin(j, own)
    b, j = b[good], j[good]
    to_actor = np.zeros(len(graph))
    to_actor[own] = graph.matrix.data[graph.matrix.indptr[actor] : graph.matrix.indptr[actor + 1]]
    yield OpenPairs(np.minimum(actor, j), b, np.maximum(actor, j), np.minimum(to_actor[b], rows.data[good]))


def shared_themes(graph: ActorGraph, a: int, b: int) -> list[str]:
    """Ids of the themes that both actors name by WORKS_ON, sorted."""
    groups = _theme_groups(graph)
    return sorted({*groups.of(a)} & {*groups.of(b)})


def _theme_groups(graph: ActorGraph) -> Groups:
    if "themes" not in graph.kept:
        stated = stated_groups(graph.arrays, graph.nodes, graph.relationships, "theme")
        graph.kept["themes"] = groups_of(graph.actors, *stated)
    found: Groups = graph.kept["themes"]
    return found


def _themes(graph: ActorGraph) -> Matrix:
    return _theme_groups(graph).members


def organisations(graph: ActorGraph) -> Matrix:
    """Which organisations each person among the actors belongs to, by number of the organisation's node."""
    if "organisations" not in graph.kept:
        graph.kept["organisations"] = _organisations(graph)
    found: Matrix = graph.kept["organisations"]
    return found


def _organisations(graph: ActorGraph) -> Matrix:
    edges, size = graph.arrays.relationships, len(graph.arrays.nodes.ids)
    held = posts(graph.arrays, graph.relationships)
    ends = edges.source[held], edges.target[held]
    every = csr_array((np.ones(len(ends[0]), np.bool_), ends), shape=(size, size))
    return every[graph.actors]


def _in_common(members: Matrix, a: Ints, b: Ints) -> Ints:
    """How many groups the two of each pair have in common."""
    if not members.nnz:
        return np.zeros(len(a), np.int64)
    both = members[a].multiply(members[b])
    return np.asarray(both.astype(np.int64).sum(axis=1)).ravel()
