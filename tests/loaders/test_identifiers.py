"""Identifiers as real files write them; the forms are those of the registers (org-id.guide)."""

import pytest

from loaders.identifiers import checked, from_charity_number, from_id, is_placeholder, slug

NOTHING = None


@pytest.mark.parametrize(
    ("text", "identifier", "remark"),
    [
        ("GB-CHC-327114", "GB-CHC:327114", ""),
        ("gb-chc-327114", "GB-CHC:327114", ""),
        ("GB-CHC- 1153055 ", "GB-CHC:1153055", ""),
        ("GB-CHC-1234567-1", "GB-CHC:1234567-1", ""),
        ("GB-CHC-715", NOTHING, "does not have the form of a charity number"),
        ("GB-CHC-11463N/A4", NOTHING, "Perhaps 1146304, with 0 replaced by N/A"),
        ("GB-COH-07962245", "GB-COH:07962245", ""),
        ("GB-COH-7962245", "GB-COH:07962245", "read as company number 07962245. Keep the zeros"),
        ("GB-COH-61625", "GB-COH:00061625", "read as company number 00061625"),
        ("GB-COH-1136419", NOTHING, "without its zeros, or a charity number. Write 01136419 if"),
        ("GB-COH-IP28755R", "GB-COH:IP28755R", ""),
        ("GB-COH-rs007585", "GB-COH:RS007585", ""),
        ("GB-COH-RC000660", "GB-COH:RC000660", ""),
        ("GB-COH-123456789", NOTHING, "does not have the form of a company number"),
        ("GB-COH-the-windmill-charlton", NOTHING, "does not have the form of a company number"),
        ("GB-COH-n/a", NOTHING, "only fills the cell"),
        ("GB-COH-00000000", NOTHING, "only fills the cell"),
        ("GB-SC-SC004401", "GB-SC:SC004401", ""),
        ("GB-EDU-133839", "GB-EDU:133839", ""),
        ("GB-LAE-TRF", "GB-LAE:TRF", ""),
        ("XI-GRID-grid.5292.c", "XI-GRID:grid.5292.c", ""),
        ("360G-trafford-be_active", "360G:trafford-be_active", ""),
        ("360G-ptc-ORG:the-oak,-charing", "360G:ptc-ORG:the-oak,-charing", ""),
        ("360G-ptc-n/a", NOTHING, "only fills the cell"),
        ("12345", NOTHING, "names no list of org-id.guide"),
    ],
)
def test_the_id_of_an_organisation(text: str, identifier: str | None, remark: str) -> None:
    found = from_id(text)
    assert (str(found.identifier) if found.identifier else None) == identifier
    assert remark in (found.remark or "")
    assert bool(remark) == bool(found.remark)


def test_a_charity_number_typed_as_company_number_is_told_from_the_record() -> None:
    found = checked("GB-COH", "1136419", charity="1136419")
    assert found.identifier is None
    assert "is the charity number, typed as company number" in (found.remark or "")


@pytest.mark.parametrize(
    ("text", "identifier"),
    [(" 1153055 ", "GB-CHC:1153055"), ("SC012345", "GB-SC:SC012345"), ("NIC100012", "GB-NIC:NIC100012")],
)
def test_a_charity_number_may_be_of_three_registers(text: str, identifier: str) -> None:
    assert str(from_charity_number(text).identifier) == identifier


@pytest.mark.parametrize(
    "text", ["", "N/A", "n.a.", "NA", "-", "0", "0000000", "None", "Not yet available", "TBC", "99999999"]
)
def test_a_placeholder_never_identifies(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["327114", "IP28755R", "the-oak", "10000000"])
def test_a_real_value_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)


def test_a_slug_is_the_same_text_or_tells_changed_texts_apart() -> None:
    assert slug("GB-CHC-1136419") == "gb-chc-1136419"
    assert slug("360G-trafford-be_active") == "360g-trafford-be_active"
    changed = [slug(text) for text in ("the oak, charing", "the oak charing", "the-oak-chäring")]
    assert len(set(changed)) == 3
    assert all(one.startswith("the-oak-charing-") for one in changed)
