"""`cogs record`: what is written, what is said, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph.store import open_store
from graph.store.records import Batch
from tests.api.commands.conftest import Cogs
from tests.graph.actor_reference import relationship


@pytest.fixture
def network(lines: Path, tmp_path: Path, cogs: Cogs) -> Path:
    """The small network, and a tie by which Birch Trust knows both Ash Council and Cedar."""
    file = tmp_path / "network.db"
    cogs("load", lines, "--store", file)
    with open_store(str(file)) as store:
        made = relationship("birch", "PARTNERS_WITH", "ash").model_copy(
            update={"evidence": store.get(["ash"])["ash"].evidence}
        )
        store.apply(Batch(relationships=[made]), by="test")
    return file


def test_an_introduction_is_recorded_once(network: Path, cogs: Cogs) -> None:
    words = ("record", "introduction", "--a", "ash", "--b", "cedar", "--introducer", "Birch Trust", "--outcome")
    first = cogs(*words, "declined", "--by", "Clerk", "--store", network)
    said = "The introduction of Ash Council and Cedar [bold]Café[/bold] :smile: by Birch Trust was declined."
    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines() == [said, f"Written to {network}."]
    assert cogs(*words, "declined", "--by", "Clerk", "--store", network).out.endswith(
        f"All was in {network} already.\n"
    )
    again = json.loads(cogs(*words, "made", "--store", network, "--json").out)
    assert (again["changed"], len(again["relationships"])) == (2, 2)
    with open_store(str(network)) as store:
        assert "Clerk" in {change.by for change in store.changes(limit=100)}


def test_consent_takes_a_node_and_yes_or_no(network: Path, cogs: Cogs) -> None:
    done = cogs("record", "consent", "birch", "--no-introductions", "--store", network)
    assert done.out.splitlines()[0] == "Birch Trust is not to be introduced to others."
    refused = cogs(
        "record", "introduction", "--a", "ash", "--b", "cedar", "--introducer", "birch", "--outcome", "suggested",
        "--store", network,
    )  # fmt: skip
    assert (refused.code, refused.err) == (
        1, "Error: Birch Trust has asked not to be introduced. Suggest others.\n"
    )  # fmt: skip
    assert cogs("record", "consent", "birch", "--introductions", "--store", network).code == 0


def test_an_insight_takes_its_text_and_is_found_again(network: Path, cogs: Cogs) -> None:
    done = cogs(
        "record", "insight", "Small steps work", "--sort", "carry forward", "--said-by", "dora", "--about", "Ashton",
        "--about", "birch", "--store", network,
    )  # fmt: skip
    assert done.out.startswith("“Small steps work” (carry forward) is recorded, voiced by Dora Elm.\n")
    told = cogs("query", "learning", "--place", "Ashton", "--store", network)
    assert "Small steps work" in told.out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("record", "wish"), 2, "There is no record called “wish”. Choose one of: introduction, consent, insight."),
        (("record", "insight", "x", "--sort", "hope"), 2, "sort is wrong"),
        (("record", "insight", "x"), 2, "Missing option '--sort'"),
        (("record", "consent", "nobody", "--introductions"), 1, "There is no node called “nobody”."),
        (("record", "consent", "ash"), 2, "introductions"),
    ],
)
def test_wrong_usage(network: Path, cogs: Cogs, words: tuple[str, ...], code: int, message: str) -> None:
    done = cogs(*words, *(("--store", str(network)) if len(words) > 2 else ()))
    assert (done.code, done.out) == (code, "")
    assert message in done.err


def test_a_network_that_is_not_there_is_not_made(tmp_path: Path, cogs: Cogs) -> None:
    done = cogs("record", "consent", "ash", "--introductions", "--store", tmp_path / "none.db")
    assert (done.code, list(tmp_path.iterdir())) == (1, [])
