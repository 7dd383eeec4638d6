"""A chart draws every row of its table, and nothing that is in no row."""

import pytest
from pydantic import ValidationError

from tests.viz.charts import chart, row, with_ground
from viz.chart import Box, Chart


def test_every_row_is_drawn_on_both_grounds() -> None:
    whole = with_ground(chart(row("a"), row("b")))
    assert Chart.model_validate(whole.model_dump()) == whole


@pytest.mark.parametrize("shapes", [(), (Box(row="b", x=0, y=0, width=1, height=1),)])
def test_a_chart_that_draws_other_than_it_tells_cannot_be_made(shapes: tuple[Box, ...]) -> None:
    with pytest.raises(ValidationError, match="what is drawn is not what the table tells"):
        chart(row("a"), shapes=shapes)


@pytest.mark.parametrize("rows", [(row("a"), row("a")), (row("a", "one", "two"),), (row("a"), row("b", "one", "two"))])
def test_rows_are_told_apart_and_fill_the_columns(rows: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError, match="two rows have the same id"):
        chart(*rows)  # type: ignore[arg-type]


def test_numbers_are_kept_to_a_tenth() -> None:
    assert Box(x=1.26, y=-0.01, width=1, height=1).model_dump()["x"] == 1.3
    assert str(Box(x=0, y=-0.01, width=1, height=1).y) == "0.0"
