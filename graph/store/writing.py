"""The plan of a write, made once for both stores.

A store opens a transaction that can read (`Transaction`), this module works out what has to change
(`Plan`), and the transaction carries it out: rows to put and delete, entries for the change log, and
what to add to the digests. So both stores refuse, log and count exactly the same.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.errors import CogsError, Conflict, Forgotten, InputError, Merged, NotFound
from graph.model import LEVELS, Node, Relationship, Source, Thing, ThingName, thing_name
from graph.search import fold
from graph.store.records import Action, Applied, Batch
from graph.vocabulary import Vocabulary, with_article

if TYPE_CHECKING:
    from graph.store.packed import Packed

MODULUS = 1 << 128
Rejected = Callable[[Thing, CogsError], None]


def digest(name: str, body: str) -> bytes:
    """The digest of one thing (or judgement), as it goes into the sums."""
    return hashlib.blake2b(f"{name}\0{body}".encode(), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Stored:
    """A thing as a store holds it: its canonical text and its effective level of audience."""

    body: str
    level: int


@dataclass(frozen=True, slots=True)
class Put:
    """A thing to write, whole, with its effective level of audience."""

    thing: Thing
    body: str
    level: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry for the change log; levels are those before and after, None where the thing is not there."""

    action: Action
    thing: ThingName
    id: str
    before: int | None
    after: int | None
    previous: str | None = None
    same: bool = False  # only who may see it has changed, not what it says

    def seen_as(self, level: int) -> Action | None:
        """What this entry is to a caller of a level; None when they must not notice it."""
        before = self.before is not None and self.before <= level
        after = self.after is not None and self.after <= level
        if before and after:
            return None if self.same else self.action
        if self.action in ("merged", "unmerged", "forgotten"):
            return self.action if before or after else None
        return "added" if after else "removed" if before else None


@dataclass(frozen=True, slots=True)
class Merge:
    """A recorded judgement that two nodes are one, with all that is needed to undo it."""

    gone: str
    into: str
    level: int
    gone_body: str
    into_before: str
    into_after: str
    moved: tuple[str, ...]  # canonical texts of the relationships as they were before


@dataclass
class Plan:
    """Everything that one batch changes."""

    puts: list[Put] = field(default_factory=list)
    delete_nodes: list[str] = field(default_factory=list)
    delete_relationships: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    sums: list[int] = field(default_factory=lambda: [0] * len(LEVELS))
    applied: Applied = field(default_factory=Applied)
    record_merges: list[Merge] = field(default_factory=list)
    drop_merges: list[str] = field(default_factory=list)

    def add_digest(self, name: str, body: str, level: int, sign: int = 1) -> None:
        """Add a thing to the digest of each level that sees it, or take it away."""
        value = int.from_bytes(digest(name, body), "big")
        for audience in range(level, len(LEVELS)):
            self.sums[audience] = (self.sums[audience] + sign * value) % MODULUS

    def put(self, thing: Thing, level: int, before: Stored | None) -> Stored:
        """Plan to write a thing, unless the very same is there already."""
        body, name = thing.canonical(), thing_name(thing)
        after = Stored(body, level)
        if before == after:
            self.applied.unchanged += 1
            return after
        if before:
            self.add_digest(name, before.body, before.level, -1)
        self.add_digest(name, body, level)
        self.puts.append(Put(thing, body, level, before is None))
        same = before is not None and before.body == body
        action: Action = "changed" if before else "added"
        previous = before.body if before and not same else None
        self.entries.append(Entry(action, name, thing.id, before.level if before else None, level, previous, same))
        if not before:
            self.applied.added += 1
        elif not same:
            self.applied.changed += 1
        return after

    def delete(self, name: ThingName, id: str, before: Stored, action: Action = "removed") -> None:
        """Plan to take a thing out."""
        (self.delete_nodes if name == "node" else self.delete_relationships).append(id)
        self.add_digest(name, before.body, before.level, -1)
        self.entries.append(Entry(action, name, id, before.level, None, before.body))
        self.applied.removed += 1


