"""A network moves to another store, and back, without the loss of a byte."""

from pathlib import Path

import pytest

from graph.store import open_store
from tests.api.commands.conftest import Cogs
from tests.services.neo4j_face import Neo4jServer


def exported(cogs: Cogs, store: str) -> str:
    return cogs("export", "--format", "jsonl", "-o", "-", "--store", store).out


def test_to_a_server_and_back(
    cogs: Cogs, network: Path, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    neo4j_server.empty()
    monkeypatch.setenv("COGS_NEO4J_USER", neo4j_server.user)
    monkeypatch.setenv("COGS_NEO4J_PASSWORD", neo4j_server.password)
    back = tmp_path / "back.db"
    there = cogs("copy", neo4j_server.uri)
    assert (there.code, there.err) == (0, "")
    assert "Copied 8 nodes and 6 relationships" in there.out
    assert "the versions are equal" in there.out
    assert cogs("copy", back, "--store", neo4j_server.uri).code == 0
    assert exported(cogs, str(back)) == exported(cogs, neo4j_server.uri) == exported(cogs, str(network))


def test_what_is_private_goes_along(cogs: Cogs, network: Path, tmp_path: Path) -> None:
    cogs("copy", tmp_path / "other.db")
    assert '"id":"secret"' in exported(cogs, str(tmp_path / "other.db"))


def test_a_store_that_holds_something_is_left_alone(cogs: Cogs, network: Path, tmp_path: Path) -> None:
    cogs("load", "seeds", "--store", tmp_path / "seeds.db")
    before = exported(cogs, str(tmp_path / "seeds.db"))
    refused = cogs("copy", tmp_path / "seeds.db")
    assert refused.code == 1
    assert "holds a network already. Name a new file" in refused.err
    assert exported(cogs, str(tmp_path / "seeds.db")) == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "TO"),
        (("copy.db", "--store", "nothing.db"), 1, "There is no network at"),
        (("bolt://127.0.0.1:1",), 1, "127.0.0.1:1"),
        (("sftp://there/copy.db",), 2, "sftp"),
    ],
)
def test_what_cannot_be_copied_says_why(
    cogs: Cogs, network: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    refused = cogs("copy", *arguments)
    assert refused.code == code
    assert said in refused.err
    assert refused.err.startswith("Error: ")


def test_an_empty_network_is_copied_too(cogs: Cogs, tmp_path: Path) -> None:
    with open_store(str(tmp_path / "empty.db")):
        pass
    done = cogs("copy", tmp_path / "other.db", "--store", tmp_path / "empty.db")
    assert (done.code, done.err) == (0, "")
    assert "Copied 0 nodes and 0 relationships" in done.out
