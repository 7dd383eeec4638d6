"""A JSON package read object by object: each element of its list with its line, and what stands around the list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from loaders.json_text import StrictDecoder
from loaders.stream import Reading

BLANKS = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the list: its number from 0, its line, and the fault that its text has."""

    number: int
    line: int
    value: Any
    fault: str | None


@dataclass
class Package:
    """The text of a package; `around` fills with the other keys as the elements are walked."""

    reading: Reading
    text: str
    list_key: str
    around: dict[str, Any] = field(default_factory=dict)

    def elements(self) -> Iterator[Element]:
        """The elements in their order; raises InputError when the package is not whole."""
        self.strict, self.position, self.line, self.counted = StrictDecoder(), 0, 1, 0
        try:
            yield from self._object()
        except json.JSONDecodeError as wrong:
            line = self.text.count("\n", 0, wrong.pos) + 1
            said = f"{wrong.msg[:1].lower()}{wrong.msg[1:]}"
            message = f"it is not whole JSON (character {wrong.pos + 1}: {said})."
            raise self.reading.broken(
                line, message, "Check whether the file was cut off, and fetch it again."
            ) from wrong

    def _object(self) -> Iterator[Element]:
        self._take("{")
        walked = False
        while not self._ends("}"):
            key = self._value()
            self._take(":")
            if key == self.list_key and not walked:
                walked = True
                yield from self._list()
            else:
                self.around[str(key)] = self._value()
            self._ends(",")
        if self._next():
            raise json.JSONDecodeError("something stands after the package", self.text, self.position)

    def _list(self) -> Iterator[Element]:
        self._take("[")
        number = 0
        while not self._ends("]"):
            self._next()
            self.line += self.text.count("\n", self.counted, self.position)
            self.counted = self.position
            value = self._value()
            yield Element(number, self.line, value, self.strict.fault)
            number += 1
            if not self._ends(",") and self._next() != "]":
                raise json.JSONDecodeError("a comma or the end of the list was expected", self.text, self.position)

    def _next(self) -> str:
        """The next character that is not blank; empty at the end."""
        match = BLANKS.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return self.text[self.position : self.position + 1]

    def _take(self, character: str) -> None:
        if not self._ends(character):
            raise json.JSONDecodeError(f"{character!r} was expected", self.text, self.position)

    def _ends(self, character: str) -> bool:
        """Step over this character if it comes next."""
        if self._next() != character:
            return False
        self.position += 1
        return True

    def _value(self) -> Any:
        self._next()
        value, self.position = self.strict.decode(self.text, self.position)
        return value
