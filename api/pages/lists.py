"""All nodes of a kind, a page at a time."""

from __future__ import annotations

from itertools import islice

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.pages.rendering import AsData, page
from api.pages.visiting import Visit, show
from api.reading import from_cursor, to_cursor
from graph.errors import InputError
from graph.lens import Lens

router = APIRouter()
SHOWN = 100


@router.get("/nodes")
async def nodes_page(request: Request) -> Response:
    """All nodes, or those of one kind."""
    return await show(request, _nodes)


def _nodes(visit: Visit) -> Body:
    vocabulary, kind, after = visit.store.vocabulary, visit.text("kind"), from_cursor(visit.text("cursor") or None)
    if kind and kind not in vocabulary.kinds:
        raise InputError(
            f"{kind[:60]!r} is not a kind.", fix=f"Use one of: {', '.join(sorted(vocabulary.kinds))}.", parameter="kind"
        )
    lens = Lens(audience=visit.lens.audience, kind=(kind,) if kind else ())
    found = list(islice(visit.store.nodes(lens, after=after, limit=SHOWN + 1), SHOWN + 1))
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    return page(
        "nodes.html",
        vocabulary,
        kind=kind,
        nodes=found[:SHOWN],
        counts=visit.store.counted(visit.lens),
        begun=bool(after),
        more=visit.address(cursor=to_cursor(f"{last.kind}/{last.id}")) if last else None,
        as_data=AsData(((f"/v1/nodes?kind={kind}" if kind else "/v1/nodes", "these nodes (JSON)"),)),
        graph_version=visit.store.version(visit.lens.audience),
    )