@dataclass(frozen=True, slots=True)
class Erasure:
    """What forgetting takes out of the change log, and the marks by which the forgotten is known again."""

    nodes: tuple[str, ...]
    relationships: tuple[str, ...]
    marks: tuple[str, ...]
    names: tuple[str, ...]  # folded
    level: int

    @property
    def words(self) -> tuple[str, ...]:
        """All words of the names, each once."""
        return tuple(dict.fromkeys(word for name in self.names for word in name.split()))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of many things that were handed over at once; those without a number are left to the planner."""

    applied: Applied
    numbers: NDArray[np.int64]  # of each in the store, -1 for what was left

    @classmethod
    def nothing_of(cls, packed: Packed) -> Taken:
        """All of them are left."""
        return cls(Applied(), np.full(len(packed), -1, np.int64))


class Transaction(ABC):
    """One open write transaction of a store: reads within it, and the carrying out of plans."""

    @abstractmethod
    def sources(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Sources by id."""

    @abstractmethod
    def nodes(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Nodes by id."""

    @abstractmethod
    def relationships(self, ids: Iterable[str]) -> Mapping[str, Stored]:
        """Relationships by id."""

    @abstractmethod
    def around(self, nodes: Iterable[str]) -> Mapping[str, Stored]:
        """All relationships that touch one of these nodes, by id."""

    @abstractmethod
    def merges(self, ids: Iterable[str]) -> Mapping[str, Merge]:
        """Recorded merges of which one of these ids is the node that went."""

    @abstractmethod
    def merges_into(self, id: str) -> Sequence[Merge]:
        """Recorded merges of which this is the surviving node."""

    @abstractmethod
    def forgotten(self, marks: Iterable[str]) -> set[str]:
        """Those of these marks (`id:…`, `name:…`, `identifier:…`) that belong to something forgotten."""

    @abstractmethod
    def execute(self, plan: Plan) -> None:
        """Carry out a plan: rows, change log, digests."""

    @abstractmethod
    def take(self, packed: Packed) -> Taken:
        """Write, log and count at once what is new and fits, or is there already exactly so; leave the rest."""

    def finish(self) -> Iterator[float]:
        """Do what writing many things at once has put off; tells step by step what share of it is done."""
        return iter(())

    def numbered(self, thing: ThingName, id: str) -> tuple[int, str] | None:
        """Number in the store, and text, of a node or relationship; None for one that was not taken so."""
        return None

    @abstractmethod
    def erase(self, erasure: Erasure) -> None:
        """Record what was forgotten, and take its ids and values out of the change log."""


def write(transaction: Transaction, vocabulary: Vocabulary, batch: Batch, rejected: Rejected | None = None) -> Applied:
    """Plan one batch and carry the plan out."""
    plan = Planner(transaction, vocabulary, rejected).batch(batch)
    transaction.execute(plan)
    return plan.applied


def marks_of(node: Node) -> list[str]:
    """By what a node that was forgotten is known again: its id, its identifiers, its names within its kind."""
    names = {fold(name) for name in (node.name, *node.aliases)}
    return [
        f"id:{node.id}",
        *(f"identifier:{identifier}" for identifier in node.identifiers),
        *sorted(f"name:{node.kind}:{name}" for name in names),
    ]


class Planner:
    """Works out the plan of one batch, thing by thing; a bad thing is refused, or handed to `rejected`."""

    def __init__(self, transaction: Transaction, vocabulary: Vocabulary, rejected: Rejected | None = None) -> None:
        self.transaction = transaction
        self.vocabulary = vocabulary
        self.rejected = rejected
        self.plan = Plan()
        self.kinds: dict[str, str] = {}
        self.written: set[str] = set()  # relationships that this batch gives

    def batch(self, batch: Batch) -> Plan:
        """Plan a whole batch: sources, nodes, relationships, then removals."""
        self._read(batch)
        for source in batch.sources:
            self._try(source, self._source)
        for node in batch.nodes:
            self._try(node, self._node)
        for relationship in batch.relationships:
            self._try(relationship, self._relationship)
        self._adjust_levels()
        self._remove(batch)
        return self.plan

    def _try(self, thing: Thing, step: Callable[..., None]) -> None:
        try:
            step(thing)
        except CogsError as wrong:
            if self.rejected is None:
                raise
            self.rejected(thing, wrong)

    def _read(self, batch: Batch) -> None:
        facts = [*batch.nodes, *batch.relationships]
        cited = {evidence.source for fact in facts for evidence in fact.evidence}
        self.source_before = dict(self.transaction.sources({source.id for source in batch.sources} | cited))
        self.known_sources = set(self.source_before)
        ends = {end for relationship in batch.relationships for end in (relationship.source, relationship.target)}
        named = {node.id for node in batch.nodes}
        self.node_before = dict(self.transaction.nodes(named | ends | set(batch.remove_nodes)))
        wanted = {relationship.id for relationship in batch.relationships} | set(batch.remove_relationships)
        self.relationship_before = dict(self.transaction.relationships(wanted))
        self.merged = self.transaction.merges(named | ends)
        self.forgotten = self.transaction.forgotten({mark for node in batch.nodes for mark in marks_of(node)})

    def _source(self, source: Source) -> None:
        self.source_before[source.id] = self.plan.put(source, 0, self.source_before.get(source.id))
        self.known_sources.add(source.id)

    def _evidence(self, fact: Node | Relationship) -> None:
        for evidence in fact.evidence:
            if evidence.source not in self.known_sources:
                raise InputError(
                    f"Its evidence names the source {evidence.source!r}, which is not there.",
                    fix="Give the source first, in the same file or an earlier load.",
                    column="evidence",
                )

    def _node(self, node: Node) -> None:
        if self.forgotten and not self.forgotten.isdisjoint(marks_of(node)):
            raise Forgotten(f"{node.id!r} was forgotten on request.", fix="It cannot be loaded again.", column="id")
        self._not_merged(node.id)
        self.vocabulary.check_node(node)
        self._evidence(node)
        before = self.node_before.get(node.id)
        if before and (kind := _kind(before)) != node.kind:
            self._check_ends(node, kind)
        self.node_before[node.id] = self.plan.put(node, node.level, before)
        self.kinds[node.id] = node.kind

    def _not_merged(self, id: str) -> None:
        if id in self.merged:
            into = self.merged[id].into
            raise Merged(f"{id!r} was merged into {into!r}.", fix=f"Write to {into!r}, or undo the merge.", into=into)

    def _check_ends(self, node: Node, kind: str) -> None:
        touching = [_relationship(stored) for stored in self.transaction.around([node.id]).values()]
        ends = self.transaction.nodes({end for one in touching for end in (one.source, one.target)})
        kinds = {id: _kind(stored) for id, stored in ends.items()} | {node.id: node.kind}
        for relationship in touching:
            try:
                self.vocabulary.check_relationship(relationship, kinds[relationship.source], kinds[relationship.target])
            except InputError as wrong:
                raise Conflict(
                    f"{node.id!r} is {with_article(kind)} and cannot become {with_article(node.kind)}: {wrong.message}",
                    fix=f"Change the relationship {relationship.id!r} first.",
                ) from wrong

    def _end(self, id: str, column: str) -> tuple[str, int]:
        """Kind and level of the node at one end."""
        if id not in self.kinds:
            self._not_merged(id)
            if id not in self.node_before:
                raise NotFound(
                    f"There is no node {id!r}.", fix="Give the node before its relationships.", column=column
                )
            self.kinds[id] = _kind(self.node_before[id])
        return self.kinds[id], self.node_before[id].level

    def _relationship(self, relationship: Relationship) -> None:
        source_kind, source_level = self._end(relationship.source, "source")
        target_kind, target_level = self._end(relationship.target, "target")
        self.vocabulary.check_relationship(relationship, source_kind, target_kind)
        self._evidence(relationship)
        level, before = max(relationship.level, source_level, target_level), self.relationship_before
        before[relationship.id] = self.plan.put(relationship, level, before.get(relationship.id))
        self.written.add(relationship.id)

    def _adjust_levels(self) -> None:
        """Relationships of nodes whose audience has changed become visible, or hidden, with them."""
        moved = (entry for entry in self.plan.entries if entry.thing == "node" and entry.before != entry.after)
        changed = {entry.id for entry in moved if entry.before is not None}
        if not changed:
            return
        there = self.transaction.around(changed)
        touching = {id: stored for id, stored in there.items() if id not in self.written}
        things = {id: _relationship(stored) for id, stored in touching.items()}
        others = {end for thing in things.values() for end in (thing.source, thing.target)} - set(self.node_before)
        self.node_before.update(self.transaction.nodes(others))
        for id, thing in things.items():
            level = max(thing.level, self.node_before[thing.source].level, self.node_before[thing.target].level)
            if level != touching[id].level:
                self.relationship_before[id] = self.plan.put(thing, level, touching[id])

    def _remove(self, batch: Batch) -> None:
        gone = [id for id in dict.fromkeys(batch.remove_nodes) if id in self.node_before]
        before = self.relationship_before
        doomed = {id: before[id] for id in batch.remove_relationships if id in before}
        if gone:
            there = {**self.transaction.around(gone), **before}  # as they are once this batch is written
            doomed |= {id: stored for id, stored in there.items() if _touches(stored, gone)}
        for id, stored in sorted(doomed.items()):
            self.plan.delete("relationship", id, stored)
        for id in gone:
            self.plan.delete("node", id, self.node_before[id])


def _kind(stored: Stored) -> str:
    return str(json.loads(stored.body)["kind"])


def _relationship(stored: Stored) -> Relationship:
    return Relationship.model_validate_json(stored.body)


def _touches(stored: Stored, nodes: Sequence[str]) -> bool:
    relationship = _relationship(stored)
    return relationship.source in nodes or relationship.target in nodes
