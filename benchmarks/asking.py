"""Questions: each asked of both stores with the same parameters, answers compared byte for byte, others beside them."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

import networkx as nx

from benchmarks import others
from benchmarks.tables import Row
from graph.adjacency import ArrayAdjacency
from graph.finding import search
from graph.lens import Lens
from graph.limits import time_limit
from graph.questions import ask
from graph.store import Store
from graph.traversal import PathSearch, distances
from viz.forms import written
from viz.maps import draw as drawn

Draw = dict[str, Any]
BY_SERVER = "server"
WALKS = ("ego_network", "paths")  # whose neighbours Neo4j itself can be asked for, step by step
MAP = "page of the map of communities, drawn once they are known"
LONGEST_WAIT = 900.0  # seconds for one answer


@dataclass
class Bench:
    """The stores side by side, what else a user would pick, and what is asked about."""

    stores: dict[str, Store]
    sql: others.PlainSql
    cypher: others.Cypher | None
    simple: nx.Graph[str] | None
    nodes: Sequence[str]
    actors: Sequence[str]
    tens: Sequence[str]  # nodes with ten relationships, or all
    repeats: int
    marks: dict[str, float]
    is_small: bool  # draws of a large network would take minutes
    by_server: Store | None = None  # the same Neo4j, asked for neighbours step by step
    rows: list[Row] = field(default_factory=list)

    def row(self, what: str, count: int) -> Row:
        """A new line of the table."""
        row = Row(f"{what} ({count} asked)", mark=self.marks.get(what))
        self.rows.append(row)
        print(f"  {what}", file=sys.stderr, flush=True)
        return row

    def compare(self, what: str, draws: Sequence[Draw], each: dict[str, Callable[..., object]]) -> None:
        """Let all do the same work, and compare what they find."""
        row, found = self.row(what, len(draws)), dict[str, list[object]]()
        for who, work in each.items():
            work(**draws[0])  # warm
            found[who] = []
            for draw in draws:
                with row.timed(who):
                    answer = work(**draw)
                found[who].append(answer)
        first = next(iter(found.values()))
        if wrong := [who for who, answers in found.items() if answers != first]:
            sys.exit(f"{what}: {', '.join(wrong)} found something else")

    def question(self, name: str, draws: Sequence[Draw], *, how: str = "", first: bool = False) -> None:
        """Ask a question of both stores, and compare the answers; with `first` the first time counts, too."""
        if first:
            self.first(name, draws[0], how=how)
            how = f"{how}, again"
        self.compare(f"{name}{how}", draws, self._askers(name))

    def first(self, name: str, draw: Draw, *, how: str = "") -> None:
        """Ask a question of both stores for the first time, which is not warmed up; the answers are compared too."""
        self.once(f"{name}{how}, first time", {who: partial(work, **draw) for who, work in self._askers(name).items()})

    def once(self, what: str, each: dict[str, Callable[[], object]]) -> None:
        """Let all do the same work once, and compare what they find."""
        row, found = self.row(what, 1), set[object]()
        for who, work in each.items():
            with row.timed(who):
                answer = work()
            found.add(answer)
        if len(found) > 1:
            sys.exit(f"{row.what}: the stores answer differently")

    def _askers(self, name: str) -> dict[str, Callable[..., object]]:
        def asking(store: Store) -> Callable[..., str]:
            def asked(**draw: Any) -> str:
                with time_limit(LONGEST_WAIT):
                    return ask(store, name, draw).model_dump_json()

            return asked

        asked = self.stores | ({BY_SERVER: self.by_server} if self.by_server and name in WALKS else {})
        return {who: asking(store) for who, store in asked.items()}


def graph_work(bench: Bench, chance: random.Random) -> None:
    """The work on the graph alone, without telling names and evidence: what everybody can do."""
    pairs = [chance.sample(bench.nodes, 2) for _ in range(bench.repeats)]
    draws = [{"source": one, "target": other} for one, other in pairs]
    ours = {who: _paths(store) for who, store in bench.stores.items()}
    each: dict[str, Callable[..., object]] = {**ours, "sql": bench.sql.steps}
    near: dict[str, Callable[..., object]] = {who: _near(store) for who, store in bench.stores.items()}
    near["sql"] = bench.sql.two_steps
    if bench.cypher:
        each["cypher"], near["cypher"] = bench.cypher.steps, bench.cypher.two_steps
    if graph := bench.simple:
        each["networkx"] = lambda source, target: others.steps(graph, source, target)
        near["networkx"] = lambda node: others.two_steps(graph, node)
    bench.compare("shortest path, graph work", draws, each)
    bench.compare("2-step neighbourhood, graph work", [{"node": one} for one, _ in pairs], near)
    three: dict[str, Callable[..., object]] = {who: _paths(store, 3) for who, store in bench.stores.items()}
    bench.compare("3 shortest paths, graph work", draws, three)


def _paths(store: Store, count: int = 1) -> Callable[..., int | None]:
    adjacency = ArrayAdjacency(store.arrays(), Lens(), through_groups=True)

    def steps(source: str, target: str) -> int | None:
        number = adjacency.arrays.number
        found = PathSearch(adjacency, number[source], number[target]).best(count)
        return len(found[0].nodes) - 1 if found else None

    return steps


def _near(store: Store) -> Callable[..., int]:
    adjacency = ArrayAdjacency(store.arrays(), Lens(), through_groups=True)
    return lambda node: len(distances(adjacency, adjacency.arrays.number[node], 2)) - 1


def reading(bench: Bench, chance: random.Random) -> None:
    """What a caller asks while talking: names told, evidence told."""
    nodes = [chance.choice(bench.nodes) for _ in range(bench.repeats)]
    pairs = [chance.sample(bench.nodes, 2) for _ in range(bench.repeats)]
    actors = [chance.sample(bench.actors, 2) for _ in range(bench.repeats)]
    bench.question("ego_network", [{"node": node, "limit": 500} for node in nodes], how=", 1 step")
    bench.question("ego_network", [{"node": node, "depth": 2, "limit": 500} for node in nodes], how=", 2 steps")
    bench.question("paths", [{"source": one, "target": other} for one, other in pairs])
    bench.question("common_connections", [{"nodes": pair} for pair in actors])
    few = actors[: max(1, bench.repeats // 4)]
    bench.question("connectors", [{"sources": pair[:1], "targets": pair[1:]} for pair in few])
    bench.question("timeline", [{"node": node} for node in nodes], how=" of one node")
    texts = list(_texts(bench, nodes))
    searching: dict[str, Callable[..., object]] = {who: _search(store) for who, store in bench.stores.items()}
    bench.compare("search, two words, a prefix, a typing error", [{"text": text} for text in texts], searching)


def _texts(bench: Bench, nodes: Sequence[str]) -> Iterator[str]:
    store = next(iter(bench.stores.values()))
    for place, node in enumerate(store.get(nodes).values()):
        first, *more = node.name.split()
        second = more[0] if more else first
        yield (f"{first} {second}", first[:4], f"{first} {second[:-2]}{second[-1:]}")[place % 3]


def addresses(bench: Bench, chance: random.Random) -> dict[str, list[str]]:
    """The same to ask of the service, by what is asked for: twice as many, to warm it up with one half."""
    count = 2 * bench.repeats
    nodes = [chance.choice(bench.nodes) for _ in range(count)]
    pairs = [chance.sample(bench.nodes, 2) for _ in range(count)]
    actors = [chance.sample(bench.actors, 2) for _ in range(count)]
    around = [f"/v1/queries/ego_network?node={one}" for one in nodes]
    return {
        "node with ten relationships": [f"/v1/nodes/{chance.choice(bench.tens)}" for _ in nodes],
        "search": [f"/v1/search?{urlencode({'q': text})}" for text in _texts(bench, nodes)],
        "ego_network, 1 step": around,
        "ego_network, 2 steps": [f"{address}&depth=2&limit=500" for address in around],
        "paths": [f"/v1/queries/paths?source={one}&target={other}" for one, other in pairs],
        "common_connections": [f"/v1/queries/common_connections?nodes={one}&nodes={other}" for one, other in actors],
    }


def _search(store: Store) -> Callable[..., list[str]]:
    return lambda text: [found.id for found in search(store, text, Lens(), limit=20).items]


def measuring(bench: Bench, given: dict[str, Draw], *, only_marked: bool) -> None:
    """Questions about the whole network: the first time, and again; or only those with a mark, the first time."""
    for name, draw in given.items():
        if not only_marked:
            bench.question(name, [draw] * 3, first=True)
        elif f"{name}, first time" in bench.marks:
            bench.first(name, draw)
    bench.once(MAP, {who: partial(_map, store) for who, store in bench.stores.items()})
    if bench.is_small:
        bench.question("cogs", [{}] * 3, how=", with how sure they are", first=True)
    if not only_marked:
        _of_networkx(bench)


def _map(store: Store) -> bytes:
    """The page of the map of communities, whose communities `communities` has left in memory."""
    with time_limit(LONGEST_WAIT):
        return written(drawn(store, "communities", {}), ".html")


def _of_networkx(bench: Bench) -> None:
    """The nearest thing that networkx has to communities, beside ours; it has none to cogs or introductions."""
    graph = bench.simple
    row = next(row for row in bench.rows if row.what.startswith("communities, first time"))
    if graph is not None:
        with row.timed("networkx"):
            nx.community.louvain_communities(graph, seed=0)
