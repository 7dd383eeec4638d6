"""Seed tables: how a row is read, and for every sort of bad row or table the line, the column and the reason."""

import csv
import io
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.model import Evidence, Identifier, Node, Relationship, Source, line
from graph.store import Store
from loaders.run import load

SOURCES = ["id,title,publisher", "s,A text,Somebody"]
NODES = ["id,kind,name,aliases,attributes,identifiers,evidence_source,evidence_section,evidence_lines"]
NODES += ["a,organisation,A,,,,s,Heading,17", "b,organisation,B,,,,s,,"]
TIES = ["id,type,source,target,amount,confidence,inferred,evidence_source,evidence_section,evidence_lines"]
TIES += ["r,FUNDS,a,b,,,,s,,"]


def folder(place: Path, **tables: list[str]) -> Path:
    for name, rows in {"sources": SOURCES, "nodes": NODES, "relationships": TIES, **tables}.items():
        (place / f"{name}.csv").write_text("".join(f"{row}\r\n" for row in rows), encoding="utf-8", newline="")
    return place


NODE_ROW = {
    "id": "plymouth",
    "kind": "place",
    "subkind": "city",
    "name": "Plymouth",
    "aliases": "The Ocean City|Plym",
    "summary": "A city, by the sea",
    "sector": "public",
    "identifiers": "GSS:E06000026",
    "url": "https://plymouth.example",
    "latitude": "50.37",
    "longitude": "-4.14",
    "start": "1439",
    "end": "2019-10-09",
    "audience": "network",
    "attributes": "people=262100|share=0.5|coastal=true|code=007|motto=a=b",
    "evidence_source": "s|s",
    "evidence_section": "One, two|",
    "evidence_lines": "302-310|17",
    "name_in_text": "no: a pronoun",
    "note": "Not certain",
}
TIE_ROW = {
    "id": "a--funds--b",
    "type": "FUNDS",
    "source": "a",
    "target": "b",
    "role": "lead funder",
    "start": "2019-10",
    "end": "2020",
    "amount": "1000.5",
    "currency": "GBP",
    "strength": "0.4",
    "confidence": "0.9",
    "inferred": "TRUE",
    "note": "Follows from the list",
    "audience": "team",
    "attributes": "former=true",
    "evidence_source": "s",
    "evidence_section": "Heading",
    "evidence_lines": "3",
}
SOURCE_ROW = {
    "id": "s",
    "title": "A text",
    "publisher": "P",
    "date": "2020-01",
    "url": "u",
    "licence": "l",
    "file": "f",
}


def test_every_column_of_the_tables(store: Store, tmp_path: Path) -> None:
    path = folder(
        tmp_path, sources=rows(SOURCE_ROW), nodes=[*rows(NODE_ROW), short("a"), short("b")], relationships=rows(TIE_ROW)
    )
    report = load(store, [path], by="a test")
    assert (report.rejected, report.warnings, report.read) == ((), (), 5)
    assert store.get_sources()["s"] == Source.model_validate(SOURCE_ROW)
    assert store.get(["plymouth"])["plymouth"] == Node(
        id="plymouth",
        kind="place",
        subkind="city",
        name="Plymouth",
        aliases=("The Ocean City", "Plym"),
        summary="A city, by the sea",
        sector="public",
        identifiers=(Identifier(scheme="GSS", value="E06000026"),),
        url="https://plymouth.example",
        latitude=50.37,
        longitude=-4.14,
        start="1439",
        end="2019-10-09",
        audience="network",
        attributes={"people": 262100, "share": 0.5, "coastal": True, "code": "007", "motto": "a=b"},
        evidence=(
            Evidence(source="s", locator="One, two, lines 302-310", note="Not certain"),
            Evidence(source="s", locator="line 17"),
        ),
    )
    assert store.get_relationships(["a--funds--b"])["a--funds--b"] == Relationship(
        id="a--funds--b",
        type="FUNDS",
        source="a",
        target="b",
        role="lead funder",
        start="2019-10",
        end="2020",
        amount=1000.5,
        currency="GBP",
        strength=0.4,
        confidence=0.9,
        inferred=True,
        note="Follows from the list",
        audience="team",
        attributes={"former": True},
        evidence=(Evidence(source="s", locator="Heading, line 3"),),
    )


