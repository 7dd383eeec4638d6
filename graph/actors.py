"""The actor graph: who has contact with whom, the undirected projection that every measure is computed on.

An organisation-project network has no triangles at all, so closure, constraint or stage would mean nothing
on the raw network. Actors (organisations and people, unless others are asked for) are tied directly, by
shared work, and, with carriers on, through the people of their organisations. Ties of the same two combine:
w(u,v) = 1 − Π(1 − s·f), with s the strength and f the freshness of each. Places and themes group actors;
they never connect them.

Shared work: an actor's memberships in one item combine to m, and two actors on an item of k actors get a
tie of ((m_i + m_j)/2)/(k − 1) (Newman 2001, Physical Review E 64, 016132).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from graph.adjacency import Arrays, Ints, Mask
from graph.errors import InputError
from graph.groups import BY_RELATIONSHIP, Groups, attribute_labels, groups_of, posts, stated_groups
from graph.lens import Lens
from graph.model import LAST_DAY, Node, Relationship, days
from graph.ties import DECIMALS, Floats, Selection, Ties, make_ties
from graph.vocabulary import Vocabulary

DAYS_OF_MONTH = 30.4375
MONTHS_CONFIRMED = 12
NEVER_ACTORS = ("place", "theme", "insight")
GRAPHS_KEPT = 8
Bodies = Callable[[Iterable[str]], Mapping[str, Node]]
RelationshipBodies = Callable[[Iterable[int]], Iterable[Relationship]]


@dataclass(frozen=True)
class ActorOptions:
    """What makes an actor graph out of a lens; the defaults are those of every question."""

    actors: tuple[str, ...] = ("organisation", "person")
    shared_work: bool = True
    carriers: bool | None = None  # None: on when people are not among the actors
    half_life: float | None = None  # months
    group_by: str = "sector"
    seed: int = 0

    @property
    def carry(self) -> bool:
        """Whether people carry ties to their organisations."""
        return "person" not in self.actors if self.carriers is None else self.carriers


@dataclass(frozen=True)
class ActorGraph:
    """Actors numbered in the order of their ids, and the ties between them."""

    arrays: Arrays
    lens: Lens
    options: ActorOptions
    nodes: Mask  # of the lens, over all nodes
    relationships: Mask  # of the lens, over all relationships
    actors: Ints  # number in the arrays of each actor
    make: Callable[[], Ties]  # keeps what it makes
    attributes: Groups | None = None  # groups by an attribute, which only node bodies know
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # measures computed before

    @classmethod
    def of(cls, arrays: Arrays, lens: Lens, options: ActorOptions, *, nodes: Mask, relationships: Mask) -> ActorGraph:
        """The actor graph of these nodes and relationships."""

        @cache
        def make() -> Ties:
            day = counted_to(arrays, lens, relationships)
            return make_ties(arrays, select(arrays, options, nodes=nodes, relationships=relationships, day=day))

        actors = np.flatnonzero(nodes & np.isin(arrays.nodes.kind, arrays.kind_codes(options.actors)))
        return cls(arrays, lens, options, nodes, relationships, actors, make)

    @property
    def ties(self) -> Ties:
        """All ties; made when they are first asked for, as those of a million nodes take eight seconds."""
        return self.make()

    @property
    def matrix(self) -> csr_array[np.float64]:
        """Strengths of the ties, symmetrical, in compressed sparse rows with sorted columns."""
        return self.ties.matrix

    @cached_property
    def reach(self) -> csr_array[np.int32]:
        """The same matrix with 1 for every tie."""
        matrix = self.matrix
        return csr_array((np.ones(matrix.nnz, np.int32), matrix.indices, matrix.indptr), shape=matrix.shape)

    def __len__(self) -> int:
        """Count the actors."""
        return len(self.actors)

    @cached_property
    def ids(self) -> list[str]:
        """Id of each actor."""
        return self.arrays.nodes.ids.texts(self.actors)

    @cached_property
    def place(self) -> dict[str, int]:
        """Number of each actor by id."""
        return {id: place for place, id in enumerate(self.ids)}

    @cached_property
    def degree(self) -> Ints:
        """Number of neighbours of each actor."""
        return np.diff(self.matrix.indptr).astype(np.int64)

    def neighbours(self, actor: int) -> Ints:
        """Numbers of the actors tied to this one, in the order of ids."""
        begin, end = self.matrix.indptr[actor : actor + 2]
        return self.matrix.indices[begin:end].astype(np.int64)

    def strength(self, u: int, v: int) -> float:
        """Strength of the tie of two actors, 0 without one."""
        return float(self.matrix[u, v])

    def behind(self, u: int, v: int) -> Ints:
        """Numbers of all relationships that stand behind the tie of two actors, in the order of ids."""
        return self.ties.behind(u, v)

    def share_behind(self, marked: Mask) -> list[float | None]:
        """For each actor the share of its ties with at least one of these relationships behind; None for isolates."""
        good = self.ties.marked(marked)
        ends = np.concatenate((self.ties.first[good], self.ties.second[good]))
        counts = np.bincount(ends, minlength=len(self))
        shares = np.round(counts / np.maximum(1, self.degree), DECIMALS)
        return [share if degree else None for share, degree in zip(shares.tolist(), self.degree.tolist(), strict=True)]

    @cached_property
    def groups(self) -> Groups:
        """The groups that the options ask for."""
        if self.attributes is not None:
            return self.attributes
        if self.options.group_by == "community":
            from graph.measures.communities import communities

            found = communities(self, seed=self.options.seed)
            return Groups.of_labels([(found.ids[community],) for community in found.of.tolist()])
        stated = stated_groups(self.arrays, self.nodes, self.relationships, self.options.group_by)
        return groups_of(self.actors, *stated)

    def actor(self, id: str) -> int | None:
        """Number of one actor by id, looked up without a table of them all; None for what is no actor here."""
        number = self.arrays.nodes.ids.find(id)
        place = int(np.searchsorted(self.actors, number))
        return place if place < len(self) and self.actors[place] == number else None

    def among(self, actors: Ints) -> ActorGraph:
        """The part of the graph that these actors are: the ties between two of them, as they are in the whole."""
        kept = np.zeros(len(self), np.bool_)
        kept[actors] = True
        attributes = (
            None if self.attributes is None else replace(self.attributes, members=self.attributes.members[kept])
        )
        ties = self.ties.among(kept)
        return replace(self, actors=ties.actors, make=lambda: ties, attributes=attributes, kept={})

    def without(self, numbers: Sequence[int]) -> ActorGraph:
        """The actor graph made again from the network without these nodes (numbers in the arrays)."""
        gone = np.zeros(len(self.nodes), np.bool_)
        gone[list(numbers)] = True
        edges = self.arrays.relationships
        nodes, shown = self.nodes & ~gone, self.relationships & ~gone[edges.source] & ~gone[edges.target]
        rest = ActorGraph.of(self.arrays, self.lens, self.options, nodes=nodes, relationships=shown)
        if self.attributes is None:
            return rest
        members = self.attributes.members[~gone[self.actors]]
        return replace(rest, attributes=replace(self.attributes, members=members))

    @cached_property
    def ended(self) -> int:
        """How many of the facts counted (actors, relationships of types that make ties) have a stated end."""
        edges = self.arrays.relationships
        ended = np.flatnonzero(self.relationships & (edges.last_day < LAST_DAY))
        made = np.isin(edges.type[ended], self.arrays.type_codes(self.arrays.vocabulary.tie_types))
        actors = np.count_nonzero(self.arrays.nodes.last_day[self.actors] < LAST_DAY)
        return int(actors + np.count_nonzero(made))

    @cached_property
    def counted_to(self) -> int | None:
        """The day to which freshness counts, as a day number; None when nothing says when it was recorded."""
        return counted_to(self.arrays, self.lens, self.relationships)


def actor_graph(
    arrays: Arrays, lens: Lens, options: ActorOptions | None = None, *, bodies: Bodies | None = None
) -> ActorGraph:
    """The actor graph of a lens; the last few are kept with the masks of the lens.

    `bodies` gives nodes by id; it is only asked when actors are grouped by an attribute.
    """
    options = options or ActorOptions()
    _check(arrays, options)
    visible = arrays.visible(lens)
    graphs: OrderedDict[ActorOptions, ActorGraph] = visible.cache.setdefault("actor graphs", OrderedDict())
    if options not in graphs:
        graphs[options] = _made(arrays, lens, options, graphs.values(), bodies)
        while len(graphs) > GRAPHS_KEPT:
            graphs.popitem(last=False)
    return graphs[options]


def part_graph(arrays: Arrays, lens: Lens, numbers: Ints, options: ActorOptions) -> ActorGraph:
    """The actor graph of these nodes of a lens alone (numbers in the arrays), made without that of the whole."""
    visible, edges = arrays.visible(lens), arrays.relationships
    nodes = np.zeros(len(visible.nodes), np.bool_)
    nodes[numbers] = True
    nodes &= visible.nodes
    shown = visible.relationships & nodes[edges.source] & nodes[edges.target]
    return ActorGraph.of(arrays, lens, options, nodes=nodes, relationships=shown)


def _made(
    arrays: Arrays, lens: Lens, options: ActorOptions, others: Iterable[ActorGraph], bodies: Bodies | None
) -> ActorGraph:
    visible = arrays.visible(lens)
    like = [other for other in others if _ties_alike(other.options, options)]
    nodes, shown = visible.nodes, visible.relationships
    made = like[0] if like else ActorGraph.of(arrays, lens, options, nodes=nodes, relationships=shown)
    attributes = _attributes(arrays, made.actors, options, bodies)
    return replace(made, options=options, attributes=attributes, kept={})


def _ties_alike(one: ActorOptions, other: ActorOptions) -> bool:
    return replace(one, group_by="", seed=0) == replace(other, group_by="", seed=0)


def _attributes(arrays: Arrays, actors: Ints, options: ActorOptions, bodies: Bodies | None) -> Groups | None:
    if options.group_by in ("sector", "community", *BY_RELATIONSHIP):
        return None
    ids = arrays.nodes.ids.texts(actors)
    nodes = bodies(ids) if bodies else {}
    return Groups.of_labels(
        [attribute_labels(nodes[id].attributes.get(options.group_by)) if id in nodes else () for id in ids]
    )


def _check(arrays: Arrays, options: ActorOptions) -> None:
    allowed = [kind for kind in arrays.kinds if kind not in NEVER_ACTORS]
    for kind in options.actors:
        if kind not in allowed:
            raise InputError(
                f"{kind!r} cannot be an actor.", fix=f"Actors are any of: {', '.join(allowed)}.", parameter="actors"
            )
    if options.half_life is not None and not 0 < options.half_life < np.inf:
        raise InputError("half_life is not above 0.", fix="Give a number of months.", parameter="half_life")


def select(arrays: Arrays, options: ActorOptions, *, nodes: Mask, relationships: Mask, day: int | None) -> Selection:
    """What of these nodes and relationships the actor graph is made from; freshness counts to the day."""
    kind, vocabulary = arrays.nodes.kind, arrays.vocabulary
    nobody = np.zeros(len(nodes), np.bool_)
    worth: Floats = arrays.relationships.strength[:] * freshness(arrays, options.half_life, day)
    made = relationships & np.isin(arrays.relationships.type, arrays.type_codes(vocabulary.tie_types))
    return Selection(
        actors=nodes & np.isin(kind, arrays.kind_codes(options.actors)),
        carriers=nodes & np.isin(kind, arrays.kind_codes(("person",))) if options.carry else nobody,
        items=nodes & np.isin(kind, arrays.kind_codes(work_kinds(vocabulary, options))),
        relationships=made & (np.round(worth, DECIMALS) > 0),
        posts=posts(arrays, relationships),
        worth=worth,
    )


def work_kinds(vocabulary: Vocabulary, options: ActorOptions) -> list[str]:
    """Kinds of the items of shared work; none when that is off."""
    work = options.shared_work
    return [name for name, row in vocabulary.kinds.items() if work and row.work and name not in options.actors]


def counted_to(arrays: Arrays, lens: Lens, relationships: Mask) -> int | None:
    """Last day of `at`, else of `until`, else the newest day on which a relationship of the lens was recorded."""
    if lens.at or lens.until:
        return days(lens.at or lens.until or "")[1]
    newest = int(np.max(arrays.relationships.recorded_day[relationships], initial=0))
    return newest or None


def freshness(arrays: Arrays, half_life: float | None, day: int | None) -> Floats:
    """How fresh each relationship is: 2^(−months since last confirmed / half-life); 1 where nobody says when."""
    recorded = arrays.relationships.recorded_day
    if half_life is None or day is None:
        return np.ones(len(recorded))
    months = np.maximum(0, day - recorded.astype(np.float64)) / DAYS_OF_MONTH
    return np.where(recorded > 0, np.exp2(-months / half_life), 1.0)


def confirmed(graph: ActorGraph, actors: Ints, bodies: RelationshipBodies) -> Mask:
    """Relationships behind ties of these actors with evidence recorded in the last 12 months; later does not count.

    The 12 months end with the day to which freshness counts. The arrays know the newest evidence only, so where that
    is later `bodies`, which gives relationships by their numbers, is asked for what was recorded before.
    """
    recorded, day = graph.arrays.relationships.recorded_day, graph.counted_to
    if day is None:
        return np.zeros(len(recorded), np.bool_)
    first = day - MONTHS_CONFIRMED * DAYS_OF_MONTH
    found: Mask = graph.ties.all_behind(actors, len(recorded)) & (recorded >= first)
    later = np.flatnonzero(found & (recorded > day)).tolist()
    number = {graph.arrays.relationships.ids[place]: place for place in later}
    for one in bodies(later):
        on = [days(evidence.recorded_at)[0] for evidence in one.evidence if evidence.recorded_at]
        found[number[one.id]] = any(first <= each <= day for each in on)
    return found
