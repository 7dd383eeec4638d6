"""360Giving packages: excerpts of three publishers, the whole files where they are at hand, and rows made by hand."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.model import Evidence, Identifier, Node, Relationship, Sector, line
from graph.store import Store
from loaders.report import Report
from loaders.run import load

EXCERPTS = Path(__file__).parents[2] / "data" / "360giving"
REAL = Path(os.environ.get("COGS_TEST_DATA", Path(__file__).parents[4] / "shared" / "data")) / "360giving"
RECIPIENT = "recipientOrganization"
PUBLISHERS = ("lloyds-bank-foundation", "power-to-change", "trafford-council")
FILES = [folder / f"{name}.json" for folder in (EXCERPTS, REAL) for name in PUBLISHERS if folder.is_dir()]


def organisation(id: str = "GB-CHC-1136419", name: str = "Women's Aid Leicestershire", **values: Any) -> dict[str, Any]:
    return {"id": id, "name": name, **values}


FUNDER = organisation("GB-CHC-327114", "Lloyds Bank Foundation for England and Wales")


def grant(number: int = 1, *recipients: dict[str, Any], **values: Any) -> dict[str, Any]:
    given = {
        "id": f"360G-LBFEW-{number}",
        "title": "A grant",
        "description": "For work",
        "currency": "GBP",
        "amountAwarded": 15_000,
        "awardDate": "2015-06-10T00:00:00+00:00",
        "recipientOrganization": list(recipients) or [organisation()],
        "fundingOrganization": [FUNDER],
        **values,
    }
    return {key: value for key, value in given.items() if value is not None}


def package(folder: Path, *grants: Any, name: str = "grants", **around: Any) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**around, "grants": list(grants)}, indent=1), encoding="utf-8")
    return path


def loaded(store: Store, folder: Path, *grants: Any, **around: Any) -> Report:
    return load(store, [package(folder, *grants, **around)], by="a test")


def organisations(store: Store) -> dict[str, Node]:
    return {node.id: node for node in store.nodes() if node.kind == "organisation"}


def grants(store: Store) -> dict[str, Relationship]:
    return {one.id: one for one in store.relationships() if one.type == "FUNDS"}


def whole_grant() -> dict[str, Any]:
    """A grant with every field that the standard has and we read."""
    whole = grant(
        url="https://grants.example/1",
        amountAppliedFor=20_000,
        plannedDates=[{"startDate": "2015-07-01", "endDate": "2016-06-30T00:00:00Z", "duration": 12}],
        grantProgramme=[{"code": "ES", "title": "Enable South", "url": "https://programme.example"}],
        beneficiaryLocation=[{"name": "Leicester", "geoCode": "E06000016"}],
        id_and_name="made by a tool",
        recipientWardName="made by a tool",
    )
    whole["recipientOrganization"] = [
        organisation(
            charityNumber=1136419,
            companyNumber="07962245",
            postalCode="LE1 1AA",
            addressLocality="Leicester",
            streetAddress="PO Box 26",
            telephone="0116",
            contactName="Somebody",
            url="http://wa-leicester.org.uk",
            description="Helps women",
        )
    ]
    return whole


def test_what_a_grant_becomes(store: Store, tmp_path: Path) -> None:
    report = loaded(store, tmp_path, whole_grant(), title="Our grants", license="CC BY 4.0", publisher={"name": "Us"})
    assert (report.read, report.added, report.rejected, report.warnings) == (1, 4, (), ())
    (source,) = store.get_sources().values()
    assert line(source) == (
        '{"source":{"id":"360giving-lbfew-grants","title":"Our grants","publisher":"Us",'
        '"licence":"CC BY 4.0","file":"grants.json"}}'
    )
    evidence = (Evidence(source=source.id, locator="grants/0"),)
    assert organisations(store) == {
        "gb-chc-327114": Node(
            id="gb-chc-327114",
            kind="organisation",
            name="Lloyds Bank Foundation for England and Wales",
            sector=Sector.funder,
            identifiers=(Identifier(scheme="GB-CHC", value="327114"),),
            evidence=evidence,
        ),
        "gb-chc-1136419": Node(
            id="gb-chc-1136419",
            kind="organisation",
            name="Women's Aid Leicestershire",
            summary="Helps women",
            sector=Sector.community,
            identifiers=(
                Identifier(scheme="GB-CHC", value="1136419"),
                Identifier(scheme="GB-COH", value="07962245"),
            ),
            url="http://wa-leicester.org.uk",
            attributes={"postal_code": "LE1 1AA", "locality": "Leicester"},
            evidence=evidence,
        ),
    }
    assert grants(store) == {
        "360G-LBFEW-1": Relationship(
            id="360G-LBFEW-1",
            type="FUNDS",
            source="gb-chc-327114",
            target="gb-chc-1136419",
            start="2015-06-10",
            end="2016-06-30",
            amount=15_000,
            currency="GBP",
            attributes={
                "title": "A grant",
                "description": "For work",
                "url": "https://grants.example/1",
                "amount_applied_for": 20_000,
                "planned_dates": [{"startDate": "2015-07-01", "endDate": "2016-06-30T00:00:00Z", "duration": 12}],
                "beneficiary_location": [{"name": "Leicester", "geoCode": "E06000016"}],
                "programme": "Enable South",
                "programme_code": "ES",
                "programme_url": "https://programme.example",
            },
            evidence=evidence,
        )
    }


# Numbers of the whole files: grants and recipients as SOURCES.md of the data states them (power-to-change: 694 ids, of
# which two are marked as people and two belong to one body by its charity number).
WHOLE = {
    "lloyds-bank-foundation": (4116, 4116, 3624),
    "power-to-change": (870, 868, 691),
    "trafford-council": (555, 555, 323),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_second_load_changes_nothing_and_every_amount_is_kept(store: Store, path: Path) -> None:
    report = load(store, [path], by="a test")
    exported = [line(thing) for thing in store.export()]
    again = load(store, [path], by="a test")
    assert (again.added, again.changed, again.unchanged) == (0, 0, report.added)
    assert [line(thing) for thing in store.export()] == exported
    given = json.loads(path.read_text(encoding="utf-8"))["grants"]
    people = sum(one["recipientOrganization"][0].get("organisationType") == "Individual" for one in given)
    assert len(grants(store)) == len(given) - people
    if path.parent == REAL:
        funded = grants(store).values()
        assert (report.read, len(funded), len({one.target for one in funded})) == WHOLE[path.stem]
        assert report.rejected == ()
    by_id = {one["id"]: one for one in given}
    assert all(one.amount == by_id[id]["amountAwarded"] for id, one in grants(store).items())


SMALL = [path for path in FILES if path.stat().st_size < 1_000_000]


@pytest.mark.parametrize("path", SMALL, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_order_of_the_rows_does_not_matter_for_ids_and_names(store: Store, tmp_path: Path, path: Path) -> None:
    given = json.loads(path.read_text(encoding="utf-8"))["grants"]
    load(store, [path], by="a test")
    before = {(node.id, node.name, node.aliases, node.identifiers) for node in store.nodes()}
    backwards = package(tmp_path, *reversed(given), name=path.stem)
    load(store, [backwards], by="a test")
    assert {(node.id, node.name, node.aliases, node.identifiers) for node in store.nodes()} == before


def test_the_excerpt_of_power_to_change(store: Store) -> None:
    # Read by hand: one number for a garden in Newcastle and a trust in Grangetown, another for that trust and a pub.
    report = load(store, [EXCERPTS / "power-to-change.json"], by="a test")
    found = organisations(store)
    assert found["gb-chc-1084817"].aliases == ("Scotswood Natural Community Garden",)
    assert found["gb-coh-09353227"].aliases == ("Monkey Park CIC",)
    assert {"Caring Town Totnes", "The Windmill, Charlton"} <= {
        node.name for node in found.values() if not node.identifiers
    }
    assert "Spacemakers" not in {node.name for node in found.values()}
    reasons = "\n".join(remark.reason for remark in report.warnings)
    for piece in (
        "'n/a' is no company number",
        "'the-windmill-charlton' does not",
        "Monkey Park CIC",
        "1 grants to people, 500.00",
    ):
        assert piece in reasons
    places = {node.name: node for node in store.nodes() if node.kind == "place"}
    assert places["Leeds District"].identifiers == (Identifier(scheme="GSS", value="E08000035"),)
    located = {(one.source, one.target) for one in store.relationships() if one.type == "LOCATED_IN"}
    assert ("gb-coh-ip28755r", places["Leeds District"].id) in located


def test_names_of_one_number_are_aliases_and_the_most_frequent_is_the_name(store: Store) -> None:
    load(store, [EXCERPTS / "trafford-council.json"], by="a test")
    found = organisations(store)
    assert (found["gb-chc-1110767"].name, found["gb-chc-1110767"].aliases) == ("G-Force", ("G Force", "G- Force"))
    assert len([node for node in found.values() if node.name == "Footlights"]) == 2
    assert (found["gb-lae-trf"].sector, found["gb-lae-trf"].subkind) == (Sector.public, "council")


def test_recipients_are_joined_on_every_identifier_and_chains_of_them(store: Store, tmp_path: Path) -> None:
    loaded(
        store,
        tmp_path,
        grant(1, organisation("GB-COH-07962245", "Cyril Flint")),
        grant(2, organisation("GB-CHC-1146179", "Cyril Flint Befrienders")),
        grant(
            3,
            organisation("360G-x-cyril", "Cyril Flint Befrienders", charityNumber="1146179", companyNumber="07962245"),
        ),
    )
    assert {one.target for one in grants(store).values()} == {"gb-chc-1146179"}
    assert [str(one) for one in organisations(store)["gb-chc-1146179"].identifiers] == [
        "GB-CHC:1146179",
        "GB-COH:07962245",
        "360G:x-cyril",
    ]


def test_placeholders_and_equal_names_join_nothing(store: Store, tmp_path: Path) -> None:
    loaded(
        store,
        tmp_path,
        grant(1, organisation("GB-COH-n/a", "One", companyNumber="n/a", charityNumber="0")),
        grant(2, organisation("GB-COH-N/A", "Two", companyNumber="N/A", charityNumber="unknown")),
        grant(3, organisation("GB-CHC-1092987", "Splash")),
        grant(4, organisation("GB-CHC-1043693", "Splash")),
        grant(5, organisation("GB-COH-n/a", "One")),
    )
    targets = [one.target for one in grants(store).values()]
    assert targets == ["360g-lbfew-one", "360g-lbfew-two", "gb-chc-1092987", "gb-chc-1043693", "360g-lbfew-one"]


def test_the_funders_own_number_does_not_stand_for_a_recipient(store: Store, tmp_path: Path) -> None:
    report = loaded(store, tmp_path, grant(1, organisation("GB-CHC-327114", "Splash", companyNumber="07962245")))
    assert grants(store)["360G-LBFEW-1"].target == "gb-coh-07962245"
    assert "is the funder's own number" in report.warnings[0].reason


def test_organisations_are_joined_with_what_the_store_holds(store: Store, tmp_path: Path) -> None:
    seed = Node(
        id="womens-aid",
        kind="organisation",
        name="Women's Aid (Leicester)",
        identifiers=(Identifier(scheme="GB-COH", value="07962245"),),
        evidence=(Evidence(source="s"),),
    )
    native = tmp_path / "network.jsonl"
    native.write_text(f'{{"source":{{"id":"s","title":"S"}}}}\n{line(seed)}\n', encoding="utf-8")
    load(store, [native], by="a test")
    path = package(tmp_path, grant(1, organisation(companyNumber="07962245")))
    load(store, [path], by="a test")
    assert grants(store)["360G-LBFEW-1"].target == "womens-aid"
    joined = store.get(["womens-aid"])["womens-aid"]
    assert (joined.name, joined.aliases) == ("Women's Aid (Leicester)", ("Women's Aid Leicestershire",))
    assert [entry.source for entry in joined.evidence] == ["s", "360giving-lbfew-grants"]
    version = store.version()
    for again in (path, native, path):
        assert load(store, [again], by="a test").changed == 0
    assert store.version() == version


def test_two_files_of_one_load_are_joined_like_two_loads(store: Store, tmp_path: Path) -> None:
    first = package(tmp_path, grant(1, organisation("GB-COH-07962245", "A body")), name="first")
    both = organisation("GB-CHC-1136419", "A body of people", companyNumber="07962245")
    second = package(tmp_path, grant(2, both), grant(3, organisation("GB-CHC-1136419", "A body")), name="second")
    load(store, [first, second], by="a test")
    assert {one.target for one in grants(store).values()} == {"gb-coh-07962245"}
    exported = [line(thing) for thing in store.export()]
    for path in (first, second):
        assert load(store, [path], by="a test").changed == 0
    assert [line(thing) for thing in store.export()] == exported


def test_identifiers_that_lead_to_two_nodes_are_reported(store: Store, tmp_path: Path) -> None:
    load(
        store, [package(tmp_path, grant(1), grant(2, organisation("GB-COH-07962245", "A")), name="first")], by="a test"
    )
    report = load(
        store, [package(tmp_path, grant(3, organisation(companyNumber="07962245")), name="second")], by="a test"
    )
    assert "lead to several nodes: gb-chc-1136419, gb-coh-07962245" in report.warnings[0].reason


@pytest.mark.parametrize(
    "values",
    [
        {"recipientOrganization": None, "recipientIndividual": [{"id": "x", "name": "Jo Doe"}]},
        {"recipientOrganization": [organisation("360G-x-IND-7", "Jo Doe")]},
        {"recipientOrganization": [organisation("360G-x-7", "Jo Doe", organisationType="Individual")]},
        {"recipientOrganization": [organisation("360G-x-7", "Mrs Jo Doe")]},
        {"recipientOrganization": [organisation("360G-x-7", "Individual Recipient")]},
    ],
)
def test_people_are_counted_and_never_become_nodes(store: Store, tmp_path: Path, values: dict[str, Any]) -> None:
    report = loaded(store, tmp_path, grant(1), grant(2, **values))
    assert (report.read, report.rejected) == (2, ())
    assert "1 grants to people, 15,000.00 GBP in all" in report.warnings[-1].reason
    assert "Doe" not in "".join(line(thing) for thing in store.export()) + report.model_dump_json()
    assert sorted(organisations(store)) == ["gb-chc-1136419", "gb-chc-327114"]


def test_a_registered_body_is_no_person_whatever_its_type_says(store: Store, tmp_path: Path) -> None:
    hub = organisation("GB-COH-RS007585", "Todmorden Learning Hub", organisationType="Sole Trader")
    assert loaded(store, tmp_path, grant(1, hub)).warnings == ()
    assert grants(store)["360G-LBFEW-1"].target == "gb-coh-rs007585"


# What is wrong in the second of three grants, in which column, and a piece of the reason.
BAD_GRANTS: list[tuple[Any, str | None, str]] = [
    (7, None, "It is no grant"),
    ("text", None, "It is no grant"),
    (grant(id=None), "id", "'id' is missing"),
    (grant(id=" "), "id", "'id' is missing"),
    (grant(id="x" * 301), "id", "has the wrong form"),
    (grant(currency=None), "currency", "'currency' is missing"),
    (grant(currency="pounds"), "currency", "three capital letters"),
    (grant(amountAwarded=None), "amountAwarded", "'amountAwarded' is missing"),
    (grant(amountAwarded=""), "amountAwarded", "'amountAwarded' is missing"),
    (grant(amountAwarded="a lot"), "amountAwarded", "'a lot' is not an amount"),
    (grant(amountAwarded=True), "amountAwarded", "True is not an amount"),
    (grant(amountAwarded=[1]), "amountAwarded", "is not an amount"),
    (grant(amountAwarded=9_999_999_999_999_999), "amountAwarded", "between -10^15 and 10^15"),
    (grant(awardDate=None), "awardDate", "'awardDate' is missing"),
    (grant(awardDate="10/06/2015"), "awardDate", "Write it as 2019-10-09"),
    (grant(awardDate="2015-02-30"), "awardDate", "not a date of the calendar"),
    (grant(plannedDates=[{"endDate": "soon"}]), "plannedDates", "'soon' is not a date"),
    (grant(recipientOrganization=None), "recipientOrganization", "is missing"),
    (grant(recipientOrganization=[]), "recipientOrganization", "is missing"),
    (grant(recipientOrganization="Splash"), "recipientOrganization", "is missing"),
    (grant(recipientOrganization=[{"id": "GB-CHC-1"}]), "recipientOrganization.name", "name' is missing"),
    (grant(recipientOrganization=[organisation(name="x" * 1_001)]), "recipientOrganization.name", "1 to 1,000"),
    (grant(recipientOrganization=[organisation(name="a\u0000b")]), "recipientOrganization.name", "control characters"),
    (grant(fundingOrganization=None), "fundingOrganization", "is missing"),
    (grant(fundingOrganization=[{"id": "GB-CHC-1"}]), "fundingOrganization.name", "name' is missing"),
    (grant(1, amountAwarded=1), "id", "'360G-LBFEW-1' stands in line"),
]


@pytest.mark.parametrize(("bad", "column", "reason"), BAD_GRANTS)
def test_a_bad_grant_is_reported_and_the_others_are_loaded(
    store: Store, tmp_path: Path, bad: Any, column: str | None, reason: str
) -> None:
    path = package(tmp_path, grant(1), bad, grant(3))
    report = load(store, [path], by="a test")
    (remark,) = report.rejected
    assert (remark.file, remark.column) == (str(path), column)
    text = path.read_text(encoding="utf-8")
    second = text.index("\n  }", text.index("360G-LBFEW-1")) + 6  # the line after the end of the first grant
    assert remark.line == text.count("\n", 0, second) + 1
    assert reason in remark.reason
    assert remark.reason.endswith(".")
    assert (report.read, sorted(grants(store))) == (3, ["360G-LBFEW-1", "360G-LBFEW-3"])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"currency": "GBP"', '"currency": "GBP", "currency": "EUR"', "'currency' is given twice"),
        ("15000", "NaN", "NaN is not a number"),
        ("15000", "1" + "0" * 400, "too large"),
        ("15000", "1e999", "too large"),
        ('"A grant"', r'"\ud800"', "half a character"),
    ],
)
def test_what_json_must_not_be_is_refused_for_its_grant_alone(
    store: Store, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    path = package(tmp_path, grant(1), grant(2))
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    report = load(store, [path], by="a test")
    assert [(remark.line, reason in remark.reason) for remark in report.rejected] == [(3, True)]
    assert sorted(grants(store)) == ["360G-LBFEW-2"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"grants": []}', "it holds no rows"),
        (b'{"grants": [', "it is not whole JSON (character 13"),
        (b'{"grants": [{"id": "1"', "line 1: it is not whole JSON"),
        (b'{"grants": [{"id": "1"},\n {"id"', "line 2: it is not whole JSON"),
        (b'{"grants": [{"id": "1"}\n {"id": "2"}]}', "line 2: it is not whole JSON (character 26: a comma or the end"),
        (b'{"grants": [{}]', "it is not whole JSON"),
        (b'{"grants": [{}]} and more', "something stands after the package"),
        (b'{"title": nonsense, "grants": []}', "it is not whole JSON"),
        (b'{"grants": [{"title": "Caf\xe9"}]}', "it is not UTF-8 (byte 27 of the file)"),
        (b'{"grants": [' + b"[" * 100_000, "nested too deeply"),
        (b'{"grants": [{"id": "1\x00"}]}', "control character"),
    ],
)
def test_a_package_that_is_not_whole_is_refused_whole(
    store: Store, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "grants.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        load(store, [path], by="a test")
    assert message in refused.value.message
    assert refused.value.fix
    assert list(store.export()) == []


@pytest.mark.parametrize(
    ("values", "column", "reason"),
    [
        ({"amountAwarded": 0}, "amountAwarded", "The amount is 0"),
        ({"amountAwarded": -5}, "amountAwarded", "The amount is -5"),
        ({"description": None}, "description", "no description"),
        ({"title": ""}, "title", "no title"),
        ({"awardDate": "42165"}, "awardDate", "42165 is read as 2015-06-10"),
        ({"plannedDates": [{"endDate": "2014-01-01"}]}, "plannedDates", "before it is awarded"),
        ({"fundingOrganization": [FUNDER, FUNDER]}, "fundingOrganization", "names 2 organisations"),
        (
            {"recipientOrganization": [organisation(charityNumber="1146179")]},
            "recipientOrganization.id",
            "two numbers of one",
        ),
        ({"recipientOrganization": [{"name": "The New Group of Three"}]}, "recipientOrganization.id", "has no id"),
        (
            {"recipientOrganization": [organisation("360G-x-1", "Grey Matter")]},
            "recipientOrganization.name",
            "may be a person",
        ),
    ],
)
def test_what_is_odd_is_loaded_with_a_warning(
    store: Store, tmp_path: Path, values: dict[str, Any], column: str, reason: str
) -> None:
    report = loaded(store, tmp_path, grant(1, **values))
    (remark,) = report.warnings
    assert remark.column == column
    assert reason in remark.reason
    assert list(grants(store)) == ["360G-LBFEW-1"]


@pytest.mark.parametrize(("given", "amount"), [("15000.50", 15_000.5), ("£15,000", 15_000), (1e3, 1_000), ("-20", -20)])
def test_amounts_written_as_text(store: Store, tmp_path: Path, given: Any, amount: float) -> None:
    loaded(store, tmp_path, grant(1, amountAwarded=given))
    assert grants(store)["360G-LBFEW-1"].amount == amount


def test_what_a_package_says_of_itself_is_left_out_where_it_makes_no_sense(store: Store, tmp_path: Path) -> None:
    report = loaded(store, tmp_path, grant(1), title="x" * 2_000, publisher="Us", issued="2019", license=7)
    assert [remark.column for remark in report.warnings] == ["title"]
    (source,) = store.get_sources().values()
    assert (source.title, source.publisher, source.date, source.licence) == ("360Giving data", None, None, None)


def test_a_place_without_a_sensible_name_is_no_place(store: Store, tmp_path: Path) -> None:
    odd = organisation(location=[{"geoCode": "E08000035", "name": "a\u0000b"}, {"geoCode": "LS1", "name": "Leeds"}])
    good = organisation("GB-CHC-1092987", "Splash", location=[{"geoCode": "E08000035", "name": "Leeds"}])
    loaded(store, tmp_path, grant(1, odd), grant(2, good))
    assert [node.id for node in store.nodes() if node.kind == "place"] == ["leeds-e08000035"]
    assert [one.id for one in store.relationships() if one.type == "LOCATED_IN"] == [
        "gb-chc-1092987--located-in--e08000035"
    ]


def test_an_id_with_blanks_becomes_printable(store: Store, tmp_path: Path) -> None:
    loaded(store, tmp_path, grant(id="360G-x-1 é"))
    assert list(grants(store)) == ["360G-x-1%20%C3%A9"]
