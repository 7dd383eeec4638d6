"""The parameters of a question, map or list as plain data: for documentation, forms, and reading them from text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from graph.errors import InputError
from graph.lens import Lens
from graph.questions import Asking
from graph.vocabulary import Vocabulary

WHOLE = re.compile(r"-?[0-9]{1,15}")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?([eE]-?[0-9]{1,3})?")
NAMES = {"boolean": "`true` or `false`", "integer": "a whole number", "number": "a number"}


@dataclass(frozen=True)
class Parameter:
    """One parameter; `schema` is the JSON schema of its value, an array where it may be repeated."""

    name: str
    schema: Mapping[str, Any]
    description: str
    required: bool
    of_lens: bool

    @property
    def repeatable(self) -> bool:
        """Whether it may be given several times."""
        return bool(self.schema["type"] == "array")

    @property
    def type(self) -> str:
        """What one value is: string, integer, number or boolean."""
        return str((self.schema["items"] if self.repeatable else self.schema)["type"])

    @property
    def default(self) -> Any:
        """What it is when it is not given; None where nothing is."""
        return self.schema.get("default")

    def read(self, texts: Sequence[str]) -> Any:
        """Its value from the texts that were given for it; InputError when they cannot be read."""
        if not self.repeatable and len(texts) > 1:
            raise InputError(f"The parameter {self.name} is given twice.", fix="Give it once.", parameter=self.name)
        values = [self._value(text) for text in texts]
        return values if self.repeatable else values[0]

    def _value(self, text: str) -> Any:
        readers: dict[str, Callable[[str], Any]] = {"boolean": _yes_or_no, "integer": _whole, "number": _number}
        value = readers[self.type](text) if self.type in readers else text
        if value is None:
            raise InputError(
                f"The parameter {self.name} is wrong: {text[:100]!r} is not {NAMES[self.type]}.",
                fix=f"Give {NAMES[self.type]}.",
                parameter=self.name,
            )
        return value


def _yes_or_no(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _whole(text: str) -> int | None:
    return int(text) if WHOLE.fullmatch(text) else None


def _number(text: str) -> float | None:
    return float(text) if NUMBER.fullmatch(text) else None


@dataclass(frozen=True)
class Reader:
    """Reads the parameters of one thing that is asked for."""

    asking: Asking
    vocabulary: Vocabulary

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """All parameters, its own first, then those of the lens."""
        own = _of_model(self.asking.parameters, self.asking.parameters.model_fields, self.vocabulary)
        return (*own, *_of_model(Lens, self.asking.lens_fields, self.vocabulary))

    def values(self, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Values from pairs of name and text, as an address gives them."""
        texts: dict[str, list[str]] = {}
        for name, text in pairs:
            texts.setdefault(name, []).append(text)
        known = {parameter.name: parameter for parameter in self.parameters}
        # An unknown name is kept, for `Asking.read` to refuse.
        return {name: known[name].read(some) if name in known else some for name, some in texts.items()}


def _of_model(model: type[BaseModel], names: Iterable[str], vocabulary: Vocabulary) -> Iterator[Parameter]:
    whole = model.model_json_schema()
    choices = {"kind": sorted(vocabulary.kinds), "type": sorted(vocabulary.types)}
    for name in names:
        schema = _plain(whole["properties"][name], whole.get("$defs", {}))
        one = schema.get("items", schema)
        description = str(schema.pop("description", "") or one.pop("description", ""))
        if name in choices:
            one |= {"enum": choices[name]}
            one.pop("pattern", None)
        yield Parameter(name, schema, description, name in whole.get("required", ()), model is Lens)


def _plain(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without references and without the alternative of null."""
    if "$ref" in schema:
        return _plain({**definitions[schema["$ref"].rsplit("/", 1)[-1]], **_without(schema, "$ref")}, definitions)
    if "anyOf" in schema:
        (one,) = [part for part in schema["anyOf"] if part.get("type") != "null"]
        return _plain({**one, **_without(schema, "anyOf")}, definitions)
    plain = {name: value for name, value in schema.items() if name != "title" and (name, value) != ("default", None)}
    if "items" in plain:
        plain["items"] = _plain(plain["items"], definitions)
    return plain


def _without(schema: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != key}
