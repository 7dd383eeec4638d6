"""The pages of what can be loaded and of what leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType
from typing import cast

from pydantic.fields import FieldInfo

from docs.making.markdown import code, first_line, table
from docs.making.values import meaning_of, value_of
from graph.model import Evidence, Identifier, Node, Relationship, Source
from graph.parts import part, part_names
from graph.questions import described
from loaders.finding import SEED_TABLES, loaders

EXPORTS = "graph.exports"
MODELS = (Source, Node, Relationship, Evidence, Identifier)


def of_loaders() -> Iterator[str]:
    """Every loader, the columns of the seed tables, and the keys of graph JSON Lines."""
    yield "# Loaders"
    yield "`cogs load FILE` looks at the file and takes the loader that recognises it; `--loader NAME` names one."
    for name, loader in loaders().items():
        yield f"## {name}"
        yield from filter(None, described(cast(ModuleType, loader)))
        if loader.SUFFIXES:
            yield f"Ending of the file, where its beginning does not tell: {', '.join(map(code, loader.SUFFIXES))}."
        if name == "seeds":
            yield from _columns()
    yield "## Keys of graph JSON Lines"
    yield 'A line is `{"source": {…}}`, `{"node": {…}}` or `{"relationship": {…}}`. Empty values are left out.'
    for model in MODELS:
        yield f"### {model.__name__}"
        yield first_line(model)
        yield table(["key", "value", "needed", "what it is"], map(_key, model.model_fields.items()))


def _columns() -> Iterator[str]:
    package = json.loads((SEED_TABLES / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"][:3]:  # what a load reads; the rest accounts for it
        yield f"### {resource['path']}"
        rows = [
            (code(field["name"]), "yes" if field.get("constraints", {}).get("required") else "", field["description"])
            for field in resource["schema"]["fields"]
        ]
        yield table(["column", "needed", "what it is"], rows)


def _key(named: tuple[str, FieldInfo]) -> tuple[str, str, str, str]:
    name, field = named
    return code(name), value_of(field), "yes" if field.is_required() else "", meaning_of(name, field)


def of_exports() -> Iterator[str]:
    """Every format that the network leaves in."""
    yield "# Exports"
    yield (
        "By command (`cogs export --format NAME -o FILE`) and by address (`/v1/export.NAME`). Both take the"
        " [lens](questions.md#the-lens)."
    )
    for name in part_names(EXPORTS):
        module = part(EXPORTS, name)
        yield f"## {name}"
        yield from filter(None, described(module))
        yield f"```sh\ncogs export --format {name} -o network{module.SUFFIX}\n```"
        yield f"Over HTTP its type is `{module.MEDIA_TYPE}`."
