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
from graph.wording import counted, listed, name_of

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
    parts = largest(graph, found, parameters.limit)
    if alone := int(np.count_nonzero(graph.degree == 0)):
        view.note(f"{counted(alone, 'actor')} without any tie: each is a community of its own.")
    if found.modularity is None:
        view.note("Without ties modularity is undefined.")
    return Answer(
        meta=empty_meta("communities"),
        sentence=said(view, graph, found, parts),
        communities=tuple(_told(view, graph, part) for part in parts),
        modularity=found.modularity,
    )


@dataclass(frozen=True)
class Found:
    """Everything about one community in numbers: those of its actors, and of its leading ones."""

    number: int
    id: str
    members: Ints
    leading: Ints
    themes: list[str]
    ties_inside: int
    ties_outside: int


def largest(graph: ActorGraph, found: Communities, limit: int | None = None) -> list[Found]:
    """The communities, the largest first, then by id; all, or the first so many."""
    count = len(found.ids)
    ends = found.of[graph.ties.first], found.of[graph.ties.second]
    same = ends[0] == ends[1]
    inside = np.bincount(ends[0][same], minlength=count)
    outside = sum((np.bincount(end[~same], minlength=count) for end in ends), np.zeros(count, np.int64))
    sizes, order = np.bincount(found.of, minlength=count), np.argsort(found.of, kind="stable")
    begins = (np.cumsum(sizes) - sizes).tolist()
    first = sorted(zip((-sizes).tolist(), found.ids, range(count), strict=True))[:limit]
    themes = _themes(graph, found, [number for _, _, number in first])
    parts = []
    for (size, id, number), common in zip(first, themes, strict=True):
        members = order[begins[number] : begins[number] - size]
        leading = members[np.argsort(-found.inside[members], kind="stable")[:LEADING]]
        parts.append(Found(number, id, members, leading, common, int(inside[number]), int(outside[number])))
    return parts


def _themes(graph: ActorGraph, found: Communities, numbers: list[int]) -> Iterator[list[str]]:
    """The commonest themes of these communities: those of at least two members, or of the only one."""
    themes = groups_of(graph.actors, *stated_groups(graph.arrays, graph.nodes, graph.relationships, "theme"))
    size = len(graph)
    member = csr_array((np.ones(size, np.int64), (found.of, np.arange(size))), shape=(len(found.ids), size))
    counts = csr_array(member @ themes.members.astype(np.int64))
    members = np.diff(member.indptr).tolist()
    for place in numbers:
        row = slice(counts.indptr[place], counts.indptr[place + 1])
        pairs = zip(counts.data[row].tolist(), counts.indices[row].tolist(), strict=True)
        common = sorted((-number, theme) for number, theme in pairs if number >= min(2, members[place]))
        yield [themes.labels[theme] for _, theme in common[:THEMES]]


def called(view: View, graph: ActorGraph, part: Found, *, themes: bool = True) -> str:
    """What a community is called: after its leading members, and its commonest themes unless these are left away."""
    leaders = graph.arrays.nodes.ids.texts(graph.actors[part.leading])
    bodies = view.bodies([*leaders, *part.themes])
    name = listed(bodies[id].name for id in leaders)
    if len(part.members) > LEADING:
        name = f"Around {name}"
    if part.themes and themes:
        name = f"{name} ({', '.join(bodies[id].name for id in part.themes)})"
    return name


def _told(view: View, graph: ActorGraph, part: Found) -> Community:
    leaders = [graph.ids[actor] for actor in part.leading.tolist()]
    nodes = view.nodes([*leaders, *part.themes])
    return Community(
        id=part.id,
        name=called(view, graph, part),
        members=tuple(graph.ids[actor] for actor in part.members.tolist()),
        themes=tuple(nodes[id] for id in part.themes),
        leading=tuple(nodes[id] for id in leaders),
        ties_inside=part.ties_inside,
        ties_outside=part.ties_outside,
    )


def said(view: View, graph: ActorGraph, found: Communities, parts: list[Found]) -> str:
    """How the network divides, as a person would say it; `parts` begins with the largest."""
    if not parts:
        return "There are no actors, so there are no communities."
    several = int(np.count_nonzero(np.bincount(found.of) > 1))
    if not several:
        return "No two actors are tied, so there are no communities of more than one."
    part = parts[0]
    leader = name_of(view, graph.arrays.nodes.ids[int(graph.actors[part.leading[0]])])
    ties = f"{counted(part.ties_inside, 'tie')} among themselves and {counted(part.ties_outside, 'tie')} to others"
    return (
        f"The ties show {counted(several, 'community', 'communities')} of more than one; the largest, around {leader},"
        f" has {len(part.members):,} actors with {ties}."
    )
