"""Ids of a million things in little memory: one text with an id on each line, in ascending order.

Ids hold no line breaks and nothing but ASCII, so that the order of bytes is the order of ids.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Starts = NDArray[np.unsignedinteger[Any]]
BLOCK = 256  # ids among which one is searched as text: 2.5 KB are searched in under 1 µs
LINE_BREAK = 10


class Ids(Sequence[str]):
    """Ids by number, and numbers by id; a tenth of the memory of a list of texts and a table of numbers."""

    def __init__(self, text: Bytes, starts: Starts) -> None:
        self.text = text
        self.starts = starts  # where the line of each begins, and where the last one ends
        self._bytes, self._places = text.data, starts.data  # single values come out of these three times as fast

    @classmethod
    def of(cls, ids: Iterable[str]) -> Ids:
        """These ids, which are in ascending order."""
        return cls.of_lines("".join(f"{id}\n" for id in ids).encode())

    @classmethod
    def of_lines(cls, lines: bytes) -> Ids:
        """Ids from a text that holds each on a line."""
        text = np.frombuffer(lines, np.uint8)
        return cls(text, begins(text))

    def __len__(self) -> int:
        """Count the ids."""
        return len(self.starts) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        """Id of a number."""
        if isinstance(number, slice):
            return [self[one] for one in range(len(self))[number]]
        if number < 0:
            number += len(self)
        if not 0 <= number < len(self):
            raise IndexError(number)
        return str(self._bytes[self._places[number] : self._places[number + 1] - 1], "ascii")

    def __iter__(self) -> Iterator[str]:
        """All ids in ascending order."""
        return iter(self._lines(0, len(self)).decode().splitlines())

    def __eq__(self, other: object) -> bool:
        """Whether another sequence holds the same ids in the same order."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def _lines(self, first: int, last: int) -> bytes:
        return bytes(self._bytes[self._places[first] : self._places[last]])

    @cached_property
    def _firsts(self) -> list[str]:
        return [self[number] for number in range(0, len(self), BLOCK)]

    def find(self, id: str) -> int:
        """Number of an id, −1 when it is not there."""
        block = bisect_right(self._firsts, id) - 1
        if block < 0 or "\n" in id:
            return -1
        first = block * BLOCK
        lines = b"\n" + self._lines(first, min(first + BLOCK, len(self)))
        place = lines.find(f"\n{id}\n".encode())
        return -1 if place < 0 else first + lines.count(b"\n", 0, place + 1) - 1

    def texts(self, numbers: NDArray[np.integer[Any]]) -> list[str]:
        """Ids of many numbers."""
        if len(numbers) < len(self) // 16:
            return [self[number] for number in numbers.tolist()]
        everything = list(self)
        return [everything[number] for number in numbers.tolist()]

    def take(self, chosen: NDArray[np.integer[Any]] | NDArray[np.bool_]) -> Ids:
        """These of the ids, by numbers or by a mask."""
        starts = self.starts[:-1][chosen].astype(np.int64)
        lengths = self.starts[1:][chosen].astype(np.int64) - starts
        ends = np.cumsum(lengths)
        shift = starts - ends + lengths
        text = self.text[np.arange(ends[-1] if len(ends) else 0) + np.repeat(shift, lengths)]
        return Ids(text, from_lengths(lengths))

    def repeated(self, count: int) -> Ids:
        """The ids over and over; for networks side by side."""
        return Ids(np.tile(self.text, count), from_lengths(np.tile(np.diff(self.starts.astype(np.int64)), count)))


class Numbers(Mapping[str, int]):
    """Number of each node by id."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids

    def __getitem__(self, id: str) -> int:
        """Number of an id; KeyError when it is not there."""
        number = self.ids.find(id)
        if number < 0:
            raise KeyError(id)
        return number

    def __iter__(self) -> Iterator[str]:
        """All ids."""
        return iter(self.ids)

    def __len__(self) -> int:
        """Count the ids."""
        return len(self.ids)


def begins(text: Bytes) -> Starts:
    """Where each line of a text begins, and where the last one ends."""
    ends = np.flatnonzero(text == LINE_BREAK)
    return np.concatenate((np.zeros(1, np.int64), ends + 1)).astype(_counting(len(text)))


def from_lengths(lengths: NDArray[np.int64]) -> Starts:
    """Where lines of these lengths begin, and where the last one ends."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.concatenate((np.zeros(1, np.int64), ends)).astype(_counting(total))


def _counting(total: int) -> type[np.uint32] | type[np.uint64]:
    return np.uint32 if total < 1 << 32 else np.uint64
