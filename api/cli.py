"""The command `cogs`: finds the command that is meant, runs it, and says in one line what went wrong.

Exit codes: 0 done, 1 the work failed or rows were rejected, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from api.commands._building import Parts
from graph.errors import CogsError, InputError
from graph.parts import part, part_names

PACKAGE = "api.commands"
FAILED, WRONG_USAGE = 1, 2
HELP = """Cogs of Connection: a collaborative ecosystem as a network in which every fact says where it comes from.

`cogs serve` starts the service with a first network; `cogs query` lists what can be asked of it.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    wishes = {"debug": False}
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter gets another one
            stream.reconfigure(errors="replace")
    try:
        code = commands().main(arguments, "cogs", standalone_mode=False, obj=wishes)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        _forget_output()
        return FAILED
    except KeyboardInterrupt:
        return 130
    except Exception as wrong:  # the last place where anything can be said about it
        if wishes["debug"]:
            raise
        return _say(wrong)


def commands() -> TyperGroup:
    """The command with all its subcommands; a subcommand is built when it is used."""
    return Parts("cogs", HELP, word="command", briefs=_briefs, build=_built, params=_version_option())


def _briefs() -> dict[str, str]:
    return {name: (part(PACKAGE, name).__doc__ or "").partition("\n")[0] for name in part_names(PACKAGE)}


def _built(name: str) -> TyperCommand | TyperGroup:
    built: TyperCommand | TyperGroup = part(PACKAGE, name).command()
    return built


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"cogs {version('cogs-of-connection')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Say the version.", callback=_show_version, is_eager=True, expose_value=False)
]


def _version_option() -> list[Any]:
    def holder(version: Version = False) -> None: ...

    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(holder)
    return typer.main.get_command(app).params


def _say(wrong: Exception) -> int:
    """Say on standard error what went wrong; gives the exit code."""
    from api.commands._printing import plain

    code = FAILED
    if isinstance(wrong, CogsError):
        code = WRONG_USAGE if _is_wrong_usage(wrong) else FAILED
        lines = [f"Error: {' '.join(str(wrong).split())}", *_others(wrong)]
    elif hasattr(wrong, "format_message"):
        code, lines = WRONG_USAGE, [f"Error: {_of_usage(wrong)}"]
    else:
        lines = [f"Error: The program itself failed: {type(wrong).__name__}: {wrong}. Run it again with --debug."]
    sys.stderr.write("".join(f"{plain(line)}\n" for line in lines))
    return code


def _is_wrong_usage(wrong: CogsError) -> bool:
    """Whether a value of the command line is wrong in itself, whatever the network holds."""
    return "valid" in wrong.details or (isinstance(wrong, InputError) and "parameter" in wrong.details)


def _others(wrong: CogsError) -> list[str]:
    """The nodes that fit, or whose names are nearest."""
    found = wrong.details.get("candidates") or wrong.details.get("nearest") or ()
    return [f"  {one.id}  {one.name} ({one.kind})" for one in found]


def _of_usage(wrong: Any) -> str:
    """What typer says about wrong usage, as one line, with the command that helps."""
    message = " ".join(wrong.format_message().split())
    path = wrong.ctx.command_path if getattr(wrong, "ctx", None) else "cogs"
    return f"{message.rstrip('.')}. See `{path} --help`."


def _forget_output() -> None:
    """Nobody reads on: keep Python from complaining when it flushes what is left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
