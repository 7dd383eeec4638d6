"""Communities as discs: three groups of friends counted by hand, and a made network with more than fit."""

from collections.abc import Iterator
from itertools import combinations
from math import sqrt
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from benchmarks.made import lines
from graph.errors import InputError
from graph.questions import ask
from graph.store.base import Store
from loaders.run import load
from tests.services.stores import embedded_store
from tests.viz.styles.networks import body, map_of, store_of, ties
from viz.chart import Chart, Disc, Line, Symbol
from viz.maps import draw

SIZES = {"a": 5, "b": 4, "c": 4, "d": 2}


def everybody(group: str) -> list[str]:
    return [f"{group}{place}" for place in range(SIZES[group])]


NODES = [*(body(id) for group in SIZES for id in everybody(group)), body("hub"), body("alone"), body("hall", "place")]
# All of a group know each other; hub is one of a, and knows two of b; a1 and c1 know each other, d knows nobody else.
TIES = ties(
    "PARTNERS_WITH",
    *(pair for group in SIZES for pair in combinations(everybody(group), 2)),
    *(("hub", id) for id in everybody("a")),
    *(("hub", f"b{place}") for place in range(2)),
    ("a1", "c1"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_of(tmp_path, NODES, TIES) as opened:
        yield opened


def drawn(store: Store, **values: Any) -> Chart:
    chart = draw(store, "communities", values)
    assert isinstance(chart, Chart)
    return chart


def test_discs_are_the_communities_of_the_question(store: Store) -> None:
    answer = ask(store, "communities", {}).model_dump()
    told = [one for one in answer["communities"] if len(one["members"]) > 1]
    chart = drawn(store)
    rows = [row for row in chart.rows if row.cells[1] == "community"]
    assert [(row.id, row.cells[0], row.cells[2], row.cells[3]) for row in rows] == [
        (one["id"], one["name"], str(len(one["members"])), str(one["ties_inside"])) for one in told
    ]
    assert [row.cells[2] for row in rows] == ["6", "4", "4", "2"]
    assert chart.summary == answer["sentence"]
    assert chart.cut == "1 actor without any tie is in none."


@pytest.mark.parametrize("ground", ["shapes", "narrow"])
def test_area_grows_with_actors(store: Store, ground: str) -> None:
    radii = {shape.row: shape.radius for shape in getattr(drawn(store), ground) if isinstance(shape, Disc)}
    assert radii["community:b0"] == pytest.approx(radii["community:a0"] * sqrt(4 / 6), abs=0.1)
    assert radii["community:d0"] == pytest.approx(radii["community:a0"] * sqrt(2 / 6), abs=0.1)


def test_lines_say_how_many_ties_and_who_joins_most(store: Store) -> None:
    chart = drawn(store)
    said = {row.id: (row.cells[3], row.cells[4], row.sentence) for row in chart.rows if row.cells[1].startswith("ties")}
    assert said == {
        "community:a0 community:b0": (
            "2",
            "Hub",
            "2 ties join the communities around A0 and around B0, most of all by Hub.",
        ),
        "community:a0 community:c0": (
            "1",
            "A1",
            "1 tie joins the communities around A0 and around C0, most of all by A1.",
        ),
    }
    broad = {shape.row: shape.stroke_width for shape in chart.shapes if isinstance(shape, Line)}
    assert broad["community:a0 community:b0"] == pytest.approx(2 * broad["community:a0 community:c0"], abs=0.2)


def test_a_cog_stands_on_the_line_that_it_joins(store: Store) -> None:
    chart = drawn(store)
    (hub,) = (row for row in chart.rows if row.id == "hub")
    assert hub.sentence == (
        "Hub joins the community around A0 (5 ties) and the community around B0 (2 ties):"
        " nobody has stronger ties to both."
    )
    places = {shape.row: (shape.x, shape.y) for shape in chart.shapes if isinstance(shape, Symbol | Disc)}
    (line,) = (shape for shape in chart.shapes if isinstance(shape, Line) and shape.row == "community:a0 community:b0")
    assert line.points == tuple(places[id] for id in ("community:a0", "hub", "community:b0"))


def opened(address: str) -> dict[str, list[str]]:
    assert urlsplit(address).path == "/map"
    return parse_qs(urlsplit(address).query)


def test_a_disc_opens_as_the_network_of_its_community(store: Store) -> None:
    chart = drawn(store, kind=["organisation"], include_inferred=False, resolution=0.9)
    (first, *_) = (row.href for row in chart.rows)
    asked = {"community": ["a0"], "resolution": ["0.9"], "include_inferred": ["false"], "kind": ["organisation"]}
    assert opened(first or "") == asked
    whole = map_of(store, "network", community=["hub"], kind=["organisation"])
    assert {node.id for node in whole.nodes} == {"hub", *everybody("a")}
    assert len(whole.relationships) == 15


@pytest.mark.parametrize("named", ["hub", "community:a0", "A3"])
def test_a_community_is_named_by_any_of_its_members(named: str, store: Store) -> None:
    assert len(map_of(store, "network", community=[named]).nodes) == 6


@pytest.mark.parametrize("style", ["communities", "network"])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        (["hub", "b0"], "“b0” is not in the community of Hub."),
        (["hall"], "“hall” is of the kind place, and the actors are of kind organisation or person. "),
    ],
)
def test_what_is_in_no_such_community_is_refused(style: str, path: list[str], said: str, store: Store) -> None:
    with pytest.raises(InputError) as refused:
        draw(store, style, {"community": path})
    assert str(refused.value).startswith(said)
    assert refused.value.details["parameter"] == "community"


