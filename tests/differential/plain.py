"""The network as plain dictionaries, written for clearness: what both stores must agree with.

It shares the models of the data with the product, and folding (which has tests of its own); the lens, the
search, the refusals, merges and forgetting are written here a second time, from the design.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from graph.errors import CogsError, Conflict, Forgotten, InputError, Merged, NotFound
from graph.lens import Lens
from graph.model import Audience, Node, Relationship, Source, Thing
from graph.search import fold
from graph.store.records import Applied, Around, Batch
from graph.vocabulary import Vocabulary

LEVEL = {None: 0, Audience.public: 0, Audience.network: 1, Audience.team: 2, Audience.private: 3}
SINGLE = ("subkind", "summary", "sector", "url", "latitude", "longitude", "start", "end")


@dataclass
class MergeRecord:
    into: str
    level: int
    gone: Node
    before: Node
    after: Node
    moved: list[Relationship]


@dataclass
class Plain:
    vocabulary: Vocabulary
    sources: dict[str, Source] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    relationships: dict[str, Relationship] = field(default_factory=dict)
    merges: dict[str, MergeRecord] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)

    # What is seen.

    def level(self, thing: Thing) -> int:
        if isinstance(thing, Source):
            return 0
        if isinstance(thing, Node):
            return LEVEL[thing.audience]
        return max(LEVEL[one.audience] for one in (thing, self.nodes[thing.source], self.nodes[thing.target]))

    def counts_at_all(self, thing: Node | Relationship, lens: Lens) -> bool:
        if self.level(thing) > LEVEL[lens.audience] or not overlaps(thing, lens):
            return False
        if isinstance(thing, Node):
            return True
        sure = thing.confidence is None or lens.min_confidence is None or thing.confidence >= lens.min_confidence
        stated = lens.include_inferred or not thing.inferred
        return (
            sure and stated and all(self.counts_at_all(self.nodes[end], lens) for end in (thing.source, thing.target))
        )

    def facts(self, lens: Lens) -> Iterator[tuple[str, str, str]]:
        for one in self.relationships.values():
            if self.counts_at_all(one, lens):
                yield one.source, one.type, one.target

    def parts(self, name: str, lens: Lens) -> set[str]:
        inside = {name}
        while True:
            more = {
                source
                for source, type, target in self.facts(lens)
                if type in ("PART_OF", "LOCATED_IN")
                and target in inside
                and self.nodes[source].kind in ("place", "theme")
            }
            if more <= inside:
                return inside
            inside |= more

    def is_seen(self, node: Node, lens: Lens) -> bool:
        if not self.counts_at_all(node, lens) or (lens.kind and node.kind not in lens.kind):
            return False
        if node.kind in ("organisation", "person", "project"):
            for names, types in ((lens.place, ["LOCATED_IN"]), (lens.theme, ["WORKS_ON", "EXAMPLE_OF", "ABOUT"])):
                inside = {part for name in names for part in self.parts(name, lens)}
                leads = any(
                    source == node.id and type in types and target in inside
                    for source, type, target in self.facts(lens)
                )
                if names and not leads:
                    return False
        return not lens.sector or node.kind not in ("organisation", "person") or self.is_of_sector(node, lens)

    def is_of_sector(self, node: Node, lens: Lens) -> bool:
        if node.kind == "organisation" or node.sector is not None:
            return node.sector in lens.sector
        return any(
            source == node.id
            and self.vocabulary.types[type].of
            and self.nodes[target].kind == "organisation"
            and self.nodes[target].sector in lens.sector
            for source, type, target in self.facts(lens)
        )

    def seen_nodes(self, lens: Lens) -> list[Node]:
        return sorted(
            (one for one in self.nodes.values() if self.is_seen(one, lens)), key=lambda one: (one.kind, one.id)
        )

    def seen_relationships(self, lens: Lens, around: Around | None = None) -> list[Relationship]:
        seen = {node.id for node in self.seen_nodes(lens)}
        found = [
            one
            for one in self.relationships.values()
            if self.counts_at_all(one, lens)
            and (not lens.type or one.type in lens.type)
            and {one.source, one.target} <= seen
            and (around is None or self.is_around(one, around))
        ]
        return sorted(found, key=lambda one: (one.type, one.id))

    def is_around(self, one: Relationship, around: Around) -> bool:
        ends = {"out": [one.source], "in": [one.target], "both": [one.source, one.target]}[around.direction]
        other = one.target if one.source == around.node else one.source
        return (
            around.node in ends
            and (not around.types or one.type in around.types)
            and (not around.kinds or self.nodes[other].kind in around.kinds)
            and (around.role is None or around.role.casefold() in (one.role or "").casefold())
        )

    def content(self, level: Audience) -> frozenset[str]:
        things: list[Thing] = [*self.sources.values(), *self.nodes.values(), *self.relationships.values()]
        merges = {f"{gone}>{one.into}" for gone, one in self.merges.items() if one.level <= LEVEL[level]}
        return (
            frozenset(type(one).__name__ + one.canonical() for one in things if self.level(one) <= LEVEL[level])
            | merges
        )

    # What is found.

    def find(self, text: str, lens: Lens) -> list[str]:
        return sorted(
            node.id
            for node in self.seen_nodes(lens)
            if fold(text) in map(fold, (node.name, *node.aliases)) or text in map(str, node.identifiers)
        )

    def search(self, text: str, lens: Lens) -> list[tuple[str, int]]:
        degree = Counter(
            end for one in self.seen_relationships(Lens(audience=lens.audience)) for end in {one.source, one.target}
        )
        found = [
            (match_class(fold(text), node), -degree[node.id], node.name, node.id) for node in self.seen_nodes(lens)
        ]
        return [(id, number) for number, _, _, id in sorted(one for one in found if one[0])]

    # What is written.

    def apply(self, batch: Batch, refused: list[tuple[str, str]] | None = None) -> Applied:
        """Write a batch, or raise and write nothing; with `refused`, leave out what does not fit and list it."""
        before = (dict(self.sources), dict(self.nodes), dict(self.relationships))
        levels = {id: self.level(one) for id, one in self.relationships.items()}
        applied = Applied()
        things: list[Thing] = [*batch.sources, *batch.nodes, *batch.relationships]
        for thing in things:
            try:
                self._check(thing, before[2])
            except CogsError as wrong:
                if refused is None:
                    self.sources, self.nodes, self.relationships = before
                    raise
                refused.append((thing.id, type(wrong).__name__))
            else:
                self._put(thing, applied, levels)
        self._remove(batch, applied)
        return applied

    def _put(self, thing: Thing, applied: Applied, levels: dict[str, int]) -> None:
        kept = self._kept(thing)
        old, kept[thing.id] = kept.get(thing.id), thing
        moved = False
        if isinstance(thing, Relationship):
            moved = levels.get(thing.id) != self.level(thing)
            levels[thing.id] = self.level(thing)
        if old is None:
            applied.added += 1
        elif old != thing:
            applied.changed += 1
        elif not moved:  # whose ends were hidden or shown by the same batch is neither changed nor unchanged
            applied.unchanged += 1

    def _kept(self, thing: Thing) -> dict[str, Thing]:
        name = {Source: "sources", Node: "nodes", Relationship: "relationships"}[type(thing)]
        kept: dict[str, Thing] = getattr(self, name)
        return kept

    def _remove(self, batch: Batch, applied: Applied) -> None:
        gone = {id for id in batch.remove_nodes if id in self.nodes}
        ties = {id for id in batch.remove_relationships if id in self.relationships}
        ties |= {one.id for one in self.relationships.values() if {one.source, one.target} & gone}
        for id in ties:
            del self.relationships[id]
        for id in gone:
            del self.nodes[id]
        applied.removed += len(ties) + len(gone)

    def _check(self, thing: Thing, old: dict[str, Relationship]) -> None:
        if isinstance(thing, Source):
            return
        if isinstance(thing, Node):
            self._check_node(thing, old)
        else:
            self._check_relationship(thing)
        if any(evidence.source not in self.sources for evidence in thing.evidence):
            raise InputError("no such source")

    def _check_node(self, node: Node, old: dict[str, Relationship]) -> None:
        if self.is_forgotten(node):
            raise Forgotten("forgotten")
        if node.id in self.merges:
            raise Merged("merged")
        if node.kind not in self.vocabulary.kinds:
            raise InputError("no such kind")
        if any(evidence.source not in self.sources for evidence in node.evidence):
            raise InputError("no such source")
        if node.id not in self.nodes or self.nodes[node.id].kind == node.kind:
            return
        for one in old.values():
            row = self.vocabulary.types[one.type]
            as_source = one.source != node.id or row.source == "any" or node.kind in row.source
            as_target = one.target != node.id or row.target == "any" or node.kind in row.target
            if not (as_source and as_target):
                raise Conflict("its relationships do not allow that")

    def _check_relationship(self, one: Relationship) -> None:
        for end in (one.source, one.target):
            if end in self.merges:
                raise Merged("merged")
            if end not in self.nodes:
                raise NotFound("no such node")
        if one.type not in self.vocabulary.types:
            raise InputError("no such type")
        row = self.vocabulary.types[one.type]
        if not (row.source == "any" or self.nodes[one.source].kind in row.source):
            raise InputError("not from there")
        if not (row.target == "any" or self.nodes[one.target].kind in row.target):
            raise InputError("not to there")

    # Judging.

    def merge(self, gone: str, into: str) -> None:
        if gone == into:
            raise InputError("with itself")
        if gone in self.merges:
            if self.merges[gone].into == into:
                return
            raise Conflict("merged elsewhere")
        one, other = self._need(gone), self._need(into)
        if one.kind != other.kind or self.level(one) != self.level(other):
            raise Conflict("unlike")
        touching = [tie for tie in self.relationships.values() if gone in (tie.source, tie.target)]
        for tie in touching:
            ends = {end: into for end in ("source", "target") if getattr(tie, end) == gone}
            self.relationships[tie.id] = tie.model_copy(update=ends)
        after = both(other, one)
        self.merges[gone] = MergeRecord(into, self.level(one), one, other, after, touching)
        self.nodes[into] = after
        del self.nodes[gone]

    def _need(self, id: str) -> Node:
        if id not in self.nodes:
            raise NotFound("no such node")
        return self.nodes[id]

    def unmerge(self, gone: str) -> None:
        record = self.merges.get(gone)
        if record is None:
            self._need(gone)
            return
        if record.into in self.merges:
            raise Conflict("a later merge stands on it")
        now = self._need(record.into)
        if self.level(now) != record.level:
            raise Conflict("the audience has changed")
        self.nodes[record.into] = without(now, record)
        self.nodes[gone] = record.gone
        for old in record.moved:
            if old.id in self.relationships:
                ends = {end: gone for end in ("source", "target") if getattr(old, end) == gone}
                self.relationships[old.id] = self.relationships[old.id].model_copy(update=ends)
        del self.merges[gone]

    def forget(self, id: str) -> int:
        node = self._need(id)
        gone = [node]
        for name in self._merged_into(id):
            gone.append(self.merges.pop(name).gone)
        ties = [tie.id for tie in self.relationships.values() if id in (tie.source, tie.target)]
        for tie in ties:
            del self.relationships[tie]
        for one in gone:
            self.marks.update(dict.fromkeys(marks(one), self.level(node)))
        del self.nodes[id]
        return len(ties)

    def _merged_into(self, id: str) -> list[str]:
        direct = [gone for gone, record in self.merges.items() if record.into == id]
        return direct + [further for gone in direct for further in self._merged_into(gone)]

    def is_forgotten(self, node: Node) -> bool:
        return not marks(node).isdisjoint(self.marks)


def marks(node: Node) -> set[str]:
    names = {f"{node.kind} called {fold(name)}" for name in (node.name, *node.aliases)}
    return {f"id {node.id}", *map(str, node.identifiers), *names}


def both(into: Node, gone: Node) -> Node:
    """The node that survives a merge."""
    names = [name for name in unique((*into.aliases, gone.name, *gone.aliases)) if name != into.name]
    single = {name: getattr(into, name) if getattr(into, name) is not None else getattr(gone, name) for name in SINGLE}
    several = {
        name: tuple(unique((*getattr(into, name), *getattr(gone, name)))) for name in ("identifiers", "evidence")
    }
    attributes = gone.attributes | into.attributes
    return into.model_copy(update={"aliases": tuple(names), "attributes": attributes, **single, **several})


def without(now: Node, record: MergeRecord) -> Node:
    """The surviving node without what a merge brought; what was edited since stays."""
    changed: dict[str, object] = {}
    for name in ("aliases", "identifiers", "evidence"):
        brought = [value for value in getattr(record.after, name) if value not in getattr(record.before, name)]
        changed[name] = tuple(value for value in getattr(now, name) if value not in brought)
    changed["evidence"] = changed["evidence"] or record.before.evidence  # nothing stands without evidence
    for name in (*SINGLE, "attributes"):
        if getattr(now, name) == getattr(record.after, name):
            changed[name] = getattr(record.before, name)
    return record.before if now == record.after else now.model_copy(update=changed)


def unique(values: Iterable[object]) -> list[object]:
    return list(dict.fromkeys(values))


def overlaps(thing: Node | Relationship, lens: Lens) -> bool:
    """Whether it held at a time the lens asks for; dates compare as texts once they are whole."""
    first, last = lens.at or lens.since, lens.at or lens.until
    begins_in_time = not (thing.start and last) or from_day(thing.start) <= to_day(last)
    ends_in_time = not (thing.end and first) or to_day(thing.end) >= from_day(first)
    return begins_in_time and ends_in_time


def from_day(partial: str) -> str:
    return partial + "0000-01-01"[len(partial) :]


def to_day(partial: str) -> str:
    return partial + "9999-12-31"[len(partial) :]


def match_class(query: str, node: Node) -> int:
    """1 to 4 by DESIGN section 6; 0 for no match."""
    names = [fold(name) for name in (node.name, *node.aliases)]
    identifiers = [fold(text) for one in node.identifiers for text in (one.value, str(one))]
    words = {word for name in names for word in name.split()}
    every = words | set(fold(node.summary or "").split())
    if query in names + identifiers:
        return 1
    if all(any(word.startswith(wanted) for word in words) for wanted in query.split()):
        return 2
    if all(wanted in every for wanted in query.split()):
        return 3
    return 4 if all(any(is_close(wanted, word) for word in words) for wanted in query.split()) else 0


def is_close(wanted: str, word: str) -> bool:
    """The word begins as wanted, with at most one typing error when four letters or more are wanted."""
    if word.startswith(wanted):
        return True
    return len(wanted) >= 4 and any(OSA.distance(wanted, word[:length]) <= 1 for length in range(len(word) + 1))
