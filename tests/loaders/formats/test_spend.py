"""Payments of councils: an excerpt of a real table, the whole of it where it is at hand, and rows made by hand."""

import csv
import io
import os
import struct
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.model import Audience, Evidence, Identifier, Node, Relationship, Sector, line
from graph.questions import ask
from graph.store import Store
from loaders.report import Report
from loaders.run import load
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import neo4j_store

EXCERPT = Path(__file__).parents[2] / "data" / "spend" / "trafford-supplier-spend-2026-27.csv"
SHARED = Path(os.environ.get("COGS_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
WHOLE = SHARED / "spend" / "trafford-supplier-spend-2026-27.zip"
FILES = [file for file in (EXCERPT, WHOLE) if file.exists()]
TITLES = ("OrganisationLabel", "BeneficiaryName", "PaymentDate", "Amount")
TRAFFORD = "gb-lae-trf"


def row(payee: str = "Arco Ltd", date: str = "2026-05-29", amount: str = "10.50", *more: str) -> tuple[str, ...]:
    return ("Trafford Council", payee, date, amount, *more)


def text_of(rows: Sequence[Sequence[str]], titles: Sequence[str] = TITLES, delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows([titles, *rows])
    return written.getvalue()


def table(folder: Path, content: str | bytes, name: str = "payments.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def loaded(store: Store, folder: Path, *rows: Sequence[str], titles: Sequence[str] = TITLES) -> Report:
    return load(store, [table(folder, text_of(rows, titles))], by="a test")


def payments(store: Store) -> list[Relationship]:
    return [one for one in store.relationships() if one.type == "PAYS"]


def amounts(store: Store) -> list[float]:
    return sorted(one.amount for one in payments(store) if one.amount is not None)


def organisations(store: Store) -> dict[str, Node]:
    return {node.name: node for node in store.nodes() if node.kind == "organisation"}


def zipped(folder: Path, members: dict[str, str | bytes], name: str = "payments.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def test_what_a_payment_becomes(store: Store, tmp_path: Path) -> None:
    titles = (*TITLES, "BeneficiaryOtherID", "OrganisationURI", "Purpose", "ProclassCode", "CapitalOrRevenue", "Email")
    uri = "https://opendatacommunities.org/id/metropolitan-district-council/trafford"
    given = row("Arco  Ltd", "2026-05-29", "1,234.50", "3536", uri, "Gloves", "NA", "Revenue", "jo@arco.example")
    report = loaded(store, tmp_path, given, titles=titles)
    assert (report.read, report.added, report.rejected) == (1, 7, ())
    assert [(one.line, one.column) for one in report.warnings] == [(2, "OrganisationLabel")]
    assert "taken for Trafford (GB-LAE-TRF)" in report.warnings[0].reason
    source = store.get_sources()["spend-gb-lae-trf-payments"]
    assert line(source) == (
        '{"source":{"id":"spend-gb-lae-trf-payments","title":"Payments by Trafford Council (payments)",'
        '"publisher":"Trafford Council","file":"payments.csv"}}'
    )
    evidence = (Evidence(source=source.id, locator="line 2"),)
    assert organisations(store) == {
        "Trafford Council": Node(
            id=TRAFFORD,
            kind="organisation",
            subkind="council",
            name="Trafford Council",
            sector=Sector.public,
            identifiers=(Identifier(scheme="GB-LAE", value="TRF"),),
            attributes={"uri": uri},
            evidence=evidence,
        ),
        "Arco Ltd": Node(
            id="supplier-gb-lae-trf-3536",
            kind="organisation",
            name="Arco Ltd",
            identifiers=(Identifier(scheme="supplier", value="gb-lae-trf-3536"),),
            evidence=evidence,
        ),
    }
    (paid,) = payments(store)
    assert paid == Relationship(
        id=paid.id,
        type="PAYS",
        source=TRAFFORD,
        target="supplier-gb-lae-trf-3536",
        start="2026-05-29",
        end="2026-05-29",
        amount=1_234.5,
        currency="GBP",
        attributes={"purpose": "Gloves", "capital_or_revenue": "Revenue"},
        evidence=evidence,
    )
    located = [(one.source, one.target) for one in store.relationships() if one.type == "LOCATED_IN"]
    assert located == [(TRAFFORD, "trafford-e08000009")]


def plain(path: Path) -> list[dict[str, str]]:
    """The rows of a table as the csv module reads them."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            (name,) = archive.namelist()
            content = archive.read(name)
    else:
        content = path.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.suffix)
def test_the_real_table_loads_whole_and_a_second_load_changes_nothing(store: Store, path: Path) -> None:
    rows = plain(path)
    report = load(store, [path], by="a test")
    assert (report.read, report.rejected) == (len(rows), ())
    if path == WHOLE:
        assert len(rows) == 38_055
    named = [one for one in rows if one["BeneficiaryName"] != "Redacted"]
    paid = payments(store)
    to_others = [one for one in paid if one.source != one.target]
    assert len(to_others) == len(named)
    assert sum(Decimal(str(one.amount)) for one in paid) == sum(Decimal(one["Amount"]) for one in rows)
    for month in ("2026-04", "2026-05"):
        hidden = [one for one in rows if one["BeneficiaryName"] == "Redacted" and one["PaymentDate"].startswith(month)]
        (summed,) = [one for one in paid if one.source == one.target and one.start == month]
        assert Decimal(str(summed.amount)) == sum(Decimal(one["Amount"]) for one in hidden)
        assert summed.attributes == {"redacted": True, "payments": len(hidden)}
    assert sum((one.amount or 0) < 0 for one in to_others) == sum(one["Amount"].startswith("-") for one in named)
    assert not any("edacted" in name for name in organisations(store))
    exported = [line(thing) for thing in store.export()]
    again = load(store, [path], by="a test")
    assert (again.added, again.changed, again.unchanged) == (0, 0, report.added)
    assert [line(thing) for thing in store.export()] == exported


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.suffix)
def test_both_stores_hold_the_same(store: Store, path: Path, neo4j_server: Neo4jServer) -> None:
    with neo4j_store(neo4j_server) as server:
        reports = [load(one, [path], by="a test") for one in (store, server)]
        assert reports[0] == reports[1]
        assert [line(thing) for thing in store.export()] == [line(thing) for thing in server.export()]
        found = [ask(one, "flows", {"payer": TRAFFORD}).model_dump_json() for one in (store, server)]
        assert found[0] == found[1]
        assert load(server, [path], by="a test").unchanged == reports[0].added


def test_every_payment_names_its_row(store: Store) -> None:
    load(store, [EXCERPT], by="a test")
    rows = plain(EXCERPT)
    for one in payments(store):
        if one.source != one.target:
            number = int((one.evidence[0].locator or "").removeprefix("line "))
            assert one.amount == float(rows[number - 2]["Amount"])
    (april,) = [one for one in payments(store) if one.start == "2026-04"]
    assert [entry.locator for entry in april.evidence] == ["2 lines from 15 to 16"]


def test_the_funder_of_the_grants_and_the_payer_are_one(store: Store) -> None:
    grants = EXCERPT.parents[1] / "360giving" / "trafford-council.json"
    load(store, [EXCERPT, grants], by="a test")
    found = {node.name: node for node in store.nodes() if "Trafford" in node.name and node.subkind == "council"}
    assert list(found) == ["Trafford Council"]
    assert found["Trafford Council"].aliases == ("Trafford Metropolitan Borough Council",)
    assert {one.type for one in store.relationships() if one.source == TRAFFORD} == {"FUNDS", "PAYS", "LOCATED_IN"}
    exported = [line(thing) for thing in store.export()]
    for again in (grants, EXCERPT):
        assert load(store, [again], by="a test").changed == 0
    assert [line(thing) for thing in store.export()] == exported


def test_a_payee_that_was_merged_stays_merged(store: Store) -> None:
    load(store, ["seeds", EXCERPT], by="a test")
    gone = organisations(store)
    pairs = [node.id for node in store.nodes() if node.name == "University of Manchester"]
    assert len(pairs) == 2
    store.merge(next(id for id in pairs if id.startswith("supplier-")), "university-of-manchester", by="a test")
    version = store.version()
    assert load(store, [EXCERPT], by="a test").changed == 0
    assert store.version() == version
    assert len(organisations(store)) == len(gone)


def test_a_table_that_grew_keeps_its_payments(store: Store, tmp_path: Path) -> None:
    loaded(store, tmp_path, row("Arco Ltd"), row("Arco Ltd"), row("Redacted", "2026-05-29", "5"))
    before = {one.id: one.evidence for one in payments(store)}
    more = (row("New Ltd", "2026-06-01"), row("Arco Ltd"), row("Arco Ltd"), row("Redacted", "2026-05-29", "5"))
    report = loaded(store, tmp_path, *more)
    assert (report.added, len(payments(store))) == (2, 4)
    assert set(before) < {one.id for one in payments(store)}


def test_rows_that_are_equal_are_two_payments(store: Store, tmp_path: Path) -> None:
    loaded(store, tmp_path, row(), row(), row())
    assert amounts(store) == [10.5, 10.5, 10.5]
    assert [entry.locator for one in payments(store) for entry in one.evidence] == ["line 2", "line 3", "line 4"]


WITHHELD = [
    *(
        "Redacted",
        "REDACTED",
        "Redcated",
        "Redacted Personal Data",
        "REDACTED PERSONAL DATS",
        "redated",
        "Name Withheld",
    ),
    *("Individual", "Personal data", "Mrs A Jones", "MR SMITH", "Withheld (GDPR) - personal data", "REDACTED-1234"),
]


@pytest.mark.parametrize("name", WITHHELD)
def test_payees_without_a_name_are_summed_under_the_payer(store: Store, tmp_path: Path, name: str) -> None:
    report = loaded(store, tmp_path, row(name, "2026-05-01", "10.10"), row(name, "2026-05-31", "-0.20"), row())
    (summed,) = [one for one in payments(store) if one.source == one.target]
    assert (summed.amount, summed.start, summed.attributes) == (9.9, "2026-05", {"redacted": True, "payments": 2})
    assert sorted(organisations(store)) == ["Arco Ltd", "Trafford Council"]
    assert "2 payments, 9.90 GBP in all" in report.warnings[-1].reason
    assert name not in "".join(line(thing) for thing in store.export()) + report.model_dump_json().replace(
        "redacted", ""
    )


@pytest.mark.parametrize(
    "name", ["Related Ltd", "Confident Conversations Ltd", "Individual Solutions Ltd", "MS Society"]
)
def test_names_that_only_look_withheld_stay(store: Store, tmp_path: Path, name: str) -> None:
    loaded(store, tmp_path, row(name))
    assert name in organisations(store)


def test_a_number_may_be_withheld_too(store: Store, tmp_path: Path) -> None:
    loaded(store, tmp_path, row("Jo Doe", "2026-05-01", "1", "Redacted"), titles=(*TITLES, "Supplier Number"))
    assert list(organisations(store)) == ["Trafford Council"]


@pytest.mark.parametrize(
    ("name", "may_be"),
    [
        ("Jo Doe", True),
        ("J Doe", True),
        ("J. P. Doe", True),
        ("JO DOE", True),
        ("Jo O'Neil", True),
        ("Jo Doe-Smith", True),
        ("Jo Doe T/A Doe Catering", True),
        ("Jo Doe trading as Catering", True),
        ("Jo Doe T/A Catering Ltd", False),
        ("Arco Ltd", False),
        ("Bolton Council", False),
        ("Hollybank Trust", False),
        ("Groundwork", False),
        ("Friends of the Park", False),
    ],
)
def test_who_may_be_a_person_is_kept_in_the_network(store: Store, tmp_path: Path, name: str, may_be: bool) -> None:
    report = loaded(store, tmp_path, row(name))
    assert organisations(store)[name].audience == (Audience.network if may_be else None)
    assert any("may be a person" in remark.reason for remark in report.warnings) == may_be


def test_a_registered_number_speaks_against_a_person(store: Store, tmp_path: Path) -> None:
    loaded(store, tmp_path, row("Grey Matter", "2026-05-01", "1", "07962245"), titles=(*TITLES, "Company Number"))
    found = organisations(store)["Grey Matter"]
    assert (found.id, found.audience) == ("gb-coh-07962245", None)


def test_payees_are_known_by_the_payers_number_and_never_by_name_alone(store: Store, tmp_path: Path) -> None:
    titles = (*TITLES, "Supplier ID")
    rows = [row("Reed Ltd", "2026-05-01", "1", "1"), row("Reed Ltd", "2026-05-01", "2", "2")]
    rows += [row("REED LIMITED", "2026-05-01", "3", "1"), row("Reed & Co", "2026-05-01", "4", "NA")]
    rows += [row("Reed and Co.", "2026-05-01", "5", "")]
    report = loaded(store, tmp_path, *rows, titles=titles)
    targets = {one.amount: one.target for one in payments(store)}
    assert targets[1] == targets[3] != targets[2]
    assert targets[4] == targets[5] == "gb-lae-trf-reed-and-co"
    assert any("1 names stand for two payees each" in remark.reason for remark in report.warnings)


def test_a_placeholder_is_no_number_and_a_wrong_number_keeps_the_row(store: Store, tmp_path: Path) -> None:
    titles = (*TITLES, "Charity Number")
    rows = [row(name, "2026-05-01", "1", "Not yet available") for name in ("A Ltd", "B Ltd", "C Ltd")]
    report = loaded(store, tmp_path, *rows, row("D Ltd", "2026-05-01", "1", "11463N/A4"), titles=titles)
    assert len({one.target for one in payments(store)}) == 4
    reasons = [remark.reason for remark in report.warnings if remark.column == "Charity Number"]
    assert reasons == [
        "'NOT YET AVAILABLE' is no charity number: it only fills the cell. So are 2 more.",
        "'11463N/A4' does not have the form of a charity number, so it joins nothing."
        " Perhaps 1146304, with 0 replaced by N/A.",
    ]


def test_councils_that_are_paid_are_known_too(store: Store, tmp_path: Path) -> None:
    loaded(store, tmp_path, row("Manchester City Council"), row("Manchester City Council Catering"))
    assert organisations(store)["Manchester City Council"].id == "gb-lae-man"
    assert organisations(store)["Manchester City Council Catering"].identifiers == ()


# What a table of one row says of who pays, and the node that is meant.
PAYERS: list[tuple[tuple[str, ...], tuple[str, ...], str]] = [
    (("OrganisationLabel",), ("London Borough of Camden",), "gb-lae-cmd"),
    (("Organisation Name",), ("Hull City Council",), "gb-lae-khl"),
    (("Body Name", "OrganisationURI"), ("Somewhere", "GB-LAE-OLD"), "gb-lae-old"),
    (("Council", "OrganisationURI"), ("Rochdale", "http://opendatacommunities.org/id/x/rochdale"), "gb-lae-rch"),
    (("Organisation",), ("Adur Homes",), "payer-adur-homes"),
    (("OrganisationLabel",), ("Worcester City Council",), "payer-worcester-city-council"),
]


@pytest.mark.parametrize(("titles", "cells", "id"), PAYERS)
def test_who_pays(store: Store, tmp_path: Path, titles: tuple[str, ...], cells: tuple[str, ...], id: str) -> None:
    loaded(store, tmp_path, (*cells, "Arco Ltd", "2026-05-29", "1"), titles=(*titles, *TITLES[1:]))
    assert [one.source for one in payments(store)] == [id]
    assert store.get([id])[id].sector == Sector.public


ABOUT = '{"dc:publisher": {"schema:name": "Oldham Council"}, "dc:license": "OGL 3.0", "url": "payments.csv"}'


@pytest.mark.parametrize(
    ("name", "content", "payer"),
    [
        ("csv-metadata.json", ABOUT, "gb-lae-old"),
        ("payments.csv-metadata.json", '{"dc:publisher": "Wigan Council"}', "gb-lae-wgn"),
        ("csv-metadata.json", '{"dc:publisher": [{"name": "The body", "@id": "GB-LAE-OLD"}]}', "gb-lae-old"),
        ("csv-metadata.json", '{"dc:publisher": "Wigan Council", "tables": [{"url": "other.csv"}]}', None),
        ("csv-metadata.json", '{"dc:publisher": 7}', None),
        ("csv-metadata.json", "[]", None),
        ("csv-metadata.json", "{,}", None),
    ],
)
def test_who_pays_may_stand_beside_the_table(
    store: Store, tmp_path: Path, name: str, content: str, payer: str | None
) -> None:
    table(tmp_path, content, name)
    path = table(tmp_path, text_of([row()[1:]], TITLES[1:]))
    if payer:
        load(store, [path], by="a test")
        assert [one.source for one in payments(store)] == [payer]
        return
    with pytest.raises(InputError) as refused:
        load(store, [path], by="a test")
    assert "nothing says who pays" in refused.value.message
    assert "csv-metadata.json" in refused.value.fix
    assert list(store.export()) == []


# What stands in the second of three rows, in which column that is wrong, and a piece of the reason.
BAD_ROWS: list[tuple[tuple[str, ...], str | None, str]] = [
    (row(""), "BeneficiaryName", "'BeneficiaryName' is missing"),
    (row("  "), "BeneficiaryName", "write Redacted"),
    (row("x" * 1_001), "BeneficiaryName", "1 to 1,000"),
    (row("a\x01b"), "BeneficiaryName", "control characters"),
    (row("A", ""), "PaymentDate", "'PaymentDate' is missing"),
    (row("A", "soon"), "PaymentDate", "'soon' is not a date"),
    (row("A", "2026-02-30"), "PaymentDate", "not a date of the calendar"),
    (row("A", "31/04/2026"), "PaymentDate", "not a date of the calendar"),
    (row("A", "2026"), "PaymentDate", "'2026' is not a date"),
    (row("A", "99/99/9999"), "PaymentDate", "not a date of the calendar"),
    (row("A", "2026-05-01", ""), "Amount", "'Amount' is missing"),
    (row("A", "2026-05-01", "a lot"), "Amount", "'a lot' is not an amount"),
    (row("A", "2026-05-01", "1e6"), "Amount", "'1e6' is not an amount"),
    (row("A", "2026-05-01", "1,23"), "Amount", "'1,23' is not an amount"),
    (row("A", "2026-05-01", "1.234,56"), "Amount", "'1.234,56' is not an amount"),
    (row("A", "2026-05-01", "--5"), "Amount", "'--5' is not an amount"),
    (row("A", "2026-05-01", "(5"), "Amount", "'(5' is not an amount"),
    (row("A", "2026-05-01", "(-5)"), "Amount", "'(-5)' is not an amount"),
    (row("A", "2026-05-01", "NaN"), "Amount", "'NaN' is not an amount"),
    (row("A", "2026-05-01", "#REF!"), "Amount", "'#REF!' is not an amount"),
    (row("A", "2026-05-01", "9" * 17), "Amount", "is no amount of money"),
    (row("A", "2026-05-01", "£"), "Amount", "'£' is not an amount"),
    (row("A", "2026-05-01", "1", "GBP", "more"), None, "6 cells for 5 titles"),
    (row("A", "2026-05-01", "1", "pounds"), "Currency", "'POUNDS' is no currency"),
    (("", "A", "2026-05-01", "1"), "OrganisationLabel", "Nothing says who pays"),
]


@pytest.mark.parametrize(("bad", "column", "reason"), BAD_ROWS)
def test_a_bad_row_is_reported_and_the_others_are_loaded(
    store: Store, tmp_path: Path, bad: tuple[str, ...], column: str | None, reason: str
) -> None:
    titles = (*TITLES, "Currency")
    report = loaded(store, tmp_path, row("A", "2026-05-01", "1"), bad, row("A", "2026-05-01", "3"), titles=titles)
    (remark,) = report.rejected
    assert (remark.line, remark.column) == (3, column)
    assert remark.file.endswith("payments.csv")
    assert reason in remark.reason
    assert remark.reason.endswith(".")
    assert (report.read, amounts(store)) == (3, [1, 3])


@pytest.mark.parametrize(
    ("given", "amount", "currency"),
    [
        ("1234.56", 1_234.56, "GBP"),
        ("1,234.56", 1_234.56, "GBP"),
        ("£1,234,567.80", 1_234_567.8, "GBP"),
        ("-£5", -5, "GBP"),
        ("£-5.00", -5, "GBP"),
        ("(1,234.56)", -1_234.56, "GBP"),
        ("(£7)", -7, "GBP"),
        ("12.50-", -12.5, "GBP"),
        ("12.50 CR", -12.5, "GBP"),
        ("12.50 DR", 12.5, "GBP"),
        ("−3", -3, "GBP"),
        ("+3", 3, "GBP"),
        (".5", 0.5, "GBP"),
        ("5.", 5, "GBP"),
        ("1 234.50", 1_234.5, "GBP"),
        ("\u00a05\u00a0", 5, "GBP"),
        ("Â£5", 5, "GBP"),
        ("€20", 20, "EUR"),
        ("20 EUR", 20, "EUR"),
        ("0.00", 0, "GBP"),
    ],
)
def test_amounts_as_they_are_written(store: Store, tmp_path: Path, given: str, amount: float, currency: str) -> None:
    report = loaded(store, tmp_path, row("Arco Ltd", "2026-05-29", given))
    (paid,) = payments(store)
    assert (paid.amount, paid.currency, report.rejected) == (amount, currency, ())


@pytest.mark.parametrize(
    ("given", "date", "read_as"),
    [
        ("2026-05-29", "2026-05-29", None),
        ("2026-05-29T00:00:00Z", "2026-05-29", None),
        ("2026-05-29 00:00:00", "2026-05-29", None),
        ("20260529", "2026-05-29", None),
        ("2012-01", "2012-01", None),
        ("05/2012", "2012-05", None),
        ("May 2026", "2026-05", None),
        ("May-26", "2026-05", None),
        ("29-May-26", "2026-05-29", None),
        ("29 May 2026", "2026-05-29", None),
        ("1st June 2026", "2026-06-01", None),
        ("42165", "2015-06-10", None),
        ("29/05/2026", "2026-05-29", "day/month/year, as the file shows"),
        ("29.05.26", "2026-05-29", "day/month/year, as the file shows"),
        ("29/05/2026 00:00", "2026-05-29", "day/month/year, as the file shows"),
        ("03/04/2026", "2026-04-03", "day/month/year, as in Britain"),
        ("05/29/2026", "2026-05-29", "month/day/year, as the file shows"),
    ],
)
def test_dates_as_they_are_written(store: Store, tmp_path: Path, given: str, date: str, read_as: str | None) -> None:
    report = loaded(store, tmp_path, row("Arco Ltd", given))
    (paid,) = payments(store)
    assert (paid.start, paid.end) == (date, date)
    told = [remark.reason for remark in report.warnings if remark.column == "PaymentDate"]
    assert len(told) == (read_as is not None)
    assert all((read_as or "") in reason for reason in told)


def test_a_date_that_does_not_fit_the_order_of_the_others_is_refused(store: Store, tmp_path: Path) -> None:
    report = loaded(store, tmp_path, row("A", "29/05/2026"), row("A", "05/29/2026"), row("A", "03/04/2026"))
    assert [(remark.line, remark.column) for remark in report.rejected] == [(3, "PaymentDate")]
    assert sorted(one.start or "" for one in payments(store)) == ["2026-04-03", "2026-05-29"]


GOOD = text_of([row("Café Ltd"), row("Arco Ltd", "2026-05-30", "£2")])


# A table as somebody saved it, and the pieces that its warnings must have besides those about the payer.
WAYS: list[tuple[str, bytes, list[str]]] = [
    ("utf-8", GOOD.encode(), []),
    ("with a byte order mark", GOOD.encode("utf-8-sig"), []),
    ("of Windows", GOOD.encode("cp1252"), ["read as Windows-1252"]),
    ("semicolons", text_of([row("Café Ltd"), row("Arco Ltd", "2026-05-30", "2")], delimiter=";").encode(), []),
    ("tabs", text_of([row("Café Ltd"), row("Arco Ltd", "2026-05-30", "2")], delimiter="\t").encode(), []),
    ("bars", text_of([row("Café Ltd"), row("Arco Ltd", "2026-05-30", "2")], delimiter="|").encode(), []),
    ("ends of Windows", GOOD.replace("\n", "\r\n").encode(), []),
    ("ends of old Macs", GOOD.replace("\n", "\r").encode(), []),
    ("no end", GOOD.rstrip("\n").encode(), []),
    ("everything quoted", "\n".join('"' + line.replace(",", '","') + '"' for line in GOOD.splitlines()).encode(), []),
    ("blank rows", GOOD.replace("\n", "\n,,,\n\n").encode(), []),
    ("lines before", f"Payments over £500\n\nMay 2026,,,\n{GOOD}".encode(), []),
    ("blank titles", GOOD.replace("Amount\n", "Amount,,\n").encode(), []),
    ("a sum", f"{GOOD},Total,,12.50\n".encode(), ["sum of other rows"]),
    ("a grand total", f"{GOOD}Grand Total,,,12.50\n".encode(), ["sum of other rows"]),
    ("titles in capitals", GOOD.replace(",".join(TITLES), ",".join(TITLES).upper()).encode(), []),
    ("titles with blanks", GOOD.replace("PaymentDate", " Payment\u00a0 Date ").encode(), []),
    ("a title twice", GOOD.replace("Amount\n", "Amount,Amount\n").encode(), []),
    ("two amounts", GOOD.replace("Amount\n", "Net Amount,Gross\n").encode(), []),
]


@pytest.mark.parametrize(("content", "warnings"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_tables_as_they_are_saved(store: Store, tmp_path: Path, content: bytes, warnings: list[str]) -> None:
    report = load(store, [table(tmp_path, content)], by="a test")
    assert report.rejected == ()
    assert amounts(store) == [2, 10.5]
    assert {"Café Ltd", "Arco Ltd"} < set(organisations(store))
    others = [remark.reason for remark in report.warnings if "taken for" not in remark.reason]
    assert len(others) == len(warnings)
    assert all(piece in reason for piece, reason in zip(warnings, others, strict=True))


@pytest.mark.parametrize(
    ("payee", "date", "amount"),
    [
        ("Supplier Name", "Payment Date", "Net Amount"),
        ("Vendor Name", "Clearing Date", "Gross"),
        ("Supplier(T)", "GL Date", "Invoiced Value"),
        ("Supplier ID(T)", "Period", "Spend"),
        ("Supplier (Beneficiary) Name", "Date of Payment", "Total (excludes VAT)"),
        ("supplier", "DatePaid", "Invoice Line Value (net of VAT)"),
        ("Beneficiary Name", "Invoice GL Date", "Amount (£)"),
    ],
)
def test_titles_in_use(store: Store, tmp_path: Path, payee: str, date: str, amount: str) -> None:
    titles = ("Organisation", payee, date, amount, "Directotate", "Strange Column")
    report = loaded(store, tmp_path, row("Arco Ltd", "2026-05", "5", "Parks", "strange"), titles=titles)
    assert report.rejected == ()
    assert [one.attributes for one in payments(store)] == [{"unit": "Parks", "strange_column": "strange"}]


def test_net_is_preferred_and_the_rest_is_kept(store: Store, tmp_path: Path) -> None:
    titles = (*TITLES[:3], "Gross", "Net Amount", "Irrecoverable VAT", "Postcode", "Gross")
    loaded(store, tmp_path, row("Arco Ltd", "2026-05-01", "12", "10", "0.00", "OL1 1AA", "13"), titles=titles)
    (paid,) = payments(store)
    assert (paid.amount, paid.attributes) == (10, {"gross": "12", "gross_8": "13"})


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
    path = zipped(tmp_path, {"[Content_Types].xml": "<x/>", "a.csv": GOOD}, "book.xlsx")
    with pytest.raises(InputError):
        load(store, [path], by="a test")


def test_progress_reaches_the_end(store: Store) -> None:
    steps: list[tuple[int, int]] = []
    load(store, [EXCERPT], by="a test", progress=lambda *step: steps.append(step))
    assert steps[-1] == (EXCERPT.stat().st_size,) * 2
    assert steps == sorted(steps)


def test_several_payers_in_one_table(store: Store, tmp_path: Path) -> None:
    rows: list[tuple[Any, ...]] = [row("Redacted"), ("Wigan Council", "Redacted", "2026-05-29", "3")]
    loaded(store, tmp_path, *rows, ("Wigan Council", "Arco Ltd", "2026-05-29", "4"), row("Arco Ltd"))
    assert sorted((one.source, one.target, one.amount) for one in payments(store)) == [
        ("gb-lae-trf", "gb-lae-trf", 10.5),
        ("gb-lae-trf", "gb-lae-trf-arco-ltd", 10.5),
        ("gb-lae-wgn", "gb-lae-wgn", 3),
        ("gb-lae-wgn", "gb-lae-wgn-arco-ltd", 4),
    ]
