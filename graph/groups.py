"""Which groups actors belong to: sectors, places, themes, funders, communities, or values of an attribute.

An actor may be in several groups, or in none, which answers call “not stated”. A person without a sector
or place of their own has those of their organisations.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue
from scipy.sparse import csr_array

from graph.adjacency import SECTORS, Arrays, Ints, Mask
from graph.lens import PLACE_TYPES

INHERITED = ("sector", "place")
# For each way of grouping by relationships: the types, and whether the actor is their source.
BY_RELATIONSHIP = {"place": (PLACE_TYPES, True), "theme": (("WORKS_ON",), True), "funder": (("FUNDS",), False)}
BITS = 63  # of a number that numpy keeps without a sign
Matrix = csr_array[np.bool_]
Numbers = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Groups:
    """The groups of each actor: row i of `members` marks those of actor i, named by `labels` in sorted order."""

    labels: Sequence[str]
    members: Matrix

    @classmethod
    def of_labels(cls, labels: Sequence[Iterable[str]]) -> Groups:
        """Groups from the labels of each actor."""
        names = sorted({label for some in labels for label in some})
        code = {name: place for place, name in enumerate(names)}
        pairs = [(actor, code[label]) for actor, some in enumerate(labels) for label in set(some)]
        actor, group = np.array(pairs, np.int64).reshape(-1, 2).T
        return cls(names, _marked(actor, group, (len(labels), len(names))))

    @cached_property
    def counts(self) -> Ints:
        """How many groups each actor is in."""
        return np.diff(self.members.indptr).astype(np.int64)

    @cached_property
    def stated(self) -> Mask:
        """Which actors are in a group at all."""
        return self.counts > 0

    @cached_property
    def _bits(self) -> Ints:
        """The groups of each actor as bits of one number; with many groups, several share a bit."""
        bits: Ints = np.zeros(len(self.counts), np.int64)
        bit = np.left_shift(1, self.members.indices.astype(np.int64) % BITS)
        np.bitwise_or.at(bits, np.repeat(np.arange(len(bits)), self.counts), bit)
        return bits

    def of(self, actor: int) -> tuple[str, ...]:
        """Names of the groups of one actor, sorted; empty where none is stated."""
        begin, end = self.members.indptr[actor : actor + 2].tolist()
        return tuple(self.labels[code] for code in sorted(self.members.indices[begin:end].tolist()))

    def alike(self, u: Ints, v: Ints) -> Mask:
        """For each pair of actors, whether they are in one group: both stated, and one in common."""
        alike: Mask = (self._bits[u] & self._bits[v]) != 0
        if len(self.labels) > BITS:
            unsure = np.flatnonzero(alike)
            common = self.members[u[unsure]].multiply(self.members[v[unsure]])
            alike[unsure] = np.asarray(common.sum(axis=1)).ravel() > 0
        return alike

    def differ(self, u: Ints, v: Ints) -> Mask:
        """For each pair of actors, whether their groups differ: both stated, and none in common."""
        differ: Mask = self.stated[u] & self.stated[v] & ~self.alike(u, v)
        return differ


def stated_groups(arrays: Arrays, nodes: Mask, relationships: Mask, by: str) -> tuple[Sequence[str], Matrix]:
    """Groups of every visible node by sector, place, theme or funder: the labels of the columns, and who is in which.

    `nodes` and `relationships` are the masks of a lens: what it hides groups nobody.
    """
    if by == "sector":
        labels: Sequence[str] = [str(sector or "") for sector in SECTORS]
        members = np.flatnonzero(nodes & (arrays.nodes.sector > 0))
        found = _marked(members, arrays.nodes.sector[members].astype(np.int64), (len(nodes), len(labels)))
    else:
        types, is_source = BY_RELATIONSHIP[by]
        kept = np.flatnonzero(relationships & np.isin(arrays.relationships.type, arrays.type_codes(types)))
        ends = arrays.relationships.source[kept], arrays.relationships.target[kept]
        actor, group = ends if is_source else ends[::-1]
        labels = arrays.nodes.ids
        found = _marked(actor, group, (len(nodes), len(nodes)))
    return labels, _inherited(arrays, relationships, found) if by in INHERITED else found


def groups_of(actors: Ints, labels: Sequence[str], members: Matrix) -> Groups:
    """The groups of these nodes alone, without groups that none of them is in."""
    rows = members[actors]
    used = sorted(np.unique(rows.indices).tolist(), key=lambda column: labels[column])
    code = np.zeros(rows.shape[1], np.int64)
    code[used] = np.arange(len(used))
    actor = np.repeat(np.arange(len(actors)), np.diff(rows.indptr))
    return Groups([labels[column] for column in used], _marked(actor, code[rows.indices], (len(actors), len(used))))


def attribute_labels(value: JsonValue) -> list[str]:
    """Names of the groups that the value of an attribute puts its node in; a list is several groups."""
    values: list[Any] = value if isinstance(value, list) else [value]
    return [one if isinstance(one, str) else json.dumps(one, sort_keys=True) for one in values if one not in (None, "")]


def posts(arrays: Arrays, relationships: Mask) -> Mask:
    """Which of these relationships make a person one of an organisation's own people."""
    edges, kind = arrays.relationships, arrays.nodes.kind
    held = relationships & np.isin(edges.type, arrays.type_codes(arrays.vocabulary.of_types))
    held &= np.isin(kind[edges.source], arrays.kind_codes(("person",)))
    return held & np.isin(kind[edges.target], arrays.kind_codes(("organisation",)))


def _inherited(arrays: Arrays, relationships: Mask, members: Matrix) -> Matrix:
    """The same groups, and for people without any those of their organisations."""
    held = posts(arrays, relationships)
    held &= (np.diff(members.indptr) == 0)[arrays.relationships.source]
    size = len(arrays.nodes.ids)
    posts_of = _marked(arrays.relationships.source[held], arrays.relationships.target[held], (size, size))
    return (members + posts_of @ members).astype(np.bool_) if np.any(held) else members


def _marked(row: Numbers, column: Numbers, shape: tuple[int, int]) -> Matrix:
    matrix = csr_array((np.ones(len(row), np.bool_), (row, column)), shape=shape)
    matrix.sum_duplicates()
    matrix.sort_indices()
    return matrix
