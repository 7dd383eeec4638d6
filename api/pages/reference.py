"""What the words and measures mean, the vocabulary, and the addresses that programs can ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.pages.rendering import AsData, page
from api.pages.visiting import Visit, show
from graph.questions import question, question_names

router = APIRouter()


@router.get("/about")
async def about_page(request: Request) -> Response:
    """What the words and measures mean."""
    return await show(request, _about)


@router.get("/vocabulary")
async def vocabulary_page(request: Request) -> Response:
    """The kinds and types of this network."""
    return await show(request, _vocabulary)


@router.get("/docs")
async def docs_page(request: Request) -> Response:
    """The addresses that programs can ask."""
    described = request.app.openapi()
    return await show(request, lambda visit: _docs(visit, described))


def _about(visit: Visit) -> Body:
    return page(
        "about.html",
        visit.store.vocabulary,
        as_data=AsData((("/v1/vocabulary", "kinds and types (JSON)"), ("/v1/queries", "the questions (JSON)"))),
        graph_version=visit.store.version(visit.lens.audience),
    )


def _vocabulary(visit: Visit) -> Body:
    return page(
        "vocabulary.html",
        visit.store.vocabulary,
        counts=visit.store.counted(visit.lens),
        as_data=AsData((("/v1/vocabulary", "the vocabulary (JSON)"),)),
        graph_version=visit.store.version(visit.lens.audience),
    )


def _docs(visit: Visit, described: Mapping[str, Any]) -> Body:
    return page(
        "docs.html",
        visit.store.vocabulary,
        routes=list(_routes(described)),
        questions=[question(name) for name in question_names()],
        as_data=AsData((("/openapi.json", "all of this for programs (OpenAPI, JSON)"),)),
        graph_version=visit.store.version(visit.lens.audience),
    )


def _routes(described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every address and method, as OpenAPI describes it, in the order of addresses."""
    for path, methods in sorted(described["paths"].items()):
        for method, route in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": route.get("summary", ""),
                "description": route.get("description", ""),
                "parameters": [one for one in route.get("parameters", []) if "name" in one],
            }
