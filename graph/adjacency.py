"""The network as arrays: who neighbours whom, under a lens.

Nodes are numbered in the order of their ids, and relationships likewise, so that comparing numbers is
comparing ids. Arrays never change: a change of the network makes others (`graph/splicing.py`) that share what
stayed. A lens becomes two masks, made once per lens and kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.columns import (
    NODE_TYPES,
    RELATIONSHIP_TYPES,
    Coded,
    NodeColumns,
    RelationshipColumns,
    node_columns,
    plain,
    relationship_columns,
    taken,
)
from graph.errors import StoreError
from graph.ids import Ids, Numbers
from graph.lens import NARROWED_KINDS, PART_TYPES, PLACE_TYPES, THEME_TYPES, Condition, Lens
from graph.model import Sector
from graph.rows import Rows, make_rows
from graph.vocabulary import Vocabulary

__all__ = ["Adjacency", "ArrayAdjacency", "Arrays", "NodeColumns", "RelationshipColumns", "build_arrays"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Result = TypeVar("Result")
MASKS_KEPT = 16
SECTORS = (None, *Sector)


@dataclass(frozen=True)
class Visible:
    """What a lens lets through: a mask over nodes and one over relationships (both ends visible)."""

    nodes: Mask
    relationships: Mask
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def hides_none(self) -> bool:
        """Whether every relationship is let through, so that none need be looked at for it."""
        return bool(self.relationships.all())


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


class Walk(Adjacency, Protocol):
    """Neighbours for a search from some node outwards, with the way from ids to numbers and back."""

    def number(self, id: str) -> int:
        """Number of a node."""

    def ids(self, nodes: Iterable[int]) -> list[str]:
        """Ids of nodes."""

    def relationships(self, numbers: Iterable[int]) -> dict[str, str]:
        """Ids of relationships, and the type of each."""

    def towards(self, ids: Sequence[str], types: Sequence[str]) -> list[tuple[str, str]]:
        """From which of these nodes to which others relationships of these types lead; in the order of the others."""

    def settled(self, work: Callable[[], Result]) -> Result:
        """What comes of some work when numbers are in the order of ids, as ties are broken by them."""


class Arrays:
    """The whole network of one version as arrays; `visible(lens)` says what a lens lets through."""

    def __init__(
        self,
        nodes: NodeColumns,
        relationships: RelationshipColumns,
        vocabulary: Vocabulary,
        *,
        version: str,
        rows: Rows | None = None,
    ) -> None:
        self.nodes = nodes
        self.relationships = relationships
        self.vocabulary = vocabulary
        self.version = version
        self.kinds = tuple(sorted(vocabulary.kinds))
        self.types = tuple(sorted(vocabulary.types))
        self.number = Numbers(nodes.ids)
        self._masks: OrderedDict[Lens, Visible] = OrderedDict()
        if rows is not None:
            self.rows = rows

    @cached_property
    def rows(self) -> Rows:
        """Who neighbours whom, by way of which relationship."""
        return make_rows(self.relationships.source, self.relationships.target, len(self.nodes.ids))

    @cached_property
    def of_key(self) -> NDArray[np.int32]:
        """For the key of a row in the store the number of its node, −1 where there is none."""
        found = np.full(int(self.nodes.key.max(initial=-1)) + 1, -1, np.int32)
        found[self.nodes.key] = np.arange(len(self.nodes.key), dtype=np.int32)
        return found

    def adopt(self, same: Arrays) -> None:
        """Take the columns of arrays that are the same but lie elsewhere: in a file that others have mapped, too."""
        self.nodes, self.relationships, self.rows, self.number = same.nodes, same.relationships, same.rows, same.number

    def part(self, nodes: Ints, relationships: Ints) -> Arrays:
        """These nodes, in ascending order, and relationships among them, numbered anew; at the cost of these alone."""
        edges = taken(self.relationships, relationships)
        source, target = (np.searchsorted(nodes, ends).astype(np.int32) for ends in (edges.source, edges.target))
        edges = replace(edges, source=source, target=target)
        return Arrays(taken(self.nodes, nodes), edges, self.vocabulary, version=self.version)

    def named(self, relationships: Iterable[int]) -> dict[str, str]:
        """Ids of relationships, and the type of each."""
        edges = self.relationships
        return {edges.ids[number]: self.types[edges.type[number]] for number in relationships}

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
        facts = self._between(counted, self._holds(lens.fact_conditions(), edges))
        kept = counted.copy()
        for types, names in ((PLACE_TYPES, lens.place), (THEME_TYPES, lens.theme)):
            if names:
                kept &= self._narrowed(facts, types, self._parts(facts, names))
        if lens.sector:
            kept &= self._of_sectors(facts, [SECTORS.index(sector) for sector in lens.sector])
        if lens.kind:
            kept &= np.isin(nodes.kind, self.kind_codes(lens.kind))
        shown = self._between(kept, facts)
        if lens.type:
            shown = shown & np.isin(edges.type, self.type_codes(lens.type))
        return Visible(kept, shown)

    def _between(self, nodes: Mask, relationships: Mask) -> Mask:
        """Those of the relationships that have both ends among the nodes."""
        if nodes.all():  # looking up ten million ends is most of the work of a mask
            return relationships
        return relationships & nodes[self.relationships.source] & nodes[self.relationships.target]

    def _holds(self, conditions: Sequence[Condition], columns: NodeColumns | RelationshipColumns) -> Mask:
        mask = np.ones(len(columns.ids), np.bool_)
        compare = {"<=": np.less_equal, ">=": np.greater_equal, "=": np.equal}
        for condition in conditions:
            column: Any = getattr(columns, condition.column)
            if isinstance(column, Coded):  # compared once for each value
                mask &= compare[condition.operator](column.values, condition.value)[column.codes]
            else:
                mask &= compare[condition.operator](column, condition.value)
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
        self._numbers: dict[str, int] = {}  # of the ids that were told: finding one takes 5 µs

    def size(self) -> int:
        """Numbers of nodes are below this."""
        return len(self.arrays.nodes.ids)

    def number(self, id: str) -> int:
        """Number of a node."""
        known = self._numbers.get(id)
        return self.arrays.number[id] if known is None else known

    def ids(self, nodes: Iterable[int]) -> list[str]:
        """Ids of nodes."""
        numbers = list(nodes)
        found = [self.arrays.nodes.ids[number] for number in numbers]
        self._numbers.update(zip(found, numbers, strict=True))
        return found

    def relationships(self, numbers: Iterable[int]) -> dict[str, str]:
        """Ids of relationships, and the type of each."""
        return self.arrays.named(numbers)

    def towards(self, ids: Sequence[str], types: Sequence[str]) -> list[tuple[str, str]]:
        """From which of these nodes to which others relationships of these types lead; in the order of the others."""
        steps = self.steps(np.array([self.number(id) for id in ids], np.int64))
        edges, names = self.arrays.relationships, self.arrays.nodes.ids
        led = np.isin(edges.type[steps.relationship], self.arrays.type_codes(types))
        led &= edges.source[steps.relationship] == steps.origin
        pairs = zip(steps.origin[led].tolist(), steps.neighbour[led].tolist(), strict=True)
        return [(names[origin], names[other]) for origin, other in pairs]

    def settled(self, work: Callable[[], Result]) -> Result:
        """What comes of some work; numbers are in the order of ids."""
        return work()

    def steps(self, nodes: Ints) -> Steps:
        """All visible steps from these nodes, in the order of the nodes given, then neighbour, then relationship."""
        rows = self.arrays.rows
        places, lengths = rows.places(nodes)
        via, origin = rows.relationship[places], np.repeat(nodes, lengths)
        if not self.visible.hides_none:
            shown = self.visible.relationships[via]
            places, via, origin = places[shown], via[shown], origin[shown]
        return Steps(origin, rows.neighbour[places].astype(np.int64), via.astype(np.int64))

    def strengths(self, relationships: Ints) -> NDArray[np.float64]:
        """Strength of each of these relationships."""
        found: NDArray[np.float64] = self.arrays.relationships.strength[relationships]
        return found

    def is_passage(self, nodes: Ints) -> Mask:
        """Whether a path may run through each of these nodes."""
        return self._passages[self.arrays.nodes.kind[nodes]]


NodeRow = tuple[str, str, str | None, int, int, int, int]
RelationshipRow = tuple[str, str, int, int, int, int, int, float, bool, float | None, int]


def build_arrays(
    node_rows: Iterable[NodeRow], relationship_rows: Iterable[RelationshipRow], vocabulary: Vocabulary, *, version: str
) -> Arrays:
    """Make arrays from the rows of a store, both in the order of ids.

    A node row is id, kind, sector, level, first day, last day, key; a relationship row is id, type, numbers of
    source and target, level, first day, last day, confidence, inferred, strength (None: the default), recorded day.
    """
    codes = Codes(vocabulary)
    nodes, edges = list(map(codes.node, node_rows)), list(map(codes.relationship, relationship_rows))
    node_facts, facts = plain(nodes, ("ids", *NODE_TYPES)), plain(edges, ("ids", *RELATIONSHIP_TYPES))
    return Arrays(
        node_columns(Ids.of(node_facts.pop("ids")), node_facts),
        relationship_columns(Ids.of(facts.pop("ids")), facts),
        vocabulary,
        version=version,
    )


class Codes:
    """The rows of a store with numbers for words: kinds, sectors and types by their place in the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.kinds = {kind: code for code, kind in enumerate(sorted(vocabulary.kinds))}
        self.types = {name: code for code, name in enumerate(sorted(vocabulary.types))}
        self.strengths = np.array([row.strength for _, row in sorted(vocabulary.types.items())])

    def node(self, row: NodeRow) -> tuple[Any, ...]:
        """A node row with codes."""
        if row[1] not in self.kinds:
            raise unknown_word(row[1])
        return (row[0], self.kinds[row[1]], SECTORS.index(row[2]), *row[3:])

    def relationship(self, row: RelationshipRow) -> tuple[Any, ...]:
        """A relationship row with codes, and with the strength of its type where it has none of its own."""
        code = self.types.get(row[1])
        if code is None:
            raise unknown_word(row[1])
        strength = float(self.strengths[code]) if row[9] is None else row[9]
        return (row[0], code, *row[2:9], strength, row[10])


def unknown_word(word: str) -> StoreError:
    """The error of a kind or type that the vocabulary does not have."""
    return StoreError(
        f"The store holds {word!r}, which the vocabulary does not have.",
        fix="Set COGS_VOCABULARY to the file that adds it.",
    )
