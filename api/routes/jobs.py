"""Long questions: `Prefer: respond-async` begins one, and these addresses tell of it, give its answer and stop it."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.deps import service
from api.errors import MEDIA_TYPE
from api.jobs import PRIVATE, Job, told
from api.routing import SCHEMAS, Get, plain


def routes() -> Iterator[Get]:
    """The addresses of this file that are read."""
    help = "How far a long question is."
    details = (
        "A question or map that is asked with the header `Prefer: respond-async` becomes a job; `Location` names it."
    )
    yield Get("/v1/jobs/{id}", plain("job", help, details), answer=Job, respond=job, is_tagged=False)
    yield Get("/v1/jobs/{id}/answer", plain("job_answer", "What was asked for."), respond=answer, is_tagged=False)


async def job(request: Request, _: object) -> Response:
    """Tell how far a job is."""
    id = request.path_params["id"]
    return told(await service(request).read(lambda: service(request).jobs.job(id)))


async def answer(request: Request, _: object) -> Response:
    """Give the answer of a job that is done."""
    id = request.path_params["id"]
    body = await service(request).read(lambda: service(request).jobs.answer(id))
    return Response(body.content, headers={**body.headers, **PRIVATE}, media_type=body.media_type)


def router() -> APIRouter:
    """The address that stops a job."""
    problem = {"schema": {"$ref": SCHEMAS.format(model="Problem")}}
    responses = {"default": {"description": "What went wrong.", "content": {MEDIA_TYPE: problem}}}
    its = APIRouter(responses=responses)  # type: ignore[arg-type]

    @its.delete("/v1/jobs/{id}", response_model=Job, summary="Stop a long question.", operation_id="stop_job")
    async def stop(request: Request, id: str) -> Response:
        """Ask for a job to be stopped; it ends when its work next looks up."""
        return told(await service(request).read(lambda: service(request).jobs.stop(id)))

    return its
