"""What one caller sees of a store under one lens: names resolved, nodes and relationships told.

A question gets a view and nothing else. The view holds one version of the network; when the store moves
on while a question is being answered, `graph/questions.py` asks again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
from rapidfuzz import fuzz, process

from graph.adjacency import ArrayAdjacency, Arrays, Ints, Walk
from graph.answers import Cut, NodeBrief, NodeInAnswer, RelationshipInAnswer
from graph.errors import Conflict, Forgotten, InputError, NotFound
from graph.lens import PLACE_TYPES, Lens
from graph.limits import MOST_BETWEEN, progress
from graph.model import Node, Relationship, Source
from graph.search import MATCH_LIMIT, SearchQuery, fold, words
from graph.sentences import sentence
from graph.store.base import Store
from graph.store.records import Outline
from graph.unchecked import unchecked

NEAREST = 3
NAMES_COMPARED = 20_000
ALIKE = 80  # of 100: words that much alike may be one mistyped
CANDIDATES_SHOWN = 20
READ_AT_ONCE = 5_000
Result = TypeVar("Result")


class StoreMoved(Exception):
    """Something the view holds is gone from the store: it has changed since the view was made."""


class View:
    """One store, one lens, one version of what the caller may see.

    What the caller may not see may move on meanwhile: it has no part in the answer.
    """

    def __init__(self, store: Store, lens: Lens) -> None:
        self.store = store
        self.graph_version = store.version(lens.audience)
        self.lens = resolved_lens(store, lens)
        self.understood: dict[str, object] = {}
        self.notes: list[str] = []
        self.cut: Cut | None = None
        self._nodes: dict[str, Node] = {}
        self._outlines: dict[str, Outline] = {}
        self._walks: dict[bool, Walk] = {}
        self._relationships: dict[str, Relationship] = {}

    @cached_property
    def arrays(self) -> Arrays:
        """The network as arrays."""
        return self.store.arrays()

    def adjacency(self, *, through_groups: bool = False) -> ArrayAdjacency:
        """Neighbours in the knowledge graph, under the lens."""
        return ArrayAdjacency(self.arrays, self.lens, through_groups=through_groups)

    def walk(self, *, through_groups: bool = False) -> Walk:
        """Neighbours under the lens for a search from some node outwards: by the arrays, or as a setting says."""
        if through_groups not in self._walks:
            asked = self.store.server_adjacency(self.lens, through_groups=through_groups)
            self._walks[through_groups] = asked or self.adjacency(through_groups=through_groups)
        return self._walks[through_groups]

    def note(self, text: str) -> None:
        """Tell the reader something about the answer, once."""
        if text not in self.notes:
            self.notes.append(text)

    # From what people type to nodes.

    def resolve(self, text: str, parameter: str) -> str:
        """The id of the one visible node that is meant; Conflict when several fit, NotFound when none does."""
        node = resolve(self.store, text, self.lens, parameter=parameter)
        self.understood[parameter] = node.id
        self._nodes[node.id] = node
        return node.id

    def resolve_place(self, text: str, parameter: str) -> str:
        """The id of the one place that is meant, whatever else the lens hides."""
        lens = self.lens.audience_only().model_copy(update={"kind": ("place",)})
        node = resolve(self.store, text, lens, parameter=parameter, kinds=("place",))
        self.understood[parameter] = node.id
        return node.id

    def resolve_all(self, texts: Sequence[str], parameter: str) -> list[str]:
        """The ids of the nodes that are meant, each once, in the order given."""
        ids = list(dict.fromkeys(self.resolve(text, parameter) for text in texts))
        self.understood[parameter] = ids
        return ids

    def number(self, id: str) -> int:
        """Number of a node in the arrays."""
        return self.arrays.number[id]

    # From numbers in the arrays to what answers show.

    def kept(self, name: str, read: Callable[[], Result], lens: Lens | None = None) -> Result:
        """What was read from the store for this version and a lens; kept with the masks of that lens."""
        cache = self.arrays.visible(lens or self.lens).cache
        if name not in cache:
            found = read()
            if self.store.version(self.lens.audience) != self.graph_version:
                raise StoreMoved
            cache[name] = found
        result: Result = cache[name]
        return result

    def bodies(self, ids: Iterable[str]) -> dict[str, Node]:
        """Nodes by id, read together and kept."""
        return self._read(self._nodes, self.store.get, ids)

    def outlines(self, ids: Iterable[str]) -> dict[str, Outline]:
        """Enough of nodes to show them, by id, read together and kept."""
        wanted = list(ids)
        self._outlines |= {id: Outline.of(self._nodes[id]) for id in wanted if id in self._nodes}
        return self._read(self._outlines, self.store.outlines, wanted)

    def _read(
        self, known: dict[str, Result], read: Callable[[list[str], Lens], dict[str, Result]], ids: Iterable[str]
    ) -> dict[str, Result]:
        """What is known of these, in their order; what is not is read and known from then on."""
        wanted = list(dict.fromkeys(ids))
        missing = [id for id in wanted if id not in known]
        if missing:
            known |= read(missing, self.lens.audience_only())
        if any(id not in known for id in missing):
            raise StoreMoved
        return {id: known[id] for id in wanted}

    def nodes(self, ids: Iterable[str]) -> dict[str, NodeInAnswer]:
        """Nodes as answers show them, by id."""
        outlines = self.outlines(ids)
        places = self.places(list(outlines))
        return {
            id: unchecked(
                NodeInAnswer,
                {
                    "id": id,
                    "kind": node.kind,
                    "subkind": node.subkind,
                    "name": node.name,
                    "sector": node.sector,
                    "places": places[id],
                },
            )
            for id, node in outlines.items()
        }

    def places(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For each node the ids of the places it is stated to be in, under the lens."""
        found: dict[str, dict[str, None]] = {id: {} for id in ids}
        for id, place in self.walk().towards(ids, PLACE_TYPES):
            found[id][place] = None
        return {id: tuple(some) for id, some in found.items()}

    def relationship_bodies(self, numbers: Iterable[int]) -> list[Relationship]:
        """Relationships by their numbers in the arrays, read together and kept, in the order of type and id."""
        return self.relationships_by_id(self.adjacency().relationships(numbers))

    def relationships_by_id(self, wanted: Mapping[str, str]) -> list[Relationship]:
        """Relationships by id and type, read together and kept, in the order of type and id."""
        missing = [id for id in wanted if id not in self._relationships]
        if missing:
            types = sorted({wanted[id] for id in missing})
            self._relationships |= self.store.get_relationships(missing, self.lens.audience_only(), types=types)
        if any(id not in self._relationships for id in missing):
            raise StoreMoved
        return sorted((self._relationships[id] for id in wanted), key=lambda one: (one.type, one.id))

    def each_relationship(self, numbers: Ints) -> Iterator[Relationship]:
        """Many relationships by their numbers in the arrays, in that order, read a part at a time and not kept."""
        edges = self.arrays.relationships
        for start in range(0, len(numbers), READ_AT_ONCE):
            progress("reading relationships", start, len(numbers))
            part = numbers[start : start + READ_AT_ONCE]
            ids = [edges.ids[number] for number in part.tolist()]
            types = [self.arrays.types[code] for code in np.unique(edges.type[part]).tolist()]
            found = self.store.get_relationships(ids, self.lens.audience_only(), types=types)
            if len(found) < len(ids):
                raise StoreMoved
            yield from (found[id] for id in ids)

    def each_node(self, numbers: Ints) -> Iterator[Node]:
        """Many nodes by their numbers in the arrays, in that order, read a part at a time and not kept."""
        for start in range(0, len(numbers), READ_AT_ONCE):
            progress("reading nodes", start, len(numbers))
            ids = [self.arrays.nodes.ids[number] for number in numbers[start : start + READ_AT_ONCE].tolist()]
            found = self.store.get(ids, self.lens.audience_only())
            if len(found) < len(ids):
                raise StoreMoved
            yield from (found[id] for id in ids)

    def show_first(self, name: str, count: int, of: int) -> None:
        """Say that only the first of a list are shown, if so: in `cut`, or in a note when something else is there."""
        if count < of and self.cut is None:
            self.cut = Cut(limit=name, kept=count, of=of)
        elif count < of:
            self.note(f"Of {name} the first {count:,} of {of:,} are shown.")

    def between(self, numbers: Ints) -> list[int]:
        """Which relationships between the same two are told, by their numbers in the arrays."""
        named = self.adjacency().relationships(numbers.tolist())
        told = self.between_by_id(named)
        return [number for number, id in zip(numbers.tolist(), named, strict=True) if id in told]

    def between_by_id(self, wanted: Mapping[str, str]) -> Mapping[str, str]:
        """Which relationships between the same two are told: all, or of each type as many, the first by id."""
        if len(wanted) <= MOST_BETWEEN:
            return wanted
        places, of_type = dict[str, int](), Counter[str]()
        for id in sorted(wanted):
            places[id] = of_type[wanted[id]]  # its place within its type
            of_type[wanted[id]] += 1
        self.note(
            f"Where more than {MOST_BETWEEN} relationships join the same two, {MOST_BETWEEN} are told;"
            " GET /v1/nodes/{id}/relationships has them all."
        )
        return {id: wanted[id] for id in sorted(places, key=places.__getitem__)[:MOST_BETWEEN]}

    def relationships(self, numbers: Iterable[int] | Ints) -> list[RelationshipInAnswer]:
        """Relationships as answers show them, in the order of type and id."""
        return self.told(self.relationship_bodies(int(number) for number in numbers))

    def told(self, relationships: Sequence[Relationship]) -> list[RelationshipInAnswer]:
        """These relationships as answers show them, in the order given."""
        names = self.outlines(end for one in relationships for end in (one.source, one.target))
        return [
            tell(one, sentence(one, names[one.source].name, names[one.target].name, self.store.vocabulary))
            for one in relationships
        ]

    @cached_property
    def sources(self) -> dict[str, Source]:
        """All sources, by id."""
        return self.store.get_sources()


