"""The command as a process of its own: streams, exit codes, signals, and the service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.commands import serve
from graph.errors import CogsError, StoreError
from graph.settings import read_settings
from graph.store import open_store
from tests.api.commands.conftest import LINES

PROGRAM = Path(sys.executable).with_name("cogs")
HEAVY = ("fastapi", "graph.model", "jinja2", "networkx", "numpy", "pydantic", "rich", "uvicorn", "viz.maps", "yaml")


def run(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **more}
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, env=environment, timeout=60, check=False
    )


@contextmanager
def serving(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running service and its address."""
    command = [PROGRAM, "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Serving on http://127.0.0.1:"), (line, process.stderr and process.stderr.read())
            yield process, line.removeprefix("Serving on ").strip()
        finally:
            process.kill()


def asked(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        body: bytes = answer.read()
    return body


def test_help_imports_nothing_heavy() -> None:
    program = f"import sys; from api.cli import main; main(['--help']); print([n for n in {HEAVY} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert "Usage: cogs [OPTIONS] NAME ..." in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_streams_and_exit_codes(tmp_path: Path) -> None:
    lines, store = tmp_path / "lines.jsonl", tmp_path / "s.db"
    lines.write_text(LINES, encoding="utf-8")
    assert run("load", lines, COGS_STORE=str(store)).returncode == 0
    answered = run("query", "ego_network", "--node", "ash", "--json", COGS_STORE=str(store))
    assert (answered.returncode, answered.stderr) == (0, "")
    assert json.loads(answered.stdout)["centre"]["id"] == "ash"
    unknown = run("show", "nobody", "--store", store)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("Error: There is no node called “nobody”.")
    usage = run("show")
    assert (usage.returncode, usage.stdout) == (2, "")
    assert "See `cogs show --help`." in usage.stderr
    assert run("--version").stdout.startswith("cogs 0.")


def test_a_terminal_that_lacks_letters_gets_others(stored: Path) -> None:
    done = run("show", "cedar", "--store", stored, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Cedar [bold]Caf?[/bold] :smile:" in done.stdout


@pytest.mark.parametrize("arguments", [("export", "-f", "jsonl", "-o", "-"), ("show", "ash"), ("check", "--json")])
def test_a_reader_who_leaves_is_no_error(arguments: tuple[str, ...], stored: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [PROGRAM, *arguments, "--store", stored], stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_debugged_failure_shows_its_traceback(tmp_path: Path) -> None:
    quiet, loud = run("show", "ash", "--store", tmp_path), run("show", "ash", "--store", tmp_path, "--debug")
    assert "Traceback" not in quiet.stderr
    assert "Traceback" in loud.stderr
    assert "graph.errors.InputError" in loud.stderr
    assert loud.returncode == 1


def test_the_first_start_loads_the_seed_graph_and_later_ones_keep_what_is_there(tmp_path: Path) -> None:
    store = tmp_path / "folder" / "s.db"
    with serving("--store", store) as (process, address):
        answer = asked(f"{address}/v1/queries/paths?source=oldham&target=wigan")
        told = run("query", "paths", "--source", "oldham", "--target", "wigan", "--json", "--audience", "public",
                   "--store", store)  # fmt: skip
        assert told.stdout.encode() == answer + b"\n"
        port = address.rsplit(":", 1)[1]
        second = run("serve", "--port", port, "--store", tmp_path / "other.db")
        assert (second.returncode, second.stdout) == (1, "")
        assert f"cannot listen on 127.0.0.1, port {port}: Address already in use" in second.stderr
        assert not (tmp_path / "other.db").exists()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr is not None
        said = process.stderr.read()
    assert "Loaded the seed graph: " in said
    assert "Traceback" not in said
    assert [path.name for path in store.parent.iterdir()] == ["s.db"]


def test_a_store_that_is_there_is_served_as_it_is(stored: Path, tmp_path: Path) -> None:
    open_store(str(tmp_path / "empty.db")).close()
    for store, nodes in ((stored, 7), (tmp_path / "empty.db", 0)):
        with serving("--store", store) as (process, address):
            assert json.loads(asked(f"{address}/v1/stats"))["nodes"] == nodes
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def test_a_first_start_that_breaks_leaves_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("Broken.")

    monkeypatch.setattr("loaders.run.load", fail)
    with pytest.raises(CogsError, match="Broken"):
        serve._give_seeds(read_settings(store=str(tmp_path / "s.db")))
    assert list(tmp_path.iterdir()) == []


def test_of_two_first_starts_the_faster_one_stays(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("the faster one's")
    (tmp_path / "new.db").write_text("the slower one's")
    serve._put(tmp_path / "new.db", tmp_path / "s.db")
    assert (tmp_path / "s.db").read_text() == "the faster one's"


def test_on_a_file_system_without_links_the_store_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "new.db").write_text("new")
    serve._put(tmp_path / "new.db", tmp_path / "s.db")
    assert (tmp_path / "s.db").read_text() == "new"


def test_a_folder_that_may_not_be_written_is_named() -> None:
    with pytest.raises(StoreError, match="cannot be made"):
        serve._give_seeds(read_settings(store="/dev/null/s.db"))
