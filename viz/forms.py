"""What a picture can be written as: a page, SVG, PNG or data; the same for every sort of picture."""

from __future__ import annotations

from viz.chart import Chart
from viz.network_map import NetworkMap
from viz.page import Surroundings

Picture = NetworkMap | Chart


def written(picture: Picture, ending: str, *, around: Surroundings | None = None) -> bytes:
    """The picture in the form that a file of this ending (.html, .svg, .png or .json) has.

    A page without surroundings is one file that needs nothing else.
    """
    if ending == ".json":
        return f"{picture.model_dump_json()}\n".encode()
    if ending == ".png":
        from viz.svg import raster  # only those who draw need it

        return raster(vector(picture))
    return (vector(picture) if ending == ".svg" else _page(picture, around)).encode()


def vector(picture: Picture) -> str:
    """The picture as SVG, with its legend."""
    from viz.chart_svg import chart_svg
    from viz.svg import svg

    return chart_svg(picture) if isinstance(picture, Chart) else svg(picture)


def _page(picture: Picture, around: Surroundings | None) -> str:
    from viz.chart_page import chart_page
    from viz.render import map_page

    if isinstance(picture, Chart):
        return chart_page(picture, around=around)
    return map_page(picture, standalone=around is None, around=around)
