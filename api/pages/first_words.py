"""What the page of a question says first, where its answer has no sentence of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.commands._words import number
from api.pages.rendering import counted
from graph.sentences import readable_date
from graph.wording import listed, percent

Names = Callable[[str], str]
NAMED = 3


def first_words(question: str, answer: Any, names: Names) -> str:
    """One sentence for the top of the page; empty where the answer has its own or nothing fits."""
    if question in WORDS:
        return WORDS[question](answer, names)
    return "" if hasattr(answer, "sentence") else _first_sentence(answer)


def _first_sentence(answer: Any) -> str:
    """What is said of the first thing in the first list that says something."""
    for name in type(answer).model_fields:
        value = getattr(answer, name)
        for field in ("sentence", "because"):
            if isinstance(value, tuple) and value and hasattr(value[0], field):
                return str(getattr(value[0], field))
    return ""


def _cogs(answer: Any, _: Names) -> str:
    leading = [cog for cog in answer.cogs if cog.score > 0]
    if not leading:
        return "Nobody here joins others of different groups who are not in contact already."
    who = listed(cog.node.name for cog in leading[:NAMED])
    said = f"{'Most contact rests on' if leading[1:] else 'Contact rests on'} {who}. {leading[0].sentence}"
    if not (sure := leading[0].certainty):
        return said
    places = f"{sure.low}" if sure.low == sure.high else f"{sure.low} to {sure.high}"
    return f"{said} It is number {places} in nine of ten networks drawn by how sure each fact is."


def _paths(answer: Any, names: Names) -> str:
    source, target = (names(answer.meta.parameters[end]) for end in ("source", "target"))
    if not answer.paths:
        return f"Nothing joins {source} with {target} within {counted(answer.none_within, 'step')}."
    best = answer.paths[0]
    if best.length == 1:
        return f"{source} and {target} are connected directly."
    through = listed(node.name for node in best.nodes[1:-1])
    return f"{source} is connected with {target} through {through}, in {counted(best.length, 'step')}."


def _connectors(answer: Any, _: Names) -> str:
    if not answer.connectors:
        if answer.unreachable:
            return "Nobody connects them within the steps that were asked for."
        return "Nobody stands between them: they are in contact directly."
    best = answer.connectors[0]
    it = "them" if best.node.kind == "person" else "it"
    said = f"{best.node.name} connects most: {percent(best.serves)} of the pairs have a shortest way through {it}"
    return f"{said}, and {percent(best.cuts)} would have none without {it}." if best.cuts else f"{said}."


def _common(answer: Any, names: Names) -> str:
    given = listed(map(names, answer.meta.parameters["nodes"]))
    if not answer.common:
        return f"Nobody is in contact with all of {given}."
    who = listed([one.node.name for one in answer.common[:NAMED]], len(answer.common))
    return f"{who} {'is' if len(answer.common) == 1 else 'are'} in contact with all of {given}."


def _ego(answer: Any, _: Names) -> str:
    others = len(answer.nodes) - 1
    ties = counted(len(answer.relationships), "relationship")
    stand = "stands" if others == 1 else "stand"
    return f"{counted(others, 'other')} {stand} around {answer.centre.name}, with {ties} among them all."


def _introductions(answer: Any, names: Names) -> str:
    if not answer.introductions:
        return "There is nobody here to introduce who has somebody in common and is not in contact already."
    one = answer.introductions[0]
    return f"First of all, {names(one.introducer)} could introduce {names(one.a)} to {names(one.b)}. {one.because}"


def _coalition(answer: Any, names: Names) -> str:
    uncovered = listed(map(names, answer.uncovered))
    if not answer.team:
        return f"Nobody here covers {uncovered}."
    who = listed(one.node.name for one in answer.team)
    said = f"{who} could do it alone" if len(answer.team) == 1 else f"{who} could do it together"
    return f"{said}; nobody in reach covers {uncovered}." if uncovered else f"{said}."


def _undervalued(answer: Any, _: Names) -> str:
    found = next((cog for cog in answer.cogs if cog.score > 0 and cog.difference > 0), None)
    return found.sentence if found else "Nobody can be called an undervalued cog by what is recorded here."


def _co_funding(answer: Any, _: Names) -> str:
    return _first_sentence(answer) if answer.pairs else "No two funders are recorded here with a recipient in common."


def _flows(answer: Any, _: Names) -> str:
    dated = [one for one in answer.periods if one.period] or answer.periods
    return dated[-1].sentence if dated else "No payment or grant is recorded here."


def _timeline(answer: Any, _: Names) -> str:
    if not answer.events:
        return "Nothing here has a date."
    fullest = max(answer.counts, key=lambda one: one.events)
    dates = [readable_date(answer.events[place].date) for place in (0, -1)]
    when = dates[0] if dates[0] == dates[1] else f"from {dates[0]} to {dates[1]}"
    said = f"{counted(len(answer.events), 'dated change')} here, {when}"
    if len(answer.counts) == 1:
        return f"{said}."
    return f"{said}; most, {number(fullest.events)}, in {readable_date(fullest.period)}."


def _learning(answer: Any, _: Names) -> str:
    if not answer.insights:
        return "Nothing is recorded as learned."
    sorts: dict[str, int] = {}
    for one in answer.insights:
        sorts[one.sort or "of no stated sort"] = sorts.get(one.sort or "of no stated sort", 0) + 1
    said = listed(f"{count:,} {sort if sort.startswith('of') else f'to {sort}'}" for sort, count in sorts.items())
    return f"{counted(len(answer.insights), 'insight')}: {said.replace('to condition', 'on conditions that helped')}."


WORDS: dict[str, Callable[[Any, Names], str]] = {
    "cogs": _cogs,
    "paths": _paths,
    "connectors": _connectors,
    "common_connections": _common,
    "ego_network": _ego,
    "introductions": _introductions,
    "coalition": _coalition,
    "undervalued_cogs": _undervalued,
    "co_funding": _co_funding,
    "flows": _flows,
    "timeline": _timeline,
    "learning": _learning,
}
