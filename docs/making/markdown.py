"""The little Markdown that the reference pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what would end a cell is escaped."""
    written = [[cell.replace("\n", " ").replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in (titles, ["---"] * len(titles), *written))


def code(text: object) -> str:
    """A word of the program."""
    return f"`{text}`"


def first_line(thing: object) -> str:
    """What a model, function or module is for."""
    return (thing.__doc__ or "").strip().partition("\n")[0]


def link(name: str, page: str = "") -> str:
    """A word of the program that leads to its heading on a page."""
    return f"[{code(name)}]({page}#{name})"
