"""The rules of seed tables that a program can check, beyond what a load refuses.

A rule is a function from the tables to what breaks it: the id of a row and a sentence. Rules that compare with the
texts find nothing where the texts are not at hand.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from loaders.seed_tables import (
    LINES,
    Row,
    Seed,
    attributes,
    folded,
    is_named,
    names,
    passages,
    runs,
)

Broken = Iterator[tuple[str, str]]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REASON = re.compile(r"no: .{10,}")
FORMULA = ("=", "+", "-", "@", "'")
EVIDENCE = ("evidence_source", "evidence_section", "evidence_lines")
OWN_WORDS = ("summary", "note", "role", "attributes", "name_in_text")
COPIED = 10  # words in a row that can hardly be chance
ORDERS = {"sources": ("id",), "nodes": ("kind", "id"), "relationships": ("type", "source", "target", "id")}
Rule = Callable[[Seed], Broken]


def findings(seed: Seed) -> list[str]:
    """What breaks a rule, as sentences that begin with the id of the row."""
    return [f"{id}: {text}" for rule in RULES for id, text in rule(seed)]


def ids_are_unique_slugs(seed: Seed) -> Broken:
    """An id is a slug, and no two rows share one."""
    counts = Counter(row["id"] for row in (*seed.sources, *seed.nodes))
    counts.update(row["id"] for row in seed.relationships)
    yield from ((id, "several rows have this id.") for id, count in counts.items() if count > 1)
    slugs = [row["id"] for row in (*seed.sources, *seed.nodes)]
    yield from ((id, "an id is made of small letters, digits and hyphens.") for id in slugs if not SLUG.fullmatch(id))


def relationship_ids_say_what_they_join(seed: Seed) -> Broken:
    """The id of a relationship is made of its ends and its type."""
    for row in seed.relationships:
        stem = f"{row['source']}--{row['type'].lower().replace('_', '-')}--{row['target']}"
        if not re.fullmatch(re.escape(stem) + r"(--[2-9])?", row["id"]):
            yield row["id"], f"by what it joins its id would be {stem}."


def rows_are_sorted(seed: Seed) -> Broken:
    """Rows keep an order, so that a change is a small difference."""
    for name, keys in ORDERS.items():
        order = [[row[key] for key in keys] for row in getattr(seed, name)]
        for before, after in pairwise(order):
            if before > after:
                yield after[-1], f"{name}.csv is sorted by {', '.join(keys)}; this row stands too late."


def cells_are_safe(seed: Seed) -> Broken:
    """No cell that a spreadsheet would take for a formula, no blanks around, no line break."""
    for row in (*seed.sources, *seed.facts):
        for column, cell in row.items():
            if cell != cell.strip() or cell.startswith(FORMULA) or "\n" in cell:
                yield row["id"], f"{column} has a blank around it, a line break, or begins like a formula."


def nodes_are_described(seed: Seed) -> Broken:
    """Every node but an insight has a summary; a person says who may see them."""
    for row in seed.nodes:
        if not (row["summary"] or row["kind"] == "insight"):
            yield row["id"], "it has no summary."
        if row["kind"] == "person" and not row["audience"]:
            yield row["id"], "a person needs an audience."


def nodes_are_joined(seed: Seed) -> Broken:
    """Every node has a relationship."""
    joined = {row[end] for row in seed.relationships for end in ("source", "target")}
    yield from ((row["id"], "nothing joins it to another node.") for row in seed.nodes if row["id"] not in joined)


def nothing_joins_itself(seed: Seed) -> Broken:
    """Nothing is related to itself, and nothing is part of itself, by however many steps."""
    wholes: dict[str, set[str]] = defaultdict(set)
    for row in seed.relationships:
        if row["source"] == row["target"]:
            yield row["id"], "it joins a node to itself."
        elif row["type"] == "PART_OF":
            wholes[row["source"]].add(row["target"])
    yield from ((start, "it is part of itself.") for start in list(wholes) if start in _reached(start, wholes))


def _reached(start: str, wholes: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(wholes[start])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(wholes.get(node, ()))
    return seen


def inferred_facts_say_why(seed: Seed) -> Broken:
    """What follows from a text has a confidence below 1 and a note; what a text states has no confidence."""
    for row in seed.relationships:
        if row["inferred"] and not (0 < _share(row["confidence"]) < 1 and row["note"]):
            yield row["id"], "an inferred fact needs a confidence between 0 and 1 and a note."
        if not row["inferred"] and row["confidence"]:
            yield row["id"], "it has a confidence, so it should be inferred."


def _share(text: str) -> float:
    return float(text) if re.fullmatch(r"\d(\.\d+)?", text) else 0.0


def nothing_is_stated_and_inferred(seed: Seed) -> Broken:
    """The same fact is stated or inferred, never both."""
    said: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in seed.relationships:
        key = (row["type"], row["source"], row["target"])
        said[key].add(row["inferred"])
        if len(said[key]) > 1:
            yield row["id"], "the same fact is stated by one row and inferred by another."


def names_belong_to_one_node(seed: Seed) -> Broken:
    """No two nodes of a kind share a name or an alias, and none has the same name twice."""
    owners: dict[tuple[str, str], str] = {}
    for row in seed.nodes:
        for name in names(row):
            owner = owners.setdefault((row["kind"], folded(name)), row["id"])
            if owner != row["id"]:
                yield row["id"], f"“{name}” is a name of {owner} as well."
        if len({folded(name) for name in names(row)}) < len(names(row)):
            yield row["id"], "it has the same name twice."


def former_posts_say_so(seed: Seed) -> Broken:
    """A post that has ended says so in words too."""
    for row in seed.relationships:
        if attributes(row).get("former") and not re.search("former|previous|past", row["role"] + row["note"]):
            yield row["id"], "neither role nor note says that the post has ended."


def facts_have_evidence(seed: Seed) -> Broken:
    """Every fact cites lines under a heading of a known source."""
    sources = {row["id"] for row in seed.sources}
    for row in seed.facts:
        columns = [row[column].split("|") for column in EVIDENCE]
        if len({len(column) for column in columns}) > 1 or not all(part for column in columns for part in column):
            yield row["id"], "source, section and lines of its evidence do not go together."
        elif not all(LINES.fullmatch(lines) for lines in columns[2]):
            yield row["id"], "lines are written 17 or 302-310."
        for passage in passages(row):
            if passage.source not in sources or not 1 <= passage.first <= passage.last:
                yield row["id"], f"it cites {passage.source}, lines {passage.first} to {passage.last}."


def exceptions_give_a_reason(seed: Seed) -> Broken:
    """A name that is not in the cited lines has a reason."""
    for row in seed.facts:
        if row["name_in_text"] and not REASON.fullmatch(row["name_in_text"]):
            yield row["id"], "name_in_text says no: and why, in ten letters or more."


def lines_exist(seed: Seed) -> Broken:
    """Cited lines and headings are in the text."""
    for row in seed.facts:
        for passage in passages(row):
            lines = seed.texts.get(passage.source)
            if lines is None:
                continue
            if passage.last > len(lines):
                yield row["id"], f"{passage.source} has {len(lines)} lines, not {passage.last}."
            above = folded("\n".join(lines[: passage.first]))
            if not passage.section.startswith("(") and folded(passage.section) not in above:
                yield row["id"], f"“{passage.section}” does not stand above line {passage.first}."


def nodes_are_named(seed: Seed) -> Broken:
    """Each passage that a node cites names it, and each of its names stands in a text."""
    for row in seed.nodes:
        if row["name_in_text"] or not seed.texts:
            continue
        if not all(is_named(row, text) for text in seed.cited(row)):
            yield row["id"], "a passage that it cites does not name it."
        missing = [name for name in names(row) if folded(name) not in seed.whole]
        yield from ((row["id"], f"“{name}” stands in no text.") for name in missing)


def ends_are_named(seed: Seed) -> Broken:
    """The passages of a relationship name both its ends, together."""
    for row in seed.relationships:
        if seed.cited(row) and not row["name_in_text"] and not _is_fully_named(seed, row):
            yield row["id"], "the lines that it cites do not name both its ends."


def no_exception_is_needless(seed: Seed) -> Broken:
    """A reason why a name is not there is given only where it is not there."""
    for row in seed.facts:
        if seed.cited(row) and row["name_in_text"] and _is_fully_named(seed, row):
            yield row["id"], "the names stand in the cited lines, so name_in_text should be empty."


def _is_fully_named(seed: Seed, row: Row) -> bool:
    """Whether its passages name a node, or both ends of a relationship; an end with a reason of its own is let off."""
    texts = seed.cited(row)
    if "kind" in row:
        return all(is_named(row, text) for text in texts)
    ends = [seed.by_id[row[end]] for end in ("source", "target") if row[end] in seed.by_id]
    unnamed = [end for end in ends if not (end["name_in_text"] or is_named(end, "".join(texts)))]
    return all(_is_the_text_itself(end, row) for end in unnamed)


def _is_the_text_itself(node: Row, row: Row) -> bool:
    """A publication that is the cited document need not name itself."""
    return attributes(node).get("source") in {passage.source for passage in passages(row)}


def nothing_is_copied(seed: Seed) -> Broken:
    """Summaries and notes are in own words."""
    known = {run for lines in seed.texts.values() for run in runs("\n".join(lines), COPIED)}
    for row in (*seed.sources, *seed.facts):
        for column in OWN_WORDS:
            if not known.isdisjoint(runs(row.get(column, ""), COPIED)):
                yield row["id"], f"{column} has {COPIED} words in a row from a text."


RULES: tuple[Rule, ...] = (
    ids_are_unique_slugs,
    relationship_ids_say_what_they_join,
    rows_are_sorted,
    cells_are_safe,
    nodes_are_described,
    nodes_are_joined,
    nothing_joins_itself,
    inferred_facts_say_why,
    nothing_is_stated_and_inferred,
    names_belong_to_one_node,
    former_posts_say_so,
    facts_have_evidence,
    exceptions_give_a_reason,
    lines_exist,
    nodes_are_named,
    ends_are_named,
    no_exception_is_needless,
    nothing_is_copied,
)
