"""The page of speeds, from the results that `make bench` wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
ORDER = ("seed", "small", "large", "million", "many")
MISSED = re.compile(r"^\| ([^|]+?) \((?:\d+ asked|once)\)[^|]*\|[^|]*\*\*missed\*\*", re.MULTILINE)
SEARCHING = (
    "two thirds of it is finding: SQLite puts together who has a word that begins so, 0.1 µs for each, and a word of"
    " the made names stands in a fourteenth of all. Ranking the first thousand by id and telling a page take the rest."
    " Next: to keep in memory who has the words that most have."
)
WHY = {
    "load, whole process": (
        "of the 50 to 65 µs of processor that Neo4j spends on a relationship once it is warm, half are for one without"
        " properties, a seventh for its index, an eighth for its text; the first 100,000 after a start cost three times"
        " as much, while Java compiles; our own process needs the rest of two cores. The server's other collector"
        " (`-XX:+UseParallelGC`) takes a tenth off. Next: to build the index of texts after a first load."
    ),
    "arrays from the store": (
        "a third of it is SQLite listing ids in their order, half is facts, listed while numpy reads others. Next:"
        " ids by a second connection at the same time. Neo4j spends 2.2 µs of processor on a relationship, our own"
        " process 1.1 on making columns of its lists, both at once on two cores. Next: to sort the ids while the server"
        " still sends others."
    ),
    "over HTTP: node with ten relationships": (
        "it was asked first, of a service that was still making ready what it begins with. Asked when all else had been"
        " asked, it took 1.9 / 2.2 ms among a million nodes; the benchmark warms up so now."
    ),
    "search, two words, a prefix, a typing error": SEARCHING,
    "over HTTP: search": SEARCHING,
    "over HTTP: ego_network, 2 steps": (
        "to find the nodes takes 0.1 ms; 500 of them and the 600 relationships among them, with sentences and evidence,"
        " are an answer of 300 kB, 15 µs for each: a quarter of it SQLite, a quarter telling nodes and their places,"
        " a fifth each making relationships of their texts and telling them. Next: a column with the text that answers"
        " tell of a relationship, joined as it is."
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
