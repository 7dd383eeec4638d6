"""The outermost layer: ids, log, numbers, headers, sizes, HEAD, and what happens when something unexpected does."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import plain_problem, problem
from api.logs import log_failure, log_request, request_id
from api.metrics import Metrics
from api.pages.problems import as_page
from api.security import HEADERS, LARGEST_BODY, declared_size, is_address_too_long

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


class BodyTooLargeError(Exception):
    """More came than the limit allows, without saying so before."""


@dataclass
class Exchange:
    """One request and its answer on the way through the edge."""

    scope: Scope
    to_caller: Send
    from_caller: Receive
    id: str
    begun: float = field(default_factory=time.perf_counter)
    status: int = 0
    received: int = 0

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on, with our headers, and without a body for HEAD."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        elif self.scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await self.to_caller(message)

    async def receive(self) -> Message:
        """Take a part of the request, up to the limit."""
        message = await self.from_caller()
        self.received += len(message.get("body", b""))
        if self.received > LARGEST_BODY:
            raise BodyTooLargeError
        return message

    def record(self, route: str, metrics: Metrics) -> None:
        """Log and count the request; an answer that was never begun counts as 499: the caller had gone."""
        seconds, status = time.perf_counter() - self.begun, self.status or 499
        method = self.scope["method"] if self.scope["method"] in METHODS else "other"
        metrics.count(method, route, status, seconds)
        log_request(
            {
                "request_id": self.id,
                "method": method,
                "route": route,
                "status": status,
                "milliseconds": round(seconds * 1000, 2),
            }
        )


class Edge:
    """The layer around the app."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = Exchange(scope, send, receive, request_id(scope))
        inner = {**scope, "method": "GET" if scope["method"] == "HEAD" else scope["method"]}
        try:
            await self._answer(inner, exchange)
        finally:
            route = inner.get("route")
            exchange.record(getattr(route, "path", "none"), self.metrics)

    async def _answer(self, inner: Scope, exchange: Exchange) -> None:
        try:
            if refusal := _refusal(inner):
                await as_page(inner, refusal)(inner, exchange.receive, exchange.send)
            else:
                await self.app(inner, exchange.receive, exchange.send)
        except Exception as wrong:
            log_failure(wrong, exchange.id)
            if exchange.status:
                raise  # too late to say so: the connection is cut, and the caller sees that the answer is not whole
            await as_page(inner, _excuse(wrong, exchange.id))(inner, exchange.receive, exchange.send)


def _refusal(scope: Scope) -> Response | None:
    if is_address_too_long(scope):
        return plain_problem(414, "The address is longer than 8 KiB.")
    if declared_size(scope) > LARGEST_BODY:
        return plain_problem(413, "The body is larger than 10 MiB.")
    return None


def _excuse(wrong: Exception, id: str) -> Response:
    if isinstance(wrong, BodyTooLargeError):
        return plain_problem(413, "The body is larger than 10 MiB.")
    return problem(
        500,
        "unexpected",
        detail="Something went wrong that should not have.",
        fix="Tell whoever runs the service the request_id.",
        more={"request_id": id},
    )
