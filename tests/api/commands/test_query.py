"""Questions on the command line: the same bodies as over HTTP, and text that people can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph.lens import Lens
from graph.model import Audience
from graph.questions import ask, question, question_names
from graph.store import open_store
from tests.api.commands.conftest import Cogs

PATHS = ("query", "paths", "--source", "Dora Elm", "--target", "GB-LAE:ASH")


def test_without_a_name_the_questions_are_listed(cogs: Cogs) -> None:
    done = cogs("query")
    assert (done.code, done.err) == (0, "")
    words = " ".join(done.out.split())
    assert all(f"{name} {question(name).help}" in words for name in question_names())


@pytest.mark.parametrize("name", question_names())
def test_every_parameter_of_a_question_is_an_option_with_its_description(name: str, cogs: Cogs) -> None:
    done = cogs("query", name, "--help")
    assert done.code == 0
    asked, words = question(name), " ".join(done.out.split())
    assert asked.help in words
    fields = {**asked.parameters.model_fields, **{field: Lens.model_fields[field] for field in asked.lens_fields}}
    for field, info in fields.items():
        assert f"--{field.replace('_', '-')} " in done.out
        assert (info.description or "").split(",")[0] in words


def test_json_is_the_body_and_a_line_break(cogs: Cogs, network: Path) -> None:
    done = cogs(*PATHS, "--k", "1", "--json", "--no-include-inferred", "--kind", "person", "--kind", "organisation")
    values = {
        "source": "Dora Elm", "target": "GB-LAE:ASH", "k": 1, "include_inferred": False,
        "kind": ["person", "organisation"],
    }  # fmt: skip
    with open_store(str(network)) as store:
        assert done.out == ask(store, "paths", values).model_dump_json() + "\n"
    assert json.loads(done.out)["meta"]["parameters"]["kind"] == ["person", "organisation"]


@pytest.mark.parametrize(("audience", "nodes"), [("public", 4), ("team", 5), (None, 5)])
def test_the_command_sees_everything_unless_told_otherwise(
    audience: str | None, nodes: int, cogs: Cogs, network: Path
) -> None:
    more = ("--audience", audience) if audience else ()
    done = cogs("query", "ego_network", "--node", "birch", "--depth", "2", "--json", *more)
    answer = json.loads(done.out)
    assert len(answer["nodes"]) == nodes + 1  # Ash, Cedar, Dora and Ashton, for some Sam, and Birch itself
    with open_store(str(network)) as store:
        assert answer["meta"]["graph_version"] == store.version(Audience(audience or "private"))


def test_a_hyphen_serves_for_the_underscore_of_a_name(cogs: Cogs, network: Path) -> None:
    asked = ("--node", "ash", "--json")
    assert cogs("query", "ego-network", *asked).out == cogs("query", "ego_network", *asked).out


def test_a_path_is_told_as_sentences_with_their_sources(cogs: Cogs, network: Path) -> None:
    """Two grants of strength 0.3 together: 1 - 0.7 * 0.7 = 0.51; the partnership has 0.6."""
    done = cogs("query", "paths", "--source", "dora", "--target", "cedar")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "Paths (1)",
        "",
        "1. Dora Elm – Ash Council – Birch Trust – Cedar [bold]Café[/bold] :smile: (length 3; weakest 0.51)",
        "   • Dora Elm works for Ash Council (clerk) [1: page 2]",
        "   • Ash Council funds Birch Trust, 2019, £40,000 [1: page 3]",
        "   • Ash Council funds Birch Trust, 2020, £5,000 [1: page 4]",
        "   • Birch Trust works in partnership with Cedar [bold]Café[/bold] :smile: (inferred, confidence 0.5) [2]",
        "",
        "Sources",
        "  [1] Minutes of the council, Council, 2020-01",
        "  [2] A survey",
    ]


def test_that_there_is_no_path_is_an_answer(cogs: Cogs, network: Path) -> None:
    done = cogs("query", "paths", "--source", "dora", "--target", "spring-1", "--longest", "4")
    assert done.code == 0
    assert done.out.splitlines()[:2] == ["Paths: none", "None within: 4"]


def test_nodes_stand_in_a_table_and_what_was_cut_is_said(cogs: Cogs, network: Path) -> None:
    done = cogs("query", "ego_network", "--node", "ash", "--limit", "2")
    assert done.code == 0
    assert "Centre: Ash Council (council, organisation; public sector; Ashton)" in done.out
    rows = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "Name Kind Sector Places Distance Id" in rows
    assert "Ash Council organisation: council public Ashton 0 ash" in rows
    assert "Cut: 2 of 3 are shown." in rows


def test_names_are_no_markup_and_steer_no_terminal(cogs: Cogs, network: Path) -> None:
    assert "Cedar [bold]Café[/bold] :smile:" in cogs("query", "ego_network", "--node", "cedar").out
    assert "\x1b" not in cogs("query", "ego_network", "--node", "cedar").out


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_tables_fit_the_width_there_is(
    columns: str, cogs: Cogs, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    done = cogs("query", "ego_network", "--node", "ash")
    table = done.out[done.out.index("Name") : done.out.index("Relationships")]
    rows = [line for line in table.splitlines() if not line.startswith("Not shown")]
    assert max(map(len, rows)) <= int(columns)
    assert ("Not shown for want of room" in table) == (columns == "40")
