"""Record by hand: introductions and what came of them, consent, and what people say they learned."""

from __future__ import annotations

import getpass
from functools import partial
from typing import Any

from typer.core import TyperCommand

from api.commands._building import Parts, build
from api.commands._options import JsonOption, StoreOption

FIRST = {"consent": "node", "insight": "text"}  # what stands without an option


def command() -> Parts:
    """`cogs record NAME …`, with the fields of each record as options."""
    return Parts("record", __doc__ or "", word="record", briefs=_briefs, build=_record)


def _briefs() -> dict[str, str]:
    from graph.recording import RECORDS

    return {name: (model.__doc__ or "").partition("\n")[0] for name, model in RECORDS.items()}


def _record(name: str) -> TyperCommand:
    from api.commands._stores import reader
    from api.routing import NoLens
    from graph.recording import RECORDS

    asking = NoLens(name, _briefs()[name], "", RECORDS[name])
    return build(partial(_write, asking), name, asking.help, reader=reader(asking), first=FIRST.get(name))


def _write(asking: Any, *, given: dict[str, Any], store: StoreOption = None, json: JsonOption = False) -> None:
    from api.commands._printing import Page, print_json
    from api.commands._stores import reading
    from graph.model import Audience
    from graph.recording import Recorder

    _, record = asking.read(given, Audience.private)
    with reading(store) as opened:
        recorded = getattr(Recorder(opened, by=getpass.getuser()), asking.name)(record)
        address = opened.uri
    if json:
        print_json(recorded.model_dump_json())
        return
    page = Page()
    page.line(recorded.sentence)
    is_new = recorded.added or recorded.changed or recorded.removed
    page.line(f"Written to {address}." if is_new else f"All was in {address} already.")
