"""Copy the whole network into another store that is empty: from a file to a Neo4j server, or back.

What is exported from the copy has the same bytes. The change log, merges that can be undone and the marks of what was
forgotten stay behind.
"""

from __future__ import annotations

import getpass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from typer.core import TyperCommand

from api.commands._building import build
from api.commands._options import StoreOption

TargetArgument = Annotated[
    str, typer.Argument(metavar="TO", help="Where to: a file, or the neo4j:// or bolt:// address of a server.")
]


def command() -> TyperCommand:
    """`cogs copy TO`."""
    return build(_copy, "copy", __doc__ or "")


def _copy(to: TargetArgument, *, store: StoreOption = None) -> None:
    from api.commands._printing import Page, moving, working
    from api.commands._saving import save
    from api.commands._stores import reading
    from graph.errors import Conflict
    from graph.exports import jsonl
    from graph.lens import Lens
    from graph.settings import read_settings
    from graph.store import open_store
    from loaders.run import load

    with TemporaryDirectory() as folder:
        file = str(Path(folder) / "network.jsonl")
        with reading(store) as source, working("Reading"):
            version = source.version()
            save(jsonl.write(source, Lens()), file)
        with open_store(settings=read_settings(store=to)) as target:
            if target.counts().nodes or target.changes(limit=1):
                raise Conflict(f"{to} holds a network already.", fix="Name a new file, or an empty database.")
            if Path(file).stat().st_size:
                with moving("Writing") as progress:
                    load(target, [file], by=getpass.getuser(), progress=progress)
            same = target.version() == version
            counts = target.counts()
        said = f"Copied {counts.nodes:,} nodes and {counts.relationships:,} relationships to {to}"
        Page().line(f"{said}; {'the versions are equal' if same else 'merges of nodes were left behind'}.")
