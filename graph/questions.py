"""Asking: finds a question by name, reads its parameters, gives it a view, wraps the answer.

A question is one module of `graph/queries/` with `Parameters`, `Answer` and `answer(view, parameters)`.
The route, the command, the assistant tool and the documentation all come from that one module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from graph.answers import Meta, QuestionAnswer, QuestionParameters
from graph.errors import InputError, NotFound, StoreUnavailable
from graph.lens import Lens
from graph.model import Audience
from graph.parts import part, part_names
from graph.store.base import Store
from graph.view import StoreMoved, View
from graph.wrongs import told

PACKAGE = "graph.queries"
TRIES = 4
Model = TypeVar("Model", bound=BaseModel)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Asking:
    """Anything that is asked for by parameters of its own and a lens: a question, a map style, a list."""

    name: str
    help: str
    details: str
    parameters: type[QuestionParameters]

    @property
    def lens_fields(self) -> tuple[str, ...]:
        """Lens parameters that it takes: all but the audience and those it uses itself."""
        own = {"audience", *self.parameters.model_fields}
        return tuple(name for name in Lens.model_fields if name not in own)

    def read(self, values: Mapping[str, Any], audience: Audience) -> tuple[Lens, Any]:
        """The lens and its own parameters from values as given; the first that is wrong raises InputError by name."""
        valid = (*self.parameters.model_fields, *self.lens_fields)
        if unknown := [key for key in values if key not in valid]:
            raise InputError(
                f"{self.name} has no parameter {unknown[0]!r}.",
                fix=f"It has: {', '.join(valid)}." if valid else "It has none.",
                parameter=unknown[0],
            )
        lens = {key: values[key] for key in self.lens_fields if key in values}
        own = {key: values[key] for key in self.parameters.model_fields if key in values}
        return validated(Lens, lens | {"audience": audience}), validated(self.parameters, own)


@dataclass(frozen=True)
class Question(Asking):
    """One question: what it is for, and the three things its module defines."""

    answer: type[QuestionAnswer]
    function: Callable[[View, Any], QuestionAnswer]


def question_names() -> tuple[str, ...]:
    """Names of all questions."""
    return part_names(PACKAGE)


def question(name: str) -> Question:
    """One question by its name; an unknown one raises NotFound with the valid names."""
    try:
        module = part(PACKAGE, name)
    except NotFound as unknown:
        raise NotFound(f"There is no question called “{name}”.", fix=unknown.fix, valid=question_names()) from unknown
    return Question(name, *described(module), module.Parameters, module.Answer, module.answer)


def described(module: ModuleType) -> tuple[str, str]:
    """What a part is for, in one sentence, and the rest of its documentation."""
    first, _, rest = (module.__doc__ or "").strip().partition("\n")
    return first, rest.strip()


def ask(store: Store, name: str, values: Mapping[str, Any], *, audience: Audience = Audience.private) -> QuestionAnswer:
    """Answer a question; `values` holds its own parameters and those of the lens, as HTTP or a command gives them."""
    asked = question(name)
    lens, parameters = asked.read(values, audience)
    view, answer = settled(store, lens, lambda view: asked.function(view, parameters))
    return answer.model_copy(update={"meta": _meta(asked, view, parameters)})


def settled(store: Store, lens: Lens, work: Callable[[View], Result]) -> tuple[View, Result]:
    """Work over a view until the network has not changed meanwhile; gives the view and what came of it."""
    for _ in range(TRIES):
        try:
            view = View(store, lens)
            result = work(view)
        except StoreMoved:
            continue
        if store.version(lens.audience) == view.graph_version:
            return view, result
    raise StoreUnavailable("The network changed each time while this was being answered.", fix="Ask again.")


def _meta(asked: Question, view: View, parameters: QuestionParameters) -> Meta:
    lens = view.lens.model_dump(mode="json", include=set(asked.lens_fields))
    return Meta(
        question=asked.name,
        parameters=parameters.model_dump(mode="json") | view.understood | lens,
        graph_version=view.graph_version,
        cut=view.cut,
        notes=tuple(view.notes),
    )


def empty_meta(name: str) -> Meta:
    """The meta that a question puts in before `ask` fills in the real one."""
    return Meta(question=name, parameters={}, graph_version="", cut=None, notes=())


def validated(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The values as a model; the first that is wrong raises InputError with the parameter named."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else _period_parameter(values)
        if first["type"] == "missing":
            raise InputError(f"The parameter {name} is missing.", fix=f"Give {name}.", parameter=name) from wrong
        message, fix = told(first)
        said = f"The parameter {name} is wrong: {message}." if name else f"The parameters are wrong: {message}."
        raise InputError(said, fix=fix, parameter=name) from wrong


def _period_parameter(values: Mapping[str, Any]) -> str | None:
    return next((name for name in ("at", "since") if name in values), None)
