"""Recording over HTTP: introductions, consent and insights, from this machine alone, where a setting allows it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from ipaddress import ip_address

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from api.deps import service
from api.errors import MEDIA_TYPE
from api.routing import SCHEMAS
from graph.errors import Forbidden
from graph.recording import ConsentRecord, InsightRecord, IntroductionRecord, Recorded, Recorder

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
PROBLEM = {"schema": {"$ref": SCHEMAS.format(model="Problem")}}


def check_local(request: Request) -> None:
    """Refuse whoever may not write: nobody may without the setting, and with it only this machine itself.

    A page of another site that is open in a browser on this machine may not either: browsers send its origin, and
    ask before they send JSON. A name that leads here by a trick of its owner is not one of this machine's own.
    """
    if not service(request).settings.local_writes:
        raise Forbidden(
            "Nothing may be recorded over HTTP here.",
            fix="Use `cogs record`, or set COGS_LOCAL_WRITES=true where the service runs.",
        )
    came_round = any(name in request.headers for name in FORWARDED)
    origin = request.headers.get("origin")
    is_own_page = origin is None or origin == f"{request.url.scheme}://{request.url.netloc}"
    client = request.client.host if request.client else ""
    if came_round or not is_own_page or not _is_loopback(client) or not _is_loopback(request.url.hostname or ""):
        raise Forbidden("Only the machine on which the service runs may record here.", fix="Use it there.")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def router(*, is_listed: bool) -> APIRouter:
    """The addresses of this file; in the description for programs only where they may be used."""
    its = APIRouter(
        tags=["records"],
        dependencies=[Depends(check_local)],
        include_in_schema=is_listed,
        responses={"default": {"description": "What went wrong.", "content": {MEDIA_TYPE: PROBLEM}}},
    )

    @its.post("/v1/introductions", summary="An introduction, and what came of it.")
    async def introduction(request: Request, record: IntroductionRecord) -> Recorded:
        """Record an introduction; the same three again take it further."""
        return await _recorded(request, lambda recorder: recorder.introduction(record))

    @its.post("/v1/consents", summary="Whether somebody may be introduced to others, and asked to introduce.")
    async def consent(request: Request, record: ConsentRecord) -> Recorded:
        """Record that somebody does not want to be introduced, or does again."""
        return await _recorded(request, lambda recorder: recorder.consent(record))

    @its.post("/v1/insights", summary="Something learned, as somebody said it.")
    async def insight(request: Request, record: InsightRecord) -> Recorded:
        """Record an insight; the same words of the same sort are the same insight."""
        return await _recorded(request, lambda recorder: recorder.insight(record))

    return its


async def _recorded(request: Request, work: Callable[[Recorder], Recorded]) -> Recorded:
    its = service(request)
    by = getpass.getuser()
    return await its.read(lambda: work(Recorder(its.store, by=by, audience=its.audience)))
