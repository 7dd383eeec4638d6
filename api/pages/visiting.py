"""How a page is answered: the work in a thread, the answer kept while the network stays as it is, ETag and 304."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from api.deps import Service, service
from api.kept import Body
from api.reading import entity_tag, has_already
from graph.errors import InputError
from graph.lens import Lens
from graph.limits import time_limit
from graph.store import Store

HTML = "text/html; charset=utf-8"
TRIES = 4
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Visit:
    """One request for a page: of which store, at whose level, and with what in its address."""

    store: Store
    lens: Lens
    path: str
    query: Mapping[str, Sequence[str]]
    ids: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The last value given for a name; empty when none is."""
        return self.query[name][-1] if name in self.query else ""

    def number(self, name: str, *, most: int) -> int:
        """A whole number from 0 to `most`; 0 when none is given, InputError when it is none."""
        text = self.text(name) or "0"
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER and int(text) <= most):
            raise InputError(
                f"The parameter {name} is wrong: {text[:100]!r} is not a whole number up to {most:,}.",
                fix="Go back to the page before, and take one of its links.",
                parameter=name,
            )
        return int(text)

    def address(self, **changed: str | int | None) -> str:
        """The address of this page with some values changed; None takes one away."""
        pairs = [(name, one) for name, some in self.query.items() if name not in changed for one in some if one]
        pairs += [(name, str(value)) for name, value in changed.items() if value is not None]
        return f"{self.path}?{urlencode(pairs)}".removesuffix("?")


Room = Callable[[Visit], Body]


def visit_of(request: Request) -> Visit:
    """The visit that a request is; call it in a thread, as it may have to open the store."""
    its = service(request)
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        query.setdefault(name, []).append(value)
    return Visit(its.store, its.lens, request.url.path, query, request.path_params)


async def show(request: Request, room: Room, *, asks: bool = False, patience: float = 1.0) -> Response:
    """Answer with what a room shows, made anew only when the network has changed."""
    its = service(request)

    def made() -> Response:
        return _made(its, request, room, visit_of(request))

    return await (its.ask(made, patience=patience) if asks else its.read(made))


def _made(its: Service, request: Request, room: Room, visit: Visit) -> Response:
    for _ in range(TRIES):
        version = visit.store.version(its.audience)
        tag = entity_tag(its.edition, request, version)
        if has_already(request, tag):
            return Response(status_code=304, headers={"ETag": tag})
        body = its.kept.get(version, tag) or room(visit)
        with time_limit(None):  # the work is done: too late to call it too long
            if visit.store.version(its.audience) == version:
                its.kept.put(version, tag, body)
                return Response(body.content, headers={"ETag": tag}, media_type=body.media_type)
    return Response(body.content, media_type=body.media_type)
