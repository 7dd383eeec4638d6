"""Tables that a spreadsheet, pandas or the csv module read back as they were meant."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.exports import _archive
from graph.exports import csv as tables
from graph.store.records import Batch
from tests.graph.exports.networks import EVERYTHING, HOSTILE, batches, by_hand, store_with

Rows = dict[str, list[dict[str, str]]]


def read_back(batch: Batch) -> tuple[bytes, Rows]:
    with store_with(batch) as store:
        written = b"".join(tables.write(store, EVERYTHING))
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return written, {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()}


def values(cell: str) -> list[str]:
    """Read a cell as the docstring of the format says: `|` between values, a backslash before what belongs to one."""
    parts = re.findall(r"(?:\\.|[^|\\])+", tables.unescaped(cell), re.DOTALL)
    return [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in parts]


def test_three_tables_with_the_fields_of_the_model_as_titles() -> None:
    _, rows = read_back(by_hand())
    assert {name: len(found) for name, found in rows.items()} == {
        "sources.csv": 2,
        "nodes.csv": 9,
        "relationships.csv": 3,
    }
    assert list(rows["nodes.csv"][0])[:6] == ["id", "kind", "subkind", "name", "aliases", "summary"]
    assert "evidence_locator" in rows["relationships.csv"][0]


def test_cells_say_what_the_network_says() -> None:
    _, rows = read_back(by_hand())
    wigan = next(row for row in rows["nodes.csv"] if row["id"] == "wigan-council")
    assert wigan["latitude"] == "-53.5"
    assert wigan["longitude"] == "0.0"
    assert values(wigan["aliases"]) == list(HOSTILE)
    assert values(wigan["identifiers"]) == ["GB-LAE:WGN", "X:a|b"]
    assert json.loads(wigan["attributes"]) == {"staff": 5, "note": HOSTILE[1], "nested": {"list": [1, None, "x"]}}
    assert wigan["evidence_source"] == "minutes|register"
    assert wigan["evidence_locator"] == "page 2|"
    grant = next(row for row in rows["relationships.csv"] if row["id"] == "grant-2020")
    assert (grant["amount"], grant["role"], grant["inferred"]) == ("-0.5", "'-", "false")


def test_no_text_begins_like_a_formula() -> None:
    _, rows = read_back(by_hand())
    texts = [row[title] for row in rows["nodes.csv"] for title in ("name", "aliases", "summary", "evidence_note")]
    assert [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert "'=cmd|'/c calc'!A1" in texts
    assert "''=1+1" in texts


@given(st.text("'=+-@\t\rab", max_size=6))
@example("'=a")
@example("''=a")
@example("'a")
def test_exactly_what_was_put_before_a_text_is_taken_off_again(text: str) -> None:
    assert tables.unescaped(tables.escaped(text)) == text


@settings(max_examples=30)
@given(batches())
def test_any_network_can_be_read_back(batch: Batch) -> None:
    _, rows = read_back(batch)
    names = {row["id"]: tables.unescaped(row["name"]) for row in rows["nodes.csv"]}
    assert names == {node.id: node.name for node in batch.nodes}
    aliases = {row["id"]: tuple(values(row["aliases"])) for row in rows["nodes.csv"]}
    assert aliases == {node.id: node.aliases for node in batch.nodes}
    amounts = {row["id"]: row["amount"] and float(row["amount"]) for row in rows["relationships.csv"]}
    assert amounts == {one.id: "" if one.amount is None else one.amount for one in batch.relationships}


def test_equal_networks_give_equal_bytes() -> None:
    assert read_back(by_hand())[0] == read_back(by_hand())[0]


@pytest.mark.parametrize("many", [10, 3])
def test_an_archive_of_the_64_bit_form_is_read_as_well(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_archive, "MANY_ROWS", many)
    assert len(read_back(by_hand())[1]["nodes.csv"]) == 9


def test_a_network_without_anything_gives_titles_only() -> None:
    written, rows = read_back(Batch())
    assert rows == {"sources.csv": [], "nodes.csv": [], "relationships.csv": []}
    assert written.startswith(b"PK")
