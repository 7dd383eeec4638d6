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
from api.pages.waiting import later
from api.routes.maps import PATIENCE, SAVED, saved_as
from graph.errors import InputError, TimeLimit
from graph.limits import time_limit
from graph.parameters import Reader
from viz.chart import Chart
from viz.chart_svg import chart_svg
from viz.forms import Picture, written
from viz.maps import draw, style
from viz.page import Surroundings
from viz.svg import svg

router = APIRouter()


@router.get("/map")
async def map_room(request: Request) -> Response:
    """The map as a page; one that takes long is waited for as a question is."""
    try:
        return await show(request, _map, asks=True, patience=PATIENCE)
    except TimeLimit:
        return await later(request, _map)


@router.get("/map.svg")
async def small_map(request: Request) -> Response:
    """The map as a small picture."""
    return await show(request, _picture, asks=True, patience=PATIENCE)


def surroundings(picture: Picture) -> Surroundings:
    """What stands around a map in this room: the head of every page, and the forms in which it can be kept."""
    return Surroundings(
        stylesheets=("/static/site.css",),
        header=header("map", styles=offers(), style=picture.style),
        saves=tuple((words, saved_as(picture, ending)) for words, ending in SAVED.items()),
        still=saved_as(picture, ".svg"),
    )


def _map(visit: Visit) -> Body:
    drawn = _drawn(visit)
    with time_limit(None):  # the graph has answered; what is left is ink
        return Body(written(drawn, ".html", around=surroundings(drawn)), HTML)


def _picture(visit: Visit) -> Body:
    size = visit.text("size") or "large"
    if size not in SIZES:
        raise InputError(f"{size[:60]!r} is no size.", fix=f"Use one of: {', '.join(SIZES)}.", parameter="size")
    drawn = _drawn(visit)
    with time_limit(None):
        return Body(_in_small(drawn, size).encode(), "image/svg+xml")


def _in_small(picture: Picture, size: str) -> str:
    if isinstance(picture, Chart):
        return chart_svg(picture, narrow=size != "large", head=False, legend=False)
    return svg(in_small(picture, SIZES[size]), legend=False)


def _drawn(visit: Visit) -> Picture:
    name = visit.text("style") or "network"
    pairs = [
        (option, value)
        for option, values in visit.query.items()
        for value in values
        if value and option not in ("style", "size")
    ]
    values: Mapping[str, Any] = Reader(style(name), visit.store.vocabulary).values(pairs)
    return draw(visit.store, name, values, audience=visit.lens.audience)
