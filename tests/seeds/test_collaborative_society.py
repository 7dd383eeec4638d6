"""The tables of the seed graph obey their own rules: form, vocabulary, evidence, own words."""

import csv
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

Row = dict[str, str]
Documents = dict[str, list[str]]

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "collaborative_society"
DOCUMENTS = Path(os.environ.get("COGS_DOCUMENTS", ROOT.parent / "shared" / "documents"))
SECTORS = {"", "public", "community", "business", "academia", "funder", "movement", "media", "mixed"}
INSIGHTS = {"reinstate", "carry forward", "end", "change further", "condition", "risk", "aim", "call", "open question"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
SUPERSCRIPTS = str.maketrans("", "", "⁰¹²³⁴⁵⁶⁷⁸⁹")
COPIED = 10


@cache
def table(name: str) -> tuple[Row, ...]:
    with (SEED / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle, strict=True))


@cache
def nodes() -> dict[str, Row]:
    return {row["id"]: row for row in table("nodes")}


@cache
def vocabulary() -> dict[str, dict[str, Any]]:
    text = (ROOT / "graph" / "vocabulary.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@pytest.fixture(scope="module")
def documents() -> Documents:
    """Lines of each document by source id."""
    if not DOCUMENTS.is_dir():
        pytest.skip(f"The documents are not in {DOCUMENTS}: set COGS_DOCUMENTS to their folder to run this check.")
    files = {row["id"]: DOCUMENTS / row["file"] for row in table("sources")}
    return {source: path.read_text(encoding="utf-8").split("\n") for source, path in files.items()}


def cells(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def attributes(row: Row) -> dict[str, str]:
    return dict(part.split("=", 1) for part in cells(row["attributes"]))


def words(text: str) -> list[str]:
    """Words in small letters: quotation marks, dashes, emphasis, superscripts and line breaks do not count."""
    return re.findall(r"[^\W_]+", text.translate(SUPERSCRIPTS).casefold())


def folded(text: str) -> str:
    return f" {' '.join(words(text))} "


def evidence(row: Row) -> list[tuple[str, str, int, int]]:
    """Source, section, first and last line of each evidence entry of a row."""
    columns = [row[f"evidence_{part}"].split("|") for part in ("source", "section", "lines")]
    entries = [(source, section, lines.split("-")) for source, section, lines in zip(*columns, strict=True)]
    return [(source, section, int(lines[0]), int(lines[-1])) for source, section, lines in entries]


def cited(row: Row, documents: Documents) -> list[str]:
    return [folded("\n".join(documents[source][first - 1 : last])) for source, _, first, last in evidence(row)]


def names(node: Row) -> list[str]:
    return [node["name"], *cells(node["aliases"])]


def is_named(node: Row, text: str) -> bool:
    return any(folded(name) in text for name in names(node))


def is_the_text_itself(node: Row, row: Row) -> bool:
    """A publication that is the cited document need not name itself."""
    return attributes(node).get("source") in {source for source, *_ in evidence(row)}


def facts() -> tuple[Row, ...]:
    return table("nodes") + table("relationships")


def test_ids_are_unique_slugs() -> None:
    ids = [row["id"] for name in ("sources", "nodes") for row in table(name)]
    assert [row for row in ids if not SLUG.fullmatch(row)] == []
    for name in ("sources", "nodes", "relationships"):
        assert [row for row, count in Counter(row["id"] for row in table(name)).items() if count > 1] == []


def test_relationship_ids_say_what_they_join() -> None:
    for row in table("relationships"):
        stem = f"{row['source']}--{row['type'].lower().replace('_', '-')}--{row['target']}"
        assert re.fullmatch(re.escape(stem) + r"(--[2-9])?", row["id"]), row["id"]


@pytest.mark.parametrize(
    ("name", "keys"),
    [("sources", ["id"]), ("nodes", ["kind", "id"]), ("relationships", ["type", "source", "target", "id"])],
)
def test_rows_are_sorted(name: str, keys: list[str]) -> None:
    order = [[row[key] for key in keys] for row in table(name)]
    assert order == sorted(order)


def test_headers_match_the_data_package() -> None:
    package = json.loads((SEED / "datapackage.json").read_text(encoding="utf-8"))
    assert [resource["name"] for resource in package["resources"]] == ["sources", "nodes", "relationships"]
    for resource in package["resources"]:
        declared = [field["name"] for field in resource["schema"]["fields"]]
        assert (SEED / resource["path"]).read_text(encoding="utf-8").split("\n")[0].split(",") == declared


def test_cells_are_safe_in_a_spreadsheet() -> None:
    for row in (*table("sources"), *facts()):
        for column, cell in row.items():
            assert cell == cell.strip(), (row["id"], column)
            assert not cell.startswith(("=", "+", "-", "@", "'")), (row["id"], column)
            assert "\n" not in cell, (row["id"], column)


def test_kinds_sectors_and_audiences_are_known() -> None:
    for row in table("nodes"):
        assert row["kind"] in vocabulary()["kinds"], row["id"]
        assert row["sector"] in (SECTORS if row["kind"] == "organisation" else {""}), row["id"]
        assert row["audience"] == ("public" if row["kind"] == "person" else ""), row["id"]
        assert row["name"], row["id"]
        assert row["subkind"] != row["kind"], row["id"]
        assert row["summary"] or row["kind"] == "insight", row["id"]
        assert row["kind"] != "insight" or row["subkind"] in INSIGHTS, row["id"]


def test_types_and_ends_are_allowed() -> None:
    for row in table("relationships"):
        rule = vocabulary()["types"][row["type"]]
        for end in ("source", "target"):
            assert row[end] in nodes(), row["id"]
            assert rule[end] == "any" or nodes()[row[end]]["kind"] in rule[end], row["id"]
        assert row["source"] != row["target"], row["id"]


def test_every_node_is_joined_to_another() -> None:
    joined = {row[end] for row in table("relationships") for end in ("source", "target")}
    assert sorted(set(nodes()) - joined) == []


def test_dates_are_partial_dates() -> None:
    for row in facts():
        assert all(PARTIAL_DATE.fullmatch(row[column]) for column in ("start", "end") if row[column]), row["id"]
        assert not (row["start"] and row["end"]) or row["start"] <= row["end"], row["id"]


def test_inferred_facts_say_so_and_why() -> None:
    for row in table("relationships"):
        assert row["inferred"] in {"", "true"}, row["id"]
        if row["inferred"]:
            assert 0 < float(row["confidence"]) < 1, row["id"]
            assert row["note"], row["id"]
        else:
            assert row["confidence"] == "", row["id"]


def test_nothing_is_both_stated_and_inferred() -> None:
    said: dict[tuple[str, ...], set[str]] = {}
    for row in table("relationships"):
        said.setdefault((row["type"], row["source"], row["target"]), set()).add(row["inferred"])
    assert [key for key, ways in said.items() if len(ways) > 1] == []


def test_a_former_post_has_a_role_or_a_note_that_says_so() -> None:
    former = [row for row in table("relationships") if attributes(row).get("former") == "true"]
    assert len(former) == 7
    for row in former:
        assert re.search("former|previous|past", row["role"] + row["note"]), row["id"]


def test_names_and_aliases_belong_to_one_node_of_a_kind() -> None:
    owners: dict[tuple[str, str], set[str]] = {}
    for row in table("nodes"):
        assert len({folded(name) for name in names(row)}) == len(names(row)), row["id"]
        for name in names(row):
            owners.setdefault((row["kind"], folded(name)), set()).add(row["id"])
    assert [key for key, ids in owners.items() if len(ids) > 1] == []


def test_places_are_not_part_of_themselves() -> None:
    parents: dict[str, set[str]] = {}
    for row in table("relationships"):
        if row["type"] == "PART_OF":
            parents.setdefault(row["source"], set()).add(row["target"])
    for start in parents:
        assert start not in set(ancestors(start, parents)), start


def ancestors(start: str, parents: dict[str, set[str]]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = list(parents.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield node
            waiting.extend(parents.get(node, ()))


def test_every_fact_has_evidence_from_a_known_source() -> None:
    sources = {row["id"] for row in table("sources")}
    for row in facts():
        assert evidence(row), row["id"]
        for source, section, first, last in evidence(row):
            assert source in sources, row["id"]
            assert section, row["id"]
            assert 1 <= first <= last, row["id"]


def test_exceptions_give_a_reason() -> None:
    for row in facts():
        assert row["name_in_text"] == "" or re.fullmatch(r"no: .{10,}", row["name_in_text"]), row["id"]


def test_lines_and_sections_exist(documents: Documents) -> None:
    for row in facts():
        for source, section, first, last in evidence(row):
            assert last <= len(documents[source]), row["id"]
            assert section.startswith("(") or folded(section) in folded("\n".join(documents[source][:first])), row["id"]


def test_nodes_are_named_in_each_passage_they_cite(documents: Documents) -> None:
    unnamed = [
        (row["id"], place)
        for row in table("nodes")
        for place, text in zip(evidence(row), cited(row, documents), strict=True)
        if not (row["name_in_text"] or is_named(row, text))
    ]
    assert unnamed == []


def test_names_and_aliases_stand_in_the_documents(documents: Documents) -> None:
    corpus = "".join(folded("\n".join(lines)) for lines in documents.values())
    missing = [
        (row["id"], name)
        for row in table("nodes")
        for name in names(row)
        if not row["name_in_text"] and folded(name) not in corpus
    ]
    assert missing == []


def test_both_ends_of_a_relationship_are_named_where_it_is_said(documents: Documents) -> None:
    rows = [row for row in table("relationships") if not row["name_in_text"]]
    assert [row["id"] for row in rows if not is_fully_named(row, documents)] == []


def test_no_exception_is_needless(documents: Documents) -> None:
    needless = [row["id"] for row in facts() if row["name_in_text"] and is_fully_named(row, documents)]
    assert needless == []


def is_fully_named(row: Row, documents: Documents) -> bool:
    """Whether its passages name a node, or both ends of a relationship; an end with a reason of its own is let off."""
    texts = cited(row, documents)
    if "kind" in row:
        return all(is_named(row, text) for text in texts)
    ends = [nodes()[row["source"]], nodes()[row["target"]]]
    unnamed = [end for end in ends if not (end["name_in_text"] or is_named(end, "".join(texts)))]
    return all(is_the_text_itself(end, row) for end in unnamed)


def test_no_sentence_is_copied(documents: Documents) -> None:
    known = {run for lines in documents.values() for run in runs("\n".join(lines))}
    copied = [
        (row["id"], column)
        for row in (*table("sources"), *facts())
        for column in ("summary", "note", "role", "attributes", "name_in_text")
        if known & set(runs(row.get(column, "")))
    ]
    assert copied == []


def runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[place : place + COPIED]) for place in range(len(found) - COPIED + 1))
