"""A node: who or what it is, the sentence that matters, its relationships as sentences, and where each is said."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.kept import Body
from api.pages.footnotes import Footnotes
from api.pages.gaps import about
from api.pages.rendering import AsData, page, path_part
from api.pages.sayings import Saying, ends_of, say
from api.pages.standing import standing
from api.pages.styles import of_theme
from api.pages.visiting import Visit, show
from graph.adjacency import Ints
from graph.errors import InputError
from graph.finding import node as find_node
from graph.model import FIRST_DAY, LAST_DAY, Node
from graph.questions import settled
from graph.sentences import heading
from graph.view import View

router = APIRouter()
SHOWN, ALONE = 10, 100
WHOLE = 120  # relationships that fit on one page, so that no group is cut
DATED = 12


@router.get("/nodes/{id}")
async def node_page(request: Request) -> Response:
    """One node."""
    return await show(request, _node, asks=True)


@router.get("/nodes/{id}/relationships")
async def relationships_page(request: Request) -> Response:
    """One group of the relationships of a node, a page at a time."""
    return await show(request, _group_alone)


@dataclass(frozen=True)
class Group:
    """Relationships of one type, and of one direction where it has one."""

    type: str
    direction: str
    heading: str
    count: int
    sayings: Sequence[Saying]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"{self.type.lower()}-{self.direction}"


@dataclass(frozen=True)
class Numbers:
    """Relationships of one group by their numbers in the arrays, in the order of ids."""

    type: str
    direction: str
    all: Ints


def _node(visit: Visit) -> Body:
    id = visit.ids["id"]
    find_node(visit.store, id, visit.lens)
    return settled(visit.store, visit.lens, lambda view: _shown(view, id))[1]


def _shown(view: View, id: str) -> Body:
    node = view.bodies([id])[id]
    footnotes = Footnotes(view.sources)
    own = tuple(footnotes.of(node.evidence))
    numbers = list(_numbers(view, id))
    limit = SHOWN if sum(len(group.all) for group in numbers) > WHOLE else WHOLE
    groups = [_group(view, node, group, group.all[:limit], footnotes) for group in numbers]
    timeline = _timeline(view, node, numbers, footnotes)
    return page(
        "node.html",
        view.store.vocabulary,
        node=node,
        own=own,
        places=_places(view, id),
        around=_around(view, id),
        standing=standing(view, id),
        among=of_theme(node.subkind) if node.kind == "theme" else None,
        groups=groups,
        count=sum(group.count for group in groups),
        timeline=timeline,
        questions=list(about(node, {group.type for group in numbers if group.direction == "out"})),
        dated=sum(len(sayings) for _, sayings in timeline),
        footnotes=list(footnotes),
        as_data=_as_data(id),
        graph_version=view.graph_version,
    )


def _group_alone(visit: Visit) -> Body:
    id = visit.ids["id"]
    node = find_node(visit.store, id, visit.lens)
    return settled(visit.store, visit.lens, lambda view: _page_of_group(view, node, visit))[1]


def _page_of_group(view: View, node: Node, visit: Visit) -> Body:
    wanted = (visit.text("type"), visit.text("direction"))
    groups = {(group.type, group.direction): group for group in _numbers(view, node.id)}
    if wanted not in groups:
        raise InputError(
            "There are no such relationships here.", fix="Go back to the page before, and take one of its links."
        )
    numbers, footnotes = groups[wanted], Footnotes(view.sources)
    offset = visit.number("from", most=len(numbers.all))
    end = offset + ALONE
    group = _group(view, node, numbers, numbers.all[offset:end], footnotes)
    links = [(f"/v1/nodes/{path_part(node.id)}/relationships?type={group.type}", "these relationships (JSON)")]
    return page(
        "group.html",
        view.store.vocabulary,
        node=node,
        group=group,
        offset=offset,
        before=visit.address(**{"from": max(0, offset - ALONE) or None}) if offset else None,
        more=visit.address(**{"from": end}) if group.count > end else None,
        footnotes=list(footnotes),
        as_data=AsData(links, shlex.join(["cogs", "show", node.id])),
        graph_version=view.graph_version,
    )


def _numbers(view: View, id: str) -> Iterator[Numbers]:
    """The relationships around a node in groups, in the order of the vocabulary, outgoing before incoming."""
    edges, number, names = view.arrays.relationships, view.number(id), sorted(view.store.vocabulary.types)
    own = (edges.source == number) & (edges.target == number) & view.adjacency().visible.relationships
    around = np.unique(
        np.concatenate((view.adjacency().steps(np.array([number])).relationship, np.flatnonzero(own)))
    ).astype(np.int64)
    for name, row in view.store.vocabulary.types.items():
        of_type = around[edges.type[around] == names.index(name)]
        leaves = edges.source[of_type] == number
        sides = (("out", of_type[leaves]), ("in", of_type[~leaves])) if row.directed else (("both", of_type),)
        yield from (Numbers(name, direction, some) for direction, some in sides if len(some))


def _group(view: View, node: Node, numbers: Numbers, shown: Ints, footnotes: Footnotes) -> Group:
    vocabulary = view.store.vocabulary
    bodies = view.relationship_bodies(shown.tolist())
    ends = view.bodies(ends_of(bodies))
    sayings = [say(one, ends, vocabulary, footnotes, of=node.id) for one in bodies]
    words = heading(vocabulary.types[numbers.type], outgoing=numbers.direction != "in")
    return Group(numbers.type, numbers.direction, words, len(numbers.all), sayings)


def _places(view: View, id: str) -> list[Node]:
    return list(view.bodies(view.places([id])[id]).values())


def _around(view: View, id: str) -> list[tuple[str, int]]:
    """How many different nodes of each kind stand around a node, the most first."""
    neighbours = np.unique(view.adjacency().steps(np.array([view.number(id)])).neighbour)
    names = sorted(view.store.vocabulary.kinds)
    counts = Counter(names[code] for code in view.arrays.nodes.kind[neighbours].tolist())
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


def _timeline(
    view: View, node: Node, groups: Sequence[Numbers], footnotes: Footnotes
) -> list[tuple[str, list[Saying]]]:
    """The latest dated relationships by the date of their beginning, or of their end where only that is stated."""
    edges = view.arrays.relationships
    numbers = np.concatenate([group.all for group in groups]) if groups else np.empty(0, np.int64)
    first, last = edges.first_day[numbers].astype(np.int64), edges.last_day[numbers].astype(np.int64)
    day = np.where(first > FIRST_DAY, first, np.where(last < LAST_DAY, last, FIRST_DAY))
    order = np.lexsort((numbers, -day))[:DATED]
    bodies = view.relationship_bodies(numbers[order][day[order] > FIRST_DAY].tolist())
    ends = view.bodies(ends_of(bodies))
    sayings = [say(one, ends, view.store.vocabulary, footnotes, of=node.id) for one in bodies]
    dated = sorted(sayings, key=lambda saying: (saying.start or saying.end or "", saying.second.name), reverse=True)
    return [(date, list(some)) for date, some in groupby(dated, lambda saying: saying.start or saying.end or "")]


def _as_data(id: str) -> AsData:
    part = path_part(id)
    links = (
        (f"/v1/nodes/{part}", "this node (JSON)"),
        (f"/v1/nodes/{part}/relationships", "its relationships (JSON)"),
        (f"/v1/queries/ego_network?node={part}", "everything around it (JSON)"),
    )
    return AsData(links, shlex.join(["cogs", "show", id]))
