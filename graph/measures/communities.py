"""Communities: sets of actors with many and strong ties among themselves, and few to others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from graspologic_native import leiden_csr

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.limits import check_time
from graph.measures import kept
from graph.ties import DECIMALS, Floats

COMMUNITY = "community:"
MANY_TIES = 50_000
TRIALS = 10  # single runs on the karate club network gave 0.395 to 0.420; the best of ten always 0.419 or more


@dataclass(frozen=True)
class Communities:
    """A partition of the actors: communities from large to small, then by their smallest id."""

    of: Ints  # the community of each actor
    ids: tuple[str, ...]  # of each community
    leading: Ints  # of each community, the actor with the strongest ties inside it
    inside: Floats  # of each actor, the sum of the strengths of its ties inside its community
    modularity: float | None

    def members(self, community: int) -> Ints:
        """Actors of one community, in the order of ids."""
        return np.flatnonzero(self.of == community)


@kept
def communities(graph: ActorGraph, *, resolution: float = 1.0, seed: int = 0) -> Communities:
    """Find the communities that the ties themselves show, whatever sector or place people put on a form.

    Leiden on the strengths w, seeded; every actor is in exactly one, an isolate in its own. A higher resolution
    γ gives smaller communities. The id of a community is that of its leading member (greatest strength of ties
    inside, then smallest id), so that it stays the same while the core does.
    Modularity Σ_c [w inside c / W − γ (strength of c / 2W)²], below 1; None without ties.
    Reference: Traag, Waltman and van Eck 2019, Scientific Reports 9, 5233.
    """
    check_time()  # before what cannot be stopped
    found = _ordered(_leiden(graph, resolution, seed))
    inside = _strength_inside(graph, found)
    count = int(found.max(initial=-1)) + 1
    first = np.lexsort((np.arange(len(found)), -inside, found))
    leading = first[np.searchsorted(found[first], np.arange(count))]
    ids = tuple(f"{COMMUNITY}{id}" for id in graph.arrays.nodes.ids.texts(graph.actors[leading]))
    return Communities(found, ids, leading, inside, modularity(graph, found, resolution=resolution))


@kept
def community_of(graph: ActorGraph, actor: int, *, resolution: float = 1.0, seed: int = 0) -> ActorGraph:
    """The part of the graph that the community of one actor is: its members, and the ties among them."""
    found = communities(graph, resolution=resolution, seed=seed)
    return graph.among(found.members(int(found.of[actor])))


def modularity(graph: ActorGraph, communities: Ints, *, resolution: float = 1.0) -> float | None:
    """How much more of the strength of ties lies inside the communities than chance would put there; None without ties.

    Σ_c [w inside c / W − γ (strength of c / 2W)²], from −0.5 to below 1 (Newman and Girvan 2004).
    """
    total = float(graph.ties.strength.sum())
    if not total:
        return None
    same = communities[graph.ties.first] == communities[graph.ties.second]
    strengths = np.bincount(communities, np.asarray(graph.matrix.sum(axis=1)).ravel())
    expected = resolution * float(np.square(strengths / (2 * total)).sum())
    return round(float(graph.ties.strength[same].sum()) / total - expected, DECIMALS) + 0.0


def _leiden(graph: ActorGraph, resolution: float, seed: int) -> Ints:
    """The community of each actor, in no order."""
    matrix = graph.matrix
    if not matrix.nnz:  # the library refuses a network without ties
        return np.arange(len(graph))
    rows = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data.astype(np.float64)
    trials = TRIALS if matrix.nnz <= 2 * MANY_TIES else 1
    _, found = leiden_csr(*rows, len(graph), resolution=resolution, seed=seed, trials=trials)
    return np.array([found[actor] for actor in range(len(graph))], np.int64)


def _ordered(found: Ints) -> Ints:
    """The same partition, numbered from large to small, then by smallest actor."""
    _, smallest, inverse, sizes = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((smallest, -sizes))
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    return number[inverse]


def _strength_inside(graph: ActorGraph, communities: Ints) -> Floats:
    ties = graph.ties
    same = communities[ties.first] == communities[ties.second]
    ends = np.concatenate((ties.first[same], ties.second[same]))
    return np.round(np.bincount(ends, np.tile(ties.strength[same], 2), minlength=len(graph)), DECIMALS)
