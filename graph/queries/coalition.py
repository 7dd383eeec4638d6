"""Build a coalition: the closest team that covers what is needed, with the unusual suspects and who can bring them in.

The team is a tree of ties: who only joins others is part of it and counts. First it covers as many needs as it can
within its size, then it is as close as it can be: the cost is the sum of 1 ÷ strength over its ties. An actor covers
its sectors, the themes that it works on and the places that it is in, their parts included.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.answers import NodeInAnswer, NodeName, Part, QuestionAnswer
from graph.contacts import ActorParameters, actors_meant, all_meant, contacts
from graph.errors import Conflict, InputError
from graph.measures.coalition import Team, Wishes, coalition
from graph.measures.resilience import components
from graph.questions import empty_meta
from graph.view import View
from graph.wording import listed

MOST_NEEDS, LARGEST_TEAM = 12, 50


class Parameters(ActorParameters):
    """What the team is to cover, who must be in it and who not."""

    needs: tuple[NodeName, ...] = Field(
        min_length=1,
        max_length=MOST_NEEDS,
        description="Themes, places or sectors that the team is to cover.",
        examples=[["public", "oldham"]],
    )
    musts: tuple[NodeName, ...] = Field(
        (), max_length=LARGEST_TEAM, description="Who must be in it; a place, theme or sector means all its actors."
    )
    exclude: tuple[NodeName, ...] = Field(
        (), max_length=100, description="Who is left out of the network; a place, theme or sector means its actors."
    )
    size: int = Field(12, ge=1, le=LARGEST_TEAM, description="Most actors in the team.")


class Member(Part):
    """One of the team."""

    node: NodeInAnswer
    covers: tuple[str, ...] = Field(description="The needs that it covers, by id or sector.")
    unusual_suspect: bool = Field(description="Covers a need and has at most one tie to the rest of the team.")


class Link(Part):
    """A tie of the tree that holds the team together; `a` before `b` by id."""

    a: str = Field(description="Id of the one.")
    b: str = Field(description="Id of the other.")


class WarmIntroduction(Part):
    """How an unusual suspect is brought in."""

    node: NodeInAnswer
    introducer: str = Field(description="Id of its contact in the team.")
    path: tuple[NodeInAnswer, ...] = Field(description="From the one of the team with most ties in it, along the tree.")
    because: str = Field(description="What a person would say of it.")


class Answer(QuestionAnswer):
    """The team by id, the tree that holds it together, and what nobody covers."""

    team: tuple[Member, ...]
    links: tuple[Link, ...]
    cost: float | None = Field(description="Sum of 1 ÷ strength over the links; 0 for one actor, null without a team.")
    uncovered: tuple[str, ...] = Field(description="Needs that the team does not cover, by id or sector.")
    introductions: tuple[WarmIntroduction, ...]


def answer(view: View, parameters: Parameters) -> Answer:
    """Leave out the excluded, read the needs, find the team and tell it."""
    graph = _without(view, contacts(view, parameters), parameters.exclude)
    needs = _needs(view, graph, parameters.needs)
    musts = all_meant(view, graph, parameters.musts, "musts").tolist()
    _check_musts(view, graph, musts, parameters.size)
    covered = {need: some for need, some in needs.items() if len(some)}
    team = coalition(graph, Wishes(list(covered.values()), musts, parameters.size))
    if team is None and musts:
        raise InputError(
            f"The musts are not joined by a team of {parameters.size}.", fix="Allow a larger `size`.", parameter="size"
        )
    members = team.actors if team else ()
    covers = {actor: tuple(need for need, some in needs.items() if actor in some) for actor in members}
    uncovered = tuple(need for need in needs if not any(need in some for some in covers.values()))
    _note_uncovered(view, needs, uncovered)
    suspects = [actor for actor in members if covers[actor] and len(_ties_within(graph, actor, members)) <= 1]
    nodes = view.nodes(graph.ids[actor] for actor in members)
    return Answer(
        meta=empty_meta("coalition"),
        team=tuple(
            Member(node=nodes[graph.ids[actor]], covers=covers[actor], unusual_suspect=actor in suspects)
            for actor in members
        ),
        links=tuple(Link(a=graph.ids[a], b=graph.ids[b]) for a, b in (team.links if team else ())),
        cost=team.cost if team else None,
        uncovered=uncovered,
        introductions=_introductions(view, graph, team, {one: covers[one] for one in suspects}) if team else (),
    )


def _without(view: View, graph: ActorGraph, exclude: Sequence[str]) -> ActorGraph:
    gone = all_meant(view, graph, exclude, "exclude")
    return graph.without(graph.actors[gone].tolist()) if len(gone) else graph


def _needs(view: View, graph: ActorGraph, texts: Sequence[str]) -> dict[str, Ints]:
    """For each need, as an id or a sector, the actors that cover it."""
    found = {}
    for text in texts:
        actors = actors_meant(view, graph, text, "needs")
        need = str(view.understood["needs"])
        if need in graph.place:
            raise InputError(
                f"“{text}” is an actor; needs are themes, places and sectors.",
                fix="Name it among `musts`.",
                parameter="needs",
            )
        found[need] = actors
    view.understood["needs"] = list(found)
    return found


def _check_musts(view: View, graph: ActorGraph, musts: Sequence[int], size: int) -> None:
    if len(musts) > size:
        raise InputError(f"{len(musts)} musts are more than {size}.", fix="Allow a larger `size`.", parameter="size")
    parts: dict[int, list[str]] = {}
    for must in musts:
        parts.setdefault(int(components(graph)[must]), []).append(graph.ids[must])
    if len(parts) > 1:
        names = [" and ".join(node.name for node in view.bodies(ids).values()) for ids in parts.values()]
        raise Conflict(
            f"No ties, however far, join {' with '.join(names)}.",
            fix="Leave some of them out, or exclude fewer.",
            parameter="musts",
        )


def _note_uncovered(view: View, needs: dict[str, Ints], uncovered: Sequence[str]) -> None:
    for need in uncovered:
        who = "No team within these limits also" if len(needs[need]) else "Nobody"
        view.note(f"{who} covers {_need_name(view, need)}.")


def _ties_within(graph: ActorGraph, actor: int, members: Sequence[int]) -> list[int]:
    found: list[int] = np.intersect1d(graph.neighbours(actor), members).tolist()
    return found


def _introductions(
    view: View, graph: ActorGraph, team: Team, suspects: dict[int, tuple[str, ...]]
) -> tuple[WarmIntroduction, ...]:
    """For each unusual suspect the way along the tree from the one with most ties in the team."""
    middle = min(team.actors, key=lambda one: (-len(_ties_within(graph, one, team.actors)), one))
    nodes, before = view.nodes(graph.ids[one] for one in team.actors), _before(team, middle)
    told = []
    for suspect, needs in suspects.items():
        path = [suspect]
        while path[-1] != middle:
            path.append(before[path[-1]])
        ends = (nodes[graph.ids[one]] for one in reversed(path))
        if len(path) > 1:
            contact, name = nodes[graph.ids[path[1]]], nodes[graph.ids[suspect]].name
            brings = listed(_need_name(view, need) for need in needs)
            because = f"{contact.name} is in contact with {name}, who brings {brings} and has no other tie to the team."
            told.append(
                WarmIntroduction(
                    node=nodes[graph.ids[suspect]], introducer=contact.id, path=tuple(ends), because=because
                )
            )
    return tuple(told)


def _need_name(view: View, need: str) -> str:
    node = view.store.get([need], view.lens.audience_only()).get(need)
    return node.name if node else f"the sector {need}"


def _before(team: Team, root: int) -> dict[int, int]:
    """For each of the team the one before it on the way from the root."""
    beside: dict[int, list[int]] = {actor: [] for actor in team.actors}
    for a, b in team.links:
        beside[a].append(b)
        beside[b].append(a)
    before, queue = {root: root}, deque([root])
    while queue:
        actor = queue.popleft()
        for other in beside[actor]:
            if other not in before:
                before[other] = actor
                queue.append(other)
    return before
