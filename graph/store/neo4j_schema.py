"""What a database needs before it can hold a network: constraints, indexes, and the nodes of our own book-keeping.

Nodes of the network have the label `Node` and that of their kind. Everything of ours beside them has a label
that begins with an underscore, which no kind does, and no relationships, so that it stays out of sight.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from graph.errors import StoreError
from graph.model import LEVELS
from graph.store.changelog import FIRST_CHAIN
from graph.store.cypher import quoted
from graph.store.neo4j_connection import Connection
from graph.store.neo4j_rows import LAYOUT
from graph.vocabulary import Vocabulary

TEXTS = "cogs_texts"
KEYS = {"Node": "id", "_Source": "id", "_Merge": "gone", "_Forgotten": "mark", "_NameWord": "key", "_Changes": "number",
        "_Meta": "id"}  # fmt: skip
META = "MATCH (m:_Meta {id: 'network'}) RETURN properties(m)"
LOOK = """
OPTIONAL MATCH (m:_Meta {id: 'network'})
RETURN properties(m), CASE WHEN m IS NULL THEN EXISTS { MATCH (n) WHERE NOT n:_Meta } END
"""


UNSAFE_SETTINGS = {  # name: the value that is unsafe, and why; our own transactions always carry a limit
    "db.transaction.timeout": ("0s", "queries of other programs may run, and hold up ours, for ever: set it to 10m"),
    "dbms.security.auth_enabled": (
        "false",
        "whoever reaches the server may read and change everything: set it to true",
    ),
}


def setting_warnings(connection: Connection) -> list[str]:
    """What is unsafe in the settings of the server, as far as it tells us."""
    try:
        values = dict(connection.run("SHOW SETTINGS YIELD name, value RETURN name, value"))
    except StoreError:
        return ["The server does not tell its settings; look at db.transaction.timeout yourself."]
    return [
        f"The setting {name} of the server is {value}: {why}."
        for name, (value, why) in UNSAFE_SETTINGS.items()
        if values.get(name) == value
    ]


def statements(vocabulary: Vocabulary) -> dict[str, str]:
    """Every constraint and index, by its name."""
    unique = {
        f"cogs_{label}_{key}": f"CONSTRAINT {{}} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
        for label, key in KEYS.items()
    }
    types = {
        f"cogs_{name}_type": f"CONSTRAINT {{}} IF NOT EXISTS FOR ()-[r:{quoted(name)}]-() REQUIRE r.id IS UNIQUE"
        for name in vocabulary.types
    }
    indexes = {
        "cogs_kinds": "INDEX {} IF NOT EXISTS FOR (n:Node) ON (n.kind, n.id)",
        "cogs_words": "INDEX {} IF NOT EXISTS FOR (n:_NameWord) ON (n.number)",
        "cogs_word_lists": "INDEX {} IF NOT EXISTS FOR (n:_NameWords) ON (n.number)",
        "cogs_merges": "INDEX {} IF NOT EXISTS FOR (n:_Merge) ON (n.into)",
        TEXTS: texts_index(),
    }
    return {name: f"CREATE {text.format(quoted(name))}" for name, text in (unique | types | indexes).items()}


def texts_index() -> str:
    """The full-text index, by an analyzer that neither splits nor stems: the texts are words of ours."""
    return (
        "FULLTEXT INDEX {} IF NOT EXISTS FOR (n:Node) ON EACH [n.search_names, n.search_summary, n.search_keys]"
        " OPTIONS {{indexConfig: {{`fulltext.analyzer`: 'whitespace'}}}}"
    )


def missing(connection: Connection, vocabulary: Vocabulary) -> dict[str, str]:
    """Constraints and indexes that are not there."""
    there = connection.run("SHOW INDEXES YIELD name, owningConstraint RETURN collect(name)")[0][0]
    return {name: text for name, text in statements(vocabulary).items() if name not in there}


def prepare(connection: Connection, vocabulary: Vocabulary) -> Mapping[str, Any]:
    """Make what is missing, and give the properties of the network's own node; quick when all is there."""
    [[found, is_foreign]] = connection.read(lambda run: run(LOOK), newest=True)
    if is_foreign:
        raise StoreError(
            f"The database {connection.database} at {connection.uri} holds data of another program.",
            fix="Name an empty one in COGS_NEO4J_DATABASE, or empty it.",
        )
    if found and found["layout"] != LAYOUT:
        raise StoreError(
            f"The network at {connection.uri} was made by another version (layout {found['layout']}).",
            fix="Export it with that version as JSON Lines, and load that here.",
        )
    wanted = missing(connection, vocabulary)
    for text in wanted.values():
        connection.run(text)
    if wanted:
        connection.run("CALL db.awaitIndexes(600)")
    if not found or "key" not in found:  # an import has no key
        _make(connection)
        [[found]] = connection.rows(META)
    properties: Mapping[str, Any] = found
    return properties


def _make(connection: Connection) -> None:
    """The network's own node, and the gate that every commit passes."""
    sums = ", ".join(f"m.sum{level} = '{'0' * 32}', m.seen{level} = 0" for level in range(len(LEVELS)))
    key = f"m.key = '{secrets.token_hex(32)}'"
    make = (
        "MERGE (g:_Meta {id: 'gate'}) MERGE (m:_Meta {id: 'network'})"
        f" ON CREATE SET m.layout = '{LAYOUT}', m.entries = 0, m.chunks = 0,"
        f" m.chain = '{FIRST_CHAIN}', m.kinds = [], m.types = [], {sums} WITH m WHERE m.key IS NULL SET {key}"
    )
    with connection.writing(make) as (_, _, commit):
        commit()
