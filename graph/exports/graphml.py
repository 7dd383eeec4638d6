"""GraphML, as networkx and Gephi read it: typed columns, every parallel relationship kept.

The graph is declared directed; a relationship whose type has no direction says `directed` false in a column of that
name, because networkx refuses a file that mixes both. `strength` and `confidence` are filled in where nothing is
stated. `attributes` is JSON, and `evidence` names each source with the place in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from graph.exports._chunks import chunks
from graph.lens import Lens
from graph.model import Evidence, Node, Relationship, Source, Thing
from graph.store.base import Store
from graph.vocabulary import Vocabulary

MEDIA_TYPE = "application/graphml+xml"
SUFFIX = ".graphml"

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DOUBLES = {"latitude", "longitude", "amount", "strength", "confidence"}
BOOLEANS = {"inferred", "directed"}
# Gephi takes the column `label` for what it writes beside a node or line.
NODE_COLUMNS = ("label", *(name for name in Node.model_fields if name != "id"))
RELATIONSHIP_COLUMNS = (
    "label",
    "directed",
    *(name for name in Relationship.model_fields if name not in ("id", "source", "target")),
)
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(store: Store, lens: Lens) -> Iterator[bytes]:
    """The document, element by element."""
    return chunks(_document(store.export(lens), store.vocabulary))


def _document(things: Iterator[Thing], vocabulary: Vocabulary) -> Iterator[str]:
    yield HEAD
    yield from (_key(name, "node") for name in NODE_COLUMNS)
    yield from (_key(name, "edge") for name in RELATIONSHIP_COLUMNS)
    yield '<graph id="cogs" edgedefault="directed">\n'
    titles: dict[str, str] = {}
    for thing in things:
        if isinstance(thing, Source):
            titles[thing.id] = thing.title
        elif isinstance(thing, Node):
            yield f"<node id={quoteattr(thing.id)}>{_node_data(thing, titles)}</node>\n"
        else:
            ends = f"source={quoteattr(thing.source)} target={quoteattr(thing.target)}"
            yield f"<edge id={quoteattr(thing.id)} {ends}>{_edge_data(thing, titles, vocabulary)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _key(name: str, element: str) -> str:
    type_ = "double" if name in DOUBLES else "boolean" if name in BOOLEANS else "string"
    return f'<key id="{element}_{name}" for="{element}" attr.name="{name}" attr.type="{type_}"/>\n'


def _node_data(node: Node, titles: dict[str, str]) -> str:
    values = {"label": node.name} | {name: getattr(node, name) for name in NODE_COLUMNS[1:]}
    return _data("node", values | {"evidence": _evidence(node.evidence, titles)})


def _edge_data(relationship: Relationship, titles: dict[str, str], vocabulary: Vocabulary) -> str:
    row = vocabulary.types[relationship.type]
    values = {name: getattr(relationship, name) for name in RELATIONSHIP_COLUMNS[2:]}
    values |= {"label": row.reads, "directed": row.directed, "evidence": _evidence(relationship.evidence, titles)}
    values["strength"] = row.strength if relationship.strength is None else relationship.strength
    values["confidence"] = 1.0 if relationship.confidence is None else relationship.confidence
    return _data("edge", values)


def _evidence(evidence: tuple[Evidence, ...], titles: dict[str, str]) -> tuple[str, ...]:
    return tuple(", ".join(filter(None, (titles.get(one.source, one.source), one.locator))) for one in evidence)


def _data(element: str, values: dict[str, Any]) -> str:
    written = ((name, _text(value)) for name, value in values.items())
    return "".join(f'<data key="{element}_{name}">{text}</data>' for name, text in written if text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        value = "|".join(str(one) for one in value)
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False) if value else ""
    return escape(NOT_XML.sub("\ufffd", str(value)), {"\r": "&#13;"})
