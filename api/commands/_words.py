"""Values of answers in words: names for ids, numbers as people read them, sentences with their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Item = Mapping[str, Any]
MOST_NAMES = 20  # in one line; more are counted


def readable(field: str) -> str:
    """The name of a field as a title."""
    return field.replace("_", " ").capitalize()


def is_part(value: Any) -> bool:
    """Whether this is a thing with fields of its own."""
    return isinstance(value, dict)


def is_node(value: Any) -> bool:
    """Whether this is a node as answers show it."""
    return isinstance(value, dict) and {"id", "kind", "name"} <= value.keys()


def is_sentence(value: Any) -> bool:
    """Whether this is a relationship as answers show it."""
    return isinstance(value, dict) and {"sentence", "evidence"} <= value.keys()


def is_deep(value: Any) -> bool:
    """Whether this is a list of things that have parts of their own."""
    return isinstance(value, list) and any(isinstance(one, dict) and not is_node(one) for one in value)


def texts(value: Any) -> Iterator[str]:
    """All texts within a value that may be ids."""
    if isinstance(value, str) and " " not in value:
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


class Words:
    """Says values in words; knows the names of the nodes that an answer speaks of."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def say(self, value: Any) -> str:
        """Any value in one line."""
        if value is None:
            return "–"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return number(value)
        if isinstance(value, list):
            said = [self.say(one) for one in value[:MOST_NAMES]]
            if len(value) > MOST_NAMES:
                said.append(f"and {len(value) - MOST_NAMES:,} more")
            return (" – " if any(map(is_node, value)) else ", ").join(said) or "–"
        if isinstance(value, dict):
            return str(value["name"]) if is_node(value) else "; ".join(self._pairs(value))
        return self.names.get(value, str(value))

    def is_name(self, value: Any) -> bool:
        """Whether the value names nodes."""
        return is_node(value) or (isinstance(value, list) and bool(value) and all(map(is_node, value))) or (
            isinstance(value, str) and value in self.names
        )  # fmt: skip

    def headline(self, item: Item, fields: list[str]) -> str:
        """An item by the nodes it is about, with its plain values in brackets."""
        names = [field for field in fields if self.is_name(item[field])]
        rest = {field: item[field] for field in fields if field not in names and item[field] is not None}
        name = " – ".join(self.say(item[field]) for field in names)
        said = "; ".join(self._pairs(rest))
        return f"{name} ({said})" if name and said else name or said

    def in_full(self, node: Item) -> str:
        """A node with what it is and where."""
        kind = f"{node['subkind']}, {node['kind']}" if node.get("subkind") else str(node["kind"])
        more = [kind, f"{node['sector']} sector" if node.get("sector") else "", self.places(node)]
        return f"{node['name']} ({'; '.join(filter(None, more))})"

    def places(self, node: Item) -> str:
        """Where a node is."""
        return ", ".join(map(self.say, node.get("places", ())))

    def _pairs(self, item: Item) -> list[str]:
        return [f"{field.replace('_', ' ')} {self.say(value)}" for field, value in item.items()]


def number(value: float) -> str:
    """A number with as many digits as a reader needs."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
