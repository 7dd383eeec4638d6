"""Show one node: what is known of it, and its relationships as sentences, with the evidence for each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.core import TyperCommand

from api.commands._building import build
from api.commands._options import AudienceOption, JsonOption, StoreOption, level

if TYPE_CHECKING:
    from api.commands._telling import Teller
    from graph.lens import Lens
    from graph.model import Node, Relationship
    from graph.store import Store

MOST = 1_000_000_000
Direction = Literal["out", "in"]
NodeArgument = Annotated[str, typer.Argument(metavar="NODE", help="Its id, its exact name or alias, or scheme:value.")]
LimitOption = Annotated[int, typer.Option(min=1, max=MOST, metavar="NUMBER", help="Most relationships of each sort.")]


def command() -> TyperCommand:
    """`cogs show NODE`."""
    return build(_show, "show", __doc__ or "")


def _show(
    node: NodeArgument,
    *,
    limit: LimitOption = 50,
    store: StoreOption = None,
    audience: AudienceOption = "private",
    json: JsonOption = False,
) -> None:
    from api.commands._stores import reading
    from api.commands._telling import Teller
    from api.commands._words import Words
    from graph.lens import Lens
    from graph.view import resolve

    lens = Lens(audience=level(audience))
    with reading(store) as opened:
        found = resolve(opened, node, lens, parameter="NODE")
        if json:
            _print_body(opened, found, lens)
            return
        teller = Teller(Words({}))
        _tell_node(teller, found)
        for heading, count, relationships in _groups(opened, found, lens, limit):
            _tell_group(teller, opened, found, (heading, count, relationships))
        teller.sources(opened)


def _print_body(store: Store, node: Node, lens: Lens) -> None:
    """What the service answers at the address of the node."""
    from api.commands._printing import print_json
    from api.reading import Read
    from api.routes.nodes import node_answer

    print_json(node_answer(Read(store, {}, lens, None, ids={"id": node.id})).model_dump_json())


def _tell_node(teller: Teller, node: Node) -> None:
    from graph.sentences import readable_date

    page = teller.page
    page.line(node.name, style="bold")
    kind = f"{node.subkind}, {node.kind}" if node.subkind else node.kind
    page.line(f"{kind}{f', {node.sector} sector' if node.sector else ''}; id {node.id}")
    facts = {
        "Also called": ", ".join(node.aliases),
        "Identifiers": ", ".join(map(str, node.identifiers)),
        "Page": node.url,
        "From": node.start and readable_date(node.start),
        "Until": node.end and readable_date(node.end),
        "Seen by": f"{node.audience} and above" if node.audience else None,
        **{name: str(value) for name, value in node.attributes.items()},
    }
    if node.summary:
        page.line(node.summary, above=True)
    for name, value in facts.items():
        if value:
            page.line(f"{name}: {value}", indent=2)
    page.line(teller.evidence([one.model_dump() for one in node.evidence]), indent=2, bullet="Evidence:")


def _groups(store: Store, node: Node, lens: Lens, limit: int) -> Iterator[tuple[str, bool, list[Relationship]]]:
    """Relationships by type and direction, with how that reads, and whether there are more."""
    from graph.sentences import heading
    from graph.store.records import Around

    directions: tuple[Direction, ...] = ("out", "in")
    for type_ in store.counts(lens, around=node.id).types:
        row = store.vocabulary.types[type_]
        for direction in directions:
            around = Around(node.id, direction, (type_,))
            found = list(islice(store.relationships(lens, around=around, limit=limit + 1), limit + 1))
            if found:
                yield heading(row, outgoing=direction == "out"), len(found) > limit, found[:limit]


def _tell_group(teller: Teller, store: Store, node: Node, group: tuple[str, bool, list[Relationship]]) -> None:
    from graph.sentences import sentence, sentence_back
    from graph.view import tell

    heading, has_more, relationships = group
    names = store.get([end for one in relationships for end in (one.source, one.target)])
    said = [
        tell(
            one,
            (sentence if one.source == node.id else sentence_back)(
                one, names[one.source].name, names[one.target].name, store.vocabulary
            ),
        )
        for one in relationships
    ]
    more = "the first " if has_more else ""
    teller.page.line(f"{heading.capitalize()} ({more}{len(said):,})", style="bold", above=True)
    teller.sentences([one.model_dump(mode="json") for one in said], 2)
