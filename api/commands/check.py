"""Check the health of the store and of what it holds; `cogs check seeds` checks the seed tables."""

from __future__ import annotations

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
SECRET = "set"  # noqa: S105 - said instead of a password


def command() -> TyperCommand:
    """`cogs check`, `cogs check seeds`."""
    return build(_check, "check", __doc__ or "")


def _check(what: WhatArgument = "store", *, store: StoreOption = None, json: JsonOption = False) -> int:
    return _check_seeds(json=json) if what == "seeds" else _check_store(store, json=json)


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


def _check_seeds(*, json: bool) -> int:
    """Load the seed tables into a store that is thrown away, and report on every row."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from api.commands._printing import print_json
    from api.commands.load import tell_report
    from graph.settings import read_settings
    from graph.store import open_store
    from loaders.run import load

    with TemporaryDirectory() as folder, open_store(settings=read_settings(store=str(Path(folder) / "s.db"))) as store:
        report = load(store, ["seeds"], by="cogs check", preview=True)
    if json:
        print_json(report.model_dump_json())
    else:
        tell_report(report, "seeds", preview=True)
    return 1 if report.rejected else 0
