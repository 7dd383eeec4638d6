"""Draw a map of the network as a page, a picture or data; without a style, list the styles."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from api.commands._building import Parts, build
from api.commands._options import AudienceOption, OutputOption, StoreOption, level

FORMS = (".html", ".svg", ".png", ".json")
FormOption = Annotated[
    str | None,
    typer.Option(
        "--form", metavar="FORM", help="html, svg, png or json; otherwise what the name of the file ends with."
    ),
]


def command() -> Parts:
    """`cogs map STYLE … -o FILE`, with the parameters of each style as options."""
    return Parts("map", __doc__ or "", word="map style", briefs=_briefs, build=_style)


def _briefs() -> dict[str, str]:
    from viz.maps import style, style_names

    return {name: style(name).help for name in style_names()}


def _style(name: str) -> TyperCommand:
    from api.commands._stores import reader
    from viz.maps import style

    asked = style(name)
    return build(partial(_draw, name), name, f"{asked.help}\n\n{asked.details}", reader=reader(asked))


def _draw(
    name: str,
    *,
    output: OutputOption,
    given: dict[str, Any],
    form: FormOption = None,
    store: StoreOption = None,
    audience: AudienceOption = "private",
) -> None:
    from api.commands._printing import console, plain, working
    from api.commands._saving import STANDARD_OUTPUT, save
    from api.commands._stores import reading
    from viz.forms import written
    from viz.maps import draw

    ending = _ending(output, form)
    with reading(store) as opened, working("Drawing"):
        picture = draw(opened, name, given, audience=level(audience))
        save([written(picture, ending)], output)
    if output != STANDARD_OUTPUT:
        said = console(errors=True)
        said.print(plain(f"Wrote {output}. {picture.summary}"))
        if picture.cut:
            said.print(plain(picture.cut))


def _ending(output: str, form: str | None) -> str:
    """How the map is written: as was asked for, or by the name of the file; a page on standard output."""
    from graph.errors import InputError

    ending = f".{form.lower().lstrip('.')}" if form else PurePath(output).suffix.lower()
    if not ending and output == "-":
        return ".html"
    if ending not in FORMS:
        raise InputError(
            f"A map is not written as {ending or 'a file without ending'}.",
            fix=f"Let the name of the file end with {', '.join(FORMS[:-1])} or {FORMS[-1]}.",
            parameter="form" if form else "output",
        )
    return ending
