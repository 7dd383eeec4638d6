"""Which of many things can be written without a further look, and which are left to the planner, for both stores.

Ends are looked up in memory, the vocabulary is asked for all rows in one step, and nothing is read back. Only what
needs no thought is written so: things that are new, fit the vocabulary, and stand on nodes and sources that are
there. Whatever else is left to the planner, row by row.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.model import LEVELS, ThingName
from graph.store.packed import DIGEST_BYTES, Packed
from graph.store.packs import Pack
from graph.store.records import Applied
from graph.store.writing import Taken
from graph.vocabulary import Vocabulary

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

KIND_BITS, LEVEL_BITS = 16, 2  # of a node's code, which has its number above them
MOST_KINDS, MOST_LEVEL = (1 << KIND_BITS) - 1, (1 << LEVEL_BITS) - 1
NOWHERE = -1


@dataclass(slots=True)
class Rows:
    """The rows of one `Packed` on their way into their table."""

    thing: ThingName
    columns: list[list[Any]]  # as the table has them, but for the number
    levels: Whole  # effective
    good: Mask  # can be written without a further look
    numbers: Whole = field(init=False)  # in the store; NOWHERE for those that the planner has to look at
    new: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = np.full(len(self.good), NOWHERE)
        self.new = np.zeros(len(self.good), bool)

    def pack(self) -> Pack:
        """The new ones as they are logged."""
        return Pack(list(compress(self.columns[0], self.new.tolist())), self.levels[self.new].tolist())

    def sums(self, packed: Packed) -> list[int]:
        """What the new ones add to the digest of each level."""
        digests = np.frombuffer(packed.digests, f"V{DIGEST_BYTES}")[self.new].tobytes()
        return sums_of(digests, self.levels[self.new])

    def taken(self) -> Taken:
        """What became of all of them."""
        added = int(np.count_nonzero(self.new))
        unchanged = int(np.count_nonzero(self.numbers != NOWHERE)) - added
        return Taken(Applied(added=added, unchanged=unchanged), self.numbers)


class Bulk(ABC):
    """What one write transaction knows for writing many things at once."""

    def __init__(self, vocabulary: Vocabulary, *, gone: Collection[str], forgets: bool, was_empty: bool) -> None:
        self.kinds = {name: number for number, name in enumerate(vocabulary.kinds)}
        self.types = {name: number for number, name in enumerate(vocabulary.types)}
        allows = [
            [[row.allows(one, other) for other in self.kinds] for one in self.kinds]
            for row in vocabulary.types.values()
        ]
        self.allowed = np.array(allows)
        self.codes: dict[str, int] = {}  # of the nodes met so far
        self.sources: set[str] = set()  # those known to be there
        self.gone = set(gone)  # nodes that were merged into others
        self.forgets = forgets
        self.was_empty = was_empty

    # What a store knows and does.

    @abstractmethod
    def stored_sources(self, ids: Collection[str]) -> Iterable[str]:
        """Those of these sources that are there."""

    @abstractmethod
    def stored_nodes(self, ids: Collection[str]) -> Iterable[tuple[int, str, str, int]]:
        """Number, id, kind and level of those of these nodes that are there."""

    @abstractmethod
    def stored(self, rows: Rows) -> Iterable[tuple[str, int, int, str]]:
        """Id, number, level and text of those of these things that are there."""

    @abstractmethod
    def insert(self, packed: Packed, rows: Rows) -> Whole | None:
        """Write the good rows and give their numbers; None when an id of them is there, and nothing was written."""

    # What fits.

    def take(self, packed: Packed) -> Rows:
        """Write those rows that can be written without a further look, and say which they are."""
        rows = self._nodes(packed) if packed.thing == "node" else self._relationships(packed)
        rows.good &= self._cites_what_is_there(packed)
        if not (self.was_empty and rows.good.all() and self._write(packed, rows)):
            self._compare(rows)
            self._write(packed, rows)
        return rows

    def _write(self, packed: Packed, rows: Rows) -> bool:
        numbers = self.insert(packed, rows)
        if numbers is None:
            return False
        rows.numbers[rows.good], rows.new = numbers, rows.good
        if packed.thing == "node":
            ids, kinds, levels = rows.columns[0], rows.columns[1], rows.columns[3]
            for n, *node in compress(zip(rows.numbers.tolist(), ids, kinds, levels, strict=True), rows.new.tolist()):
                self.codes[node[0]] = self._code(n, *node[1:])
        return True

    def _cites_what_is_there(self, packed: Packed) -> bool:
        unknown = [id for id in packed.cited if id not in self.sources]
        self.sources.update(self.stored_sources(unknown) if unknown else ())
        return self.sources.issuperset(unknown)

    def _nodes(self, packed: Packed) -> Rows:
        ids, kinds, levels = (packed.column(name) for name in ("id", "kind", "level"))
        good = np.fromiter((kind in self.kinds for kind in kinds), bool, len(ids))
        if self.forgets:
            good[:] = False  # each has to be looked up by its names and identifiers
        return Rows("node", list(packed.columns), np.array(levels), self._stays(good, ids))

    def _relationships(self, packed: Packed) -> Rows:
        ids, source, target = (packed.column(name) for name in ("id", "source", "target"))
        sources, targets = self._codes(source), self._codes(target)
        types = np.fromiter(map(self.types.get, packed.column("type"), repeat(NOWHERE)), np.int64, len(ids))
        good = (sources >= 0) & (targets >= 0) & (types >= 0)
        good &= self.allowed[
            types, *(np.where(good, codes >> LEVEL_BITS & MOST_KINDS, 0) for codes in (sources, targets))
        ]
        own = np.array(packed.column("level"))
        levels = np.maximum.reduce([own, sources & MOST_LEVEL, targets & MOST_LEVEL])
        numbers = ((codes >> KIND_BITS + LEVEL_BITS).tolist() for codes in (sources, targets))
        columns = [*packed.columns[:2], *numbers, levels.tolist(), *packed.columns[5:]]
        return Rows("relationship", columns, levels, self._stays(good, source, target))

    def _stays(self, good: Mask, *ids: Sequence[str]) -> Mask:
        """Without the rows that name a node that was merged into another."""
        if self.gone:
            good &= [self.gone.isdisjoint(named) for named in zip(*ids, strict=True)]
        return good

    def _codes(self, ids: Sequence[str]) -> Whole:
        """For each of these nodes its number, kind and level in one number; NOWHERE for those that are not there."""
        codes = list(map(self.codes.get, ids))
        if None in codes:
            unknown = {id for id, code in zip(ids, codes, strict=True) if code is None}
            for n, id, kind, level in self.stored_nodes(unknown):
                if kind in self.kinds:
                    self.codes[id] = self._code(n, kind, level)
            codes = [self.codes.get(id, NOWHERE) for id in ids]
        return np.array(codes)

    def _code(self, n: int, kind: str, level: int) -> int:
        return (n << KIND_BITS | self.kinds[kind]) << LEVEL_BITS | level

    def overlook(self, ids: Iterable[str]) -> None:
        """Look these nodes up again when they are next needed: the planner has written them."""
        for id in ids:
            self.codes.pop(id, None)

    def _compare(self, rows: Rows) -> None:
        """Find which rows are there already, exactly so, and leave those that are there and say something else."""
        ids, bodies = rows.columns[0], rows.columns[-1]
        stored = {id: (n, level, body) for id, n, level, body in self.stored(rows)}
        if len(set(ids)) < len(ids):
            rows.good[:] = False  # which of them counts, their order says
        for place in np.flatnonzero(rows.good).tolist():
            if ids[place] in stored:
                n, *said = stored[ids[place]]
                rows.good[place] = False
                if said == [rows.levels[place], bodies[place]]:
                    rows.numbers[place] = n


def sums_of(digests: bytes, levels: NDArray[np.int64]) -> list[int]:
    """For each level the sum of the digests that it sees; carried over from 32 bits to the next at the end."""
    parts = np.frombuffer(digests, ">u4").reshape(-1, DIGEST_BYTES // 4)
    sums = (parts[levels <= level].sum(axis=0, dtype=np.uint64).tolist() for level in range(len(LEVELS)))
    return [sum(part << 32 * place for place, part in enumerate(reversed(some))) for some in sums]
