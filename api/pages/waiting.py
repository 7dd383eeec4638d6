"""A question that takes long: how far it is, looked at again every few seconds, and its page when it is done."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.deps import service
from api.errors import as_response
from api.jobs import PRIVATE
from api.pages.problems import as_page
from api.pages.rendering import page
from api.pages.visiting import HTML, Room, visit_of

router = APIRouter()


@router.get("/jobs/{id}")
async def job_page(request: Request) -> Response:
    """A long question: how far it is, or its answer."""
    its, id = service(request), request.path_params["id"]
    job = await its.read(lambda: its.jobs.job(id))
    if job.state == "done":
        body = await its.read(lambda: its.jobs.answer(id))
        return Response(body.content, headers=PRIVATE, media_type=HTML)
    if job.problem:
        return as_page(request.scope, as_response(job.problem))
    return Response(page("waiting.html", its.vocabulary, job=job).content, headers=PRIVATE, media_type=HTML)


async def later(request: Request, room: Room) -> Response:
    """Go on with a page as a job, and send the reader where it tells how far it is."""
    its = service(request)
    asked = f"{request.url.path}?{request.url.query}".removesuffix("?")
    visit = await its.read(lambda: visit_of(request))
    job = await its.read(lambda: its.jobs.begin(asked, lambda: room(visit)))
    return RedirectResponse(f"/jobs/{job.id}", 303)
