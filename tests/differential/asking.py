"""Drawing the parameters of any question from its own model."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from graph.questions import Question
from tests.differential.networks import ALL_IDS, DATES, LEVELS, SECTORS, TYPES

# What is there more often than not comes more often, or most questions would only be refused.
NAMES = [*ALL_IDS, *SECTORS * 10, "Oldham Trust", "X:1", "cafe", "nobody at all"]
OTHER_TEXTS = [*["organisation", "person"] * 6, "sector", "place", "2019", "x"]
MOST = 12  # numbers are drawn small, where limits cut


@st.composite
def asked(draw: st.DrawFn, question: Question) -> dict[str, Any]:
    """Values for the parameters of a question, those without a default always, the others now and then."""
    schema = question.parameters.model_json_schema()
    needed = schema.get("required", [])
    names = [name for name in schema["properties"] if name in needed or draw(st.integers(0, 2)) == 0]
    values = {name: draw(of_schema(schema["properties"][name], schema)) for name in names}
    lens = {"type": st.lists(st.sampled_from(TYPES), min_size=1, max_size=5), "at": st.just("2019"),
            "min_confidence": st.just(0.5), "include_inferred": st.booleans(),
            "sector": st.lists(st.sampled_from(SECTORS), min_size=1, max_size=2)}  # fmt: skip
    for name in set(draw(st.lists(st.sampled_from(list(lens)), max_size=1))) & set(question.lens_fields):
        values[name] = draw(lens[name])
    return values


def of_schema(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A strategy for one parameter, read from its JSON schema."""
    if "$ref" in schema:
        return of_schema(whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]], whole)
    if "anyOf" in schema:
        return st.one_of(*(of_schema(one, whole) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        items = of_schema(schema["items"], whole)
        return st.lists(items, min_size=schema.get("minItems", 0), max_size=min(schema.get("maxItems", 3), 3))
    least = schema.get("minimum", schema.get("exclusiveMinimum", -0.5) + 0.5)
    numbers = st.floats(least, schema.get("maximum", least + 5), allow_nan=False)
    texts = NAMES if schema.get("node") else DATES if schema.get("pattern", "").startswith("^[0-9]{4}") else OTHER_TEXTS
    choices = schema.get("enum") or [schema.get("const")]
    simple: dict[str | None, st.SearchStrategy[Any]] = {
        "integer": st.integers(int(least), max(int(least), min(schema.get("maximum", MOST), MOST))),
        "number": numbers.map(lambda value: round(value, 3)),
        "boolean": st.booleans(),
        "null": st.none(),
        "string": st.sampled_from(texts),
    }
    return st.sampled_from(choices) if choices != [None] else simple[schema.get("type", "string")]


audiences = st.sampled_from(LEVELS)
