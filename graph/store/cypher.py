"""A lens in Cypher: the conditions of `graph/lens.py` as one WHERE clause for every lens, with parameters.

Neo4j plans a query for 30 to 300 ms whenever its text or the types and sizes of its parameters are new. So the
text is always the same, a condition that is not asked for compares with null, and all parameters are in one map:
`finished` among them, the number up to which loads are in sight.
Each EXISTS would add 100 ms to that, so what place, theme and sector let through is asked for first (`MEMBERS`)
and given as a map of ids. Values that say nothing (level 0, always, sure, stated) are left off nodes and
relationships, so each column is read with its default. Labels and types are words of the vocabulary, quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from graph.lens import NARROWED_KINDS, PART_TYPES, Lens
from graph.model import FIRST_DAY, LAST_DAY
from graph.search import SearchQuery, fold, indexable, whole
from graph.store.records import Around
from graph.vocabulary import Vocabulary

DEFAULTS: Mapping[str, object] = {
    "level": 0,
    "first_day": FIRST_DAY,
    "last_day": LAST_DAY,
    "confidence": 1.0,
    "inferred": False,
    "recorded_day": 0,
}
NODE_FACTS = {"level": "<=", "first_day": "<=", "last_day": ">="}
FACTS = {**NODE_FACTS, "confidence": ">=", "inferred": "="}
MOST_CLAUSES = 900  # Lucene takes 1,024 in one query
LONGEST_WORD = 250  # its analyzer splits words of more than 255 characters


def column(row: str, name: str) -> str:
    """A column of a node or relationship, with its default where it was left off."""
    if name == "type":
        return f"type({row})"
    default = DEFAULTS.get(name)
    return f"{row}.{name}" if default is None else f"coalesce({row}.{name}, {str(default).lower()})"


def quoted(name: str) -> str:
    """A label or type, never syntax."""
    return f"`{name.replace('`', '``')}`"


def label(kind: str) -> str:
    """The label of a kind of node: Organisation."""
    return kind[:1].upper() + kind[1:]


def any_of(types: Iterable[str]) -> str:
    """Relationship types in a pattern: `A`|`B`."""
    return "|".join(quoted(name) for name in types)


def is_there(row: str) -> str:
    """The row was not written ahead by a load that has not finished (`neo4j_ahead.py`)."""
    return f"coalesce({row}.serial, 0) <= $given.finished"


def lens_parameters(lens: Lens) -> dict[str, Any]:
    """What a lens asks for, by the names that the conditions below use; null where it asks for nothing."""
    names = (*FACTS, "kind", "type", "sector", "members", "of_sectors")
    values: dict[str, Any] = {f"lens_{name}": None for name in names}
    for condition in (*lens.node_conditions(), *lens.relationship_conditions()):
        value = condition.value
        values[f"lens_{condition.column}"] = list(value) if isinstance(value, tuple) else value
    return values | {"lens_sector": list(lens.sector) or None}


def _asked(name: str, condition: str) -> str:
    return f"($given.lens_{name} IS NULL OR {condition})"


def _all(row: str, conditions: Mapping[str, str]) -> str:
    compared = ((name, f"{column(row, name)} {sign} $given.lens_{name}") for name, sign in conditions.items())
    return " AND ".join(_asked(name, condition) for name, condition in compared)


def node_facts(row: str) -> str:
    """The node counts as there at all: audience and dates."""
    return f"{is_there(row)} AND {_all(row, NODE_FACTS)}"


def facts(row: str) -> str:
    """The relationship counts as a fact at all, whatever its type."""
    return f"{is_there(row)} AND {_all(row, FACTS)}"


def node_is_seen(row: str) -> str:
    """The row is a node that the lens lets through."""
    member = f"NOT {row}.kind IN {list(NARROWED_KINDS)} OR $given.lens_members[{row}.id]"
    sector = f"NOT {row}.kind IN ['organisation', 'person'] OR {row}.sector IN $given.lens_sector"
    conditions = {
        "kind": f"{row}.kind IN $given.lens_kind",
        "members": member,
        "sector": f"{sector} OR $given.lens_of_sectors[{row}.id]",
    }
    return " AND ".join([node_facts(row), *(_asked(*condition) for condition in conditions.items())])


def relationship_is_seen() -> str:
    """`r` is a relationship that the lens lets through, from the node `s` to the node `t`."""
    return " AND ".join(
        [_asked("type", "type(r) IN $given.lens_type"), facts("r"), node_is_seen("s"), node_is_seen("t")]
    )


def members(types: Iterable[str]) -> str:
    """A query for the ids of what leads by these types to one of `$given.targets`, by the facts of the lens."""
    conditions = f"p.id IN $given.targets AND {facts('j')} AND {node_facts('p')}"
    return f"MATCH (n:Node)-[j:{any_of(types)}]->(p:Node) WHERE {conditions} RETURN collect(DISTINCT n.id)"


def of_sectors(vocabulary: Vocabulary) -> str:
    """A query for the ids of people without a sector who are an organisation's own, of one of the sectors asked for."""
    conditions = f"o.kind = 'organisation' AND o.sector IN $given.lens_sector AND {facts('j')} AND {node_facts('o')}"
    posts = f"MATCH (n:Node)-[j:{any_of(vocabulary.of_types)}]->(o:Node)"
    return f"{posts} WHERE n.kind = 'person' AND n.sector IS NULL AND {conditions} RETURN collect(DISTINCT n.id)"


