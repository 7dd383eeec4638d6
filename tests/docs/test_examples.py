"""Every command and every example of the documentation runs, in the order of its page, on the seed graph.

Commands stand in blocks called `sh`, examples in blocks called `python`. What begins with `make` or `export` is
checked for what it names; `cogs serve` for its options; `curl` asks the real app. A block called `answer` is the
answer, or some of its lines, to the block before it. Pages that load open data are tried where that is at hand.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from typer import Context

from api.app import create_app
from api.cli import commands, main
from graph.parts import part_names
from graph.settings import Settings, read_settings
from graph.store import open_store
from loaders.run import load
from tests.docs.pages import ROOT, Block, Page, pages

PAGES = [page for page in pages() if any(block.language in ("sh", "python") for block in page.blocks)]
LONGEST_EXAMPLE = 40  # lines
DATA = Path(os.environ.get("COGS_TEST_DATA", ROOT.parent / "shared" / "data"))
FOLDERS = {"grants/": DATA / "360giving", "networks/": DATA / "networks"}  # as the pages call them


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("seeded") / "network.db"
    with open_store(str(file)) as store:
        load(store, ["seeds"], by="a test")
    return file


@pytest.fixture
def folder(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where somebody with a fresh checkout and the seed graph would be."""
    shutil.copy(seeded, tmp_path / "network.db")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COGS_STORE", str(tmp_path / "network.db"))
    return tmp_path


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Callable[[Block], None]]:
    """Put an example where its first line says it belongs, beside the product's own files, for one test."""
    home, before, added = tmp_path / "parts", dict(sys.modules), []

    def add(block: Block) -> None:
        assert block.file
        file = home / block.file
        file.parent.mkdir(parents=True)
        file.write_text(block.text, encoding="utf-8")
        package = import_module(".".join(block.file.parent.parts))
        package.__path__.append(str(file.parent))
        added.append((package, str(file.parent)))
        part_names.cache_clear()

    yield add
    for package, place in added:
        package.__path__.remove(place)
    part_names.cache_clear()
    for name in [name for name in sys.modules if name not in before]:
        if str(home) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_and_examples_run(
    page: Page, folder: Path, parts: Callable[[Block], None], capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, object] = {}
    bring_data(page, folder)
    for block in page.blocks:
        if block.language == "answer":
            told = " ".join(capsys.readouterr().out.split())
            assert [line for line in block.lines if " ".join(line.split()) not in told] == []
            continue
        capsys.readouterr()
        if block.file:
            parts(block)
        elif block.language == "python":
            exec(compile(block.text, str(page), "exec"), names)
        elif block.language == "sh":
            for line in block.lines:
                run(line)


def bring_data(page: Page, folder: Path) -> None:
    for name, source in FOLDERS.items():
        if any(name in block.text for block in page.blocks if block.language in ("sh", "python")):
            if not source.is_dir():
                pytest.skip(f"{source} is not there: COGS_TEST_DATA names the folder of the open data.")
            (folder / name).symlink_to(source)


def run(line: str) -> None:
    words = shlex.split(line)
    runners = {"cogs": cogs, "curl": curl, "make": make, "export": export}
    assert words[0] in runners, f"nobody knows how to try: {line}"
    runners[words[0]](words[1:])


def cogs(words: list[str]) -> None:
    if words[0] != "serve":
        assert main(words) == 0, words
        return
    root = commands()
    _, command, rest = root.resolve_command(Context(root), words)
    assert command
    command.make_context("serve", list(rest))


def curl(words: list[str]) -> None:
    address = urlsplit(words[-1])
    assert (address.scheme, address.netloc) == ("http", "127.0.0.1:8000")
    with TestClient(create_app(read_settings())) as client:
        answer = client.get(f"{address.path}?{address.query}")
    assert answer.status_code == 200, answer.text


def make(words: list[str]) -> None:
    assert re.search(rf"^{words[0]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def export(words: list[str]) -> None:
    name, _, _ = words[0].partition("=")
    assert name.removeprefix("COGS_").lower() in Settings.model_fields


def test_the_problem_that_is_shown_is_the_one_that_is_answered(folder: Path) -> None:
    (shown,) = [block.text for block in Page(ROOT / "docs" / "api.md").blocks if block.language == "json"]
    with TestClient(create_app(read_settings())) as client:
        answered = client.get("/v1/queries/paths?source=oldam&target=wigan-council").json()
    assert json.loads(shown) == {name: value for name, value in answered.items() if name != "nearest"}


def test_examples_of_parts_are_short() -> None:
    examples = {str(block.file): len(block.lines) for page in PAGES for block in page.blocks if block.file}
    assert len(examples) == 3
    assert {name: lines for name, lines in examples.items() if lines > LONGEST_EXAMPLE} == {}


def test_what_goes_wrong_is_noticed() -> None:
    for line in ("cogs query nothing", "make nothing", "export COGS_NOTHING=1", "rm -r ."):
        with pytest.raises(AssertionError):
            run(line)
