"""Distances in steps over the actor graph: from one actor up to a longest length, or from several at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.limits import check_time
from graph.rows import distinct

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
        front = distinct(reached[steps[reached] == UNREACHED])
        steps[front] = distance
    if without is not None:
        steps[without] = UNREACHED
    return steps


def steps_from_all(graph: ActorGraph, starts: Ints) -> NDArray[np.int32]:
    """Steps from each of these actors (columns) to each other (rows), however many; −1 where there is no way."""
    steps = np.full((len(graph), len(starts)), UNREACHED, np.int32)
    steps[starts, np.arange(len(starts))] = 0
    front, distance = steps == 0, 0
    while front.any():
        check_time()
        distance += 1
        front = (graph.reach @ front.astype(np.int32) > 0) & (steps == UNREACHED)
        steps[front] = distance
    return steps
