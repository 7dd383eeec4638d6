"""Tables that a Neo4j server imports offline: it then is the network, as if `cogs` had loaded it."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import closing
from pathlib import Path

from graph.exports import neo4j_csv
from graph.lens import Lens
from graph.model import Audience, line
from graph.store.records import Batch
from tests.contract.networks import town
from tests.graph.exports.networks import EVERYTHING, by_hand, store_with
from tests.services.neo4j_java import JavaServer
from tests.services.stores import neo4j_store


def unpacked(batch: Batch, lens: Lens = EVERYTHING) -> dict[str, str]:
    with store_with(batch) as store:
        written = b"".join(neo4j_csv.write(store, lens))
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_each_table_says_what_its_columns_are() -> None:
    texts = unpacked(town())
    titles = {name: text.split("\r\n", 1)[0].split(",") for name, text in texts.items() if name.endswith(".csv")}
    assert titles["nodes.csv"][0] == "id:ID(Node)"
    assert titles["nodes.csv"][-1] == ":LABEL"
    assert titles["relationships.csv"][-3:] == [":START_ID(Node)", ":END_ID(Node)", ":TYPE"]
    (council,) = [row for row in csv.DictReader(io.StringIO(texts["nodes.csv"])) if row["name"] == "Council"]
    assert (council[":LABEL"], council["start"], council["level:int"]) == ("Node;Organisation", "1974", "")
    assert all(name in texts["README.txt"] for name in titles)


def test_what_a_level_may_not_see_is_in_no_table() -> None:
    texts = unpacked(town(), Lens(audience=Audience.public))
    assert "Ann Lee" not in str(texts)
    assert "bank" not in str(texts)


def test_the_server_imports_them_and_is_the_network(tmp_path: Path) -> None:
    batch = by_hand()
    with store_with(batch) as store, closing(JavaServer()) as server:
        archive = tmp_path / "network.zip"
        archive.write_bytes(b"".join(neo4j_csv.write(store, EVERYTHING)))
        server.import_archive(archive)
        with neo4j_store(server, empty=False) as imported:
            assert [line(thing) for thing in imported.export()] == [line(thing) for thing in store.export()]
            assert [imported.version(level) for level in Audience] == [store.version(level) for level in Audience]
            assert imported.check() == []
            assert imported.name_words() == store.name_words()
            assert [node.id for node in imported.find("Wigan Council")] == [
                node.id for node in store.find("Wigan Council")
            ]
            assert imported.apply(batch, by="a test").unchanged == len(batch)
