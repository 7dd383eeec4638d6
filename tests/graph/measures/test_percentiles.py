"""Percentiles: by hand, and against the mean of ranks that scipy gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from graph.measures.percentiles import percentiles


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([7.0], [50]),
        ([1, 1], [50, 50]),
        ([3, 1, 2, 4], [62.5, 12.5, 37.5, 87.5]),
        ([0, 0, 0, 5], [37.5, 37.5, 37.5, 87.5]),  # three equal: (0 + 1.5)/4
        ([-1, 2, 2], [16.666666667, 66.666666667, 66.666666667]),
    ],
)
def test_by_hand(values: list[float], expected: list[float]) -> None:
    assert percentiles(values) == expected


@given(st.lists(st.sampled_from([-2.5, 0.0, 0.1, 1.0, 100.0])))
def test_as_mean_ranks_say(values: list[float]) -> None:
    # The mean rank of equal values is below + (equal + 1)/2.
    expected = [100 * (rank - 0.5) / len(values) for rank in rankdata(values)]
    assert percentiles(values) == pytest.approx(expected, abs=1e-8)
