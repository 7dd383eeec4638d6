"""What stores take and give besides the network's own things: batches, counts, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from graph.model import Node, Relationship, Sector, Source, ThingName

Action = Literal["added", "changed", "removed", "merged", "unmerged", "forgotten"]


class Outline(NamedTuple):
    """Enough of a node to show it in an answer."""

    kind: str
    subkind: str | None
    name: str
    sector: Sector | None

    @classmethod
    def of(cls, node: Node) -> Outline:
        """That of a whole node."""
        return cls(node.kind, node.subkind, node.name, node.sector)


@dataclass(frozen=True)
class Batch:
    """What one write puts in and takes out. A thing that is put replaces the one of the same id."""

    sources: Sequence[Source] = ()
    nodes: Sequence[Node] = ()
    relationships: Sequence[Relationship] = ()
    remove_nodes: Sequence[str] = ()
    remove_relationships: Sequence[str] = ()

    def __len__(self) -> int:
        parts = (self.sources, self.nodes, self.relationships, self.remove_nodes, self.remove_relationships)
        return sum(len(part) for part in parts)


@dataclass
class Applied:
    """What a write did: how many things were added, changed, removed, or there already."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def add(self, other: Applied) -> None:
        """Count another batch of the same write."""
        self.added += other.added
        self.changed += other.changed
        self.removed += other.removed
        self.unchanged += other.unchanged


class Change(BaseModel):
    """One entry of the change log, as a caller of one level of audience sees it."""

    model_config = ConfigDict(frozen=True)

    position: int
    at: str
    by: str | None  # only for the team: who wrote is a person's name
    action: Action
    thing: ThingName
    id: str
    previous: str | None = None


@dataclass(frozen=True)
class Counts:
    """Numbers of nodes by kind and of relationships by type, under a lens."""

    kinds: Mapping[str, int]
    types: Mapping[str, int]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return sum(self.kinds.values())

    @property
    def relationships(self) -> int:
        """Number of relationships."""
        return sum(self.types.values())


@dataclass(frozen=True)
class Forgetting:
    """What was erased, and the things in whose text the name still stands (for a person to mend)."""

    id: str
    relationships: int
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Around:
    """Which relationships of one node are wanted: direction, type, and kind of the other end."""

    node: str
    direction: Literal["out", "in", "both"] = "both"
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    role: str | None = None  # text that the role must contain, case ignored
