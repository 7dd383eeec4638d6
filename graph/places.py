"""Where nodes are: the places stated for them, and which places are parts of which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from graph.adjacency import Arrays
from graph.groups import stated_groups
from graph.lens import PART_TYPES, Lens

Numbers = frozenset[int]


class Places:
    """The places of one network under a lens, by their numbers in the arrays.

    Which place is part of which is judged by the facts of the lens, before it hides any kind or type.
    """

    def __init__(self, arrays: Arrays, lens: Lens) -> None:
        edges, kind = arrays.relationships, arrays.nodes.kind
        facts = arrays.visible(lens.facts_only()).relationships
        places = np.isin(kind, arrays.kind_codes(("place",)))
        links = facts & np.isin(edges.type, arrays.type_codes(PART_TYPES)) & places[edges.source] & places[edges.target]
        self._parts: dict[int, list[int]] = defaultdict(list)
        self._wholes: dict[int, list[int]] = defaultdict(list)
        for part, whole in zip(edges.source[links].tolist(), edges.target[links].tolist(), strict=True):
            self._parts[whole].append(part)
            self._wholes[part].append(whole)
        visible = arrays.visible(lens)
        self._members = stated_groups(arrays, visible.nodes, visible.relationships, "place")[1]

    def of(self, node: int) -> Numbers:
        """Places stated for a node, without what they are part of; of people without any, those of their posts."""
        begin, end = self._members.indptr[node : node + 2].tolist()
        return frozenset(self._members.indices[begin:end].tolist())

    def inside(self, places: Iterable[int]) -> Numbers:
        """These places and everything that is part of them, however deep."""
        found, frontier = set(places), list(places)
        while frontier:
            frontier = [part for place in frontier for part in self._parts.get(place, ()) if part not in found]
            found.update(frontier)
        return frozenset(found)

    def area(self, places: Iterable[int]) -> Numbers:
        """Everything in the places that one of these is directly part of."""
        return self.inside({whole for place in places for whole in self._wholes.get(place, ())})

    def locate(self) -> Callable[[int, int], str]:
        """A function that says where a node is, seen from another: `in_place`, `in_area`, `elsewhere`, `unknown`."""
        reach: dict[Numbers, tuple[Numbers, Numbers]] = {}

        def where(node: int, seen_from: int) -> str:
            own, its = self.of(seen_from), self.of(node)
            if not own or not its:
                return "unknown"
            if own not in reach:
                reach[own] = self.inside(own), self.area(own)
            inside, area = reach[own]
            if its & inside:
                return "in_place"
            return "in_area" if its & area else "elsewhere"

        return where
