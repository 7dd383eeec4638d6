import math

import pytest

from tests.viz.planted import vocabulary
from viz import scales


def area(corners: scales.Points) -> float:
    return (
        abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True))) / 2
    )


@pytest.mark.parametrize("shape", [shape for shape, corners in scales.SHAPES.items() if corners])
def test_every_shape_has_the_area_of_the_disc(shape: str) -> None:
    assert area(scales.SHAPES[shape]) == pytest.approx(math.pi, rel=0.01)


def test_area_grows_with_the_score() -> None:
    none, half, full = (scales.radius(score, best=8.0, count=60, is_cog=False) ** 2 for score in (0.0, 4.0, 8.0))
    assert half - none == pytest.approx(full - half)


def test_a_cog_is_larger_than_a_node_with_the_same_score() -> None:
    plain, cog = (scales.radius(0.1, best=10.0, count=60, is_cog=is_cog) for is_cog in (False, True))
    assert cog > 1.4 * plain


@pytest.mark.parametrize("score", [None, 0.0, -1.0])
def test_no_score_is_the_smallest_size(score: float | None) -> None:
    assert scales.radius(score, best=0.0, count=60, is_cog=False) == scales.smallest_radius(60)


# Contrasts by WCAG 2 as other calculators give them.
@pytest.mark.parametrize(
    ("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#8a8a8a", 3.45), ("#0072B2", 5.19)]
)
def test_contrast(colour: str, contrast: float) -> None:
    assert scales.contrast_to_white(colour) == pytest.approx(contrast, abs=0.01)


def test_every_line_of_the_vocabulary_shows_on_white() -> None:
    colours = [scales.line_colour(row.colour) for row in vocabulary().types.values()]
    assert min(scales.contrast_to_white(colour) for colour in colours) >= 3.4


def test_every_border_of_the_vocabulary_shows_on_white() -> None:
    colours = [scales.border(kind.colour) for kind in vocabulary().kinds.values()]
    assert min(scales.contrast_to_white(colour) for colour in colours) >= 5.9


def test_shape_and_mark_alone_tell_kinds_apart() -> None:
    kinds = vocabulary().kinds
    marks = scales.marks(kinds)
    looks = [(kind.shape, marks[name]) for name, kind in kinds.items()]
    assert len(set(looks)) == len(looks)


def test_a_good_colour_is_left_alone() -> None:
    assert scales.line_colour("#0072b2") == "#0072b2"


def test_lines_to_groups_show_on_white_and_match_their_grounds() -> None:
    assert len(scales.GROUP_LINES) == len(scales.TINTS)
    assert min(map(scales.contrast_to_white, scales.GROUP_LINES)) >= scales.LEAST_LINE_CONTRAST
