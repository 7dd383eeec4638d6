"""The seed graph keeps its own rules, names everything that its texts name, and holds nothing twice."""

import csv
import itertools
import json
import re
from collections import Counter

import pytest
from rapidfuzz import fuzz

from graph.search import fold
from loaders.finding import SEED_TABLES
from loaders.seed_rules import RULES, Rule
from loaders.seed_tables import Row, Seed, cells, folded, names, passages, words
from tests.seeds.finding import found

SECTORS = {"", "public", "community", "business", "academia", "funder", "movement", "media", "mixed"}
INSIGHTS = {"reinstate", "carry forward", "end", "change further", "condition", "risk", "aim", "call", "open question"}
# Names are alike when so many of 100 letters agree, words in any order, or one is made of words of the other.
ALIKE = 75


def rows(name: str) -> list[Row]:
    with (SEED_TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_is_kept(rule: Rule, seed: Seed) -> None:
    assert list(rule(seed)) == []


def test_every_text_was_compared(seed: Seed) -> None:
    assert {source: len(lines) for source, lines in seed.texts.items()} == {
        "better-way-roundtable-2020": 47,
        "build-back-better-2020": 69,
        "collaborative-society-manifesto-2020": 619,
        "covid-learning-2020": 23,
        "thrive-not-survive-2019": 60,
    }


@pytest.mark.parametrize(
    "name", ["sources", "nodes", "relationships", "checks/names", "checks/judgements", "checks/questions"]
)
def test_headers_match_the_data_package(name: str) -> None:
    package = json.loads((SEED_TABLES / "datapackage.json").read_text(encoding="utf-8"))
    fields = {one["path"]: [field["name"] for field in one["schema"]["fields"]] for one in package["resources"]}
    assert list(rows(name)[0]) == fields[f"{name}.csv"]


def test_sectors_audiences_and_sorts_of_insight_are_known(tables: Seed) -> None:
    for row in tables.nodes:
        assert row["sector"] in (SECTORS if row["kind"] == "organisation" else {""}), row["id"]
        assert row["audience"] == ("public" if row["kind"] == "person" else ""), row["id"]
        assert row["kind"] != "insight" or row["subkind"] in INSIGHTS, row["id"]


def test_the_program_finds_what_the_list_accounts_for(seed: Seed) -> None:
    listed = {
        (row["document"], row["phrase"]): [int(line) for line in cells(row["lines"])] for row in rows("checks/names")
    }
    assert listed == found(seed.texts)


def test_every_phrase_is_a_node_or_has_a_reason(tables: Seed) -> None:
    for row in rows("checks/names"):
        ids = cells(row["nodes"])
        assert [id for id in ids if id not in tables.by_id] == [], row
        assert bool(row["reason"]) == (
            not ids or is_more_than_names(row["phrase"], [tables.by_id[id] for id in ids])
        ), row


def is_more_than_names(phrase: str, nodes: list[Row]) -> bool:
    """Whether words are left of a phrase, without the names of these nodes and the small words between them."""
    left = folded(phrase)
    for name in sorted((folded(name) for node in nodes for name in names(node)), key=len, reverse=True):
        left = left.replace(name, " | ")
    return bool(set(words(left)) - {"s", "and", "the", "of", "a", "to", "in", "for", "at"})


def test_the_graph_cites_a_line_of_every_phrase_for_each_node_that_it_names(tables: Seed) -> None:
    lines: dict[str, set[tuple[str, int]]] = {}
    for row in tables.facts:
        cited = {(passage.source, line) for passage in passages(row) for line in range(passage.first, passage.last + 1)}
        for id in (row["id"],) if "kind" in row else (row["source"], row["target"]):
            lines.setdefault(id, set()).update(cited)
    for row in rows("checks/names"):
        stands = {(row["document"], int(line)) for line in cells(row["lines"])}
        assert [id for id in cells(row["nodes"]) if not stands & lines[id]] == [], row


def test_every_pair_of_like_names_is_judged(tables: Seed) -> None:
    judged = [(row["one"], row["other"]) for row in rows("checks/judgements")]
    alike = [
        (min(one["id"], other["id"]), max(one["id"], other["id"]))
        for one, other in itertools.combinations(tables.nodes, 2)
        if are_alike(one, other)
    ]
    assert judged == sorted(alike)


def are_alike(one: Row, other: Row) -> bool:
    pairs = [(fold(mine), fold(theirs)) for mine in names(one) for theirs in names(other)]
    is_within = one["kind"] == other["kind"] and any(fuzz.token_set_ratio(*pair) == 100 for pair in pairs)
    return is_within or any(fuzz.token_sort_ratio(*pair) >= ALIKE for pair in pairs)


def test_no_two_nodes_are_one_thing() -> None:
    for row in rows("checks/judgements"):
        assert row["verdict"] == "different", row  # what is the same is one node with an alias
        assert len(row["reason"]) > 10, row


def test_the_readme_counts_what_is_there(tables: Seed) -> None:
    text = (SEED_TABLES / "README.md").read_text(encoding="utf-8")
    assert f"Together {len(tables.nodes)} nodes" in text
    inferred = [row for row in tables.relationships if row["inferred"]]
    assert f"{len(tables.relationships):,} relationships, {len(inferred)} of them inferred." in " ".join(text.split())
    for source in tables.sources:
        of_source = [row for row in tables.facts if source["id"] in cells(row["evidence_source"])]
        nodes, others = (sum(("kind" in row) is is_node for row in of_source) for is_node in (True, False))
        guessed = sum(bool(row.get("inferred")) for row in of_source)
        assert re.search(rf"`{source['id']}` \| \d+ \| {nodes} \| {others} \| {guessed} \|", text), source["id"]
    kinds = Counter(row["kind"] for row in tables.nodes)
    assert all(f"{count} " in text for count in kinds.values())
