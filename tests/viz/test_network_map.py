import json

import pytest

from graph.errors import LimitExceeded
from tests.viz.planted import arranged
from viz import network_map
from viz.network_map import MapNode, NetworkMap


@pytest.mark.parametrize(("given", "kept"), [(1.26, 1.3), (-0.04, 0.0), (-7.0, -7.0)])
def test_positions_are_rounded_to_a_tenth(given: float, kept: float) -> None:
    node = MapNode(id="a", kind="person", name="A", x=given)
    assert str(node.x) == str(kept)  # as text, because 0.0 == -0.0


def test_json_has_a_fixed_order_of_keys() -> None:
    first = json.loads(arranged(30).model_dump_json())
    assert list(first) == list(NetworkMap.model_fields)
    assert list(first["nodes"][0]) == list(MapNode.model_fields)


def test_a_map_survives_its_json() -> None:
    whole = arranged(30)
    assert NetworkMap.model_validate_json(whole.model_dump_json()) == whole


def test_a_map_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_map, "MOST_NODES", 29)
    with pytest.raises(LimitExceeded, match="30 nodes") as refused:
        arranged(30).check_size()
    assert "Narrow it" in refused.value.fix
