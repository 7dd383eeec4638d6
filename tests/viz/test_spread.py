"""A few large things on a ground: none over another, all between the sides, and always alike."""

from itertools import combinations

import pytest

from viz.spread import GAP, Box, Place, spread

BOXES = {f"n{place:02}": Box(8.0 + 2 * place, (60.0 + 5 * (place % 7), 40.0)) for place in range(30)}
RING = [(f"n{place:02}", f"n{(place + 1) % 24:02}", 1.0) for place in range(24)]  # the last six are tied to nobody


def box(places: dict[str, Place], name: str) -> tuple[float, float, float, float]:
    """Left, top, right, bottom, without the gap."""
    (x, y), it = places[name], BOXES[name]
    half = (it.width - GAP) / 2
    return x - half, y - it.radius, x + half, y + it.radius + it.name[1]


@pytest.mark.parametrize("width", [1120.0, 360.0])
def test_nothing_stands_over_anything_else_or_over_the_sides(width: float) -> None:
    places = spread(BOXES, RING, width)
    assert set(places) == set(BOXES)
    boxes = {name: box(places, name) for name in BOXES}
    assert all(left >= 0 and top >= -0.5 and right <= width for left, top, right, _ in boxes.values())
    over = [
        (one, other)
        for one, other in combinations(boxes, 2)
        if boxes[one][0] < boxes[other][2]
        and boxes[other][0] < boxes[one][2]
        and boxes[one][1] < boxes[other][3]
        and boxes[other][1] < boxes[one][3]
    ]
    assert over == []


def test_what_is_tied_to_nothing_stands_below_the_rest() -> None:
    places = spread(BOXES, RING, 1120.0)
    lowest = max(box(places, name)[3] for name in list(BOXES)[:24])
    assert all(box(places, name)[1] >= lowest for name in list(BOXES)[24:])


def test_the_same_things_and_the_same_seed_give_the_same_places() -> None:
    turned = dict(reversed(BOXES.items()))
    tied = list(BOXES)[:24]
    one, other = spread(BOXES, RING, 1120.0, seed=3), spread(turned, RING[::-1], 1120.0, seed=3)
    assert {name: one[name] for name in tied} == {name: other[name] for name in tied}


@pytest.mark.parametrize("names", [[], ["n00"], ["n00", "n01"]])
def test_the_smallest_grounds(names: list[str]) -> None:
    some = {name: BOXES[name] for name in names}
    assert set(spread(some, RING[:1] if len(names) > 1 else [], 360.0)) == set(names)
