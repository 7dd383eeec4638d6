"""Check the health of the store and of what it holds; `cogs check seeds` checks the seed tables.

With `--documents` the seed tables are compared with the texts that they cite, line by line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.core import TyperCommand

from api.commands._building import build
from api.commands._options import JsonOption, StoreOption

if TYPE_CHECKING:
    from graph.settings import Settings
    from graph.store import Store

WhatArgument = Annotated[
    Literal["store", "seeds"], typer.Argument(metavar="WHAT", help="store, or seeds for the seed tables.")
]
DocumentsOption = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="The texts that the seed tables cite, to compare them with."),
]
SECRET = "set"  # noqa: S105 - said instead of a password


def command() -> TyperCommand:
    """`cogs check`, `cogs check seeds`."""
    return build(_check, "check", __doc__ or "")


def _check(
    what: WhatArgument = "store",
    *,
    documents: DocumentsOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    return _check_seeds(documents, json=json) if what == "seeds" else _check_store(store, json=json)


def _check_store(address: str | None, *, json: bool) -> int:
    from json import dumps

    from api.commands._printing import print_json, working
    from api.commands._stores import reading
    from graph.settings import read_settings

    settings = read_settings(store=address)
    with reading(address) as store, working("Checking"):
        findings, warnings, numbers = store.check(), store.warnings(), _numbers(store)
    used = _settings(settings)
    if json:
        print_json(dumps({"findings": findings, "warnings": warnings, **numbers, "settings": used}, ensure_ascii=False))
    else:
        _tell(findings, warnings, numbers, used)
    return 1 if findings else 0


def _numbers(store: Store) -> dict[str, object]:
    counts = store.counts()
    return {
        "nodes": counts.nodes,
        "relationships": counts.relationships,
        "kinds": dict(counts.kinds),
        "types": dict(counts.types),
        "sources": len(store.get_sources()),
        "graph_version": store.version(),
    }


def _settings(settings: Settings) -> dict[str, str | None]:
    """The settings in use; a password is never told."""
    values = settings.model_dump(mode="json") | {"neo4j_password": None}
    if settings.neo4j_password.get_secret_value():
        values["neo4j_password"] = SECRET
    return {f"COGS_{name.upper()}": None if value is None else str(value) for name, value in values.items()}


def _tell(findings: list[str], warnings: list[str], numbers: dict[str, object], used: dict[str, str | None]) -> None:
    from api.commands._printing import Page

    page = Page()
    page.line(f"{len(findings)} findings" if findings else "All is well.", style="bold")
    for finding in findings:
        page.line(finding, indent=2, bullet="•")
    for warning in warnings:  # no fault of the data: the exit status stays
        page.line(f"Warning: {warning}", indent=2, bullet="•")
    for title in ("kinds", "types"):
        counted = numbers[title]
        assert isinstance(counted, dict)
        total = sum(counted.values())
        page.line(f"{'Nodes' if title == 'kinds' else 'Relationships'} ({total:,})", style="bold", above=True)
        page.line(", ".join(f"{name} {number:,}" for name, number in counted.items()) or "none", indent=2)
    page.line(f"Sources: {numbers['sources']}; version of the content: {numbers['graph_version']}", above=True)
    page.line("Settings", style="bold", above=True)
    for name, value in used.items():
        page.line(f"{name} = {value if value is not None else '(not set)'}", indent=2)


def _check_seeds(documents: Path | None, *, json: bool) -> int:
    """Load the seed tables into a store that is thrown away, hold them to their rules, and report on every row."""
    from json import dumps
    from tempfile import TemporaryDirectory

    from api.commands._printing import print_json
    from api.commands.load import tell_report
    from graph.settings import read_settings
    from graph.store import open_store
    from loaders.finding import SEED_TABLES
    from loaders.run import load
    from loaders.seed_rules import findings
    from loaders.seed_tables import read_seed

    with TemporaryDirectory() as folder, open_store(settings=read_settings(store=str(Path(folder) / "s.db"))) as store:
        report = load(store, ["seeds"], by="cogs check", preview=True)
        seed = read_seed(SEED_TABLES, store.vocabulary, documents=documents)
    found = findings(seed)
    if json:
        print_json(dumps({"findings": found, "texts": len(seed.texts), **report.model_dump(mode="json")}))
    else:
        tell_report(report, "seeds", preview=True)
        _tell_findings(found, len(seed.texts))
    return 1 if found or report.rejected else 0


def _tell_findings(findings: list[str], texts: int) -> None:
    from api.commands._printing import Page

    page = Page()
    count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    page.line(count if findings else "Every rule is kept.", style="bold", above=True)
    for finding in findings:
        page.line(finding, indent=2, bullet="•")
    page.line(
        f"Compared with {texts} texts." if texts else "The texts were not at hand: --documents names their folder."
    )
