"""Centrality: who stands on the shortest ways between others, and whose contacts are spread widely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import rustworkx as rx
from scipy.sparse import csr_array

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.measures import kept
from graph.measures.communities import Communities
from graph.measures.network import network
from graph.ties import DECIMALS, Floats

MOST_EXACT = 5_000  # actors; 25,000 ties took 6 s of processor time
ERROR, UNSURE = 0.01, 0.1


@dataclass(frozen=True)
class Betweenness:
    """One value per actor; `error` is None when they are exact."""

    values: list[float]
    error: float | None


@kept
def betweenness(graph: ActorGraph, *, seed: int = 0) -> Betweenness:
    """Find on what share of the shortest ways between two others each actor stands, in steps.

    Σ over pairs s,t of (shortest paths through v)/(shortest paths), divided by (n−1)(n−2)/2: 0 to 1; 0 for isolates,
    and when there are fewer than 3 actors. Exact up to 5,000 actors (Brandes 2001, Journal of Mathematical Sociology
    25); above, from sampled paths, right for every actor within `error` with a probability of 0.9 (KADABRA: Borassi
    and Natale 2016, Proceedings of ESA 57).
    """
    shares, error = shares_between(graph.ties.first, graph.ties.second, len(graph), seed=seed)
    return Betweenness((np.round(shares, DECIMALS) + 0.0).tolist(), error)


def shares_between(first: Ints, second: Ints, size: int, *, seed: int) -> tuple[Floats, float | None]:
    """The same for actors 0 … size − 1 with these ties, as computed, and the error of sampled ones."""
    if size > MOST_EXACT:
        return _sampled(first, second, size, seed), ERROR
    if size < 3:
        return np.zeros(size), None
    found = rx.betweenness_centrality(network(first, second, size), normalized=True)
    return np.array([found[actor] for actor in range(size)]), None


def _sampled(first: Ints, second: Ints, size: int, seed: int) -> Floats:
    """Betweenness from sampled paths, on one thread: with several, the same seed gives other numbers."""
    import networkit as nk

    threads = nk.getMaxNumberOfThreads()
    nk.setNumberOfThreads(1)
    nk.setSeed(seed, True)
    # Under a name of its own: the library keeps no reference to the network, and would read what is freed.
    ties = nk.GraphFromCoo((first, second), n=size)
    sampling = nk.centrality.KadabraBetweenness(ties, ERROR, UNSURE, True)
    sampling.run()
    nk.setNumberOfThreads(threads)
    # networkit 11.3 gives twice the share of all n(n−1)/2 pairs: 0.809 for the middle of five in a row, which is 0.4.
    return np.array(sampling.scores()) * size / (size - 2) / 2


def participation(graph: ActorGraph, communities: Communities) -> list[float | None]:
    """How evenly an actor's ties are spread over the communities: 0 when all lie in one, near 1 when in many.

    1 − Σ_s (k_bs/k_b)², with k_bs the number of b's ties into community s; None for isolates.
    Reference: Guimerà and Amaral 2005, Nature 433, 895.
    """
    size = len(graph)
    member = csr_array((np.ones(size), (np.arange(size), communities.of)), shape=(size, len(communities.ids)))
    counts = csr_array(graph.reach @ member)
    squares = np.asarray(counts.power(2).sum(axis=1)).ravel()
    values = np.round(1 - squares / np.maximum(1, graph.degree) ** 2, DECIMALS) + 0.0
    return [value if degree else None for value, degree in zip(values.tolist(), graph.degree.tolist(), strict=True)]
