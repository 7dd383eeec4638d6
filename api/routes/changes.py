"""The change feed: what was added, changed, removed, merged and forgotten, oldest first."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import Field, JsonValue

from api.reading import Read
from api.routing import Get, NoLens
from graph.answers import Part, QuestionParameters
from graph.limits import DEFAULT_PAGE, LARGEST_PAGE
from graph.model import ThingName
from graph.store.records import Action, Change


class ChangesParameters(QuestionParameters):
    """From where on, and how many."""

    since: int = Field(0, ge=0, le=10**15, description="Position of the last change that is known already.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE, description="Most changes on a page.")


class ChangeInAnswer(Part):
    """One change."""

    position: int = Field(description="Its place in the feed; give the last one as `since` to go on.")
    at: str = Field(description="When it was made, in UTC.")
    by: str | None = Field(description="Who made it; only for the team.")
    action: Action
    thing: ThingName
    id: str
    previous: dict[str, JsonValue] | None = Field(description="What was there before, where it may be known.")


class ChangePage(Part):
    """Changes in the order in which they were made."""

    items: tuple[ChangeInAnswer, ...]
    next: str | None = Field(description="Address of the next page, relative; null when there is no more yet.")
    graph_version: str


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    asking = NoLens("changes", "What has changed since, oldest first.", "", ChangesParameters)
    # The version says what the network is, not how it came to be so: the feed may differ at the same version.
    yield Get("/v1/changes", asking, changes, ChangePage, is_tagged=False)


def changes(read: Read) -> ChangePage:
    """A page of the feed."""
    since, limit = read.parameters.since, read.parameters.limit
    found = read.store.changes(since, limit=limit + 1, audience=read.lens.audience)
    kept = found[:limit]
    more = read.address({**read.values, "since": kept[-1].position}) if len(found) > limit else None
    return ChangePage(items=tuple(map(_told, kept)), next=more, graph_version=read.graph_version)


def _told(change: Change) -> ChangeInAnswer:
    previous = json.loads(change.previous) if change.previous else None
    return ChangeInAnswer(**{**change.__dict__, "previous": previous})
