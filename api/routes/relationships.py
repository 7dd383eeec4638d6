"""Relationships: the list, filtered, and one by its id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from pydantic import Field, JsonValue

from api.reading import Nothing, PageParameters, Read, from_cursor, page_of
from api.routing import Get, NoLens
from graph.answers import NodeName, Part, RelationshipInAnswer
from graph.errors import NotFound
from graph.limits import LARGEST_PAGE
from graph.model import Audience, Relationship
from graph.questions import Asking, settled
from graph.store.records import Around
from graph.view import View


class RelationshipWhole(RelationshipInAnswer):
    """A relationship with everything that is kept of it."""

    strength: float = Field(description="0 to 1; the default of its type where nothing is stated.")
    note: str | None
    audience: Audience | None = Field(description="Who may see it; null means public.")
    attributes: dict[str, JsonValue] = Field(description="Anything else that a loader found.")


class RelationshipPage(Part):
    """Relationships in the order of type and id."""

    items: tuple[RelationshipWhole, ...]
    next: str | None = Field(description="Address of the next page, relative; null on the last.")
    graph_version: str


class RelationshipParameters(PageParameters):
    """Which relationships, besides the lens."""

    source: NodeName | None = Field(None, description="Only those that start from this node.")
    target: NodeName | None = Field(None, description="Only those that lead to this node.")
    role: str | None = Field(None, min_length=1, max_length=200, description="Only those whose role holds this text.")


class RelationshipAnswer(RelationshipWhole):
    """One relationship."""

    graph_version: str


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    listing = Asking(
        "relationships",
        "Relationships, a page at a time.",
        "In the order of type and id. With `kind`, both ends are of these kinds.",
        RelationshipParameters,
    )
    yield Get("/v1/relationships", listing, relationships, RelationshipPage)
    one = NoLens("relationship", "One relationship.", "", Nothing)
    yield Get("/v1/relationships/{id:path}", one, relationship, RelationshipAnswer)


def relationships(read: Read) -> RelationshipPage:
    """A page of relationships."""
    return settled(read.store, read.lens, lambda view: _page(view, read))[1]


def _page(view: View, read: Read) -> RelationshipPage:
    parameters: RelationshipParameters = read.parameters
    source = view.resolve(parameters.source, "source") if parameters.source else None
    target = view.resolve(parameters.target, "target") if parameters.target else None
    around = Around(source, "out") if source else Around(target, "in") if target else None
    found = matching(
        view,
        around,
        from_cursor(parameters.cursor),
        lambda one: (target is None or one.target == target) and has_role(one, parameters.role),
    )
    some = list(islice(found, parameters.limit + 1))
    return RelationshipPage(
        items=tuple(whole(view, some[: parameters.limit])),
        next=page_of([key(one) for one in some], parameters.limit, read),
        graph_version=view.graph_version,
    )


def matching(
    view: View, around: Around | None, after: str | None, is_wanted: Callable[[Relationship], bool]
) -> Iterator[Relationship]:
    """Relationships under the lens of the view that are wanted, read a page at a time."""
    while True:
        page = list(view.store.relationships(view.lens, around=around, after=after, limit=LARGEST_PAGE + 1))
        yield from filter(is_wanted, page)
        if len(page) <= LARGEST_PAGE:
            return
        after = key(page[-1])


def key(relationship: Relationship) -> str:
    """Where it stands in the order of relationships."""
    return f"{relationship.type}/{relationship.id}"


def has_role(relationship: Relationship, text: str | None) -> bool:
    """Whether its role holds a text, in small or capital letters; any does when no text is asked for."""
    return text is None or text.casefold() in (relationship.role or "").casefold()


def whole(view: View, relationships: list[Relationship]) -> Iterable[RelationshipWhole]:
    """Relationships with their sentences and everything that is kept of them."""
    for told, kept in zip(view.told(relationships), relationships, strict=True):
        default = view.store.vocabulary.types[kept.type].strength
        yield RelationshipWhole(
            **told.__dict__,
            strength=default if kept.strength is None else kept.strength,
            note=kept.note,
            audience=kept.audience,
            attributes=kept.attributes,
        )


def relationship(read: Read) -> RelationshipAnswer:
    """One relationship by its id."""
    id = read.ids["id"]
    found = read.store.get_relationships([id], read.lens)
    if id not in found:
        raise NotFound(f"There is no relationship with the id “{id[:200]}”.", fix="`/v1/relationships` lists them all.")
    _, (told,) = settled(read.store, read.lens, lambda view: list(whole(view, [found[id]])))
    return RelationshipAnswer(**told.__dict__, graph_version=read.graph_version)
