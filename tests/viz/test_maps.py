"""Styles are found by name, and a map says where it is served and which command makes it."""

from typing import Any

import pytest

from graph.errors import NotFound
from viz.maps import address, command, style, style_names


@pytest.mark.parametrize(
    ("given", "query", "words"),
    [
        ({}, "", ""),
        ({"node": ["Oldham Council"]}, "?node=Oldham+Council", " --node 'Oldham Council'"),
        ({"kind": ["fund", "event"]}, "?kind=fund&kind=event", " --kind fund --kind event"),
        (
            {"include_inferred": [False], "through_groups": [True]},
            "?include_inferred=false&through_groups=true",
            " --no-include-inferred --through-groups",
        ),
        ({"node": ["a; rm -r ."]}, "?node=a%3B+rm+-r+.", " --node 'a; rm -r .'"),
    ],
)
def test_address_and_command_make_the_same_map(given: dict[str, list[Any]], query: str, words: str) -> None:
    assert address("ego", given) == f"/v1/maps/ego{query}"
    assert command("ego", given) == f"cogs map ego{words} -o ego.html"


def test_every_style_says_what_it_is_for() -> None:
    assert {"network", "ego", "framework", "shifts"} <= set(style_names())
    assert all(style(name).help.endswith(".") for name in style_names())


def test_an_unknown_style_names_those_there_are() -> None:
    with pytest.raises(NotFound) as refused:
        style("pie")
    assert refused.value.details["valid"] == style_names()
