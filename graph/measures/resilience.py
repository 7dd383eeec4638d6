"""Resilience: who would no longer reach whom if somebody left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import rustworkx as rx
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.limits import check_time, progress
from graph.measures import kept
from graph.measures.network import network
from graph.ties import DECIMALS, LARGEST_ITEM, Floats


@dataclass(frozen=True)
class Loss:
    """What those who stay lose: pairs in the order of ids, the first of `count`, and who has no tie left."""

    fragmentation: float | None
    pairs: list[tuple[int, int]]
    count: int
    connected: int  # pairs that are connected now
    isolated: list[int]


@kept
def fragmentation(graph: ActorGraph) -> list[float | None]:
    """Find for each actor what share of the others' connections would be lost if it left.

    F(v): of the pairs of other actors that are connected now, by any number of steps, the share that is not without v.
    From 0 to 1; 0 for whoever is no bridge between others (isolates too), None where no two others are connected.
    An actor that carries ties (a person among the actors, with carriers on) takes these along.
    All at once from one depth-first search (Tarjan 1972). After Borgatti 2006, Computational and Mathematical
    Organization Theory 12.
    """
    lost, connected = lost_alone(graph)
    shares = np.round(lost / np.maximum(1, connected), DECIMALS) + 0.0
    return [share if pairs else None for share, pairs in zip(shares.tolist(), connected.tolist(), strict=True)]


@kept
def lost_alone(graph: ActorGraph) -> tuple[Floats, Floats]:
    """Count for each actor the pairs of others that would be lost if it left, and those that are connected now."""
    sizes = np.bincount(components(graph))[components(graph)]
    connected = _pairs(np.bincount(components(graph))).sum() - (sizes - 1)
    lost = _pairs(sizes - 1) - _pairs_left(graph, sizes)
    carrying = carriers(graph).tolist()
    for place, actor in enumerate(carrying):
        progress("leaving out each who carries ties", place, len(carrying))
        lost[actor] = connected[actor] - _pairs_without(graph, actor)
    for actor in _of_item_just_too_large(graph).tolist():
        if lost[actor]:  # without it the item makes ties, so it can only be less
            check_time()
            lost[actor] = _counts(graph, graph.without([int(graph.actors[actor])]))[1]
    return lost, connected


def fragmentation_of(graph: ActorGraph, leavers: Sequence[int]) -> float | None:
    """What share of the connections among those who stay is lost if these nodes, of any kind, leave together.

    `leavers` are numbers in the arrays. As `fragmentation`, on the actor graph made again without them.
    """
    return loss(graph, leavers, most=0).fragmentation


def loss(graph: ActorGraph, leavers: Sequence[int], *, most: int) -> Loss:
    """What is lost among those who stay if these nodes, of any kind, leave together; at most so many pairs told.

    `fragmentation` as there, on the actor graph made again without the leavers; None when no two of those who stay
    are connected now, as when everybody leaves. Isolated are those left without a tie who had one.
    """
    rest = graph.without(leavers)
    connected, lost = _counts(graph, rest)
    stay = np.flatnonzero(np.isin(graph.actors, rest.actors))
    before, after = components(graph)[stay], components(rest)
    pairs: list[tuple[int, int]] = []
    for place in range(len(stay) if lost and most else 0):
        check_time()
        gone = np.flatnonzero((before[place + 1 :] == before[place]) & (after[place + 1 :] != after[place])) + place + 1
        pairs += [(int(stay[place]), other) for other in stay[gone[: most - len(pairs)]].tolist()]
        if len(pairs) >= min(most, lost):
            break
    isolated = stay[(graph.degree[stay] > 0) & (rest.degree == 0)].tolist()
    share = round(lost / connected, DECIMALS) if connected else None
    return Loss(share, pairs, lost, connected, isolated)


def _counts(graph: ActorGraph, rest: ActorGraph) -> tuple[int, int]:
    """Pairs of those who stay that are connected now, and how many of them no longer are."""
    now = components(graph)[np.isin(graph.actors, rest.actors)]
    _, both = np.unique(now * len(graph) + components(rest), return_counts=True)
    connected = int(_pairs(np.bincount(now, minlength=1)).sum())
    return connected, connected - int(_pairs(both).sum())


def bridge_ties(graph: ActorGraph) -> list[tuple[int, int]]:
    """List the ties whose loss would separate their two ends, in the order of ids (bridges; Tarjan 1974)."""
    found = rx.bridges(network(graph.ties.first, graph.ties.second, len(graph)))
    return sorted((min(ends), max(ends)) for ends in found)


@kept
def components(graph: ActorGraph) -> Ints:
    """Number of the connected component of each actor."""
    if not len(graph):
        return np.empty(0, np.int64)
    return np.asarray(connected_components(graph.matrix, directed=False)[1], np.int64)


def _pairs(sizes: Ints | Floats) -> Floats:
    return sizes.astype(np.float64) * (sizes - 1) / 2


def _pairs_left(graph: ActorGraph, sizes: Ints) -> Floats:
    """For each actor v the pairs of its component that stay connected without it."""
    order, parent = _depth_first(graph)
    below, lowest = _subtrees(graph, order, parent)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    actors = np.arange(len(graph))
    # A branch whose ties reach no higher than its parent hangs on the parent alone.
    hanging = actors[lowest[actors] >= place[parent[actors]]]
    cut = parent[hanging]
    size = len(order)
    apart = np.bincount(cut, below[hanging], minlength=size)[:-1]
    pairs = np.bincount(cut, _pairs(below[hanging]), minlength=size)[:-1]
    return pairs + _pairs(sizes - 1 - apart)


def _depth_first(graph: ActorGraph) -> tuple[Ints, Ints]:
    """Order of a depth-first search from a root that is added and tied to one actor of each component; parents."""
    size = len(graph)
    _, first = np.unique(components(graph), return_index=True)
    matrix = graph.reach
    rows = np.append(matrix.indptr, matrix.nnz + len(first))
    tree = csr_array((np.ones(rows[-1], np.int8), np.append(matrix.indices, first), rows), shape=(size + 1, size + 1))
    order, parent = depth_first_order(tree, size, directed=True)
    return order.astype(np.int64), parent.astype(np.int64)


def _subtrees(graph: ActorGraph, order: Ints, parent: Ints) -> tuple[Ints, Ints]:
    """Of each actor's branch the number of actors, and the earliest place in the order that it is tied to."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    lowest = place.copy()
    tied = np.flatnonzero(graph.degree)
    if len(tied):
        nearest = np.minimum.reduceat(place[graph.matrix.indices], graph.matrix.indptr[tied])
        lowest[tied] = np.minimum(lowest[tied], nearest)
    sizes, reach, parents = [1] * len(order), lowest.tolist(), parent.tolist()
    for actor in reversed(order[1:].tolist()):
        above = parents[actor]
        sizes[above] += sizes[actor]
        reach[above] = min(reach[above], reach[actor])
    return np.array(sizes, np.int64), np.array(reach, np.int64)


