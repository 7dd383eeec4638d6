"""Sources: what was read, and how many facts it gave."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile

from pydantic import Field

from api.reading import Nothing, PageParameters, Read, from_cursor, page_of
from api.routing import Get, NoLens
from graph.answers import Part
from graph.errors import NotFound
from graph.provenance import SourceInAnswer, sources


class SourcePage(Part):
    """Sources in the order of their ids."""

    items: tuple[SourceInAnswer, ...]
    next: str | None = Field(description="Address of the next page, relative; null on the last.")
    graph_version: str


class SourceAnswer(SourceInAnswer):
    """One source."""

    graph_version: str


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    listing = NoLens("sources", "What was read, and how many facts rest on it.", "", PageParameters)
    yield Get("/v1/sources", listing, source_list, SourcePage)
    one = NoLens("source", "One source, and how many facts rest on it.", "", Nothing)
    yield Get("/v1/sources/{id}", one, source, SourceAnswer)


def source_list(read: Read) -> SourcePage:
    """A page of sources."""
    after, limit = from_cursor(read.parameters.cursor) or "source/", read.parameters.limit
    all_sources = sources(read.store, read.lens.audience)
    found = list(dropwhile(lambda one: f"source/{one.id}" <= after, all_sources))
    return SourcePage(
        items=tuple(found[:limit]),
        next=page_of([f"source/{one.id}" for one in found], limit, read),
        graph_version=read.graph_version,
    )


def source(read: Read) -> SourceAnswer:
    """One source by its id."""
    id = read.ids["id"]
    for one in sources(read.store, read.lens.audience):
        if one.id == id:
            return SourceAnswer(**one.__dict__, graph_version=read.graph_version)
    raise NotFound(f"There is no source with the id “{id[:200]}”.", fix="`/v1/sources` lists them all.")
