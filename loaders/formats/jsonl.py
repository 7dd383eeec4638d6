"""Graph JSON Lines, the native format: one source, node or relationship on each line, nothing lost.

Ids count as they stand. Lines may come in any order; blank lines are skipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from graph.model import Node, Relationship, Source, Thing, line
from loaders.json_text import StrictDecoder
from loaders.stream import Found, Reading, refusal

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")
JOINS = False

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 1_048_576
BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:source|node|relationship)"\s*:')
LONG_NUMBER = re.compile(rb"[0-9]{16}")
MODELS: dict[str, type[Source | Node | Relationship]] = {
    "source": Source,
    "node": Node,
    "relationship": Relationship,
}
STARTS = tuple((f'{{"{word}":'.encode(), model) for word, model in reversed(MODELS.items()))


def recognises(path: Path, head: bytes) -> bool:
    """Whether the first line begins like a source, a node or a relationship."""
    return BEGINNING.match(head) is not None


def read(reading: Reading) -> Iterator[Found]:
    """Each line's thing, or why the line cannot be loaded."""
    strict = StrictDecoder()
    with reading.path.open("rb") as file:
        for number, (begin, raw) in enumerate(_lines(file), start=1):
            reading.done = begin + len(raw)
            if not (text := raw.strip()):
                continue
            reading.rows += 1
            thing = _native(text)
            yield reading.row(thing, number) if thing else _careful(reading, strict, (number, begin), raw)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Where each line begins, and the line; one that is too long comes cut just above the limit."""
    begin = len(BOM) if file.read(len(BOM)) == BOM else file.seek(0)
    while raw := file.readline(LONGEST_LINE + 1):
        yield begin, raw
        begin += len(raw)
        while len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            raw = file.readline(LONGEST_LINE + 1) or b"\n"
            begin += len(raw)


def _native(text: bytes) -> Thing | None:
    """The thing of a line that stands exactly as our own export writes it; None asks for the careful way.

    A line that comes out again byte for byte has no key twice, no NaN and no half character in it.
    """
    if LONG_NUMBER.search(text):
        return None
    for start, model in STARTS:
        if text.startswith(start):
            try:
                thing = model.model_validate_json(text[len(start) : -1])
            except ValidationError:
                return None
            return thing if line(thing).encode() == text else None
    return None


def _careful(reading: Reading, strict: StrictDecoder, place: tuple[int, int], raw: bytes) -> Found:
    """Read a line slowly, and say what is wrong with it."""
    number, begin = place
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
