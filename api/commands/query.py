"""Ask the network a question; without a name, list the questions."""

from __future__ import annotations

from functools import partial
from typing import Any

from typer.core import TyperCommand

from api.commands._building import Parts, build
from api.commands._options import AudienceOption, JsonOption, StoreOption, level


def command() -> Parts:
    """`cogs query NAME …`, with the parameters of each question as options."""
    return Parts("query", __doc__ or "", word="question", briefs=_briefs, build=_question)


def _briefs() -> dict[str, str]:
    from graph.questions import question, question_names

    return {name: question(name).help for name in question_names()}


def _question(name: str) -> TyperCommand:
    from api.commands._stores import reader
    from graph.questions import question

    asked = question(name)
    return build(partial(_ask, name), name, f"{asked.help}\n\n{asked.details}", reader=reader(asked))


def _ask(
    name: str,
    *,
    given: dict[str, Any],
    store: StoreOption = None,
    audience: AudienceOption = "private",
    json: JsonOption = False,
) -> None:
    from api.commands._printing import print_json, watching
    from api.commands._stores import reading
    from api.commands._telling import tell
    from graph.questions import ask

    sees = level(audience)
    with reading(store) as opened:
        with watching():
            answer = ask(opened, name, given, audience=sees)
        if json:
            print_json(answer.model_dump_json())
        else:
            tell(answer, opened, sees)
