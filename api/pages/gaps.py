"""The questions as sentences with gaps, in the order and under the headings in which people look for them.

A row holds the sentences of one question: the first is the form, with a gap for each parameter in braces. The answer is
headed by the first sentence all of whose gaps have a value. A question without a row is asked by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from string import Formatter
from urllib.parse import urlencode

from graph.actors import ActorOptions
from graph.model import Node
from graph.money import MONEY
from graph.parameters import Parameter
from graph.questions import question, question_names

Sentences = tuple[str, ...]
Says = Callable[[str], str]
GAP = "…"

ROWS: dict[str, dict[str, Sentences]] = {
    "Who is connected, and through whom": {
        "cogs": ("Who holds the network together?",),
        "cog": ("Whom does {node} join who are not in contact otherwise?",),
        "paths": ("How is {source} connected with {target}?",),
        "connectors": ("Who connects {sources} with {targets}?",),
        "common_connections": ("Who is in contact with all of {nodes}?",),
        "ego_network": ("Who stands around {node}?",),
    },
    "Who could meet, and work together": {
        "introductions": ("Whom should {node} meet, and through whom?", "Who should meet whom, and through whom?"),
        "coalition": ("Who could work together on {needs}?",),
        "gaps": ("Between which groups, by {group_by}, is contact missing?",),
        "bridges_needed": ("Which new ties would bring {a} closest to {b}?",),
    },
    "How the whole holds": {
        "stage": ("How far has this network grown?",),
        "communities": ("Which communities are there?",),
        "resilience": ("What would be lost if {leavers} left?", "What hangs on whom?"),
    },
    "Money": {
        "portfolio": ("Whom does the money of {funder} reach?",),
        "co_funding": ("Who funds the same as {funder}?", "Who funds the same?"),
        "flows": ("Where does the money of {payer} go?", "Where does the money of those in {place} go?"),
        "undervalued_cogs": ("Which cogs of connection does money not reach, of the sector {peer_sector}?",),
    },
    "Time and learning": {
        "timeline": ("What has happened with {node}?", "What has happened?"),
        "compare": ("What has changed from {before} to {after}?",),
        "learning": (
            "What has been learned about {theme}?",
            "What has been learned in {place}?",
            "What has been learned about {node}, or by them?",
            "What has been learned from the perspective of {perspective}?",
            "What has been learned?",
        ),
    },
}
OTHERS = "More questions"
# Which questions the page of a node leads to, and by which gap: of actors, and of what groups them.
OF_ACTORS = (
    ("paths", "source"),
    ("introductions", "node"),
    ("resilience", "leavers"),
    ("cog", "node"),
    ("timeline", "node"),
)
OF_FUNDERS = (("portfolio", "funder"), ("flows", "payer"))
OF_GROUPS = {
    "place": (("coalition", "needs"), ("learning", "place")),
    "theme": (("coalition", "needs"), ("learning", "theme")),
}


def sentences(name: str) -> Sentences:
    """The sentences of a question, the form first."""
    known = next((rows[name] for rows in ROWS.values() if name in rows), None)
    return known or (_by_name(name),)


def _by_name(name: str) -> str:
    needed = [field for field, info in question(name).parameters.model_fields.items() if info.is_required()]
    return f"{name.replace('_', ' ').capitalize()}{': ' if needed else ''}{', '.join(f'{{{one}}}' for one in needed)}"


def about(node: Node, types: Collection[str]) -> Iterator[tuple[str, str]]:
    """Questions about a node, and their addresses; `types` are those of the relationships that start from it."""
    rows = OF_ACTORS if node.kind in ActorOptions().actors else OF_GROUPS.get(node.kind, ())
    rows = (*rows, *(OF_FUNDERS if set(MONEY) & set(types) else ()))
    for name, gap in rows:
        said = filled(name, lambda one, gap=gap: node.name if one == gap else "")  # type: ignore[misc]
        yield said, f"/ask/{name}?{urlencode({gap: node.id})}"


def headings() -> Iterator[tuple[str, Sequence[str]]]:
    """Names of all questions under their headings; those without a row of their own come last."""
    names = question_names()
    for heading, rows in ROWS.items():
        yield heading, [name for name in rows if name in names]
    known = {name for rows in ROWS.values() for name in rows}
    if others := [name for name in names if name not in known]:
        yield OTHERS, others


def pieces(sentence: str) -> Iterator[tuple[str, str]]:
    """The words of a sentence, each with the gap that follows; an empty text where none does."""
    for words, gap, _, _ in Formatter().parse(sentence):
        yield words, gap or ""


def filled(name: str, says: Says) -> str:
    """The sentence that fits what is known of its gaps; dots where nothing is."""
    some = sentences(name)
    chosen = next((one for one in some if all(says(gap) for _, gap in pieces(one) if gap)), some[0])
    return "".join(words + (says(gap) or GAP if gap else "") for words, gap in pieces(chosen))


def missing(parameters: Sequence[Parameter], given: Callable[[str], int]) -> list[str]:
    """Names of the gaps that must be filled before a question can be asked."""
    own = [one for one in parameters if not one.of_lens and one.required]
    return [one.name for one in own if given(one.name) < int(one.schema.get("minItems", 1))]
