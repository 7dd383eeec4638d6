"""Search: what matches, grouped by kind, each with why."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.pages.rendering import AsData, page
from api.pages.visiting import Visit, show
from graph.errors import InputError
from graph.finding import Found, SearchAnswer, search
from graph.lens import Lens
from graph.search import MATCH_LIMIT, fold
from graph.view import nearest

router = APIRouter()
SHOWN = 50
LONGEST = 1_000


@router.get("/search")
async def search_page(request: Request) -> Response:
    """What matches a text."""
    return await show(request, _search)


def _search(visit: Visit) -> Body:
    text, vocabulary = visit.text("q").strip(), visit.store.vocabulary
    kinds = tuple(dict.fromkeys(kind for kind in visit.query.get("kind", ()) if kind))
    offset = visit.number("from", most=MATCH_LIMIT)
    if unknown := [kind for kind in kinds if kind not in vocabulary.kinds]:
        raise InputError(
            f"{unknown[0][:60]!r} is not a kind.",
            fix=f"Use one of: {', '.join(sorted(vocabulary.kinds))}.",
            parameter="kind",
        )
    if len(text) > LONGEST:
        raise InputError(f"The search is longer than {LONGEST:,} characters.", fix="Search for less.", parameter="q")
    lens = Lens(audience=visit.lens.audience, kind=kinds)
    answer = search(visit.store, text, lens, limit=SHOWN, offset=offset) if fold(text) else None
    lost = answer is not None and not answer.items and not offset
    return page(
        "search.html",
        vocabulary,
        text=text,
        kinds=kinds,
        answer=answer,
        groups=_grouped(answer.items) if answer else [],
        nearest=nearest(visit.store, text, visit.lens) if lost else [],
        counts=visit.store.counted(visit.lens),
        offset=offset,
        more=_more(visit, answer, offset),
        visit=visit,
        as_data=_as_data(text, kinds)
        if fold(text)
        else AsData((("/v1/nodes", "all nodes (JSON)"),), "cogs search TEXT"),
        graph_version=visit.store.version(visit.lens.audience),
    )


def _grouped(items: Sequence[Found]) -> list[tuple[str, list[Found]]]:
    """What was found by kind, the kind of the best match first."""
    groups: dict[str, list[Found]] = {}
    for item in items:
        groups.setdefault(item.kind, []).append(item)
    return list(groups.items())


def _more(visit: Visit, answer: SearchAnswer | None, offset: int) -> str | None:
    end = offset + SHOWN
    return visit.address(**{"from": end}) if answer and answer.total > end else None


def _as_data(text: str, kinds: Sequence[str]) -> AsData:
    query = urlencode([("q", text), *(("kind", kind) for kind in kinds)])
    words = ["cogs", "search", text, *(word for kind in kinds for word in ("--kind", kind))]
    return AsData(((f"/v1/search?{query}", "these results (JSON)"),), shlex.join(words))
