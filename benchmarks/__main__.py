"""Measure loads, questions, serving and exports on both stores, beside what else a user would pick; print the tables.

    python -m benchmarks [--size seed|small|large|million] [--no-neo4j] [--no-networkx] [--repeats N]

`seed` is the seed graph, `small` 10,000 nodes and 50,000 relationships, `large` 100,000 and 500,000, `million`
1,000,000 and 5,000,000. Answers are compared in the same run: a speed with another answer is a failure. Times are
milliseconds, warm unless a line says "first time" or "once": median and 95th percentile. A mark that is missed says so.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import numpy as np

from benchmarks import asking, others, serving
from benchmarks.made import lines, node_id
from benchmarks.tables import OURS, RESULTS, Row, conditions, table
from graph import Lens, open_store
from graph.settings import read_settings
from graph.store import Store
from tests.services.neo4j_java import JavaServer

HEAP = "6g"
LOAD, ARRAYS = "load, whole process", "arrays from the store"
TEN = 10  # relationships of the node whose speed has a mark
PATH_MARKS = {"seed": 0.002, "small": 0.003, "large": 0.003, "million": 0.005}


class Size(NamedTuple):
    """How large a network is, and the marks in seconds for it: MEASURES section 9 and the issue of scale."""

    title: str
    numbers: tuple[int, int] | None
    marks: dict[str, float]
    neo4j_marks: Mapping[str, float] = {}
    is_imported: bool = False  # into Neo4j, and only what has a mark is asked of the whole network

    def row(self, what: str) -> Row:
        """The row of what is done once."""
        return Row(f"{what} (once)", mark=self.marks.get(what), neo4j_mark=self.neo4j_marks.get(what))


def _marks(paths: float, cogs: float, communities: float, introductions: float) -> dict[str, float]:
    return {
        "shortest path, graph work": paths,
        "2-step neighbourhood, graph work": paths,
        "cogs, first time": cogs,
        "communities, first time": communities,
        "introductions, first time": introductions,
        "search, two words, a prefix, a typing error": 0.02,
        asking.MAP: 2,
    }


SIZES = {
    "seed": Size("the seed graph", None, _marks(0.002, 0.2, 0.1, 0.5)),
    "small": Size("10,000 nodes and 50,000 relationships", (10_000, 50_000), _marks(0.003, 10, 5, 30)),
    "large": Size(
        "100,000 nodes and 500,000 relationships",
        (100_000, 500_000),
        _marks(0.003, 10, 5, 30),
        neo4j_marks={LOAD: 500_000 / 15_000},
    ),
    "million": Size(
        "1,000,000 nodes and 5,000,000 relationships",
        (1_000_000, 5_000_000),
        _marks(0.005, 120, 60, 300) | {LOAD: 5_000_000 / 60_000, ARRAYS: 10},
        neo4j_marks={ARRAYS: 10},
        is_imported=True,
    ),
}


class Given(NamedTuple):
    """What is measured with."""

    size: Size
    folder: Path
    with_neo4j: bool
    with_networkx: bool
    repeats: int


def measure(given: Given) -> str:
    """Measure one size and give the tables as text."""
    rows: list[Row] = []
    with _loaded(given, rows) as (stores, by_server, cypher):
        rows.append(_arrays(stores, given.size.row(ARRAYS)))
        simple = _networkx(stores[OURS], rows) if given.with_networkx else None
        gc.freeze()  # the millions of objects of networkx would slow down everybody else's collections
        bench = _bench(given, stores, cypher, simple)
        bench.by_server = by_server
        chance = random.Random(5)
        asking.graph_work(bench, chance)
        asking.reading(bench, chance)
        asking.measuring(bench, _whole_network(bench), only_marked=given.size.is_imported)
        rows += bench.rows
        rows += serving.measured(given.folder / "bench.db", asking.addresses(bench, chance))
        if not given.size.is_imported:
            _exported(stores, rows)
    return table(rows, given.size.title)


def _written(given: Given) -> str:
    if not given.size.numbers:
        return "seeds"
    path = given.folder / "made.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines(*given.size.numbers))
    return str(path)


@contextmanager
def _loaded(given: Given, rows: list[Row]) -> Iterator[tuple[dict[str, Store], Store | None, others.Cypher | None]]:
    """The stores with the same network in each; Neo4j takes a million by its own offline import."""
    path, first, again = _written(given), given.size.row(LOAD), given.size.row("load again, nothing new")
    rows += [first, again]
    ours = given.folder / "bench.db"
    _load(path, str(ours), OURS, first)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    first.what += f", at most {peak:,.0f} MB"
    if given.size.numbers:
        first.what += f"; {sum(given.size.numbers) / first.times[OURS][0]:,.0f} things a second embedded"
    _load(path, str(ours), OURS, again)
    with ExitStack() as opened:
        stores: dict[str, Store] = {OURS: opened.enter_context(closing(open_store(str(ours))))}
        if not given.with_neo4j:
            yield stores, None, None
            return
        server = opened.enter_context(closing(_server()))
        if given.size.is_imported:
            _imported(ours, server, rows)
        else:
            for row in (first, again):
                _load(path, server.uri, "neo4j", row)
        stores["neo4j"], by_server = (
            opened.enter_context(closing(open_store(server.uri, read_settings(store=server.uri, adjacency=adjacency))))
            for adjacency in ("arrays", "server")
        )
        cypher = others.Cypher(server.uri, server.user, server.password)
        opened.enter_context(closing(cypher.driver))
        yield stores, by_server, cypher


def _load(path: str, uri: str, name: str, row: Row) -> None:
    """Load by the command that a user types, as a process of its own."""
    print(f"  {row.what}: {name}", file=sys.stderr, flush=True)
    with row.timed(name):
        _cogs("load", path, "--store", uri)


def _cogs(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "api.cli", *words], check=True, stdout=2)


def _server() -> JavaServer:
    os.environ.setdefault("COGS_TEST_NEO4J_HEAP", HEAP)
    server = JavaServer()
    os.environ |= {"COGS_NEO4J_USER": server.user, "COGS_NEO4J_PASSWORD": server.password}
    return server


def _imported(ours: Path, server: JavaServer, rows: list[Row]) -> None:
    """Fill the server by tables of our store, as `docs/scaling.md` tells those who have millions."""
    archive = ours.with_suffix(".zip")
    steps: dict[str, Callable[[], None]] = {
        "export as neo4j-csv": lambda: _cogs("export", "-f", "neo4j-csv", "-o", str(archive), "--store", str(ours)),
        "the server's own import of it": lambda: server.import_archive(archive),
        "the first opening of it, which makes indexes": lambda: _cogs("query", "stage", "--store", server.uri),
    }
    for what, step in steps.items():
        print(f"  {what}", file=sys.stderr, flush=True)
        rows.append(Row(f"{what} (once)"))
        with rows[-1].timed("neo4j"):
            step()


def _arrays(stores: dict[str, Store], row: Row) -> Row:
    for name, store in stores.items():
        with row.timed(name):
            _ = store.read_arrays(None).arrays.rows
    return row


def _networkx(store: Store, rows: list[Row]) -> nx.Graph[str]:
    with rows[-1].timed("networkx"):
        return nx.Graph((edge.source, edge.target) for edge in store.relationships(Lens()))


def _bench(
    given: Given, stores: dict[str, Store], cypher: others.Cypher | None, simple: nx.Graph[str] | None
) -> asking.Bench:
    store = stores[OURS]
    arrays = store.arrays()
    degree, kinds = np.diff(arrays.rows.begins), arrays.kind_codes(("organisation", "person"))
    ids = list(arrays.nodes.ids) if not given.size.numbers else [node_id(one) for one in range(given.size.numbers[0])]
    nodes, acting, tens = (
        [ids[number] for number in np.flatnonzero(chosen).tolist()]
        for chosen in (degree > 0, (degree > 0) & np.isin(arrays.nodes.kind, kinds), degree == TEN)
    )
    sql = others.PlainSql(str(given.folder / "bench.db"))
    return asking.Bench(
        stores,
        sql,
        cypher,
        simple,
        nodes=nodes,
        actors=acting,
        tens=tens or nodes,
        repeats=given.repeats,
        marks=given.size.marks,
        is_small=not given.size.numbers,
    )


def _whole_network(bench: asking.Bench) -> dict[str, asking.Draw]:
    """One draw of each question that looks at the whole network."""
    store = bench.stores[OURS]
    funders = [one.source for one in islice(store.relationships(Lens(type=("FUNDS",))), 200)]
    funder = max(sorted(set(funders)), key=funders.count, default=bench.actors[0])
    return {
        "cogs": {"draws": 0},
        "cog": {"node": bench.actors[0]},
        "communities": {"limit": 20},
        "introductions": {"limit": 20},
        "gaps": {"permutations": 100},
        "resilience": {"leavers": [bench.actors[0]]},
        "undervalued_cogs": {},
        "portfolio": {"funder": funder},
        "co_funding": {"funder": funder},
        "flows": {"payer": funder},
        "coalition": {"needs": ["public", "community", "business"]},
        "bridges_needed": {"a": bench.actors[:5], "b": bench.actors[-5:]},
        "stage": {},
        "timeline": {},
        "compare": {"before": "2010", "after": "2020"},
        "learning": {},
    }


def _exported(stores: dict[str, Store], rows: list[Row]) -> None:
    row, found = Row("export of everything (once)"), set()
    for name, store in stores.items():
        with row.timed(name):
            found.add(hash(tuple(hash(thing.canonical()) for thing in store.export())))
    if len(found) > 1:
        sys.exit("the stores export differently")
    rows.append(row)


def main() -> None:
    """Read the options, measure, print, and keep the result."""
    reader = argparse.ArgumentParser(description="Measure and print the tables.")
    reader.add_argument("--size", choices=[*SIZES, "all"], default="all")
    reader.add_argument("--no-neo4j", action="store_true")
    reader.add_argument("--no-networkx", action="store_true")
    reader.add_argument("--repeats", type=int, default=40)
    options = reader.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for name in ["seed", "large"] if options.size == "all" else [options.size]:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            given = Given(
                SIZES[name], Path(folder), not options.no_neo4j, not options.no_networkx, repeats=options.repeats
            )
            text = f"Measured on {conditions()}\n\n{measure(given)}\n"
        print(text)
        print(f"  took {time.monotonic() - begun:,.0f} s", file=sys.stderr)
        (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
