"""Reading, on both stores; expected values by hand from the town of `networks.py`."""

import pytest

from graph.errors import TimeLimit
from graph.limits import time_limit
from graph.model import Node, Relationship, Source
from graph.search import parse, rank_of
from graph.store.base import EVERYTHING, Store
from graph.store.records import Around, Batch, Counts, Outline
from tests.contract.networks import ids, lens, nodes_of_town, ties_of_town, town

NODES = ["bank", "bureau", "council", "mill", "ann", "bob", "north-end", "town", "kitchen", "food", "soup"]
TIES = ["12", "10", "8", "9", "1", "2", "11", "3", "4", "6", "7", "5"]  # by type, then id as text
SEEN = [
    ({}, NODES, TIES),
    ({"audience": "team"}, NODES, TIES),
    (
        {"audience": "network"},
        ["bureau", "council", "mill", "ann", "bob", "north-end", "town", "kitchen", "food", "soup"],
        ["12", "8", "9", "1", "2", "11", "3", "4", "6", "7", "5"],
    ),
    (
        {"audience": "public"},
        ["bureau", "council", "mill", "bob", "north-end", "town", "kitchen", "food", "soup"],
        ["12", "8", "9", "1", "2", "11", "3", "7", "5"],
    ),
    ({"kind": ["person", "theme"]}, ["ann", "bob", "food", "soup"], ["4"]),
    ({"type": ["FUNDS", "WORKS_FOR"]}, NODES, ["10", "8", "9", "6", "7"]),
    ({"at": "2021"}, ["bank", "bureau", "council", "ann", "bob", "north-end", "town", "food", "soup"],
     ["10", "9", "1", "2", "11", "3", "4", "6", "7"]),
    ({"until": "1900"}, ["bank", "bureau", "mill", "ann", "bob", "north-end", "town", "food", "soup"],
     ["10", "1", "3", "4"]),
    ({"since": "1990-07", "until": "2017"},
     ["bank", "bureau", "council", "ann", "bob", "north-end", "town", "food", "soup"],
     ["10", "9", "1", "2", "11", "3", "4", "7"]),
    ({"min_confidence": 0.6}, NODES, ["12", "10", "8", "9", "1", "2", "11", "3", "4", "6", "7"]),
    ({"include_inferred": False}, NODES, ["12", "10", "8", "9", "1", "2", "11", "3", "4", "6", "5"]),
    # Only organisations, people and projects are narrowed; parts of a place belong to it.
    ({"place": ["town"]}, ["bureau", "council", "north-end", "town", "food", "soup"],
     ["8", "9", "1", "2", "11", "3", "4"]),
    ({"place": ["north-end"]}, ["bureau", "north-end", "town", "food", "soup"], ["1", "3", "4"]),
    ({"theme": ["food"]}, ["north-end", "town", "kitchen", "food", "soup"], ["3", "4", "5"]),
    # At this level soup is no part of food, so the kitchen is not within it.
    ({"theme": ["food"], "audience": "public"}, ["north-end", "town", "food", "soup"], ["3"]),
    ({"theme": ["food"], "min_confidence": 0.6}, ["north-end", "town", "food", "soup"], ["3", "4"]),
    # Membership is judged before kinds and types are hidden.
    ({"place": ["town"], "kind": ["organisation"], "type": ["FUNDS"]}, ["bureau", "council"], ["8", "9"]),
    # Ann has no sector of her own and is of the bureau; Bob has one, and keeps it.
    ({"sector": ["community"]}, ["bureau", "ann", "north-end", "town", "kitchen", "food", "soup"],
     ["12", "1", "3", "4", "6", "5"]),
    ({"sector": ["public"]}, ["council", "north-end", "town", "kitchen", "food", "soup"], ["2", "11", "3", "4", "5"]),
    ({"sector": ["community"], "until": "2018"}, ["bureau", "north-end", "town", "kitchen", "food", "soup"],
     ["12", "1", "3", "4", "5"]),
    ({"sector": ["media", "public"], "place": ["town"]}, ["council", "north-end", "town", "food", "soup"],
     ["2", "11", "3", "4"]),
    ({"place": ["nowhere"]}, ["north-end", "town", "food", "soup"], ["3", "4"]),
]  # fmt: skip


