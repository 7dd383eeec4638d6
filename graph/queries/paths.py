"""How two nodes are connected: the shortest paths between them, with the evidence for each hop.

Walks the knowledge graph in either direction. Places, themes, publications and insights never join a path
unless they are its ends, or `through_groups` is true. No path within the longest length is an answer too.
Yen's algorithm (1971) for the k shortest loopless paths; order: number of steps, greater weakest hop, ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from pydantic import Field

from graph.adjacency import Walk
from graph.answers import NodeInAnswer, NodeName, Part, QuestionAnswer, QuestionParameters, RelationshipInAnswer
from graph.errors import InputError
from graph.limits import LONGEST_PATH, MOST_PATHS
from graph.questions import empty_meta
from graph.traversal import Path, PathSearch
from graph.view import View


class Parameters(QuestionParameters):
    """From where to where, how many, and how."""

    source: NodeName = Field(examples=["oldham-council"])
    target: NodeName = Field(examples=["wigan-council"])
    k: int = Field(3, ge=1, le=MOST_PATHS, description="How many paths.")
    longest: int = Field(6, ge=1, le=LONGEST_PATH, description="Most steps of a path.")
    avoid: tuple[NodeName, ...] = Field((), max_length=100, description="Nodes that no path may run through.")
    hub_penalty: bool = Field(
        False, description="Prefer paths that do not run through nodes with very many neighbours."
    )
    through_groups: bool = Field(False, description="Let places, themes, publications and insights join a path.")


class Hop(Part):
    """One step of a path, in walking order, with the relationships between its two ends: all, or 50 of them."""

    source: str
    target: str
    relationships: tuple[RelationshipInAnswer, ...]


class PathInAnswer(Part):
    """One path."""

    length: int = Field(description="Number of steps.")
    nodes: tuple[NodeInAnswer, ...]
    hops: tuple[Hop, ...]
    weakest: float = Field(description="Strength of its weakest hop, 0 to 1.")


class Answer(QuestionAnswer):
    """The paths, the best first."""

    paths: tuple[PathInAnswer, ...]
    none_within: int | None = Field(description="Null, or the number of steps within which there is no path.")


def answer(view: View, parameters: Parameters) -> Answer:
    """Search the paths and tell each hop."""
    source, target = view.resolve(parameters.source, "source"), view.resolve(parameters.target, "target")
    avoid = view.resolve_all(parameters.avoid, "avoid")
    if source == target:
        raise InputError("Source and target are the same node.", fix="Name two different nodes.", parameter="target")
    if blocked := {source, target}.intersection(avoid):
        raise InputError(
            f"{min(blocked)!r} is an end of the path and is to be avoided.", fix="Avoid others.", parameter="avoid"
        )
    walk = view.walk(through_groups=parameters.through_groups)
    found = walk.settled(lambda: _searched(walk, (source, target), avoid, parameters))
    hops = {hop: view.between_by_id(_between(walk, hop)) for path in found for hop in pairwise(path.nodes)}
    view.relationships_by_id({id: name for between in hops.values() for id, name in between.items()})  # all in one read
    if not found:
        steps = "one step" if parameters.longest == 1 else f"{parameters.longest} steps"
        view.note(f"No path joins them within {steps}; `longest` searches further, `through_groups` more widely.")
    return Answer(
        meta=empty_meta("paths"),
        paths=tuple(_told(view, walk, path, hops) for path in found),
        none_within=None if found else parameters.longest,
    )


def _searched(walk: Walk, ends: tuple[str, str], avoid: list[str], parameters: Parameters) -> list[Path]:
    search = PathSearch(
        walk,
        walk.number(ends[0]),
        walk.number(ends[1]),
        longest=parameters.longest,
        avoid=[walk.number(id) for id in avoid],
        hub_penalty=parameters.hub_penalty,
    )
    return search.best(parameters.k)


def _between(walk: Walk, hop: tuple[int, int]) -> dict[str, str]:
    """All relationships between the two ends of a hop: ids and types."""
    steps = walk.steps(np.array(hop[:1], np.int64))
    return walk.relationships(steps.relationship[steps.neighbour == hop[1]].tolist())


def _told(view: View, walk: Walk, path: Path, hops: Mapping[tuple[int, int], Mapping[str, str]]) -> PathInAnswer:
    ids = walk.ids(path.nodes)
    nodes = view.nodes(ids)
    told = (
        Hop(source=ends[0], target=ends[1], relationships=tuple(view.told(view.relationships_by_id(hops[hop]))))
        for ends, hop in zip(pairwise(ids), pairwise(path.nodes), strict=True)
    )
    return PathInAnswer(length=len(path.nodes) - 1, nodes=tuple(nodes.values()), hops=tuple(told), weakest=path.weakest)
