"""The page of commands, from the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from typer import Context
from typer.core import TyperCommand, TyperGroup

from api.cli import commands
from api.commands._building import ALWAYS, LENS, Parts
from docs.making.markdown import code, link, table

OF_TYPES = re.compile(r" <[^ ]*>")
OF_RANGES = re.compile(r"; \d+<=x<=\d+|\[\d+<=x<=\d+\]")
PAGES = {"query": "questions.md", "map": "styles.md"}  # where the parts of a command with parts are told
INTRODUCTION = (
    "`cogs --help` and `cogs NAME --help` say the same. The exit code is 0 when all is done, 1 when the work failed or"
    " rows were rejected, 2 when the command was used wrongly. What goes wrong is said in one line, with a way to mend"
    " it."
)
PARTS = (
    "The parameters of each are options: `through_groups` becomes `--through-groups` or `--no-through-groups`."
    " [All of them]({page})."
)


def of_commands() -> Iterator[str]:
    """Every command with its arguments and options."""
    root = commands()
    context = Context(root, info_name="cogs")
    built = {name: _built(root, name) for name in root.list_commands(context)}
    yield "# Commands"
    yield INTRODUCTION
    for name, command in built.items():
        yield f"## cogs {name}"
        yield (command.help or "").strip()
        if isinstance(command, Parts) and name in PAGES:
            yield from _parts(command, PAGES[name])
        elif isinstance(command, Parts):
            yield from _own_parts(command, name)
        else:
            yield from _options(_a_command(command))
    yield "## With every command"
    every = [row for command in built.values() for row in _rows(_a_command(command), ALWAYS)]
    yield table(["option", "meaning"], sorted(set(every)))


def _parts(command: Parts, page: str) -> Iterator[str]:
    names = command.list_commands(Context(command))
    briefs = {name: command.get_command(Context(command), name).help for name in names}
    yield table(["name", "meaning"], [(link(name, page), brief) for name, brief in briefs.items()])
    yield PARTS.format(page=page)
    one = _a_command(command)
    same = [_rows(_a_command(_built(command, name)), None) for name in names]
    yield from _options(one, [row for row in _rows(one, None) if all(row in rows for rows in same)])


def _own_parts(command: Parts, name: str) -> Iterator[str]:
    """The parts of a command that has no page for them."""
    for part in command.list_commands(Context(command)):
        yield f"### cogs {name} {part}"
        yield (_built(command, part).help or "").strip()
        yield from _options(_a_command(_built(command, part)))


def _built(command: TyperGroup, name: str) -> TyperCommand | TyperGroup:
    built = command.resolve_command(Context(command), [name])[1]
    assert isinstance(built, TyperCommand | TyperGroup)
    return built


def _a_command(command: TyperCommand | TyperGroup) -> TyperCommand:
    """The command itself, or the first of its parts, which have the same options beside their parameters."""
    found = _built(command, command.list_commands(Context(command))[0]) if isinstance(command, Parts) else command
    assert isinstance(found, TyperCommand)
    return found


def _options(command: TyperCommand, own: list[tuple[str, str]] | None = None) -> Iterator[str]:
    rows = _rows(command, None) if own is None else own
    if rows:
        yield table(["argument or option", "meaning"], rows)
    always = ", ".join(row[0].split(" ")[0].strip("`").join("``") for row in _rows(command, ALWAYS))
    lens = "the [lens](questions.md#the-lens), " if _rows(command, LENS) else ""
    yield f"Also {lens}{always}."


def _rows(command: TyperCommand, section: str | None) -> list[tuple[str, str]]:
    """One section of the help of a command; None is its own arguments and options."""
    context, found = Context(command), []
    for one in command.get_params(context):
        where = ALWAYS if one.name == "help" else getattr(one, "rich_help_panel", None)
        record = one.get_help_record(context)
        if record and where == section:
            found.append((code(OF_TYPES.sub("", record[0])), " ".join(OF_RANGES.sub("", record[1]).split())))
    return sorted(found, key=lambda row: row[0].startswith("`-"))
