"""Where each node stands: groups apart, members together, cogs between the groups they join.

Two levels. First the groups and the cogs between them are laid out as discs; then the members of each group inside
its disc, those with ties outside on the side that faces them; then what overlaps is pushed apart. Small parts without
a tie to the rest, and nodes without any tie, stand in order beside or below. Same network and seed, same positions.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import rustworkx
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Positions = dict[str, tuple[float, float]]
Floats = NDArray[np.float64]

# The part of a 1,400 pixel wide screen that the map has beside its panel.
WIDTH, HEIGHT = 920.0, 600.0
# Boxes of nodes with names may fill so much of it; with more, names are given less room and some are hidden.
FILLED = 0.5
# Components of fewer nodes are packed in rows rather than laid out in groups.
ISLAND = 7
GAP = 6.0
# Pictures are made wider than high by this much.
STRETCH = np.array([1.2, 0.83])
# A picture of few nodes is enlarged no more than this.
LARGEST = 1.3
BETWEEN_DISCS, BETWEEN_BLOCKS = 20.0, 34.0
# Nodes without ties beyond this number stand close together, without room for their names.
LONGEST_LIST = 30
# The places of groups are tried from so many starts; the one with the shortest ties is taken.
TRIES = 8
ROUNDS = 3
# A cog with at least this part of its ties in one group stands in that group, on the side of the others.
AT_HOME = 0.7


@dataclass(frozen=True)
class Network:
    """What a layout needs to know: nodes, ties with strength, groups, cogs, and the room each node takes."""

    nodes: tuple[str, ...]
    ties: tuple[tuple[str, str, float], ...]
    groups: Mapping[str, str] = field(default_factory=dict)
    cogs: frozenset[str] = frozenset()
    radii: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def within(self, members: Sequence[str]) -> Network:
        """The part of the network among these nodes."""
        kept = set(members)
        ties = tuple(tie for tie in self.ties if tie[0] in kept and tie[1] in kept)
        return Network(tuple(members), ties, self.groups, self.cogs, self.radii, self.labels)


@dataclass(frozen=True)
class _Block:
    """A laid-out part with its upper left corner at 0, 0."""

    names: tuple[str, ...]
    points: Floats
    width: float
    height: float


def positions(network: Network, *, seed: int = 0) -> Positions:
    """A place for every node, around 0, 0, the whole about as large as the part of a screen that shows it."""
    if not network.nodes:
        return {}
    room = _Room.of(network)
    parts = components(network)
    islands = [part for part in parts if len(part) >= ISLAND or part is parts[0]]
    blocks = [_block(network, room, _island(network.within(part), room, seed)) for part in islands]
    small = [part for part in parts if 1 < len(part) < ISLAND and part is not parts[0]]
    aside = [_block(network, room, _plain(network.within(part), room, seed)) for part in small]
    alone = [part[0] for part in parts if len(part) == 1 and part is not parts[0]]
    return _fitted(_best(_shelves(blocks, max(WIDTH, blocks[0].width)), aside, alone, network), network, room)


def components(network: Network) -> list[tuple[str, ...]]:
    """Parts without a tie between them, the largest first."""
    graph, names = tied_graph(network.nodes, network.ties)
    found = [tuple(sorted(names[index] for index in part)) for part in rustworkx.connected_components(graph)]
    return sorted(found, key=lambda part: (-len(part), part))


@dataclass(frozen=True)
class _Room:
    """The box that each node needs: its disc, and as much of its name below as the map has room for."""

    half_width: Mapping[str, float]
    above: Mapping[str, float]
    below: Mapping[str, float]

    @classmethod
    def of(cls, network: Network) -> _Room:
        share = 1.0
        while share > 0.1 and cls.with_share(network, share).area(network.nodes) > FILLED * WIDTH * HEIGHT:
            share -= 0.05
        return cls.with_share(network, share)

    @classmethod
    def with_share(cls, network: Network, share: float) -> _Room:
        discs = {node: network.radii.get(node, 6.0) for node in network.nodes}
        tied = {end for one, other, _ in network.ties for end in (one, other)}
        names = {node: network.labels.get(node, (0.0, 0.0)) if node in tied else (0.0, 0.0) for node in network.nodes}
        # The name of a cog is always shown, so it has more of its room.
        part = {node: min(1.0, 2 * share) if node in network.cogs else share for node in network.nodes}
        return cls(
            {node: max(discs[node], names[node][0] * part[node] / 2) + GAP / 2 for node in network.nodes},
            {node: discs[node] + GAP / 2 for node in network.nodes},
            {node: discs[node] + names[node][1] * part[node] + GAP / 2 for node in network.nodes},
        )

    def area(self, nodes: Sequence[str]) -> float:
        return sum(2 * self.half_width[node] * (self.above[node] + self.below[node]) for node in nodes)


def tied_graph(
    nodes: Sequence[str], ties: Sequence[tuple[str, str, float]]
) -> tuple[rustworkx.PyGraph[str, float], tuple[str, ...]]:
    """Nodes with the strengths of their ties summed, and their names by number."""
    names = tuple(sorted(nodes))
    graph: rustworkx.PyGraph[str, float] = rustworkx.PyGraph(multigraph=False)
    index = dict(zip(names, graph.add_nodes_from(names), strict=True))
    together: dict[tuple[int, int], float] = defaultdict(float)
    for source, target, strength in ties:
        if source != target:
            together[min(index[source], index[target]), max(index[source], index[target])] += strength
    graph.add_edges_from([(one, other, strength) for (one, other), strength in sorted(together.items())])
    return graph, names


def spring(
    graph: rustworkx.PyGraph[str, float], *, seed: int, anchors: Mapping[int, tuple[float, float]] | None = None
) -> Floats:
    """Positions by attraction along ties; `anchors` stay where they are."""
    count = len(graph)
    if count == 1:
        return np.zeros((1, 2))
    spots = _sunflower(count)[np.random.default_rng(seed).permutation(count)]
    start = {index: (float(x), float(y)) for index, (x, y) in enumerate(spots)}
    if anchors:
        start.update(anchors)
    found = rustworkx.spring_layout(
        graph,
        pos=start,
        fixed=set(anchors) if anchors else None,
        k=1.4 / math.sqrt(count),
        num_iter=300,
        weight_fn=lambda strength: 0.3 + min(float(strength), 2.0),
        seed=seed,
    )
    return np.array([found[index] for index in range(count)])


def _sunflower(count: int) -> Floats:
    turn = np.arange(count) * (math.pi * (3 - math.sqrt(5)))
    reach = np.sqrt((np.arange(count) + 0.5) / count)
    return np.column_stack((reach * np.cos(turn), reach * np.sin(turn)))


def _plain(network: Network, room: _Room, seed: int) -> Positions:
    """One level: attraction along ties over the room that the nodes need together."""
    graph, names = tied_graph(network.nodes, network.ties)
    points = lying(in_disc(spring(graph, seed=seed))) * STRETCH * math.sqrt(room.area(names) * 1.7 / math.pi)
    return _apart(names, points, room)


def _island(network: Network, room: _Room, seed: int) -> Positions:
    """Two levels: groups and cogs first, then the members of each group."""
    between = _cogs_between(network)
    members: dict[str, list[str]] = defaultdict(list)
    for node in sorted(network.nodes):
        members[node if node in between else "group " + network.groups.get(node, "")].append(node)
    if len(members) < 3:
        return _plain(network, room, seed)
    unit_of = {node: unit for unit, nodes in members.items() for node in nodes}
    centres, radii = _unit_places(network, members, room, seed)
    places: Positions = {}
    for unit, nodes in members.items():
        inside = _inside(network, nodes, {node: centres[unit_of[node]] for node in network.nodes}, seed)
        for node, point in zip(sorted(nodes), inside, strict=True):
            places[node] = (centres[unit][0] + point[0] * radii[unit], centres[unit][1] + point[1] * radii[unit])
    names = tuple(sorted(places))
    return _apart(names, np.array([places[name] for name in names]), room)


def _cogs_between(network: Network) -> frozenset[str]:
    """Cogs that stand between groups, in none: those without most of their ties in one group."""
    joined: dict[str, Counter[str]] = defaultdict(Counter)
    for source, target, _ in network.ties:
        for one, other in ((source, target), (target, source)):
            if one in network.cogs and other in network.groups and other not in network.cogs:
                joined[one][network.groups[other]] += 1
    return frozenset(node for node, groups in joined.items() if max(groups.values()) < AT_HOME * groups.total())


def _unit_places(
    network: Network, members: Mapping[str, Sequence[str]], room: _Room, seed: int
) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Centre and radius of the disc of each group, and of each cog between groups."""
    unit_of = {node: unit for unit, nodes in members.items() for node in nodes}
    ties = [(unit_of[one], unit_of[other], strength) for one, other, strength in network.ties]
    graph, units = tied_graph(tuple(members), ties)
    sizes = np.array([math.sqrt(room.area(members[unit]) * 1.5 / math.pi) for unit in units])
    reach = STRETCH * math.sqrt(float((sizes**2).sum()) * 1.25)
    tries = [_discs_apart(lying(in_disc(spring(graph, seed=seed + 7 * k))) * reach, sizes) for k in range(TRIES)]
    points = min(tries, key=lambda points: _cost(graph, points, sizes))
    return {unit: (float(x), float(y)) for unit, (x, y) in zip(units, points, strict=True)}, dict(
        zip(units, sizes.tolist(), strict=True)
    )


