"""Wrong input: one clear line on standard error, the right exit code, nothing on standard output."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.api.commands.conftest import Cogs

PATHS = ("query", "paths", "--source", "ash")
EGO = ("query", "ego_network", "--node", "ash")
TABLE: list[tuple[tuple[str, ...], int, str]] = [
    # Words that do not exist.
    (
        ("qury",),
        2,
        "no command called “qury”. Choose one of: check, copy, export, load, map, query, record, search, serve, show.",
    ),
    (("query", "pahts"), 2, "no question called “pahts”. Choose one of: "),
    (("map", "circle", "-o", "a.html"), 2, "no map style called “circle”. Choose one of: "),
    (("--nope",), 2, "No such option: --nope"),
    (("query", "--nope"), 2, "No such option: --nope"),
    ((*EGO, "--nope"), 2, "No such option: --nope"),
    ((*EGO, "--colour", "red"), 2, "No such option: --colour"),
    (("export", "-f", "xlsx2", "-o", "-"), 2, "no format called 'xlsx2'. Use one of: csv,"),
    (("load", "{lines}", "--loader", "word"), 2, "no loader called 'word'. Use one of: "),
    (("check", "everything"), 2, "everything"),
    # What is missing.
    (("query", "ego_network"), 2, "Missing option '--node'"),
    (PATHS, 2, "Missing option '--target'"),
    (("search",), 2, "Missing argument"),
    (("show",), 2, "Missing argument"),
    (("load",), 2, "Missing argument"),
    (("export", "-o", "-"), 2, "Missing option '--format'"),
    (("export", "-f", "csv"), 2, "Missing option '--output'"),
    (("map", "ego", "-o", "a.html"), 2, "Missing option '--node'"),
    (("map", "network"), 2, "Missing option '--output'"),
    ((*EGO, "--depth"), 2, "--depth"),
    # Values that are wrong in themselves.
    ((*EGO, "--depth", "x"), 2, "depth is wrong: 'x' is not a whole number"),
    ((*EGO, "--depth", "1.5"), 2, "depth is wrong: '1.5' is not a whole number"),
    ((*EGO, "--depth", "0"), 2, "depth is wrong: it is less than 1. Give a number of at least 1."),
    ((*EGO, "--depth", "5"), 2, "depth is wrong: it is more than 4. Give a number of at most 4."),
    ((*EGO, "--limit", "-1"), 2, "limit is wrong"),
    ((*EGO, "--limit", "99999999999999999999999"), 2, "limit is wrong"),
    ((*EGO, "--depth", "2", "--at", "yesterday"), 2, "at is wrong"),
    ((*EGO, "--at", "2019-13"), 2, "at is wrong: 2019-13 is not a date of the calendar"),
    ((*EGO, "--since", "2020", "--until", "2019"), 2, "`since` is after `until`"),
    ((*EGO, "--at", "2020", "--since", "2019"), 2, "`at` cannot be combined"),
    ((*EGO, "--min-confidence", "2"), 2, "min_confidence is wrong"),
    ((*EGO, "--min-confidence", "nan"), 2, "min_confidence is wrong"),
    ((*EGO, "--kind", "council"), 2, "'council' is not a kind. Use one of: event, fund,"),
    ((*EGO, "--type", "LIKES"), 2, "'LIKES' is not a type. Use one of: ABOUT,"),
    ((*EGO, "--sector", "private"), 2, "sector is wrong"),
    ((*EGO, "--audience", "everyone"), 2, "'everyone' is not a level of audience. Use one of: public, network, team"),
    ((*EGO, "--through-groups=maybe"), 2, "--through-groups"),
    ((*PATHS, "--target", "ash"), 2, "Source and target are the same node."),
    ((*PATHS, "--target", "birch", "--avoid", "birch"), 2, "'birch' is an end of the path and is to be avoided."),
    (("search", "   "), 2, "There is nothing to search for."),
    (("search", "ash", "--limit", "501"), 2, "limit is wrong"),
    (("search", "ash", "--cursor", "abc"), 2, "The cursor is not one of ours."),
    (("show", "ash", "--limit", "0"), 2, "limit"),
    (("serve", "--port", "99999"), 2, "--port"),
    (("serve", "--port", "http"), 2, "--port"),
    (("map", "network", "-o", "map.doc"), 2, "not written as .doc. Let the name of the file end with .html,"),
    (("map", "network", "-o", "map"), 2, "a file without ending"),
    (("map", "network", "-o", "-", "--form", "gif"), 2, "not written as .gif"),
    (("export", "-f", "csv", "-o", "/nowhere/at/all.zip"), 2, "There is no folder /nowhere/at."),
    (("export", "-f", "csv", "-o", "{folder}"), 2, "is a folder. Name a file to write."),
    # What the network does not hold, and files that cannot be used.
    (("show", "ahs council"), 1, "no node called “ahs council”. The nearest names are “Ash Council”"),
    (("show", "Spring"), 1, "2 nodes are called “Spring”. Use the id of the one you mean."),
    ((*PATHS, "--target", "nobody"), 1, "no node called “nobody”"),
    ((*EGO, "--place", "Atlantis"), 1, "no node called “Atlantis”"),
    (("show", "secret", "--audience", "public"), 1, "no node called “secret”"),
    (("show", "ash", "--store", "{folder}/none.db"), 1, "There is no network at {folder}/none.db yet."),
    (("show", "ash", "--store", "{folder}"), 1, "is a folder"),
    (("show", "ash", "--store", "{lines}"), 1, "is not a database of ours"),
    (("load", "{folder}/missing.jsonl"), 1, "there is no such file. Check the path."),
    (("load", "{empty}"), 1, "the file is empty"),
    (("load", "{folder}"), 1, "folder without seed tables"),
    (("search", "ash", "--store", "neo4j://127.0.0.1:1"), 1, "127.0.0.1:1"),
]


@pytest.fixture
def places(network: Path, lines: Path, tmp_path: Path) -> dict[str, str]:
    """What the words in brackets stand for; the folder is empty and must stay so."""
    folder, empty = tmp_path / "folder", tmp_path / "empty.jsonl"
    folder.mkdir()
    empty.touch()
    return {"{lines}": str(lines), "{folder}": str(folder), "{empty}": str(empty)}


@pytest.mark.parametrize(
    ("arguments", "code", "said"), TABLE, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_wrong_input_is_told_in_one_line(
    arguments: tuple[str, ...], code: int, said: str, cogs: Cogs, places: dict[str, str]
) -> None:
    for word, place in places.items():
        arguments, said = tuple(one.replace(word, place) for one in arguments), said.replace(word, place)
    done = cogs(*arguments)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("Error: ")
    assert said in done.err
    first, *others = done.err.splitlines()
    assert first.endswith(".")
    assert all(line.startswith("  ") for line in others)
    assert os.listdir(places["{folder}"]) == []


def test_a_setting_that_is_wrong_is_named(cogs: Cogs, network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COGS_TIME_LIMIT", "soon")
    done = cogs("show", "ash")
    assert done.code == 2
    assert "Change COGS_TIME_LIMIT." in done.err


def test_candidates_are_listed_with_their_ids(cogs: Cogs, network: Path) -> None:
    assert cogs("show", "Spring").err.splitlines()[1:] == [
        "  spring  Spring (event)",
        "  spring-1  Spring (organisation)",
    ]


def test_a_file_that_may_not_be_read(cogs: Cogs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "closed.jsonl"
    file.write_text('{"source":{"id":"a","title":"A"}}\n')
    file.chmod(stat.S_IWUSR)
    if _is_readable(file):  # whoever runs this may read everything
        pytest.MonkeyPatch.setattr(monkeypatch, Path, "open", _refused)
    done = cogs("load", file, "--store", tmp_path / "s.db")
    assert (done.code, "may not be read" in done.err) == (1, True)
    assert not (tmp_path / "s.db").exists()


def _is_readable(file: Path) -> bool:
    try:
        file.read_text()
    except PermissionError:
        return False
    return True


def _refused(*_: object, **__: object) -> None:
    raise PermissionError


def test_a_failure_of_the_program_shows_its_traceback_only_when_asked(
    cogs: Cogs, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("graph.view.resolve", fail)
    done = cogs("show", "ash")
    assert (done.code, done.out) == (1, "")
    assert done.err == "Error: The program itself failed: ZeroDivisionError: by zero. Run it again with --debug.\n"
    with pytest.raises(ZeroDivisionError):
        cogs("show", "ash", "--debug")
