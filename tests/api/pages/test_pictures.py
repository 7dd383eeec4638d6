"""Maps in small: which part, how large, and which names."""

from itertools import pairwise

import pytest

from api.pages.pictures import MOST_SHOWN, SIZES, UNNAMED, Size, in_small, largest_part
from tests.viz.planted import around, planted, vocabulary
from viz.arrange import arrange
from viz.network_map import MapNode, MapRelationship, NetworkMap
from viz.svg import svg

SIZE = Size(300, 200, 3, 2)


def chain(*ids: str) -> NetworkMap:
    """Nodes on a line, tied each to the next; a node whose id is `-` breaks the line."""
    pairs = [pair for pair in pairwise(ids) if "-" not in pair]
    return NetworkMap(
        title="t",
        summary="s",
        nodes=tuple(
            MapNode(id=id, kind="person", name=id, x=place * 10, y=place, ties=1)
            for place, id in enumerate(ids)
            if id != "-"
        ),
        relationships=tuple(MapRelationship(id=a + b, type="KNOWS", source=a, target=b, sentence="") for a, b in pairs),
    )


@pytest.mark.parametrize(
    ("ids", "part"),
    [
        (("a", "b", "-", "c", "d", "e"), {"c", "d", "e"}),
        (("c", "d", "-", "a", "b"), {"a", "b"}),  # equally large: the one with the smallest id
        (("a",), {"a"}),
        ((), set()),
    ],
)
def test_largest_part(ids: tuple[str, ...], part: set[str]) -> None:
    assert largest_part(chain(*ids)) == part


def test_only_the_largest_part_is_drawn_and_fills_the_size() -> None:
    small = in_small(chain("a", "b", "-", "c", "d", "e"), SIZE)
    assert {node.id for node in small.nodes} == {"c", "d", "e"}
    assert {tie.id for tie in small.relationships} == {"cd", "de"}
    across = [node.x for node in small.nodes]
    assert max(across) - min(across) == 64  # 20 before, doubled at most, and across up to 1.6 times as far as down


def test_nothing_is_drawn_of_an_empty_map() -> None:
    assert in_small(chain(), SIZE).nodes == ()


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_names_do_not_cover_each_other(size: Size) -> None:
    small = in_small(arrange(planted(200, groups=8), vocabulary()), size)
    named = [node for node in small.nodes if node.name != UNNAMED]
    assert 0 < len(named) <= size.cogs_named
    assert all(node.is_cog for node in named)
    for one in named:
        assert not [
            other for other in named if other is not one and abs(one.x - other.x) < 100 and abs(one.y - other.y) < 24
        ]


def test_the_centre_is_named_in_small_even_in_a_crowd() -> None:
    small = in_small(around("n50"), SIZES["narrow"])
    named = [node for node in small.nodes if node.name != UNNAMED]
    assert [node.id for node in named if node.is_centre] == ["n50"]
    assert all(node.is_cog or node.is_centre for node in named)


def test_small_picture_of_a_large_network_stays_light() -> None:
    small = in_small(arrange(planted(1_500, groups=8), vocabulary()), SIZES["large"])
    assert len(small.nodes) == MOST_SHOWN
    assert {node.id for node in small.nodes if node.is_cog} == {f"n{number}" for number in range(8)}
    assert len(svg(small, legend=False)) < 300_000
