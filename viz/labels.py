"""Names on a map: broken into short lines, measured, and placed where they cover nothing.

`static/names.js` follows the same order and the same rule on the screen, at whatever zoom.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LINE_LENGTH = 24
MOST_LINES = 3
LINE_HEIGHT = 1.18
NARROW, WIDE = set("fijlrtI.,:;'|!()[] -"), set("mwMWGOQ@%&")


def wrap(name: str, *, length: int = LINE_LENGTH, lines: int = MOST_LINES) -> tuple[str, ...]:
    """A name in lines of about `length` characters, cut with an ellipsis after so many lines."""
    words = [word[place : place + length] for word in name.split() for place in range(0, len(word), length)]
    broken: list[str] = []
    for word in words:
        if broken and len(broken[-1]) + 1 + len(word) <= length:
            broken[-1] += " " + word
        else:
            broken.append(word)
    if len(broken) > lines:
        last = broken[lines - 1]
        kept = last if len(last) < length else last[: length - 1].rpartition(" ")[0] or last[: length - 1]
        broken = [*broken[: lines - 1], kept + "…"]
    return tuple(broken) or ("(no name)",)


def text_width(text: str, size: float) -> float:
    """About how wide a line of text is in a plain sans-serif face; a little too wide rather than too narrow."""
    return size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in NARROW:
        return 0.32
    return 0.86 if character in WIDE else 0.66 if character.isupper() else 0.56


def block_size(lines: Sequence[str], size: float) -> tuple[float, float]:
    """Width and height of the lines together."""
    return max(text_width(line, size) for line in lines), len(lines) * size * LINE_HEIGHT


@dataclass(frozen=True)
class Box:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def hits(self, other: Box) -> bool:
        """Whether the two share any ground."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Disc:
    """Ground that a node takes, which no other node's name may cover."""

    id: str
    x: float
    y: float
    radius: float
    is_minor: bool = True

    @property
    def box(self) -> Box:
        """The square around it."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)

    def around(self, size: tuple[float, float], *, beside: bool = False, side: str = "") -> tuple[Box, ...]:
        """Places for its name: below, above, right, left, at the corners; `beside` only right, as in a list.

        A `side`, "left" or "right", comes before all others.
        """
        gap, near = self.radius + 3, self.radius * 0.7 + 2
        width, height = size
        left, right = self.x - gap - width, self.x + gap
        if beside:
            return (_box(self.x + self.radius * 1.3 + 4, self.y - height / 2, size),)
        first = {"left": left, "right": right}.get(side)
        return (
            *([] if first is None else [_box(first, self.y - height / 2, size)]),
            _box(self.x - width / 2, self.y + gap, size),
            _box(self.x - width / 2, self.y - gap - height, size),
            _box(right, self.y - height / 2, size),
            _box(left, self.y - height / 2, size),
            _box(self.x + near, self.y + near, size),
            _box(self.x - near - width, self.y + near, size),
            _box(self.x + near, self.y - near - height, size),
            _box(self.x - near - width, self.y - near - height, size),
        )


def _box(left: float, top: float, size: tuple[float, float]) -> Box:
    return Box(left, top, left + size[0], top + size[1])


@dataclass(frozen=True)
class Wanted:
    """A name that wants one of some places, the first that is free; one that is needed takes one in any case."""

    id: str
    choices: tuple[Box, ...]
    needed: bool = False


class _Taken:
    """Ground already used, looked up by cells so that each question touches few boxes."""

    CELL = 60.0

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[str, Box, bool]]] = defaultdict(list)

    def _over(self, box: Box) -> Iterable[tuple[int, int]]:
        for column in range(math.floor(box.left / self.CELL), math.floor(box.right / self.CELL) + 1):
            for row in range(math.floor(box.top / self.CELL), math.floor(box.bottom / self.CELL) + 1):
                yield column, row

    def add(self, owner: str, box: Box, *, minor: bool = False) -> None:
        for cell in self._over(box):
            self._cells[cell].append((owner, box, minor))

    def is_free(self, owner: str, box: Box, *, over_minor: bool = False) -> bool:
        return not any(
            name != owner and box.hits(other) and not (minor and over_minor)
            for cell in self._over(box)
            for name, other, minor in self._cells[cell]
        )


def place_labels(labels: Sequence[Wanted], discs: Iterable[Disc]) -> dict[str, Box]:
    """A place for as many names as fit, earlier ones first; those left out would cover a disc or another name.

    A needed name may cover a minor disc where no other place is left.
    """
    taken = _Taken()
    for disc in discs:
        taken.add(disc.id, disc.box, minor=disc.is_minor)
    placed: dict[str, Box] = {}
    for label in labels:
        box = next((choice for choice in label.choices if taken.is_free(label.id, choice)), None)
        if box is None and label.needed:
            over = (choice for choice in label.choices if taken.is_free(label.id, choice, over_minor=True))
            box = next(over, label.choices[0])
        if box is not None:
            placed[label.id] = box
            taken.add(label.id, box)
    return placed