def _cost(graph: rustworkx.PyGraph[str, float], points: Floats, sizes: Floats) -> float:
    """Low where ties are short and the whole fits a screen."""
    ends = np.array([(one, other) for one, other in graph.edge_list()]).reshape(-1, 2)
    between = points[ends[:, 0]] - points[ends[:, 1]]
    strengths = np.minimum(np.array(graph.edges()), 3.0)
    length = float((np.hypot(between[:, 0], between[:, 1]) * strengths).sum() / max(strengths.sum(), 1e-9))
    extent = (points + sizes[:, None]).max(axis=0) - (points - sizes[:, None]).min(axis=0)
    return length * max(float(extent[0]) / WIDTH, float(extent[1]) / HEIGHT)


def _inside(network: Network, nodes: Sequence[str], centre_of: Mapping[str, tuple[float, float]], seed: int) -> Floats:
    """Members of a group in a disc of radius 1; each group or cog outside pulls from its own side."""
    kept = set(nodes)
    here = centre_of[nodes[0]]
    ties, outside = [], {}
    for one, other, strength in network.ties:
        for inner, outer in ((one, other), (other, one)):
            if inner in kept and outer not in kept:
                name = f"\uffff{centre_of[outer][0]:.3f} {centre_of[outer][1]:.3f}"
                outside[name] = _towards(here, centre_of[outer])
                ties.append((inner, name, strength))
        if one in kept and other in kept:
            ties.append((one, other, strength))
    graph, names = tied_graph((*nodes, *outside), ties)
    anchors = {place: outside[name] for place, name in enumerate(names) if name in outside}
    return in_disc(spring(graph, seed=seed, anchors=anchors)[: len(nodes)])


