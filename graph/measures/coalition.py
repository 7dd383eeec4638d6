"""Coalitions: the team that covers what is needed and is closest to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.limits import check_time
from graph.ties import DECIMALS, Floats

MOST_STEPS = 40_000  # of the exact search: 0.3 seconds
MOST_CELLS = 100_000_000  # numbers that these look at
MOST_STARTS, MOST_SEARCHED = 60, 20_000_000  # ties that the quick search looks at: 2 seconds
Costs = csr_array[np.float64]


@dataclass(frozen=True)
class Wishes:
    """What a team is to cover, whom it must hold, and how many it may be; actors by number."""

    needs: Sequence[Ints]  # for each need the actors that cover it
    musts: Sequence[int]
    size: int

    def brought(self, count: int) -> Ints:
        """What each of `count` actors brings, as bits: the needs first, then the musts."""
        bits = np.zeros(count, np.int64)
        for place, some in enumerate([*self.needs, *np.array(self.musts, np.int64)]):
            bits[some] |= 1 << place
        return bits

    @property
    def must_bits(self) -> int:
        """The bits of all musts."""
        return ((1 << len(self.musts)) - 1) << len(self.needs)

    def covered(self, bits: int) -> int:
        """How many needs these bits cover."""
        return (bits & ~self.must_bits).bit_count()


@dataclass(frozen=True)
class Team:
    """Actors joined by a tree of ties; both sorted."""

    actors: tuple[int, ...]
    links: tuple[tuple[int, int], ...]
    cost: float


def coalition(graph: ActorGraph, wishes: Wishes) -> Team | None:
    """Find the connected team that covers most needs and, of these, is closest: the least sum of 1/strength.

    A tree of ties that holds all musts, of at most `size` actors, every one of them in the team; it covers as many
    needs as such a tree can, at the least Σ 1/w over its ties (Steiner tree; Lappas, Liu and Terzi 2009, Proceedings
    of KDD 15). Cost 0 for one actor alone. None where no tree holds all musts within `size`, or nobody covers
    anything. Exact while needs and musts are few (eight together for a team of twelve): a table over sets of needs,
    sizes and actors (after Dreyfus and Wagner 1971, Networks 1). With more, the tree grows by the nearest that is
    missing, from many starts, and unneeded ends are cut off. Of equal teams always the same one is found.
    """
    if not len(graph) or not wishes.size:
        return None
    matrix = graph.matrix
    costs = csr_array((1 / matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape)
    if _is_small(graph, wishes):
        return _Table(costs, wishes).best()
    return _best_grown(costs, wishes)


def _is_small(graph: ActorGraph, wishes: Wishes) -> bool:
    sizes = min(wishes.size, len(graph))
    steps = 3 ** (len(wishes.needs) + len(wishes.musts)) * sizes // 2
    return bool(steps <= MOST_STEPS and steps * sizes * len(graph) <= MOST_CELLS)


def _team(costs: Costs, actors: Iterable[int]) -> Team:
    """The cheapest tree over these actors."""
    members = np.array(sorted(actors), np.int64)
    tree = minimum_spanning_tree(costs[members][:, members]).tocoo()
    ends = (members[np.minimum(tree.row, tree.col)].tolist(), members[np.maximum(tree.row, tree.col)].tolist())
    cost = round(fsum(tree.data), DECIMALS)
    return Team(tuple(members.tolist()), tuple(sorted(zip(*ends, strict=True))), cost)


class _Table:
    """For each set of wishes, number of actors and root, the least cost of a tree of at most so many actors."""

    def __init__(self, costs: Costs, wishes: Wishes) -> None:
        self.costs, self.wishes = costs, wishes
        self.sizes = min(wishes.size, costs.shape[0])
        self.brings = wishes.brought(costs.shape[0])
        self.tied = np.flatnonzero(np.diff(costs.indptr))
        sets = 1 << (len(wishes.needs) + len(wishes.musts))
        self.least = np.full((sets, self.sizes + 1, costs.shape[0]), np.inf)
        for wanted in range(sets):
            check_time()
            self._fill(wanted)

    def _fill(self, wanted: int) -> None:
        least = self.least[wanted]
        for part, rest in _halves(wanted):
            for size in range(1, self.sizes + 1):
                both = self.least[part, size] + self.least[rest, 1 : self.sizes - size + 2]
                np.minimum(least[size:], np.round(both, DECIMALS), out=least[size:])
        least[1:, (self.brings & wanted) == wanted] = 0
        for size in range(2, self.sizes + 1):
            np.minimum(least[size], least[size - 1], out=least[size])
            least[size, self.tied] = np.minimum(least[size, self.tied], self._grown(least[size - 1]))

    def _grown(self, least: Floats) -> Floats:
        """The least cost for each actor with a tie when a neighbour's tree reaches it."""
        reached: Floats = np.round(least[self.costs.indices] + self.costs.data, DECIMALS)
        return np.minimum.reduceat(reached, self.costs.indptr[self.tied]) if len(self.tied) else reached

    def best(self) -> Team | None:
        """The best team: most needs, least cost, fewest actors, needs named first."""
        must, found = self.wishes.must_bits, []
        for wanted in range(len(self.least)):
            if wanted & must == must and wanted:
                root = int(self.least[wanted, -1].argmin())
                cost = self.least[wanted, -1, root]
                size = int(np.argmax(self.least[wanted, :, root] == cost))
                if cost < np.inf:
                    found.append((-self.wishes.covered(wanted), cost, size, wanted, root))
        if not found:
            return None
        _, _, size, wanted, root = min(found)
        return _team(self.costs, set(self._actors(wanted, size, root)))

    def _actors(self, wanted: int, size: int, root: int) -> Iterator[int]:
        """The actors of a tree, found again from its cost."""
        yield root
        cost = self.least[wanted, size, root]
        if self.brings[root] & wanted == wanted:
            return
        size = int(np.argmax(self.least[wanted, :, root] == cost))
        begin, end = self.costs.indptr[root : root + 2]
        neighbours = self.costs.indices[begin:end]
        reached = np.round(self.least[wanted, size - 1, neighbours] + self.costs.data[begin:end], DECIMALS)
        if np.any(reached == cost):
            yield from self._actors(wanted, size - 1, int(neighbours[np.argmax(reached == cost)]))
            return
        for part, rest in _halves(wanted):
            for first in range(1, size + 1):
                both = self.least[part, first, root] + self.least[rest, size - first + 1, root]
                if np.round(both, DECIMALS) == cost:
                    yield from self._actors(part, first, root)
                    yield from self._actors(rest, size - first + 1, root)
                    return


