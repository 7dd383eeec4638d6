"""The page of a node and the map around it mark the same cogs of connection."""

from pathlib import Path

from api.pages.standing import leading, standing
from graph.lens import Lens
from graph.model import Node
from graph.questions import settled
from graph.view import View
from tests.viz.styles.networks import SEEN, map_of, store_of, ties

HUBS = [f"hub{number:02}" for number in range(15)]


def stars() -> tuple[list[Node], list[tuple[str, str]]]:
    """Hub number n is the only one to know n + 2 others, by turns of two sectors: the later, the higher its score."""
    nodes, pairs = [Node(id=hub, kind="organisation", name=hub, evidence=SEEN) for hub in HUBS], []
    for number, hub in enumerate(HUBS):
        for leaf in range(number + 2):
            id, sector = f"{hub}-{leaf}", ("public", "community")[leaf % 2]
            nodes.append(Node(id=id, kind="organisation", name=id, sector=sector, evidence=SEEN))
            pairs.append((hub, id))
    return nodes, pairs


def test_map_and_page_mark_the_same_leading_cogs_whatever_is_around(tmp_path: Path) -> None:
    nodes, pairs = stars()

    def told(view: View) -> tuple[list[str], list[str]]:
        found = {hub: standing(view, hub) for hub in HUBS}
        return [hub for hub, one in found.items() if one and one.is_cog], [node.id for node, _ in leading(view)]

    with store_of(tmp_path, nodes, ties("PARTNERS_WITH", *pairs)) as store:
        marked, listed = settled(store, Lens(), told)[1]
        maps = {hub: map_of(store, "ego", node=hub) for hub in HUBS}
        whole = map_of(store, "network")
    # By hand: all 15 have a score above nothing, and the 12 with most others lead.
    assert marked == HUBS[3:]
    assert listed == HUBS[:2:-1]
    assert {hub: [node.id for node in drawn.nodes if node.is_cog] for hub, drawn in maps.items()} == {
        hub: [hub] if hub in marked else [] for hub in HUBS
    }
    assert [node.id for node in whole.nodes if node.is_cog] == marked