def _towards(here: tuple[float, float], there: tuple[float, float]) -> tuple[float, float]:
    across, down = there[0] - here[0], there[1] - here[1]
    length = math.hypot(across, down) or 1.0
    return 1.6 * across / length, 1.6 * down / length


def in_disc(points: Floats) -> Floats:
    """The points moved and scaled into the disc of radius 1, the few far out drawn in to its rim."""
    if len(points) == 1:
        return np.zeros((1, 2))
    moved = points - points.mean(axis=0)
    reach = np.hypot(moved[:, 0], moved[:, 1])
    rim = max(float(np.quantile(reach, 0.9)), 1e-9)
    return np.asarray(moved / np.maximum(reach, rim)[:, None])


def _discs_apart(points: Floats, sizes: Floats) -> Floats:
    """Push discs apart until none overlaps, and pull all of them together as far as that allows."""
    placed = points.copy()
    one, other = np.triu_indices(len(points), 1)
    for step in range(400):
        gap = placed[other] - placed[one]
        length = np.maximum(np.hypot(gap[:, 0], gap[:, 1]), 1e-6)
        missing = np.maximum(sizes[one] + sizes[other] + BETWEEN_DISCS - length, 0.0)
        push = gap / length[:, None] * (missing * 0.5)[:, None]
        np.add.at(placed, other, push)
        np.add.at(placed, one, -push)
        if step < 340:
            placed *= 1 - 0.01 / STRETCH
    return placed


def _apart(names: Sequence[str], points: Floats, room: _Room) -> Positions:
    """Push boxes of nodes and names apart along the shorter way."""
    placed = points.astype(np.float64).copy()
    half = np.array([[room.half_width[name], (room.above[name] + room.below[name]) / 2] for name in names])
    shift = np.array([(room.below[name] - room.above[name]) / 2 for name in names])
    reach = 2 * float(half.max())
    for _ in range(80):
        middle = placed + np.column_stack((np.zeros(len(names)), shift))
        pairs = cKDTree(middle).query_pairs(reach, p=np.inf, output_type="ndarray")
        if not push(placed, middle, half, pairs):
            break
    return {name: (float(x), float(y)) for name, (x, y) in zip(names, placed, strict=True)}


def push(placed: Floats, middle: Floats, half: Floats, pairs: NDArray[np.intp]) -> bool:
    """Push those of these pairs of boxes a step apart that share ground; whether any did."""
    one, other = pairs[:, 0], pairs[:, 1]
    gap = middle[other] - middle[one]
    missing = half[one] + half[other] - np.abs(gap)
    hit = (missing > 0.5).all(axis=1)
    if not hit.any():
        return False
    one, other, gap, missing = one[hit], other[hit], gap[hit], missing[hit]
    way = np.where(missing[:, 0] < missing[:, 1], 0, 1)
    rows = np.arange(len(way))
    amount = missing[rows, way] * 0.35 * np.where(gap[rows, way] < 0, -1.0, 1.0)
    np.add.at(placed, (other, way), amount)
    np.add.at(placed, (one, way), -amount)
    return True