@pytest.mark.parametrize(("values", "nodes", "ties"), SEEN)
def test_a_lens_lets_through(town_store: Store, values: dict[str, object], nodes: list[str], ties: list[str]) -> None:
    seen = lens(**values)
    assert ids(town_store.nodes(seen)) == nodes
    assert ids(town_store.relationships(seen)) == ties
    assert list(town_store.get(NODES, seen)) == nodes
    assert list(town_store.get_relationships(TIES, seen)) == ties
    kinds, types = {one.id: one.kind for one in nodes_of_town()}, {one.id: one.type for one in ties_of_town()}
    assert town_store.counts(seen) == Counts(counted(kinds, nodes), counted(types, ties))
    exported = [thing.id for thing in town_store.export(seen)]
    assert exported == ["annals", "minutes", *nodes, *ties]
    masks = town_store.arrays().visible(seen)
    assert [id for id, shown in zip(town_store.arrays().nodes.ids, masks.nodes, strict=True) if shown] == sorted(nodes)
    edges = town_store.arrays().relationships.ids
    assert [id for id, shown in zip(edges, masks.relationships, strict=True) if shown] == sorted(ties)


def counted(names: dict[str, str], ids: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for id in ids:
        found[names[id]] = found.get(names[id], 0) + 1
    return found


def test_things_come_back_as_they_were_given(town_store: Store) -> None:
    assert list(town_store.get(["mill", "ann"]).values()) == [
        one for id in ("mill", "ann") for one in nodes_of_town() if one.id == id
    ]
    assert sorted(town_store.relationships(), key=lambda one: int(one.id)) == ties_of_town()
    assert list(town_store.get_sources().values()) == [Source(id="annals", title="Annals"), town().sources[0]]


@pytest.mark.parametrize(
    ("asked", "found"), [(None, ["annals", "minutes"]), (["minutes", "none"], ["minutes"]), ([], [])]
)
def test_sources(town_store: Store, asked: list[str] | None, found: list[str]) -> None:
    assert list(town_store.get_sources(asked)) == found


@pytest.mark.parametrize("size", [1, 2, 5, 11, 50])
def test_pages_of_nodes_join(town_store: Store, size: int) -> None:
    found: list[Node] = []
    after = None
    while page := list(town_store.nodes(after=after, limit=size)):
        assert len(page) <= size
        found += page
        after = f"{page[-1].kind}/{page[-1].id}"
    assert ids(found) == NODES


@pytest.mark.parametrize("size", [1, 2, 5, 12, 50])
def test_pages_of_relationships_join(town_store: Store, size: int) -> None:
    found: list[Relationship] = []
    after = None
    while page := list(town_store.relationships(after=after, limit=size)):
        assert len(page) <= size
        found += page
        after = f"{page[-1].type}/{page[-1].id}"
    assert ids(found) == TIES


@pytest.mark.parametrize(
    ("after", "first"), [("a/", "bank"), ("organisation/bureaus", "council"), ("people/x", "ann"), ("zoo/a", None)]
)
def test_a_page_begins_after_any_key(town_store: Store, after: str, first: str | None) -> None:
    assert next(iter(ids(town_store.nodes(after=after, limit=1))), None) == first
    assert next(iter(ids(town_store.nodes(after=after))), None) == first


def test_no_limit_of_zero_finds_anything(town_store: Store) -> None:
    assert (list(town_store.nodes(limit=0)), list(town_store.relationships(limit=0))) == ([], [])


@pytest.mark.parametrize(
    ("around", "found"),
    [
        (Around("bureau"), ["12", "10", "8", "9", "1", "6"]),
        (Around("bureau", "out"), ["12", "1"]),
        (Around("bureau", "in"), ["10", "8", "9", "6"]),
        (Around("bureau", types=("FUNDS", "DELIVERS")), ["12", "10", "8", "9"]),
        (Around("bureau", kinds=("person", "project")), ["12", "6"]),
        (Around("bureau", role="ÉDIT"), ["6"]),
        (Around("bureau", role="éditor"), ["6"]),
        (Around("bureau", role=""), ["12", "10", "8", "9", "1", "6"]),
        (Around("bureau", role="x"), []),
        (Around("council"), ["8", "9", "2", "11", "7"]),
        (Around("council", "in"), ["11", "7"]),
        (Around("council", kinds=("organisation",)), ["8", "9", "11"]),
        (Around("nobody"), []),
    ],
)
def test_relationships_around_a_node(town_store: Store, around: Around, found: list[str]) -> None:
    assert ids(town_store.relationships(around=around)) == found
    pages = [
        ids(town_store.relationships(around=around, limit=2)),
        ids(town_store.relationships(around=around, limit=9)),
    ]
    assert pages == [found[:2], found]


def test_pages_around_a_node_join(town_store: Store) -> None:
    first = list(town_store.relationships(around=Around("bureau"), limit=3))
    rest = town_store.relationships(around=Around("bureau"), after=f"{first[-1].type}/{first[-1].id}")
    assert ids(first) + ids(rest) == ["12", "10", "8", "9", "1", "6"]


@pytest.mark.parametrize(
    ("id", "values", "types"),
    [
        ("bureau", {}, {"DELIVERS": 1, "FUNDS": 3, "LOCATED_IN": 1, "WORKS_FOR": 1}),
        ("bureau", {"audience": "public"}, {"DELIVERS": 1, "FUNDS": 2, "LOCATED_IN": 1}),
        ("council", {}, {"FUNDS": 2, "LOCATED_IN": 1, "PARTNERS_WITH": 1, "WORKS_FOR": 1}),
        ("bank", {"audience": "public"}, {}),
        ("nobody", {}, {}),
    ],
)
def test_counts_around_a_node(town_store: Store, id: str, values: dict[str, object], types: dict[str, int]) -> None:
    assert town_store.counts(lens(**values), around=id) == Counts({}, types)


@pytest.mark.parametrize(
    ("text", "values", "found"),
    [
        ("bureau", {}, ["bureau"]),
        ("THE  advice-bureau", {}, ["bureau"]),
        ("bob olafsson", {}, ["bob"]),
        ("X-TOWN:7", {}, ["council"]),
        ("x-town:7", {}, []),  # identifiers are compared as they are
        ("7", {}, []),
        ("GB-COH:00000012", {}, ["bank"]),
        ("GB-COH:00000012", {"audience": "public"}, []),
        ("bur", {}, []),
        ("", {}, []),
        ('" OR *:* OR "', {}, []),
    ],
)
def test_find(town_store: Store, text: str, values: dict[str, object], found: list[str]) -> None:
    assert ids(town_store.find(text, lens(**values))) == found


@pytest.mark.parametrize(
    ("text", "values", "found"),
    [
        ("bureau", {}, {"bureau"}),
        ("adv bur", {}, {"bureau"}),
        ("debt bureau", {}, {"bureau"}),
        ("buraeu", {}, {"bureau"}),
        ("olafson", {}, {"bob"}),
        ("00000012", {}, {"bank"}),
        ("gb-coh:00000012", {}, {"bank"}),
        ("bank", {"audience": "public"}, set()),
        ("town", {"kind": ["place"]}, {"town"}),
        ("AND", {}, set()),
        ('a" OR names:*', {}, set()),
        ("(((", {}, set()),
        ("", {}, set()),
    ],
)
def test_candidates_hold_all_that_match(
    town_store: Store, text: str, values: dict[str, object], found: set[str]
) -> None:
    query = parse(text, town_store.name_words())
    assert {node.id for node in town_store.candidates(query, lens(**values), 100)} >= found
    assert not found or town_store.candidates(query, lens(**values), 1)
    if not found:
        assert town_store.candidates(query, lens(**values), 100) == []


@pytest.mark.parametrize("values", [{}, {"audience": "public"}])
def test_outlines_are_those_of_whole_nodes(town_store: Store, values: dict[str, object]) -> None:
    nodes = town_store.get([*NODES, "nobody"], lens(**values))
    expected = {id: Outline(one.kind, one.subkind, one.name, one.sector) for id, one in nodes.items()}
    assert town_store.outlines([*NODES, "nobody"], lens(**values)) == expected


@pytest.mark.parametrize("values", [{}, {"audience": "public"}, {"kind": ["organisation", "person"], "at": "2019"}])
@pytest.mark.parametrize(
    "text",
    [
        "bureau",
        "adv bur",
        "debt bureau",
        "buraeu",
        "olafson",
        "00000012",
        "gb-coh:00000012",
        "coh 00000012",
        "town",
        "b",
    ],
)
def test_the_classes_of_candidates_are_those_of_whole_nodes(
    town_store: Store, text: str, values: dict[str, object]
) -> None:
    query, arrays = parse(text, town_store.name_words()), town_store.arrays()
    found = town_store.ranks(query, lens(**values), arrays=arrays, limit=100)
    whole = {arrays.number[node.id]: rank_of(query, node) for node in town_store.candidates(query, lens(**values), 100)}
    assert list(found.items()) == list(whole.items())


def test_what_the_index_writes_for_another_script_is_not_found(store: Store) -> None:
    beetle = {"id": "beetle", "kind": "theme", "name": "жук", "evidence": [{"source": "s"}]}
    store.apply(Batch([Source(id="s", title="S")], [Node.model_validate(beetle)], []), by="test")
    for text, rank in (("жу", 2), ("x436", 0)):
        found = store.ranks(parse(text, store.name_words()), EVERYTHING, arrays=store.arrays(), limit=9)
        assert max(found.values(), default=0) == rank


def test_an_identifier_of_several_words_is_a_class_of_its_own(store: Store) -> None:
    evidence = {"evidence": [{"source": "s"}]}
    known = {"name": "AB 12 Trust", "identifiers": [{"scheme": "X", "value": "ab 12"}]}
    nodes = [
        Node.model_validate({"id": id, "kind": "organisation", **values, **evidence})
        for id, values in (("known", known), ("named", {"name": "AB 12 Trust"}), ("far", {"name": "AC 12"}))
    ]
    store.apply(Batch([Source(id="s", title="S")], nodes, []), by="test")
    query, arrays = parse("ab 12", store.name_words()), store.arrays()
    found = store.ranks(query, EVERYTHING, arrays=arrays, limit=9)
    assert found == {arrays.number["known"]: 1, arrays.number["named"]: 2}


def test_of_more_candidates_than_are_ranked_the_first_by_id_are_taken(store: Store) -> None:
    evidence = {"evidence": [{"source": "s"}]}
    for id in ("elm-2", "elm-3", "elm-1"):  # the order of loading decides nothing
        elm = Node.model_validate({"id": id, "kind": "organisation", "name": f"Elm House {id[-1]}", **evidence})
        store.apply(Batch([Source(id="s", title="S")], [elm], []), by="test")
    query = parse("elm", store.name_words())
    assert ids(store.candidates(query, EVERYTHING, 2)) == ["elm-1", "elm-2"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"place": ["town"]}, {"town": ("town", "north-end")}),
        ({"theme": ["food"], "place": ["north-end"]}, {"food": ("food", "soup"), "north-end": ("north-end",)}),
        ({"theme": ["food"], "audience": "public"}, {"food": ("food",)}),
        ({}, {}),
    ],
)
def test_parts(town_store: Store, values: dict[str, object], found: dict[str, tuple[str, ...]]) -> None:
    assert town_store.parts(lens(**values)) == found


def test_arrays_hold_every_column(town_store: Store) -> None:
    arrays = town_store.arrays()
    assert arrays.version == town_store.version()
    at = arrays.relationships.ids.index
    edges = arrays.relationships
    assert edges.ids == sorted(ids(ties_of_town()))
    ends = [arrays.nodes.ids[edges.source[at("6")]], arrays.nodes.ids[edges.target[at("6")]]]
    assert (ends, arrays.types[edges.type[at("6")]]) == (["ann", "bureau"], "WORKS_FOR")
    assert [edges.strength[at(id)] for id in ("12", "6")] == [0.9, 0.9]  # its own, the default of the type
    assert [edges.confidence[at(id)] for id in ("12", "6")] == [0.8, 1.0]
    assert [bool(edges.inferred[at(id)]) for id in ("7", "6")] == [True, False]
    assert [int(edges.level[at(id)]) for id in ("10", "6", "4", "1")] == [2, 1, 1, 0]


def test_reading_has_a_time_limit(town_store: Store) -> None:
    with time_limit(-1), pytest.raises(TimeLimit):
        town_store.get(["ann"], EVERYTHING)
    assert list(town_store.get(["ann"])) == ["ann"]
