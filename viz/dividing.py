"""How a network divides, for a picture: its largest communities, the ties between them, and who joins which two.

Worked out on whole columns, so that a million actors cost no more than their columns: only what is drawn gets a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.measures.communities import Communities
from graph.model import Node
from graph.queries.communities import Found, called
from graph.ties import DECIMALS, Floats
from graph.view import View

LINES_EACH = 1.5  # lines for each disc: with more they cover each other and what is between
MOST_COGS = 12


@dataclass(frozen=True)
class Disc:
    """One community: what it is called, in short and in full, and who leads it."""

    found: Found
    leader: str
    name: str
    full: str

    @property
    def id(self) -> str:
        """Its id, which it keeps while the same member leads."""
        return self.found.id

    @property
    def size(self) -> int:
        """How many actors it has."""
        return len(self.found.members)

    @property
    def near(self) -> str:
        """How a sentence calls it."""
        return f"the community around {self.leader}"


@dataclass(frozen=True)
class Joint:
    """An actor with ties to both of two communities: how many to each, and the weaker of their summed strengths."""

    node: Node
    ties: tuple[int, int]
    strength: float


@dataclass(frozen=True)
class Line:
    """The ties between two discs, and the actor that joins the two most, if one has ties to both."""

    one: int
    other: int
    ties: int
    strength: float
    joint: Joint | None = None


@dataclass(frozen=True)
class Divided:
    """What is drawn: discs from large to small, lines from strong to weak, and the lines on which a cog stands."""

    discs: Sequence[Disc]
    lines: Sequence[Line]
    pairs: int  # of discs that have any tie
    cogs: Mapping[int, Joint]  # by the number of the line

    def ends(self, line: Line) -> tuple[Disc, Disc]:
        """The two discs that a line joins."""
        return self.discs[line.one], self.discs[line.other]

    def id(self, line: Line) -> str:
        """What tells a line from others."""
        return " ".join(disc.id for disc in self.ends(line))


def divided(view: View, graph: ActorGraph, found: Communities, parts: Sequence[Found]) -> Divided:
    """The picture of these of the communities."""
    discs = [_disc(view, graph, part) for part in parts]
    slot = np.full(len(found.ids), -1, np.int64)
    slot[[part.number for part in parts]] = np.arange(len(parts))
    of = slot[found.of] if len(graph) else np.empty(0, np.int64)
    lines = _lines(graph, of, len(parts))
    drawn = _drawn(lines, len(parts))
    joined = _joined(view, graph, of, drawn, len(parts))
    return Divided(discs, joined, len(lines), _cogs(joined))


def _disc(view: View, graph: ActorGraph, part: Found) -> Disc:
    leader = graph.arrays.nodes.ids[int(graph.actors[part.leading[0]])]
    return Disc(
        part, view.bodies([leader])[leader].name, called(view, graph, part, themes=False), called(view, graph, part)
    )


def _lines(graph: ActorGraph, of: Ints, count: int) -> list[Line]:
    """All pairs of discs with ties, the strongest first; `of` is the disc of each actor, −1 without one."""
    ends = of[graph.ties.first], of[graph.ties.second]
    across = (ends[0] >= 0) & (ends[1] >= 0) & (ends[0] != ends[1])
    one, other = ends[0][across], ends[1][across]
    keys = np.minimum(one, other) * count + np.maximum(one, other)
    ties = np.bincount(keys, minlength=count * count)
    strengths = np.round(np.bincount(keys, graph.ties.strength[across], minlength=count * count), DECIMALS)
    found = sorted(np.flatnonzero(ties).tolist(), key=lambda key: (-strengths[key], key))
    return [Line(key // count, key % count, int(ties[key]), float(strengths[key])) for key in found]


def _drawn(lines: Sequence[Line], discs: int) -> list[Line]:
    """The strongest line of each disc, and then the strongest of all."""
    first: dict[int, Line] = {}
    for line in lines:
        first.setdefault(line.one, line)
        first.setdefault(line.other, line)
    kept = {(line.one, line.other) for line in first.values()}
    for line in lines[: max(0, round(LINES_EACH * discs))]:
        if len(kept) < LINES_EACH * discs:
            kept.add((line.one, line.other))
    return [line for line in lines if (line.one, line.other) in kept]


def _joined(view: View, graph: ActorGraph, of: Ints, lines: Sequence[Line], discs: int) -> list[Line]:
    """The same lines, each with the actor whose ties to both ends are strongest: the weaker of the two sums counts."""
    if not lines:
        return []
    inside = np.flatnonzero(of >= 0)
    member = csr_array((np.ones(len(inside)), (inside, of[inside])), shape=(len(graph), discs))
    reach = csc_array(graph.matrix @ member)  # for each actor and disc the sum of the strengths of its ties to members
    best = [_best(reach, line, len(graph)) for line in lines]
    chosen = np.array([actor for actor, _ in best], np.int64)
    number = csr_array(graph.reach[chosen] @ member).toarray()
    ids = graph.arrays.nodes.ids.texts(graph.actors[chosen])
    bodies = view.bodies(ids)
    told = []
    for line, id, count, (_, strength) in zip(lines, ids, number, best, strict=True):
        ties = int(count[line.one]), int(count[line.other])
        joint = Joint(bodies[id], ties, strength) if strength > 0 else None
        told.append(Line(line.one, line.other, line.ties, line.strength, joint))
    return told


def _best(reach: csc_array[np.float64], line: Line, size: int) -> tuple[int, float]:
    """The actor with the strongest ties to both ends of a line, the first by id of equal ones."""
    columns = [slice(reach.indptr[end], reach.indptr[end + 1]) for end in (line.one, line.other)]
    there: Floats = np.zeros(size)
    there[reach.indices[columns[1]]] = reach.data[columns[1]]
    here = np.zeros(size)
    here[reach.indices[columns[0]]] = reach.data[columns[0]]
    weaker = np.round(np.minimum(here, there), DECIMALS)
    actor = int(weaker.argmax())
    return actor, float(weaker[actor])


def _cogs(lines: Sequence[Line]) -> dict[int, Joint]:
    """The dozen that join two communities most, each by the number of the line where it does so most."""
    joints = [(number, line.joint) for number, line in enumerate(lines) if line.joint]
    found: dict[str, tuple[int, Joint]] = {}
    for number, joint in sorted(joints, key=lambda one: (-one[1].strength, one[0])):
        if len(found) < MOST_COGS:
            found.setdefault(joint.node.id, (number, joint))
    return dict(found.values())
