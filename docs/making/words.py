"""The pages of settings and of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Literal, get_args

from docs.making.markdown import code, table
from graph.settings import Settings
from graph.vocabulary import Type, Vocabulary, load_vocabulary


def of_settings() -> Iterator[str]:
    """Every setting with its default."""
    yield "# Settings"
    yield "Environment variables. An option of a command comes before them; `cogs check` prints those in use."
    yield table(["setting", "default", "meaning"], map(_setting, Settings.model_fields))


def _setting(name: str) -> tuple[str, str, str]:
    field = Settings.model_fields[name]
    default = "none" if field.default is None or hasattr(field.default, "get_secret_value") else code(field.default)
    if field.default_factory:
        default = "a file in your own data folder"
    choices = list(field.annotation) if isinstance(field.annotation, type(Enum)) else get_args(field.annotation)
    named = [code(one) for one in choices if isinstance(one, str)]
    one_of = f" One of {', '.join(named)}." if named else ""
    return code(f"COGS_{name.upper()}"), default, f"{field.description}{one_of}"


def of_vocabulary() -> Iterator[str]:
    """Every kind of node and type of relationship."""
    vocabulary = load_vocabulary()
    yield "# Vocabulary"
    yield (
        "The kinds of node and types of relationship. A YAML file of the same shape as `graph/vocabulary.yaml`, named"
        " in `COGS_VOCABULARY`, adds kinds and types or changes single values."
    )
    yield "## Kinds of node"
    yield table(
        ["kind", "meaning", "a path may run through it", "shared work", "only groups", "shape and colour"],
        _of_kinds(vocabulary),
    )
    yield (
        "*Shared work*: two actors who have a part in one have worked together. *Only groups*: groups actors and never"
        " connects them."
    )
    yield "## Types of relationship"
    yield table(["type", "reads", "from", "to", "meaning", "strength", "makes a tie", "own people"], _types(vocabulary))
    yield (
        "*Strength* is what counts where a relationship states none, from 0 to 1. *Makes a tie*: it is contact between"
        " actors, see [measures](../measures.md). *Own people*: it makes a person one of the organisation's."
    )


def _of_kinds(vocabulary: Vocabulary) -> Iterator[tuple[str, ...]]:
    for name, row in vocabulary.kinds.items():
        marks = (_yes(mark) for mark in (row.passage, row.work, row.group_only))
        yield code(name), row.meaning, *marks, f"{row.shape} {row.colour}"


def _types(vocabulary: Vocabulary) -> Iterator[tuple[str, ...]]:
    for name, row in vocabulary.types.items():
        ends = _kinds(row.source), _kinds(row.target)
        yield code(name), _reads(row), *ends, row.meaning, str(row.strength), _yes(row.tie), _yes(row.of)


def _reads(row: Type) -> str:
    return f"{row.reads} / {row.reads_back}" if row.directed else f"{row.reads} (both ways)"


def _kinds(kinds: tuple[str, ...] | Literal["any"]) -> str:
    return "any" if kinds == "any" else ", ".join(kinds)


def _yes(value: bool) -> str:
    return "yes" if value else ""
