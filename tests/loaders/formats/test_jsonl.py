"""JSON Lines: what is read, and for every sort of bad line the line, the column and the reason."""

import json
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.model import line
from graph.store import Store
from loaders.run import load

SOURCE = '{"source":{"id":"s","title":"A list"}}'
NODE = '{"node":{"id":"a","kind":"organisation","name":"A","evidence":[{"source":"s"}]}}'
OTHER = '{"node":{"id":"b","kind":"organisation","name":"B","evidence":[{"source":"s"}]}}'
TIE = '{"relationship":{"id":"r","type":"FUNDS","source":"a","target":"b","evidence":[{"source":"s"}]}}'
GOOD = (SOURCE, NODE, OTHER, TIE)


def node(**values: object) -> str:
    return json.dumps(
        {"node": {"id": "n", "kind": "organisation", "name": "N", "evidence": [{"source": "s"}], **values}}
    )


def tie(**values: object) -> str:
    given = {"id": "t", "type": "FUNDS", "source": "a", "target": "b", "evidence": [{"source": "s"}], **values}
    return json.dumps({"relationship": given})


def written(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "network.jsonl"
    path.write_bytes(b"".join((one if isinstance(one, bytes) else one.encode()) + b"\n" for one in lines))
    return path


# What stands in the fifth line, in which column the fault is, and a piece of the reason.
BAD_LINES: list[tuple[str | bytes, str | None, str]] = [
    (node()[:-20], None, "not whole JSON"),
    ('{"node": {"id": "n", "kind"', None, "cut off"),
    ("[1, 2]", None, "no thing of a network"),
    ("null", None, "no thing of a network"),
    ('"node"', None, "no thing of a network"),
    ("{}", None, "no thing of a network"),
    ('{"nodes": {}}', None, "no thing of a network"),
    ('{"node": []}', None, "no thing of a network"),
    ('{"node": {}, "source": {}}', None, "no thing of a network"),
    (NODE + OTHER, None, "after the object"),
    (NODE + " x", None, "after the object"),
    (
        '{"node":{"id":"n","id":"m","kind":"organisation","name":"N","evidence":[{"source":"s"}]}}',
        None,
        "'id' is given twice",
    ),
    (node().replace('"N"', '"N", "attributes": {"x": 1, "x": 2}'), None, "'x' is given twice"),
    (node(latitude=1).replace(" 1", " NaN"), None, "NaN is not a number"),
    (tie(amount=1).replace(" 1", " Infinity"), None, "Infinity is not a number"),
    (tie(amount=1).replace(" 1", " -Infinity"), None, "-Infinity is not a number"),
    (tie(amount=1).replace(" 1", " 1e999"), None, "too large"),
    (tie(amount=1).replace(" 1", " 1" + "0" * 5_000), None, "too large"),
    (node(attributes={"count": 1}).replace(" 1}", " 12345678901234567890}"), None, "too large"),
    (tie(amount=2 * 10**15), "amount", "between -10^15 and 10^15"),
    (tie(amount="many"), "amount", "Give a number"),
    (node(name="x").replace('"x"', r'"\ud800"'), None, "half a character"),
    (node(attributes={"k": "x"}).replace('"x"', r'"\udfff x"'), None, "half a character"),
    (node(attributes={"k": "x"}).replace('"k"', r'"\udc00"'), None, "half a character"),
    (node(name="a\u0000b"), "name", "control characters"),
    (node(name="Cafe").encode().replace(b"Cafe", b"Caf\xe9"), None, "not UTF-8 (byte"),
    (node(name=""), "name", "1 to 1,000 characters"),
    (node(name="x" * 1_001), "name", "1 to 1,000 characters"),
    (node(id="two words"), "id", "without blanks"),
    (node(id="x" * 201), "id", "at most 200"),
    (node(id=7), "id", "valid string"),
    (node(colour="red"), "colour", "no key 'colour'. Put it under attributes"),
    (tie(weight=1), "weight", "no key 'weight'. Put it under attributes"),
    (node(evidence=[{"source": "s", "page": 3}]), "evidence", "no key 'evidence.0.page'. Leave it out"),
    (node(evidence=[]), "evidence", "at least one piece of evidence"),
    (node(evidence=None), "evidence", "'evidence' is missing"),
    (node(evidence=[{"locator": "line 3"}]), "evidence", "'evidence.0.source' is missing"),
    (node(kind=None), "kind", "'kind' is missing"),
    (node(kind="spaceship"), "kind", "'spaceship' is not a kind of node. Use one of: event, fund"),
    (tie(type="LIKES"), "type", "'LIKES' is not a type of relationship. Use one of:"),
    (tie(type="WORKS_FOR"), "type", "WORKS_FOR cannot run from an organisation to an organisation. It runs from"),
    (tie(target="nobody"), "target", "There is no node 'nobody'"),
    (tie(source="nobody"), "source", "There is no node 'nobody'"),
    (tie(start="09/10/2019"), "start", "Write 2019, 2019-10 or 2019-10-09"),
    (tie(end="2019-02-30"), "end", "not a date of the calendar"),
    (tie(currency="£"), "currency", "three capital letters"),
    (tie(confidence=1.5), "confidence", "from 0 to 1"),
    (tie(strength=-1), "strength", "from 0 to 1"),
    (node(audience="secret"), "audience", "public, network, team or private"),
    (node(sector="charity"), "sector", "Use one of: public, community"),
    (node(latitude=91), "latitude", "from -90 to 90"),
    (node(identifiers=[{"scheme": "GB-CHC"}]), "identifiers", "'identifiers.0.value' is missing"),
    (node(evidence=[{"source": "unknown"}]), "evidence", "names the source 'unknown', which is not there"),
    (tie(evidence=[{"source": "unknown"}]), "evidence", "names the source 'unknown', which is not there"),
    (NODE.replace('"A"', '"Another A"'), "id", "'a' stands in line 2 already and says something else"),
    (SOURCE.replace("A list", "Another list"), "id", "'s' stands in line 1 already"),
    (tie(id="r", amount=5), "id", "'r' stands in line 4 already"),
    (tie(id="no blanks"), "id", "without blanks"),
    ('{"source":{"id":"s2"}}', "title", "'title' is missing"),
    ('{"source":{"id":"s2","title":"T","author":"X"}}', "author", "A source has no key 'author'. Leave it out"),
    (b'{"node":{"name":"' + b"x" * 1_100_000 + b'"}}', None, "longer than 1 MiB"),
    ("[" * 100_000, None, "nested too deeply"),
    ("id,kind,name", None, "not whole JSON"),
]


@pytest.mark.parametrize(
    ("bad", "column", "reason"), BAD_LINES, ids=[f"{n}-{row[2][:24]}" for n, row in enumerate(BAD_LINES)]
)
def test_a_bad_line_is_reported_and_the_others_are_loaded(
    store: Store, tmp_path: Path, bad: str | bytes, column: str | None, reason: str
) -> None:
    path = written(tmp_path, *GOOD, bad, "", node(id="last"))
    report = load(store, [path], by="a test")
    (remark,) = report.rejected
    assert (remark.file, remark.line, remark.column) == (str(path), 5, column)
    assert reason in remark.reason
    assert remark.reason.endswith((".", "…"))
    assert (report.read, report.added) == (6, 5)
    assert [thing.id for thing in store.export()] == ["s", "a", "b", "last", "r"]


def test_the_byte_of_a_wrong_encoding_is_counted_from_the_beginning_of_the_file(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbf" + SOURCE.encode(), NODE.encode().replace(b'"A"', b'"\xe9"'))
    (remark,) = load(store, [path], by="a test").rejected
    assert f"byte {path.read_bytes().index(0xE9) + 1} of the file" in remark.reason


def test_the_line_after_one_that_is_too_long_keeps_its_number(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, SOURCE, b'{"node":"' + b"x" * 3_000_000 + b'"}', node(kind="ship"))
    assert [remark.line for remark in load(store, [path], by="a test").rejected] == [2, 3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \r\n\t\n", "the file is empty"),
        (b"\xef\xbb\xbf\n", "the file is empty"),
        ("\ufeff".encode("utf-16-le") + SOURCE.encode("utf-16-le"), "it is UTF-16"),
        (b"Dear Sir or Madam", "No loader recognises it".lower()),
        (b"\x89PNG\r\n\x1a\n\x00", "no loader recognises it"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(store: Store, tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    good = written(tmp_path, *GOOD)
    with pytest.raises(InputError, match=reason) as refused:
        load(store, [good, path], by="a test")
    assert refused.value.fix
    assert list(store.export()) == []


def test_byte_order_mark_blank_lines_nulls_and_windows_line_ends_are_nothing(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "network.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n\r\n".join((SOURCE, node(id="a", name="A", url=None))).encode())
    assert load(store, [path], by="a test").added == 2
    assert [line(thing) for thing in store.export()] == [SOURCE, NODE]


def test_lines_may_come_in_any_order(store: Store, tmp_path: Path) -> None:
    report = load(store, [written(tmp_path, TIE, OTHER, NODE, SOURCE)], by="a test")
    assert (report.added, report.rejected) == (4, ())
    assert [line(thing) for thing in store.export()] == list(GOOD)


def test_what_was_exported_is_loaded_and_exported_again_byte_for_byte(store: Store, tmp_path: Path) -> None:
    rich = node(
        id="rich", aliases=["É", "🕸"], attributes={"list": [1, 2.5, None, {"x": True}], "text": "\n"}, start="2019-10"
    )
    plain = tie(id="360G-x/1?", amount=0.1, inferred=True, confidence=0.5)
    load(store, [written(tmp_path, *GOOD, rich, plain)], by="a test")
    lines = [line(thing) for thing in store.export()]
    version = store.version()
    report = load(store, [written(tmp_path, *lines)], by="a test")
    assert (report.read, report.unchanged, report.changed, report.added) == (6, 6, 0, 0)
    assert ([line(thing) for thing in store.export()], store.version()) == (lines, version)
