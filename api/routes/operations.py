"""For those who run the service: is it up, is the store there, and what it has done so far."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.deps import service
from api.metrics import MEDIA_TYPE, Metrics
from api.reading import as_body

NOT_KEPT = {"Cache-Control": "no-store"}


class Health(BaseModel):
    """Whether it is well."""

    status: Literal["ok", "ready"]


def router(metrics: Metrics) -> APIRouter:
    """The addresses of this file."""
    its = APIRouter(tags=["operations"])

    @its.get("/healthz", response_model=Health)
    async def healthz() -> Response:
        """Whether the process answers; it says nothing of the store."""
        return _answer(Health(status="ok"))

    @its.get("/readyz", response_model=Health)
    async def readyz(request: Request) -> Response:
        """Whether the store answers too; 503 while it is away."""
        await service(request).read(service(request).ping)
        return _answer(Health(status="ready"))

    @its.get("/metrics", response_class=PlainTextResponse)
    async def numbers() -> Response:
        """Counts of requests and how long they took, as Prometheus reads them."""
        return Response(metrics.text(), headers=NOT_KEPT, media_type=MEDIA_TYPE)

    return its


def _answer(health: Health) -> Response:
    body = as_body(health)
    return Response(body.content, headers=NOT_KEPT, media_type=body.media_type)
