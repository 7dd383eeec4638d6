"""Forgetting leaves no trace in any byte of the embedded store, and nothing brings the forgotten back."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import Forgotten
from graph.model import Audience, Node, Relationship, Source
from graph.search import parse
from graph.store.base import EVERYTHING
from graph.store.embedded import EmbeddedStore
from graph.store.records import Batch
from graph.vocabulary import load_vocabulary

EVIDENCE = ({"source": "s"},)
NAME, ALIAS, NUMBER = "Zebedee Quillfeather", "Zeb Quill", "9988776655"


def node(id: str, name: str, kind: str = "person", **values: object) -> Node:
    return Node.model_validate({"id": id, "kind": kind, "name": name, "evidence": EVIDENCE, **values})


def post(person: str) -> Relationship:
    id = f"{person}--works-for--o"
    return Relationship.model_validate(
        {"id": id, "type": "WORKS_FOR", "source": person, "target": "o", "evidence": EVIDENCE}
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "network.db"
    identifiers = [{"scheme": "X-PERSON", "value": NUMBER}]
    with EmbeddedStore(path, load_vocabulary()) as store:
        first = node("zebedee", "Zebedee Q.", aliases=[ALIAS])
        office = node("o", "Office", "organisation", summary="Once led by Zeb Quill.")
        store.apply(Batch([Source(id="s", title="S")], [first, office], [post("zebedee")]), by="a")
        second = node("zebedee", NAME, aliases=[ALIAS], identifiers=identifiers, audience="team")
        store.apply(Batch(nodes=[second, node("zq", "Zebedee Quillfeather Esq", audience="team")]), by="a")
        store.merge("zq", "zebedee", by="a")
    return path


def test_no_byte_of_any_file_tells(path: Path) -> None:
    with EmbeddedStore(path, load_vocabulary()) as store:
        forgetting = store.forget("zebedee", by="a")
        assert (forgetting.relationships, forgetting.mentions) == (1, ("o",))
        store.apply(Batch(nodes=[node("o", "Office", "organisation")]), by="a")  # the mention, mended by a person
        store.forget("o", by="a")  # and the log that kept the old text
        assert store.check() == []
    traces = (NAME, "zebedee", "quill", NUMBER, "zq")
    for file in path.parent.iterdir():
        content = file.read_bytes().lower()
        assert not [trace for trace in traces if trace.lower().encode() in content], file.name


@pytest.mark.parametrize(
    "again",
    [
        node("zebedee", "Somebody Else"),
        node("zq", "Somebody Else"),
        node("new", "zebedee QUILLFEATHER"),
        node("new", "Zéb Quill"),
        node("new", "Someone", aliases=["Zebedee Quillfeather Esq"]),
        node("new", "Someone", "organisation", identifiers=[{"scheme": "X-PERSON", "value": NUMBER}]),
    ],
    ids=lambda node: f"{node.id} {node.name}",
)
def test_nothing_brings_the_forgotten_back(path: Path, again: Node) -> None:
    with EmbeddedStore(path, load_vocabulary()) as store:
        store.forget("zebedee", by="a")
        assert store.forgotten([again]) == {again.id}
        with pytest.raises(Forgotten):
            store.apply(Batch(nodes=[again]), by="a")


def test_others_of_another_kind_or_name_may_come(path: Path) -> None:
    with EmbeddedStore(path, load_vocabulary()) as store:
        store.forget("zebedee", by="a")
        fresh = [node("works", NAME, "organisation"), node("zeb", "Zebedee")]
        assert store.apply(Batch(nodes=fresh), by="a").added == 2
        assert store.is_forgotten("zebedee", Audience.team)
        assert not store.is_forgotten("zebedee", Audience.public)
        assert store.candidates(parse("quillfeather", store.name_words()), EVERYTHING, 9) == [fresh[0]]
