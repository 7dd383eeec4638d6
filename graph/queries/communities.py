"""Which communities the ties show: actors with many and strong ties among themselves, and few to others.

Found from the ties alone (Leiden), whatever sector or place is stated. Every actor is in exactly one community; an
actor without ties is one of its own. A community has the id of its leading member and keeps it while that leads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pydantic import Field
from scipy.sparse import csr_array

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.answers import NodeInAnswer, Part, QuestionAnswer
from graph.contacts import ActorParameters, contacts
from graph.groups import groups_of, stated_groups
from graph.limits import LARGEST_PAGE
from graph.measures.communities import Communities, communities
from graph.questions import empty_meta
from graph.view import View
from graph.wording import counted, listed

LEADING, THEMES = 3, 3


class Parameters(ActorParameters):
    """How fine the division is, and how many communities are told."""

    resolution: float = Field(
        1.0, gt=0, le=100, allow_inf_nan=False, description="More than 1 gives smaller communities, less larger ones."
    )
    limit: int | None = Field(None, ge=1, le=LARGEST_PAGE, description="How many are told, the largest first; or all.")


class Community(Part):
    """One community."""

    id: str = Field(description="It stays while the same member leads.", examples=["community:oldham-council"])
    name: str = Field(description="Made of its leading members and commonest themes.")
    members: tuple[str, ...] = Field(description="Ids of all its actors.")
    themes: tuple[NodeInAnswer, ...] = Field(
        description="Up to three themes that most of its actors work on, at least two (or the one that there is)."
    )
    leading: tuple[NodeInAnswer, ...] = Field(description="Up to three with the strongest ties inside it.")
    ties_inside: int = Field(description="Ties between two of its actors.")
    ties_outside: int = Field(description="Ties from its actors to others.")


class Answer(QuestionAnswer):
    """The communities, the largest first, then by id."""

    sentence: str = Field(description="How the network divides, as a person would say it.")
    communities: tuple[Community, ...]
    modularity: float | None = Field(
        description="How much more of the strength lies inside than chance would put there, below 1; null without ties."
    )


def answer(view: View, parameters: Parameters) -> Answer:
    """Divide the actors and tell the parts."""
    graph = contacts(view, parameters)
    found = communities(graph, resolution=parameters.resolution, seed=parameters.seed)
    parts = sorted(_parts(graph, found), key=lambda part: (-len(part.members), part.id))
    told = tuple(_told(view, graph, part) for part in parts[: parameters.limit])
    if alone := int(np.count_nonzero(graph.degree == 0)):
        view.note(f"{counted(alone, 'actor')} without any tie: each is a community of its own.")
    if found.modularity is None:
        view.note("Without ties modularity is undefined.")
    return Answer(
        meta=empty_meta("communities"),
        sentence=_sentence(told, parts),
        communities=told,
        modularity=found.modularity,
    )


@dataclass(frozen=True)
class _Found:
    id: str
    members: Ints
    leading: list[int]
    themes: list[str]
    ties_inside: int
    ties_outside: int


def _parts(graph: ActorGraph, found: Communities) -> Iterator[_Found]:
    """Everything about each community in numbers."""
    count = len(found.ids)
    ends = found.of[graph.ties.first], found.of[graph.ties.second]
    same = ends[0] == ends[1]
    inside = np.bincount(ends[0][same], minlength=count)
    outside = sum((np.bincount(end[~same], minlength=count) for end in ends), np.zeros(count, np.int64))
    order = np.lexsort((np.arange(len(graph)), -found.inside, found.of))
    begins = np.searchsorted(found.of[order], np.arange(count + 1)).tolist()
    for place, themes in enumerate(_themes(graph, found)):
        members = order[begins[place] : begins[place + 1]]
        numbers = int(inside[place]), int(outside[place])
        yield _Found(found.ids[place], np.sort(members), members[:LEADING].tolist(), themes, *numbers)


def _themes(graph: ActorGraph, found: Communities) -> Iterator[list[str]]:
    """The commonest themes of each community: those of at least two members, or of the only one."""
    themes = groups_of(graph.actors, *stated_groups(graph.arrays, graph.nodes, graph.relationships, "theme"))
    size = len(graph)
    member = csr_array((np.ones(size, np.int64), (found.of, np.arange(size))), shape=(len(found.ids), size))
    counts = csr_array(member @ themes.members.astype(np.int64))
    for place, members in enumerate(np.diff(member.indptr).tolist()):
        row = slice(counts.indptr[place], counts.indptr[place + 1])
        numbers = zip(counts.data[row].tolist(), counts.indices[row].tolist(), strict=True)
        common = sorted((-number, theme) for number, theme in numbers if number >= min(2, members))
        yield [themes.labels[theme] for _, theme in common[:THEMES]]


def _told(view: View, graph: ActorGraph, part: _Found) -> Community:
    leaders = [graph.ids[actor] for actor in part.leading]
    nodes = view.nodes([*leaders, *part.themes])
    name = listed(nodes[id].name for id in leaders)
    if len(part.members) > LEADING:
        name = f"Around {name}"
    if part.themes:
        name = f"{name} ({', '.join(nodes[id].name for id in part.themes)})"
    return Community(
        id=part.id,
        name=name,
        members=tuple(graph.ids[actor] for actor in part.members.tolist()),
        themes=tuple(nodes[id] for id in part.themes),
        leading=tuple(nodes[id] for id in leaders),
        ties_inside=part.ties_inside,
        ties_outside=part.ties_outside,
    )


def _sentence(told: tuple[Community, ...], parts: list[_Found]) -> str:
    if not told:
        return "There are no actors, so there are no communities."
    several = sum(len(part.members) > 1 for part in parts)
    if not several:
        return "No two actors are tied, so there are no communities of more than one."
    leader, size = told[0].leading[0].name, len(told[0].members)
    ties = (
        f"{counted(told[0].ties_inside, 'tie')} among themselves and {counted(told[0].ties_outside, 'tie')} to others"
    )
    return (
        f"The ties show {counted(several, 'community', 'communities')} of more than one; the largest, around {leader},"
        f" has {size:,} actors with {ties}."
    )
