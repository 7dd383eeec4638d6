"""Load files into the network: everything of them or nothing, with a report of every row.

The word `seeds` is the seed graph of the product. A file may be loaded again without effect.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from api.commands._building import build
from api.commands._options import JsonOption, StoreOption

if TYPE_CHECKING:
    from graph.settings import Settings
    from graph.store import Store
    from loaders.report import Remark, Report

REMARKS_SHOWN = 50
FilesArgument = Annotated[list[str], typer.Argument(metavar="FILE…", help="Files to load, or the word seeds.")]
PreviewOption = Annotated[bool, typer.Option("--preview", help="Report what would be done, and write nothing.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Write nothing when a row is rejected.")]
LoaderOption = Annotated[
    str | None,
    typer.Option("--loader", metavar="NAME", help="The format of the files; otherwise they are looked at."),
]


def command() -> TyperCommand:
    """`cogs load FILE…`."""
    return build(_load, "load", __doc__ or "")


def _load(
    files: FilesArgument,
    *,
    preview: PreviewOption = False,
    loader: LoaderOption = None,
    strict: StrictOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    from api.commands._printing import moving, print_json
    from graph.settings import read_settings
    from loaders.finding import open_reading
    from loaders.run import load

    settings = read_settings(store=store)
    for file in files:  # what cannot be read at all is refused before a new store is made for it
        open_reading(file)
    with _opened(settings, preview=preview) as opened, moving("Loading") as progress:
        report = load(
            opened,
            files,
            by=getpass.getuser(),
            loader=loader,
            preview=preview,
            strict=strict,
            progress=progress,
        )
    if json:
        print_json(report.model_dump_json())
    else:
        tell_report(report, settings.store, preview=preview)
    return 1 if report.rejected else 0


@contextmanager
def _opened(settings: Settings, *, preview: bool) -> Iterator[Store]:
    """The store to load into; a preview does not make one that is not there."""
    from api.commands._stores import file_of
    from graph.store import open_store

    file = file_of(settings.store)
    if not preview or file is None or file.exists():
        with open_store(settings=settings) as store:
            yield store
        return
    with TemporaryDirectory() as folder:
        empty = settings.model_copy(update={"store": str(Path(folder) / "empty.db")})
        with open_store(settings=empty) as store:
            yield store


def tell_report(report: Report, store: str, *, preview: bool) -> None:
    """Print a report for people."""
    from api.commands._printing import Page

    page = Page()
    numbers = {name: getattr(report, name) for name in ("read", "added", "changed", "unchanged")}
    numbers["rejected"] = len(report.rejected)
    page.table([name.capitalize() for name in numbers], [[f"{number:,}" for number in numbers.values()]])
    for title, remarks in (("Rejected", report.rejected), ("Look at", report.warnings)):
        if remarks:
            page.line(f"{title} ({len(remarks):,})", style="bold", above=True)
            _tell_remarks(page.line, remarks)
    page.line(_outcome(report, store, preview=preview), above=True)


def _tell_remarks(line: Callable[..., None], remarks: tuple[Remark, ...]) -> None:
    for remark in remarks[:REMARKS_SHOWN]:
        line(str(remark), indent=2, bullet="•")
    if len(remarks) > REMARKS_SHOWN:
        line(f"and {len(remarks) - REMARKS_SHOWN:,} more; --json lists all of them.", indent=2)


def _outcome(report: Report, store: str, *, preview: bool) -> str:
    if preview:
        return "This was a preview: nothing was written."
    if not report.written:
        return "Nothing was written, because a row was rejected and --strict was given."
    if not (report.added or report.changed):
        return _outcome_without_news(report, store)
    return f"Written to {store}."


def _outcome_without_news(report: Report, store: str) -> str:
    if not report.rejected:
        return f"All was in {store} already."
    if not report.unchanged:
        return "Nothing was written: all that was read is rejected."
    return f"Nothing changed in {store}: what is not rejected was in it before."
