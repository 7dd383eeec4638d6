"""What has been learned: insights by sort, with who said each, what it is about, and how often themes come up.

The sorts of a short interview come first: what to reinstate, carry forward, end and change further, and the conditions
that helped; then whatever else people voiced. An insight is about a place when it is about the place, one of its
parts, or somebody or something in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import numpy as np
from pydantic import Field

from graph.adjacency import Ints, Mask
from graph.answers import Cut, NodeInAnswer, NodeName, Part, QuestionAnswer, QuestionParameters, RelationshipInAnswer
from graph.groups import attribute_labels
from graph.lens import PLACE_TYPES, Lens
from graph.limits import MOST_NODES
from graph.questions import empty_meta
from graph.view import View, resolve

SORTS = ("reinstate", "carry forward", "end", "change further", "condition")


class Parameters(QuestionParameters):
    """Which insights; without any of these, all that the lens shows."""

    theme: NodeName | None = Field(None, description="Only insights about this theme or its parts.")
    place: NodeName | None = Field(None, description="Only insights about this place, its parts, or what is in them.")
    perspective: str | None = Field(
        None, min_length=1, max_length=200, description="Only insights from this perspective; case does not matter."
    )
    node: NodeName | None = Field(None, description="Only insights about this node, or that it voiced.")


class Insight(Part):
    """Something learned, within the audience of the reader."""

    node: NodeInAnswer
    sort: str | None = Field(description="What is to be done with it; null where nothing is stated.")
    summary: str | None
    perspectives: tuple[str, ...] = Field(description="From whose point of view it is said, as stated.")
    said_by: tuple[NodeInAnswer, ...] = Field(description="Who voiced it, as far as the reader may know, by id.")
    about: tuple[NodeInAnswer, ...] = Field(description="What it is about, by id.")
    relationships: tuple[RelationshipInAnswer, ...] = Field(description="Who voiced it and what it is about, sourced.")


class ThemeCount(Part):
    """A theme, and how many of these insights are about it."""

    node: NodeInAnswer
    insights: int = Field(description="How many insights are about it.")


class PerspectiveCount(Part):
    """A perspective, and how many of these insights are said from it."""

    perspective: str = Field(description="From whose point of view.")
    insights: int = Field(description="How many insights are said from it.")


class Answer(QuestionAnswer):
    """Insights by sort, then id; themes and perspectives with the most insights first, then by id or name."""

    insights: tuple[Insight, ...]
    themes: tuple[ThemeCount, ...]
    perspectives: tuple[PerspectiveCount, ...]


def answer(view: View, parameters: Parameters) -> Answer:
    """Choose the insights and tell them."""
    edges = view.arrays.relationships
    shown = view.arrays.visible(view.lens).relationships
    about = np.flatnonzero(shown & _of_type(view, "ABOUT") & _insights(view)[edges.source])
    voiced = np.flatnonzero(shown & _of_type(view, "VOICED") & _insights(view)[edges.target])
    found = np.flatnonzero(_chosen(view, parameters, about, voiced))
    bodies = view.bodies(view.arrays.nodes.ids[number] for number in found.tolist())
    stated = {id: tuple(attribute_labels(node.attributes.get("perspective"))) for id, node in bodies.items()}
    if parameters.perspective is not None:
        bodies = {id: body for id, body in bodies.items() if _is_one_of(parameters.perspective, stated[id])}
        _note_none(view, bodies, stated)
    order = sorted(bodies, key=lambda id: (_place_of(bodies[id].subkind), id))
    if not _insights(view).any():
        view.note("Nothing learned is recorded here, or this lens hides it.")
    elif not order:
        view.note("Nothing recorded fits; fewer conditions show more.")
    told = order[:MOST_NODES]
    if len(told) < len(order):
        view.cut = Cut(limit="insights", kept=len(told), of=len(order))
    kept = np.isin(edges.source[about], [view.number(id) for id in order])
    return Answer(
        meta=empty_meta("learning"),
        insights=_told(view, told, stated, _behind(view, told, about, voiced)),
        themes=_themes(view, about[kept]),
        perspectives=tuple(
            PerspectiveCount(perspective=name, insights=count)
            for name, count in _by_count(name for id in order for name in stated[id])
        ),
    )


def _of_type(view: View, type: str) -> Mask:
    found: Mask = np.isin(view.arrays.relationships.type, view.arrays.type_codes([type]))
    return found


def _insights(view: View) -> Mask:
    kind = view.arrays.nodes.kind
    found: Mask = view.arrays.visible(view.lens).nodes & np.isin(kind, view.arrays.kind_codes(["insight"]))
    return found


def _chosen(view: View, parameters: Parameters, about: Ints, voiced: Ints) -> Mask:
    """The insights that fit the theme, the place and the node that are asked for."""
    edges, chosen = view.arrays.relationships, _insights(view)
    wanted = []
    if parameters.theme is not None:
        wanted.append(_parts(view, parameters.theme, "theme"))
    if parameters.place is not None:
        wanted.append(_with_what_is_in(view, _parts(view, parameters.place, "place")))
    for subjects in wanted:
        chosen &= _marked(view, edges.source[about[subjects[edges.target[about]]]])
    if parameters.node is not None:
        number = view.number(view.resolve(parameters.node, "node"))
        ends = (
            edges.source[about[edges.target[about] == number]],
            edges.target[voiced[edges.source[voiced] == number]],
        )
        chosen &= _marked(view, np.append(np.concatenate(ends), number))
    return chosen


def _marked(view: View, numbers: Iterable[int]) -> Mask:
    marked = np.zeros(len(view.arrays.nodes.ids), np.bool_)
    marked[np.fromiter(numbers, np.int64)] = True
    return marked


def _parts(view: View, text: str, kind: str) -> Mask:
    """A theme or place with all its parts."""
    id = resolve(view.store, text, Lens(audience=view.lens.audience, kind=(kind,)), parameter=kind).id
    view.understood[kind] = id
    parts = view.store.parts(view.lens.model_copy(update={"place": (id,), "theme": ()}))[id]
    return _marked(view, (view.number(part) for part in parts))


def _with_what_is_in(view: View, places: Mask) -> Mask:
    edges, shown = view.arrays.relationships, view.arrays.visible(view.lens).relationships
    located = shown & np.isin(edges.type, view.arrays.type_codes(PLACE_TYPES)) & places[edges.target]
    return places | _marked(view, edges.source[located])


def _is_one_of(wanted: str, stated: Iterable[str]) -> bool:
    return wanted.casefold() in {one.casefold() for one in stated}


def _note_none(view: View, found: Collection[str], stated: dict[str, tuple[str, ...]]) -> None:
    """Where nothing is said from the perspective, say which there are."""
    names = sorted({name for some in stated.values() for name in some})
    if not found and names:
        view.note(f"Nothing is said from this perspective; there are: {', '.join(names)}.")


def _place_of(sort: str | None) -> tuple[int, str]:
    """Where a sort stands: the five first, then the others by name, last what has none."""
    if sort is None:
        return len(SORTS) + 1, ""
    return (SORTS.index(sort), "") if sort in SORTS else (len(SORTS), sort)


def _by_count(names: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(names).items(), key=lambda one: (-one[1], one[0]))


def _themes(view: View, about: Ints) -> tuple[ThemeCount, ...]:
    """Each theme once for each insight that is about it, however often that is recorded."""
    edges, ids = view.arrays.relationships, view.arrays.nodes.ids
    themes = np.isin(view.arrays.nodes.kind, view.arrays.kind_codes(["theme"]))
    pairs = zip(edges.source[about].tolist(), edges.target[about].tolist(), strict=True)
    counts = _by_count(ids[theme] for _, theme in {pair for pair in pairs if themes[pair[1]]})
    nodes = view.nodes(id for id, _ in counts)
    return tuple(ThemeCount(node=nodes[id], insights=count) for id, count in counts)


def _behind(view: View, told: list[str], about: Ints, voiced: Ints) -> dict[str, list[int]]:
    """For each insight the relationships that say who voiced it and what it is about."""
    edges, ids = view.arrays.relationships, view.arrays.nodes.ids
    found: dict[str, list[int]] = {id: [] for id in told}
    for numbers, end in ((about, edges.source), (voiced, edges.target)):
        for number in numbers.tolist():
            found.get(ids[end[number]], []).append(number)
    return found


def _told(
    view: View, order: list[str], stated: dict[str, tuple[str, ...]], behind: dict[str, list[int]]
) -> tuple[Insight, ...]:
    bodies = view.bodies(order)
    view.relationship_bodies(number for some in behind.values() for number in some)  # all of them in one read
    found = []
    for id in order:
        relationships = view.relationships(behind[id])
        found.append(
            Insight(
                node=view.nodes([id])[id],
                sort=bodies[id].subkind,
                summary=bodies[id].summary,
                perspectives=stated[id],
                said_by=_nodes(view, (one.source for one in relationships if one.type == "VOICED")),
                about=_nodes(view, (one.target for one in relationships if one.type == "ABOUT")),
                relationships=tuple(relationships),
            )
        )
    return tuple(found)


def _nodes(view: View, ids: Iterable[str]) -> tuple[NodeInAnswer, ...]:
    return tuple(view.nodes(sorted(set(ids))).values())
