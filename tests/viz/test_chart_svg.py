"""The picture of a chart: well formed, real text, every row in it, and hostile words stay words."""

from xml.etree import ElementTree

import pytest

from tests.viz.charts import SVG, chart, row, rows_drawn, texts, with_ground
from tests.viz.planted import HOSTILE
from viz.chart import NARROW, WIDE, Band, Chart, ChartKey, Shape, Words
from viz.chart_svg import chart_svg

WHOLE = with_ground(chart(row("a"), row("b")))


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_says_what_it_is_and_draws_every_row(narrow: bool) -> None:
    picture = chart_svg(WHOLE, narrow=narrow)
    root = ElementTree.fromstring(picture)
    assert (root.get("role"), root.findtext(SVG + "title")) == ("img", "Of boxes")
    assert root.findtext(SVG + "desc") == "There are boxes. Each box is a row."
    assert rows_drawn(picture) == {"a", "b"}
    assert [group.findtext(SVG + "title") for group in root.iter(SVG + "g") if group.get("data-row")] == [
        "This is a.",
        "This is b.",
    ]
    width = float(root.get("width") or 0)
    assert width == pytest.approx((NARROW + 8) if narrow else (WIDE + 48))


def test_title_and_legend_can_be_left_out() -> None:
    assert {"Of boxes", "There are boxes.", "a box"} <= set(texts(chart_svg(WHOLE)))
    assert texts(chart_svg(WHOLE, head=False)) == ["0", "a box"]
    assert texts(chart_svg(WHOLE, head=False, legend=False)) == ["0"]


def test_lines_stand_around_the_middle_of_their_block() -> None:
    words = Words(x=0, y=100, lines=("one", "two"), size=10)
    picture = chart_svg(chart().model_copy(update={"shapes": (words,)}), head=False, legend=False)
    heights = [float(element.get("y") or 0) for element in ElementTree.fromstring(picture).iter(SVG + "text")]
    # By hand: 11.8 from line to line, and letters whose middle is 3.4 above their foot.
    assert heights == pytest.approx([100 - 5.9 + 3.4, 100 + 5.9 + 3.4])


def test_a_band_is_as_broad_everywhere() -> None:
    band = Band(start=(0, 10), end=(100, 50), height=8, fill="#0072B2")
    picture = chart_svg(chart().model_copy(update={"shapes": (band,)}), head=False)
    assert 'd="M0.0 10.0C50.0 10.0 50.0 50.0 100.0 50.0" fill="none" stroke="#0072B2" stroke-width="8"' in picture


@pytest.mark.parametrize(
    "shape", [Words(x=1_300, y=900, lines=("far out",)), Band(start=(0, 900), end=(1_400, 0), height=9)]
)
def test_what_stands_outside_makes_the_picture_larger(shape: Shape) -> None:
    root = ElementTree.fromstring(chart_svg(chart().model_copy(update={"shapes": (shape,)}), head=False))
    assert float(root.get("width") or 0) > 1_300
    assert float(root.get("height") or 0) > 900


def test_hostile_words_stay_words() -> None:
    rows = tuple(row(text, text) for text in HOSTILE)
    words = {"title": HOSTILE[0], "summary": HOSTILE[1], "description": HOSTILE[2], "cut": HOSTILE[8]}
    keys = tuple(ChartKey(words=text, shapes=()) for text in HOSTILE)
    whole = chart(*rows).model_copy(update={**words, "keys": keys, "notes": HOSTILE})
    root = ElementTree.fromstring(chart_svg(whole))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "g", "text", "circle",
    }  # fmt: skip
    assert root.findtext(SVG + "title") == HOSTILE[0]


def test_an_empty_chart_is_a_picture_too() -> None:
    assert "Nothing here." in texts(chart_svg(Chart(title="Nothing", summary="Nothing here.")))
