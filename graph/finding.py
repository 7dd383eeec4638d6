"""Finding nodes: by a search text, ranked, and by an id that may be merged, forgotten or unknown."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np
from pydantic import Field

from graph.adjacency import Arrays, Ints
from graph.answers import Cut, NodeInAnswer, Part
from graph.errors import Forgotten, InputError, Merged, NotFound
from graph.lens import Lens
from graph.model import Node
from graph.questions import settled
from graph.search import MATCH_LIMIT, Match, SearchQuery, fold, parse, ranked
from graph.store.base import Store
from graph.unchecked import unchecked
from graph.view import StoreMoved, View, nearest

UNKNOWN = -1


class Found(NodeInAnswer):
    """A node found by a search, and why."""

    summary: str | None
    rank: int = Field(description="Place in the whole result, from 1.")
    match: int = Field(description="1 whole name or identifier, 2 beginnings of words, 3 words, 4 one typing error.")
    why: str = Field(examples=["Words of its name begin so."])


class SearchAnswer(Part):
    """The nodes that match, the best first."""

    items: tuple[Found, ...]
    next: str | None = Field(None, description="Where the rest is, relative; null on the last page.")
    cut: Cut | None = Field(description="Null, or that there are more matches than are ranked; `of` is then at least.")
    total: int = Field(description="How many nodes match.")
    graph_version: str


def search(store: Store, text: str, lens: Lens, *, limit: int = 20, offset: int = 0) -> SearchAnswer:
    """Nodes that match a text, ranked: by class of match, number of relationships, name, id."""
    if not fold(text):
        raise InputError("There is nothing to search for.", fix="Give at least one letter.", parameter="q")
    return settled(store, lens, lambda view: _search(view, text, limit, offset))[1]


def _search(view: View, text: str, limit: int, offset: int) -> SearchAnswer:
    query = parse(text, view.store.name_words())
    ranks = view.store.ranks(query, view.lens, arrays=view.arrays, limit=MATCH_LIMIT + 1)
    if UNKNOWN in ranks:
        raise StoreMoved
    matching = {number: rank for number, rank in islice(ranks.items(), MATCH_LIMIT) if rank}
    items = (
        unchecked(
            Found,
            {**node.__dict__, "summary": match.node.summary, "rank": place, "match": match.rank, "why": match.why},
        )
        for place, (node, match) in enumerate(_page(view, query, matching, slice(offset, offset + limit)), offset + 1)
    )
    cut = Cut(limit="matches", kept=MATCH_LIMIT, of=len(ranks)) if len(ranks) > MATCH_LIMIT else None
    return SearchAnswer(items=tuple(items), cut=cut, total=len(matching), graph_version=view.graph_version)


def _page(
    view: View, query: SearchQuery, matching: Mapping[int, int], page: slice
) -> Iterator[tuple[NodeInAnswer, Match]]:
    """The matches of a page in their order; names are compared only among those that may come to stand on it."""
    degree = degrees(view.arrays, view.lens.audience_only())
    places = {number: (rank, -int(degree[number])) for number, rank in matching.items()}
    order = sorted(places.values())
    if shown := order[page]:
        ids = view.arrays.nodes.ids
        may = {ids[number]: number for number, place in places.items() if shown[0] <= place <= shown[-1]}
        before = bisect_left(order, shown[0])
        nodes = view.bodies(may)
        matches = ranked(query, nodes.values(), {id: int(degree[number]) for id, number in may.items()})
        told = matches[page.start - before : page.stop - before]
        in_answer = view.nodes(match.node.id for match in told)
        yield from ((in_answer[match.node.id], match) for match in told)


def degrees(arrays: Arrays, lens: Lens) -> Ints:
    """How many relationships each node has under a lens."""
    cache = arrays.visible(lens).cache
    if "degrees" not in cache:
        cache["degrees"] = _degrees(arrays, lens)
    counted: Ints = cache["degrees"]
    return counted


def _degrees(arrays: Arrays, lens: Lens) -> Ints:
    edges, shown = arrays.relationships, arrays.visible(lens).relationships
    size = len(arrays.nodes.ids)
    source, target = edges.source[shown], edges.target[shown]
    return np.bincount(source, minlength=size) + np.bincount(target[source != target], minlength=size)


def node(store: Store, id: str, lens: Lens) -> Node:
    """The visible node of an id; raises Merged with the surviving id, Forgotten, or NotFound with the nearest names."""
    if found := store.get([id], lens).get(id):
        return found
    into = store.merged_into([id], lens.audience).get(id)
    if into is not None and store.get([into], lens):
        raise Merged(f"{id!r} was merged into {into!r}.", fix=f"Ask for {into!r}.", gone=id, into=into)
    if store.is_forgotten(id, lens.audience):
        raise Forgotten(f"“{id}” was forgotten on request.", fix="Nothing is kept about it.")
    close = nearest(store, id, lens)
    names = ", ".join(f"{near.id} ({near.name})" for near in close)
    raise NotFound(
        f"There is no node with the id “{id}”.",
        fix=f"The nearest are {names}." if names else "The network is empty so far.",
        nearest=close,
    )
