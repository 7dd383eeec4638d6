"""The change log, on both stores: who, what, the value before, and nothing that a level may not notice."""

import pytest

from graph.model import Audience
from graph.store.base import Store
from graph.store.records import Batch
from tests.contract.networks import node, nodes_of_town, tie


def test_every_write_is_logged(store: Store) -> None:
    from graph.model import Source

    store.apply(Batch([Source(id="minutes", title="M")], [node("a"), node("b")], [tie("1", "FUNDS", "a", "b")]), by="x")
    before = store.get(["a"])["a"].canonical()
    store.apply(Batch(nodes=[node("a", name="New")]), by="y")
    gone = store.get_relationships(["1"])["1"].canonical()
    store.apply(Batch(remove_relationships=["1"]), by="z")
    log = [(one.position, one.by, one.action, one.thing, one.id, one.previous) for one in store.changes()]
    assert log == [
        (1, "x", "added", "source", "minutes", None),
        (2, "x", "added", "node", "a", None),
        (3, "x", "added", "node", "b", None),
        (4, "x", "added", "relationship", "1", None),
        (5, "y", "changed", "node", "a", before),
        (6, "z", "removed", "relationship", "1", gone),
    ]
    assert all(one.at.endswith("+00:00") for one in store.changes())


@pytest.mark.parametrize(
    ("since", "limit", "positions"),
    [
        (0, 3, [1, 2, 3]),
        (3, 3, [4, 5, 6]),
        (23, 50, [24, 25]),
        (25, 50, []),
        (900, 50, []),
        (0, 0, []),
        (-5, 7, [1, 2]),
    ],
)
def test_the_feed_is_paged(filled: Store, since: int, limit: int, positions: list[int]) -> None:
    assert [one.position for one in filled.changes(since, limit=limit)] == positions


def test_a_level_sees_what_it_may(filled: Store) -> None:
    public = filled.changes(limit=500, audience=Audience.public)
    assert [one.position for one in public] == list(range(1, 21))  # without bank, ann, and three relationships
    assert not {"bank", "ann", "10", "6", "4"} & {one.id for one in public}
    filled.apply(Batch(nodes=[node("bank", name="Bank of Town", audience="team")]), by="clerk")
    assert filled.changes(20, audience=Audience.public) == []
    filled.apply(Batch(nodes=[node("bank", name="Bank of Town")]), by="clerk")
    seen = filled.changes(20, audience=Audience.public)
    assert [(one.position, one.action, one.thing, one.id, one.previous) for one in seen] == [
        (21, "added", "node", "bank", None),
        (22, "added", "relationship", "10", None),
    ]
    filled.apply(Batch(nodes=[one for one in nodes_of_town() if one.id == "bank"]), by="clerk")
    assert [(one.action, one.id) for one in filled.changes(22, audience=Audience.public)] == [
        ("removed", "bank"),
        ("removed", "10"),
    ]
    assert filled.check() == []


def test_a_long_log_is_read_from_any_place(store: Store) -> None:
    from graph.model import Source

    store.apply(Batch([Source(id="minutes", title="M")]), by="x")
    for first in range(0, 300, 50):
        nodes = [node(f"n{number}", audience="team" if number % 3 else "public") for number in range(first, first + 50)]
        store.apply(Batch(nodes=nodes), by="x")
    public = store.changes(limit=500, audience=Audience.public)
    assert [one.id for one in public] == ["minutes", *(f"n{number}" for number in range(0, 300, 3))]
    for since in range(0, 102, 7):
        assert store.changes(since, limit=4, audience=Audience.public) == public[since : since + 4]
    everything = store.changes(limit=500)
    for since in (0, 99, 100, 101, 250, 300):
        assert store.changes(since, limit=60) == everything[since : since + 60]


def test_merges_and_forgetting_are_in_the_feed(filled: Store) -> None:
    filled.merge("mill", "bureau", by="clerk")
    filled.unmerge("mill", by="clerk")
    filled.forget("bob", by="clerk")
    log = [(one.action, one.thing) for one in filled.changes(25)]
    assert log == [
        ("changed", "node"), ("merged", "node"), ("changed", "node"), ("unmerged", "node"),
        ("removed", "relationship"), ("forgotten", "node"),
    ]  # fmt: skip
