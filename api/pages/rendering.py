"""Templates: what every page has around it, and how numbers, names and kinds are said in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.kept import Body
from api.pages.visiting import HTML
from graph.sentences import readable_date
from graph.vocabulary import Kind, Vocabulary
from viz.network_map import LegendKind
from viz.scales import border, marks
from viz.symbols import kind_symbol


@dataclass(frozen=True)
class AsData:
    """Where the same facts are: addresses with what they hold, and the command that gives them."""

    links: Sequence[tuple[str, str]]
    command: str = ""


@dataclass(frozen=True)
class Look:
    """How a kind is drawn and called."""

    name: str
    plural: str
    meaning: str
    picture: Markup


def page(template: str, vocabulary: Vocabulary, **context: Any) -> Body:
    """A page from its template."""
    looks = kind_looks(vocabulary)
    text = environment().get_template(template).render(looks=looks, vocabulary=vocabulary, **context)
    return Body(text.encode(), HTML)


def header(room: str = "", **context: Any) -> Markup:
    """The head of every page, for the map page too."""
    return Markup(environment().get_template("header.html").render(room=room, **context))  # noqa: S704 - escaped by the template


@cache
def environment() -> Environment:
    """The templates, with everything that is put into them made safe."""
    made = Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"counted": counted, "listed": listed, "path": path_part, "date": readable_date, "coded": coded}
    return made


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 place, 1,250 places."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> Markup:
    """Words as people list them: a, b and c."""
    some = list(words)
    if len(some) < 2:
        return Markup("").join(some)
    return Markup("{} and {}").format(Markup(", ").join(some[:-1]), some[-1])


def path_part(text: str) -> str:
    """A text as one part of an address."""
    return quote(text, safe="~:")


def coded(text: str) -> Markup:
    """A text of the documentation, with what stands between backticks as code."""
    pieces = (
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(text.split("`"))
    )
    return Markup("").join(pieces)


def kind_looks(vocabulary: Vocabulary) -> Mapping[str, Look]:
    """Name, plural and small picture of every kind, the same as on the maps."""
    marked = marks(vocabulary.kinds)
    return {name: _look(name, kind, marked[name]) for name, kind in vocabulary.kinds.items()}


def _look(name: str, kind: Kind, mark: Any) -> Look:
    legend = LegendKind(
        name=name, plural=kind.plural, shape=kind.shape, mark=mark, colour=kind.colour, border=border(kind.colour)
    )
    return Look(name, kind.plural, kind.meaning, Markup(kind_symbol(legend)))  # noqa: S704 - drawn by us from checked words
