"""The shifts: from what to what, and who calls for each.

A shift is a theme of that subkind, named for its two ends. Those who call for shifts stand in the middle; shifts with
the same callers stand together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from pydantic import Field

from graph.answers import QuestionParameters
from graph.view import View
from graph.wording import are, counted
from viz.columns import column, drawn, ends_of, placed, sides, themes
from viz.network_map import NetworkMap
from viz.sketch import Words

CALLS = ("CALLS_FOR", "PROMOTES")
SHIFT = "shift"
OUTER = 300.0


class Parameters(QuestionParameters):
    """How many shifts are drawn."""

    limit: int = Field(60, ge=1, le=300, description="Most shifts, those with most callers first.")


def draw(view: View, parameters: Parameters) -> NetworkMap:
    """The map of shifts and their callers."""
    shifts = [id for id, theme in themes(view).items() if theme.subkind == SHIFT]
    calls = _calls(view, shifts)
    order = sorted(shifts, key=lambda id: (-len(calls.get(id, ())), id))[: parameters.limit]
    callers = sorted({caller for shift in order for caller in calls.get(shift, ())})
    left = len(shifts) - len(order)
    cut = f"{left:,} of {len(shifts):,} shifts {are(left)} left out; `limit` draws more." if left else None
    nodes = np.array(sorted(view.number(id) for id in {*order, *callers}), np.int64)
    among = np.array(sorted(one for shift in order for some in calls.get(shift, {}).values() for one in some), np.int64)
    unplaced = drawn(view, nodes, among, _words(len(order), len(callers)), cut=cut)
    told = {node.id: node for node in unplaced.nodes}
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for shift in sorted(order, key=lambda id: (told[id].name.casefold(), id)):
        alike[tuple(sorted(calls.get(shift, ())))].append(shift)
    branches = [[told[shift] for shift in alike[some]] for some in sorted(alike)]
    left_side, right_side = sides([[node] for branch in branches for node in branch])
    places = column([[node for branch in left_side for node in branch]], -OUTER)
    places |= column([[node for branch in right_side for node in branch]], OUTER)
    heights = {caller: [places[shift][1] for shift in order if caller in calls.get(shift, ())] for caller in callers}
    callers.sort(key=lambda caller: (sum(heights[caller]) / len(heights[caller]), caller))
    places |= column([[told[caller]] for caller in callers], 0.0)
    called = ((one, depth) for caller in callers for one, depth in _called(caller, order, calls))
    return placed(unplaced, places, callers, column=[*called, *((shift, 1) for shift in order)])


def _called(
    caller: str, shifts: Sequence[str], calls: Mapping[str, Mapping[str, list[int]]]
) -> Iterator[tuple[str, int]]:
    """A caller, then the shifts it calls for."""
    yield caller, 0
    yield from ((shift, 1) for shift in shifts if caller in calls.get(shift, ()))


def _calls(view: View, shifts: list[str]) -> Mapping[str, Mapping[str, list[int]]]:
    """Numbers of the relationships that call for each shift, by shift and caller."""
    wanted = set(shifts)
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for caller, shift, number in ends_of(view, CALLS):
        if shift in wanted:
            found[shift][caller].append(number)
    return found


def _words(shifts: int, callers: int) -> Words:
    them = "it" if shifts == 1 else "them"
    said = f"{counted(shifts, 'shift')}, with {callers} who {'calls' if callers == 1 else 'call'} for {them}."
    return Words(
        style="shifts",
        title="Shifts",
        summary=said if shifts else "No shift from one way of working to another is known here.",
        description="Those who call for shifts stand in the middle; shifts with the same callers stand together.",
        address="/v1/maps/shifts",
        command="cogs map shifts -o shifts.html",
    )
