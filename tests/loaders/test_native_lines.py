"""What the patterns of native lines take, the model takes too, and says the same of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Node, Relationship, line
from graph.store.packed import facts_of
from graph.store.records import Batch
from loaders.native_lines import NODE_LINE, RELATIONSHIP_LINE, native, read_node, read_relationship
from tests.graph.exports.networks import batches

NODE = '{"node":{"id":"a","kind":"organisation","name":"A","evidence":[{"source":"s"}]}}'
TIE = '{"relationship":{"id":"r","type":"FUNDS","source":"a","target":"b","evidence":[{"source":"s"}]}}'


def assert_alike(text: str) -> None:
    facts = read_node(text) or read_relationship(text)
    if facts is None:
        return  # the model decides
    thing = native(text.encode())
    assert isinstance(thing, Node | Relationship), "the pattern takes what the model refuses"
    row, cited, naming = facts_of(thing, thing.canonical())
    assert facts[0] == row
    assert list(facts[1]) == list(cited)
    if facts[2] or naming:
        assert facts[2] and naming
        assert [list(part or "") for part in facts[2]] == [list(part or "") for part in naming]


@given(st.from_regex(NODE_LINE, fullmatch=True) | st.from_regex(RELATIONSHIP_LINE, fullmatch=True))
def test_whatever_has_the_form_is_a_line_of_our_own(text: str) -> None:
    assert_alike(text)


@given(batches())
def test_lines_of_any_network_say_the_same_either_way(batch: Batch) -> None:
    for node in batch.nodes:
        assert_alike(line(node))
    for relationship in batch.relationships:
        assert_alike(line(relationship))


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ('"name":"A"', '"name":"A & B, Ó and 東京","aliases":["x","y z"],"summary":"S","sector":"public"'),
        ('"name":"A"', '"name":"A","identifiers":[{"scheme":"GB-CHC","value":"1 2"},{"scheme":"X","value":"a:b"}]'),
        ('"name":"A"', '"name":"A","url":"https://a.example","start":"2019","end":"2020-02-29","audience":"team"'),
        ('{"source":"s"}', '{"source":"s","locator":"row 1","recorded_at":"2019-10"},{"source":"t","quote":"q"}'),
        ('"target":"b"', '"target":"b","start":"2019-10-09","role":"chair","amount":-12.5,"currency":"GBP"'),
        ('"target":"b"', '"target":"b","amount":0,"strength":0.125,"confidence":1.0,"inferred":true,"note":"n"'),
    ],
)
def test_the_form_is_seen_in_lines_that_say_much(given: str, becomes: str) -> None:
    for text in (NODE, TIE):
        if given in text:
            said = text.replace(given, becomes)
            assert read_node(said) or read_relationship(said)
            assert_alike(said)


# Each differs from a native line in one thing that only the model, or a careful reader, can judge.
@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ('"A"', '" A"'),  # blanks are taken off
        ('"A"', '"A\u00a0"'),
        ('"A"', '"\u2003A"'),
        ('"A"', '""'),
        ('"A"', f'"{"x" * 1_001}"'),
        ('"A"', r'"A\u0041"'),
        ('"A"', '"A\x00"'),
        ('"A"', '"A","aliases":[]'),
        ('"A"', '"A","summary":""'),
        ('"A"', '"A","sector":"charity"'),
        ('"A"', '"A","start":"2019-02-30"'),
        ('"A"', '"A","start":"0000"'),
        ('"A"', '"A","end":"2020","start":"2019"'),
        ('"A"', '"A","name":"B"'),
        ('"A"', '"A","attributes":{"x":1}'),
        ('"A"', '"A","audience":"secret"'),
        ('"id":"a"', '"id":"a b"'),
        ('"id":"r"', '"id":"r b"'),
        ('"b"', '"b","amount":1.50'),
        ('"b"', '"b","amount":01'),
        ('"b"', '"b","amount":-0'),
        ('"b"', '"b","amount":1e3'),
        ('"b"', '"b","amount":0.00001'),
        ('"b"', '"b","amount":1234567890123456'),
        ('"b"', '"b","strength":1'),
        ('"b"', '"b","confidence":1.5'),
        ('"b"', '"b","inferred":false'),
        ('"b"', '"b","currency":"gbp"'),
        ('"evidence":[{"source":"s"}]', '"evidence":[]'),
        ('{"source":"s"}', '{"source":"s"},'),
        ('{"source":"s"}', '{"source":"s","locator":""}'),
        ('{"source":"s"}', '{"source":"s","recorded_at":"2019-13"}'),
        ('{"source":"s"}', '{"source":"s"},{"source":"s","recorded_at":"2019-13"}'),
        ("}]}}", "}]}} "),
        ("}]}}", "}]}}}"),
        ('{"', '{ "'),
    ],
)
def test_what_the_form_does_not_settle_is_left_to_the_model(given: str, becomes: str) -> None:
    texts = [text.replace(given, becomes, 1) for text in (NODE, TIE) if given in text]
    assert texts
    for text in texts:
        assert read_node(text) is None
        assert read_relationship(text) is None
