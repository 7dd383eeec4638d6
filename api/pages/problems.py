"""Errors as pages, for people: the same words as the problem that programs get, and where to go next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.deps import Service
from api.errors import MEDIA_TYPE, Problem
from api.pages.rendering import page
from api.pages.visiting import HTML
from graph.errors import CogsError

Handler = Callable[[Request, Exception], Awaitable[Response]]
TITLES = {404: "There is no such page", 500: "Something went wrong", 503: "The network cannot be reached now"}
# Under these only programs ask; a map is looked at by people.
DATA, MAPS = "/v1/", "/v1/maps/"


def add_problem_pages(app: FastAPI) -> None:
    """Let every error handler of an app answer people with a page."""
    for kind in (CogsError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _for_people(app.exception_handlers[kind]))


def _for_people(handler: Callable[..., object]) -> Handler:
    async def answer(request: Request, wrong: Exception) -> Response:
        made = handler(request, wrong)
        response = await made if isinstance(made, Awaitable) else made
        assert isinstance(response, Response)
        return as_page(request.scope, response)

    return answer


def as_page(scope: Scope, response: Response) -> Response:
    """A problem as a page where the caller is a browser; any other answer as it is."""
    if response.media_type != MEDIA_TYPE or not _is_for_people(scope["path"]):
        return response
    response.headers["Vary"] = "Accept, Authorization"
    if not wants_page(scope):
        return response
    problem = Problem.model_validate_json(bytes(response.body))
    service: Service = scope["app"].state.service
    title = TITLES.get(problem.status, problem.title)
    content = page("problem.html", service.vocabulary, problem=problem, title=title, as_data=None).content
    answer = Response(content, response.status_code, media_type=HTML)
    for name in ("Retry-After", "Allow", "Vary"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer


def wants_page(scope: Scope) -> bool:
    """Whether the caller is a browser, which shows people a page."""
    return "text/html" in dict(scope["headers"]).get(b"accept", b"").decode("latin-1")


def _is_for_people(path: str) -> bool:
    return not path.startswith(DATA) or path.startswith(MAPS)