def rows(values: dict[str, str]) -> list[str]:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([values.keys(), values.values()])
    return written.getvalue().splitlines()


def short(id: str) -> str:
    """A node with only what it needs, in the twenty columns of the full table."""
    return f"{id},organisation,,{id},,,,,,,,,,,,s,,,,"


# A row put after the good ones of its table, the column at fault and a piece of the reason.
BAD_ROWS = [
    ("nodes", ",organisation,N,,,,s,,", "id", "'id' is missing"),
    ("nodes", "n,,N,,,,s,,", "kind", "'kind' is missing"),
    ("nodes", "n,organisation,,,,,s,,", "name", "'name' is missing"),
    ("nodes", "n,organisation,N,,,,,,", "evidence_source", "at least one piece of evidence"),
    ("nodes", "n,organisation,N,,,,nowhere,,", "evidence", "names the source 'nowhere'"),
    ("nodes", "n,ship,N,,,,s,,", "kind", "'ship' is not a kind of node"),
    ("nodes", "no slug,organisation,N,,,,s,,", "id", "without blanks"),
    ("nodes", "n,organisation,N,,weight,,s,,", "attributes", "Write key=value"),
    ("nodes", "n,organisation,N,,=3,,s,,", "attributes", "Write key=value"),
    ("nodes", "n,organisation,N,,x=1|x=2,,s,,", "attributes", "'x' is given twice"),
    ("nodes", "n,organisation,N,,,327114,s,,", "identifiers", "Write scheme:value"),
    ("nodes", "n,organisation,N,,,GB-CHC:,s,,", "identifiers", "'identifiers.0.value'"),
    ("nodes", "n,organisation,N,,,,s|s,One|Two|Three,", "evidence_section", "3 entries, evidence_source has 2"),
    ("nodes", "n,organisation,N,,,,s|s,,17", "evidence_lines", "1 entries, evidence_source has 2"),
    ("nodes", "n,organisation,N", None, "3 cells, the header 9"),
    ("nodes", "n,organisation,N,,,,s,,,extra", None, "10 cells, the header 9"),
    ("nodes", "a,organisation,Another,,,,s,,", "id", "stands in line 2 already"),
    ("relationships", "t,FUNDS,a,nobody,,,,s,,", "target", "There is no node 'nobody'"),
    ("relationships", "t,WORKS_FOR,a,b,,,,s,,", "type", "cannot run from"),
    ("relationships", "t,FUNDS,a,b,£5,,,s,,", "amount", "Give a number"),
    ("relationships", "t,FUNDS,a,b,nan,,,s,,", "amount", "between -10^15 and 10^15"),
    ("relationships", 't,FUNDS,a,b,"1,000",,,s,,', "amount", "without signs or commas"),
    ("relationships", "t,FUNDS,a,b,,2,,s,,", "confidence", "from 0 to 1"),
    ("relationships", "t,FUNDS,a,b,,,perhaps,s,,", "inferred", "neither true nor false"),
    ("relationships", "r,FUNDS,a,b,5,,,s,,", "id", "stands in line 2 already"),
    ("sources", "t,,", "title", "'title' is missing"),
    ("sources", "s,Another text,", "id", "stands in line 2 already"),
]


@pytest.mark.parametrize(("table", "bad", "column", "reason"), BAD_ROWS)
def test_a_bad_row_is_reported_and_the_others_are_loaded(
    store: Store, tmp_path: Path, table: str, bad: str, column: str | None, reason: str
) -> None:
    good = {"sources": SOURCES, "nodes": NODES, "relationships": TIES}[table]
    path = folder(tmp_path, **{table: [*good, bad]})
    report = load(store, [path], by="a test")
    (remark,) = report.rejected
    assert (remark.file, remark.line, remark.column) == (f"{path}/{table}.csv", len(good) + 1, column)
    assert reason in remark.reason
    assert (report.read, report.added) == (5, 4)