def _halves(wanted: int) -> Iterator[tuple[int, int]]:
    """All ways to split a set in two that are not empty, each once."""
    part = (wanted - 1) & wanted
    while part > wanted ^ part:
        yield part, wanted ^ part
        part = (part - 1) & wanted


def _best_grown(costs: Costs, wishes: Wishes) -> Team | None:
    """The best of the teams that grow from many starts."""
    brings, found = wishes.brought(costs.shape[0]), []
    for start in wishes.musts[:1] or _starts(costs, wishes):
        check_time()
        actors = _grown(costs, wishes, start)
        bits = _together(brings, actors)
        if bits & wishes.must_bits == wishes.must_bits:
            team = _pruned(costs, brings, actors)
            found.append((-wishes.covered(bits), team.cost, team.actors, team))
    return min(found)[-1] if found else None


def _starts(costs: Costs, wishes: Wishes) -> list[int]:
    """Some of those who cover a need, as many for each; fewer where the network is large."""
    most = MOST_SEARCHED // (1 + costs.nnz * len(wishes.needs))
    each = max(1, min(MOST_STARTS, most) // max(1, len(wishes.needs)))
    return sorted({int(actor) for some in wishes.needs for actor in some[:: -(-len(some) // each)]})


def _together(brings: Ints, actors: Iterable[int]) -> int:
    return int(np.bitwise_or.reduce(brings[sorted(actors)]))


def _grown(costs: Costs, wishes: Wishes, start: int) -> set[int]:
    """Actors of a tree that grows by the nearest of what is missing, musts first, until nothing more fits."""
    actors, missing = {start}, [np.array([must]) for must in wishes.musts]
    waiting = list(wishes.needs)
    while missing or waiting:
        far, before, _ = dijkstra(costs, indices=sorted(actors), min_only=True, return_predecessors=True)
        wanted = missing or waiting
        nearest = [int(some[np.argmin(far[some])]) for some in wanted]
        place = min(range(len(wanted)), key=lambda place: (far[nearest[place]], nearest[place]))
        path, actor = [], nearest[place]
        if np.isfinite(far[actor]):
            while actor not in actors:
                path.append(actor)
                actor = int(before[actor])
            if len(actors) + len(path) <= wishes.size:
                actors.update(path)
        wanted.pop(place)  # covered now, or too far
    return actors


def _pruned(costs: Costs, brings: Ints, actors: set[int]) -> Team:
    """The cheapest tree over these actors without ends that bring nothing that the others do not."""
    team = _team(costs, actors)
    while True:
        ends = [end for link in team.links for end in link]
        leaves = [actor for actor in team.actors if ends.count(actor) == 1]
        whole = _together(brings, team.actors)
        spare = [leaf for leaf in leaves if _together(brings, set(team.actors) - {leaf}) == whole]
        if not spare:
            return team
        team = _team(costs, set(team.actors) - {spare[-1]})
