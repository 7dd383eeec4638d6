"""What lies above a level changes no answer of a store at that level: all is as on the network without it.

Every read, on both stores, is asked at a level, then again when everything above that level has been removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.errors import CogsError
from graph.finding import search
from graph.lens import Lens
from graph.model import Audience, Node, Relationship
from graph.questions import ask, question, question_names
from graph.store.base import Store
from graph.store.records import Around, Batch
from tests.differential import networks
from tests.differential.asking import asked
from tests.services.neo4j_face import Neo4jServer
from tests.services.stores import embedded_store, neo4j_store

Read = Callable[[], object]
RELATIONSHIPS = [f"r{number}" for number in range(1, 21)]


def reads(store: Store, lens: Lens, values: dict[str, Any]) -> Iterator[Read]:
    """Everything that can be asked of a store under a lens; `values` holds parameters for each question."""
    level = lens.audience
    yield from (partial(things, store, lens, limit=limit) for limit in (None, 3))
    yield from (partial(store.get, networks.ALL_IDS, lens), partial(store.get_relationships, RELATIONSHIPS, lens))
    yield from (partial(store.counts, lens), lambda: list(store.export(lens)), partial(seen_parts, store, lens))
    yield from (partial(store.version, level), partial(told, store, level), partial(visible_ids, store, lens))
    for id in networks.ALL_IDS:
        yield partial(store.counts, lens, around=id)
        yield partial(around, store, lens, id)
        yield partial(store.is_forgotten, id, level)
    for text in networks.SEARCHES[::2]:
        yield partial(store.find, text, lens)
        yield partial(search, store, text, lens)
    for name, given_values in values.items():
        yield partial(ask, store, name, given_values, audience=level)


def things(store: Store, lens: Lens, *, limit: int | None) -> list[Node | Relationship]:
    found: list[Node | Relationship] = [*store.nodes(lens, limit=limit)]
    return [*found, *store.relationships(lens, limit=limit)]


def around(store: Store, lens: Lens, id: str) -> list[Relationship]:
    return list(store.relationships(lens, around=Around(id)))


def seen_parts(store: Store, lens: Lens) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(some)) for name, some in store.parts(lens).items()}


def told(store: Store, level: Audience) -> list[dict[str, object]]:
    return [one.model_dump(exclude={"at"}) for one in store.changes(limit=500, audience=level)]


def visible_ids(store: Store, lens: Lens) -> list[str]:
    arrays = store.arrays()
    visible = arrays.visible(lens)
    columns = ((arrays.nodes.ids, visible.nodes), (arrays.relationships.ids, visible.relationships))
    return [id for ids, mask in columns for id, shown in zip(ids, mask, strict=True) if shown]


def answers(read: Read) -> object:
    try:
        return read()
    except CogsError as wrong:
        return type(wrong).__name__, str(wrong), {name: str(value) for name, value in wrong.details.items()}


def above(store: Store, level: Audience) -> Batch:
    """What a caller of a level must not notice, to be taken out."""
    kept = {one.id for one in things(store, Lens(audience=level), limit=None)}
    nodes = [one.id for one in store.nodes() if one.id not in kept]
    ties = [one.id for one in store.relationships() if one.id not in kept]
    return Batch(remove_nodes=nodes, remove_relationships=ties)


@contextmanager
def fresh(server: Neo4jServer | None) -> Iterator[Store]:
    with TemporaryDirectory() as folder, neo4j_store(server) if server else embedded_store(Path(folder)) as store:
        yield store


def compare(store: Store, network: Batch, hidden: list[str], lens: Lens, values: dict[str, Any]) -> None:
    store.apply(network, by="clerk", rejected=lambda *_: None)
    for gone, into in pairwise(hidden):  # merges and a forgetting that only some may notice
        answers(partial(store.merge, gone, into, by="clerk"))
    levels = {id: node.level for id, node in store.get(hidden).items()}
    if secret := [id for id in hidden if levels.get(id) == 3]:
        store.forget(secret[0], by="clerk")
    for level in (Audience.team, Audience.network, Audience.public):
        given_lens = lens.model_copy(update={"audience": level})
        before = [answers(read) for read in reads(store, given_lens, values)]
        store.apply(above(store, level), by="clerk")
        for was, read in zip(before, reads(store, given_lens, values), strict=True):
            assert answers(read) == was


@pytest.mark.parametrize(
    ("kind", "examples"),
    [
        ("embedded", 25),
        ("neo4j", 2),
        pytest.param("embedded", 1_000, marks=pytest.mark.long),
        pytest.param("neo4j", 200, marks=pytest.mark.long),
    ],
)
def test_what_is_hidden_changes_no_answer(kind: str, examples: int, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("neo4j_server") if kind == "neo4j" else None
    ids = st.lists(st.sampled_from(networks.ALL_IDS), max_size=4, unique=True)
    values = st.fixed_dictionaries({name: asked(question(name)) for name in question_names()})

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
    @given(network=networks.beginnings(), hidden=ids, lens=networks.lenses(), values=values)
    def check(network: Batch, hidden: list[str], lens: Lens, values: dict[str, Any]) -> None:
        with fresh(server) as store:
            compare(store, network, hidden, lens, values)

    check()
