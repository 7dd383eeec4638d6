"""JSON as it must be: keys once, whole characters, numbers that every program reads alike."""

from __future__ import annotations

import json
import math
from typing import Any

LONGEST_NUMBER = 16  # digits; above that other programs round


class StrictDecoder:
    """Decodes JSON and collects what the standard library lets pass: the first such fault is `fault`."""

    def __init__(self) -> None:
        self.fault: str | None = None
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._number,
            parse_constant=self._constant,
        )

    def decode(self, text: str, start: int = 0) -> tuple[Any, int]:
        """The value that begins at `start`, and where it ends; raises JSONDecodeError when it is not JSON."""
        self.fault = None
        try:
            value, end = self.decoder.raw_decode(text, start)
        except RecursionError:
            raise json.JSONDecodeError("nested too deeply", text, start) from None
        if "\\" in text[start:end] and not _is_whole(value):
            self._note("It holds half a character (a lone surrogate). Write the character itself.")
        return value, end

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            self._note(f"The key {twice!r:.60} is given twice. Keep one of them.")
        return made

    def _integer(self, text: str) -> int:
        if len(text) > LONGEST_NUMBER:
            self._note(f"The number {text:.20}… is too large. Write long numbers as text, in quotation marks.")
            return 0
        return int(text)

    def _number(self, text: str) -> float:
        if not math.isfinite(value := float(text)):
            self._note(f"The number {text:.20} is too large. Write a smaller one, or leave it out.")
            return 0.0
        return value

    def _constant(self, text: str) -> None:
        self._note(f"{text} is not a number. Leave the value out.")


def _is_whole(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
