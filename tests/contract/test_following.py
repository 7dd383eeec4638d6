"""Reading an empty store and one that changes, on both stores."""

from graph.model import Audience
from graph.store.base import Store
from graph.store.records import Batch, Counts
from tests.contract.networks import lens, tie


def test_an_empty_store_answers(store: Store) -> None:
    assert (list(store.nodes()), list(store.relationships()), list(store.export())) == ([], [], [])
    assert (store.get(["a"]), store.get_relationships(["1"]), store.get([]), store.find("a")) == ({}, {}, {}, [])
    assert (store.counts(), store.changes(), store.name_words(), store.check()) == (Counts({}, {}), [], [], [])
    assert (store.by_identifier([]), store.merged_into([]), store.forgotten([])) == ({}, {}, set())
    assert {store.version(level) for level in Audience} == {"0" * 32}
    assert [*store.arrays().nodes.ids, *store.arrays().relationships.ids] == []
    store.ping()


def test_by_identifier(filled: Store) -> None:
    filled.apply(Batch(nodes=[filled.get(["council"])["council"].model_copy(update={"id": "aa"})]), by="clerk")
    assert filled.by_identifier(["X-TOWN:7", "GB-COH:00000012", "GB-COH:1"]) == {
        "X-TOWN:7": "aa",
        "GB-COH:00000012": "bank",
    }
    many = [f"X-MANY:{number}" for number in range(1_500)]
    assert filled.by_identifier([*many, "X-TOWN:7"]) == {"X-TOWN:7": "aa"}


def test_words_of_names(filled: Store) -> None:
    known = ["advice", "ann", "bank", "bob", "bureau", "council", "end", "food", "kitchen", "lee", "mill", "north",
             "olafsson", "shared", "soup", "the", "town"]  # fmt: skip
    assert filled.name_words() == known
    filled.apply(Batch(nodes=[filled.get(["mill"])["mill"].model_copy(update={"name": "Cotton Mill"})]), by="clerk")
    assert filled.name_words() == sorted([*known, "cotton"])


def test_parts_of_parts_and_rings_end(filled: Store) -> None:
    links = [tie("21", "PART_OF", "town", "north-end"), tie("22", "PART_OF", "food", "north-end")]
    filled.apply(Batch(relationships=links), by="clerk")
    assert filled.parts(lens(place=["town"])) == {"town": ("town", "north-end", "food", "soup")}


def test_arrays_follow_the_store(filled: Store) -> None:
    before = filled.arrays()
    assert filled.arrays() is before
    filled.apply(Batch(remove_relationships=["1"]), by="clerk")
    assert "1" not in filled.arrays().relationships.ids


def test_an_export_begun_is_of_one_state(filled: Store) -> None:
    expected = [thing.canonical() for thing in filled.export()]
    export = filled.export()
    begun = [next(export).canonical()]
    filled.apply(Batch(remove_nodes=["council", "soup"]), by="clerk")
    assert begun + [thing.canonical() for thing in export] == expected
