"""What a loaded thing is in the network that is already there: which node it is, and what becomes of it.

The rules, in their order:

1. An id that was merged means the surviving node.
2. Nodes of a loader that joins are the node, of the store or of this load, that has one of their identifiers.
3. A thing whose evidence comes from the sources of this load alone is replaced by what the load says now.
4. Other things are united: the load's values come first (the store's, for nodes of a loader that joins),
   names, identifiers and attributes of both stay, and the load's evidence takes the place of its earlier evidence.

So a load that is repeated changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.model import Evidence, Fact, Node, Relationship
from graph.store import Store
from graph.store.judging import combined
from loaders.report import Remark
from loaders.stream import Row

FILLED = ("start", "end", "role", "amount", "currency", "strength", "confidence", "note", "audience")


class Joiner:
    """Turns the rows of one load into the things to write."""

    def __init__(self, store: Store, *, joins: bool = False) -> None:
        self.store = store
        self.joins = joins  # whether a loader of this load joins
        self.sources: set[str] = set()  # ids of the sources that this load gives
        self.renamed: dict[str, str] = {}  # ids of joined nodes that are another node
        self.owners: dict[str, tuple[str, str]] = {}  # which node has an identifier, and its kind
        self.written: set[str] = set()  # nodes that a row of another id has gone into
        self.doubts: list[Remark] = []  # nodes whose identifiers lead to several nodes

    def ends(self, relationships: Iterable[Relationship]) -> dict[str, str]:
        """For each end of these relationships the node it is."""
        named = {end for relationship in relationships for end in (relationship.source, relationship.target)}
        first = {end: self.renamed.get(end, end) for end in named}
        merged = self.store.merged_into(sorted(set(first.values())))
        return {end: merged.get(now, now) for end, now in first.items()}

    def nodes(self, rows: Sequence[Row], *, joins: bool = False) -> list[tuple[Row, Node]]:
        """The nodes to write for these rows, each with the row that speaks for it."""
        groups: dict[str, list[Row]] = {}
        for row, id in zip(rows, self._ids(rows, joins=joins), strict=True):
            groups.setdefault(id, []).append(row)
        stored = self.store.get(list(groups))
        return [(group[0], self._node(id, group, stored.get(id), joins)) for id, group in groups.items()]

    def relationships(self, rows: Sequence[Row], ends: Mapping[str, str]) -> list[tuple[Row, Relationship]]:
        """The relationships to write for these rows."""
        moved = [(row, _moved(row.thing, ends)) for row in rows if isinstance(row.thing, Relationship)]
        stored = self.store.get_relationships([relationship.id for _, relationship in moved])
        return [(row, self._relationship(one, stored.get(one.id))) for row, one in moved]

    def _ids(self, rows: Sequence[Row], *, joins: bool) -> list[str]:
        nodes = [(row, row.thing) for row in rows if isinstance(row.thing, Node)]
        merged = self.store.merged_into([node.id for _, node in nodes])
        if self.joins:
            self._look_up([node for _, node in nodes] if joins else [])
        ids = []
        for row, node in nodes:
            id = (self._identified(row, node) if joins else None) or merged.get(node.id, node.id)
            if node.id != id:
                self.renamed[node.id] = id
            if self.joins:
                self.owners.update(
                    {str(one): (id, node.kind) for one in node.identifiers if str(one) not in self.owners}
                )
            ids.append(id)
        return ids

    def _look_up(self, nodes: Sequence[Node]) -> None:
        """Find which nodes of the store have identifiers of these nodes."""
        wanted = {str(identifier) for node in nodes for identifier in node.identifiers} - set(self.owners)
        found = self.store.by_identifier(sorted(wanted))
        kinds = {id: node.kind for id, node in self.store.get(sorted(set(found.values()))).items()}
        self.owners.update({text: (id, kinds[id]) for text, id in found.items()})

    def _identified(self, row: Row, node: Node) -> str | None:
        """The node that has an identifier of this one, the first of several."""
        found = [self.owners[str(one)] for one in node.identifiers if str(one) in self.owners]
        ids = list(dict.fromkeys(id for id, kind in found if kind == node.kind))
        if len(ids) > 1:
            reason = f"Its identifiers lead to several nodes: {', '.join(ids)}. Merge them if they are one."
            self.doubts.append(Remark(file=row.file, line=row.line, column="identifiers", reason=reason))
        return ids[0] if ids else None

    def _node(self, id: str, group: Sequence[Row], stored: Node | None, joins: bool) -> Node:
        incoming, has_own = _together(id, group)
        part = id in self.written or not (has_own or joins)  # more of the node was, or may be, given elsewhere
        if len(group) > 1 or not has_own:
            self.written.add(id)
        if stored is None or (not part and self._is_ours(stored, incoming)):
            return incoming
        first, second = (incoming, stored) if has_own and not joins else (stored, incoming)
        evidence = self._evidence(stored, incoming, keep=part)
        audience = first.audience or second.audience
        return combined(first, second).model_copy(update={"evidence": evidence, "audience": audience})

    def _relationship(self, incoming: Relationship, stored: Relationship | None) -> Relationship:
        if stored is None or self._is_ours(stored, incoming):
            return incoming
        filled = {field: getattr(stored, field) for field in FILLED if getattr(incoming, field) is None}
        attributes = {**stored.attributes, **incoming.attributes}
        evidence = self._evidence(stored, incoming)
        return incoming.model_copy(update={**filled, "attributes": attributes, "evidence": evidence})

    def _is_ours(self, stored: Fact, incoming: Fact) -> bool:
        return {entry.source for entry in stored.evidence} <= self._sources(incoming)

    def _sources(self, incoming: Fact) -> set[str]:
        return self.sources | {entry.source for entry in incoming.evidence}

    def _evidence(self, stored: Fact, incoming: Fact, *, keep: bool = False) -> tuple[Evidence, ...]:
        """Evidence of both in a steady order; what this load's sources said before goes when they no longer say it."""
        ours: set[str] = set() if keep else self._sources(incoming)
        steady = (entry for entry in stored.evidence if entry.source not in ours or entry in incoming.evidence)
        return tuple(dict.fromkeys([*steady, *incoming.evidence]))


def _together(id: str, group: Sequence[Row]) -> tuple[Node, bool]:
    """What several rows say of one node, the row of its own id first; and whether there is such a row."""
    nodes = [row.thing for row in group if isinstance(row.thing, Node)]
    own = [node for node in nodes if node.id == id]
    first, *others = [*own, *(node for node in nodes if node.id != id)]
    together = first.model_copy(update={"id": id})
    for node in others:
        together = combined(together, node)
    return together, bool(own)


def _moved(relationship: Relationship, ends: Mapping[str, str]) -> Relationship:
    source, target = ends[relationship.source], ends[relationship.target]
    if (source, target) == (relationship.source, relationship.target):
        return relationship
    return relationship.model_copy(update={"source": source, "target": target})