PARTS = (
    f"MATCH (s:Node)-[r:{any_of(PART_TYPES)}]->(t:Node) WHERE t.id IN $given.ids AND s.kind IN ['place', 'theme']"
    f" AND {facts('r')} AND {node_facts('s')} AND {node_facts('t')} RETURN DISTINCT s.id AS id ORDER BY id"
)
AROUND = (
    "($given.around_types IS NULL OR type(r) IN $given.around_types)"
    " AND ($given.around_kinds IS NULL"
    " OR CASE WHEN s.id = $given.node THEN t.kind ELSE s.kind END IN $given.around_kinds)"
    " AND ($given.around_role IS NULL OR coalesce(r.role_text, '') CONTAINS $given.around_role)"
    " AND ($given.after_type IS NULL OR type(r) > $given.after_type"
    " OR (type(r) = $given.after_type AND r.id > $given.after_id))"
)


def around_parameters(around: Around, after: str | None) -> dict[str, Any]:
    """What is wanted around a node, by the names that `AROUND` uses."""
    name, _, id = (after or "").partition("/")
    return {
        "node": around.node,
        "around_types": list(around.types) or None,
        "around_kinds": list(around.kinds) or None,
        "around_role": None if around.role is None else around.role.casefold(),
        "after_type": None if after is None else name,
        "after_id": id,
    }


def ends_around(direction: str) -> str:
    """A pattern that binds the relationships of the node `$given.node` as `r`, with their ends `s` and `t`."""
    left, right = {"out": ("", ">"), "in": ("<", ""), "both": ("", "")}[direction]
    touching = f"MATCH (:Node {{id: $given.node}}){left}-[r]-{right}()"
    return f"{touching} WITH DISTINCT r, startNode(r) AS s, endNode(r) AS t"


# The full-text index: names, summary, and one word for each whole name, alias and identifier.


def term(word: str) -> str:
    """A folded word as the index holds it; what is cut off is compared where matches are judged."""
    return indexable(word)[:LONGEST_WORD]


def indexed(text: str) -> str:
    """Indexable words as the index holds them."""
    return " ".join(word[:LONGEST_WORD] for word in text.split())


def name_key(folded: str) -> str:
    """The word by which a whole folded name or alias is found; hashed, since an index takes no long words."""
    return _key("name", folded)


def identifier_key(text: str) -> str:
    """The word by which an identifier `scheme:value` is found."""
    return _key("identifier", text)


def _key(sort: str, text: str) -> str:
    return "k" + blake2b(f"{sort}:{text}".encode(), digest_size=16).hexdigest()


def keys_of(text: str) -> list[str]:
    """Keys of the nodes that have this name, alias or identifier."""
    return [name_key(fold(text)), identifier_key(text)]


def any_key(keys: Iterable[str]) -> str:
    """A full-text expression for nodes with any of these keys."""
    return f"search_keys:({' OR '.join(keys)})"


@dataclass(frozen=True)
class Part:
    """One full-text expression; a node must be found by a part of every word number."""

    word: int
    text: str


def expressions(query: SearchQuery) -> Iterator[list[Part]]:
    """Full-text expressions that fetch the candidates of identifiers and classes 2, 3, 4, as for the embedded store."""
    if not query.words:
        return
    yield [Part(0, f"search_names:{whole(query.words)[:LONGEST_WORD]}")]
    plain = [term(word) for word in query.words]
    starts = [f"search_names:{word}*" for word in plain]
    yield [Part(0, " AND ".join(starts))]
    yield [Part(0, " AND ".join(f"(search_names:{word} OR search_summary:{word})" for word in plain))]
    choices = [
        [start, *(f"search_names:{term(word)}" for word in close)]
        for start, close in zip(starts, query.close, strict=True)
    ]
    if sum(len(choice) for choice in choices) <= MOST_CLAUSES:
        yield [Part(0, " AND ".join(f"({' OR '.join(choice)})" for choice in choices))]
    else:
        yield [
            Part(word, " OR ".join(choice[first : first + MOST_CLAUSES]))
            for word, choice in enumerate(choices)
            for first in range(0, len(choice), MOST_CLAUSES)
        ]