def tell(relationship: Relationship, text: str) -> RelationshipInAnswer:
    """A relationship as answers show it, with its sentence."""
    return unchecked(
        RelationshipInAnswer,
        {
            "id": relationship.id,
            "type": relationship.type,
            "source": relationship.source,
            "target": relationship.target,
            "sentence": text,
            "role": relationship.role,
            "start": relationship.start,
            "end": relationship.end,
            "amount": relationship.amount,
            "currency": relationship.currency,
            "confidence": 1.0 if relationship.confidence is None else relationship.confidence,
            "inferred": relationship.inferred,
            "evidence": relationship.evidence,
        },
    )


def brief(node: Node) -> NodeBrief:
    """Enough of a node to name it."""
    return NodeBrief(id=node.id, kind=node.kind, name=node.name)


def resolve(store: Store, text: str, lens: Lens, *, parameter: str, kinds: Sequence[str] = ()) -> Node:
    """The one visible node that is meant by an id, an exact name or alias, or `scheme:value`."""
    for id in (text, store.merged_into([text], lens.audience).get(text, text)):
        if node := store.get([id], lens).get(id):
            return node
    fitting = [node for node in store.find(text, lens) if not kinds or node.kind in kinds]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Conflict(
            f"{len(fitting)} nodes are called “{text}”.",
            fix="Use the id of the one you mean.",
            parameter=parameter,
            candidates=[brief(node) for node in fitting[:CANDIDATES_SHOWN]],
        )
    if store.is_forgotten(text, lens.audience):
        raise Forgotten(f"“{text}” was forgotten on request.", fix="Nothing is kept about it.", parameter=parameter)
    close = nearest(store, text, lens, kinds)
    names = ", ".join(f"“{node.name}”" for node in close)
    raise NotFound(
        f"There is no node called “{text}”.",
        fix=f"The nearest names are {names}." if names else "Nothing is visible with this lens.",
        parameter=parameter,
        nearest=close,
    )


