"""Options that mean the same in every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.commands._building import ALWAYS

if TYPE_CHECKING:
    from graph.model import Audience

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="FILE|ADDRESS",
        help="Where the network is kept: a file, or a neo4j:// or bolt:// address. Otherwise COGS_STORE, or a file in"
        " your own data folder.",
        rich_help_panel=ALWAYS,
    ),
]
AudienceOption = Annotated[
    str,
    typer.Option(
        "--audience",
        metavar="LEVEL",
        help="See only what this level sees: public, network, team or private.",
        rich_help_panel=ALWAYS,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs instead of text for people.", rich_help_panel=ALWAYS)
]
OutputOption = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="The file to write; - is standard output.")
]


def level(text: str) -> Audience:
    """A level of audience by its name."""
    from graph.errors import InputError
    from graph.model import Audience

    if text not in list(Audience):
        raise InputError(
            f"{text!r} is not a level of audience.", fix=f"Use one of: {', '.join(Audience)}.", parameter="audience"
        )
    return Audience(text)
