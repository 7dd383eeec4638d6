"""Errors as answers: one table from error class to status, and problem details (RFC 9457) for every error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from graph import errors
from graph.answers import NodeBrief

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "2"

# The first class that fits counts, so the finer ones come first.
STATUS: dict[type[errors.CogsError], int] = {
    errors.InputError: 422,
    errors.Merged: 308,
    errors.NotFound: 404,
    errors.Forgotten: 410,
    errors.Conflict: 409,
    errors.TimeLimit: 504,
    errors.LimitExceeded: 422,
    errors.Stopped: 409,
    errors.StoreUnavailable: 503,
    errors.OutcomeUnknown: 503,
    errors.StoreFull: 507,
    errors.StoreError: 500,
    errors.Forbidden: 403,
    errors.CogsError: 500,
}
TITLES = {
    errors.InputError: "A value is wrong",
    errors.NotFound: "Not found",
    errors.Forgotten: "Forgotten on request",
    errors.Conflict: "Not one clear answer",
    errors.TimeLimit: "Took too long",
    errors.LimitExceeded: "Over a limit",
    errors.Stopped: "Stopped",
    errors.StoreUnavailable: "The store is away",
    errors.OutcomeUnknown: "Outcome unknown",
    errors.StoreFull: "The store is full",
    errors.StoreError: "The store failed",
    errors.Forbidden: "Not allowed",
}
DETAILS = ("parameter", "nearest", "candidates", "valid")
FIXES = {
    404: "See /openapi.json for the addresses there are.",
    405: "Use one of the methods in the header Allow.",
    413: "Send less at once.",
    414: "Ask with fewer or shorter parameters.",
    415: "Send JSON, with the header Content-Type: application/json.",
}


class Problem(BaseModel):
    """What went wrong, in one sentence, and how to mend it."""

    type: str = Field(description="Names the sort of problem.", examples=["urn:cogs:problem:input-error"])
    title: str = Field(examples=["A value is wrong"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["'council' is not a kind."])
    fix: str = Field(description="A sentence that says how to mend it.", examples=["Use one of: event, fund."])
    parameter: str | None = Field(None, description="The parameter that is wrong.", examples=["kind"])
    nearest: tuple[NodeBrief, ...] | None = Field(None, description="Nodes with the nearest names, where none fits.")
    candidates: tuple[NodeBrief, ...] | None = Field(None, description="The nodes that fit, where several do.")
    valid: tuple[str, ...] | None = Field(None, description="The values that are valid.")
    request_id: str | None = Field(None, description="Found again in the log of the service.")


def problem(status: int, kind: str, *, detail: str, fix: str, more: Mapping[str, Any] | None = None) -> Response:
    """A problem as a response."""
    return as_response(_problem(status, kind, detail=detail, fix=fix, more=more))


def as_response(problem: Problem) -> Response:
    """A problem as a response, with the headers that belong to its status."""
    headers = {"Retry-After": RETRY_SECONDS} if problem.status == 503 else None
    return Response(problem.model_dump_json(exclude_none=True), problem.status, headers, MEDIA_TYPE)


def _problem(
    status: int, kind: str, *, detail: str, fix: str, title: str | None = None, more: Mapping[str, Any] | None = None
) -> Problem:
    return Problem(
        type=f"urn:cogs:problem:{kind}",
        title=title or HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        fix=fix,
        **(more or {}),
    )


def answer_error(wrong: errors.CogsError) -> Response:
    """One of our errors as a response."""
    return as_response(problem_of(wrong))


def problem_of(wrong: errors.CogsError) -> Problem:
    """One of our errors as a problem."""
    status = next(status for kind, status in STATUS.items() if isinstance(wrong, kind))
    title = next((title for kind, title in TITLES.items() if isinstance(wrong, kind)), None)
    known = {name: value for name, value in wrong.details.items() if name in DETAILS}
    kind = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in type(wrong).__name__).strip("-")
    fix = wrong.fix or "Ask again; if it stays so, tell whoever runs the service."
    return _problem(status, kind, detail=wrong.message, fix=fix, title=title, more=known)


async def _ours(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, errors.CogsError)
    if isinstance(wrong, errors.Merged):
        return _moved(request, wrong)
    return answer_error(wrong)


def _moved(request: Request, wrong: errors.Merged) -> Response:
    """The same address with the surviving id in place of the one that went."""
    template = str(getattr(request.scope.get("route"), "path", request.url.path))
    path = template.replace("{id}", wrong.details["into"])
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path + query, STATUS[errors.Merged])


async def _of_http(_: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)
    headers = dict(wrong.headers or {})
    if headers.get("Allow") == "GET":
        headers["Allow"] = "GET, HEAD"
    return plain_problem(wrong.status_code, wrong.detail, headers)


def plain_problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A problem that is about the request alone: no such address, method not allowed, too large."""
    phrase = HTTPStatus(status).phrase
    kind = phrase.lower().replace(" ", "-")
    said = detail if detail != phrase else f"{phrase}."
    answer = problem(status, kind, detail=said, fix=FIXES.get(status, "See /openapi.json."))
    answer.headers.update(headers or {})
    return answer


async def _of_validation(_: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, RequestValidationError)
    first: Sequence[Any] = wrong.errors()[0]["loc"]
    if wrong.errors()[0]["type"] == "json_invalid":
        return answer_error(errors.InputError("The body is not JSON.", fix="See /openapi.json."))
    name = str(first[-1])
    raised = errors.InputError(
        f"The parameter {name} is wrong: {wrong.errors()[0]['msg']}.", fix="See /openapi.json.", parameter=name
    )
    return answer_error(raised)


def add_handlers(app: FastAPI) -> None:
    """Make every error of an app answer as a problem."""
    app.add_exception_handler(errors.CogsError, _ours)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
