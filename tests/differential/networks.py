"""Strategies: small networks in which names, dates, levels and types collide often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from graph.lens import Lens
from graph.model import Node, Relationship, Source
from graph.store.records import Around, Batch

IDS = {
    "organisation": ["o1", "o2", "o3", "o4"],
    "person": ["p1", "p2", "p3"],
    "project": ["j1", "j2"],
    "place": ["l1", "l2", "l3"],
    "theme": ["t1", "t2"],
    "event": ["e1"],
    "fund": ["f1"],
}
ALL_IDS = [id for ids in IDS.values() for id in ids]
KINDS = [*IDS, "publication"]
WORDS = [
    "oldham",
    "Oldam",
    "Wigan",
    "Café",
    "cafe",
    "Trust",
    "trusts",
    "Ann",
    "Lee",
    "&",
    "O'Neil",
    "a-b",
    "東京",
    "of",
    "Ó",
]
TIES = [  # type, kinds of sources, kinds of targets
    ("WORKS_FOR", ["person"], ["organisation", "project"]),
    ("LEADS", ["person", "organisation"], ["organisation", "project"]),
    ("FUNDS", ["organisation", "fund"], ["organisation", "project"]),
    ("PAYS", ["organisation", "project"], ["organisation", "person"]),
    ("PARTNERS_WITH", ["organisation"], ["organisation"]),
    ("DELIVERS", ["organisation"], ["project"]),
    ("PART_OF", ["place"], ["place"]),
    ("PART_OF", ["theme"], ["theme"]),
    ("LOCATED_IN", ["organisation", "person", "project", "place"], ["place"]),
    ("WORKS_ON", ["organisation", "project", "person"], ["theme"]),
    ("KNOWS", ["person"], ["person"]),
    ("TOOK_PART_IN", ["person", "organisation"], ["event"]),
]
TYPES = sorted({name for name, _, _ in TIES})
DATES = ["2018", "2019", "2019-06", "2019-06-15", "2019-10", "2020"]
LEVELS = ["public", "network", "team", "private"]
SECTORS = ["public", "community", "funder"]
SEARCHES = [
    *WORDS,
    "old",
    "odlham",
    "oldham trust",
    "trst",
    "cafe wig",
    "X:1",
    "x 1",
    "1",
    "tokyo",
    "東",
    "o neil",
    "an",
    "*",
    '"',
]

maybe_level = st.sampled_from([None, None, None, "network", "team", "private"])
maybe_date = st.sampled_from([None, None, None, *DATES])
evidence = st.lists(
    st.sampled_from([{"source": "s1"}, {"source": "s2", "recorded_at": "2020-01"}]), min_size=1, max_size=2
)
name = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
identifiers = st.lists(st.sampled_from([{"scheme": "X", "value": "1"}, {"scheme": "Y", "value": "a b"}]), max_size=1)


def maybe(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


@st.composite
def dates(draw: st.DrawFn) -> dict[str, str | None]:
    start, end = draw(maybe_date), draw(maybe_date)
    return {"start": start, "end": end}


@st.composite
def nodes(draw: st.DrawFn) -> Node:
    kind = draw(st.sampled_from(list(IDS)))
    values = {
        "id": draw(st.sampled_from(IDS[kind])),
        "kind": kind,
        "name": draw(name),
        "aliases": draw(st.lists(name, max_size=1)),
        "summary": draw(st.one_of(st.none(), name)),
        "sector": draw(maybe(SECTORS)),
        "identifiers": draw(identifiers),
        "audience": draw(maybe_level),
        "evidence": draw(evidence),
        **draw(dates()),
    }
    if draw(st.integers(0, 24)) == 0:  # now and then what the vocabulary or the relationships forbid
        values |= draw(st.sampled_from([{"kind": "publication"}, {"kind": "dragon"}, {"evidence": [{"source": "s9"}]}]))
    return Node.model_validate(values)


@st.composite
def relationships(draw: st.DrawFn) -> Relationship:
    type, sources, targets = draw(st.sampled_from(TIES))
    values = {
        "id": f"r{draw(st.integers(1, 20))}",
        "type": type,
        "source": draw(st.sampled_from([id for kind in sources for id in IDS[kind]])),
        "target": draw(st.sampled_from([id for kind in targets for id in IDS[kind]])),
        "role": draw(maybe(["Chair", "chief É", ""])),
        "amount": draw(maybe([1, 0.5, 40000])),
        "currency": draw(maybe(["GBP", "GBP", "EUR"])),
        "strength": draw(maybe([0.0, 0.5, 1.0])),
        "confidence": draw(maybe([0.2, 0.5, 0.9])),
        "inferred": draw(st.booleans()),
        "audience": draw(maybe_level),
        "evidence": draw(evidence),
        **draw(dates()),
    }
    if draw(st.integers(0, 24)) == 0:
        values |= draw(st.sampled_from([{"source": "l1"}, {"target": "gone"}, {"type": "LOVES"}]))
    return Relationship.model_validate(values)


sources = st.sampled_from(
    [Source(id="s1", title="One"), Source(id="s1", title="First"), Source(id="s3", title="Three")]
)


def batches(most: int) -> st.SearchStrategy[Batch]:
    return st.builds(
        Batch,
        sources=st.lists(sources, max_size=1),
        nodes=st.lists(nodes(), max_size=most),
        relationships=st.lists(relationships(), max_size=most),
        remove_nodes=st.lists(st.sampled_from(ALL_IDS), max_size=1),
        remove_relationships=st.lists(st.integers(1, 20).map("r{}".format), max_size=1),
    )


@st.composite
def beginnings(draw: st.DrawFn) -> Batch:
    """A network that holds most of the nodes, so that what follows has something to be about."""
    first = {node.id: node for node in draw(st.lists(nodes(), min_size=8, max_size=16))}
    ties = draw(st.lists(relationships(), min_size=8, max_size=20))
    two = [Source(id="s1", title="One"), Source(id="s2", title="Two")]
    return Batch(two, list(first.values()), ties)


@st.composite
def lenses(draw: st.DrawFn) -> Lens:
    values: dict[str, Any] = {"audience": draw(st.sampled_from(LEVELS))}
    optional: dict[str, st.SearchStrategy[Any]] = {
        "kind": st.lists(st.sampled_from(KINDS), min_size=1, max_size=3),
        "type": st.lists(st.sampled_from(TYPES), min_size=1, max_size=4),
        "place": st.lists(st.sampled_from([*IDS["place"], "gone"]), min_size=1, max_size=2),
        "theme": st.lists(st.sampled_from(IDS["theme"]), min_size=1, max_size=2),
        "sector": st.lists(st.sampled_from(SECTORS), min_size=1, max_size=2),
        "min_confidence": st.sampled_from([0.0, 0.5, 1.0]),
        "include_inferred": st.just(value=False),
    }
    for key in draw(st.lists(st.sampled_from(list(optional)), max_size=2, unique=True)):
        values[key] = draw(optional[key])
    values |= draw(st.sampled_from([{}, {}, {"at": "2019"}, {"at": "2019-06-15"}, {"since": "2019-10"},
                                    {"until": "2018"}, {"since": "2019", "until": "2019-06"}]))  # fmt: skip
    return Lens.model_validate(values)


@st.composite
def arounds(draw: st.DrawFn) -> Around:
    return Around(
        draw(st.sampled_from([*ALL_IDS, "gone"])),
        draw(st.sampled_from(["out", "in", "both"])),
        tuple(draw(st.lists(st.sampled_from(TYPES), max_size=3))),
        tuple(draw(st.lists(st.sampled_from(KINDS), max_size=2))),
        draw(maybe(["c", "É", "", "CHAIR"])),
    )
