"""The framework of any network: roots in the middle, domains beside them, examples outside."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.viz.styles.networks import body, store_of, theme, ties
from viz.maps import draw
from viz.network_map import NetworkMap

NODES = [theme("soil"), theme("care", "domain"), theme("work", "domain"), *map(body, ("ash", "elm", "fir"))]
TIES = [
    *ties("RESTS_ON", ("care", "soil"), ("work", "soil")),
    *ties("EXAMPLE_OF", ("ash", "care"), ("elm", "care"), ("elm", "work"), ("fir", "soil")),
    *ties("PARTNERS_WITH", ("ash", "elm")),
]


def drawn(folder: Path, nodes: list[Any], relationships: list[Any], **values: Any) -> NetworkMap:
    with store_of(folder, nodes, relationships) as store:
        network_map = draw(store, "framework", values)
    assert isinstance(network_map, NetworkMap)
    return network_map


def test_roots_domains_and_examples_stand_in_their_columns(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, NODES, TIES)
    x = {node.id: node.x for node in network_map.nodes}
    assert x["soil"] == x["fir"] == 0.0
    assert 0 < abs(x["care"]) < abs(x["ash"])
    assert x["care"] < 0 < x["work"]  # one on either side
    assert {tie.type for tie in network_map.relationships} == {"EXAMPLE_OF", "RESTS_ON"}
    assert len(network_map.relationships) == 6
    assert network_map.summary == "2 domains rest on Soil, with 3 examples."


def test_an_example_of_two_domains_is_drawn_once_with_both_its_lines(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, NODES, TIES)
    assert [node.id for node in network_map.nodes].count("elm") == 1
    assert [tie.target for tie in network_map.relationships if tie.source == "elm"] == ["care", "work"]
    assert network_map.cut is None


def test_a_domain_that_is_an_example_of_another_is_a_domain(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, NODES, [*TIES, *ties("EXAMPLE_OF", ("care", "work"))])
    assert network_map.cut is None
    assert network_map.summary == "2 domains rest on Soil, with 3 examples."
    assert ("care", "work") in {(tie.source, tie.target) for tie in network_map.relationships}


def test_without_domains_every_theme_with_an_example_counts(tmp_path: Path) -> None:
    nodes = [theme("trees"), theme("birds"), body("ash")]
    network_map = drawn(tmp_path, nodes, ties("EXAMPLE_OF", ("ash", "trees")))
    assert [node.id for node in network_map.nodes] == ["ash", "trees"]
    assert network_map.summary == "1 domain with 1 example."


@pytest.mark.parametrize("nodes", [[], [theme("trees"), body("ash")]])
def test_a_network_without_examples_is_told_so(nodes: list[Any], tmp_path: Path) -> None:
    network_map = drawn(tmp_path, nodes, [])
    assert (network_map.nodes, network_map.relationships) == ((), ())
    assert "no framework to draw" in network_map.summary


def test_no_more_examples_than_asked_for_and_the_rest_is_told(tmp_path: Path) -> None:
    many = [body(f"n{number}") for number in range(9)]
    relationships = ties("EXAMPLE_OF", *((node.id, "care") for node in many))
    network_map = drawn(tmp_path, [*NODES, *many], [*TIES, *relationships], limit=3)
    assert sum(tie.target == "care" for tie in network_map.relationships) == 3
    assert network_map.cut is not None
    assert network_map.cut.startswith("8 domains or examples are left out")


def test_names_of_examples_stand_outside_the_lines(tmp_path: Path) -> None:
    many = [body(f"n{number}") for number in range(8)]
    relationships = ties("EXAMPLE_OF", *((node.id, ("care", "work")[place % 2]) for place, node in enumerate(many)))
    nodes = drawn(tmp_path, [*NODES, *many], [*TIES, *relationships]).nodes
    sides = {node.id: (node.name_side, (node.x > 0) - (node.x < 0)) for node in nodes}
    assert {sides[node.id] for node in many} == {("left", -1), ("right", 1)}
    assert {sides[head][0] for head in ("care", "work")} == {""}


def test_on_a_narrow_screen_examples_stand_below_their_domain(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, NODES, TIES)
    depths = dict(network_map.column)
    assert sorted(depths) == sorted(node.id for node in network_map.nodes)
    head = None
    examples = {(tie.source, tie.target) for tie in network_map.relationships if tie.type == "EXAMPLE_OF"}
    for id, depth in depths.items():
        head = head if depth == 2 else id
        assert depth < 2 or (id, head) in examples


def test_the_lens_hides_what_it_hides(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, [*NODES, body("oak", "person")], [*TIES, *ties("EXAMPLE_OF", ("oak", "work"))])
    assert "oak" in {node.id for node in network_map.nodes}
    (tmp_path / "again").mkdir()
    nodes = [*NODES, body("oak", "person")]
    hidden = drawn(tmp_path / "again", nodes, TIES, kind=["theme", "organisation"])
    assert "oak" not in {node.id for node in hidden.nodes}


def test_names_in_a_column_do_not_touch(tmp_path: Path) -> None:
    many = [body(f"n{number}") for number in range(30)]
    relationships = ties("EXAMPLE_OF", *((node.id, ("care", "work")[place % 2]) for place, node in enumerate(many)))
    columns: dict[float, list[float]] = {}
    for node in drawn(tmp_path, [*NODES, *many], [*TIES, *relationships], limit=50).nodes:
        columns.setdefault(node.x, []).append(node.y)
    gaps = [low - high for column in columns.values() for high, low in pairwise(sorted(column))]
    assert min(gaps) >= 37  # a disc and one line of letters
