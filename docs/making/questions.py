"""The pages of questions and of map styles, from their parameters and answers."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docs.making.markdown import code, first_line, link, table
from docs.making.values import is_list, meaning_of, part_of, value_of
from graph.answers import Meta, NodeInAnswer, QuestionParameters, RelationshipInAnswer
from graph.lens import Lens
from graph.model import Evidence
from graph.parameters import Parameter, Reader
from graph.questions import Asking, question, question_names
from graph.vocabulary import load_vocabulary
from viz.maps import style, style_names

TOLD_ONCE: Mapping[type[BaseModel], str] = {
    NodeInAnswer: "A [node](#node-in-an-answer)",
    RelationshipInAnswer: "[Relationships](#relationship-in-an-answer)",
    Evidence: "[Evidence](#evidence)",
    Meta: "[About the answer](#meta)",
}
VALUES = {"boolean": "true or false", "integer": "whole number", "number": "number", "string": "text"}
MOST_CHOICES = 8  # written out; a longer list is a part of the vocabulary
QUESTIONS = (
    "Each has the same name, parameters and answer by address (`/v1/queries/NAME?parameter=value`) and by command"
    " (`cogs query NAME --parameter value`). On the command line `through_groups` is `--through-groups` or"
    " `--no-through-groups`; a parameter that may be repeated is given several times; `--json` prints exactly what the"
    " address answers. What the measures mean stands in [measures](../measures.md)."
)
STYLES = (
    "By address as page, picture and data (`/v1/maps/NAME`, `.svg`, `.png`, `.json`), and by command (`cogs map NAME"
    " -o FILE`, where the ending of the file says which)."
)


def of_questions() -> Iterator[str]:
    """Every question with its parameters and answer."""
    yield "# Questions"
    yield QUESTIONS
    yield table(["question", "what it answers"], [(link(name), question(name).help) for name in question_names()])
    for name in question_names():
        asked = question(name)
        yield from _asking(asked, f"cogs query {name}", "")
        yield f"The answer: {first_line(asked.answer)[:1].lower()}{first_line(asked.answer)[1:]}"
        yield table(["field", "value", "what it is"], _fields(asked.answer))
    yield "## The lens"
    yield f"{first_line(Lens)} Lists, questions, maps and exports take it."
    yield _parameters(Reader(Asking("", "", "", QuestionParameters), load_vocabulary()).parameters)
    yield "`audience` belongs to the lens too: over HTTP it is that of the caller, on the command line `--audience`."
    for model, told in TOLD_ONCE.items():
        yield f"## {told.partition('](#')[2].rstrip(')').replace('-', ' ').capitalize()}"
        yield table(["field", "value", "what it is"], _fields(model))


def of_styles() -> Iterator[str]:
    """Every style of map with its parameters."""
    yield "# Map styles"
    yield STYLES
    yield table(["style", "what it shows"], [(link(name), style(name).help) for name in style_names()])
    for name in style_names():
        yield from _asking(style(name), f"cogs map {name}", "questions.md", " -o map.html")


def _asking(asked: Asking, command: str, lens_page: str, ending: str = "") -> Iterator[str]:
    own = [one for one in Reader(asked, load_vocabulary()).parameters if not one.of_lens]
    yield f"## {asked.name}"
    yield asked.help
    if asked.details:
        yield asked.details
    yield f"```sh\n{command}{''.join(map(_example, own))}{ending}\n```"
    if own:
        yield _parameters(own)
    left_out = [code(name) for name in Lens.model_fields if name not in (*asked.lens_fields, "audience")]
    yield f"It takes the [lens]({lens_page}#the-lens){' without ' if left_out else ''}{', '.join(left_out)}."


def _example(parameter: Parameter) -> str:
    if not (parameter.required or parameter.schema.get("in_example")):
        return ""
    examples = parameter.schema["examples"]
    values = examples[0] if parameter.repeatable else examples[:1]
    return "".join(f" --{parameter.name.replace('_', '-')} {shlex.quote(str(value))}" for value in values)


def _parameters(parameters: Iterable[Parameter]) -> str:
    rows = [(code(one.name), _value(one), _default(one), one.description) for one in parameters]
    return table(["parameter", "value", "default", "meaning"], rows)


def _value(parameter: Parameter) -> str:
    one: Mapping[str, Any] = parameter.schema["items"] if parameter.repeatable else parameter.schema
    choices = one.get("enum", ())
    said = VALUES[parameter.type]
    if one.get("node"):
        said = "node"
    elif str(one.get("pattern", "")).startswith("^[0-9]{4}"):
        said = "date: 2019, 2019-10 or 2019-10-09"
    elif choices:
        said = f"a [{parameter.name}](vocabulary.md)" if len(choices) > MOST_CHOICES else ", ".join(map(str, choices))
    elif "minimum" in one and "maximum" in one:
        said += f", {one['minimum']:g} to {one['maximum']:,}"
    return f"{said}; repeatable" if parameter.repeatable else said


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "needed"
    default = parameter.default
    if isinstance(default, list | tuple):
        return ", ".join(map(code, default))
    return "" if default is None else code(json.dumps(default).strip('"'))


def _fields(model: type[BaseModel], before: str = "", known: Iterable[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Fields of an answer and of its parts, each with what it is; parts that are everywhere are told once."""
    for name, field in model.model_fields.items():
        if name in known:
            continue
        inner, many = part_of(field.annotation), is_list(field.annotation)
        base = next((kind for kind in TOLD_ONCE if inner and issubclass(inner, kind)), None)
        path = f"{before}{name}{'[]' if many else ''}"
        told = [TOLD_ONCE[base] if base else "", field.description or _own(name, field, base)]
        yield code(path), value_of(field), ". ".join(text.rstrip(".") for text in told if text) + "." * any(told)
        if inner and inner is not base:
            yield from _fields(inner, f"{path}.", base.model_fields if base else ())


def _own(name: str, field: FieldInfo, told_once: type[BaseModel] | None) -> str:
    """What a field is that says nothing of itself: what its model is for, or what its name means everywhere."""
    if told_once:
        return ""
    model = part_of(field.annotation)
    return first_line(model) if model else meaning_of(name, field)
