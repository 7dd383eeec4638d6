"""Exports on the command line: whole files or none."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.commands import _saving
from graph.errors import CogsError
from graph.parts import part_names
from tests.api.commands.conftest import LINES, Cogs


def test_json_lines_come_out_as_they_went_in(cogs: Cogs, network: Path, tmp_path: Path) -> None:
    done = cogs("export", "--format", "jsonl", "-o", tmp_path / "out.jsonl")
    assert (done.code, done.out) == (0, "")
    assert done.err == f"Wrote {tmp_path / 'out.jsonl'} ({len(LINES.encode()):,} bytes).\n"
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == LINES
    assert cogs("export", "--format", "jsonl", "-o", "-").out == LINES


@pytest.mark.parametrize("name", part_names("graph.exports"))
def test_every_format_can_be_written(name: str, cogs: Cogs, network: Path, tmp_path: Path) -> None:
    assert cogs("export", "-f", name, "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out").stat().st_size > 500
    assert name.replace("_", "-") in cogs("export", "--help").out


def test_the_lens_and_the_audience_say_what_leaves(cogs: Cogs, network: Path, tmp_path: Path) -> None:
    everything = cogs("export", "-f", "jsonl", "-o", "-", "--type", "FUNDS").out
    assert (everything.count('"FUNDS"'), everything.count('"WORKS_FOR"')) == (2, 0)
    assert "Sam Secret" in everything
    assert "Secret" not in cogs("export", "-f", "jsonl", "-o", "-", "--audience", "network").out
    in_ashton = cogs("export", "-f", "jsonl", "-o", "-", "--place", "Ashton").out
    assert '"id":"ash"' in in_ashton
    assert '"id":"birch"' not in in_ashton


def test_a_file_that_is_there_is_replaced_and_keeps_its_permissions(cogs: Cogs, network: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.zip"
    file.write_text("old")
    file.chmod(0o640)
    assert cogs("export", "-f", "csv", "-o", file).code == 0
    assert zipfile.is_zipfile(file)
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    _saving.save([b"x"], str(tmp_path / "new"))
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    _saving.save([b"new"], str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_what_is_no_ordinary_file_is_written_to() -> None:
    assert _saving.save([b"gone"], os.devnull) == 4
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "No room is left to write"),
        (errno.EACCES, "may not be written"),
        (errno.EIO, "cannot be written"),
    ],
)
def test_a_file_that_could_not_be_finished_is_not_there(code: int, said: str, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError(code, os.strerror(code))

    file = tmp_path / "out"
    file.write_text("old")
    with pytest.raises(CogsError, match=said):
        _saving.save(pieces(), str(file))
    assert file.read_text() == "old"
    assert os.listdir(tmp_path) == ["out"]
