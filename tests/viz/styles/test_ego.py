"""The map around one node: its centre is marked and named, whatever else stands there."""

from pathlib import Path

from tests.viz.styles.networks import body, map_of, store_of, ties
from viz.legend import sections
from viz.network_map import NetworkMap
from viz.svg import svg

LEAVES = [f"leaf-{number}" for number in range(70)]


def drawn(folder: Path, node: str) -> NetworkMap:
    nodes = [*map(body, LEAVES), body("hub"), body("edge")]
    pairs = [*(("hub", leaf) for leaf in LEAVES), ("edge", "hub")]
    with store_of(folder, nodes, ties("PARTNERS_WITH", *pairs)) as store:
        return map_of(store, "ego", node=node, depth=2)


def test_the_centre_alone_is_marked_and_the_legend_says_so(tmp_path: Path) -> None:
    network_map = drawn(tmp_path, "edge")
    assert [node.id for node in network_map.nodes if node.is_centre] == ["edge"]
    assert "the centre" in [row.words for section in sections(network_map) for row in section.rows]
    assert "Edge is the centre" in network_map.description


def test_the_centre_is_larger_than_others_without_a_score(tmp_path: Path) -> None:
    sizes = {node.id: node.size for node in drawn(tmp_path, "edge").nodes}
    assert sizes["edge"] >= 1.4 * max(sizes[leaf] for leaf in LEAVES)


def test_a_centre_in_a_crowd_has_its_name_on_the_picture(tmp_path: Path) -> None:
    picture = svg(drawn(tmp_path, "leaf-7"))
    assert ">Leaf-7</text>" in picture
    assert "<title>Leaf-7, organisation, the centre</title>" in picture


def test_one_neighbour_is_told_in_the_singular(tmp_path: Path) -> None:
    with store_of(tmp_path, [body("a"), body("b")], ties("PARTNERS_WITH", ("a", "b"))) as store:
        assert map_of(store, "ego", node="a").summary == "1 node stands within one step of A."