def test_inside_a_community_the_rest_is_gone_and_the_way_back_is_shown(store: Store) -> None:
    chart = drawn(store, community=["hub"], resolution=0.9)
    assert chart.title == "Communities inside the community of Hub"
    assert sum(int(row.cells[2]) for row in chart.rows if row.cells[1] == "community") == 6
    assert [link.href for link in chart.links] == [
        "/map?style=communities&resolution=0.9",
        "/map?community=hub&resolution=0.9",
    ]


def test_what_does_not_fit_is_counted(store: Store) -> None:
    chart = drawn(store, limit=2)
    assert chart.cut == (
        "And 2 smaller communities with 6 actors are not drawn; `limit` draws more. 1 actor without any tie is in none."
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("made")
    file = folder / "made.jsonl"
    with file.open("w", encoding="utf-8") as written:
        written.writelines(lines(20_000, 100_000))
    with embedded_store(folder) as opened:
        load(opened, [file], by="a test")
        yield opened


def test_a_large_network_is_drawn_under_the_caps_and_counted_whole(made: Store) -> None:
    chart = drawn(made)
    counted = [int(row.cells[2].replace(",", "")) for row in chart.rows if row.cells[1] == "community"]
    assert len(counted) == 24
    assert sum(isinstance(shape, Line) for shape in chart.shapes) <= 60
    assert sum(isinstance(shape, Symbol) for shape in chart.shapes) <= 12
    assert chart.cut is not None
    words = chart.cut.replace(",", "").split()
    actors = int(words[words.index("with") + 1])
    alone = int(words[words.index("more.") + 1])
    nodes, kinds = made.arrays().nodes, made.arrays().kind_codes(("organisation", "person"))
    assert sum(counted) + actors + alone == np.count_nonzero(np.isin(nodes.kind, kinds))


def test_a_large_community_opens_as_communities_and_a_small_one_as_a_network(made: Store) -> None:
    rows = [row for row in drawn(made, limit=60).rows if row.cells[1] == "community"]
    ways = {int(row.cells[2].replace(",", "")) > 500: opened(row.href or "").get("style") for row in rows}
    assert ways == {True: ["communities"], False: None}


def test_the_whole_of_a_large_network_is_its_busiest_part_and_leads_to_communities(made: Store) -> None:
    whole = map_of(made, "network")
    assert len(whole.nodes) == 500
    assert whole.cut is not None
    assert "those with most relationships are drawn. The map “communities” shows all of them" in whole.cut
    assert [link.href for link in whole.links] == ["/map?style=communities"]
    assert whole.notes == ("In so large a network the groups and the cogs of connection are those of what is drawn.",)
    assert whole.summary.startswith(f"500 nodes and {len(whole.relationships):,} relationships among them.")
