"""Money by place: sums worked out by hand, from a payer with a place and from one without."""

from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError, NotFound
from graph.model import Node, Relationship
from graph.questions import ask
from tests.viz.styles.networks import body, changed, store_of, ties
from viz.chart import Band, Chart
from viz.maps import draw
from viz.styles.flows import FILLS, KEYS

# The council is in the town, which is part of the county with the village; the city is outside. The fund has no place.
PLACES = [body(id, "place") for id in ("town", "village", "county", "city")]
PAYERS = [body(id) for id in ("council", "fund")]
PAYEES = [body(id) for id in ("baker", "farm", "tower", "circus", "ghost", "both")]
WHERE = [
    *ties("PART_OF", ("town", "county"), ("village", "county")),
    *ties("LOCATED_IN", ("council", "town"), ("baker", "town"), ("farm", "village"), ("tower", "city")),
    *ties("LOCATED_IN", ("both", "town"), ("both", "city")),
]
NODES = [*PLACES, *PAYERS, *PAYEES]


def paid(payer: str, payee: str, amount: float, **values: Any) -> Relationship:
    one = ties("PAYS", (payer, payee))[0]
    given = {"id": f"{one.id}--{amount}", "amount": amount, "currency": "GBP", "start": "2019"} | values
    return changed(one, **given)


MONEY = [
    paid("council", "baker", 400),
    paid("council", "baker", 100),
    paid("council", "farm", 200),
    paid("council", "tower", 150),
    paid("council", "ghost", 50),
    paid("council", "both", 60),
    paid("council", "council", 40, attributes={"redacted": True}),
    paid("fund", "baker", 1_000, start="2020"),
]


def drawn(folder: Path, money: list[Relationship] = MONEY, nodes: list[Node] = NODES, **values: Any) -> Chart:
    with store_of(folder, nodes, [*WHERE, *money]) as store:
        chart = draw(store, "flows", values)
    assert isinstance(chart, Chart)
    return chart


def flows(chart: Chart) -> dict[tuple[str, ...], str]:
    """Sums by payer, place and whether it stays."""
    return {row.cells[:3]: row.cells[3] for row in chart.rows if row.cells[2]}


def test_money_of_one_payer_by_place(tmp_path: Path) -> None:
    chart = drawn(tmp_path, payer="council")
    assert flows(chart) == {
        ("Council", "Town", "own place"): "500",
        ("Council", "Village", "area around it"): "200",
        ("Council", "City", "elsewhere"): "150",
        ("Council", "several places at once", "own place"): "60",
        ("Council", "place not stated", "not known"): "50",
        ("Council", "name withheld", "not known"): "40",
    }
    assert chart.summary == (
        "Council spent £1,000, of which £560 (56%) stayed in the payer's own place; of £90 that is not known."
        " Of the places stated Town gets most, £500."
    )


def test_sums_are_those_of_the_question(tmp_path: Path) -> None:
    with store_of(tmp_path, NODES, [*WHERE, *MONEY]) as store:
        chart = draw(store, "flows", {"payer": "council"})
        answer = ask(store, "flows", {"payer": "council"}).model_dump()["periods"]
    assert isinstance(chart, Chart)
    for name, words in (("in_place", "own place"), ("in_area", "area around it"), ("elsewhere", "elsewhere")):
        assert sum(float(amount) for key, amount in flows(chart).items() if key[2] == words) == answer[0][name]


def test_bands_are_as_broad_as_their_sums(tmp_path: Path) -> None:
    chart = drawn(tmp_path, payer="council")
    bands = {shape.row: shape for shape in chart.shapes if isinstance(shape, Band)}
    broad = {shape.fill: shape.height for shape in bands.values()}
    assert broad[FILLS[1]] / broad[FILLS[2]] == pytest.approx(200 / 150, abs=0.01)
    assert {key.words for key in chart.keys} == set(KEYS[:5])


def test_without_a_payer_all_money_is_drawn(tmp_path: Path) -> None:
    chart = drawn(tmp_path)
    assert flows(chart)["Fund", "Town", "not known"] == "1,000"
    assert chart.summary.startswith("All payers together spent £2,000, of which £560 (28%) stayed")
    said = [row.sentence for row in chart.rows]
    assert "Fund spent £1,000 on payees in Town: the payer's own place is not stated." in said


def test_a_place_stands_for_its_payers(tmp_path: Path) -> None:
    assert drawn(tmp_path, place="county").summary.startswith("Those in County spent £1,000, of which £560")


def test_a_period_chooses(tmp_path: Path) -> None:
    assert list(flows(drawn(tmp_path, period="2020"))) == [("Fund", "Town", "not known")]


def test_places_with_less_money_are_drawn_together(tmp_path: Path) -> None:
    chart = drawn(tmp_path, payer="council", limit=1)
    assert chart.cut == "2 places with less money are drawn together; `limit` draws more."
    assert flows(chart)["Council", "2 other places", "area around it"] == "200"


def test_a_currency_is_never_added_to_another(tmp_path: Path) -> None:
    money = [*MONEY, paid("council", "farm", 70, currency="EUR")]
    with store_of(tmp_path, NODES, [*WHERE, *money]) as store:
        pounds, euros, francs = (draw(store, "flows", {"currency": code}) for code in (None, "eur", "CHF"))
    assert pounds.summary.startswith("All payers together spent £2,000")
    assert "Amounts are in EUR, GBP; they are never added up across currencies." in pounds.notes
    assert euros.summary == (
        "All payers together spent €70, of which €0 (0%) stayed in the payer's own place."
        " Of the places stated Village gets most, €70."
    )
    assert francs.summary.startswith("There is no money to draw.")
    assert "No amount is in CHF; amounts are in EUR and GBP." in francs.notes


def test_what_was_taken_back_is_not_drawn(tmp_path: Path) -> None:
    chart = drawn(tmp_path, [*MONEY, paid("council", "farm", -200)], payer="council")
    assert not any("Village" in key for key in flows(chart))
    assert "1 flow is not drawn: nothing was left after credits." in chart.notes


NOTHING: dict[str, tuple[list[Relationship], str]] = {
    "no money": ([], "No grant or payment is recorded in this part of the network."),
    "no amounts": (ties("FUNDS", ("fund", "farm")), "1 of 1 payments state no amount and are in no sum."),
    "no currency": (
        [paid("fund", "farm", 5, currency=None)],
        "1 of 1 payments state an amount but no currency and are in no sum.",
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_without_money_it_says_why(name: str, tmp_path: Path) -> None:
    money, why = NOTHING[name]
    chart = drawn(tmp_path, money)
    assert (chart.rows, chart.summary) == ((), f"There is no money to draw. {why}")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"payer": "council", "place": "town"}, InputError),
        ({"payer": "town"}, InputError),
        ({"payer": "nobody at all"}, NotFound),
        ({"period": "yesterday"}, InputError),
        ({"limit": 31}, InputError),
    ],
)
def test_what_makes_no_sense_is_refused(values: dict[str, Any], wrong: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(wrong):
        drawn(tmp_path, **values)
