"""What is wrong with a value, in words that a person can act on, instead of those of the validating library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What pydantic calls the fault: what is wrong, and how to mend it. Braces are filled from the fault's own context.
WORDS = {
    "greater_than_equal": ("it is less than {ge}", "Give a number of at least {ge}."),
    "greater_than": ("it is not above {gt}", "Give a number above {gt}."),
    "less_than_equal": ("it is more than {le}", "Give a number of at most {le}."),
    "less_than": ("it is not below {lt}", "Give a number below {lt}."),
    "int_parsing": ("it is not a whole number", "Give a whole number."),
    "int_from_float": ("it is not a whole number", "Give a whole number."),
    "int_parsing_size": ("it is too long a number", "Give a smaller number."),
    "float_parsing": ("it is not a number", "Give a number."),
    "finite_number": ("it is not a number that can be reckoned with", "Give a number."),
    "bool_parsing": ("it is neither true nor false", "Give `true` or `false`."),
    "string_too_short": ("it is empty", "Give at least {min_length} character(s)."),
    "string_too_long": ("it is longer than {max_length} characters", "Shorten it."),
    "too_short": ("it has only {actual_length} value(s)", "Repeat it: give at least {min_length}."),
    "too_long": ("it has more than {max_length} values", "Give at most {max_length}."),
    "enum": ("there is no such value", "Use one of: {expected}."),
    "literal_error": ("there is no such value", "Use one of: {expected}."),
}
DATE = ("it is not a date", "Write it as 2019, 2019-10 or 2019-10-09.")
NAME = ("it is not a name of the vocabulary", "See /v1/vocabulary or `cogs check` for the names there are.")


def told(fault: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and how to mend it, for one fault of a pydantic ValidationError."""
    kind, context = str(fault["type"]), fault.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return DATE if str(context["pattern"]).startswith("^[0-9]{4}") else NAME
    if kind in WORDS:
        wrong, fix = (words.format(**context) for words in WORDS[kind])
        return wrong, fix
    wrong, _, mend = str(fault["msg"]).removeprefix("Value error, ").partition(": ")  # our own say both
    return wrong, f"{mend[:1].upper()}{mend[1:]}." if mend else "See /docs for what it takes."
