"""What lies above the caller's level does not exist: every byte is the same as on a network without it.

Hypothesis makes a network of which some is hidden, and the same network with the hidden part never there; two
services over the two answer every address alike. Only the times in the change feed may differ.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from graph.model import LEVELS, Audience, Node, Relationship, Source
from graph.parts import part_names
from graph.questions import question_names
from graph.settings import Settings
from graph.store import open_store
from graph.store.records import Batch
from graph.vocabulary import load_vocabulary
from tests.api.networks import node, tie
from viz.maps import style_names

VOCABULARY = load_vocabulary()
KINDS = ("organisation", "person", "project", "place", "theme", "fund")
TYPES = ("WORKS_FOR", "PARTNERS_WITH", "FUNDS", "LOCATED_IN", "PART_OF", "WORKS_ON", "DELIVERS", "KNOWS")
NAMES = ("Oak", "Oak Trust", "Ash Trust", "Ash", "Elm")
HANDLED = ("surviving", "merged", "forgotten")  # always hidden; the second is merged into the first, the third erased
TIMES = re.compile(r'"at":"[^"]+"')
# The parameters that each question and style needs, of nodes that are there, are hidden, or never were.
NEEDS: dict[str, tuple[str, ...]] = {
    "ego_network": ("node",),
    "ego": ("node",),
    "paths": ("source", "target"),
    "connectors": ("sources", "targets"),
    "common_connections": ("nodes", "nodes"),
    "cog": ("node",),
    "bridges_needed": ("a", "b"),
}


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Node], list[Relationship]]:
    levels = st.sampled_from([None, *LEVELS])
    nodes = [
        node(
            f"n{number}",
            draw(st.sampled_from(KINDS)),
            draw(st.sampled_from(NAMES)),
            sector=draw(st.sampled_from([None, "public", "community"])),
            audience=draw(levels),
        )
        for number in range(draw(st.integers(3, 8)))
    ]
    kind, level = draw(st.sampled_from(KINDS)), draw(st.sampled_from([Audience.team, Audience.private]))
    nodes += [node(id, kind, draw(st.sampled_from(NAMES)), audience=level) for id in HANDLED]
    ties = []
    for number in range(draw(st.integers(0, 12))):
        source, target = draw(st.sampled_from(nodes)), draw(st.sampled_from(nodes))
        fitting = [name for name in TYPES if VOCABULARY.types[name].allows(source.kind, target.kind)]
        if fitting:
            audience, type_name = draw(levels), draw(st.sampled_from(fitting))
            ties.append(tie(f"r{number}", type_name, (source.id, target.id), audience=audience))
    return nodes, ties


def visible(nodes: list[Node], ties: list[Relationship], level: int) -> tuple[list[Node], list[Relationship]]:
    kept = {one.id for one in nodes if one.level <= level}
    return [one for one in nodes if one.id in kept], [
        one for one in ties if one.level <= level and {one.source, one.target} <= kept
    ]


def addresses(nodes: list[Node], ties: list[Relationship]) -> Iterator[str]:
    yield from ("/v1/nodes?limit=2", "/v1/relationships", "/v1/stats", "/v1/sources", "/v1/sources/minutes")
    yield from ("/v1/changes?limit=3", "/v1/changes?since=2", "/v1/changes?limit=500", "/v1/vocabulary", "/v1/queries")
    yield from (f"/v1/export.{name}" for name in part_names("graph.exports"))
    for text in (*NAMES, "osk", "tru", "ash trsut"):
        yield f"/v1/search?q={quote(text)}"
    yield from ("/v1/nodes?place=n0", "/v1/nodes?theme=Ash", "/v1/relationships?source=Oak&role=x")
    yield from ("/", "/nodes", "/nodes?kind=person", "/search?q=oak", "/search?q=osk", "/sources", "/sources/minutes")
    yield from ("/vocabulary", "/map", "/map.svg", "/map.svg?size=narrow", "/map?style=ego&node=Oak")
    for id in (*(one.id for one in nodes), "never-there"):
        yield from (f"/v1/nodes/{id}", f"/v1/nodes/{id}/relationships")
        yield from (f"/nodes/{id}", f"/nodes/{id}/relationships")
    yield from (f"/v1/relationships/{one.id}" for one in ties)
    for path, names in (("/v1/queries/{}", question_names()), ("/v1/maps/{}.json", style_names())):
        for name in names:
            yield from (path.format(name) + query for query in queries(name, nodes))


def queries(name: str, nodes: list[Node]) -> Iterator[str]:
    given = NEEDS.get(name, ())
    ids = [*(one.id for one in nodes), "Oak", "never-there"]
    for place in range(len(ids) if given else 1):
        pairs = [(parameter, ids[(place + step) % len(ids)]) for step, parameter in enumerate(given)]
        yield "?" + "&".join(f"{parameter}={value}" for parameter, value in pairs)


@contextmanager
def serving(folder: Path, audience: Audience, batch: Batch) -> Iterator[TestClient]:
    path = str(folder / "network.db")
    with open_store(path) as store:
        store.apply(batch, by="test")
        surviving, merged, forgotten = HANDLED
        if store.get([surviving]):
            store.merge(merged, surviving, by="test")
            store.forget(forgotten, by="test")
    with TestClient(create_app(Settings(store=path, audience=audience)), follow_redirects=False) as client:
        yield client


def said(client: TestClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code < 500, f"{address}: {answer.text}"
    kept = ("etag", "location", "content-type", "content-length", "content-disposition")
    headers = {name: answer.headers[name] for name in kept if name in answer.headers}
    content = TIMES.sub("", answer.text) if "/changes" in address else answer.content
    return {"status": answer.status_code, "headers": headers, "content": content}


def compare(network: tuple[list[Node], list[Relationship]], audience: Audience) -> None:
    sources = [Source(id="minutes", title="Minutes")]
    whole, seen = Batch(sources, *network), Batch(sources, *visible(*network, audience.level))
    with (
        TemporaryDirectory() as one,
        TemporaryDirectory() as other,
        serving(Path(one), audience, whole) as with_it,
        serving(Path(other), audience, seen) as without,
    ):
        for address in addresses(*network):
            assert said(with_it, address) == said(without, address), address


@pytest.mark.parametrize("examples", [8, pytest.param(200, marks=pytest.mark.long)])
def test_the_hidden_part_changes_no_byte(examples: int) -> None:
    asked = given(network=networks(), audience=st.sampled_from([Audience.public, Audience.network]))
    settings(max_examples=examples)(asked(compare))()
