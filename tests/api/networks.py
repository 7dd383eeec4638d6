"""A small network made by hand: what is public, what is not, and one node that only the team may know."""

from graph.model import Audience, Evidence, Node, Relationship, Source
from graph.store.records import Batch

EVIDENCE = (Evidence(source="minutes", locator="lines 1-2"),)
HIDDEN = ("ada-moss", "quiet-fund")


def node(id: str, kind: str = "organisation", name: str = "", **values: object) -> Node:
    return Node.model_validate(
        {"id": id, "kind": kind, "name": name or id.replace("-", " ").title(), "evidence": EVIDENCE, **values}
    )


def tie(id: str, type: str, ends: tuple[str, str], **values: object) -> Relationship:
    return Relationship.model_validate(
        {"id": id, "type": type, "source": ends[0], "target": ends[1], "evidence": EVIDENCE, **values}
    )


def small_network() -> Batch:
    """Two councils and a trust, one project, two places; a person for the network and a fund for the team."""
    return Batch(
        sources=[Source(id="minutes", title="Minutes of a meeting", date="2019-10-09")],
        nodes=[
            node("north-council", name="North Council", sector="public", aliases=("NC",)),
            node("south-council", name="South Council", sector="public"),
            node("hill-trust", name="Hill Trust", sector="community", summary="Runs the café on the hill."),
            node("shared-table", "project", "Shared Table", start="2018", end="2020"),
            node("northby", "place", "Northby"),
            node("southby", "place", "Southby"),
            node("ada-moss", "person", "Ada Moss", audience=Audience.network),
            node("quiet-fund", "fund", "Quiet Fund", audience=Audience.team),
        ],
        relationships=[
            tie("north-in-northby", "LOCATED_IN", ("north-council", "northby")),
            tie("south-in-southby", "LOCATED_IN", ("south-council", "southby")),
            tie("north-with-trust", "PARTNERS_WITH", ("north-council", "hill-trust"), role="Joint Chair", start="2019"),
            tie("trust-delivers", "DELIVERS", ("hill-trust", "shared-table"), inferred=True, confidence=0.5),
            tie("south-delivers", "DELIVERS", ("south-council", "shared-table"), strength=0.9, note="By letter."),
            tie("ada-leads", "WORKS_FOR", ("ada-moss", "north-council"), role="chief executive"),
            tie(
                "north-funds",
                "FUNDS",
                ("north-council", "hill-trust"),
                start="2019",
                end="2019",
                amount=40000,
                currency="GBP",
            ),
        ],
    )
