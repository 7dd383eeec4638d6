"""Gaps on the network of `conftest.py`; expected values by hand (the ties are in test_connectors.py).

Eight ties, degrees: ann 2, bob 2, council 3, hub 3, trust 2, firm 3, college 1, library 0. ann is public by her post
and bob a funder by his, so the degrees of the groups sum to: academia 1, business 3, community 3, funder 4, public 5.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.model import Audience, Source
from graph.questions import ask
from graph.settings import read_settings
from graph.store import Store, open_store
from graph.store.records import Batch
from tests.graph.actor_reference import node, relationship


def gaps(store: Store, audience: Audience = Audience.private, **values: Any) -> Any:
    return ask(store, "gaps", {"permutations": 99, **values}, audience=audience)


def test_every_pair_of_groups(store: Store) -> None:
    answer = gaps(store)
    names = [one.group for one in answer.groups]
    assert names == ["academia", "business", "community", "funder", "public"]
    assert [(cell.a, cell.b) for cell in answer.cells] == [(a, b) for a in names for b in names[names.index(a) :]]
    cells = {(cell.a, cell.b): (cell.observed, cell.expected, cell.ratio) for cell in answer.cells}
    assert cells["public", "public"] == (1, 3 * 2 / 16, round(16 / 6, 9))
    assert cells["funder", "public"] == (1, 4 * 5 / 16, 0.8)
    assert cells["business", "funder"] == (0, 12 / 16, 0.0)
    assert cells["business", "business"] == (0, 0.0, None)
    assert cells["academia", "business"] == (1, 3 / 16, round(16 / 3, 9))
    assert sum(cell.observed for cell in answer.cells) == 8
    assert not any(cell.withheld for cell in answer.cells)


def test_groups_and_how_far_their_ties_lead_out(store: Store) -> None:
    """public: ann–council inside; council–hub, council–firm, ann–bob out. Expected 6/16 inside, 5 × 11/16 out."""
    public = gaps(store).groups[-1]
    assert (public.group, public.members, public.e_i_index) == ("public", 3, 0.5)
    assert public.e_i_expected == round((55 - 6) / (55 + 6), 9)


def test_small_groups_are_not_told_to_the_public(store: Store) -> None:
    answer = gaps(store, Audience.public)
    assert [(one.group, one.members) for one in answer.groups if one.members] == [("public", 3)]
    assert [(cell.a, cell.b) for cell in answer.cells if not cell.withheld] == [("public", "public")]
    assert {(cell.observed, cell.expected, cell.ratio, cell.p_value) for cell in answer.cells if cell.withheld} == {
        (None, None, None, None)
    }
    assert any("4 groups of fewer than 3" in note for note in answer.meta.notes)


def test_the_sentence_is_about_the_clearest_gap(tmp_path: Path) -> None:
    """Six public and six business actors, each tied to all of its own kind alone: 30 ties, each of degree 5.

    Between the two 30 × 30/60 = 15 would be expected, and none is there.
    """
    nodes = [node(f"{letter}{number}", sector=sector) for letter, sector in (("p", "public"), ("b", "business"))
             for number in range(6)]  # fmt: skip
    ties = [relationship(one.id, "KNOWS", other.id) for one in nodes for other in nodes
            if one.id < other.id and one.sector == other.sector]  # fmt: skip
    with open_store(str(tmp_path / "apart.db"), read_settings()) as store:
        store.apply(Batch([Source(id="s", title="S")], nodes, ties), by="test")
        answer = gaps(store, permutations=999)
    cell = answer.cells[1]
    assert (cell.observed, cell.expected, cell.p_value) == (0, 15.0, pytest.approx(0.003, abs=0.003))
    assert answer.sentence.startswith(
        "Business and public have no tie with each other where chance would make about 15.0; so few come about in "
        "less than 1%"
    )


def test_without_a_clear_gap_the_sentence_says_so(store: Store) -> None:
    assert gaps(store).sentence == (
        "No two groups have clearly fewer ties with each other than chance would give them."
    )


@pytest.mark.parametrize(
    ("values", "groups", "note"),
    [
        ({"group_by": "colour"}, [], "Actors have no attributes; group by sector"),
        ({"group_by": "place"}, ["mill", "town"], "4 actors without a stated group by 'place' count in no cell."),
        ({"group_by": "funder"}, [], "No actor has a stated group by 'funder'"),
        ({"actors": ["fund"]}, [], ""),
        ({"type": ["LOCATED_IN"]}, ["academia", "business", "community", "funder", "public"], "No two actors are tied"),
        (
            {"group_by": "community", "type": ["LOCATED_IN"], "actors": ["person"]},
            ["community:ann", "community:bob"],
            "",
        ),
    ],
)
def test_odd_groups(store: Store, values: dict[str, Any], groups: list[str], note: str) -> None:
    answer = gaps(store, **values)
    assert [one.group for one in answer.groups] == groups
    assert any(note in one for one in ("", *answer.meta.notes))
    assert answer.meta.cut is None


def test_too_many_groups_are_cut_to_the_largest(tmp_path: Path) -> None:
    """120 places of one actor each, and one of two: of 121 groups 100 are told, the largest among them."""
    nodes = [node(f"a{number:03d}", attributes={"town": f"t{min(number, 120):03d}"}) for number in range(122)]
    with open_store(str(tmp_path / "many.db"), read_settings()) as store:
        store.apply(Batch([Source(id="s", title="S")], nodes, []), by="test")
        answer = gaps(store, group_by="town", permutations=1)
        notes = gaps(store, group_by="colour", permutations=1).meta.notes
    assert (answer.meta.cut.limit, answer.meta.cut.kept, answer.meta.cut.of) == ("groups", 100, 121)
    assert [one.group for one in answer.groups] == [*(f"t{number:03d}" for number in range(99)), "t120"]
    assert any(note.startswith("Actors have the attributes town; group by") for note in notes)


@pytest.mark.parametrize("values", [{"permutations": 0}, {"permutations": 10_001}, {"group_by": ""}])
def test_bad_input(store: Store, values: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        gaps(store, **values)
