"""Tables for a spreadsheet: a zip of sources.csv, nodes.csv and relationships.csv.

The columns are the fields of the model. Several values share a cell with `|` between them (one that belongs to a
value is written `\\|`), `attributes` is JSON, and the pieces of evidence of a fact are told in parallel columns.
A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from graph.exports._archive import Runs, Table, archive, table_text
from graph.lens import Lens
from graph.model import Evidence, Node, Relationship, Source, Thing
from graph.store.base import Store

MEDIA_TYPE = "application/zip"
SUFFIX = ".zip"
TABLES: Mapping[type[Thing], str] = {Source: "sources.csv", Node: "nodes.csv", Relationship: "relationships.csv"}
FORMULA = re.compile(r"'*[=+\-@\t\r]")


def write(store: Store, lens: Lens) -> Iterator[bytes]:
    """The archive, table by table; equal networks give equal bytes."""
    return archive(store, lens, _tables(store, lens))


def _tables(store: Store, lens: Lens) -> Iterator[Table]:
    things = Runs(store.export(lens))
    for model, name in TABLES.items():
        yield name, table_text(columns(model), map(_cells, things.of(model)))


def columns(model: type[BaseModel]) -> list[str]:
    """Titles of a table: the fields of the model, evidence spread over columns of its own."""
    names = [name for name in model.model_fields if name != "evidence"]
    return names + ([f"evidence_{name}" for name in Evidence.model_fields] if "evidence" in model.model_fields else [])


def _cells(thing: Thing) -> list[str | int | float]:
    cells = [_cell(getattr(thing, name)) for name in type(thing).model_fields if name != "evidence"]
    if not isinstance(thing, Source):
        cells += [_joined([getattr(one, name) for one in thing.evidence]) for name in Evidence.model_fields]
    return cells


def _cell(value: Any) -> str | int | float:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return value
    if isinstance(value, tuple):
        return _joined(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return escaped(value or "")


def _joined(values: Sequence[Any]) -> str:
    texts = [str(value or "").replace("\\", "\\\\").replace("|", "\\|") for value in values]
    return escaped("|".join(texts)) if any(texts) else ""


def escaped(text: str) -> str:
    """The text as a spreadsheet takes it for text; `unescaped` gives it back."""
    return f"'{text}" if FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """A text without the apostrophe that `escaped` put before it; any other stays as it is."""
    return text[1:] if text.startswith("'") and FORMULA.match(text, 1) else text
