"""Breadth-first work over an adjacency, written once for both stores.

Places, themes, publications and insights are ends, never passages, unless the adjacency says otherwise
(`Adjacency.is_passage`). All ties are broken by numbers of nodes, which are in the order of ids.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.adjacency import Adjacency, Ints, Mask, Steps
from graph.rows import distinct

DECIMALS = 9
UNSEEN, FROM, CLOSED, ON_THE_WAY = 0, (1, 2), 3, 4  # marks of nodes while paths are searched from both ends


@dataclass(frozen=True)
class Path:
    """A path as numbers of nodes, with what it costs and the strength of its weakest hop."""

    nodes: tuple[int, ...]
    cost: float
    weakest: float

    @property
    def order(self) -> tuple[float, int, float, tuple[int, ...]]:
        """Cheapest first, then fewest steps, strongest weakest hop, smallest ids."""
        return self.cost, len(self.nodes), -self.weakest, self.nodes


Offer = tuple[tuple[float, int, float, tuple[int, ...]], Path, int, frozenset[int]]


def combined_strength(strengths: Iterable[float]) -> float:
    """Strength of several relationships together: 1 − Π(1 − s), rounded as every number of an answer is."""
    missing = 1.0
    for strength in strengths:
        missing *= 1.0 - strength
    return round(1.0 - missing, DECIMALS) + 0.0


def distances(adjacency: Adjacency, centre: int, depth: int) -> dict[int, int]:
    """Number of steps to each node within `depth` of the centre, nearest first, then by id."""
    seen = np.zeros(adjacency.size(), np.bool_)
    seen[centre] = True
    found, frontier = {centre: 0}, np.array([centre], np.int64)
    for distance in range(1, depth + 1):
        reached = adjacency.steps(frontier).neighbour
        reached = distinct(reached[~seen[reached]])
        seen[reached] = True
        found.update(dict.fromkeys(reached.tolist(), distance))
        frontier = reached[adjacency.is_passage(reached)]
    return found


def _ways(outwards: Sequence[Steps], meeting: Ints, marks: NDArray[np.int8]) -> list[Steps]:
    """Of the steps outwards from an end, layer by layer, those that lead to where the ends meet; the last first."""
    ways = []
    for steps in reversed(outwards):
        marks[meeting] = ON_THE_WAY
        good = np.flatnonzero(marks[steps.neighbour] == ON_THE_WAY)
        ways.append(Steps(steps.origin[good], steps.neighbour[good], steps.relationship[good]))
        meeting = ways[-1].origin
    return ways


@dataclass
class PathSearch:
    """The k shortest loopless paths between two nodes (Yen 1971, with Lawler's partition).

    `longest` counts steps. With `hub_penalty` a path costs the sum over its hops of max(1, log₂ degree
    of the hop's second node), its last hop 1. Order: cost, steps, greater weakest hop, ids.
    """

    adjacency: Adjacency
    source: int
    target: int
    longest: int = 6
    avoid: Sequence[int] = ()
    hub_penalty: bool = False
    _degree: dict[int, int] = field(default_factory=dict)

    def best(self, k: int) -> list[Path]:
        """Up to k paths, the best first."""
        heap: list[Offer] = []
        self._offer(heap, (self.source,), frozenset(), k)
        found: list[Path] = []
        while heap and len(found) < k:
            _, path, turn, banned = heapq.heappop(heap)
            found.append(path)
            for place in range(turn, len(path.nodes) - 1 if len(found) < k else 0):
                also = banned if place == turn else frozenset()
                self._offer(heap, path.nodes[: place + 1], also | {path.nodes[place + 1]}, k - len(found))
        return found

    def _offer(self, heap: list[Offer], root: tuple[int, ...], banned: frozenset[int], needed: int) -> None:
        """Add the best path that begins with `root` and does not go on to a banned node, if it can be needed."""
        longest = self.longest
        if len(heap) >= needed and not self.hub_penalty:
            longest = len(heapq.nsmallest(needed, heap)[-1][1].nodes) - 1  # a longer one would never be taken
        steps_left = longest - len(root) + 1
        layers = (self._cheap_layers if self.hub_penalty else self._layers)(root, banned, steps_left)
        if layers:
            path = self._strongest(root, layers)
            heapq.heappush(heap, (path.order, path, len(root) - 1, banned))

    def _allowed(self, root: tuple[int, ...]) -> Mask:
        allowed = np.ones(self.adjacency.size(), np.bool_)
        allowed[[*self.avoid, *root]] = False
        return allowed

    def _steps(self, nodes: Ints, spur: int, banned: frozenset[int]) -> Steps:
        """Steps from these nodes, without those that would leave the spur for a banned node, or return so."""
        steps = self.adjacency.steps(nodes)
        if not banned:
            return steps
        leaving, returning = steps.origin == spur, steps.neighbour == spur
        if not (leaving.any() or returning.any()):
            return steps
        good = np.ones(len(leaving), np.bool_)
        for node in banned:
            good &= ~(leaving & (steps.neighbour == node)) & ~(returning & (steps.origin == node))
        return Steps(steps.origin[good], steps.neighbour[good], steps.relationship[good])

    def _layers(self, root: tuple[int, ...], banned: frozenset[int], steps_left: int) -> list[Steps] | None:
        """The hops of all shortest ways from the spur to the target, layer by layer; searched from both ends.

        Each row of neighbours is read once: what led outwards is kept, and the ways are picked from it.
        """
        spur, ends = root[-1], (root[-1], self.target)
        marks = np.zeros(self.adjacency.size(), np.int8)
        marks[[*self.avoid, *root]] = CLOSED
        marks[[*ends]] = FROM
        fronts = [np.array([end], np.int64) for end in ends]
        outwards: tuple[list[Steps], list[Steps]] = ([], [])
        for _ in range(steps_left):
            side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
            steps = self._steps(fronts[side], spur, banned)
            outwards[side].append(steps)
            seen = marks[steps.neighbour]
            meeting = steps.neighbour[seen == FROM[1 - side]]
            if len(meeting):
                before, after = (_ways(outwards[end], meeting, marks) for end in (0, 1))
                return [*reversed(before), *(Steps(hop.neighbour, hop.origin, hop.relationship) for hop in after)]
            reached = distinct(steps.neighbour[seen == UNSEEN])
            fronts[side] = reached[self.adjacency.is_passage(reached)]
            if not len(fronts[side]):
                return None
            marks[fronts[side]] = FROM[side]
        return None

    def _hop_costs(self, nodes: Ints) -> NDArray[np.float64]:
        """Cost of stepping on to each node: max(1, log₂ degree)."""
        unknown = np.array([node for node in nodes.tolist() if node not in self._degree], np.int64)
        if len(unknown):
            steps = self.adjacency.steps(unknown)
            pairs = np.unique(np.stack((steps.origin, steps.neighbour)), axis=1)
            counts = dict(zip(*(part.tolist() for part in np.unique(pairs[0], return_counts=True)), strict=True))
            self._degree.update({node: counts.get(node, 0) for node in unknown.tolist()})
        degrees = np.array([max(2, self._degree[node]) for node in nodes.tolist()], np.float64)
        return np.maximum(1.0, np.log2(degrees))

    def _cheap_layers(self, root: tuple[int, ...], banned: frozenset[int], steps_left: int) -> list[Steps] | None:
        """The hops of all cheapest ways, of the fewest steps among equals, found from the target outwards."""
        spur, allowed = root[-1], self._allowed(root)
        left = [np.full(self.adjacency.size(), np.inf)]
        left[0][self.target] = 0.0
        onward = [np.array([self.target], np.int64)]
        for _ in range(steps_left):
            steps = self._steps(onward[-1], spur, banned)
            toll = np.ones(len(steps.origin)) if len(left) == 1 else self._hop_costs(steps.origin)
            cost = np.full(self.adjacency.size(), np.inf)
            np.minimum.at(cost, steps.neighbour, np.round(left[-1][steps.origin] + toll, DECIMALS))
            left.append(cost)
            reached = distinct(steps.neighbour)
            onward.append(reached[allowed[reached] & self.adjacency.is_passage(reached) & (reached != self.target)])
        spent = [float(cost[spur]) for cost in left]
        if min(spent[1:], default=np.inf) == np.inf:
            return None
        return self._tight_hops(left, spent.index(min(spent[1:]), 1), spur, banned, allowed)

    def _tight_hops(
        self, left: list[NDArray[np.float64]], length: int, spur: int, banned: frozenset[int], allowed: Mask
    ) -> list[Steps]:
        hops, here = [], np.array([spur], np.int64)
        for remaining in range(length, 0, -1):
            steps = self._steps(here, spur, banned)
            toll = np.ones(len(steps.origin)) if remaining == 1 else self._hop_costs(steps.neighbour)
            onward = np.round(left[remaining - 1][steps.neighbour] + toll, DECIMALS)
            good = onward == left[remaining][steps.origin]
            if remaining > 1:
                good &= allowed[steps.neighbour] & self.adjacency.is_passage(steps.neighbour)
                good &= steps.neighbour != self.target
            hops.append(Steps(steps.origin[good], steps.neighbour[good], steps.relationship[good]))
            here = distinct(steps.neighbour[good])
        return hops

    def _strongest(self, root: tuple[int, ...], layers: list[Steps]) -> Path:
        """Of all ways through the layers the one whose weakest hop is strongest, then of the smallest ids."""
        root_strength = self._weakest(root)
        onward: dict[int, float] = {self.target: 1.0}
        tables: list[dict[int, list[tuple[int, float]]]] = []
        for layer in reversed(layers):
            table = self._hop_strengths(layer, onward)
            tables.append(table)
            onward = {node: max(width for _, width in ways) for node, ways in table.items()}
        width = min(root_strength, onward[root[-1]])
        nodes = list(root)
        for table in reversed(tables):
            nodes.append(min(node for node, reach in table[nodes[-1]] if reach >= width))
        return Path(tuple(nodes), self._cost(nodes), width)

    def _hop_strengths(self, layer: Steps, onward: dict[int, float]) -> dict[int, list[tuple[int, float]]]:
        """For each node of a layer its next nodes, with the weakest hop from here to the target through them."""
        parallel: dict[tuple[int, int], list[float]] = {}
        rows = (layer.origin, layer.neighbour, self.adjacency.strengths(layer.relationship))
        for origin, neighbour, strength in zip(*(row.tolist() for row in rows), strict=True):
            if neighbour in onward:
                parallel.setdefault((origin, neighbour), []).append(strength)
        table: dict[int, list[tuple[int, float]]] = {}
        for (origin, neighbour), strengths in parallel.items():
            width = min(combined_strength(sorted(strengths)), onward[neighbour])
            table.setdefault(origin, []).append((neighbour, width))
        return table

    def _weakest(self, nodes: Sequence[int]) -> float:
        weakest = 1.0
        for origin, neighbour in pairwise(nodes):
            steps = self.adjacency.steps(np.array([origin], np.int64))
            between = np.sort(self.adjacency.strengths(steps.relationship[steps.neighbour == neighbour]))
            weakest = min(weakest, combined_strength(between.tolist()))
        return weakest

    def _cost(self, nodes: Sequence[int]) -> float:
        if not self.hub_penalty:
            return float(len(nodes) - 1)
        inner = self._hop_costs(np.array(nodes[1:-1], np.int64)).sum() if len(nodes) > 2 else 0.0
        return round(float(inner) + 1.0, DECIMALS)
