"""Forms: one field for each parameter, made of what is known about it, and filled with what an address gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.commands._words import readable
from api.errors import Problem
from api.pages.gaps import pieces, sentences
from graph.contacts import ActorParameters
from graph.parameters import Parameter

Pairs = Sequence[tuple[str, str]]
MOST_INPUTS = 20
YES, NO = "true", "false"
# Groups by which most networks can be told apart; any attribute of theirs may be written instead.
CHOICES = {"group_by": ("sector", "place", "theme", "community", "funder")}
LABELS = {
    "a": "One side",
    "b": "The other side",
    "after": "Later date",
    "at": "On the date",
    "avoid": "Not through",
    "before": "Earlier date",
    "by": "Count by",
    "depth": "Steps",
    "exclude": "Leave out",
    "funder": "Funder",
    "group_by": "Groups by",
    "include_inferred": "Count what is only inferred",
    "k": "How many",
    "leavers": "Who leaves",
    "limit": "At most",
    "longest": "Most steps",
    "min_confidence": "At least so sure, 0 to 1",
    "musts": "Who must be in it",
    "needs": "A theme, a place or a sector",
    "node": "Name",
    "nodes": "Name",
    "payer": "Who pays",
    "since": "From the date",
    "size": "At most so many",
    "source": "From whom",
    "sources": "One side",
    "target": "With whom",
    "targets": "The other side",
    "until": "Up to the date",
}


@dataclass(frozen=True)
class Field:
    """One parameter as people fill it in."""

    parameter: Parameter
    values: tuple[str, ...]
    problem: str = ""

    @property
    def name(self) -> str:
        """How the parameter is called in an address."""
        return self.parameter.name

    @property
    def label(self) -> str:
        """How people call it."""
        return LABELS.get(self.name, readable(self.name))

    @cached_property
    def options(self) -> tuple[str, ...]:
        """The values there are, where they are few."""
        if self.parameter.type == "boolean":
            return (YES, NO)
        return tuple(self._one.get("enum", ()))

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Values that are offered beside any other."""
        return CHOICES.get(self.name, ())

    @property
    def names_node(self) -> bool:
        """Whether a name of the network fills it."""
        return bool(self._one.get("node")) or (self.parameter.of_lens and self.name in ("place", "theme"))

    @property
    def default(self) -> str:
        """What counts when nothing is given."""
        default = self.parameter.default
        return "" if default is None or self.parameter.repeatable else as_text(default)

    @property
    def inputs(self) -> tuple[str, ...]:
        """What stands in its inputs: the values, and an empty one for another where it may be repeated."""
        shown = self.values or ((self.default,) if not self.parameter.repeatable else self._usual)
        if not self.parameter.repeatable:
            return shown[-1:]
        least = int(self.parameter.schema.get("minItems", 1))
        return (*shown, *[""] * max(least - len(shown), 1 if len(shown) < MOST_INPUTS else 0))

    def is_chosen(self, option: str) -> bool:
        """Whether an option is what counts now."""
        return option in (self.values or self._usual or (self.default,))

    @property
    def _usual(self) -> tuple[str, ...]:
        return tuple(map(as_text, self.parameter.default or ())) if self.parameter.repeatable else ()

    @property
    def _one(self) -> Mapping[str, Any]:
        one: Mapping[str, Any] = self.parameter.schema.get("items", self.parameter.schema)
        return one


@dataclass(frozen=True)
class Form:
    """One question as a form: the sentence with its gaps, and what else can be chosen."""

    name: str
    parameters: Sequence[Parameter]
    given: Pairs
    problem: Problem | None = None

    @property
    def sentence(self) -> Iterator[tuple[str, Field | None]]:
        """The words of the sentence, each with the gap that follows."""
        return ((words, self.fields[gap] if gap else None) for words, gap in pieces(sentences(self.name)[0]))

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """All fields by name."""
        wrong = {self.problem.parameter: self.problem.detail} if self.problem else {}
        return {one.name: Field(one, self.values(one.name), wrong.get(one.name, "")) for one in self.parameters}

    @property
    def more(self) -> Iterator[tuple[str, Sequence[Field]]]:
        """What else can be chosen, under headings."""
        rest = [field for field in self.fields.values() if field.name not in self.gaps]
        counted = set(ActorParameters.model_fields)
        parts = {
            "More choices": [one for one in rest if not one.parameter.of_lens and one.name not in counted],
            "Only a part of the network": [one for one in rest if one.parameter.of_lens],
            "How contacts are counted": [one for one in rest if one.name in counted],
        }
        return ((heading, some) for heading, some in parts.items() if some)

    @cached_property
    def gaps(self) -> frozenset[str]:
        """Names of the parameters that stand in the sentence."""
        return frozenset(gap for _, gap in pieces(sentences(self.name)[0]) if gap)

    def is_open(self, fields: Sequence[Field]) -> bool:
        """Whether one of these was chosen, or is wrong."""
        return any(field.values or field.problem for field in fields)

    def values(self, name: str) -> tuple[str, ...]:
        """What is given for a parameter."""
        return tuple(value for one, value in self.given if one == name)


def as_text(value: object) -> str:
    """A value as an address writes it."""
    if isinstance(value, bool):
        return YES if value else NO
    return f"{value:g}" if isinstance(value, float) else str(value)


def cleaned(given: Pairs, parameters: Sequence[Parameter]) -> list[tuple[str, str]]:
    """What an address must hold: nothing that is empty, and nothing that would count anyway."""
    fields = {one.name: Field(one, tuple(value for name, value in given if name == one.name)) for one in parameters}
    usual = {name for name, field in fields.items() if _is_usual(field)}
    return [(name, value.strip()) for name, value in given if value.strip() and name not in usual]


def _is_usual(field: Field) -> bool:
    values = tuple(filter(None, map(str.strip, field.values)))
    if field.parameter.repeatable:
        return set(values) == set(map(as_text, field.parameter.default or ()))
    return values == (field.default,)


def command(name: str, given: Pairs, parameters: Sequence[Parameter]) -> list[str]:
    """The words of the command that asks the same."""
    types = {one.name: one.type for one in parameters}
    words = ["cogs", "query", name]
    for one, value in given:
        option = one.replace("_", "-")
        flag = types.get(one) == "boolean"
        words += [f"--{option}" if value == YES else f"--no-{option}"] if flag else [f"--{option}", value]
    return words
