"""The stage of a network: scattered, hub and spoke, multi-hub, core and periphery, or a mesh."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import rustworkx as rx

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.measures import kept
from graph.measures.centrality import shares_between
from graph.measures.cohesion import degree_centralisation
from graph.measures.network import network
from graph.measures.resilience import components, lost_alone
from graph.ties import DECIMALS, Floats

SCATTERED, SPOKES, CORE, HUBS, MESH = "scattered", "hub and spoke", "core and periphery", "multi-hub", "mesh"
TOO_SMALL = "too small to call"
FEWEST, FEWEST_TO_CALL = 5, 30
NUMBERS = ("largest_component_share", "degree_centralisation", "top_fragmentation", "betweenness_ratio",
           "core_fit", "core_density", "core_size", "hubs")  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """The stage, None without actors; all of `NUMBERS`; and the actors that it rests on: the top, hubs or core."""

    name: str | None
    numbers: dict[str, float | None]
    leading: list[int]
    size: int  # actors of the largest component


@dataclass(frozen=True)
class Core:
    """The best core: correlation and density (None when undefined), and its actors (none then)."""

    fit: float | None
    density: float | None
    actors: Ints


@kept
def stage(graph: ActorGraph, *, seed: int = 0) -> Stage:
    """Find how far a network has grown from scattered groups towards one that does not hang on anybody.

    After Krebs and Holley 2006, Building Smart Communities through Network Weaving; the rules are of this product. The
    first looks at all actors, the others at the largest component (of equal ones that with the smallest id), from
    top to bottom: *scattered*, the component holds under half of the actors, or fewer than 5; *hub and spoke*,
    (degree centralisation ≥ 0.5 or F(top) ≥ 0.5) and the second-highest betweenness ≤ half the highest; *core and
    periphery*, fit ≥ 0.6, core density ≥ 0.5, at least 4 in the core, F(top) ≤ 0.3; *multi-hub*, at least 2 with
    betweenness ≥ 0.10 and degree ≥ twice the mean; else *mesh*. A component of under 30 that would be core and
    periphery or multi-hub is *too small to call*. The top is who has the highest betweenness, then the smallest id.
    F(top) is the share of the pairs of the component that are no longer connected without it.

    Numbers that no rule needed, and undefined ones, are None. None as the name without actors.
    """
    numbers: dict[str, float | None] = dict.fromkeys(NUMBERS)
    members = _largest(graph)
    if not len(members):
        return Stage(None, numbers, [], 0)
    numbers["largest_component_share"] = round(len(members) / len(graph), DECIMALS)
    if 2 * len(members) < len(graph) or len(members) < FEWEST:
        return Stage(SCATTERED, numbers, [], len(members))
    name, leading = _Component(graph, members, seed, numbers).stage()
    return Stage(name, numbers, members[leading].tolist(), len(members))


def _largest(graph: ActorGraph) -> Ints:
    """Actors of the largest component, of equal ones that with the smallest id."""
    parts = components(graph)
    if not len(parts):
        return parts
    _, first, sizes = np.unique(parts, return_index=True, return_counts=True)
    best = int(np.lexsort((first, -sizes))[0])
    return np.flatnonzero(parts == parts[first[best]])


@dataclass
class _Component:
    """The largest component, and the numbers found of it so far."""

    graph: ActorGraph
    members: Ints
    seed: int
    numbers: dict[str, float | None]
    first: Ints = field(init=False)
    second: Ints = field(init=False)

    def __post_init__(self) -> None:
        place = np.full(len(self.graph), -1, np.int64)
        place[self.members] = np.arange(len(self.members))
        ties = self.graph.ties
        inside = place[ties.first] >= 0
        self.first, self.second = place[ties.first[inside]], place[ties.second[inside]]

    def stage(self) -> tuple[str, list[int]]:
        """Name of the stage and the members that it rests on, by the rules from top to bottom."""
        size = len(self.members)
        degree = self.graph.degree[self.members]
        between, _ = shares_between(self.first, self.second, size, seed=self.seed)
        top = int(np.argmax(np.round(between, DECIMALS)))
        if self._is_spokes(degree, between, top):
            return SPOKES, [top]
        core = core_of(self.first, self.second, size)
        if self._is_core(core):
            return (CORE, core.actors.tolist()) if size >= FEWEST_TO_CALL else (TOO_SMALL, [])
        hubs = np.flatnonzero((np.round(between, DECIMALS) >= 0.10) & (degree * size >= 2 * degree.sum()))
        self.numbers["hubs"] = len(hubs)
        if len(hubs) >= 2:
            return (HUBS, hubs.tolist()) if size >= FEWEST_TO_CALL else (TOO_SMALL, [])
        return MESH, []

    def _is_spokes(self, degree: Ints, between: Floats, top: int) -> bool:
        others = len(self.members) - 1
        lost = lost_alone(self.graph)[0][self.members[top]] / (others * (others - 1) / 2)
        highest, second = np.sort(between)[:-3:-1].tolist()
        centralisation, fragmentation = degree_centralisation(degree), round(float(lost), DECIMALS)
        ratio = round(second / highest, DECIMALS) if highest > 0 else None
        self.numbers["degree_centralisation"] = centralisation
        self.numbers["top_fragmentation"] = fragmentation
        self.numbers["betweenness_ratio"] = ratio
        return max(centralisation or 0, fragmentation) >= 0.5 and ratio is not None and ratio <= 0.5

    def _is_core(self, core: Core) -> bool:
        self.numbers["core_fit"], self.numbers["core_density"] = core.fit, core.density
        self.numbers["core_size"] = size = len(core.actors)
        if core.fit is None or core.density is None:
            return False
        return core.fit >= 0.6 and core.density >= 0.5 and size >= 4 and (self.numbers["top_fragmentation"] or 0) <= 0.3


def core_of(first: Ints, second: Ints, size: int) -> Core:
    """Find the core that best explains who is tied: those all tied to each other, with others hardly tied at all.

    The greatest correlation, over the first k = 3 … n/2 actors in the order of core number, degree, id, of “both in
    the core” with “tied”, over pairs inside the core and pairs inside the periphery (Borgatti and Everett 2000, Social
    Networks 21; pairs of core and periphery are left out). From −1 to 1; of equal ones the smallest k. No core where
    no k gives a correlation, as when nobody or everybody is tied.
    """
    numbers: Any = rx.core_number(network(first, second, size))  # the library's own stub says a whole number
    depth = np.array([numbers[actor] for actor in range(size)], np.int64)
    degree = np.bincount(np.concatenate((first, second)), minlength=size)
    order = np.lexsort((np.arange(size), -degree, -depth))
    place = np.empty(size, np.int64)
    place[order] = np.arange(size)
    sizes = np.arange(3, size // 2 + 1)
    last = np.cumsum(np.bincount(np.maximum(place[first], place[second]), minlength=size))
    begin = np.cumsum(np.bincount(np.minimum(place[first], place[second]), minlength=size))
    inside, outside = last[sizes - 1], len(first) - begin[sizes - 1]
    fit = _correlation(inside, outside, sizes, size - sizes)
    if not len(fit) or np.all(np.isneginf(fit)):
        return Core(None, None, np.empty(0, np.int64))
    best = int(np.argmax(fit))
    pairs = int(sizes[best] * (sizes[best] - 1) // 2)
    density = round(int(inside[best]) / pairs, DECIMALS)
    return Core(float(fit[best]) + 0.0, density, order[: int(sizes[best])])


def _correlation(inside: Ints, outside: Ints, core: Ints, rest: Ints) -> Floats:
    """Pearson's of two yes-or-no columns, from the four counts of each size of core; −∞ where it is undefined."""
    ties_in, ties_out = inside.astype(np.float64), outside.astype(np.float64)
    pairs_in, pairs_out = core * (core - 1) / 2, rest * (rest - 1) / 2
    tied, untied = ties_in + ties_out, pairs_in + pairs_out - ties_in - ties_out
    spread = np.sqrt(pairs_in * pairs_out) * np.sqrt(tied * untied)
    value = (ties_in * (pairs_out - ties_out) - (pairs_in - ties_in) * ties_out) / np.where(spread > 0, spread, 1)
    return np.where(spread > 0, np.round(value, DECIMALS), -np.inf)
