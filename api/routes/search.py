"""Search: ranked nodes, each with why it matched."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from api.reading import PageParameters, Read, from_cursor, to_cursor
from api.routing import Get
from graph.errors import InputError
from graph.finding import SearchAnswer, search
from graph.questions import Asking


class SearchParameters(PageParameters):
    """What is searched for."""

    q: str = Field(
        min_length=1,
        max_length=1_000,
        description="Part of a name, an alias, an identifier or words of a summary; accents and one typing error "
        "are forgiven.",
        examples=["oldham"],
    )


SEARCH = Asking("search", "Nodes that match a text, the best first.", "", SearchParameters)


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    yield Get("/v1/search", SEARCH, found, SearchAnswer)


def found(read: Read) -> SearchAnswer:
    """A page of what was found."""
    parameters: SearchParameters = read.parameters
    offset = _offset(parameters.cursor)
    answer = search(read.store, parameters.q, read.lens, limit=parameters.limit, offset=offset)
    end = offset + parameters.limit
    more = read.next(to_cursor(f"match/{end}")) if answer.total > end else None
    return answer.model_copy(update={"next": more})


def _offset(cursor: str | None) -> int:
    word, _, offset = (from_cursor(cursor) or "match/0").partition("/")
    if word != "match" or not offset.isdecimal() or len(offset) > 6:
        raise InputError("The cursor is not one of ours.", fix="Take it from `next`, unchanged.", parameter="cursor")
    return int(offset)
