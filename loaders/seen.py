"""Which things a load has already given, so that an id with two contents is noticed."""

from __future__ import annotations

from dataclasses import dataclass

from graph.model import ThingName, thing_name
from loaders.stream import Row

LINE_BITS, FILE_BITS = 40, 16
LINES, FILES = (1 << LINE_BITS) - 1, (1 << FILE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Earlier:
    """The row that gave the same id before."""

    same: bool
    where: str


class Seen:
    """Remembers every id of a load with its place and a digest; one number for each, as there may be millions."""

    def __init__(self) -> None:
        self._places: dict[ThingName, dict[str, int]] = {"source": {}, "node": {}, "relationship": {}}
        self._files: list[str] = []

    def earlier(self, row: Row) -> Earlier | None:
        """The row that gave this id before; None for the first, which is remembered."""
        places = self._places[thing_name(row.thing)]
        digest = hash(row.thing.canonical())
        place = places.get(row.thing.id)
        if place is None:
            places[row.thing.id] = digest << LINE_BITS + FILE_BITS | self._file(row.file) << LINE_BITS | (row.line or 0)
            return None
        file = self._files[place >> LINE_BITS & FILES]
        where = f"line {place & LINES}" + ("" if file == row.file else f" of {file}")
        return Earlier(place >> LINE_BITS + FILE_BITS == digest, where)

    def _file(self, name: str) -> int:
        if not self._files or self._files[-1] != name:
            self._files.append(name)
        return len(self._files) - 1
