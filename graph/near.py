"""What is known of ties without making all of them, which takes eight seconds for a million nodes.

A tie rests on few relationships, and the rows of the arrays find these at once: the part of the network that holds
them is cut out, and made into ties as the whole is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graph.actors import ActorGraph, select, work_kinds
from graph.adjacency import Arrays, Ints, Mask
from graph.measures import kept
from graph.rows import distinct
from graph.ties import LARGEST_ITEM, Selection, make_memberships, make_ties

MOST_NAMED = 100  # more are a group, which is near to most of the network


def around(graph: ActorGraph, actors: Ints, *, most: int = MOST_NAMED) -> tuple[ActorGraph, Ints]:
    """A part of the graph in which these actors have all their ties, and their numbers there; others may lack some.

    Of more than `most` it is the whole.
    """
    if len(actors) > most:
        return graph, actors
    vocabulary, numbers = graph.arrays.vocabulary, graph.actors[actors]
    # With carriers an actor has ties by its people, and to the organisations of whomever those have ties to.
    posts = vocabulary.of_types if graph.options.carry else ()
    own = distinct(np.concatenate((numbers, graph.arrays.relationships.source[_touching(graph, numbers, posts)])))
    ties = _touching(graph, own, vocabulary.tie_types)
    items = _of_kinds(graph, _ends(graph.arrays, ties), work_kinds(vocabulary, graph.options))
    ties = np.concatenate((ties, _touching(graph, items, vocabulary.tie_types)))  # an item counts all who take part
    people = _of_kinds(graph, _ends(graph.arrays, ties), ("person",))
    arrays, nodes = _part(graph, [ties, _touching(graph, people, posts)], numbers)
    made = make_ties(arrays, _selection(graph, arrays))
    near = ActorGraph(arrays, graph.lens, graph.options, *_everything(arrays), made.actors, lambda: made)
    return near, np.searchsorted(nodes[near.actors], numbers)


@kept
def large_items(graph: ActorGraph) -> dict[str, int]:
    """Items with too many participants to make ties, by id, and how many those are."""
    vocabulary = graph.arrays.vocabulary
    many = np.flatnonzero(np.diff(graph.arrays.rows.begins) > LARGEST_ITEM)
    items = _of_kinds(graph, many, work_kinds(vocabulary, graph.options))
    arrays, _ = _part(graph, [_touching(graph, items, vocabulary.tie_types)])
    found = make_memberships(arrays, _selection(graph, arrays)).large_items
    return {arrays.nodes.ids[item]: size for item, size in sorted(found.items())}


@kept
def self_ties(graph: ActorGraph) -> int:
    """How many relationships of an actor with itself would make a tie."""
    edges = graph.arrays.relationships
    loops = np.flatnonzero(graph.relationships & (edges.source == edges.target))
    arrays, _ = _part(graph, [_of_types(graph, loops, graph.arrays.vocabulary.tie_types)])
    selection = _selection(graph, arrays)
    return int(np.count_nonzero(selection.relationships & selection.actors[arrays.relationships.source]))


def _touching(graph: ActorGraph, nodes: Ints, types: Sequence[str]) -> Ints:
    """The relationships of these types at these nodes, as far as the graph knows them."""
    rows = graph.arrays.rows
    found = rows.relationship[rows.places(nodes)[0]].astype(np.int64)
    return _of_types(graph, found[graph.relationships[found]], types)


def _of_types(graph: ActorGraph, relationships: Ints, types: Sequence[str]) -> Ints:
    codes = graph.arrays.type_codes(types)
    return relationships[np.isin(graph.arrays.relationships.type[relationships], codes)]


def _of_kinds(graph: ActorGraph, nodes: Ints, kinds: Sequence[str]) -> Ints:
    return nodes[np.isin(graph.arrays.nodes.kind[nodes], graph.arrays.kind_codes(kinds))]


def _ends(arrays: Arrays, relationships: Ints) -> Ints:
    edges = arrays.relationships
    return distinct(np.concatenate((edges.source[relationships], edges.target[relationships])).astype(np.int64))


def _part(graph: ActorGraph, relationships: Sequence[Ints], nodes: Ints | None = None) -> tuple[Arrays, Ints]:
    """Arrays of these relationships and their ends, and of these nodes; with the number of each node in the whole."""
    edges = distinct(np.concatenate(relationships))
    ends = _ends(graph.arrays, edges)
    inside = ends if nodes is None else distinct(np.concatenate((ends, nodes)))
    return graph.arrays.part(inside, edges), inside


def _selection(graph: ActorGraph, arrays: Arrays) -> Selection:
    """What makes the ties of a part; the day to which freshness counts is that of the whole."""
    nodes, relationships = _everything(arrays)
    day = graph.counted_to if graph.options.half_life else None
    return select(arrays, graph.options, nodes=nodes, relationships=relationships, day=day)


def _everything(arrays: Arrays) -> tuple[Mask, Mask]:
    return np.ones(len(arrays.nodes.ids), np.bool_), np.ones(len(arrays.relationships.ids), np.bool_)
