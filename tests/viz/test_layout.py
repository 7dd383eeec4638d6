from itertools import combinations
from math import dist
from statistics import mean

import pytest

from tests.viz.planted import arranged, planted, vocabulary
from viz.arrange import arrange
from viz.layout import HEIGHT, WIDTH, Network, components, positions
from viz.network_map import MapNode


def triangle_and_pair() -> Network:
    ties = (("a", "b", 1.0), ("b", "c", 1.0), ("a", "c", 1.0), ("d", "e", 1.0))
    return Network(nodes=("e", "d", "c", "b", "a", "alone"), ties=ties)


def test_components_come_largest_first() -> None:
    assert components(triangle_and_pair()) == [("a", "b", "c"), ("d", "e"), ("alone",)]


@pytest.mark.parametrize("nodes", [(), ("a",), ("a", "b")])
def test_the_smallest_networks_have_places(nodes: tuple[str, ...]) -> None:
    assert set(positions(Network(nodes, ()))) == set(nodes)


def test_same_seed_same_positions() -> None:
    one = arrange(planted(120, groups=4, isolates=10), vocabulary(), seed=3)
    other = arrange(planted(120, groups=4, isolates=10), vocabulary(), seed=3)
    assert one.model_dump_json() == other.model_dump_json()


def test_the_order_of_the_input_does_not_matter() -> None:
    network = triangle_and_pair()
    turned = Network(network.nodes[::-1], network.ties[::-1])
    assert positions(network) == positions(turned)


def test_another_seed_gives_another_picture() -> None:
    whole = planted(60)
    one, other = (arrange(whole, vocabulary(), seed=seed) for seed in (0, 1))
    assert one.nodes != other.nodes


@pytest.mark.parametrize("count", [30, 200, 500])
def test_discs_do_not_overlap(count: int) -> None:
    nodes = arranged(count, groups=max(3, count // 30), isolates=count // 5).nodes
    close = [
        (one.id, other.id)
        for one, other in combinations(nodes, 2)
        if dist((one.x, one.y), (other.x, other.y)) < 0.8 * (one.size + other.size)
    ]
    assert close == []


@pytest.mark.parametrize("count", [30, 200, 500])
def test_the_picture_is_about_as_large_as_a_screen(count: int) -> None:
    nodes = arranged(count, groups=max(3, count // 30), isolates=count // 5).nodes
    across = max(node.x for node in nodes) - min(node.x for node in nodes)
    down = max(node.y for node in nodes) - min(node.y for node in nodes)
    assert 0.9 < max(across / WIDTH, down / HEIGHT) < 1.15


def middle(nodes: list[MapNode]) -> tuple[float, float]:
    return mean(node.x for node in nodes), mean(node.y for node in nodes)


def test_members_stand_nearer_to_their_own_group_than_to_others() -> None:
    nodes = [node for node in arranged(120, groups=4).nodes if not node.is_cog]
    middles = {f"g{group}": middle([node for node in nodes if node.group == f"g{group}"]) for group in range(4)}
    at_home = [
        node for node in nodes if min(middles, key=lambda group: dist(middles[group], (node.x, node.y))) == node.group
    ]
    assert len(at_home) > 0.95 * len(nodes)


def test_a_cog_stands_between_the_groups_it_joins() -> None:
    # Two groups of ten around a hub, and one node tied to both: nearer to either than they are to each other.
    ties = [(f"{side}0", f"{side}{member}", 1.0) for side in "ab" for member in range(1, 10)]
    ties += [("cog", f"{side}{member}", 1.0) for side in "ab" for member in range(4)]
    groups = {f"{side}{member}": side for side in "ab" for member in range(10)}
    network = Network((*groups, "cog"), tuple(ties), {**groups, "cog": "a"}, frozenset({"cog"}))
    places = positions(network)
    sides = [tuple(mean(places[f"{side}{member}"][axis] for member in range(10)) for axis in (0, 1)) for side in "ab"]
    assert all(dist(places["cog"], side) < dist(*sides) for side in sides)


def test_nodes_without_ties_stand_in_even_rows() -> None:
    nodes = [node for node in arranged(60, isolates=12).nodes if node.ties == 0]
    assert len({node.x for node in nodes}) <= 3
    assert len({node.x for node in nodes}) * len({node.y for node in nodes}) < 12 + 12
