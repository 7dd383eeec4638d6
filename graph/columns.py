"""The facts of every node and relationship as columns: what a lens looks at, and nothing else.

Small types on purpose: five million relationships, their ids and their rows stay under 400 MB. Strengths and
confidences take few different values, so each is a table of values and a code per relationship: exact, where
halving the digits would make 0.7 less than 0.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from graph.ids import Ids

Floats = NDArray[np.float64]
Index = Any  # a mask, numbers or a slice


class Coded:
    """A column of numbers of which few are different: `values[codes]`, made when it is asked for."""

    def __init__(self, values: Floats, codes: NDArray[np.unsignedinteger[Any]]) -> None:
        self.values = values
        self.codes = codes

    @classmethod
    def of(cls, numbers: Floats) -> Coded:
        """Code these numbers."""
        ordered = np.sort(numbers)
        is_first = np.ones(len(ordered), np.bool_)
        is_first[1:] = ordered[1:] != ordered[:-1]
        values = ordered[is_first]
        return cls(values, np.searchsorted(values, numbers).astype(_code_type(len(values))))

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.codes)

    def __getitem__(self, index: Index) -> Any:
        """The numbers at these places."""
        return self.values[self.codes[index]]

    def __iter__(self) -> Iterator[float]:
        """All numbers in order."""
        return iter(self[:].tolist())

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """All numbers."""
        return np.asarray(self[:], dtype)

    def take(self, chosen: Index) -> Coded:
        """The same table with the entries at these places."""
        return Coded(self.values, self.codes[chosen])

    def coding(self, numbers: Floats) -> tuple[Coded, NDArray[np.unsignedinteger[Any]]]:
        """The same column with a table that has these numbers too, and their codes."""
        fresh = np.setdiff1d(numbers, self.values)
        values = np.concatenate((self.values, fresh)) if len(fresh) else self.values
        order = np.argsort(values)
        codes = order[np.searchsorted(values[order], numbers)] if len(numbers) else np.empty(0, np.int64)
        kind = np.promote_types(self.codes.dtype, _code_type(len(values)))
        return Coded(values, self.codes.astype(kind, copy=False)), codes.astype(kind)


def _code_type(values: int) -> type[np.unsignedinteger[Any]]:
    return np.uint8 if values <= 1 << 8 else np.uint16 if values <= 1 << 16 else np.uint32


@dataclass(frozen=True)
class NodeColumns:
    """One entry per node, in the order of ids; days are day numbers, levels 0 (public) to 3."""

    ids: Ids
    kind: NDArray[np.uint8]
    sector: NDArray[np.uint8]
    level: NDArray[np.uint8]
    first_day: NDArray[np.int32]
    last_day: NDArray[np.int32]
    key: NDArray[np.int32]  # of its row in the store, where the text index speaks of rows; else 0


@dataclass(frozen=True)
class RelationshipColumns:
    """One entry per relationship, in the order of ids; `source` and `target` are numbers of nodes."""

    ids: Ids
    type: NDArray[np.uint8]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    level: NDArray[np.uint8]
    first_day: NDArray[np.int32]
    last_day: NDArray[np.int32]
    confidence: Coded
    inferred: NDArray[np.bool_]
    strength: Coded
    recorded_day: NDArray[np.int32]  # 0 where no evidence says when it was recorded


Columns = TypeVar("Columns", NodeColumns, RelationshipColumns)
NODE_TYPES: Mapping[str, type[np.generic]] = {
    "kind": np.uint8,
    "sector": np.uint8,
    "level": np.uint8,
    "first_day": np.int32,
    "last_day": np.int32,
    "key": np.int32,
}
RELATIONSHIP_TYPES: Mapping[str, type[np.generic]] = {
    "type": np.uint8,
    "source": np.int32,
    "target": np.int32,
    "level": np.uint8,
    "first_day": np.int32,
    "last_day": np.int32,
    "confidence": np.float64,
    "inferred": np.bool_,
    "strength": np.float64,
    "recorded_day": np.int32,
}
CODED = ("confidence", "strength")


def node_columns(ids: Ids, columns: Mapping[str, Any]) -> NodeColumns:
    """Columns of nodes from plain ones of any number type."""
    return NodeColumns(ids, **_narrow(NODE_TYPES, columns))


def relationship_columns(ids: Ids, columns: Mapping[str, Any]) -> RelationshipColumns:
    """Columns of relationships from plain ones of any number type."""
    return RelationshipColumns(ids, **_narrow(RELATIONSHIP_TYPES, columns))


def _narrow(types: Mapping[str, type[np.generic]], columns: Mapping[str, Any]) -> dict[str, Any]:
    narrow = {name: np.asarray(columns[name], dtype) for name, dtype in types.items()}
    return {name: Coded.of(column) if name in CODED else column for name, column in narrow.items()}


def taken(columns: Columns, numbers: NDArray[np.integer[Any]]) -> Columns:
    """The columns with the entries of these numbers alone."""
    return type(columns)(**{one.name: getattr(columns, one.name).take(numbers) for one in fields(columns)})


def blocks(columns: NodeColumns | RelationshipColumns) -> Iterator[tuple[str, NDArray[Any]]]:
    """Every array of the columns by a name of its own, for writing them down."""
    for one in fields(columns):
        column = getattr(columns, one.name)
        if isinstance(column, Ids):
            yield f"{one.name}.text", column.text
            yield f"{one.name}.starts", column.starts
        elif isinstance(column, Coded):
            yield f"{one.name}.values", column.values
            yield f"{one.name}.codes", column.codes
        else:
            yield one.name, column


def from_blocks(kind: type[Any], found: Mapping[str, NDArray[Any]]) -> Any:
    """The columns that were written down so."""
    ids = Ids(found["ids.text"], found["ids.starts"])
    names = [one.name for one in fields(kind) if one.name != "ids"]
    return kind(ids, **{name: _column(name, found) for name in names})


def _column(name: str, found: Mapping[str, NDArray[Any]]) -> NDArray[Any] | Coded:
    return Coded(found[f"{name}.values"], found[f"{name}.codes"]) if name in CODED else found[name]


def plain(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> dict[str, Sequence[Any]]:
    """Rows turned into one sequence per name."""
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return dict(zip(names, turned, strict=True))
