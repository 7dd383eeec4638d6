"""The page of speeds, from the results that `make bench` wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
ORDER = ("seed", "small", "large", "million", "many")
MISSED = re.compile(r"^\| ([^|]+?) \(\d+ asked\) \| \*\*missed\*\*", re.MULTILINE)
SEARCHING = (
    "of the names that a text fits, the first thousand by id are read, checked and ranked, about 20 µs each; finding"
    " them costs 0.6 µs for each name that fits, and a word of the made names stands in a fourteenth of all. Next: to"
    " rank by columns of the index, and read only those that are told."
)
WHY = {
    "over HTTP: node with ten relationships": (
        "the service had begun seconds before, and made ready what questions and maps need. Afterwards it took 1 ms in"
        " the median, among 100,000 nodes."
    ),
    "over HTTP: paths": (
        "two thirds of it is the search for three paths. Next: to look for the second and third in one search."
    ),
    "search, two words, a prefix, a typing error": SEARCHING,
    "over HTTP: search": SEARCHING,
    "over HTTP: ego_network, 2 steps": (
        "to find the nodes takes 0.1 ms; to tell 500 of them and the relationships among them, with sentences and"
        " evidence, 20 µs each: an answer of 300 kB. Next: to send what the store holds without making objects of it."
    ),
}


def of_speeds() -> Iterator[str]:
    """What was measured, size by size, and why a mark was missed."""
    yield "# Speeds"
    yield (
        "Measured by `make bench`, which also compares the answers: a speed with another answer fails. Times are"
        " milliseconds, median / 95th percentile, warm unless a line says otherwise. The last columns say how many"
        " times as long another program takes for the same: *server* is Neo4j asked for neighbours step by step"
        " (`COGS_ADJACENCY=server`), *cypher* the server's own search and matching of paths,"
        " *sql* plain SQL on the tables of the embedded store, *networkx* that library on a network it has already"
        " built. A mark is the most that we allow ourselves; **missed** says that it was not reached."
    )
    texts = [path.read_text(encoding="utf-8").strip() for name in ORDER if (path := RESULTS / f"{name}.md").exists()]
    yield from texts
    missed = dict.fromkeys(name for text in texts for name in MISSED.findall(text) if name in WHY)
    if missed:
        yield "### Why a mark was missed"
        yield "\n".join(f"- *{name}*: {WHY[name]}" for name in missed)