@kept
def carriers(graph: ActorGraph) -> Ints:
    """Actors that carry ties between others, so that more than their own ties go with them."""
    ties, found = graph.ties, []
    for ends in ties.link_ends:
        carrier = ends[ties.row_link]
        inside = (carrier != graph.actors[ties.first[ties.row_tie]]) & (
            carrier != graph.actors[ties.second[ties.row_tie]]
        )
        found.append(carrier[inside])
    return np.flatnonzero(np.isin(graph.actors, np.concatenate(found)))


def _pairs_without(graph: ActorGraph, actor: int) -> float:
    """Pairs of other actors that are connected without this one and the ties it carries."""
    ties, number = graph.ties, graph.actors[actor]
    ends = ties.first[ties.row_tie], ties.second[ties.row_tie]
    good = (ends[0] != actor) & (ends[1] != actor)
    for link_end in ties.link_ends:
        good &= link_end[ties.row_link] != number
    left = csr_array((np.ones(np.count_nonzero(good)), (ends[0][good], ends[1][good])), shape=graph.matrix.shape)
    return float(_pairs(np.bincount(connected_components(left, directed=False)[1])).sum())


def _of_item_just_too_large(graph: ActorGraph) -> Ints:
    """Actors that take part in an item of one too many to make ties, which it would make without them."""
    memberships = graph.ties.memberships
    return np.flatnonzero(np.isin(graph.actors, memberships.participant[memberships.sizes == LARGEST_ITEM + 1]))
