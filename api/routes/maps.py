"""Maps: the list of styles, and each style as page, picture and data."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.reading import Read
from api.routes.queries import AskingList, listed
from api.routing import Get, plain
from graph.errors import NotFound
from graph.limits import time_limit
from viz.forms import Picture, written
from viz.maps import draw, style, style_names
from viz.page import Surroundings

FORMS = {"": "text/html", ".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json"}
SAVED = {"SVG picture": ".svg", "PNG picture": ".png", "Data (JSON)": ".json"}
PATIENCE = 5.0  # a map is laid out once and then kept, and a page without it is no page


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    yield Get("/v1/maps", plain("maps", "The styles of map, with their parameters."), maps, AskingList)
    for name in style_names():
        asked = style(name)
        for form, media_type in FORMS.items():
            work = partial(drawn, name=name, form=form)
            answer = asked.answer if form == ".json" else None
            yield Get(
                f"/v1/maps/{name}{form}", asked, work, answer, media_type=media_type, asks=True, patience=PATIENCE
            )
    yield Get("/v1/maps/{name}", plain("map", "No such map."), respond=unknown, is_listed=False)


def maps(read: Read) -> AskingList:
    """The list of styles."""
    items = (listed(style(name), f"/v1/maps/{name}", read) for name in style_names())
    return AskingList(items=tuple(items), graph_version=read.graph_version)


def drawn(read: Read, *, name: str, form: str) -> BaseModel | Body:
    """A map in one of its forms."""
    picture = draw(read.store, name, read.values, audience=read.lens.audience)
    if form == ".json":
        return picture
    saves = tuple((words, saved_as(picture, ending)) for words, ending in SAVED.items())
    around = Surroundings(saves=saves, still=saved_as(picture, ".svg"))
    with time_limit(None):  # the graph has answered; what is left is ink
        return Body(written(picture, form, around=around), FORMS[form])


def saved_as(picture: Picture, ending: str) -> str:
    """Where the same map is served in another form."""
    path, mark, query = picture.address.partition("?")
    return f"{path}{ending}{mark}{query}"


async def unknown(request: Request, _: object) -> Response:
    """Refuse a style or a form that is not there, with those that are."""
    name, _dot, form = request.path_params["name"].partition(".")
    style(name)
    valid = [f"/v1/maps/{name}{ending}" for ending in FORMS]
    raise NotFound(f"A map has no form “.{form}”.", fix=f"Use one of: {', '.join(valid)}.", valid=valid)