# A table, what stands in it, and a piece of the message that refuses all of it.
BAD_TABLES: list[tuple[str, str | bytes, str]] = [
    ("nodes", "id,kind,evidence_source\na,organisation,s\n", "line 1: the column 'name' is missing"),
    ("nodes", "id,kind,name\na,organisation,A\n", "line 1: the column 'evidence_source' is missing"),
    ("relationships", "id,type,source,evidence_source\nr,FUNDS,a,s\n", "the column 'target' is missing"),
    ("sources", "id,name\ns,A\n", "the column 'title' is missing"),
    ("nodes", "id,kind,name,name,evidence_source\na,organisation,A,B,s\n", "the column 'name' is there twice"),
    ("nodes", "id;kind;name;evidence_source\na;organisation;A;s\n", "not separated by commas"),
    ("nodes", "id\tkind\tname\tevidence_source\na\torganisation\tA\ts\n", "not separated by commas"),
    (
        "nodes",
        'id,kind,name,evidence_source\nb,organisation,B,s\na,organisation,"A,s\nc,organisation,C,s\n',
        "line 3: the row",
    ),
    ("nodes", 'id,kind,name,evidence_source\na,organisation,"A" and B,s\n', "line 2: the row that begins here"),
    (
        "nodes",
        "id,kind,name,evidence_source\na,organisation,Caf\xe9,s\n".encode("cp1252"),
        "line 2: it is not UTF-8 (byte 48",
    ),
    (
        "nodes",
        "id,kind,name,evidence_source\na,organisation," + "x" * 140_000 + ",s\n",
        "line 2: the row that begins here",
    ),
]


@pytest.mark.parametrize(("table", "content", "message"), BAD_TABLES)
def test_a_table_that_is_none_is_refused_whole(
    store: Store, tmp_path: Path, table: str, content: str | bytes, message: str
) -> None:
    path = folder(tmp_path)
    (path / f"{table}.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as refused:
        load(store, [path], by="a test")
    assert message in refused.value.message
    assert refused.value.fix
    assert list(store.export()) == []


def test_tables_can_be_loaded_one_by_one_in_any_order_of_one_command(store: Store, tmp_path: Path) -> None:
    path = folder(tmp_path)
    files = [path / f"{name}.csv" for name in ("relationships", "nodes", "sources")]
    report = load(store, files, by="a test")
    assert (report.added, report.rejected) == (4, ())
    assert load(store, [path], by="a test").unchanged == 4


def test_a_table_is_known_by_its_columns_whatever_its_name(store: Store, tmp_path: Path) -> None:
    (folder(tmp_path) / "sources.csv").rename(tmp_path / "list of texts.csv")
    assert load(store, [tmp_path / "list of texts.csv"], by="a test").added == 1
    assert list(store.get_sources()) == ["s"]


def test_a_column_that_nobody_reads_is_named(store: Store, tmp_path: Path) -> None:
    report = load(store, [folder(tmp_path, sources=["id,title,colour", "s,A text,red"])], by="a test")
    (remark,) = report.warnings
    assert (remark.line, remark.column) == (1, "colour")
    assert "not loaded" in remark.reason


def test_lines_are_counted_through_cells_of_several_lines(store: Store, tmp_path: Path) -> None:
    nodes = [NODES[0], 'a,organisation,"A\nwith a break",,,,s,,', "", "b,ship,B,,,,s,,"]
    report = load(store, [folder(tmp_path, nodes=nodes)], by="a test")
    assert [(remark.line, remark.column) for remark in report.rejected] == [(5, "kind"), (2, "target")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [("'=1+1", "=1+1"), ("'-5", "-5"), ("'@x", "@x"), ("''=1", "'=1"), ("'Tis so", "'Tis so"), ("+1", "+1")],
)
def test_only_what_our_export_put_before_a_formula_is_taken_off(
    store: Store, tmp_path: Path, cell: str, text: str
) -> None:
    load(store, [folder(tmp_path, nodes=[*NODES, f"n,organisation,{cell},,,,s,,"])], by="a test")
    assert store.get(["n"])["n"].name == text


def test_a_byte_order_mark_is_skipped(store: Store, tmp_path: Path) -> None:
    path = folder(tmp_path)
    for file in path.glob("*.csv"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load(store, [path], by="a test").added == 4


def test_the_seed_graph_loads_whole_and_a_second_load_changes_nothing(store: Store) -> None:
    report = load(store, ["seeds"], by="a test")
    assert (report.rejected, report.warnings, report.added) == ((), (), report.read)
    exported = [line(thing) for thing in store.export()]
    again = load(store, ["seeds"], by="a test")
    assert (again.read, again.unchanged, again.added, again.changed) == (report.read, report.read, 0, 0)
    assert [line(thing) for thing in store.export()] == exported
