"""How a read is answered: parameters in, canonical JSON out, with ETag, 304 and the time that the graph took."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from api.deps import Service, service
from api.jobs import begun
from api.kept import Body
from graph.answers import QuestionParameters
from graph.errors import InputError
from graph.lens import Lens
from graph.limits import DEFAULT_PAGE, LARGEST_PAGE, time_limit
from graph.questions import Asking
from graph.store import Store

TRIES = 4
RESPOND_ASYNC = "respond-async"
NOTHING_NEW = Body(b"")


class Nothing(QuestionParameters):
    """No parameters of its own."""


class PageParameters(QuestionParameters):
    """Which part of a list."""

    cursor: str | None = Field(None, max_length=2_000, description="Where to go on; `next` of the page before has it.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE, description="Most entries on a page.")


@dataclass(frozen=True)
class Read:
    """One read: of which store, through which lens, with which parameters, and at which address."""

    store: Store
    values: Mapping[str, Any]
    lens: Lens
    parameters: Any
    path: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def graph_version(self) -> str:
        """The version of the network that the caller sees."""
        return self.store.version(self.lens.audience)

    def next(self, cursor: str) -> str:
        """The address of the next page, relative, with the same parameters."""
        return self.address({**self.values, "cursor": cursor})

    def address(self, values: Mapping[str, Any]) -> str:
        """This address with other values, relative."""
        return f"{self.path}?{urlencode({name: _text(value) for name, value in values.items()}, doseq=True)}"


Work = Callable[[Read], BaseModel | Body]


def _text(value: object) -> object:
    if isinstance(value, list):
        return [_text(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else value


def to_cursor(key: str) -> str:
    """A key of a list as an opaque word."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def from_cursor(cursor: str | None) -> str | None:
    """The key `kind/id` or `type/id` in a cursor; InputError when it is none of ours."""
    if cursor is None:
        return None
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        key = ""
    if "/" not in key or to_cursor(key) != cursor:
        raise InputError("The cursor is not one of ours.", fix="Take it from `next`, unchanged.", parameter="cursor")
    return key


def page_of(keys: Sequence[str], limit: int, read: Read) -> str | None:
    """The address of the next page when there are more keys than the limit; None on the last page."""
    return read.next(to_cursor(keys[limit - 1])) if len(keys) > limit else None


@dataclass(frozen=True)
class Wanted:
    """What is to be done for one request."""

    asking: Asking
    work: Work
    values: Mapping[str, Any]
    is_tagged: bool = True
    is_kept: bool = False
    patience: float = 1.0


async def reply(request: Request, wanted: Wanted) -> Response:
    """Do the work in a thread and answer with what comes of it, or with 304 when the caller has it already.

    A question that is asked with `Prefer: respond-async` (RFC 7240) becomes a job, and the answer is 202 at once.
    """
    its = service(request)
    lens, parameters = wanted.asking.read(wanted.values, its.audience)

    def made(*, anew: bool) -> Made:
        read = Read(its.store, wanted.values, lens, parameters, request.url.path, request.path_params)
        return _made(its, request, wanted, read, anew=anew)

    if wanted.is_kept and RESPOND_ASYNC in request.headers.get("prefer", "").lower():
        asked = f"{request.url.path}?{request.url.query}".rstrip("?")
        return begun(await its.read(lambda: its.jobs.begin(asked, lambda: made(anew=True).body)))
    work = partial(_timed, partial(made, anew=False))
    return await (its.ask(work, patience=wanted.patience) if wanted.is_kept else its.read(work))


class Made(NamedTuple):
    """What the work has come to, and its ETag, empty when it may be older than the network is."""

    body: Body
    tag: str


def _timed(work: Callable[[], Made]) -> Response:
    begun = perf_counter()
    body, tag = work()
    if body is NOTHING_NEW:
        return Response(status_code=304, headers={"ETag": tag})
    timing = f"graph;dur={(perf_counter() - begun) * 1000:.2f}"
    headers = {**body.headers, "Server-Timing": timing} | ({"ETag": tag} if tag else {})
    return Response(body.content, headers=headers, media_type=body.media_type)


def _made(its: Service, request: Request, wanted: Wanted, read: Read, *, anew: bool) -> Made:
    for _ in range(TRIES):
        version = read.graph_version
        tag = entity_tag(its.edition, request, version) if wanted.is_tagged else ""
        if not anew and has_already(request, tag):
            return Made(NOTHING_NEW, tag)
        body = its.kept.get(version, tag) or as_body(wanted.work(read))
        with time_limit(None):  # the work is done: too late to call it too long
            if read.graph_version == version:
                break
        tag = ""  # it may say something older than the version does
    if wanted.is_kept and tag:
        its.kept.put(version, tag, body)
    return Made(body, tag)


def as_body(made: BaseModel | Body) -> Body:
    """A model as canonical JSON: the same bytes that the command writes."""
    return made if isinstance(made, Body) else Body(made.model_dump_json().encode())


def entity_tag(edition: str, request: Request, version: str) -> str:
    """A strong ETag: the same only for the same address, network, audience, vocabulary and product."""
    parts = "\0".join((edition, version, request.url.path, request.url.query))
    return f'"{sha256(parts.encode()).hexdigest()[:32]}"'


def has_already(request: Request, tag: str) -> bool:
    """Whether the caller says that they have what this tag stands for."""
    given = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    return bool(tag) and not given.isdisjoint({tag, "*"})
