"""A small network in a file, and the command as a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.cli import main

LINES = """\
{"source":{"id":"minutes","title":"Minutes of the council","publisher":"Council","date":"2020-01"}}
{"source":{"id":"survey","title":"A survey"}}
{"node":{"id":"spring","kind":"event","name":"Spring","evidence":[{"source":"survey"}]}}
{"node":{"id":"ash","kind":"organisation","subkind":"council","name":"Ash Council","aliases":["The Council of Ash"],"sector":"public","identifiers":[{"scheme":"GB-LAE","value":"ASH"}],"evidence":[{"source":"minutes","locator":"page 1"}]}}
{"node":{"id":"birch","kind":"organisation","name":"Birch Trust","sector":"community","evidence":[{"source":"minutes","locator":"page 1"},{"source":"survey"}]}}
{"node":{"id":"cedar","kind":"organisation","name":"Cedar [bold]Café[/bold] :smile:","sector":"business","evidence":[{"source":"survey"}]}}
{"node":{"id":"spring-1","kind":"organisation","name":"Spring","evidence":[{"source":"survey"}]}}
{"node":{"id":"dora","kind":"person","name":"Dora Elm","evidence":[{"source":"minutes","locator":"page 2"}]}}
{"node":{"id":"secret","kind":"person","name":"Sam Secret","audience":"team","evidence":[{"source":"survey"}]}}
{"node":{"id":"ashton","kind":"place","name":"Ashton","evidence":[{"source":"survey"}]}}
{"relationship":{"id":"f1","type":"FUNDS","source":"ash","target":"birch","start":"2019","amount":40000,"currency":"GBP","evidence":[{"source":"minutes","locator":"page 3"}]}}
{"relationship":{"id":"f2","type":"FUNDS","source":"ash","target":"birch","start":"2020","amount":5000,"currency":"GBP","evidence":[{"source":"minutes","locator":"page 4"}]}}
{"relationship":{"id":"l1","type":"LOCATED_IN","source":"ash","target":"ashton","evidence":[{"source":"survey"}]}}
{"relationship":{"id":"p1","type":"PARTNERS_WITH","source":"birch","target":"cedar","confidence":0.5,"inferred":true,"evidence":[{"source":"survey"}]}}
{"relationship":{"id":"w1","type":"WORKS_FOR","source":"dora","target":"ash","role":"clerk","evidence":[{"source":"minutes","locator":"page 2"}]}}
{"relationship":{"id":"w2","type":"WORKS_FOR","source":"secret","target":"birch","evidence":[{"source":"survey"}]}}
"""  # noqa: E501 - one thing stands on one line


@dataclass(frozen=True)
class Done:
    """What one command left behind."""

    code: int
    out: str
    err: str


Cogs = Callable[..., Done]


@pytest.fixture
def cogs(capsys: pytest.CaptureFixture[str]) -> Cogs:
    """Run one command in this process."""

    def run(*arguments: str | Path) -> Done:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network as graph JSON Lines."""
    file = tmp_path_factory.mktemp("lines") / "network.jsonl"
    file.write_text(LINES, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def stored(lines: Path) -> Path:
    """The same in a store, for reading only."""
    file = lines.with_name("network.db")
    assert main(["load", str(lines), "--store", str(file)]) == 0
    return file


@pytest.fixture
def network(stored: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store that commands read unless they are told otherwise."""
    monkeypatch.setenv("COGS_STORE", str(stored))
    return stored
