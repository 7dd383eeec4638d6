"""Commands made from functions, and from the parameters that questions and maps declare."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from graph.errors import NotFound

if TYPE_CHECKING:
    from graph.parameters import Parameter, Reader

LENS, ALWAYS = "Lens (which part of the network counts)", "With every command"
ORDER = ("Arguments", "Options", LENS, ALWAYS)
MOST_CHOICES = 5  # shown in the help of an option; with more, the error lists them


def remember_debug(ctx: typer.Context, value: bool) -> None:
    """Note for `api/cli.py` that a traceback is wanted."""
    if value and isinstance(ctx.find_root().obj, dict):
        ctx.find_root().obj["debug"] = True


Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        help="Show the traceback when something goes wrong.",
        rich_help_panel=ALWAYS,
        is_eager=True,
        callback=remember_debug,
    ),
]


def build(
    function: Callable[..., Any],
    name: str,
    help_text: str,
    *,
    reader: Reader | None = None,
    first: str | None = None,
) -> TyperCommand:
    """A command that runs the function; with a reader, `given` gets the values of its parameters that were given.

    The parameter `first` of the reader stands without an option, before all others.
    """
    read = {parameter.name: parameter for parameter in reader.parameters} if reader else {}
    own = [one for one in inspect.signature(function, eval_str=True).parameters.values() if one.name != "given"]
    debug = inspect.Parameter("debug", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Debug)

    def run(**values: Any) -> Any:
        values.pop("debug")
        if reader is None:
            return function(**values)
        pairs = [pair for option in read for pair in _pairs(option, values.pop(option))]
        return function(**values, given=reader.values(pairs))

    parameters = [*own, *(_option(parameter, is_first=parameter.name == first) for parameter in read.values()), debug]
    signature = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    run.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, help=help_text, cls=Sectioned)(run)
    command = typer.main.get_command(app)
    assert isinstance(command, TyperCommand)
    return command


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    """A value of the command line as the texts that an address would hold."""
    values: Sequence[Any] = value if isinstance(value, list) else [] if value is None else [value]
    return [(name, str(one).lower() if isinstance(one, bool) else str(one)) for one in values]


def _option(parameter: Parameter, *, is_first: bool) -> inspect.Parameter:
    """An option, or argument, for one parameter; its text is read and checked as that of an address is."""
    flag = f"--{parameter.name.replace('_', '-')}"
    type_: Any = bool if parameter.type == "boolean" else str
    declared = f"{flag}/--no-{flag[2:]}" if type_ is bool else flag
    metavar = None if type_ is bool else _metavar(parameter)
    panel = LENS if parameter.of_lens else None
    info: Any = (
        typer.Argument(help=_help(parameter), metavar="TEXT", show_default=False)
        if is_first
        else typer.Option(declared, help=_help(parameter), metavar=metavar, show_default=False, rich_help_panel=panel)
    )
    wanted: Any = list[type_] if parameter.repeatable else type_
    return inspect.Parameter(
        parameter.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=... if parameter.required else None,
        annotation=Annotated[wanted if parameter.required else wanted | None, info],
    )


def _help(parameter: Parameter) -> str:
    words = [parameter.description]
    one: Mapping[str, Any] = parameter.schema["items"] if parameter.repeatable else parameter.schema
    if "minimum" in one and "maximum" in one and one["maximum"] < 10_000:
        words.append(f"From {one['minimum']:g} to {one['maximum']:g}.")
    if parameter.repeatable:
        words.append("May be repeated.")
    elif parameter.default is not None:
        words.append(f"Default: {str(parameter.default).lower()}.")
    return " ".join(word for word in words if word)


def _metavar(parameter: Parameter) -> str:
    one: Mapping[str, Any] = parameter.schema["items"] if parameter.repeatable else parameter.schema
    if one.get("node"):
        return "NODE"
    if len(choices := one.get("enum", ())) in range(1, MOST_CHOICES + 1):
        return "|".join(map(str, choices))
    if str(one.get("pattern", "")).startswith("^[0-9]{4}"):
        return "DATE"
    return {"integer": "NUMBER", "number": "NUMBER"}.get(parameter.type, parameter.name.upper())


class Sectioned(TyperCommand):
    """A command whose help lists its options in sections, its own first."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options section by section."""
        sections: dict[str, list[tuple[str, str]]] = {title: [] for title in ORDER}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            title = getattr(parameter, "rich_help_panel", None) or "Options"
            title = ALWAYS if parameter.name == "help" else title
            title = "Arguments" if parameter.param_type_name == "argument" else title
            if record:
                sections[title].append(record)
        for title in filter(sections.get, ORDER):
            with formatter.section(title):
                formatter.write_dl(sections[title])


class Parts(TyperGroup):
    """A command with subcommands that are parts found by name; each is built only when it is used."""

    def __init__(
        self,
        name: str,
        help_text: str,
        *,
        word: str,
        briefs: Callable[[], Mapping[str, str]],
        build: Callable[[str], TyperCommand | TyperGroup],
        **more: Any,
    ) -> None:
        super().__init__(name=name, help=help_text, subcommand_metavar="NAME ...", rich_markup_mode=None, **more)
        self._word, self._briefs, self._build = word, briefs, build

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Without arguments, say what there is."""
        return super().parse_args(ctx, args or ["--help"])

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all parts."""
        return list(self._briefs())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A part as the list of commands shows it."""
        return TyperCommand(cmd_name, help=self._briefs()[cmd_name])

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the parts, each with its whole sentence."""
        with formatter.section(f"{self._word.capitalize()}s"):
            formatter.write_dl(list(self._briefs().items()))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The part that is meant, built."""
        name, names = args[0].replace("-", "_"), tuple(self._briefs())
        if name not in names:
            raise NotFound(
                f"There is no {self._word} called “{args[0]}”.", fix=f"Choose one of: {', '.join(names)}.", valid=names
            )
        return name, self._build(name), args[1:]
