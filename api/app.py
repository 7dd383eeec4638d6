"""The HTTP service: one app over one store. `create_app(settings)` makes it; nothing is read at import."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api import pages
from api.deps import Service
from api.edge import Edge
from api.errors import add_handlers
from api.metrics import Metrics
from api.pages.problems import add_problem_pages
from api.routes import (
    changes,
    export,
    jobs,
    maps,
    nodes,
    operations,
    queries,
    records,
    relationships,
    search,
    sources,
    stats,
    vocabulary,
)
from api.routing import add_routes, describe
from graph.errors import StoreUnavailable
from graph.settings import Settings, read_settings

PARTS = (nodes, relationships, search, queries, maps, export, changes, sources, vocabulary, stats, jobs)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole service over the store of the settings; serve the object with uvicorn, or mount it."""
    service = Service(settings or read_settings())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with suppress(StoreUnavailable):
            await service.read(lambda: service.store)
        service.warm()
        yield
        service.close()

    app = FastAPI(
        title="Cogs of Connection",
        version=version("cogs-of-connection"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would redirect to whatever host the caller names
        lifespan=lifespan,
    )
    app.state.service = service
    app.openapi = describe(app)  # type: ignore[method-assign]
    add_handlers(app)
    for part in PARTS:
        add_routes(app, part.routes(), service.vocabulary)
    metrics = Metrics()
    app.include_router(operations.router(metrics))
    app.include_router(jobs.router())
    app.include_router(records.router(is_listed=service.settings.local_writes))
    app.add_middleware(Edge, metrics=metrics)
    app.include_router(pages.router)
    add_problem_pages(app)
    app.mount("/static", StaticFiles(packages=[("viz", "static"), ("api", "static")]), name="static")
    return app