def nearest(store: Store, text: str, lens: Lens, kinds: Sequence[str] = ()) -> list[NodeBrief]:
    """The three visible nodes whose names are nearest to a text that names none."""
    wanted = [entry for entry in _names(store, text, lens) if not kinds or entry[1].kind in kinds]
    scorer = fuzz.token_sort_ratio
    scored = process.extract(fold(text), [folded for folded, _ in wanted], scorer=scorer, limit=None)
    order = sorted(scored, key=lambda found: (-round(found[1], 6), wanted[found[2]][1].name, wanted[found[2]][1].id))
    return list(dict.fromkeys(wanted[place][1] for _, _, place in order))[:NEAREST]


Named = tuple[str, NodeBrief]


def _names(store: Store, text: str, lens: Lens) -> list[Named]:
    """Folded names and aliases to compare a text with, and the nodes they belong to.

    All that are visible, kept with the masks of the lens; in a large network a part of them, and those that
    have a word much like one of the text.
    """
    kept = store.arrays().visible(lens).cache
    if "names" not in kept:
        kept["names"] = _named(store.nodes(lens, limit=NAMES_COMPARED))
    names: list[Named] = kept["names"]
    if len({node.id for _, node in names}) < NAMES_COMPARED:
        return names
    alike = {
        word: tuple(
            found
            for found, _, _ in process.extract(
                word, store.name_words(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None
            )
        )
        for word in words(text)
    }
    queries = [SearchQuery(word, (word,), (close,)) for word, close in alike.items()]
    return names + _named(node for query in queries for node in store.candidates(query, lens, MATCH_LIMIT))


def _named(nodes: Iterable[Node]) -> list[Named]:
    return [(fold(name), brief(node)) for node in nodes for name in (node.name, *node.aliases)]


def resolved_lens(store: Store, lens: Lens) -> Lens:
    """The lens with places and themes as ids; unknown kinds, types, places and themes are refused by name."""
    vocabulary = store.vocabulary
    for parameter, known in (("kind", vocabulary.kinds), ("type", vocabulary.types)):
        for value in getattr(lens, parameter):
            if value not in known:
                raise InputError(
                    f"{value!r} is not a {parameter}.",
                    fix=f"Use one of: {', '.join(sorted(known))}.",
                    parameter=parameter,
                    valid=sorted(known),
                )
    plain = lens.audience_only()
    return lens.model_copy(
        update={
            kind: tuple(
                resolve(store, text, Lens(audience=plain.audience, kind=(kind,)), parameter=kind).id
                for text in getattr(lens, kind)
            )
            for kind in ("place", "theme")
        }
    )
