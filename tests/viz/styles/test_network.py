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


def test_a_community_is_drawn_with_what_its_members_share(tmp_path: Path) -> None:
    # In the work take part both of the community; the report thanks both, which is no contact; one alone has the event.
    nodes = [*(body(id) for id in ("a", "b", "c", "d")), body("work", "project"), body("report", "publication")]
    pairs = ties("DELIVERS", ("a", "work"), ("b", "work")) + ties("PARTNERS_WITH", ("c", "d"))
    pairs += ties("QUOTED_IN", ("a", "report"), ("b", "report")) + ties("TOOK_PART_IN", ("a", "fair"))
    with store_of(tmp_path, [*nodes, body("fair", "event")], pairs) as store:
        shown = {node.id for node in map_of(store, "network", community=["b"]).nodes}
        quoted = map_of(store, "network", community=["b"], type=["QUOTED_IN", "DELIVERS"])
    assert shown == {"a", "b", "work"}
    assert {node.id for node in quoted.nodes} == {"a", "b", "work", "report"}
