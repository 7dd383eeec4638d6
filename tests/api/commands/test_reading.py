"""Search, show, check and map on the command line."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from tests.api.commands.conftest import LINES, Cogs


def rows(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_search_says_why_each_node_matched(cogs: Cogs, network: Path) -> None:
    done = cogs("search", "council ash")
    assert (done.code, done.err) == (0, "")
    assert "1 Ash Council organisation Words of its name begin so. ash" in rows(done.out)
    assert rows(cogs("search", "cedr cafe").out)[2].startswith(
        "1 Cedar [bold]Café[/bold] :smile: organisation One typing"
    )


def test_search_takes_the_lens_and_a_limit(cogs: Cogs, network: Path) -> None:
    assert [line.split()[-1] for line in cogs("search", "ash", "--kind", "place").out.splitlines()[2:]] == ["ashton"]
    assert "2 nodes match; --limit shows more." in cogs("search", "ash", "--limit", "1").out
    nothing = cogs("search", "zebra")
    assert (nothing.code, nothing.out) == (0, "Nothing matches “zebra”.\n")


def test_search_for_programs_is_what_the_service_answers(cogs: Cogs, network: Path) -> None:
    answer = json.loads(cogs("search", "ash", "--limit", "1", "--json").out)
    assert [one["id"] for one in answer["items"]] == ["ash"]
    address, query = answer["next"].split("?")
    assert address == "/v1/search"
    assert {**parse_qs(query), "cursor": None} == {"q": ["ash"], "limit": ["1"], "cursor": None}


def test_show_tells_a_node_by_id_name_alias_or_identifier(cogs: Cogs, network: Path) -> None:
    shown = cogs("show", "ash").out
    assert all(cogs("show", text).out == shown for text in ("ash council", "The Council of Ash", "GB-LAE:ASH"))
    assert shown.splitlines() == [
        "Ash Council",
        "council, organisation, public sector; id ash",
        "  Also called: The Council of Ash",
        "  Identifiers: GB-LAE:ASH",
        "  Evidence: [1: page 1]",
        "",
        "Funds (2)",
        "  • Ash Council funds Birch Trust, 2019, £40,000 [1: page 3]",
        "  • Ash Council funds Birch Trust, 2020, £5,000 [1: page 4]",
        "",
        "Is in (1)",
        "  • Ash Council is in Ashton [2]",
        "",
        "Employs (1)",
        "  • Ash Council employs Dora Elm (clerk) [1: page 2]",
        "",
        "Sources",
        "  [1] Minutes of the council, Council, 2020-01",
        "  [2] A survey",
    ]


def test_show_keeps_to_its_limit_and_says_so(cogs: Cogs, network: Path) -> None:
    assert "Funds (the first 1)" in cogs("show", "ash", "--limit", "1").out


def test_show_keeps_to_the_audience(cogs: Cogs, network: Path) -> None:
    assert "Sam Secret" in cogs("show", "birch").out
    assert "Secret" not in cogs("show", "birch", "--audience", "public").out


def test_show_for_programs_is_what_the_service_answers(cogs: Cogs, network: Path) -> None:
    answer = json.loads(cogs("show", "Ash Council", "--json").out)
    assert (answer["id"], answer["counts"]) == ("ash", {"FUNDS": 2, "LOCATED_IN": 1, "WORKS_FOR": 1})


def test_check_tells_numbers_and_settings_but_no_password(
    cogs: Cogs, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COGS_NEO4J_PASSWORD", "hunter2")
    done, answer = cogs("check"), json.loads(cogs("check", "--json").out)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("All is well.\n")
    assert "FUNDS 2, LOCATED_IN 1" in done.out
    assert f"COGS_STORE = {network}" in done.out
    assert (answer["findings"], answer["nodes"], answer["relationships"]) == ([], 8, 6)
    assert "hunter2" not in done.out + json.dumps(answer)
    assert answer["settings"]["COGS_NEO4J_PASSWORD"] == "set"


def test_check_finds_rows_that_were_changed_behind_the_back_of_the_store(cogs: Cogs, tmp_path: Path) -> None:
    lines, store = tmp_path / "lines.jsonl", tmp_path / "s.db"
    lines.write_text(LINES, encoding="utf-8")
    cogs("load", lines, "--store", store)
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE nodes SET body = replace(body, 'Dora', 'Nora') WHERE id = 'dora'")
    connection.close()
    done = cogs("check", "--store", store)
    assert done.code == 1
    assert "Rows were changed behind the back of the store" in done.out


@pytest.mark.parametrize("ending", ["html", "svg", "png", "json"])
def test_a_map_is_written_as_its_name_ends(ending: str, cogs: Cogs, network: Path, tmp_path: Path) -> None:
    file = tmp_path / f"map.{ending}"
    done = cogs("map", "ego", "--node", "ash", "-o", file)
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(f"Wrote {file}. ")
    written = file.read_bytes()
    beginnings = {"html": b"<!doctype html>", "svg": b"<svg", "png": b"\x89PNG", "json": b'{"style":"ego"'}
    assert written.startswith(beginnings[ending])
    if ending == "svg":
        assert "Ash Council" in "".join(ET.fromstring(written).itertext())


def test_a_map_on_standard_output_is_a_page_unless_told_otherwise(cogs: Cogs, network: Path) -> None:
    assert cogs("map", "network", "-o", "-").out.startswith("<!doctype html>")
    assert json.loads(cogs("map", "network", "-o", "-", "--form", "json").out)["style"] == "network"


def test_the_styles_are_listed_with_their_options(cogs: Cogs) -> None:
    assert "Map styles:\n  cogs " in cogs("map").out
    assert "--through-groups / --no-through-groups" in cogs("map", "ego", "--help").out
