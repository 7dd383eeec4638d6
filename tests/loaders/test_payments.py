"""Rows of payments as people write them: what is understood, what is refused, what is told."""

from pathlib import Path

import pytest

from graph.store import Store
from loaders.run import load
from tests.loaders.paying import TITLES, amounts, loaded, organisations, payments, row, table, text_of

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


def test_a_column_is_one_thing_only(store: Store, tmp_path: Path) -> None:
    loaded(store, tmp_path, row("Arco Ltd"), titles=("Council", "Vendor", "Date", "Amount"))
    assert organisations(store)["Arco Ltd"].identifiers == ()
