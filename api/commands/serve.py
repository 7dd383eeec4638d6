"""Start the service and print its address; a store that is new gets the seed graph first."""

from __future__ import annotations

import os
import socket
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from api.commands._building import build
from api.commands._options import StoreOption

if TYPE_CHECKING:
    from graph.settings import Settings
    from graph.store import Store

HostOption = Annotated[
    str | None, typer.Option("--host", metavar="HOST", help="Address to listen on; otherwise COGS_HOST or 127.0.0.1.")
]
PortOption = Annotated[
    int | None,
    typer.Option(
        "--port", metavar="PORT", min=0, max=65_535, help="Port to listen on, 0 for any free one; otherwise 8000."
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", metavar="NUMBER", min=1, max=64, help="Processes that serve; otherwise 1."),
]


def command() -> TyperCommand:
    """`cogs serve`."""
    return build(_serve, "serve", __doc__ or "")


def _serve(
    *, host: HostOption = None, port: PortOption = None, workers: WorkersOption = None, store: StoreOption = None
) -> None:
    from graph.settings import read_settings

    settings = read_settings(store=store, host=host, port=port, workers=workers)
    with _listening(settings.host, settings.port) as listening:
        _give_seeds(settings)
        _run(settings, listening)


def _run(settings: Settings, listening: socket.socket) -> None:
    ready = partial(_say_where, listening)
    if settings.workers > 1:
        from api.workers import run

        run(settings, listening, settings.workers, ready=ready)
    else:
        from api.serving import serve

        serve(settings, listening, ready=ready)


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address; raises CogsError when that cannot be."""
    from graph.errors import CogsError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Without the protocol named, asyncio leaves Nagle's algorithm on: 44 ms for each answer instead of 2.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as wrong:
        listening.close()
        raise CogsError(
            f"The service cannot listen on {host}, port {port}: {wrong.strerror or wrong}.",
            fix="Stop what uses it, or name another with --port; 0 takes any free one.",
        ) from wrong
    return listening


def _give_seeds(settings: Settings) -> None:
    """Load the seed graph into a store that is not there yet; one that is there stays as it is."""
    from api.commands._stores import file_of
    from graph.store import open_store

    file = file_of(settings.store)
    if file is None:
        with open_store(settings=settings) as store:
            if not store.counts().nodes and not store.changes(limit=1):
                _load_seeds(store)
    elif not file.exists():
        _make(file, settings)


def _make(file: Path, settings: Settings) -> None:
    """Make the store beside its place and put it there whole, so that a broken start leaves nothing behind."""
    from graph.errors import StoreError
    from graph.store import open_store

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
            new = Path(folder) / file.name
            with open_store(settings=settings.model_copy(update={"store": str(new)})) as store:
                _load_seeds(store)
            _put(new, file)
    except OSError as wrong:
        raise StoreError(f"{file} cannot be made: {wrong.strerror}.", fix="Name another file with --store.") from wrong


def _put(new: Path, file: Path) -> None:
    """Give a file its place, unless another process was faster."""
    try:
        os.link(new, file)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        new.rename(file)


def _load_seeds(store: Store) -> None:
    from api.commands._printing import moving
    from loaders.run import load

    typer.echo("Loading the seed graph …", err=True)
    with moving("Loading the seed graph") as progress:
        report = load(store, ["seeds"], by="cogs serve", progress=progress)
    typer.echo(f"Loaded the seed graph: {report.added:,} sources, nodes and relationships.", err=True)


def _say_where(listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    typer.echo(f"Serving on http://{f'[{host}]' if ':' in host else host}:{port}")
