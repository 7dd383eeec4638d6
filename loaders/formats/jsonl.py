"""Graph JSON Lines, the native format: one source, node or relationship on each line, nothing lost.

Ids count as they stand. Lines may come in any order; blank lines are skipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from loaders.json_text import StrictDecoder
from loaders.native_lines import MODELS, native
from loaders.packing import LONGEST_LINE, Line, lines_of, pieces_of
from loaders.stream import Block, Found, Reading, refusal

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")
JOINS = False

BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:source|node|relationship)"\s*:')


def recognises(path: Path, head: bytes) -> bool:
    """Whether the first line begins like a source, a node or a relationship."""
    return BEGINNING.match(head) is not None


def read(reading: Reading) -> Iterator[Found]:
    """Each line's thing, or why the line cannot be loaded; blocks of native lines where they may come so."""
    strict = StrictDecoder()
    if not reading.in_blocks:
        with reading.path.open("rb") as file:
            for line in lines_of(file):
                yield from _found(reading, strict, line)
        return
    for piece in pieces_of(reading.path):
        if piece.packed:
            reading.done = piece.end
            reading.rows += len(piece.packed)
            yield Block(piece.packed, reading.name, piece.first)
        for line in piece.lines:
            yield from _found(reading, strict, line)


def _found(reading: Reading, strict: StrictDecoder, line: Line) -> Iterator[Found]:
    number, begin, raw = line
    reading.done = begin + len(raw)
    if text := raw.strip():
        reading.rows += 1
        thing = native(text)
        yield reading.row(thing, number) if thing else _careful(reading, strict, line)


def _careful(reading: Reading, strict: StrictDecoder, line: Line) -> Found:
    """Read a line slowly, and say what is wrong with it."""
    number, begin, raw = line
    if len(raw.rstrip(b"\r\n")) > LONGEST_LINE:
        return reading.refused(number, "The line is longer than 1 MiB. Split long texts, or keep them elsewhere.")
    try:
        text = raw.decode().strip()
        value, end = strict.decode(text)
    except UnicodeDecodeError as wrong:
        position = begin + wrong.start + 1
        return reading.refused(number, f"It is not UTF-8 (byte {position} of the file). Save the file as UTF-8.")
    except json.JSONDecodeError as wrong:
        return reading.refused(number, f"It is not whole JSON ({_said(wrong)}). Check whether the line was cut off.")
    if text[end:].strip():
        return reading.refused(number, "Something stands after the object. Put each object on its own line.")
    if strict.fault:
        return reading.refused(number, strict.fault)
    return _thing(reading, number, value)


def _said(wrong: json.JSONDecodeError) -> str:
    return f"character {wrong.pos + 1}: {wrong.msg[:1].lower()}{wrong.msg[1:]}"


def _thing(reading: Reading, number: int, value: Any) -> Found:
    word, content = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else ("", None)
    if word not in MODELS or not isinstance(content, dict):
        return reading.refused(number, 'It is no thing of a network. Write {"node": {…}}, "relationship" or "source".')
    try:
        return reading.row(MODELS[word].model_validate(_without_nulls(content)), number)
    except ValidationError as wrong:
        column, reason = refusal(word, wrong)
        return reading.refused(number, reason, column)


def _without_nulls(content: dict[str, Any]) -> dict[str, Any]:
    """A null is an absent value, in the thing and in its evidence; attributes keep theirs."""
    kept = {key: value for key, value in content.items() if value is not None}
    if isinstance(entries := kept.get("evidence"), list):
        kept["evidence"] = [_without_nulls(entry) if isinstance(entry, dict) else entry for entry in entries]
    return kept
