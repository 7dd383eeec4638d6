"""The shifts of any network: those who call for them in the middle, shifts on both sides."""

from pathlib import Path
from typing import Any

import pytest

from tests.viz.styles.networks import body, store_of, theme, ties
from viz.maps import draw
from viz.network_map import NetworkMap

SHIFTS = ["from-far-to-near", "from-fast-to-slow", "from-few-to-many", "from-mine-to-ours"]
NODES = [*(theme(id, "shift") for id in SHIFTS), theme("time"), body("leaflet", "publication"), body("ann", "person")]
TIES = [
    *ties("CALLS_FOR", ("leaflet", SHIFTS[0]), ("leaflet", SHIFTS[1]), ("leaflet", "time"), ("ann", SHIFTS[1])),
    *ties("PROMOTES", ("ann", SHIFTS[2])),
    *ties("ABOUT", ("leaflet", SHIFTS[3])),
]


def drawn(folder: Path, nodes: list[Any], relationships: list[Any], **values: Any) -> NetworkMap:
    with store_of(folder, nodes, relationships) as store:
        network_map = draw(store, "shifts", values)
    assert isinstance(network_map, NetworkMap)
    return network_map


def test_callers_stand_between_the_shifts(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, NODES, TIES)
    x = {node.id: node.x for node in network_map.nodes}
    assert x.pop("ann") == x.pop("leaflet") == 0.0
    assert sorted(x) == SHIFTS  # a theme of another sort is not drawn, a shift that nobody calls for is
    assert {abs(place) for place in x.values()} == {max(x.values())}
    assert network_map.summary == "4 shifts, with 2 who call for them."


@pytest.mark.parametrize(
    ("nodes", "relationships", "said"),
    [
        ([SHIFTS[0]], [("ann", SHIFTS[0])], "1 shift, with 1 who calls for it."),
        (SHIFTS[:2], [("ann", SHIFTS[0])], "2 shifts, with 1 who calls for them."),
    ],
)
def test_one_is_told_in_the_singular(
    nodes: list[str], relationships: list[tuple[str, str]], said: str, tmp_path: Path
) -> None:
    some = [*(theme(id, "shift") for id in nodes), body("ann", "person")]
    assert drawn(tmp_path, some, ties("CALLS_FOR", *relationships)).summary == said


def test_on_a_narrow_screen_every_shift_stands_below_its_first_caller(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, NODES, TIES)
    by_hand = {
        ("ann", 0), (SHIFTS[1], 1), (SHIFTS[2], 1), ("leaflet", 0), (SHIFTS[0], 1), (SHIFTS[3], 1),
    }  # fmt: skip
    assert set(network_map.column) == by_hand
    order = [id for id, _ in network_map.column]
    assert sorted(order) == sorted(node.id for node in network_map.nodes)
    assert order[-1] == SHIFTS[3]  # nobody calls for it
    for shift, callers in ((SHIFTS[0], ["leaflet"]), (SHIFTS[1], ["ann", "leaflet"]), (SHIFTS[2], ["ann"])):
        above = [id for id in order[: order.index(shift)] if id in ("ann", "leaflet")]
        assert above[-1] == min(callers, key=order.index)


def test_only_calls_are_drawn(tmp_path: Path) -> None:
    called = sorted((tie.source, tie.target) for tie in drawn(tmp_path, NODES, TIES).relationships)
    assert called == [("ann", SHIFTS[1]), ("ann", SHIFTS[2]), ("leaflet", SHIFTS[0]), ("leaflet", SHIFTS[1])]


@pytest.mark.parametrize("nodes", [[], [theme("time"), body("ann", "person")]])
def test_a_network_without_shifts_is_told_so(nodes: list[Any], tmp_path: Path) -> None:
    network_map = drawn(tmp_path, nodes, [])
    assert (network_map.nodes, network_map.relationships) == ((), ())
    assert network_map.summary == "No shift from one way of working to another is known here."


def test_the_shifts_with_most_callers_are_kept(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, NODES, TIES, limit=1)
    assert {node.id for node in network_map.nodes} == {"ann", SHIFTS[1], "leaflet"}
    assert network_map.cut == "3 of 4 shifts are left out; `limit` draws more."
