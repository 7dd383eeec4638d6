"""Percentiles: where a value stands among those of its peers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graph.ties import DECIMALS


def percentiles(values: Sequence[float]) -> list[float]:
    """Say for each value where it stands among all of them: near 0 for the lowest, near 100 for the highest.

    100 × (number below + half the number equal)/n, itself included among the equal. Above 0 and below 100; equal
    values have equal percentiles, a value alone has 50, and without values there is none. The mean is always 50.
    This is the percentile rank of psychometrics (e.g. Crawford, Garthwaite and Slick 2009, The Clinical
    Neuropsychologist 23, 1173).
    """
    counts, below, place = Counter(values), 0, dict[float, float]()
    for value in sorted(counts):
        place[value] = round(100 * (below + counts[value] / 2) / len(values), DECIMALS)
        below += counts[value]
    return [place[value] for value in values]
