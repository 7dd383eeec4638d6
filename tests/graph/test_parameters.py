"""Parameters as data, and their values read from text."""

from typing import Any

import pytest
from pydantic import Field

from graph.answers import QuestionParameters
from graph.errors import InputError
from graph.model import Audience
from graph.parameters import Parameter, Reader
from graph.questions import Asking
from graph.vocabulary import load_vocabulary


class Sample(QuestionParameters):
    name: str = Field(min_length=1)
    count: int = Field(3, ge=1, le=9, description="How many.")
    share: float | None = None
    loud: bool = False
    words: tuple[str, ...] = ()
    place: str | None = Field(None, description="Its own place, not that of the lens.")


READER = Reader(Asking("sample", "For a test.", "", Sample), load_vocabulary())
BY_NAME = {parameter.name: parameter for parameter in READER.parameters}


def test_its_own_parameters_come_first_and_win_over_the_lens() -> None:
    names = list(BY_NAME)
    assert names[: len(Sample.model_fields)] == list(Sample.model_fields)
    assert "audience" not in names
    assert len(names) == len(set(names)) == len(READER.parameters)
    assert not BY_NAME["place"].of_lens
    assert BY_NAME["kind"].of_lens


@pytest.mark.parametrize(
    ("name", "type", "is_repeatable", "is_required", "default"),
    [
        ("name", "string", False, True, None),
        ("count", "integer", False, False, 3),
        ("share", "number", False, False, None),
        ("loud", "boolean", False, False, False),
        ("words", "string", True, False, []),
        ("sector", "string", True, False, []),
    ],
)
def test_a_parameter_is_described(name: str, type: str, is_repeatable: bool, is_required: bool, default: Any) -> None:
    one: Parameter = BY_NAME[name]
    assert (one.type, one.repeatable, one.required, one.default) == (type, is_repeatable, is_required, default)


def test_kinds_and_types_offer_those_of_the_vocabulary() -> None:
    assert BY_NAME["kind"].schema["items"]["enum"] == sorted(load_vocabulary().kinds)
    assert "FUNDS" in BY_NAME["type"].schema["items"]["enum"]


@pytest.mark.parametrize(
    ("pairs", "values"),
    [
        ([("name", "a"), ("count", "4")], {"name": "a", "count": 4}),
        ([("words", "a"), ("words", "b"), ("loud", "true")], {"words": ["a", "b"], "loud": True}),
        ([("share", "0.25")], {"share": 0.25}),
        ([("share", "1e-3")], {"share": 0.001}),
        ([("nonsense", "a")], {"nonsense": ["a"]}),
        ([], {}),
    ],
)
def test_values_are_read(pairs: list[tuple[str, str]], values: dict[str, Any]) -> None:
    assert READER.values(pairs) == values


@pytest.mark.parametrize(
    ("pairs", "parameter"),
    [
        ([("count", "4"), ("count", "4")], "count"),
        ([("count", "four")], "count"),
        ([("count", "4.0")], "count"),
        ([("share", "nan")], "share"),
        ([("loud", "yes")], "loud"),
    ],
)
def test_what_cannot_be_read_is_named(pairs: list[tuple[str, str]], parameter: str) -> None:
    with pytest.raises(InputError) as refused:
        READER.values(pairs)
    assert refused.value.details["parameter"] == parameter


@pytest.mark.parametrize(
    ("values", "parameter", "message"),
    [
        ({}, "name", "The parameter name is missing."),
        ({"name": "a", "count": 10}, "count", "The parameter count is wrong"),
        ({"name": "a", "nonsense": ["a"]}, "nonsense", "sample has no parameter 'nonsense'."),
        ({"name": "a", "audience": "private"}, "audience", "sample has no parameter 'audience'."),
        ({"name": "a", "at": "2019", "since": "2018"}, "at", "The parameter at is wrong"),
    ],
)
def test_what_is_wrong_is_named(values: dict[str, Any], parameter: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        READER.asking.read(values, Audience.public)
    assert refused.value.details["parameter"] == parameter
