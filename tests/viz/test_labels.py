from itertools import combinations

import pytest

from viz.labels import Box, Disc, Wanted, place_labels, text_width, wrap


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Oldham Council", ("Oldham Council",)),
        ("Alliance of Neighbourhood Groups", ("Alliance of", "Neighbourhood Groups")),
        ("a" * 50, ("a" * 24, "a" * 24, "aa")),
        ("word " * 30, ("word word word word word", "word word word word word", "word word word word…")),
        ("  ", ("(no name)",)),
    ],
)
def test_wrap(name: str, lines: tuple[str, ...]) -> None:
    assert wrap(name) == lines


def test_no_line_is_longer_than_asked() -> None:
    assert all(len(line) <= 26 for line in wrap("endless" * 72, length=26, lines=1))


@pytest.mark.parametrize(("wider", "narrower"), [("WWW", "iii"), ("\u4f60\u597d", "ab"), ("e", "\u0301")])
def test_text_width(wider: str, narrower: str) -> None:
    assert text_width(wider, 10) > text_width(narrower, 10)


def test_placed_names_cover_neither_discs_nor_each_other() -> None:
    discs = [Disc(f"{x} {y}", x * 60.0, y * 40.0, 8.0) for x in range(6) for y in range(6)]
    placed = place_labels([Wanted(disc.id, disc.around((70.0, 14.0))) for disc in discs], discs)
    assert 6 < len(placed) < 36
    assert not any(one.hits(other) for one, other in combinations(placed.values(), 2))
    assert not any(box.hits(disc.box) for name, box in placed.items() for disc in discs if disc.id != name)


def test_a_needed_name_is_placed_over_minor_discs() -> None:
    crowd = [
        Disc(f"{x} {y}", x * 12.0, y * 12.0, 8.0) for x in range(-9, 10) for y in range(-9, 10) if (x, y) != (0, 0)
    ]
    cog = Disc("cog", 0.0, 0.0, 8.0, is_minor=False)
    choices = cog.around((60.0, 14.0))
    assert place_labels([Wanted("cog", choices)], [*crowd, cog]) == {}
    assert place_labels([Wanted("cog", choices, needed=True)], [*crowd, cog]) == {"cog": choices[0]}


def test_boxes_that_only_touch_do_not_hit() -> None:
    assert not Box(0, 0, 1, 1).hits(Box(1, 0, 2, 1))
