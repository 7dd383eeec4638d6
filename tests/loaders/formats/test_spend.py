"""Payments of councils: an excerpt of a real table, the whole of it where it is at hand, and rows made by hand."""

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.model import Audience, Evidence, Identifier, Node, Relationship, Sector, line
from graph.questions import ask
from graph.store import Store, open_store
from loaders.run import load
from tests.loaders.paying import TITLES, amounts, loaded, organisations, payments, row, table, text_of
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import neo4j_store

EXCERPT = Path(__file__).parents[2] / "data" / "spend" / "trafford-supplier-spend-2026-27.csv"
SHARED = Path(os.environ.get("COGS_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
WHOLE = SHARED / "spend" / "trafford-supplier-spend-2026-27.zip"
FILES = [file for file in (EXCERPT, WHOLE) if file.exists()]
TRAFFORD = "gb-lae-trf"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One way of loading is enough here: payments are no native lines."""
    with open_store(str(tmp_path / "network.db")) as store:
        yield store


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


@pytest.mark.parametrize("path", [EXCERPT, pytest.param(WHOLE, marks=pytest.mark.long)], ids=["excerpt", "whole"])
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
    assert any(
        "stand for several payees each, as their numbers differ: Reed Ltd." in remark.reason
        for remark in report.warnings
    )


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
