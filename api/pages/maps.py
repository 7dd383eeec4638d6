"""The map: drawn by any style, with the filters of its address, and in small beside the words of other pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.pages.pictures import SIZES, in_small
from api.pages.rendering import header
from api.pages.styles import offers
from api.pages.visiting import HTML, Visit, show
from api.routes.maps import PATIENCE, SAVED, saved_as
from graph.errors import InputError
from graph.limits import time_limit
from graph.parameters import Reader
from viz.maps import draw, style
from viz.network_map import NetworkMap
from viz.render import Surroundings, map_page
from viz.svg import svg

router = APIRouter()


@router.get("/map")
async def map_room(request: Request) -> Response:
    """The map as a page."""
    return await show(request, _map, asks=True, patience=PATIENCE)


@router.get("/map.svg")
async def small_map(request: Request) -> Response:
    """The map as a small picture."""
    return await show(request, _picture, asks=True, patience=PATIENCE)


def surroundings(network_map: NetworkMap) -> Surroundings:
    """What stands around a map in this room: the head of every page, and the forms in which it can be kept."""
    return Surroundings(
        stylesheets=("/static/site.css",),
        header=header("map", styles=offers(), style=network_map.style),
        saves=tuple((words, saved_as(network_map, ending)) for words, ending in SAVED.items()),
        still=saved_as(network_map, ".svg"),
    )


def _map(visit: Visit) -> Body:
    drawn = _drawn(visit)
    with time_limit(None):  # the graph has answered; what is left is ink
        content = map_page(drawn, standalone=False, around=surroundings(drawn))
    return Body(content.encode(), HTML)


def _picture(visit: Visit) -> Body:
    size = visit.text("size") or "large"
    if size not in SIZES:
        raise InputError(f"{size[:60]!r} is no size.", fix=f"Use one of: {', '.join(SIZES)}.", parameter="size")
    drawn = _drawn(visit)
    with time_limit(None):
        return Body(svg(in_small(drawn, SIZES[size]), legend=False).encode(), "image/svg+xml")


def _drawn(visit: Visit) -> NetworkMap:
    name = visit.text("style") or "network"
    pairs = [
        (option, value)
        for option, values in visit.query.items()
        for value in values
        if value and option not in ("style", "size")
    ]
    values: Mapping[str, Any] = Reader(style(name), visit.store.vocabulary).values(pairs)
    return draw(visit.store, name, values, audience=visit.lens.audience)
