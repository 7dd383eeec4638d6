"""The network as arrays: who neighbours whom, under a lens.

Compressed sparse rows over both directions of every relationship. Nodes are numbered in the order of
their ids, and relationships likewise, so that comparing numbers is comparing ids. A lens becomes two
masks, made once per lens and kept. Self-relationships are not neighbours and are left out of the rows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from graph.errors import StoreError
from graph.lens import NARROWED_KINDS, PART_TYPES, PLACE_TYPES, THEME_TYPES, Condition, Lens
from graph.model import Sector
from graph.vocabulary import Vocabulary

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
MASKS_KEPT = 16
SECTORS = (None, *Sector)


@dataclass(frozen=True)
class NodeColumns:
    """One entry per node, in the order of ids; days are day numbers, levels 0 (public) to 3."""

    ids: list[str]
    kind: NDArray[np.uint8]
    sector: NDArray[np.uint8]
    level: NDArray[np.uint8]
    first_day: NDArray[np.int32]
    last_day: NDArray[np.int32]


@dataclass(frozen=True)
class RelationshipColumns:
    """One entry per relationship, in the order of ids; `source` and `target` are numbers of nodes."""

    ids: list[str]
    type: NDArray[np.uint8]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    level: NDArray[np.uint8]
    first_day: NDArray[np.int32]
    last_day: NDArray[np.int32]
    confidence: NDArray[np.float64]
    inferred: NDArray[np.bool_]
    strength: NDArray[np.float64]
    recorded_day: NDArray[np.int32]  # 0 where no evidence says when it was recorded


@dataclass(frozen=True)
class Visible:
    """What a lens lets through: a mask over nodes and one over relationships (both ends visible)."""

    nodes: Mask
    relationships: Mask
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Steps:
    """Steps from some nodes to their neighbours; entry i goes from `origin[i]` to `neighbour[i]`."""

    origin: Ints
    neighbour: Ints
    relationship: Ints


class Adjacency(Protocol):
    """Neighbours under a lens; what traversal is written over."""

    def steps(self, nodes: Ints) -> Steps:
        """All visible steps from these nodes, either direction, parallel relationships each."""

    def strengths(self, relationships: Ints) -> NDArray[np.float64]:
        """Strength of each of these relationships."""

    def is_passage(self, nodes: Ints) -> Mask:
        """Whether a path may run through each of these nodes."""

    def size(self) -> int:
        """Numbers of nodes are below this."""


class Arrays:
    """The whole network of one version as arrays; `visible(lens)` says what a lens lets through."""

    def __init__(
        self, nodes: NodeColumns, relationships: RelationshipColumns, vocabulary: Vocabulary, *, version: str
    ) -> None:
        self.nodes = nodes
        self.relationships = relationships
        self.vocabulary = vocabulary
        self.version = version
        self.kinds = tuple(sorted(vocabulary.kinds))
        self.types = tuple(sorted(vocabulary.types))
        self._masks: OrderedDict[Lens, Visible] = OrderedDict()

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each node by id."""
        return {id: number for number, id in enumerate(self.nodes.ids)}

    @cached_property
    def rows(self) -> tuple[Ints, Ints, Ints]:
        """Compressed rows: where each node's begin, the neighbours, the relationships; sorted by all three."""
        source, target = self.relationships.source.astype(np.int64), self.relationships.target.astype(np.int64)
        real = np.flatnonzero(source != target)
        origin = np.concatenate((source[real], target[real]))
        neighbour = np.concatenate((target[real], source[real]))
        via = np.concatenate((real, real))
        order = np.lexsort((via, neighbour, origin))
        begins = np.zeros(len(self.nodes.ids) + 1, np.int64)
        np.cumsum(np.bincount(origin, minlength=len(self.nodes.ids)), out=begins[1:])
        return begins, neighbour[order], via[order]

    def kind_codes(self, kinds: Sequence[str]) -> list[int]:
        """Codes of these kinds in the column `kind`."""
        return [self.kinds.index(kind) for kind in kinds if kind in self.kinds]

    def type_codes(self, types: Sequence[str]) -> list[int]:
        """Codes of these types in the column `type`."""
        return [self.types.index(name) for name in types if name in self.types]

    def visible(self, lens: Lens) -> Visible:
        """The masks of a lens; the last few are kept."""
        if lens not in self._masks:
            self._masks[lens] = self._visible(lens)
            while len(self._masks) > MASKS_KEPT:
                self._masks.popitem(last=False)
        return self._masks[lens]

    def _visible(self, lens: Lens) -> Visible:
        nodes, edges = self.nodes, self.relationships
        counted = self._holds(lens.facts_of_nodes(), nodes)
        facts = self._holds(lens.fact_conditions(), edges) & counted[edges.source] & counted[edges.target]
        kept = counted.copy()
        for types, names in ((PLACE_TYPES, lens.place), (THEME_TYPES, lens.theme)):
            if names:
                kept &= self._narrowed(facts, types, self._parts(facts, names))
        if lens.sector:
            kept &= self._of_sectors(facts, [SECTORS.index(sector) for sector in lens.sector])
        if lens.kind:
            kept &= np.isin(nodes.kind, self.kind_codes(lens.kind))
        shown = facts & kept[edges.source] & kept[edges.target]
        if lens.type:
            shown &= np.isin(edges.type, self.type_codes(lens.type))
        return Visible(kept, shown)

    def _holds(self, conditions: Sequence[Condition], columns: NodeColumns | RelationshipColumns) -> Mask:
        mask = np.ones(len(columns.ids), np.bool_)
        compare = {"<=": np.less_equal, ">=": np.greater_equal, "=": np.equal}
        for condition in conditions:
            mask &= compare[condition.operator](getattr(columns, condition.column), condition.value)
        return mask

    def _parts(self, facts: Mask, names: Sequence[str]) -> Mask:
        """These places or themes with everything that is part of them, however deep."""
        edges = self.relationships
        inside = np.zeros(len(self.nodes.ids), np.bool_)
        inside[[self.number[name] for name in names if name in self.number]] = True
        grouping = np.isin(self.nodes.kind, self.kind_codes(("place", "theme")))
        links = facts & np.isin(edges.type, self.type_codes(PART_TYPES)) & grouping[edges.source]
        source, target = edges.source[links], edges.target[links]
        while True:
            more = source[inside[target] & ~inside[source]]
            if not len(more):
                return inside
            inside[more] = True

    def _narrowed(self, facts: Mask, types: Sequence[str], targets: Mask) -> Mask:
        edges = self.relationships
        member = np.zeros(len(self.nodes.ids), np.bool_)
        member[edges.source[facts & np.isin(edges.type, self.type_codes(types)) & targets[edges.target]]] = True
        member |= ~np.isin(self.nodes.kind, self.kind_codes(NARROWED_KINDS))
        return member

    def _of_sectors(self, facts: Mask, sectors: Sequence[int]) -> Mask:
        """Organisations and people of these sectors; people without one have those of their organisations."""
        nodes, edges = self.nodes, self.relationships
        own = np.isin(nodes.sector, sectors)
        person = np.isin(nodes.kind, self.kind_codes(("person",)))
        organisation = np.isin(nodes.kind, self.kind_codes(("organisation",)))
        posts = facts & np.isin(edges.type, self.type_codes(self.vocabulary.of_types)) & person[edges.source]
        posts &= organisation[edges.target] & own[edges.target]
        through = np.zeros(len(nodes.ids), np.bool_)
        through[edges.source[posts]] = True
        through &= person & (nodes.sector == 0)
        through |= own | ~(person | organisation)
        return through


