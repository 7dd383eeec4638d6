"""Measures: pure functions of the actor graph, and of a seed where one is needed.

Each says what it means to a network weaver, its units, range and odd cases, its formula and its source.
Values are rounded to 9 decimals, and compared after that; what is undefined is None, never NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from graph.actors import ActorGraph

Options = ParamSpec("Options")
Result = TypeVar("Result")
MOST_KEPT = 24  # results per actor graph; parameters such as `resolution` could ask for any number of them


def kept(
    measure: Callable[Concatenate[ActorGraph, Options], Result],
) -> Callable[Concatenate[ActorGraph, Options], Result]:
    """Keep the result of a measure with its actor graph, so that asking again costs a look-up."""

    def looked_up(graph: ActorGraph, /, *values: Options.args, **options: Options.kwargs) -> Result:
        key = f"{measure.__qualname__} {values} {sorted(options.items())}"
        held: tuple[Result] | None = graph.kept.get(key)
        if held is None:
            held = graph.kept[key] = (measure(graph, *values, **options),)
            for first in list(graph.kept)[:-MOST_KEPT]:  # others may be doing the same
                graph.kept.pop(first, None)
        return held[0]

    update_wrapper(looked_up, measure)
    return looked_up


def ranks(values: list[float]) -> list[int]:
    """Rank of each value from high to low; equal values have equal rank, 1 + the number of greater ones."""
    first: dict[float, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        first.setdefault(value, place)
    return [first[value] for value in values]
