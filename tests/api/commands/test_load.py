"""Loads on the command line: a report for people, the contract for programs, the right exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from graph.store import open_store
from loaders import finding
from tests.api.commands.conftest import LINES, Cogs

BAD = '{"node":{"id":"yew","kind":"shrub","name":"Yew","evidence":[{"source":"survey"}]}}\n'


def test_the_report_for_programs_is_the_contract(cogs: Cogs, lines: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(LINES + BAD, encoding="utf-8")
    done = cogs("load", bad, "--store", tmp_path / "s.db", "--json")
    assert (done.code, done.err) == (1, "")
    report = json.loads(done.out)
    assert {name: report[name] for name in ("read", "added", "changed", "unchanged")} == {
        "read": 17,
        "added": 16,
        "changed": 0,
        "unchanged": 0,
    }
    (rejected,) = report["rejected"]
    assert (rejected["file"], rejected["line"], rejected["column"]) == (str(bad), 17, "kind")
    assert rejected["reason"].startswith("'shrub' is not a kind of node. Use one of: event,")


def test_a_second_load_changes_nothing(cogs: Cogs, lines: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    assert "Written to" in cogs("load", lines, "--store", store).out
    again = cogs("load", lines, "--store", store)
    assert again.code == 0
    assert f"All was in {store} already." in again.out


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (LINES, "Nothing changed in {}: what is not rejected was in it before."),
        ("", "Nothing was written: all that was read is rejected."),
    ],
)
def test_rows_that_are_rejected_beside_nothing_new(
    kept: str, said: str, cogs: Cogs, lines: Path, tmp_path: Path
) -> None:
    bad, store = tmp_path / "bad.jsonl", tmp_path / "s.db"
    bad.write_text(kept + BAD, encoding="utf-8")
    cogs("load", lines, "--store", store)
    assert said.format(store) in cogs("load", bad, "--store", store).out


def test_a_preview_writes_nothing_and_makes_no_store(cogs: Cogs, lines: Path, tmp_path: Path) -> None:
    done = cogs("load", lines, "--store", tmp_path / "s.db", "--preview")
    assert done.code == 0
    assert "This was a preview: nothing was written." in done.out
    assert list(tmp_path.iterdir()) == []


def test_a_preview_sees_what_is_there_already(cogs: Cogs, lines: Path, network: Path) -> None:
    report = json.loads(cogs("load", lines, "--preview", "--json").out)
    assert (report["added"], report["unchanged"], report["written"]) == (0, 16, False)


def test_a_strict_load_writes_everything_or_nothing(cogs: Cogs, tmp_path: Path) -> None:
    bad, store = tmp_path / "bad.jsonl", tmp_path / "s.db"
    bad.write_text(LINES + BAD, encoding="utf-8")
    done = cogs("load", bad, "--store", store, "--strict")
    assert done.code == 1
    assert "Nothing was written, because a row was rejected and --strict was given." in done.out
    with open_store(str(store)) as opened:
        assert opened.counts().nodes == 0


def test_rejected_rows_are_told_with_their_place(cogs: Cogs, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(LINES + "".join(BAD.replace("yew", f"yew-{number}") for number in range(60)), encoding="utf-8")
    done = cogs("load", bad, "--store", tmp_path / "s.db")
    assert done.code == 1
    assert f"• {bad}, line 17, kind: 'shrub' is not a kind of node." in done.out
    assert "and 10 more; --json lists all of them." in done.out


def test_the_seed_graph_is_loaded_by_its_word(cogs: Cogs, tmp_path: Path) -> None:
    done = cogs("load", "seeds", "--store", tmp_path / "s.db", "--json")
    assert done.code == 0
    assert json.loads(done.out)["added"] > 400


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_the_seed_tables_are_checked(more: tuple[str, ...], cogs: Cogs) -> None:
    done = cogs("check", "seeds", *more)
    assert (done.code, done.err) == (0, "")
    assert ("rejected" in done.out) or ("Rejected" in done.out)


def test_a_seed_table_that_breaks_a_rule_is_told(cogs: Cogs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = shutil.copytree(finding.SEED_TABLES, tmp_path / "seeds")
    nodes = tables / "nodes.csv"
    text = nodes.read_text(encoding="utf-8")
    nodes.write_text(text.replace("Practice co-founded by Indy Johar.", "", 1), encoding="utf-8")
    monkeypatch.setattr(finding, "SEED_TABLES", tables)
    done = cogs("check", "seeds")
    assert (done.code, done.err) == (1, "")
    assert "1 finding\n" in done.out
    assert "architecture-00: it has no summary." in done.out