class ArrayAdjacency:
    """The neighbours that a lens lets through, read from the arrays."""

    def __init__(self, arrays: Arrays, lens: Lens, *, through_groups: bool = False) -> None:
        self.arrays = arrays
        self.visible = arrays.visible(lens)
        passages = [name for name, kind in arrays.vocabulary.kinds.items() if kind.passage or through_groups]
        self._passages = np.zeros(256, np.bool_)
        self._passages[arrays.kind_codes(passages)] = True

    def size(self) -> int:
        """Numbers of nodes are below this."""
        return len(self.arrays.nodes.ids)

    def steps(self, nodes: Ints) -> Steps:
        """All visible steps from these nodes, in the order of the nodes given, then neighbour, then relationship."""
        begins, neighbours, via = self.arrays.rows
        lengths = begins[nodes + 1] - begins[nodes]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins[nodes] - ends + lengths, lengths)
        shown = self.visible.relationships[via[places]]
        places = places[shown]
        return Steps(np.repeat(nodes, lengths)[shown], neighbours[places], via[places])

    def strengths(self, relationships: Ints) -> NDArray[np.float64]:
        """Strength of each of these relationships."""
        return self.arrays.relationships.strength[relationships]

    def is_passage(self, nodes: Ints) -> Mask:
        """Whether a path may run through each of these nodes."""
        return self._passages[self.arrays.nodes.kind[nodes]]


NodeRow = tuple[str, str, str | None, int, int, int]
RelationshipRow = tuple[str, str, int, int, int, int, int, float, bool, float | None, int]


def build_arrays(
    node_rows: Iterable[NodeRow], relationship_rows: Iterable[RelationshipRow], vocabulary: Vocabulary, *, version: str
) -> Arrays:
    """Make arrays from the rows of a store, both in the order of ids.

    A node row is id, kind, sector, level, first day, last day; a relationship row is id, type, numbers of
    source and target, level, first day, last day, confidence, inferred, strength (None: the default), recorded day.
    """
    kinds = {kind: code for code, kind in enumerate(sorted(vocabulary.kinds))}
    types = {name: code for code, name in enumerate(sorted(vocabulary.types))}
    defaults = {name: row.strength for name, row in vocabulary.types.items()}
    try:
        nodes = _columns(
            ((id, kinds[kind], SECTORS.index(sector), *rest) for id, kind, sector, *rest in node_rows),
            (np.uint8, np.uint8, np.uint8, np.int32, np.int32),
        )
        edges = _columns(
            (
                (*row[:1], types[row[1]], *row[2:9], defaults[row[1]] if row[9] is None else row[9], row[10])
                for row in relationship_rows
            ),
            (np.uint8, np.int32, np.int32, np.uint8, np.int32, np.int32, np.float64, np.bool_, np.float64, np.int32),
        )
    except KeyError as unknown:
        raise StoreError(
            f"The store holds {unknown}, which the vocabulary does not have.",
            fix="Set COGS_VOCABULARY to the file that adds it.",
        ) from unknown
    return Arrays(NodeColumns(*nodes), RelationshipColumns(*edges), vocabulary, version=version)


def _columns(rows: Iterable[tuple[Any, ...]], types: Sequence[type[np.generic]]) -> tuple[Any, ...]:
    """Turn rows into a list of ids and one array per further column, a part of the rows at a time."""
    ids: list[str] = []
    parts: list[list[NDArray[Any]]] = [[np.empty(0, dtype)] for dtype in types]
    source = iter(rows)
    while chunk := list(islice(source, 50_000)):
        first, *others = zip(*chunk, strict=True)
        ids.extend(first)
        for part, values, dtype in zip(parts, others, types, strict=True):
            part.append(np.array(values, dtype))
    return (ids, *(np.concatenate(part) for part in parts))
