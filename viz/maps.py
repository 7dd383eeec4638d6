"""Drawing: finds a map style by name, reads its parameters, gives it a view.

A style is one module of `viz/styles/` with `Parameters` and `draw(view, parameters)`. The route, the command and
the documentation all come from that one module.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints
from urllib.parse import urlencode

from graph.errors import NotFound
from graph.model import Audience
from graph.parts import part, part_names
from graph.questions import Asking, described, settled
from graph.store.base import Store
from graph.view import View
from viz.forms import Picture

PACKAGE = "viz.styles"


@dataclass(frozen=True)
class Style(Asking):
    """One style of map: what it is for, its parameters, and the function that draws it."""

    function: Callable[[View, Any], Picture]

    @property
    def answer(self) -> type[Picture]:
        """Which sort of picture it makes."""
        found: type[Picture] = get_type_hints(self.function)["return"]
        return found


def style_names() -> tuple[str, ...]:
    """Names of all styles."""
    return part_names(PACKAGE)


def style(name: str) -> Style:
    """One style by its name; an unknown one raises NotFound with the valid names."""
    try:
        module = part(PACKAGE, name)
    except NotFound as unknown:
        raise NotFound(f"There is no map style called “{name}”.", fix=unknown.fix, valid=style_names()) from unknown
    return Style(name, *described(module), module.Parameters, module.draw)


def draw(store: Store, name: str, values: Mapping[str, Any], *, audience: Audience = Audience.private) -> Picture:
    """Draw a map; `values` holds the style's own parameters and those of the lens."""
    asked = style(name)
    lens, parameters = asked.read(values, audience)
    view, drawn = settled(store, lens, lambda view: asked.function(view, parameters))
    given = {
        option: list(value) if isinstance(value, list | tuple) else [value]
        for option, value in values.items()
        if value is not None
    }
    words = {"style": name, "address": address(name, given), "command": command(name, given)}
    notes = tuple(dict.fromkeys((*drawn.notes, *view.notes)))
    return drawn.model_copy(update={**words, "notes": notes, "graph_version": view.graph_version})


def address(name: str, given: Mapping[str, Sequence[Any]]) -> str:
    """Where the same map is served."""
    pairs = [(option, _text(value)) for option, values in given.items() for value in values]
    return f"/v1/maps/{name}?{urlencode(pairs)}".removesuffix("?")


def command(name: str, given: Mapping[str, Sequence[Any]]) -> str:
    """The command that draws the same map."""
    words = ["cogs", "map", name]
    for option, values in given.items():
        flag = option.replace("_", "-")
        for value in values:
            yes_or_no = f"--{flag}" if value else f"--no-{flag}"
            words += [yes_or_no] if isinstance(value, bool) else [f"--{flag}", str(value)]
    return shlex.join([*words, "-o", f"{name}.html"])


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
