"""Sources: what was read, under which licence, and the facts that came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.pages.coverage import Part, counted, part_of
from api.pages.footnotes import Footnotes
from api.pages.rendering import AsData, page
from api.pages.sayings import ends_of, say
from api.pages.visiting import Visit, show
from graph.errors import NotFound
from graph.lens import Lens
from graph.limits import check_time
from graph.model import Node, Relationship
from graph.questions import settled
from graph.store import Store
from graph.view import View

router = APIRouter()
SHOWN = 100
# Facts are not indexed by source: they are counted by reading them, and beyond so many that would take too long.
MOST_READ = 20_000
MOST_SECTIONS = 100


@router.get("/sources")
async def sources_page(request: Request) -> Response:
    """What was read."""
    return await show(request, _sources, asks=True)


@router.get("/sources/{id}")
async def source_page(request: Request) -> Response:
    """One source and its facts."""
    return await show(request, _source, asks=True)


@dataclass(frozen=True)
class Facts:
    """Ids of what each source gave, and whether everything was read to know it."""

    nodes: Mapping[str, Sequence[str]]
    relationships: Mapping[str, Sequence[str]]
    sections: Mapping[str, Sequence[tuple[str, int]]]
    is_whole: bool

    def count(self, source: str) -> int:
        """How many facts a source gave."""
        return len(self.nodes.get(source, ())) + len(self.relationships.get(source, ()))


@lru_cache(maxsize=4)
def _facts(store: Store, version: str, lens: Lens) -> Facts:
    """What each source gave, for one version of the network."""
    nodes: dict[str, list[str]] = {}
    relationships: dict[str, list[str]] = {}
    parts: list[set[Part]] = []
    read = 0
    for fact in _all(store, lens):
        read += 1
        if read > MOST_READ:
            break
        kept = nodes if isinstance(fact, Node) else relationships
        for source in {evidence.source for evidence in fact.evidence}:
            kept.setdefault(source, []).append(fact.id)
        parts.append({part_of(evidence) for evidence in fact.evidence})
        if read % 500 == 0:
            check_time()
    return Facts(nodes, relationships, counted(parts), read <= MOST_READ)


def _all(store: Store, lens: Lens) -> Iterator[Node | Relationship]:
    return chain(
        store.relationships(lens, limit=MOST_READ + 1),
        store.nodes(lens, limit=MOST_READ + 1),
    )


def _sources(visit: Visit) -> Body:
    version = visit.store.version(visit.lens.audience)
    sources = list(visit.store.get_sources().values())
    return page(
        "sources.html",
        visit.store.vocabulary,
        sources=sources,
        facts=_facts(visit.store, version, visit.lens),
        as_data=AsData((("/v1/sources", "these sources (JSON)"),)),
        graph_version=version,
    )


def _source(visit: Visit) -> Body:
    id = visit.ids["id"]
    if id not in visit.store.get_sources([id]):
        raise NotFound(f"There is no source with the id “{id[:200]}”.", fix="The page of sources lists them all.")
    return settled(visit.store, visit.lens, lambda view: _shown(view, visit, id))[1]


def _shown(view: View, visit: Visit, id: str) -> Body:
    facts = _facts(view.store, view.graph_version, view.lens)
    relationships, nodes = facts.relationships.get(id, ()), facts.nodes.get(id, ())
    offset = visit.number("from", most=facts.count(id))
    end = offset + SHOWN
    footnotes = Footnotes(view.sources)
    bodies = list(view.store.get_relationships(relationships[offset:end], view.lens).values())
    bodies.sort(key=lambda one: (one.type, one.id))
    ends = view.bodies(ends_of(bodies))
    start = max(0, offset - len(relationships))
    room = max(0, SHOWN - len(bodies))
    sayings = [say(one, ends, view.store.vocabulary, footnotes) for one in bodies]
    named = [
        (node, [note for note in footnotes.of(node.evidence) if note.source.id == id])
        for node in view.bodies(nodes[start : start + room]).values()
    ]
    return page(
        "source.html",
        view.store.vocabulary,
        source=view.sources[id],
        facts=facts,
        sections=() if offset else facts.sections.get(id, ())[:MOST_SECTIONS],
        sayings=sayings,
        nodes=named,
        footnotes=list(footnotes),
        offset=offset,
        relationship_count=len(relationships),
        node_count=len(nodes),
        before=visit.address(**{"from": max(0, offset - SHOWN) or None}) if offset else None,
        more=visit.address(**{"from": end}) if facts.count(id) > end else None,
        as_data=AsData((("/v1/sources", "all sources (JSON)"),)),
        graph_version=view.graph_version,
    )
