"""Merging, undoing a merge, and forgetting, on both stores."""

import pytest

from graph.errors import CogsError, Conflict, Forgotten, InputError, Merged, NotFound
from graph.model import Audience, Evidence
from graph.store.base import Store
from graph.store.records import Batch
from tests.contract.networks import EVIDENCE, ids, lens, node, state, tie


def test_a_merge_gathers_names_relationships_and_evidence(filled: Store) -> None:
    filled.merge("mill", "bureau", by="clerk")
    merged = filled.get(["mill", "bureau"])
    assert list(merged) == ["bureau"]
    assert merged["bureau"].aliases == ("The Advice Bureau", "Mill")
    assert (merged["bureau"].sector, merged["bureau"].start, merged["bureau"].end) == ("community", "1860", "1990-06")
    assert filled.merged_into(["mill", "bureau"]) == {"mill": "bureau"}
    assert ids(filled.find("mill")) == ["bureau"]
    assert filled.check() == []


def test_a_merge_moves_relationships_also_those_between_the_two(filled: Store) -> None:
    filled.merge("council", "bureau", by="clerk")
    ends = {one.id: (one.source, one.target) for one in filled.relationships()}
    assert {id: ends[id] for id in ("8", "9", "11", "2", "7")} == {
        "8": ("bureau", "bureau"), "9": ("bureau", "bureau"), "11": ("bureau", "bureau"),
        "2": ("bureau", "town"), "7": ("bob", "bureau"),
    }  # fmt: skip
    assert filled.counts(around="bureau").relationships == 9
    assert filled.check() == []


@pytest.mark.parametrize("edit", [False, True])
def test_a_merge_can_be_undone(filled: Store, *, edit: bool) -> None:
    before = state(filled)
    filled.merge("council", "bureau", by="clerk")
    assert state(filled) != before
    if edit:
        current = filled.get(["bureau"])["bureau"]
        filled.apply(Batch(nodes=[current.model_copy(update={"url": "https://example.org"})]), by="clerk")
    filled.unmerge("council", by="clerk")
    if edit:
        assert filled.get(["bureau"])["bureau"].url == "https://example.org"
        filled.apply(Batch(nodes=[filled.get(["bureau"])["bureau"].model_copy(update={"url": None})]), by="clerk")
    assert state(filled) == before
    assert filled.merged_into(["council"]) == {}
    assert filled.check() == []


def test_a_hidden_merge_stays_hidden_when_the_survivor_is_shown(filled: Store) -> None:
    filled.apply(Batch(nodes=[node(id, audience="team") for id in ("gone", "into")]), by="clerk")
    filled.merge("gone", "into", by="clerk")
    shown = filled.get(["into"])["into"].model_copy(update={"audience": None})
    filled.apply(Batch(nodes=[shown]), by="clerk")
    assert filled.merged_into(["gone"], Audience.team) == {"gone": "into"}
    assert filled.merged_into(["gone"], Audience.public) == {}


def test_merging_and_undoing_again_change_nothing(filled: Store) -> None:
    for _ in range(2):
        filled.merge("mill", "bureau", by="clerk")
    entries = len(filled.changes())
    for _ in range(2):
        filled.unmerge("mill", by="clerk")
    assert (entries, len(filled.changes())) == (25 + 2, 25 + 4)


def test_merges_of_merges_lead_to_the_survivor(filled: Store) -> None:
    filled.merge("mill", "council", by="clerk")
    filled.merge("council", "bureau", by="clerk")
    assert filled.merged_into(["mill", "council"]) == {"mill": "bureau", "council": "bureau"}
    with pytest.raises(Conflict, match="merged into 'bureau' later"):
        filled.unmerge("mill", by="clerk")
    filled.unmerge("council", by="clerk")
    filled.unmerge("mill", by="clerk")
    assert "mill" in filled.get(["mill"])


@pytest.mark.parametrize(
    ("gone", "into", "error"),
    [
        ("mill", "mill", InputError),
        ("nobody", "mill", NotFound),
        ("mill", "nobody", NotFound),
        ("mill", "bob", Conflict),  # of different kinds
        ("mill", "bank", Conflict),  # of different audiences
    ],
)
def test_merges_that_are_refused(filled: Store, gone: str, into: str, error: type[CogsError]) -> None:
    before = state(filled)
    with pytest.raises(error) as caught:
        filled.merge(gone, into, by="clerk")
    assert caught.value.fix
    assert state(filled) == before


