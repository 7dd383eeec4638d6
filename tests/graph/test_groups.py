"""Groups of actors: who is alike and who differs, as plain sets say it, with few groups and with many."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.groups import Groups

ACTORS = 6
ODD = (0, 1, 62, 63, 64, 126, 127, 199)  # numbers that meet in a remainder or stand at an end of a word
LABELS = st.lists(st.sets(st.sampled_from([f"g{n:03}" for n in ODD]), max_size=3), min_size=ACTORS, max_size=ACTORS)


@settings(max_examples=200)
@given(LABELS, st.booleans())
def test_alike_and_differ_as_sets_say(labels: list[set[str]], many: bool) -> None:
    crowd = [{f"g{n:03}" for n in range(200)}] if many else []  # one actor in every group makes 200 of them
    groups = Groups.of_labels([*labels, *crowd])
    u, v = (ends.ravel() for ends in np.indices((ACTORS, ACTORS)))
    pairs = list(zip(u.tolist(), v.tolist(), strict=True))
    assert groups.alike(u, v).tolist() == [bool(labels[one] & labels[other]) for one, other in pairs]
    assert groups.differ(u, v).tolist() == [
        bool(labels[one]) and bool(labels[other]) and not labels[one] & labels[other] for one, other in pairs
    ]
