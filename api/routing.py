"""From what can be asked to routes: typed parameters and answers in OpenAPI, one reader for all of them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.errors import MEDIA_TYPE, Problem
from api.reading import Nothing, Wanted, Work, reply
from graph.parameters import Parameter, Reader
from graph.questions import Asking
from graph.vocabulary import Vocabulary

PATH_PARAMETER = re.compile(r"\{(\w+)(:path)?\}")
SCHEMAS = "#/components/schemas/{model}"
NODE_PATH = "/v1/nodes/{id}"
OFTEN: dict[int, str] = {  # what an address may answer besides what was asked for; anything else is under "default"
    202: "It was asked with Prefer: respond-async, and is a job now: Location says where to ask how far it is.",
    304: "Nothing has changed since the answer whose ETag was sent in If-None-Match.",
    308: "The node was merged: Location names the address of the one that survived.",
    404: "There is no such thing, as far as the caller may see.",
    409: "The name fits several nodes, which are listed.",
    410: "The node was forgotten on request.",
    422: "A parameter is unknown, wrong or over its limit.",
    503: "The store is away: ask again after Retry-After.",
    504: "It took longer than the time limit: ask for less.",
}
Respond = Callable[[Request, Mapping[str, Any]], Awaitable[Response]]


class NoLens(Asking):
    """Something that is asked for without a lens."""

    @property
    def lens_fields(self) -> tuple[str, ...]:
        """None."""
        return ()


def plain(name: str, help: str, details: str = "") -> NoLens:
    """Something that takes no parameters at all."""
    return NoLens(name, help, details, Nothing)


@dataclass(frozen=True)
class Get:
    """One address that can be read: what it takes, what it gives, and the work between."""

    path: str
    asking: Asking
    work: Work | None = None
    answer: type[BaseModel] | None = None
    media_type: str = "application/json"
    asks: bool = False
    is_tagged: bool = True
    patience: float = 1.0
    is_listed: bool = True
    respond: Respond | None = None

    @property
    def responses(self) -> dict[int | str, dict[str, Any]]:
        """What OpenAPI says of the answers."""
        content = {MEDIA_TYPE: {"schema": {"$ref": SCHEMAS.format(model="Problem")}}}
        found: dict[int | str, dict[str, Any]] = {
            status: {"description": OFTEN[status]} | ({} if status < 400 else {"content": content})
            for status in self._statuses()
        }
        found["default"] = {"description": "What went wrong, and how to mend it.", "content": content}
        if self.answer is None:
            found[200] = {"description": self.asking.help, "content": {self.media_type: {"schema": {"type": "string"}}}}
        return found

    def _statuses(self) -> list[int]:
        """Which of these this address may answer."""
        never = set() if self.is_tagged else {304}
        never |= set() if self.asks else {202}
        never |= set() if self.path.startswith(NODE_PATH) else {308}
        names_something = self.asks or self.asking.lens_fields or "{id" in self.path
        never |= set() if names_something else {404, 409, 410}
        return [status for status in OFTEN if status not in never]


def add_routes(app: FastAPI, gets: Iterable[Get], vocabulary: Vocabulary) -> None:
    """Serve these addresses."""
    for get in gets:
        reader = Reader(get.asking, vocabulary)
        app.add_api_route(
            get.path,
            _endpoint(get, reader),
            methods=["GET"],
            response_model=get.answer,
            response_class=Response if get.answer is None else JSONResponse,
            responses=get.responses,
            summary=get.asking.help,
            description=get.asking.details,
            operation_id=re.sub(r"\W+", "_", get.path).strip("_"),
            include_in_schema=get.is_listed,
            openapi_extra={"parameters": [*_of_path(get.path), *map(_documented, reader.parameters)]},
        )


def _endpoint(get: Get, reader: Reader) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        values = reader.values(request.query_params.multi_items())
        if get.respond:
            return await get.respond(request, values)
        assert get.work is not None
        return await reply(request, Wanted(get.asking, get.work, values, get.is_tagged, get.asks, get.patience))

    return endpoint


def _of_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name, _ in PATH_PARAMETER.findall(path)
    ]


def _documented(parameter: Parameter) -> dict[str, Any]:
    schema = {name: value for name, value in parameter.schema.items() if name != "examples"}
    documented = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.description,
        "schema": schema,
    }
    examples = parameter.schema.get("examples", ())
    return documented | ({"example": examples[0]} if examples else {})


def describe(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The OpenAPI description of an app, with the problem that every error answers as; made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            problem = Problem.model_json_schema(ref_template=SCHEMAS)
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            schemas |= problem.pop("$defs", {}) | {"Problem": problem}
            app.openapi_schema = schema
        return app.openapi_schema

    return openapi
