"""Questions as sentences with gaps to fill; the answer in words, then as tables, then as sentences with footnotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.deps import service
from api.errors import Problem, answer_error
from api.kept import Body
from api.pages.answered import answered, as_data, explained, map_address
from api.pages.forms import Field, Form, Pairs, cleaned
from api.pages.gaps import filled, headings, missing
from api.pages.problems import wants_page
from api.pages.rendering import AsData, page
from api.pages.suggestions import names_to_suggest
from api.pages.visiting import HTML, Visit, show, visit_of
from api.pages.waiting import later
from graph.errors import CogsError, InputError, StoreError, TimeLimit
from graph.parameters import Reader
from graph.questions import Question, ask, question, question_names
from graph.wording import listed

router = APIRouter()
PATIENCE = 5.0  # an answer is worked out once and then kept, and a page without it is no page


@router.get("/ask")
async def ask_page(request: Request) -> Response:
    """All questions."""
    return await show(request, _all, asks=True)


@router.get("/ask/{question}")
async def question_page(request: Request) -> Response:
    """One question, and its answer when its gaps are filled."""
    asked = question(request.path_params["question"])
    room = Room(asked, Reader(asked, service(request).vocabulary), tuple(request.query_params.multi_items()))
    clean = cleaned(room.given, room.reader.parameters)
    if clean != list(room.given):
        return RedirectResponse(f"{request.url.path}?{urlencode(clean)}".removesuffix("?"), 303)
    try:
        return await show(request, room.show, asks=True, patience=PATIENCE)
    except StoreError:
        raise
    except TimeLimit:
        return await later(request, room.show)
    except CogsError as wrong:
        if not wants_page(request.scope):
            raise
        return await _refused(request, room, wrong)


async def _refused(request: Request, room: Room, wrong: CogsError) -> Response:
    """The form as it was filled in, with what is wrong and how to mend it."""
    response = answer_error(wrong)
    problem = Problem.model_validate_json(bytes(response.body))
    body = await service(request).read(lambda: room.form(visit_of(request), problem))
    return Response(body.content, response.status_code, {"Vary": "Accept, Authorization"}, HTML)


def _all(visit: Visit) -> Body:
    forms = {name: _form(visit, name) for name in question_names()}
    return page(
        "ask.html",
        visit.store.vocabulary,
        headings=[(heading, [forms[name] for name in names]) for heading, names in headings()],
        names=names_to_suggest(visit),
        as_data=AsData((("/v1/queries", "the questions with their parameters (JSON)"),), "cogs query"),
        graph_version=visit.store.version(visit.lens.audience),
    )


def _form(visit: Visit, name: str) -> Form:
    return Form(name, Reader(question(name), visit.store.vocabulary).parameters, ())


@dataclass(frozen=True)
class Room:
    """The page of one question, for what its address gives."""

    question: Question
    reader: Reader
    given: Pairs

    def show(self, visit: Visit) -> Body:
        """The answer, or the form while something is missing."""
        if self._missing():
            return self.form(visit)
        try:
            answer = ask(visit.store, self.question.name, self.reader.values(self.given), audience=visit.lens.audience)
        except InputError:
            if self.given:
                raise
            return self.form(visit)  # a question that needs one of two gaps, as nobody has filled any yet
        return page(
            "answer.html",
            visit.store.vocabulary,
            form=Form(self.question.name, self.reader.parameters, self._named(visit)),
            question=self.question,
            names=names_to_suggest(visit),
            map_address=map_address(self.question.name, self.given),
            explained=explained(self.question.name, self.given),
            as_data=as_data(self.question.name, self.given, self.reader.parameters),
            graph_version=answer.meta.graph_version,
            **answered(visit, answer),
        )

    def form(self, visit: Visit, problem: Problem | None = None) -> Body:
        """The form alone, with what is wrong or missing."""
        wrong, instead = self._instead(problem)
        if problem and instead:
            said = f"Several here are called “{wrong}”." if problem.candidates else f"Nothing here is called “{wrong}”."
            problem = problem.model_copy(update={"detail": said})
        form = Form(self.question.name, self.reader.parameters, self._named(visit), problem)
        missed = [form.fields[name].label.lower() for name in self._missing()] if self.given and not problem else []
        return page(
            "question.html",
            visit.store.vocabulary,
            form=form,
            question=self.question,
            names=names_to_suggest(visit),
            heading=filled(self.question.name, lambda gap: listed(form.fields[gap].values) or form.fields[gap].default),
            missed=listed(missed),
            problem=problem,
            instead=instead,
            as_data=as_data(self.question.name, self.given, self.reader.parameters) if not self._missing() else None,
            graph_version=visit.store.version(visit.lens.audience),
        )

    def _missing(self) -> Sequence[str]:
        return missing(self.reader.parameters, lambda name: sum(one == name for one, _ in self.given))

    def _named(self, visit: Visit) -> Pairs:
        """What is given, with names in place of ids where a name means one node only."""
        nodes = visit.store.get(sorted({value for _, value in self.given}), visit.lens)
        names = {id: node.name for id, node in nodes.items() if len(visit.store.find(node.name, visit.lens)) == 1}
        named = {one.name for one in self.reader.parameters if Field(one, ()).names_node}
        return [(name, names.get(value, value) if name in named else value) for name, value in self.given]

    def _instead(self, problem: Problem | None) -> tuple[str, Sequence[tuple[str, str, str]]]:
        """The name that is none, and those that may be meant: what they are, and the address that asks with each."""
        nodes = (problem.candidates or problem.nearest or ()) if problem else ()
        wrong = next((pair for pair in self.given if problem and _is_wrong(pair, problem)), None)
        if not wrong:
            return "", ()
        found = []
        for node in nodes:
            pairs = [(pair[0], node.id if pair == wrong else pair[1]) for pair in self.given]
            found.append((node.name, f"{node.kind}, {node.id}", f"/ask/{self.question.name}?{urlencode(pairs)}"))
        return wrong[1], found


def _is_wrong(pair: tuple[str, str], problem: Problem) -> bool:
    return pair[0] == problem.parameter and f"“{pair[1]}”" in problem.detail
