"""The first page: what this network is, its map in small, its cogs of connection, and where to begin."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import numpy as np
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.pages.rendering import AsData, page
from api.pages.standing import leading
from api.pages.styles import offered
from api.pages.visiting import Visit, show
from graph.lens import NARROWED_KINDS, PLACE_TYPES
from graph.model import FIRST_DAY, Node
from graph.questions import settled
from graph.view import View

router = APIRouter()
PLACES, NEWEST, SOURCES = 12, 6, 6
SEED = "seeds.collaborative_society"


@router.get("/")
async def home(request: Request) -> Response:
    """What this network is."""
    return await show(request, _home, asks=True)


def _home(visit: Visit) -> Body:
    return settled(visit.store, visit.lens, _shown)[1]


def _shown(view: View) -> Body:
    counts = view.store.counted(view.lens)
    sources = list(view.sources.values())
    return page(
        "home.html",
        view.store.vocabulary,
        counts=counts,
        kinds=[(kind, counts.kinds[kind]) for kind in view.store.vocabulary.kinds if counts.kinds.get(kind)],
        sources=sources[:SOURCES],
        source_count=len(sources),
        maps=offered(counts.types),
        about=about_seed(view.sources),
        cogs=leading(view),
        places=list(_places(view)),
        newest=_newest(view),
        as_data=AsData(
            links=(
                ("/v1/stats", "the numbers (JSON)"),
                ("/v1/queries/cogs", "the cogs of connection (JSON)"),
                ("/v1/export.csv", "everything as tables (CSV)"),
                ("/v1/export.jsonl", "everything, without loss (JSON Lines)"),
            ),
            command="cogs query cogs",
        ),
        graph_version=view.graph_version,
    )


def about_seed(sources: Iterable[str]) -> str:
    """What the seed graph is about, in its own words, when it and nothing else is loaded."""
    ids, description = _seed()
    return description if set(sources) == ids else ""


@cache
def _seed() -> tuple[frozenset[str], str]:
    folder = files(SEED)
    rows = csv.DictReader((folder / "sources.csv").read_text(encoding="utf-8-sig").splitlines())
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return frozenset(row["id"] for row in rows), str(package["description"])


def _places(view: View) -> Iterator[tuple[Node, int]]:
    """Places with the number of organisations, people and projects that are stated to be there, the most first."""
    arrays, edges = view.arrays, view.arrays.relationships
    shown = view.adjacency().visible.relationships & np.isin(edges.type, arrays.type_codes(PLACE_TYPES))
    shown &= np.isin(arrays.nodes.kind[edges.source], arrays.kind_codes(NARROWED_KINDS))
    pairs = np.unique(np.stack((edges.target[shown], edges.source[shown])), axis=1)
    places, counts = np.unique(pairs[0], return_counts=True)
    order = np.lexsort((places, -counts))[:PLACES]
    ids = [arrays.nodes.ids[number] for number in places[order].tolist()]
    yield from zip(view.bodies(ids).values(), counts[order].tolist(), strict=True)


def _newest(view: View) -> list[Node]:
    """Nodes whose stated beginning is the latest."""
    nodes = view.arrays.nodes
    dated = np.flatnonzero(view.adjacency().visible.nodes & (nodes.first_day > FIRST_DAY))
    order = dated[np.lexsort((dated, -nodes.first_day[dated].astype(np.int64)))][:NEWEST]
    return list(view.bodies(nodes.ids[number] for number in order.tolist()).values())
