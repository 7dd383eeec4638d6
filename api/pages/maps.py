"""The map: drawn by any style, with the filters of its address, and in small beside the words of other pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.pages.pictures import SIZES, in_small
from api.pages.rendering import header
from api.pages.visiting import HTML, Visit, show
from api.routes.maps import PATIENCE
from graph.errors import InputError
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


def surroundings(name: str, query: str) -> Surroundings:
    """What stands around every map page of the service."""
    saves = (("SVG picture", "svg"), ("PNG picture", "png"), ("Data (JSON)", "json"))
    mark = f"?{query}" if query else ""
    return Surroundings(
        stylesheets=("/static/site.css",),
        header=header("map"),
        saves=tuple((words, f"/v1/maps/{name}.{form}{mark}") for words, form in saves),
        still=f"/v1/maps/{name}.svg{mark}",
    )


def _map(visit: Visit) -> Body:
    name, pairs, drawn = _drawn(visit)
    content = map_page(drawn, standalone=False, around=surroundings(name, urlencode(pairs)))
    return Body(content.encode(), HTML)


def _picture(visit: Visit) -> Body:
    size = visit.text("size") or "large"
    if size not in SIZES:
        raise InputError(f"{size[:60]!r} is no size.", fix=f"Use one of: {', '.join(SIZES)}.", parameter="size")
    _, _, drawn = _drawn(visit)
    return Body(svg(in_small(drawn, SIZES[size]), legend=False).encode(), "image/svg+xml")


def _drawn(visit: Visit) -> tuple[str, list[tuple[str, str]], NetworkMap]:
    name = visit.text("style") or "network"
    pairs = [
        (option, value)
        for option, values in visit.query.items()
        for value in values
        if value and option not in ("style", "size")
    ]
    values: Mapping[str, Any] = Reader(style(name), visit.store.vocabulary).values(pairs)
    return name, pairs, draw(visit.store, name, values, audience=visit.lens.audience)
