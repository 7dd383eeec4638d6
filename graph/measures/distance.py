"""Distances in steps over the actor graph, up to a longest length."""

from __future__ import annotations

import numpy as np

from graph.actors import ActorGraph
from graph.adjacency import Ints

UNREACHED = -1


def steps_from(graph: ActorGraph, start: int, longest: int, *, without: int | None = None) -> Ints:
    """Steps from one actor to each other, −1 beyond `longest`; `without` leaves one actor out of all ways."""
    steps = np.full(len(graph), UNREACHED, np.int64)
    steps[start] = 0
    if without is not None:
        steps[without] = len(graph)
    begins, ends = graph.matrix.indptr.astype(np.int64), graph.matrix.indices
    front = np.array([start], np.int64)
    for distance in range(1, longest + 1):
        lengths = begins[front + 1] - begins[front]
        last = np.cumsum(lengths)
        places = np.arange(last[-1] if len(last) else 0) + np.repeat(begins[front] - last + lengths, lengths)
        reached = ends[places].astype(np.int64)
        front = np.unique(reached[steps[reached] == UNREACHED])
        steps[front] = distance
    if without is not None:
        steps[without] = UNREACHED
    return steps
