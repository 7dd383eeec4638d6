"""Measure loads, questions and exports on both stores, beside networkx, and print one table.

    python -m benchmarks [--size seed|small|large] [--no-neo4j] [--repeats N]

`seed` is the seed graph, `small` 10,000 nodes and 50,000 relationships, `large` 100,000 and 500,000. Every
answer of the two stores is compared byte for byte in the same run: a speed with another answer is a failure.
Times are those of the whole question (names resolved, evidence told), warm, in milliseconds: median and 95th
percentile. networkx does the nearest thing it has, on a graph it has already built.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import networkx as nx

from benchmarks.made import lines, node_id
from graph import Lens, open_store
from graph.interchange import to_networkx
from graph.questions import ask
from graph.settings import read_settings
from graph.store import Store
from loaders.run import load

SIZES = {"seed": None, "small": (10_000, 50_000), "large": (100_000, 500_000)}
RESULTS = Path(__file__).with_name("results")
HEAP = "6g"

Draw = dict[str, Any]


@dataclass
class Row:
    """One line of the table: what was measured, and the times of each who did it, in seconds."""

    what: str
    times: dict[str, list[float]] = field(default_factory=dict)


@dataclass
class Bench:
    """The stores side by side, and networkx with the same network."""

    stores: dict[str, Store]
    plain: nx.MultiGraph[str]
    simple: nx.Graph[str]
    nodes: list[str]
    rows: list[Row] = field(default_factory=list)

    def question(
        self, name: str, draws: list[Draw], other: Callable[[Draw], object] | None = None, *, how: str = ""
    ) -> None:
        """Ask a question of both stores with the same parameters, compare the answers, and let networkx try."""
        row = Row(f"{name}{how} ({len(draws)} asked)")
        answers: dict[str, list[str]] = {}
        for store_name, store in self.stores.items():
            ask(store, name, draws[0])  # warm
            row.times[store_name], answers[store_name] = [], []
            for draw in draws:
                with _timed(row.times[store_name]):
                    answer = ask(store, name, draw)
                answers[store_name].append(answer.model_dump_json())
        first = next(iter(answers.values()))
        if any(other_answers != first for other_answers in answers.values()):
            sys.exit(f"{name}: the stores answer differently")
        if other:
            row.times["networkx"] = []
            for draw in draws:
                with _timed(row.times["networkx"]):
                    other(draw)
        self.rows.append(row)


@contextmanager
def _timed(times: list[float]) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    times.append(time.perf_counter() - begun)


def _loaded(stores: dict[str, Store], path: Path, rows: list[Row]) -> None:
    first, second = Row("load (once)"), Row("load again, nothing new (once)")
    for name, store in stores.items():
        for row in (first, second):
            with _timed(row.times.setdefault(name, [])):
                report = load(store, ["seeds" if path.name == "seeds" else str(path)], by="bench")
        assert not report.rejected
        assert not report.added
    rows += [first, second]


def _plain(store: Store, rows: list[Row]) -> tuple[nx.MultiGraph[str], nx.Graph[str]]:
    row = Row("arrays from the store; networkx from the store (once)")
    with _timed(row.times.setdefault("networkx", [])):
        plain: nx.MultiGraph[str] = nx.MultiGraph(to_networkx(store, Lens()))
        simple: nx.Graph[str] = nx.Graph(plain)
    rows.append(row)
    return plain, simple


def _arrays(stores: dict[str, Store], row: Row) -> None:
    for name, store in stores.items():
        with _timed(row.times.setdefault(name, [])):
            _ = store.arrays().rows


def _exported(stores: dict[str, Store], rows: list[Row]) -> None:
    row, texts = Row("export of everything (once)"), set()
    for name, store in stores.items():
        with _timed(row.times.setdefault(name, [])):
            texts.add(hash(tuple(thing.canonical() for thing in store.export())))
    if len(texts) > 1:
        sys.exit("the stores export differently")
    rows.append(row)


def _questions(bench: Bench, repeats: int) -> None:
    chance = random.Random(5)
    some = [node for node in bench.nodes if node in bench.simple and bench.simple.degree(node)]

    def picks(count: int) -> list[list[str]]:
        return [chance.sample(some, count) for _ in range(repeats)]

    def path(draw: Draw) -> object:
        if not nx.has_path(bench.simple, draw["source"], draw["target"]):
            return None
        return list(islice(nx.shortest_simple_paths(bench.simple, draw["source"], draw["target"]), 3))

    def around(draw: Draw) -> object:
        return nx.ego_graph(bench.simple, draw["node"], radius=draw["depth"])

    def common(draw: Draw) -> object:
        return list(nx.common_neighbors(bench.simple, *draw["nodes"]))

    for depth in (1, 2):
        draws = [{"node": node, "depth": depth, "limit": 500} for (node,) in picks(1)]
        bench.question("ego_network", draws, around, how=f", depth {depth}")
    bench.question("paths", [{"source": one, "target": other} for one, other in picks(2)], path)
    actors = [node for node in some if bench.simple.nodes[node]["kind"] in ("organisation", "person")]
    pairs = [chance.sample(actors, 2) for _ in range(repeats)]
    bench.question("common_connections", [{"nodes": pair} for pair in pairs], common)
    bench.question("connectors", [{"sources": pair[:1], "targets": pair[1:]} for pair in pairs[: repeats // 4 or 1]])
    bench.question("cog", [{"node": pair[0]} for pair in pairs[: repeats // 4 or 1]])
    bench.question("cogs", [{"draws": 0}] * 3)


def _table(rows: list[Row], title: str) -> str:
    names = [name for name in ("embedded", "neo4j", "networkx") if any(name in row.times for row in rows)]
    heads = ["what", *(f"{name} p50 / p95 ms" for name in names)]
    heads += [f"{name} ÷ embedded" for name in names if name != "embedded"]
    table = [f"### {title}", "", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for row in rows:
        own = statistics.median(row.times["embedded"]) if "embedded" in row.times else None
        cells = [_cell(row.times.get(name)) for name in names]
        for name in names:
            if name != "embedded":
                other = row.times.get(name)
                cells.append(f"{statistics.median(other) / own:.1f}" if other and own else "")
        table.append(f"| {row.what} | {' | '.join(cells)} |")
    return "\n".join(table)


def _cell(times: list[float] | None) -> str:
    if not times:
        return ""
    ordered = sorted(times)
    worst = ordered[max(0, round(0.95 * len(ordered)) - 1)]
    middle = f"{1000 * statistics.median(times):,.1f}"
    return middle if len(times) == 1 else f"{middle} / {1000 * worst:,.1f}"


@contextmanager
def _stores(folder: Path, with_neo4j: bool) -> Iterator[dict[str, Store]]:
    stores = {"embedded": open_store(str(folder / "bench.db"))}
    server = None
    if with_neo4j:
        from tests.services.neo4j_server import start_neo4j

        os.environ.setdefault("COGS_TEST_NEO4J_HEAP", HEAP)
        server = start_neo4j()
        settings = read_settings(store=server.uri, neo4j_user=server.user, neo4j_password=server.password)
        stores["neo4j"] = open_store(server.uri, settings)
    try:
        yield stores
    finally:
        for store in stores.values():
            store.close()
        if server:
            server.close()


def measure(size: str, *, with_neo4j: bool, repeats: int) -> str:
    """Measure one size and give the table as text."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name, _stores(Path(name), with_neo4j) as stores:
        numbers, path = SIZES[size], Path("seeds")
        if numbers:
            path = Path(name) / "made.jsonl"
            with path.open("w", encoding="utf-8") as file:
                file.writelines(lines(*numbers))
        _loaded(stores, path, rows)
        plain, simple = _plain(stores["embedded"], rows)
        _arrays(stores, rows[-1])
        nodes = [node_id(number) for number in range(numbers[0])] if numbers else sorted(plain)
        _questions(Bench(stores, plain, simple, nodes, rows), repeats)
        _exported(stores, rows)
    what = f"{numbers[0]:,} nodes and {numbers[1]:,} relationships" if numbers else "the seed graph"
    return _table(rows, what)


def conditions() -> str:
    """With what and when it was measured."""
    programs = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "networkx", "neo4j"))
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    return f"{datetime.now(UTC):%d %B %Y}; Python {platform.python_version()}, {programs}; {machine}."


def main() -> None:
    """Read the options, measure, print, and keep the result."""
    reader = argparse.ArgumentParser(description="Measure and print one table.")
    reader.add_argument("--size", choices=[*SIZES, "all"], default="all")
    reader.add_argument("--no-neo4j", action="store_true")
    reader.add_argument("--repeats", type=int, default=40)
    options = reader.parse_args()
    sizes = ["seed", "large"] if options.size == "all" else [options.size]
    tables = [measure(size, with_neo4j=not options.no_neo4j, repeats=options.repeats) for size in sizes]
    text = "\n\n".join([f"Measured on {conditions()}", *tables]) + "\n"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{options.size}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
