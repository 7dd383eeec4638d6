"""The description that programs read: whole, typed, with examples, and true: schemathesis asks all that it offers."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from api.app import create_app
from graph.questions import question, question_names
from graph.settings import Settings
from viz.maps import style_names

EXAMPLES = [6, pytest.param(500, marks=pytest.mark.long)]  # of what fits and of what does not, for each address


@pytest.fixture(scope="module")
def description(seed_client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = seed_client.get("/openapi.json").json()
    return found


def test_every_question_and_map_is_described(description: dict[str, Any]) -> None:
    paths = set(description["paths"])
    assert {f"/v1/queries/{name}" for name in question_names()} <= paths
    assert {f"/v1/maps/{name}{form}" for name in style_names() for form in ("", ".svg", ".png", ".json")} <= paths
    assert {"/v1/nodes/{id}/relationships", "/v1/export.jsonl", "/healthz"} <= paths


def test_a_question_has_typed_parameters_and_a_typed_answer(description: dict[str, Any]) -> None:
    described = description["paths"]["/v1/queries/paths"]["get"]
    by_name = {parameter["name"]: parameter for parameter in described["parameters"]}
    asked = question("paths")
    assert list(by_name) == [*asked.parameters.model_fields, *asked.lens_fields]
    assert described["summary"] == asked.help
    assert by_name["source"]["required"]
    assert by_name["source"]["example"] == "oldham-council"
    assert by_name["k"]["schema"] == {"type": "integer", "default": 3, "minimum": 1, "maximum": 50}
    assert by_name["avoid"]["schema"]["type"] == "array"
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    assert set(description["components"]["schemas"][answer]["required"]) == {"meta", "paths", "none_within"}


def test_every_address_says_how_it_fails(description: dict[str, Any]) -> None:
    for path, methods in description["paths"].items():
        for operation in methods.values():
            if path.startswith("/v1"):
                content = operation["responses"]["default"]["content"]
                assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert {"type", "title", "status", "detail", "fix"} == set(
        description["components"]["schemas"]["Problem"]["required"]
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/nodes/{id}", {"200", "304", "308", "404", "409", "410", "422", "503", "504", "default"}),
        ("/v1/queries/paths", {"200", "202", "304", "404", "409", "410", "422", "503", "504", "default"}),
        ("/v1/vocabulary", {"200", "304", "422", "503", "504", "default"}),
    ],
)
def test_an_address_lists_the_statuses_that_it_may_answer(
    description: dict[str, Any], path: str, expected: set[str]
) -> None:
    assert set(description["paths"][path]["get"]["responses"]) == expected


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("examples", EXAMPLES)
def test_the_service_does_what_its_description_says(seed_file: str, examples: int, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings(store=seed_file)))
    # What is wrong only together with the rest (two dates, an end to be avoided) cannot be said in a schema.
    described.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "308", "404", "409", "410", "422"]
    described.config.checks.negative_data_rejection.expected_statuses = ["404", "414", "422"]
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if mode is GenerationMode.POSITIVE or len(operation.query):  # without parameters there is nothing to get wrong
            ask_all(operation, examples, mode)


def ask_all(operation: Any, examples: int, mode: GenerationMode) -> None:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate()

    ask()
