"""The legend of exactly what is on a map, in the words and the order that page and picture share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from viz.network_map import LegendType, NetworkMap
from viz.symbols import SOFT_INK, band_symbol, ground_symbol, kind_symbol, line_symbol, ring_symbol

Part = Literal["kind", "type", "known", "sector"]


@dataclass(frozen=True)
class Row:
    """One line of a legend; with a `part` it can be switched off, without it only explains."""

    words: str
    picture: str = ""
    part: Part | None = None
    value: str = ""
    count: int | None = None
    meaning: str = ""


@dataclass(frozen=True)
class Section:
    """Rows of one sort under a title."""

    title: str
    rows: tuple[Row, ...]


def sections(network_map: NetworkMap) -> tuple[Section, ...]:
    """The whole legend of a map, empty sections left out."""
    found = (
        Section("Kinds", (*_kinds(network_map), *_keys(network_map))),
        Section("Relationships", tuple(_types(network_map.types))),
        Section("How we know", tuple(_known(network_map))),
        Section("Sectors", tuple(_sectors(network_map))),
    )
    return tuple(section for section in found if section.rows)


def _kinds(network_map: NetworkMap) -> Iterator[Row]:
    for kind in network_map.kinds:
        yield Row(kind.plural, kind_symbol(kind), "kind", kind.name, kind.count, kind.meaning)


def _keys(network_map: NetworkMap) -> Iterator[Row]:
    if any(node.is_centre for node in network_map.nodes):
        yield Row("the centre", band_symbol())
    if any(node.is_cog for node in network_map.nodes):
        yield Row("cog of connection: the larger, the higher its score", ring_symbol())
    tint = next((group.tint for group in network_map.groups if group.outline), None)
    if tint:
        yield Row("group: many ties among its members", ground_symbol(tint))


def _types(types: Iterable[LegendType]) -> Iterator[Row]:
    for row in types:
        yield Row(row.reads, line_symbol(row), "type", row.name, row.count, row.meaning)


def _known(network_map: NetworkMap) -> Iterator[Row]:
    inferred = sum(tie.inferred for tie in network_map.relationships)
    if inferred:
        line = LegendType(name="inferred", reads="", colour=SOFT_INK, directed=False)
        yield Row("stated by a source", part="known", value="stated", count=len(network_map.relationships) - inferred)
        yield Row("inferred, not stated", line_symbol(line, inferred=True), "known", "inferred", inferred)


def _sectors(network_map: NetworkMap) -> Iterator[Row]:
    counts = Counter(node.sector or "" for node in network_map.nodes)
    if len(counts) > 1:
        for sector in sorted(counts, key=lambda name: (not name, name)):
            yield Row(sector or "no sector given", part="sector", value=sector, count=counts[sector])
