"""The pages that people see: one file per room, rendered on the server, readable without JavaScript."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import ask, home, lists, maps, nodes, reference, search, sources, waiting

router = APIRouter(include_in_schema=False)
for room in (home, ask, search, nodes, lists, maps, sources, reference, waiting):
    router.include_router(room.router)

__all__ = ["router"]
