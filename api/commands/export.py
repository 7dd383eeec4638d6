"""Write the network to a file that other tools read."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from api.commands._building import build
from api.commands._options import AudienceOption, OutputOption, StoreOption, level
from graph.errors import InputError
from graph.parts import part, part_names

PACKAGE = "graph.exports"
FORMATS = [name.replace("_", "-") for name in part_names(PACKAGE)]
FormatOption = Annotated[str, typer.Option("--format", "-f", metavar="NAME", help=f"One of: {', '.join(FORMATS)}.")]


def command() -> TyperCommand:
    """`cogs export --format NAME -o FILE`, with the lens."""
    from api.commands._stores import reader
    from graph.answers import QuestionParameters
    from graph.questions import Asking

    reads = reader(Asking("export", "", "", QuestionParameters))
    return build(_export, "export", f"{__doc__}\n\n{_formats()}", reader=reads)


def _formats() -> str:
    briefs = {name: (part(PACKAGE, name.replace("-", "_")).__doc__ or "").partition("\n")[0] for name in FORMATS}
    return "\n\n".join(f"{name}: {brief}" for name, brief in briefs.items())


def _export(
    *,
    format: FormatOption,
    output: OutputOption,
    given: dict[str, Any],
    store: StoreOption = None,
    audience: AudienceOption = "private",
) -> None:
    from api.commands._printing import console, working
    from api.commands._saving import STANDARD_OUTPUT, save
    from api.commands._stores import reading
    from graph.lens import Lens
    from graph.questions import validated
    from graph.view import resolved_lens

    name = format.replace("-", "_")
    if name not in part_names(PACKAGE):
        raise InputError(
            f"There is no format called {format!r}.",
            fix=f"Use one of: {', '.join(FORMATS)}.",
            parameter="format",
        )
    module = part(PACKAGE, name)
    lens = validated(Lens, given | {"audience": level(audience)})
    with reading(store) as opened, working("Writing"):
        size = save(module.write(opened, resolved_lens(opened, lens)), output)
    if output != STANDARD_OUTPUT:
        console(errors=True).print(f"Wrote {output} ({size:,} bytes).")
