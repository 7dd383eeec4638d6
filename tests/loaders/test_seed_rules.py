"""Each rule of the seed tables notices the fault it is for, and nothing else does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.vocabulary import load_vocabulary
from loaders.finding import SEED_TABLES
from loaders.seed_rules import RULES, findings
from loaders.seed_tables import Row, Seed, read_seed

TEXT = [
    "The Green Road",
    "",
    "Yew Hall in Ashton and its reader Ann Lee have begun to plant trees along every lane of the old town.",
    "",
]
EMPTY = dict.fromkeys(("aliases", "summary", "sector", "audience", "attributes", "note", "role", "name_in_text"), "")
CITES = {"evidence_source": "road", "evidence_section": "The Green Road", "evidence_lines": "3"}


def node(id: str, kind: str, name: str, **cells: str) -> dict[str, str]:
    audience = "public" if kind == "person" else ""
    return EMPTY | CITES | {"id": id, "kind": kind, "name": name, "summary": "Short.", "audience": audience} | cells


def tie(source: str, type: str, target: str, **cells: str) -> dict[str, str]:
    id = f"{source}--{type.lower().replace('_', '-')}--{target}"
    given = {"id": id, "type": type, "source": source, "target": target, "inferred": "", "confidence": ""}
    return EMPTY | CITES | given | cells


ANN = node("ann-lee", "person", "Ann Lee")
HALL = node("yew-hall", "organisation", "Yew Hall")
ASHTON = node("ashton", "place", "Ashton")
READS = tie("ann-lee", "WORKS_FOR", "yew-hall")
STANDS = tie("yew-hall", "LOCATED_IN", "ashton")
INFERRED = {"inferred": "true", "confidence": "0.9", "note": "It follows."}


def seed(nodes: list[Row], relationships: list[Row]) -> Seed:
    return Seed([{"id": "road", "title": "Road"}], nodes, relationships, load_vocabulary(), {"road": TEXT})


SOUND = seed([HALL, ANN, ASHTON], [STANDS, READS])


def in_relationships(*rows: Row) -> Callable[[Seed], Seed]:
    return lambda sound: replace(sound, relationships=rows)


def in_nodes(*rows: Row) -> Callable[[Seed], Seed]:
    return lambda sound: replace(sound, nodes=rows)


def test_sound_tables_break_no_rule() -> None:
    assert findings(SOUND) == []


@pytest.mark.parametrize(
    ("rule", "spoil", "said"),
    [
        ("ids_are_unique_slugs", in_nodes(HALL, ANN, ASHTON, ASHTON), "ashton: several rows have this id."),
        ("ids_are_unique_slugs", in_nodes(HALL, ANN, ASHTON | {"id": "Ash ton"}), "an id is made of small letters"),
        ("relationship_ids_say_what_they_join", in_relationships(STANDS, READS | {"id": "x"}), "x: by what it joins"),
        ("rows_are_sorted", in_nodes(ANN, HALL, ASHTON), "yew-hall: nodes.csv is sorted by kind, id"),
        ("cells_are_safe", in_nodes(HALL | {"summary": "=1+1"}, ANN, ASHTON), "yew-hall: summary has"),
        ("nodes_are_described", in_nodes(HALL | {"summary": ""}, ANN, ASHTON), "yew-hall: it has no summary."),
        ("nodes_are_described", in_nodes(HALL, ANN | {"audience": ""}, ASHTON), "ann-lee: a person needs"),
        ("nodes_are_joined", in_relationships(READS), "ashton: nothing joins it"),
        (
            "nothing_joins_itself",
            in_relationships(STANDS, tie("ashton", "PART_OF", "yew-hall"), tie("yew-hall", "PART_OF", "ashton"), READS),
            "ashton: it is part of itself.",
        ),
        ("nothing_joins_itself", in_relationships(STANDS, tie("ann-lee", "KNOWS", "ann-lee"), READS), "to itself."),
        ("inferred_facts_say_why", in_relationships(STANDS | {"confidence": "0.9"}, READS), "it has a confidence"),
        ("inferred_facts_say_why", in_relationships(STANDS | {**INFERRED, "note": ""}, READS), "and a note."),
        ("inferred_facts_say_why", in_relationships(STANDS | {**INFERRED, "confidence": "1"}, READS), "a confidence"),
        (
            "nothing_is_stated_and_inferred",
            in_relationships(STANDS, STANDS | INFERRED | {"id": f"{STANDS['id']}--2"}, READS),
            "stated by one row and inferred by another",
        ),
        ("names_belong_to_one_node", in_nodes(HALL, node("yew", "organisation", "yew hall"), ANN, ASHTON), "as well."),
        ("names_belong_to_one_node", in_nodes(HALL | {"aliases": "Yew-Hall"}, ANN, ASHTON), "the same name twice."),
        ("former_posts_say_so", in_relationships(STANDS, READS | {"attributes": "former=true"}), "has ended"),
        ("facts_have_evidence", in_nodes(HALL | {"evidence_source": ""}, ANN, ASHTON), "do not go together"),
        ("facts_have_evidence", in_nodes(HALL | {"evidence_source": "lane"}, ANN, ASHTON), "it cites lane, lines 3"),
        ("facts_have_evidence", in_nodes(HALL | {"evidence_lines": "line 3"}, ANN, ASHTON), "lines are written"),
        ("exceptions_give_a_reason", in_nodes(HALL | {"name_in_text": "no"}, ANN, ASHTON), "says no: and why"),
        ("lines_exist", in_nodes(HALL | {"evidence_lines": "3-9"}, ANN, ASHTON), "has 4 lines, not 9"),
        ("lines_exist", in_nodes(HALL | {"evidence_section": "The End"}, ANN, ASHTON), "“The End” does not stand"),
        ("nodes_are_named", in_nodes(HALL | {"evidence_lines": "1"}, ANN, ASHTON), "does not name it"),
        ("nodes_are_named", in_nodes(HALL | {"aliases": "Oak Hall"}, ANN, ASHTON), "“Oak Hall” stands in no text."),
        ("ends_are_named", in_relationships(STANDS | {"evidence_lines": "1"}, READS), "do not name both its ends"),
        (
            "no_exception_is_needless",
            in_relationships(STANDS | {"name_in_text": "no: a pronoun stands for it"}, READS),
            "so name_in_text should be empty",
        ),
        (
            "nothing_is_copied",
            in_nodes(HALL | {"summary": "They plant trees along every lane of the old town."}, ANN, ASHTON),
            "",
        ),
        (
            "nothing_is_copied",
            in_nodes(HALL | {"summary": "Begun to plant trees along every lane of the old town."}, ANN, ASHTON),
            "summary has 10 words in a row from a text",
        ),
    ],
)
def test_each_rule_notices_its_fault(rule: str, spoil: Callable[[Seed], Seed], said: str) -> None:
    spoilt = spoil(SOUND)
    noticed = {one.__name__: [f"{id}: {text}" for id, text in one(spoilt)] for one in RULES}
    assert [text for text in noticed[rule] if said in text] or not said, noticed
    if not said:
        assert noticed[rule] == []


def test_every_rule_has_a_fault_that_it_notices() -> None:
    (mark,) = test_each_rule_notices_its_fault.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in mark.args[1]} == {rule.__name__ for rule in RULES}


def test_without_the_texts_only_the_tables_are_checked() -> None:
    assert findings(replace(SOUND, texts={}, nodes=[HALL | {"aliases": "Oak Hall"}, ANN, ASHTON])) == []


def test_texts_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_seed(SEED_TABLES, load_vocabulary(), documents=tmp_path)
