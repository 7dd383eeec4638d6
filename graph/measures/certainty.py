"""Certainty: how far a ranking stands if what the network rests on is only as sure as its sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack

from graph.actors import ActorGraph, freshness
from graph.adjacency import Arrays, Ints, Mask, NodeColumns, RelationshipColumns
from graph.groups import BY_RELATIONSHIP
from graph.ids import Ids
from graph.limits import progress
from graph.measures import kept
from graph.measures.brokerage import bare_scores
from graph.ties import DECIMALS, Floats

WIDEST_CLEAR = 5  # ranks that the first may take before the order counts as unclear
MOST_WORK = 8_000_000  # over all draws, in open pairs, relationships and actors: 1.5 seconds
AT_ONCE = 400_000
WORK_OF_COMMUNITIES = 5  # measured: finding them makes a draw five times as long
FEWEST = 100  # draws; with fewer the 5th percentile says little
Ranks = NDArray[np.int32]


@dataclass(frozen=True)
class Certainty:
    """Ranks of all that is ranked, over all draws."""

    drawn: Ranks  # one row per draw; one row where all draws are equal
    draws: int  # how many were made, equal ones counted

    @cached_property
    def ranks(self) -> Ranks:
        """The ranks of each, from low to high."""
        return np.sort(self.drawn, axis=0)

    def nearest(self, actor: int, percent: int) -> int:
        """A percentile of an actor's rank by nearest rank."""
        return int(self.ranks[-(-percent * len(self.ranks) // 100) - 1, actor])

    def median(self, actor: int) -> float:
        """The rank in the middle of all draws, or the mean of the two in the middle."""
        half = len(self.ranks) // 2
        return float(self.ranks[half, actor] + self.ranks[~half, actor]) / 2

    def in_top(self, actor: int, limit: int) -> float:
        """Share of draws in which the actor is among the first."""
        return round(float(np.count_nonzero(self.ranks[:, actor] <= limit) / len(self.ranks)), DECIMALS)

    def is_clear(self, actor: int) -> bool:
        """Whether the actor holds its place: at most five ranks from the 5th to the 95th percentile."""
        return self.nearest(actor, 95) - self.nearest(actor, 5) + 1 <= WIDEST_CLEAR


@kept
def rank_certainty(graph: ActorGraph, *, draws: int, seed: int = 0) -> Certainty:
    """Find how sure the rank of each actor as a cog is, over networks drawn by what each relationship is worth.

    Each relationship of a type that makes ties is kept with the probability confidence × freshness, the actor graph
    (groups too) is made again from those kept, with their full strengths, and the actors are ranked by cog score:
    1 + the number of greater ones. Percentiles are by nearest rank, from 1 to the number of actors; the median is
    the mean of the middle two. Where every confidence is 0 or 1 and freshness is off, all draws are equal and one is
    made. A network so large that all draws would take minutes gets fewer, and `draws` says how many; 0 when not even
    a hundred could be made. `draws` is at least 1. After Efron 1979, The Annals of Statistics 7: each draw is a
    network that could as well be true.
    """
    numbers, chance = _chances(graph)
    unsure = np.flatnonzero((chance > 0) & (chance < 1))
    if not len(unsure):
        return Certainty(_ranked(graph, numbers, (chance > 0)[np.newaxis]), draws)
    possible = min(draws, MOST_WORK // _work(graph, numbers))
    if possible < min(draws, FEWEST):
        return Certainty(np.empty((0, len(graph)), np.int32), 0)
    # The stream of this generator never changes with the version of the library.
    chosen = np.random.RandomState(seed).random_sample((possible, len(unsure))) < chance[unsure]
    distinct, of = np.unique(chosen, axis=0, return_inverse=True)
    drawn = np.repeat((chance > 0)[np.newaxis], len(distinct), axis=0)
    drawn[:, unsure] = distinct
    return Certainty(_ranked(graph, numbers, drawn)[of.ravel()], possible)


def _chances(graph: ActorGraph) -> tuple[Ints, Floats]:
    """The relationships that ties and groups are made from, and how likely each is kept."""
    arrays, edges = graph.arrays, graph.arrays.relationships
    ties = np.isin(edges.type, arrays.type_codes(arrays.vocabulary.tie_types))
    others = (*arrays.vocabulary.of_types, *BY_RELATIONSHIP.get(graph.options.group_by, ((), False))[0])
    numbers = np.flatnonzero(graph.relationships & (ties | np.isin(edges.type, arrays.type_codes(others))))
    fresh = freshness(arrays, graph.options.half_life, graph.counted_to)
    return numbers, np.where(ties, edges.confidence[:] * fresh, 1.0)[numbers]


def _work(graph: ActorGraph, numbers: Ints) -> int:
    degree = graph.degree
    work = int(1 + len(numbers) + len(graph) + (degree * (degree - 1) // 2).sum())
    return work * WORK_OF_COMMUNITIES if graph.options.group_by == "community" else work


def _columns(columns: NodeColumns | RelationshipColumns) -> Iterator[tuple[str, Any]]:
    return ((name, column) for name, column in vars(columns).items() if name != "ids")


def _ranked(graph: ActorGraph, numbers: Ints, drawn: Mask) -> Ranks:
    """Ranks of all actors in each of the drawn networks."""
    size, found = len(graph), [np.empty((0, len(graph)), np.int32)]
    for some in _pieces(graph, numbers, drawn):
        progress("drawing the network again", sum(map(len, found)), len(drawn))
        scores = bare_scores(_copies(graph, numbers, some)).reshape(len(some), size)
        found.append(row_ranks(scores))
    return np.concatenate(found)


def row_ranks(values: Floats) -> Ranks:
    """Rank of each value in its row from high to low: 1 + the number of greater ones."""
    ranks: Ranks = (1 + values.shape[1] - _not_greater(values)).astype(np.int32)
    return ranks


def row_percentiles(values: Floats) -> Floats:
    """Where each value stands in its row, as `percentiles` says it: 100 × (below + half the equal)/n."""
    size = max(1, values.shape[1])
    below = size - _not_greater(-values)
    standing: Floats = np.round(50 * (below + _not_greater(values)) / size, DECIMALS)
    return standing


def _not_greater(values: Floats) -> Ints:
    """For each value how many of its row are not greater, itself counted."""
    found = [np.searchsorted(np.sort(row), row, side="right") for row in values]
    return np.array(found, np.int64).reshape(values.shape)


def _pieces(graph: ActorGraph, numbers: Ints, drawn: Mask) -> Iterator[Mask]:
    """The draws in pieces; communities are found in each network alone."""
    rows = 1 if graph.options.group_by == "community" else max(1, AT_ONCE // _work(graph, numbers))
    for start in range(0, len(drawn), rows):
        yield drawn[start : start + rows]


def _copies(graph: ActorGraph, numbers: Ints, drawn: Mask) -> ActorGraph:
    """One actor graph that holds the drawn networks side by side: hundreds of small ones cost as much as one large."""
    arrays, count, size = graph.arrays, len(drawn), len(graph.arrays.nodes.ids)
    draw, place = np.nonzero(drawn)
    columns = {name: column[numbers[place]] for name, column in _columns(arrays.relationships)}
    columns["source"] = columns["source"] + draw * size
    columns["target"] = columns["target"] + draw * size
    nodes = {name: np.tile(column, count) for name, column in _columns(arrays.nodes)}
    copies = Arrays(
        NodeColumns(ids=arrays.nodes.ids.repeated(count), **nodes),
        RelationshipColumns(ids=Ids.of(()), **columns),
        arrays.vocabulary,
        version=arrays.version,
    )
    options = replace(graph.options, half_life=None)
    shown, there = np.tile(graph.nodes, count), np.ones(len(draw), np.bool_)
    groups = graph.attributes and replace(graph.attributes, members=vstack([graph.attributes.members] * count, "csr"))
    made = ActorGraph.of(copies, graph.lens, options, nodes=shown, relationships=there)
    return replace(made, attributes=groups)
