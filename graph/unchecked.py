"""Models made without looking at their values again, because somebody has: a store, when it was written, or our code.

Checking takes a fifth of the time of reading a thing, and most of that of telling it; an answer may tell thousands.
What comes from outside is checked (`model_validate`), and a row changed behind the back of a store is found by
`cogs check`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import from_json

from graph.model import Audience, Evidence, Identifier, Node, Record, Relationship, Sector, Source

Model = TypeVar("Model", bound=BaseModel)
Kept = TypeVar("Kept", bound=Record)

_new, _set = object.__new__, object.__setattr__


def unchecked(model: type[Model], values: dict[str, Any]) -> Model:
    """A model of these values: every field of it, in their order. The dictionary becomes the model's own."""
    made = _new(model)
    _set(made, "__dict__", values)
    _set(made, "__pydantic_fields_set__", _fields(model))  # one for all: nothing is set afterwards
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def stored(model: type[Kept], text: str) -> Kept:
    """The thing of a canonical text, as a store has kept it."""
    given: dict[str, Any] = from_json(text)
    for name, make in MAKING[model]:
        if name in given:
            given[name] = make(given[name])
    values = BLANK[model] | given
    if "attributes" in values and "attributes" not in given:
        values["attributes"] = {}  # of its own
    return unchecked(model, values)


@cache
def _fields(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def _blank(model: type[BaseModel]) -> dict[str, Any]:
    return {name: field.default for name, field in model.model_fields.items()}


BLANK: Mapping[type[BaseModel], dict[str, Any]] = {
    model: _blank(model) for model in (Source, Node, Relationship, Evidence, Identifier)
}
OF_VALUES: Mapping[str, Callable[[Any], Any]] = {
    "aliases": tuple,
    "sector": Sector,
    "audience": Audience,
    "evidence": lambda some: tuple([unchecked(Evidence, BLANK[Evidence] | one) for one in some]),
    "identifiers": lambda some: tuple([unchecked(Identifier, BLANK[Identifier] | one) for one in some]),
}
MAKING = {
    model: tuple((name, make) for name, make in OF_VALUES.items() if name in model.model_fields) for model in BLANK
}
