"""Lines exactly as our own export writes them, known by their form alone.

Such a line is its thing's canonical text already, so nothing needs to be made of it and written out again: a pattern
that only well-formed values match takes a seventh of the time. A line that does not match is not wrong; it is read
through the model, which decides. So the patterns may be narrower than the model, never wider: no escaped characters,
no `attributes`, numbers that every program writes alike.
"""

from __future__ import annotations

import re

from pydantic import ValidationError

from graph.model import LEVELS, Node, Relationship, Sector, Source, Thing, days, line, span
from graph.store.packed import Facts, Naming

PLAIN = r'[^"\\\x00-\x1f]'  # a character that JSON writes as it stands
EDGE = r'[^\s"\\\x00-\x1f]'
TEXT = rf'"{PLAIN}{{1,20000}}"'
NAME = rf'"{EDGE}(?:{PLAIN}{{0,998}}{EDGE})?"'
SLUG = r"[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}"
WORD = r"[A-Za-z][A-Za-z0-9_-]{0,59}"
DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
SHARE = r"(?!0\.0000)(?:0\.[0-9]{0,9}[1-9]|[01]\.0)"
NUMBER = r"(?:0|-?[1-9][0-9]{0,14}|(?!-?0\.0000)-?(?:0|[1-9][0-9]{0,8})\.(?:0|[0-9]{0,4}[1-9]))"
IDENTIFIER = rf'\{{"scheme":"[A-Za-z0-9][A-Za-z0-9._-]{{0,59}}","value":"{EDGE}(?:{PLAIN}{{0,198}}{EDGE})?"\}}'


def _optional(key: str, value: str) -> str:
    return rf'(?:,"{key}":{value})?'


AUDIENCE = _optional("audience", f'"({"|".join(LEVELS)})"')
SPAN = _optional("start", f'"({DATE})"') + _optional("end", f'"({DATE})"')
ENTRY = (
    rf'\{{"source":"({SLUG})"'
    + "".join(_optional(key, TEXT) for key in ("locator", "note"))
    + _optional("recorded_at", f'"({DATE})"')
    + "".join(_optional(key, TEXT) for key in ("recorded_by", "quote"))
    + r"\}"
)
EVIDENCE = rf',"evidence":\[{ENTRY}((?:,{re.sub(r"[(](?![?])", "(?:", ENTRY)})*)\]'
RELATIONSHIP_LINE = re.compile(
    rf'\{{"relationship":(\{{"id":"([!#-\[\]-~]{{1,300}})","type":"({WORD})","source":"({SLUG})","target":"({SLUG})"'
    + SPAN
    + _optional("role", TEXT)
    + _optional("amount", NUMBER)
    + _optional("currency", '"[A-Z]{3}"')
    + _optional("strength", f"({SHARE})")
    + _optional("confidence", f"({SHARE})")
    + '(,"inferred":true)?'
    + _optional("note", TEXT)
    + AUDIENCE
    + EVIDENCE
    + r"\})\}"
)
NODE_LINE = re.compile(
    rf'\{{"node":(\{{"id":"({SLUG})","kind":"({WORD})"'
    + _optional("subkind", TEXT)
    + rf',"name":({NAME})'
    + _optional("aliases", rf"\[({NAME}(?:,{NAME})*)\]")
    + _optional("summary", f"({TEXT})")
    + _optional("sector", f'"({"|".join(Sector)})"')
    + _optional("identifiers", rf"\[({IDENTIFIER}(?:,{IDENTIFIER})*)\]")
    + _optional("url", TEXT)
    + SPAN
    + AUDIENCE
    + EVIDENCE
    + r"\})\}"
)
SOURCE_OF_ENTRY = re.compile(rf'"source":"({SLUG})"')
DATE_OF_ENTRY = re.compile(rf'"recorded_at":"({DATE})"')
NAME_OF_LIST = re.compile(r'"([^"]+)"')
PAIR_OF_LIST = re.compile(r'"scheme":"([^"]+)","value":"([^"]+)"')
MODELS: dict[str, type[Source | Node | Relationship]] = {
    "source": Source,
    "node": Node,
    "relationship": Relationship,
}
STARTS = tuple((f'{{"{word}":'.encode(), model) for word, model in reversed(MODELS.items()))
LONG_NUMBER = re.compile(rb"[0-9]{16}")
LEVEL = {None: 0} | {audience.value: audience.level for audience in LEVELS}


def native(text: bytes) -> Thing | None:
    """The thing of a line that stands exactly as our own export writes it; None asks for a more careful look.

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


def read_node(text: str) -> Facts | None:
    """What a node's line says; None when its form does not settle that."""
    match = NODE_LINE.fullmatch(text)
    if match is None:
        return None
    body, id, kind, name, aliases, summary, sector, identifiers, start, end, audience, *evidence = match.groups()
    try:
        cited, _ = _evidence(*evidence)
        row = (id, kind, sector, LEVEL[audience], *span(start, end), body)
    except ValueError:  # no day of the calendar
        return None
    names = (name[1:-1], *NAME_OF_LIST.findall(aliases)) if aliases else (name[1:-1],)
    known = [f"{scheme}:{value}" for scheme, value in PAIR_OF_LIST.findall(identifiers)] if identifiers else []
    return row, cited, Naming(names, known, summary and summary[1:-1])


def read_relationship(text: str) -> Facts | None:
    """What a relationship's line says; None when its form does not settle that."""
    match = RELATIONSHIP_LINE.fullmatch(text)
    if match is None:
        return None
    body, id, type, source, target, start, end, strength, confidence, inferred, audience, *evidence = match.groups()
    try:
        cited, recorded = _evidence(*evidence)
        first, last = span(start, end)
    except ValueError:
        return None
    confident = 1.0 if confidence is None else float(confidence)
    strong = None if strength is None else float(strength)
    sure = 0 if inferred is None else 1
    row = (id, type, source, target, LEVEL[audience], first, last, confident, sure, strong, recorded, body)
    return row, cited, None


def _evidence(source: str, recorded: str | None, others: str) -> tuple[tuple[str, ...], int]:
    """The sources that the evidence cites, and the newest day on which it was recorded (0: none is given)."""
    newest = days(recorded)[0] if recorded else 0
    if not others:
        return (source,), newest
    dates = [days(date)[0] for date in DATE_OF_ENTRY.findall(others)]
    return (source, *SOURCE_OF_ENTRY.findall(others)), max([newest, *dates])
