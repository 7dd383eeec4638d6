"""The map of the whole network: what its summary says, in the singular too."""

from pathlib import Path

import pytest

from graph.model import Node
from tests.viz.styles.networks import body, map_of, store_of, ties

HUB = [("hub", "a"), ("hub", "b")]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([], "No node and no relationship among them."),
        ([("a", "b")], "2 nodes and 1 relationship among them."),
        (HUB, "3 nodes and 2 relationships among them. One cog of connection stands out, Hub."),
    ],
)
def test_summary(pairs: list[tuple[str, str]], said: str, tmp_path: Path) -> None:
    sectors = {"a": "public", "b": "community", "hub": None}
    nodes = [Node(**{**body(id).model_dump(), "sector": sector}) for id, sector in sectors.items()]
    with store_of(tmp_path, nodes, ties("PARTNERS_WITH", *pairs)) as store:
        assert map_of(store, "network").summary == said
