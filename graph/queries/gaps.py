"""Where groups have fewer ties with each other than chance would give them, and where more.

For every two groups the answer holds the ties observed and those expected if each actor kept its number of ties
and chance chose with whom. The p-value says how often as extreme a number comes about when actors swap their
groups at random. Actors without a stated group count in no cell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph
from graph.answers import Cut, Part, QuestionAnswer
from graph.contacts import ActorParameters, contacts
from graph.measures.mixing import Mixing, mixing
from graph.model import Audience
from graph.questions import empty_meta
from graph.ties import DECIMALS
from graph.undefined import OF_GAPS, note_undefined
from graph.view import View
from graph.wording import capitalised, counted, group_names, percent

MOST_GROUPS = 100
MOST_PERMUTATIONS = 10_000
FEWEST_SHOWN = 3
CLEAR = 0.05
ATTRIBUTES_NAMED = 10


class Parameters(ActorParameters):
    """How often groups are shuffled."""

    permutations: int = Field(
        1000, ge=1, le=MOST_PERMUTATIONS, description="Shuffles of the groups that the p-value is counted from."
    )


class Cell(Part):
    """Two groups, or a group with itself; `a` before `b`."""

    a: str = Field(description="The one group.", examples=["business"])
    b: str = Field(description="The other; the same for the ties inside a group.", examples=["public"])
    observed: int | None = Field(description="Ties between the two.")
    expected: float | None = Field(description="Ties that chance would make, by the degrees of all.")
    ratio: float | None = Field(description="Observed ÷ expected; null where nothing is expected.")
    p_value: float | None = Field(description="Share of shuffles at least as extreme, the network itself included.")
    withheld: bool = Field(description="Whether the numbers are null because a group is too small to be told of.")


class GroupOfActors(Part):
    """One group and how far its ties lead out of it."""

    group: str = Field(description="Its name or id.", examples=["public"])
    members: int | None = Field(description="How many actors are in it.")
    e_i_index: float | None = Field(description="From −1, all ties inside, to 1, all ties to other groups.")
    e_i_expected: float | None = Field(description="The same for the ties that chance would make.")


class Answer(QuestionAnswer):
    """All pairs of groups, and the groups, by name."""

    sentence: str = Field(description="The clearest gap, as a person would say it.")
    cells: tuple[Cell, ...]
    groups: tuple[GroupOfActors, ...]


def answer(view: View, parameters: Parameters) -> Answer:
    """Count ties between all groups and compare them with chance."""
    graph = contacts(view, parameters)
    chosen = _chosen(view, graph)
    found = mixing(graph, chosen, permutations=parameters.permutations, seed=parameters.seed)
    labels = [graph.groups.labels[group] for group in chosen]
    hidden = [view.lens.audience is Audience.public and size < FEWEST_SHOWN for size in found.members.tolist()]
    cells = tuple(
        _cell(found, labels, (a, b), withheld=hidden[a] or hidden[b])
        for a in range(len(labels))
        for b in range(a, len(labels))
    )
    groups = tuple(_group(found, labels[a], a, withheld=hidden[a]) for a in range(len(labels)))
    _note(view, graph, hidden)
    note_undefined(view, [*(cell for cell in cells if not cell.withheld), *_shown(groups, hidden)], OF_GAPS)
    return Answer(meta=empty_meta("gaps"), sentence=_sentence(view, graph, cells), cells=cells, groups=groups)


def _chosen(view: View, graph: ActorGraph) -> tuple[int, ...]:
    """The groups that are told, by name: all, or the largest where there are too many to tell every pair."""
    sizes = np.asarray(graph.groups.members.sum(axis=0)).ravel()
    if len(sizes) > MOST_GROUPS:
        view.cut = Cut(limit="groups", kept=MOST_GROUPS, of=len(sizes))
    return tuple(sorted(np.lexsort((np.arange(len(sizes)), -sizes))[:MOST_GROUPS].tolist()))


def _cell(found: Mixing, labels: list[str], pair: tuple[int, int], *, withheld: bool) -> Cell:
    ends = {"a": labels[pair[0]], "b": labels[pair[1]]}
    if withheld:
        return Cell(**ends, observed=None, expected=None, ratio=None, p_value=None, withheld=True)
    observed, expected = int(found.observed[pair]), float(found.expected[pair])
    ratio = round(observed / expected, DECIMALS) if expected else None
    p_value = float(found.p_values[pair])
    return Cell(**ends, observed=observed, expected=expected, ratio=ratio, p_value=p_value, withheld=False)


def _group(found: Mixing, label: str, place: int, *, withheld: bool) -> GroupOfActors:
    if withheld:
        return GroupOfActors(group=label, members=None, e_i_index=None, e_i_expected=None)
    index, expected = found.e_i_index[place], found.e_i_expected[place]
    return GroupOfActors(group=label, members=int(found.members[place]), e_i_index=index, e_i_expected=expected)


def _shown(groups: Sequence[GroupOfActors], hidden: Sequence[bool]) -> list[GroupOfActors]:
    return [group for group, is_hidden in zip(groups, hidden, strict=True) if not is_hidden]


def _note(view: View, graph: ActorGraph, hidden: list[bool]) -> None:
    unstated = len(graph) - int(np.count_nonzero(graph.groups.stated))
    if len(graph) and unstated == len(graph):
        view.note(f"No actor has a stated group by {graph.options.group_by!r}, so there is nothing to compare.")
        names = sorted({name for body in view.bodies(graph.ids).values() for name in body.attributes})
        known = f"the attributes {', '.join(names[:ATTRIBUTES_NAMED])}" if names else "no attributes"
        view.note(f"Actors have {known}; group by sector, place, theme, community, funder or an attribute.")
    elif unstated:
        view.note(
            f"{counted(unstated, 'actor')} without a stated group by {graph.options.group_by!r} count in no cell."
        )
    if len(graph) and not graph.matrix.nnz:
        view.note("No two actors are tied, so nothing is expected.")
    if any(hidden):
        view.note(
            f"{counted(sum(hidden), 'group')} of fewer than {FEWEST_SHOWN} actors: the numbers are withheld, so that"
            " nobody is recognised by them."
        )


def _sentence(view: View, graph: ActorGraph, cells: tuple[Cell, ...]) -> str:
    """The clearest gap: the least p-value, then ratio, then names."""
    clear = [
        (cell.p_value, cell.ratio or 0.0, cell)
        for cell in cells
        if cell.a != cell.b and cell.p_value is not None and cell.p_value <= CLEAR
        and cell.observed is not None and cell.expected is not None and cell.observed < cell.expected
    ]  # fmt: skip
    if not clear:
        return "No two groups have clearly fewer ties with each other than chance would give them."
    p_value, _, cell = min(clear, key=lambda entry: (*entry[:2], entry[2].a, entry[2].b))
    names = group_names(view, graph)
    return capitalised(
        f"{names[cell.a]} and {names[cell.b]} have {counted(cell.observed or 0, 'tie')} with each other where chance"
        f" would make about {cell.expected:.1f}; so few come about in {percent(p_value)} of random shuffles."
    )
