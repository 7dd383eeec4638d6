"""The store face: all that the rest of the product knows of a store.

Two stores stand behind it, `embedded.py` and `neo4j.py`. What both must do alike is written once: the
plan of a write in `writing.py`, traversal in `graph/traversal.py`, the meaning of search in `graph/search.py`.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.lens import Lens
from graph.model import Audience, Node, Relationship, Source, Thing
from graph.search import fold, rank_of
from graph.store.judging import plan_forget, plan_merge, plan_unmerge
from graph.store.records import Applied, Around, Batch, Change, Counts, Forgetting, Outline
from graph.store.writing import Rejected, Transaction, write
from graph.vocabulary import Vocabulary

if TYPE_CHECKING:
    import networkx as nx

    from graph.adjacency import Arrays, Walk
    from graph.search import SearchQuery
    from graph.snapshot import Held
    from graph.store.following import Following

EVERYTHING = Lens()


class Store(ABC):
    """A place where one network is kept: open it with `open_store`, close it or use it in a `with` block."""

    uri: str
    vocabulary: Vocabulary
    following: Following

    # Reading. Every method answers for the lens, as if nothing else existed.

    @abstractmethod
    def get(self, ids: Sequence[str], lens: Lens = EVERYTHING) -> dict[str, Node]:
        """The visible nodes among these ids; a merged or forgotten id is simply not there."""

    def outlines(self, ids: Sequence[str], lens: Lens = EVERYTHING) -> dict[str, Outline]:
        """Enough of the visible nodes among these ids to show them in an answer."""
        return {id: Outline.of(node) for id, node in self.get(ids, lens).items()}

    @abstractmethod
    def get_relationships(
        self, ids: Sequence[str], lens: Lens = EVERYTHING, *, types: Sequence[str] | None = None
    ) -> dict[str, Relationship]:
        """The visible relationships among these ids; who knows their types says so, and is answered sooner."""

    @abstractmethod
    def get_sources(self, ids: Sequence[str] | None = None) -> dict[str, Source]:
        """Sources by id, or all of them in the order of their ids."""

    @abstractmethod
    def find(self, text: str, lens: Lens = EVERYTHING) -> list[Node]:
        """Visible nodes whose name or alias is this (folded), or whose identifier is this `scheme:value`."""

    @abstractmethod
    def by_identifier(self, identifiers: Sequence[str]) -> dict[str, str]:
        """For each of these `scheme:value` that a node has, the id of that node (the smallest of several)."""

    @abstractmethod
    def merged_into(self, ids: Sequence[str], audience: Audience = Audience.private) -> dict[str, str]:
        """For each of these ids that was merged, as far as a caller of this level saw it, the surviving id."""

    @abstractmethod
    def forgotten(self, nodes: Sequence[Node]) -> set[str]:
        """Ids of these nodes that were erased on request and must not come back, by id, identifier or name."""

    @abstractmethod
    def is_forgotten(self, id: str, audience: Audience = Audience.private) -> bool:
        """Whether a node of this id was erased on request, as far as a caller of this level could see it."""

    @abstractmethod
    def candidates(self, query: SearchQuery, lens: Lens, limit: int) -> list[Node]:
        """Visible nodes that may match a search, from the store's full-text index; ranking is done elsewhere.

        Of more than `limit` the first by id are given, so that both stores look at the same ones.
        """

    def ranks(self, query: SearchQuery, lens: Lens, *, arrays: Arrays, limit: int) -> dict[int, int]:
        """Of all candidates the numbers in the arrays, −1 where they have none, and the class of match, 0 for none."""
        return {arrays.nodes.ids.find(node.id): rank_of(query, node) for node in self.candidates(query, lens, limit)}

    @abstractmethod
    def name_words(self) -> list[str]:
        """All folded words of names and aliases, sorted; for telling a typing error from another word."""

    @abstractmethod
    def nodes(self, lens: Lens = EVERYTHING, *, after: str | None = None, limit: int | None = None) -> Iterator[Node]:
        """Visible nodes in the order of kind and id, after the key `kind/id`."""

    @abstractmethod
    def relationships(
        self,
        lens: Lens = EVERYTHING,
        *,
        around: Around | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Relationship]:
        """Visible relationships in the order of type and id, after the key `type/id`."""

    @abstractmethod
    def counts(self, lens: Lens = EVERYTHING, *, around: str | None = None) -> Counts:
        """How many nodes of each kind and relationships of each type are visible, or stand around one node."""

    def counted(self, lens: Lens = EVERYTHING) -> Counts:
        """The same numbers as `counts` for the whole network, from the arrays: at once, however large it is."""
        arrays = self.arrays()
        seen, nodes, edges = arrays.visible(lens), arrays.nodes, arrays.relationships
        kinds = np.bincount(nodes.kind[seen.nodes], minlength=len(arrays.kinds)).tolist()
        types = np.bincount(edges.type[seen.relationships], minlength=len(arrays.types)).tolist()
        return Counts(
            {name: count for name, count in zip(arrays.kinds, kinds, strict=True) if count},
            {name: count for name, count in zip(arrays.types, types, strict=True) if count},
        )

    @abstractmethod
    def export(self, lens: Lens = EVERYTHING) -> Iterator[Thing]:
        """Everything visible in canonical order, as one consistent state, streamed."""

    def to_networkx(self, lens: Lens = EVERYTHING) -> nx.MultiDiGraph[str]:
        """Everything visible as a networkx graph, for notebooks; parallel relationships are kept by their ids."""
        from graph.interchange import to_networkx

        return to_networkx(self, lens)

    def arrays(self) -> Arrays:
        """The network as arrays for traversal and measures, never older than the store."""
        return self.following.arrays()

    @abstractmethod
    def read_arrays(self, held: Held | None) -> Held:
        """The arrays of now: what is held caught up, or all read anew."""

    def server_adjacency(self, lens: Lens, *, through_groups: bool = False) -> Walk | None:
        """Neighbours asked of the server step by step, where a setting says so; None: the arrays know them."""
        return None

    @abstractmethod
    def changes(self, since: int = 0, *, limit: int = 50, audience: Audience = Audience.private) -> list[Change]:
        """Entries of the change log after a position, oldest first, as a caller of this level sees them."""

    @abstractmethod
    def version(self, audience: Audience = Audience.private) -> str:
        """Digest of all that a caller of this level sees; equal on both stores for equal content."""

    # Writing. Each is one transaction; repeating it has no further effect.

    def apply(
        self,
        batches: Batch | Iterable[Batch],
        *,
        by: str,
        preview: bool = False,
        rejected: Rejected | None = None,
    ) -> Applied:
        """Write all batches or none of them; with `preview`, say what would change and write nothing.

        A thing that cannot be written raises, or is handed to `rejected` with the reason and left out.
        """
        total = Applied()
        with self.transaction(by, discard=preview) as transaction:
            for batch in [batches] if isinstance(batches, Batch) else batches:
                total.add(write(transaction, self.vocabulary, batch, rejected))
        return total

    def merge(self, gone: str, into: str, *, by: str) -> None:
        """Make two nodes one: `into` survives with the relationships, names and evidence of both."""
        with self.transaction(by) as transaction:
            transaction.execute(plan_merge(transaction, gone, into))

    def unmerge(self, gone: str, *, by: str) -> None:
        """Undo a merge: the node comes back with the relationships it had."""
        with self.transaction(by) as transaction:
            transaction.execute(plan_unmerge(transaction, gone))

    def forget(self, id: str, *, by: str) -> Forgetting:
        """Erase a node and its relationships for good, from the log too, and keep it from coming back."""
        with self.transaction(by) as transaction:
            plan, forgetting, erasure = plan_forget(transaction, id)
            transaction.execute(plan)
            transaction.erase(erasure)
        self.scrub()
        return replace(forgetting, mentions=self._mentions(erasure.names))

    def _mentions(self, names: Iterable[str]) -> tuple[str, ...]:
        """Ids of things in whose text one of these folded names still stands."""
        wanted = [f" {name} " for name in names]
        bodies = (body for word, body, _ in self.stored_levels() if word != "judgement")
        found = [body for body in bodies if any(name in f" {fold.__wrapped__(body)} " for name in wanted)]
        return tuple(str(json.loads(body)["id"]) for body in found)

    @abstractmethod
    def transaction(self, by: str, *, discard: bool = False) -> AbstractContextManager[Transaction]:
        """One write transaction, committed when the block ends well, undone otherwise or with `discard`."""

    @abstractmethod
    def scrub(self) -> None:
        """Remove what deleting leaves behind: free pages, logs of the store, entries of indexes."""

    def parts(self, lens: Lens) -> dict[str, tuple[str, ...]]:
        """For each place and theme of the lens, itself and everything that is part of it, however deep."""
        found: dict[str, tuple[str, ...]] = {}
        for name in (*lens.place, *lens.theme):
            inside, frontier = {name: None}, [name]
            while frontier:
                frontier = [part for part in self.parts_of(frontier, lens) if part not in inside]
                inside.update(dict.fromkeys(frontier))
            found[name] = tuple(inside)
        return found

    @abstractmethod
    def parts_of(self, ids: Sequence[str], lens: Lens) -> list[str]:
        """Places and themes directly inside these, by the facts of the lens (kinds and types aside)."""

    # Life.

    @abstractmethod
    def check(self) -> list[str]:
        """Findings about the health of the store, one sentence each; empty when all is well."""

    def warnings(self) -> list[str]:
        """What an operator should know of how the store is set up; none of it is a fault of the data."""
        return []

    @abstractmethod
    def stored_levels(self) -> Iterator[tuple[str, str, int]]:
        """Every source, node, relationship and judgement as its word, text and effective level, for checking."""

    @abstractmethod
    def log_rows(self) -> Iterator[tuple[Any, ...]]:
        """The change log as it is kept: at, by, action, thing, before, after, same, both marks, chain."""

    @abstractmethod
    def ping(self) -> None:
        """Raise StoreUnavailable when the store cannot answer now."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections."""

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