def lying(points: Floats) -> Floats:
    """The same picture turned onto its longer side, as screens are."""
    middle = points - points.mean(axis=0)
    _, vectors = np.linalg.eigh(middle.T @ middle)
    along = vectors[:, 1] * (1 if vectors[0, 1] >= 0 else -1)
    return np.column_stack((middle @ along, middle @ np.array([-along[1], along[0]])))


def _block(network: Network, room: _Room, places: Positions) -> _Block:
    names = tuple(sorted(places))
    points = np.array([places[name] for name in names])
    left = min(places[name][0] - room.half_width[name] for name in names)
    top = min(places[name][1] - room.above[name] for name in names)
    right = max(places[name][0] + room.half_width[name] for name in names)
    bottom = max(places[name][1] + room.below[name] for name in names)
    return _Block(names, points - np.array([left, top]), right - left, bottom - top)


def _list(names: Sequence[str], network: Network, wide: float, high: float) -> _Block:
    """Nodes without any tie in even columns, each with room for its name on its right while there are not too many."""
    disc = 2 * max(network.radii.get(name, 6.0) for name in names)
    letters = [network.labels.get(name, (0.0, 0.0)) for name in names]
    named = len(names) <= LONGEST_LIST
    cell = disc + (18 + max(width for width, _ in letters) if named else GAP)
    columns = max(1, min(len(names), int(wide // cell)))
    rows = math.ceil(len(names) / columns)
    row = max(cell if not named else disc + GAP / 2, min(GAP + max(height for _, height in letters), high / rows))
    points = np.array([[place // rows * cell + disc / 2, (place % rows + 0.5) * row] for place in range(len(names))])
    return _Block(tuple(names), points, math.ceil(len(names) / rows) * cell, rows * row)


def _best(main: _Block, small: Sequence[_Block], alone: Sequence[str], network: Network) -> _Block:
    """What has no tie to the main part stands below it or on its right, whichever leaves all of it larger."""
    if not small and not alone:
        return main

    def rest(wide: float, high: float) -> _Block:
        return _shelves([*small, *([_list(alone, network, wide, high)] if alone else [])], wide)

    below = _joined([main, rest(max(WIDTH, main.width), main.height / 2)], down=True)
    beside = [_joined([main, rest(float(wide), main.height)]) for wide in range(60, 600, 40)]
    # Names reach out on both sides, so width is scarcer than height.
    return min([below, *beside], key=lambda block: max(block.width / (0.85 * WIDTH), block.height / HEIGHT))


def _shelves(blocks: Sequence[_Block], wide: float) -> _Block:
    """Blocks in rows, as books on shelves."""
    rows: list[list[_Block]] = []
    for block in blocks:
        used = sum(other.width + BETWEEN_BLOCKS for other in rows[-1]) if rows else math.inf
        if used + block.width <= wide:
            rows[-1].append(block)
        else:
            rows.append([block])
    return _joined([_joined(row) for row in rows], down=True)


def _joined(blocks: Sequence[_Block], *, down: bool = False) -> _Block:
    """Blocks in one row, or one below the other, their middles in a line."""
    along, across = (1, 0) if down else (0, 1)
    sizes = np.array([[block.width, block.height] for block in blocks])
    starts = np.concatenate(([0.0], np.cumsum(sizes[:, along] + BETWEEN_BLOCKS)[:-1]))
    moves = np.zeros((len(blocks), 2))
    moves[:, along] = starts
    moves[:, across] = (sizes[:, across].max() - sizes[:, across]) / 2
    names = tuple(name for block in blocks for name in block.names)
    points = np.concatenate([block.points + move for block, move in zip(blocks, moves, strict=True)])
    whole = np.max(moves + sizes, axis=0)
    return _Block(names, points, float(whole[0]), float(whole[1]))


def _fitted(block: _Block, network: Network, room: _Room) -> Positions:
    """The block around 0, 0 and as large as the screen, boxes pushed apart again wherever that brings them together."""
    points = block.points
    for _ in range(ROUNDS):
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        extent = points.max(axis=0) - points.min(axis=0) + 1e-9
        factor = min(WIDTH / float(extent[0]), HEIGHT / float(extent[1]), LARGEST)
        places = _apart(block.names, (points - middle) * factor, room)
        points = np.array([places[name] for name in block.names])
    return dict(sorted(_apart(block.names, points, _Room.with_share(network, 0.0)).items()))
