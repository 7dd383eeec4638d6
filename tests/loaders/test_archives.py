"""Tables that are not whole, and zips: what they hold, and what they say of themselves that is not so."""

import struct
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.store import Store
from loaders.run import load
from tests.loaders.paying import TITLES, amounts, payments, row, table, text_of, zipped

# A file that cannot be read as a whole, and a piece of the message.
BROKEN: list[tuple[str, bytes, str]] = [
    (
        "a.csv",
        b'OrganisationLabel,Supplier,Date,Amount\nT,"A,2026-05-01,1\nT,B,2026-05-01,2\n',
        "line 2: its cells cannot",
    ),
    ("a.csv", b'OrganisationLabel,Supplier,Date,Amount\nT,"A"B,2026-05-01,1\n', "line 2: its cells cannot"),
    ("a.csv", b"OrganisationLabel,Supplier,Date,Amount\n", "it holds no rows"),
    ("a.csv", b"OrganisationLabel,Supplier,Date,Amount\n\n,,,\n", "it holds no rows"),
    (
        "a.csv",
        b"OrganisationLabel,Supplier,Date,Amount\nT,\x81\xff,2026-05-01,1\n",
        "neither UTF-8 nor Windows-1252 (byte 42",
    ),
    ("a.csv", b"Supplier,Date,Amount\nA,2026-05-01,1\n", "line 1: nothing says who pays"),
    ("a.csv", b"Supplier,Amount\nA,1\n", "No loader recognises it"),
    ("a.csv", b"\n" * 60 + b"Council,Supplier,Date,Amount\nT,A,2026-05-01,1\n", "No loader recognises it"),
    ("a.zip", b"PK\x03\x04 and nothing more", "no whole zip"),
    ("a.csv", "OrganisationLabel,Supplier,Date,Amount\n".encode("utf-16"), "UTF-16"),
]


@pytest.mark.parametrize(("name", "content", "message"), BROKEN)
def test_a_table_that_is_not_whole_is_refused_whole(
    store: Store, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        load(store, [table(tmp_path, content, name)], by="a test")
    assert message.lower() in refused.value.message.lower()
    assert refused.value.fix
    assert list(store.export()) == []


def test_a_table_without_its_titles_says_which_they_are(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        load(store, [table(tmp_path, "Supplier,Amount\nA,1\n")], by="a test", loader="spend")
    assert "titles for payee, amount and date" in refused.value.message
    assert "Supplier Name" in refused.value.fix


def test_several_tables_in_a_zip(store: Store, tmp_path: Path) -> None:
    may = text_of([row("Arco Ltd", "2026-05-29", "1"), row("Redacted", "2026-05-29", "2")])
    year = text_of(
        [row("Arco Ltd", "2026-06-01", "3"), row("Arco Ltd", "2026-05-29", "1"), row("A", "2026-06-01", "x")]
    )
    members: dict[str, str | bytes] = {
        "2026/may.csv": may,
        "2026/../year.CSV": year,
        "notes.pdf": b"%PDF",
        "x.csv": "a,b\n1,2",
    }
    report = load(store, [zipped(tmp_path, members)], by="a test")
    assert (report.read, amounts(store)) == (5, [1, 2, 3])
    located = {entry.locator for one in payments(store) for entry in one.evidence}
    assert located == {"2026/may.csv, line 2", "2026/may.csv, line 3", "2026/../year.CSV, line 2"}
    names = [(Path(remark.file).name, remark.line, remark.reason) for remark in report.rejected]
    assert [(name, line) for name, line, _ in names] == [("year.CSV", 4), ("x.csv", None)]
    assert "titles for payee" in names[1][2]
    told = "\n".join(remark.reason for remark in report.warnings)
    assert "notes.pdf is no table" in told
    assert "1 rows stand in another table of the file too" in told
    assert load(store, [tmp_path / "payments.zip"], by="a test").added == 0


def test_a_zip_may_say_who_pays(store: Store, tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "a.csv": text_of([row()[1:]], TITLES[1:]),
        "csv-metadata.json": '{"dc:publisher": "Wigan Council", "dc:license": "OGL 3.0", "url": "a.csv"}',
    }
    report = load(store, [zipped(tmp_path, members)], by="a test")
    assert [one.source for one in payments(store)] == ["gb-lae-wgn"]
    assert [one.licence for one in store.get_sources().values() if one.file == "payments.zip"] == ["OGL 3.0"]
    assert len(report.warnings) == 1


def patched(path: Path, signature: bytes, offset: int, value: bytes) -> None:
    """Overwrite a field of the first record with this signature."""
    content = bytearray(path.read_bytes())
    place = content.index(signature) + offset
    content[place : place + len(value)] = value
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("signature", "offset", "value", "message"),
    [
        (b"PK\x01\x02", 24, struct.pack("<L", 3 * 1024**3), "would unpack to 3,221,225,472 bytes"),
        (b"PK\x01\x02", 24, struct.pack("<L", 60), "it is damaged"),  # says less than there is
        (b"PK\x01\x02", 16, b"\0\0\0\0", "it is damaged"),  # the checksum
        (b"PK\x01\x02", 8, struct.pack("<H", 1), "locked with a password"),
        (b"PK\x01\x02", 10, struct.pack("<H", 14), "packed in an unusual way"),
        (b"PK\x03\x04", 0, b"XX", "it is damaged"),
    ],
)
def test_a_zip_that_is_not_what_it_says_is_refused(
    store: Store, tmp_path: Path, signature: bytes, offset: int, value: bytes, message: str
) -> None:
    path = zipped(tmp_path, {"a.csv": text_of([row()] * 50)})
    patched(path, signature, offset, value)
    with pytest.raises(InputError) as refused:
        load(store, [path], by="a test")
    assert message in refused.value.message
    assert list(store.export()) == []


def test_a_zip_bomb_is_refused_before_it_is_unpacked(store: Store, tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.csv": text_of([row()]).encode() + b"\n" * 20_000_000})
    assert path.stat().st_size < 50_000
    with pytest.raises(InputError) as refused:
        load(store, [path], by="a test")
    assert "more than a table of payments can be" in refused.value.message


def test_a_zip_of_many_files_is_refused(store: Store, tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {f"{number}.csv": text_of([row()]) for number in range(1_001)}
    with pytest.raises(InputError) as refused:
        load(store, [zipped(tmp_path, members)], by="a test")
    assert "it holds 1,001 files" in refused.value.message


def test_a_workbook_is_no_zip_of_tables(store: Store, tmp_path: Path) -> None:
    path = zipped(tmp_path, {"[Content_Types].xml": "<x/>", "a.csv": text_of([row()])}, "book.xlsx")
    with pytest.raises(InputError):
        load(store, [path], by="a test")
