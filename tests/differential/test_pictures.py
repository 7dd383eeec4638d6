"""Charts of two networks: both stores must give the same bytes, and draw something of every style."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph.model import Node, Relationship, Source
from graph.store.base import Store
from graph.store.records import Batch
from tests.graph.money_reference import busy_paying_network
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import embedded_store, neo4j_store
from tests.viz.styles.test_every_chart import PLAIN, STYLES, chains
from viz.chart import Chart
from viz.maps import draw

DRAWN: list[tuple[str, dict[str, Any]]] = [
    *((style, {}) for style in STYLES),
    ("communities", {"community": ["{node}"], "limit": 3}),
    ("flows", {"place": "{place}", "limit": 3}),
    ("gaps", {"group_by": "place", "permutations": 100}),
    ("resilience", {"leavers": ["{node}"]}),
    ("timeline", {"by": "month"}),
    ("timeline", {"node": "{node}"}),
]


def charts(store: Store, nodes: Sequence[Node], relationships: Sequence[Relationship], **names: str) -> list[Chart]:
    """Every chart of a network; parameters in braces stand for names of this network."""
    store.apply(Batch([Source(id="s", title="S"), Source(id="walk", title="W")], nodes, relationships), by="test")
    made = []
    for style, values in DRAWN:
        given = {name: _filled(value, names) for name, value in values.items()}
        made.append(draw(store, style, given))
    return [chart for chart in made if isinstance(chart, Chart)]


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_filled(one, names) for one in value]
    return value.format(**names) if isinstance(value, str) else value


def test_both_stores_draw_alike(tmp_path: Path, neo4j_server: Neo4jServer) -> None:
    busy = busy_paying_network(3)
    networks = [
        (busy.nodes, busy.relationships, {"node": "o0", "place": "region"}),
        (PLAIN, chains(), {"node": "n0", "place": "here"}),
    ]
    drawn = []
    for place, (nodes, relationships, names) in enumerate(networks):
        folder = tmp_path / str(place)
        folder.mkdir()
        with embedded_store(folder) as embedded, neo4j_store(neo4j_server) as server:
            found = charts(embedded, nodes, relationships, **names)
            again = charts(server, nodes, relationships, **names)
        assert [chart.model_dump_json() for chart in found] == [chart.model_dump_json() for chart in again]
        drawn.append([bool(chart.rows) for chart in found])
    assert all(one or other for one, other in zip(*drawn, strict=True))  # equal pictures of nothing would prove little
    assert len(drawn[0]) == len(DRAWN)