def test_what_was_merged_is_not_written_to(filled: Store) -> None:
    filled.merge("mill", "bureau", by="clerk")
    with pytest.raises(Merged) as caught:
        filled.apply(Batch(nodes=[node("mill")]), by="clerk")
    assert caught.value.details["into"] == "bureau"
    with pytest.raises(Merged):
        filled.apply(Batch(relationships=[tie("30", "FUNDS", "council", "mill")]), by="clerk")
    with pytest.raises(Conflict, match="already merged"):
        filled.merge("mill", "council", by="clerk")
    with pytest.raises(NotFound):
        filled.unmerge("nobody", by="clerk")


def test_forgetting_takes_out_and_keeps_out(filled: Store) -> None:
    forgetting = filled.forget("ann", by="clerk")
    assert (forgetting.id, forgetting.relationships) == ("ann", 1)
    assert (filled.get(["ann"]), filled.get_relationships(["6"]), filled.find("ann lee")) == ({}, {}, [])
    assert "lee" not in filled.name_words()
    assert [filled.is_forgotten("ann", level) for level in Audience] == [False, True, True, True]
    assert not filled.is_forgotten("bob")
    for again in (node("ann", "person", "Other"), node("a2", "person", "ANN  LEE")):
        with pytest.raises(Forgotten):
            filled.apply(Batch(nodes=[again]), by="clerk")
        assert filled.forgotten([again, node("bob", "person")]) == {again.id}
    filled.apply(Batch(nodes=[node("lee", "organisation", "Ann Lee")]), by="clerk")  # of another kind
    assert filled.check() == []


def test_forgetting_takes_what_was_merged_along(filled: Store) -> None:
    identifiers = [{"scheme": "X-P", "value": "1"}]
    filled.apply(Batch(nodes=[node("anna", "person", "Anna", audience="network", identifiers=identifiers)]), by="clerk")
    filled.merge("anna", "ann", by="clerk")
    filled.forget("ann", by="clerk")
    assert filled.merged_into(["anna"]) == {}
    for again in (
        node("anna", "person", "X"),
        node("x", "person", "Anna"),
        node("y", "person", identifiers=identifiers),
    ):
        with pytest.raises(Forgotten):
            filled.apply(Batch(nodes=[again]), by="clerk")
    assert filled.check() == []


def test_the_log_forgets_as_well(filled: Store) -> None:
    filled.apply(Batch(nodes=[node("ann", "person", "Ann Lee-Moss", audience="network")]), by="clerk")
    filled.forget("ann", by="registrar")
    log = filled.changes(limit=500)
    assert not [entry for entry in log if entry.id in ("ann", "6") or "Lee" in (entry.previous or "")]
    assert [(entry.action, entry.by) for entry in log[-2:]] == [("removed", "registrar"), ("forgotten", "registrar")]
    assert len({entry.id for entry in log if entry.thing == "node" and len(entry.id) == 16}) == 1
    assert filled.check() == []


def test_words_that_others_share_stay(filled: Store) -> None:
    filled.apply(Batch(nodes=[node("ann-2", "person", "Ann Other")]), by="clerk")
    filled.forget("ann", by="clerk")
    assert {"ann", "other"} <= set(filled.name_words())
    assert ids(filled.nodes(lens(kind=["person"]))) == ["ann-2", "bob"]


def test_who_is_not_there_cannot_be_forgotten(filled: Store) -> None:
    with pytest.raises(NotFound):
        filled.forget("nobody", by="clerk")
    filled.forget("ann", by="clerk")
    with pytest.raises(NotFound):
        filled.forget("ann", by="clerk")


def test_none_of_several_versions_brings_back_the_forgotten(filled: Store) -> None:
    filled.forget("ann", by="clerk")
    with pytest.raises(Forgotten):
        filled.apply(Batch(nodes=[node("new", "person", "Ann Lee"), node("new", "person", "Other")]), by="clerk")
    two = [node("x", "person", "Ann Lee"), node("y", "person", "Ann Lee")]
    assert filled.forgotten(two) == {"x", "y"}


def test_undoing_a_merge_keeps_evidence_and_levels_right(filled: Store) -> None:
    filled.apply(Batch(nodes=[node("mill", evidence=[{"source": "annals"}])]), by="clerk")
    filled.merge("mill", "bureau", by="clerk")
    only = filled.get(["bureau"])["bureau"].model_copy(update={"evidence": (Evidence(source="annals"),)})
    filled.apply(Batch(nodes=[only]), by="clerk")
    filled.unmerge("mill", by="clerk")
    assert filled.get(["bureau"])["bureau"].evidence == EVIDENCE
    filled.merge("council", "bureau", by="clerk")
    filled.apply(Batch(relationships=[tie("11", "FUNDS", "bank", "bureau")]), by="clerk")  # of the team, for a while
    filled.unmerge("council", by="clerk")
    assert filled.get_relationships(["11"], lens(audience="public"))["11"].target == "council"
    assert filled.check() == []
