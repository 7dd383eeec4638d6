"""Questions: the list of them, and one address for each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.reading import Read
from api.routing import Get, plain
from graph.answers import Part, QuestionAnswer
from graph.errors import NotFound
from graph.parameters import Parameter, Reader
from graph.questions import Asking, ask, question, question_names


class ParameterInList(Part):
    """One parameter of something that can be asked for."""

    name: str
    type: str = Field(description="string, integer, number or boolean.")
    repeatable: bool = Field(description="Whether it may be given several times.")
    required: bool
    default: Any = Field(description="What it is when it is not given; null where nothing is.")
    description: str
    choices: tuple[str, ...] | None = Field(description="The values there are, where they are few.")
    minimum: float | None
    maximum: float | None
    node: bool = Field(description="Whether it names a node.")
    lens: bool = Field(description="Whether it is one of the filters that everything takes.")


class AskingInList(Part):
    """Something that can be asked for, and how."""

    name: str
    help: str
    details: str
    address: str
    parameters: tuple[ParameterInList, ...]


class AskingList(Part):
    """All that can be asked for of one sort."""

    items: tuple[AskingInList, ...]
    next: None = None
    graph_version: str


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    yield Get("/v1/queries", plain("queries", "The questions, with their parameters."), queries, AskingList)
    for name in question_names():
        asked = question(name)
        yield Get(f"/v1/queries/{name}", asked, partial(answered, name=name), asked.answer, asks=True)
    yield Get("/v1/queries/{name}", plain("query", "No such question."), respond=unknown, is_listed=False)


def queries(read: Read) -> AskingList:
    """The list of questions."""
    items = (listed(question(name), f"/v1/queries/{name}", read) for name in question_names())
    return AskingList(items=tuple(items), graph_version=read.graph_version)


def listed(asking: Asking, address: str, read: Read) -> AskingInList:
    """One thing that can be asked for, as the list shows it."""
    parameters = map(_listed, Reader(asking, read.store.vocabulary).parameters)
    return AskingInList(
        name=asking.name, help=asking.help, details=asking.details, address=address, parameters=tuple(parameters)
    )


def _listed(parameter: Parameter) -> ParameterInList:
    one = parameter.schema.get("items", parameter.schema)
    return ParameterInList(
        **{name: getattr(parameter, name) for name in ("name", "type", "repeatable", "required", "default")},
        description=parameter.description,
        choices=one.get("enum"),
        minimum=one.get("minimum"),
        maximum=one.get("maximum"),
        node=bool(one.get("node")),
        lens=parameter.of_lens,
    )


def answered(read: Read, *, name: str) -> QuestionAnswer:
    """The answer to one question."""
    return ask(read.store, name, read.values, audience=read.lens.audience)


async def unknown(request: Request, _: object) -> Response:
    """Refuse a question that is not there, with the names of those that are."""
    name = request.path_params["name"]
    question(name)
    raise NotFound(f"{name!r} takes no other form.", fix="See /v1/queries.")
