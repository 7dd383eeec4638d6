"""Arrays of a network that has changed a little, made from those of before without reading the rest of it.

Numbers follow the order of ids, so what is new goes in between: every column is cut at the places that change and
put together again (`Splice`). That copies memory and looks at nothing: 0.2 seconds for five million relationships
when nodes came or went, a hundredth of that when only values changed, for then all else is shared with before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.adjacency import Arrays, Codes, Mask, NodeRow
from graph.columns import NODE_TYPES, RELATIONSHIP_TYPES, Coded, NodeColumns, RelationshipColumns, plain
from graph.ids import Ids, from_lengths
from graph.rows import Ints, Rows

Numbers = NDArray[np.int32]
ChangedRelationship = tuple[str, str, str, str, int, int, int, float, bool, float | None, int]  # ends by id


@dataclass(frozen=True)
class Change:
    """What is different: the ids of all that changed, came or went, and the rows of those that are there now."""

    node_ids: Sequence[str]
    nodes: Mapping[str, NodeRow]
    relationship_ids: Sequence[str]
    relationships: Mapping[str, ChangedRelationship]


def changed(arrays: Arrays, change: Change, *, version: str) -> Arrays:
    """The arrays after a change."""
    codes = Codes(arrays.vocabulary)
    nodes = Splice.of(arrays.nodes.ids, change.node_ids, change.nodes)
    node_columns = _nodes(arrays.nodes, nodes, [codes.node(change.nodes[id]) for id in nodes.fresh])
    edges = Splice.of(arrays.relationships.ids, change.relationship_ids, change.relationships)
    number = node_columns.ids.find
    rows = [
        codes.relationship((*row[:2], number(row[2]), number(row[3]), *row[4:]))
        for row in (change.relationships[id] for id in edges.fresh)
    ]
    moved = arrays.relationships
    if not nodes.is_in_place:
        moved = replace(moved, source=nodes.moved[moved.source], target=nodes.moved[moved.target])
    edge_columns = _relationships(moved, edges, rows)
    spliced = RowSplice(arrays.rows, nodes, edges, moved, edge_columns).rows()
    return Arrays(node_columns, edge_columns, arrays.vocabulary, version=version, rows=spliced)


@dataclass(frozen=True)
class Splice:
    """Where a sorted column is cut, what falls out there and what goes in."""

    size: int
    pieces: tuple[tuple[int, int, int], ...]  # from where to where the old is kept, and how many new ones follow
    fresh: tuple[str, ...]  # ids that go in, sorted
    places: Ints  # number of each of them afterwards
    old_places: Ints  # where each goes in, in numbers of before
    was_there: Mask  # whether it was there before, and has only changed
    gone: Ints  # numbers before of all that changed or went

    @classmethod
    def of(cls, ids: Ids, changed: Iterable[str], there: Mapping[str, object]) -> Splice:
        """The splice that takes these ids out and puts in those that are there now."""
        pieces, gone, begin = list[tuple[int, int, int]](), list[int](), 0
        fresh = list[tuple[str, int, int, bool]]()
        for id in sorted(changed):
            place = bisect_left(ids, id)
            was_there, is_there = place < len(ids) and ids[place] == id, id in there
            if is_there:
                fresh.append((id, place - len(gone) + len(fresh), place, was_there))
            if was_there:
                gone.append(place)
            pieces.append((begin, place, int(is_there)))
            begin = place + was_there
        pieces.append((begin, len(ids), 0))
        columns = plain(fresh, ("fresh", "places", "old_places", "was_there"))
        places, old_places = (np.array(columns[name], np.int64) for name in ("places", "old_places"))
        was, out = np.array(columns["was_there"], np.bool_), np.array(gone, np.int64)
        return cls(len(ids), tuple(pieces), tuple(columns["fresh"]), places, old_places, was, out)

    @cached_property
    def is_in_place(self) -> bool:
        """Whether nothing comes or goes: all numbers stay."""
        return bool(self.was_there.all()) and len(self.gone) == len(self.fresh)

    @cached_property
    def moved(self) -> Numbers:
        """For each number before the number afterwards, −1 for what is no longer there."""
        found, begin = np.full(self.size, -1, np.int32), 0
        for first, last, more in self.pieces:
            found[first:last] = np.arange(begin, begin + last - first, dtype=np.int32)
            begin += last - first + more
        found[self.old_places[self.was_there]] = self.places[self.was_there]
        return found

    @cached_property
    def before(self) -> Ints:
        """For each number afterwards the number before, −1 for what is new."""
        found = np.full(self.size + len(self.fresh) - len(self.gone), -1, np.int64)
        there = np.flatnonzero(self.moved >= 0)
        found[self.moved[there]] = there
        return found

    def column(self, old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        """A column afterwards; the very same one when none of its values has changed."""
        if self.is_in_place:
            if np.array_equal(old[self.places], new):
                return old
            copied = old.copy()
            copied[self.places] = new
            return copied
        parts, taken = [], 0
        for first, last, more in self.pieces:
            parts += [old[first:last], new[taken : taken + more]]
            taken += more
        return np.concatenate(parts, dtype=old.dtype, casting="unsafe")

    def coded(self, old: Coded, new: NDArray[np.float64]) -> Coded:
        """A coded column afterwards."""
        coded, codes = old.coding(new)
        return Coded(coded.values, self.column(coded.codes, codes))

    def ids(self, old: Ids) -> Ids:
        """The ids afterwards."""
        if self.is_in_place:
            return old
        parts, taken = [], 0
        for first, last, more in self.pieces:
            parts.append(old.text[int(old.starts[first]) : int(old.starts[last])])
            if more:
                parts.append(np.frombuffer(f"{self.fresh[taken]}\n".encode(), np.uint8))
            taken += more
        new = np.array([len(id) + 1 for id in self.fresh], np.uint16)
        return Ids(np.concatenate(parts), from_lengths(self.column(np.diff(old.starts).astype(np.uint16), new)))


def _nodes(old: NodeColumns, splice: Splice, rows: Sequence[Sequence[Any]]) -> NodeColumns:
    return NodeColumns(splice.ids(old.ids), **_columns(old, splice, rows, NODE_TYPES))


def _relationships(old: RelationshipColumns, splice: Splice, rows: Sequence[Sequence[Any]]) -> RelationshipColumns:
    return RelationshipColumns(splice.ids(old.ids), **_columns(old, splice, rows, RELATIONSHIP_TYPES))


def _columns(old: Any, splice: Splice, rows: Sequence[Sequence[Any]], types: Mapping[str, Any]) -> dict[str, Any]:
    values = plain(rows, ("ids", *types))
    found: dict[str, Any] = {}
    for name, dtype in types.items():
        before, new = getattr(old, name), np.array(values[name], dtype)
        found[name] = splice.coded(before, new) if isinstance(before, Coded) else splice.column(before, new)
    return found


@dataclass(frozen=True)
class RowSplice:
    """The rows afterwards: those of nodes at which an end came or went are made anew, all others are kept."""

    old: Rows
    nodes: Splice
    edges: Splice
    before: RelationshipColumns  # with the numbers that nodes have afterwards, −1 for those that are gone
    after: RelationshipColumns

    def rows(self) -> Rows:
        """All rows afterwards."""
        gone, fresh = self.edges.gone, self.edges.places
        ends = (self.before.source[gone], self.before.target[gone], self.after.source[fresh], self.after.target[fresh])
        if self.nodes.is_in_place and self.edges.is_in_place and np.array_equal(ends[:2], ends[2:]):
            return self.old
        touched = np.unique(np.concatenate(ends)).astype(np.int64)
        touched = touched[touched >= 0]
        origin, *entries = self._entries(touched)
        first, last = (np.searchsorted(origin, touched, side=side) for side in ("left", "right"))
        cuts = self._cuts(touched, first, last)
        lengths = self._lengths()
        lengths[touched] = last - first
        begins = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
        return Rows(begins, *(_put(old, new, cuts) for old, new in zip(self._kept(), entries, strict=True)))

    def _kept(self) -> tuple[Numbers, Numbers]:
        """The old entries by the numbers of afterwards."""
        neighbour, relationship = self.old.neighbour, self.old.relationship
        if not self.nodes.is_in_place:
            neighbour = self.nodes.moved[neighbour]
        if not self.edges.is_in_place:
            relationship = self.edges.moved[relationship]
        return neighbour, relationship

    def _entries(self, touched: Ints) -> tuple[Ints, Numbers, Numbers]:
        """All entries of the touched rows afterwards, in order."""
        stale = np.zeros(self.edges.size, np.bool_)
        stale[self.edges.gone] = True
        was = self.nodes.before[touched]
        places, lengths = self.old.places(was[was >= 0])
        kept = ~stale[self.old.relationship[places]]
        fresh = self.edges.places[self.after.source[self.edges.places] != self.after.target[self.edges.places]]
        ends = (self.after.source[fresh], self.after.target[fresh])
        origin = np.concatenate((np.repeat(touched[was >= 0], lengths)[kept], *ends))
        stayed = self.edges.moved[self.old.relationship[places[kept]]]
        relationship = np.concatenate((stayed, fresh, fresh)).astype(np.int32)
        neighbour = (self.after.source[relationship] + self.after.target[relationship] - origin).astype(np.int32)
        order = np.lexsort((relationship, neighbour, origin))
        return origin[order], neighbour[order], relationship[order]

    def _lengths(self) -> Ints:
        """Length of each row afterwards, as far as it is kept."""
        lengths = np.append(np.diff(self.old.begins), 0)
        fresh = np.where(self.nodes.was_there, lengths[self.nodes.old_places], 0)
        found: Ints = self.nodes.column(lengths[:-1], fresh)
        return found.copy()

    def _cuts(self, touched: Ints, first: Ints, last: Ints) -> list[tuple[int, int, int, int]]:
        """Where old rows are taken out, and which of the new entries go in there; in the order of rows."""
        begins, was = self.old.begins, self.nodes.before[touched]
        coming = dict(zip(self.nodes.places.tolist(), self.nodes.old_places.tolist(), strict=True))
        place = np.array([coming.get(node, -1) for node in touched.tolist()], np.int64)
        place, rows = np.where(was >= 0, was, place), np.where(was >= 0, 1, 0)
        lost = self.nodes.gone[self.nodes.moved[self.nodes.gone] < 0]
        nothing = np.zeros(len(lost), np.int64)
        out = np.concatenate((place, lost)), np.concatenate((place + rows, lost + 1))
        into = np.concatenate((first, nothing)), np.concatenate((last, nothing))
        order = np.lexsort((np.concatenate((touched, nothing - 1)), out[0]))
        columns = (begins[out[0]], begins[out[1]], *into)
        return list(zip(*(column[order].tolist() for column in columns), strict=True))


def _put(old: Numbers, new: Numbers, cuts: Sequence[tuple[int, int, int, int]]) -> Numbers:
    """A column with the old entries taken out and the new ones put in."""
    parts, begin = [], 0
    for out_first, out_last, in_first, in_last in cuts:
        parts += [old[begin:out_first], new[in_first:in_last]]
        begin = max(begin, out_last)
    return np.concatenate([*parts, old[begin:]])
