"""Places for the names of groups; the outlines are squares, so that every place is worked out by hand."""

import pytest

from viz.grounds import PAD, name_places, touches
from viz.labels import Box
from viz.network_map import Point

SIZE = (60.0, 16.0)


def square(left: float, top: float, side: float = 100.0) -> tuple[Point, ...]:
    return ((left, top), (left + side, top), (left + side, top + side), (left, top + side))


def test_the_first_place_is_in_the_upper_margin_of_its_own_ground() -> None:
    assert name_places(square(0, 0), [], SIZE)[0] == Box(20.0, -20.0, 80.0, -4.0)


def test_a_name_stands_on_no_other_ground() -> None:
    other = square(-50, -140)  # its margin reaches down to 16 above the square, and as far as 74 across
    places = name_places(square(0, 0), [other], SIZE)
    assert places[0] == Box(20.0, 104.0, 80.0, 120.0)  # in the lower margin
    assert not any(touches(box, other) for box in places)


def test_a_ground_that_others_cover_keeps_its_name() -> None:
    assert name_places(square(0, 0, 50.0), [square(-200, -200, 500.0)], SIZE)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(10, 10, 20, 20), True),
        (Box(100 + PAD - 1, 40, 200, 60), True),
        (Box(100 + PAD + 1, 40, 200, 60), False),
        (Box(40, -40, 60, -PAD - 1), False),
    ],
)
def test_touching_counts_the_margin(box: Box, expected: bool) -> None:
    assert touches(box, square(0, 0)) is expected


def test_a_slanted_edge_parts_as_well() -> None:
    triangle = ((0.0, 0.0), (200.0, 0.0), (0.0, 200.0))
    assert not touches(Box(150, 150, 190, 190), triangle)  # its corner at 126, 126 is beyond the line x + y = 200
    assert touches(Box(110, 110, 150, 150), triangle)  # 86 + 86 is not
