"""What a value of a model is, in words."""

from __future__ import annotations

from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from graph.model import Sector

WORDS: dict[Any, str] = {str: "text", bool: "true or false", int: "whole number", float: "number", Sector: "sector"}
# What a field means whose model leaves it to its name.
MEANINGS = {
    "id": "Its own id in the network; it never changes and is never used again.",
    "kind": "Its kind, from the [vocabulary](vocabulary.md).",
    "subkind": "Refines the kind: council, programme, report.",
    "type": "Its type, from the [vocabulary](vocabulary.md).",
    "name": "Its full name.",
    "aliases": "Other names it is known by.",
    "summary": "What it is, in a sentence.",
    "sector": f"The part of society it belongs to: {', '.join(Sector)}.",
    "identifiers": "Numbers and codes of registers.",
    "url": "Its address on the web.",
    "latitude": "Degrees north, from -90 to 90.",
    "longitude": "Degrees east, from -180 to 180.",
    "start": "First date on which it holds: 2019, 2019-10 or 2019-10-09; without one it always did.",
    "end": "Last date on which it holds; without one it still does.",
    "evidence": "Where it comes from; at least one entry.",
    "source": "Id of the node it starts from.",
    "target": "Id of the node it leads to.",
    "role": "The post or part: chair, partner, host.",
    "amount": "Sum of money.",
    "currency": "Three capital letters, such as GBP.",
    "note": "What a reader should know about it.",
    "sentence": "What a person would say, such as “A funds B, 2019, £40,000”.",
    "title": "Its title.",
    "publisher": "Who published it.",
    "date": "When it was published.",
    "licence": "Under which licence.",
    "value": "The number or code itself.",
    "question": "Name of the question.",
}


def meaning_of(name: str, field: FieldInfo) -> str:
    """What a field is."""
    return field.description or MEANINGS.get(name, "")


def value_of(field: FieldInfo) -> str:
    """What the value of a field is: text, number, list, one of a few words."""
    return _said(field.annotation)


def _said(annotation: Any) -> str:
    if annotation in WORDS:
        return WORDS[annotation]
    if isinstance(annotation, type):
        return "object" if issubclass(annotation, BaseModel) else annotation.__name__.lower()
    inner = [one for one in get_args(annotation) if one not in (NoneType, Ellipsis)]
    if get_origin(annotation) is tuple:
        return "list"
    if get_origin(annotation) is dict:
        return "object"
    if all(isinstance(one, str) for one in inner):
        return ", ".join(inner)
    said = dict.fromkeys(_said(one) for one in inner if not _is_rule(one))
    return "number" if {"number", "whole number"} <= said.keys() else " or ".join(said)


def _is_rule(argument: Any) -> bool:
    """Whether it says what a value must be like, and not of which type it is."""
    return not isinstance(argument, type) and not get_args(argument)


def part_of(annotation: Any) -> type[BaseModel] | None:
    """The model within a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is dict:
        return None
    found = (part_of(one) for one in get_args(annotation))
    return next((one for one in found if one), None)


def is_list(annotation: Any) -> bool:
    """Whether there are several."""
    return get_origin(annotation) is tuple or any(get_origin(one) is tuple for one in get_args(annotation))
