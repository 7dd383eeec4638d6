"""Searching the embedded store: who matches a text, and in which class.

A word of a large network stands in tens of thousands of names, of which a thousand are ranked and a page is told. So
of most only the key is read, which SQLite lists in one text; the arrays say who is seen and who comes first by id. The
index itself says the class of those that have no identifiers, which stand beside the names there; of others the names
are read; and whole nodes only where a summary decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np

from graph.adjacency import Arrays, Ints
from graph.lens import Lens
from graph.model import Node
from graph.search import SearchQuery, fold, indexable, rank_by_close_names, rank_by_names, rank_of, whole
from graph.unchecked import stored

Rows = Callable[[str, Iterable[object]], list[Any]]
AMONG = "(SELECT value FROM json_each(?))"
FITTING = "SELECT group_concat(rowid) FROM texts WHERE texts MATCH ?"
NAMING = (
    f"SELECT n, 0, folded FROM names WHERE n IN {AMONG} UNION ALL SELECT n, 1, text FROM identifiers WHERE n IN {AMONG}"
)
IDENTIFIED = f"SELECT DISTINCT n FROM identifiers WHERE n IN {AMONG}"
WHOLE = f"SELECT n, body FROM nodes WHERE n IN {AMONG}"


class Way(NamedTuple):
    """A way to fit a search: words are quoted."""

    expression: str
    proves: int = 0  # the class of a node that fits so and has no identifiers, where that is certain
    is_last: bool = False  # whoever has every word in name or summary was found before, by another way


def ways(query: SearchQuery) -> Iterator[Way]:
    """Ways that fetch the candidates of identifiers and classes 2, 3, 4."""
    if not query.words:
        return
    begins, is_close = 2 * _is_plain(query.words), 4 * _is_plain(chain(query.words, *query.close))
    yield Way(f'names : "{whole(query.words)}"', begins if len(query.words) == 1 else 0)
    starts = [f'"{indexable(word)}"*' for word in query.words]
    yield Way(f"names : ({' AND '.join(starts)})", begins)
    yield Way(" AND ".join(f'"{indexable(word)}"' for word in query.words))
    close = [
        f"({' OR '.join([start, *(_quoted(word) for word in words)])})"
        for start, words in zip(starts, query.close, strict=True)
    ]
    yield Way(f"names : ({' AND '.join(close)})", is_close, is_last=True)


def _is_plain(words: Iterable[str]) -> bool:
    """Whether the index can take none of these for the beginning of a word of another script (`indexable`)."""
    return all(word.isascii() and word.isalnum() and "x" not in word for word in words)


def _quoted(word: str) -> str:
    return f'"{indexable(word)}"'


def ranks(
    rows: Rows, query: SearchQuery, exact: Sequence[Node], *, arrays: Arrays, lens: Lens, limit: int
) -> dict[int, int]:
    """Numbers and classes as `Store.ranks` gives them; `exact` are the nodes of that very name or identifier."""
    found = {arrays.nodes.ids.find(node.id): rank_of(query, node) for node in exact}
    for way in ways(query):
        if len(found) >= limit:
            break
        numbers = _fitting(rows, way.expression, arrays, lens)[:limit]
        keys = dict(zip(numbers.tolist(), arrays.nodes.key[numbers].tolist(), strict=True))
        fresh = {number: key for number, key in keys.items() if number not in found}
        found |= _ranks(rows, query, way, fresh) if fresh else {}
    return dict(islice(found.items(), limit))


def _fitting(rows: Rows, expression: str, arrays: Arrays, lens: Lens) -> Ints:
    """Numbers of the visible nodes that an expression fits, in order."""
    [[listed]] = rows(FITTING, (expression,))
    keys = np.fromstring(listed or "", np.int64, sep=",")
    numbers = arrays.of_key[keys[keys < len(arrays.of_key)]]
    numbers = numbers[numbers >= 0]  # what is newer than the arrays is another version, and asked for again
    return np.sort(numbers[arrays.visible(lens).nodes[numbers]])


def _ranks(rows: Rows, query: SearchQuery, way: Way, nodes: dict[int, int]) -> dict[int, int]:
    """The class of each of these nodes, by number: proven by the way, or from its names, or from the whole node."""
    found = dict.fromkeys(nodes, way.proves)
    unclear = {key: number for number, key in nodes.items()}
    if way.proves:
        unclear = {key: unclear[key] for (key,) in rows(IDENTIFIED, (json.dumps(list(unclear)),))}
    naming = _naming(rows, list(unclear)) if unclear else {}
    found |= {number: rank_by_names(query, *naming[key]) for key, number in unclear.items()}
    unclear = {key: number for key, number in unclear.items() if not found[number]}
    if way.is_last:
        return found | {number: rank_by_close_names(query, naming[key][0]) for key, number in unclear.items()}
    bodies = rows(WHOLE, (json.dumps(list(unclear)),)) if unclear else ()
    return found | {unclear[key]: rank_of(query, stored(Node, body)) for key, body in bodies}


def _naming(rows: Rows, keys: list[int]) -> Mapping[int, tuple[list[str], list[str]]]:
    """Folded names, and folded identifiers, of the nodes of these keys."""
    found: dict[int, tuple[list[str], list[str]]] = {key: ([], []) for key in keys}
    listed = json.dumps(keys)
    for key, is_identifier, text in rows(NAMING, (listed, listed)):
        if is_identifier:
            found[key][1].extend((fold(text), fold(text.partition(":")[2])))
        else:
            found[key][0].append(text)
    return found
