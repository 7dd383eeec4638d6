"""Find nodes by part of a name, an alias, an identifier or words of a summary."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from api.commands._building import build
from api.commands._options import AudienceOption, JsonOption, StoreOption, level


def command() -> TyperCommand:
    """`cogs search TEXT …`."""
    from api.commands._stores import reader
    from api.routes.search import SEARCH

    details = "Accents and one typing error are forgiven. The best come first, each with why it matched."
    return build(_search, "search", f"{__doc__}\n\n{details}", reader=reader(SEARCH), first="q")


def _search(
    *,
    given: dict[str, Any],
    store: StoreOption = None,
    audience: AudienceOption = "private",
    json: JsonOption = False,
) -> None:
    from api.commands._printing import Page, print_json
    from api.commands._stores import reading
    from api.reading import Read
    from api.routes.search import SEARCH, found

    lens, parameters = SEARCH.read(given, level(audience))
    with reading(store) as opened:
        answer = found(Read(opened, given, lens, parameters, "/v1/search"))
    if json:
        print_json(answer.model_dump_json())
        return
    page = Page()
    if not answer.items:
        page.line(f"Nothing matches “{parameters.q}”.")
        return
    titles = ["", "Name", "Kind", "Why", "Id"]
    page.table(titles, [[f"{one.rank}", one.name, one.kind, one.why, one.id] for one in answer.items])
    if answer.total > answer.items[-1].rank:
        page.line(f"{answer.total:,} nodes match; --limit shows more.", above=True)
    if answer.cut:
        page.line("There are more matches than are ranked; add a word.", above=True)
