"""What Neo4j keeps of a thing: its text, what the lens and the search look at, what a reader of Cypher expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.model import Node, Relationship, Source
from graph.search import fold, name_text, summary_text
from graph.store.cypher import DEFAULTS, identifier_key, indexed, label, name_key

LAYOUT = "1"


def source_row(source: Source, body: str) -> dict[str, Any]:
    """The properties of a source."""
    return {"id": source.id, "title": source.title, "url": source.url, "body": body}


def node_row(node: Node, level: int, body: str) -> dict[str, Any]:
    """The label of a node's kind, and its properties."""
    identifiers = [str(one) for one in node.identifiers]
    names = {fold(name) for name in (node.name, *node.aliases)}
    keys = [*(name_key(name) for name in sorted(names)), *(identifier_key(one) for one in identifiers)]
    first, last = node.days
    row = {name: getattr(node, name) for name in ("id", "kind", "subkind", "name", "sector", "url", "start", "end")}
    row |= {"level": level, "first_day": first, "last_day": last, "body": body}
    row |= {"search_names": indexed(name_text((node.name, *node.aliases), identifiers))}
    row |= {"search_summary": indexed(summary_text(node.summary)), "search_keys": " ".join(keys)}
    return {"label": label(node.kind), "values": said(row)}


def relationship_row(edge: Relationship, level: int, body: str) -> dict[str, Any]:
    """The ends and the type of a relationship, and its properties."""
    first, last = edge.days
    row = {name: getattr(edge, name) for name in ("id", "role", "amount", "currency", "start", "end", "strength")}
    row |= {"level": level, "first_day": first, "last_day": last, "body": body, "inferred": edge.inferred}
    row |= {"confidence": edge.confidence, "recorded_day": edge.recorded_day}
    row |= {"role_text": edge.role.casefold() if edge.role else None}
    return {"source": edge.source, "target": edge.target, "type": edge.type, "values": said(row)}


def said(row: Mapping[str, object]) -> dict[str, object]:
    """The columns that say something; the lens reads the others as their defaults."""
    return {name: value for name, value in row.items() if value is not None and value != DEFAULTS.get(name)}
