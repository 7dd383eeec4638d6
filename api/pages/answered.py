"""An answer made ready for its page: what it says first, its parts, its footnotes, and the same as data."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from api.commands._words import texts
from api.pages.first_words import first_words
from api.pages.footnotes import Footnotes
from api.pages.forms import Pairs, as_text, command
from api.pages.gaps import filled
from api.pages.rendering import AsData
from api.pages.sayings import ends_of, say
from api.pages.telling import Teller, cited, first
from api.pages.told import Known
from api.pages.visiting import Visit
from graph.answers import QuestionAnswer
from graph.lens import Lens
from graph.model import Node
from graph.parameters import Parameter
from graph.questions import question
from graph.sentences import readable_date
from graph.wording import listed
from viz.maps import style, style_names

# Styles that draw a question of another name.
DRAWN_BY = {"ego_network": "ego"}
DATES = ("before", "after")
# Rankings, each of whose entries another question explains in full.
EXPLAINED = {"cogs": "cog", "undervalued_cogs": "cog"}


def answered(visit: Visit, answer: QuestionAnswer) -> dict[str, Any]:
    """What the template needs: heading, first words, parts, notes and footnotes."""
    lens = visit.lens.audience_only()
    known = _known(visit, answer, lens)
    told = Teller(known).answer(answer)
    name = answer.meta.question
    said = first_words(name, answer, lambda id: _name(known.nodes, id))
    return {
        "heading": filled(name, lambda gap: _value(known.nodes, gap, answer.meta.parameters[gap])),
        "words": [said, *told.words] if said else told.words,
        "told": told,
        "notes": answer.meta.notes,
        "cut": answer.meta.cut,
        "footnotes": list(known.footnotes),
    }


def _known(visit: Visit, answer: QuestionAnswer, lens: Lens) -> Known:
    """The nodes that an answer speaks of, and its first relationships as sentences."""
    relationships = visit.store.get_relationships(first(cited(answer)), lens)
    ids = {*texts(answer.model_dump(mode="json")), *ends_of(relationships.values())}
    nodes = visit.store.get(sorted(ids), lens)
    footnotes = Footnotes(visit.store.get_sources())
    vocabulary = visit.store.vocabulary
    sayings = {id: say(one, nodes, vocabulary, footnotes) for id, one in relationships.items()}
    return Known(nodes, sayings, footnotes)


def _name(nodes: Mapping[str, Node], id: str) -> str:
    return nodes[id].name if id in nodes else id


def _value(nodes: Mapping[str, Node], gap: str, value: object) -> str:
    """What stands in a gap, as a reader says it."""
    if isinstance(value, list):
        return listed(_name(nodes, str(one)) for one in value)
    if value is None:
        return ""
    return readable_date(str(value)) if gap in DATES else _name(nodes, as_text(value))


def as_data(name: str, given: Pairs, parameters: Sequence[Parameter]) -> AsData:
    """Where programs find the same, and the command that gives it."""
    query = f"?{urlencode(given)}" if given else ""
    words = shlex.join(command(name, given, parameters))
    return AsData(((f"/v1/queries/{name}{query}", "this answer (JSON)"), ("/docs#questions", "all questions")), words)


def explained(name: str, given: Pairs) -> str:
    """The address of the question that explains each entry, up to the name; empty where none does."""
    if name not in EXPLAINED:
        return ""
    taken = question(EXPLAINED[name]).parameters.model_fields | Lens.model_fields
    return (
        f"/ask/{EXPLAINED[name]}?{urlencode([*((one, value) for one, value in given if one in taken), ('node', '')])}"
    )


def map_address(name: str, given: Pairs) -> str:
    """The map that shows the same; empty where none does."""
    drawn = DRAWN_BY.get(name, name)
    if drawn not in style_names():
        return ""
    taken = {*style(drawn).parameters.model_fields, *style(drawn).lens_fields}
    return f"/map?{urlencode([('style', drawn), *((one, value) for one, value in given if one in taken)])}"
