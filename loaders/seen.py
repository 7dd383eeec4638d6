"""Which things a load has already given, so that an id with two contents is noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.model import ThingName, thing_name
from loaders.stream import Block, Row

LINE_BITS, FILE_BITS = 40, 16
LINES, FILES = (1 << LINE_BITS) - 1, (1 << FILE_BITS) - 1

Numbered = Callable[[ThingName, str], tuple[int, str] | None]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The row that gave the same id before."""

    same: bool
    where: str


class Seen:
    """Remembers every id of a load with its place and a digest; one number for each, as there may be millions.

    What a block gave stands in the store already: its places are kept by the numbers that the store gave it.
    """

    def __init__(self, numbered: Numbered) -> None:
        self.numbered = numbered
        self._places: dict[ThingName, dict[str, int]] = {"source": {}, "node": {}, "relationship": {}}
        self._files: list[str] = []
        self._by_number: dict[ThingName, NDArray[np.int64]] = {}

    def earlier(self, row: Row) -> Earlier | None:
        """The row that gave this id before; None for the first, which is remembered."""
        name, places = thing_name(row.thing), self._places[thing_name(row.thing)]
        digest = hash(row.thing.canonical())
        place = places.get(row.thing.id) or self._of_block(name, row.thing.id)
        if place is None:
            places[row.thing.id] = _packed(digest, self._file(row.file) << LINE_BITS | (row.line or 0))
            return None
        file = self._files[place >> LINE_BITS & FILES]
        where = f"line {place & LINES}" + ("" if file == row.file else f" of {file}")
        return Earlier(place >> LINE_BITS + FILE_BITS == digest, where)

    def _of_block(self, name: ThingName, id: str) -> int | None:
        by_number = self._by_number.get(name)
        found = self.numbered(name, id) if by_number is not None else None
        if by_number is None or found is None or found[0] >= len(by_number) or not by_number[found[0]]:
            return None
        return _packed(hash(found[1]), int(by_number[found[0]]))

    def knows_any(self, block: Block) -> bool:
        """Whether a row that came by itself gave one of the block's ids."""
        places = self._places[block.packed.thing]
        return bool(places) and not places.keys().isdisjoint(block.packed.columns[0])

    def add(self, block: Block, numbers: NDArray[np.int64]) -> None:
        """Remember those of a block's things that the store has taken, by their numbers (-1: not taken)."""
        taken, name = np.flatnonzero(numbers >= 0), block.packed.thing
        by_number = self._by_number.get(name, np.zeros(0, np.int64))
        if (most := int(numbers.max())) >= len(by_number):
            by_number = np.concatenate([by_number, np.zeros(most + 1, np.int64)])
        places = self._file(block.file) << LINE_BITS | block.first + taken
        by_number[numbers[taken]] = np.where(by_number[numbers[taken]], by_number[numbers[taken]], places)
        self._by_number[name] = by_number

    def _file(self, name: str) -> int:
        if not self._files or self._files[-1] != name:
            self._files.append(name)
        return len(self._files) - 1


def _packed(digest: int, place: int) -> int:
    return digest << LINE_BITS + FILE_BITS | place
