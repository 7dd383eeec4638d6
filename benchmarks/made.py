"""Networks made for measuring: realistic degrees, kinds, types, places, dates, amounts, evidence; a fixed seed.

Degrees have a mean of twice `relationships / nodes`, a long tail (99th percentile about 4.6 times the mean)
and a few hubs above 2,000. Streamed as lines of graph JSON Lines in canonical order of sections, so that a
network of a million needs no more memory than its columns.

    python -m benchmarks.made 100000 500000 > made.jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import numpy as np

from graph.vocabulary import load_vocabulary

KINDS = {
    "organisation": 0.60,
    "person": 0.18,
    "project": 0.10,
    "event": 0.04,
    "publication": 0.03,
    "fund": 0.01,
    "theme": 0.02,
    "place": 0.02,
}
SECTORS = ("public", "community", "business", "academia", "funder", "movement", None)
FIRST = (
    "Alder",
    "Beck",
    "Clough",
    "Dene",
    "Elm",
    "Fold",
    "Green",
    "Hey",
    "Ings",
    "Kirk",
    "Lane",
    "Moss",
    "North",
    "Oak",
)
SECOND = ("Community", "Neighbourhood", "Borough", "Valley", "Town", "Riverside", "Harbour", "Moor", "Market", "Mill")
LAST = {
    "organisation": ("Trust", "Council", "Network", "Partnership", "Association", "Forum", "Hub", "Cooperative"),
    "person": ("member", "officer", "volunteer"),
    "project": ("Project", "Programme", "Initiative"),
    "event": ("Meeting", "Festival"),
    "publication": ("Report", "Review"),
    "fund": ("Fund",),
    "theme": ("practice", "approach"),
    "place": ("Ward", "Parish"),
}
HUBS = 5  # in every 100,000 nodes
SPREAD = 0.8  # of the logarithm of degrees
CHUNK = 100_000


def lines(nodes: int, relationships: int, *, seed: int = 0) -> Iterator[str]:
    """The whole network, a line at a time."""
    chance = np.random.default_rng(seed)
    kinds = np.sort(chance.choice(len(KINDS), nodes, p=list(KINDS.values())))
    yield '{"source":{"id":"made","title":"A network made for measuring"}}\n'
    names = tuple(KINDS)
    for number, kind in enumerate(kinds.tolist()):
        yield _node(number, names[kind], chance)
    yield from _relationships(kinds, relationships, chance)


def node_id(number: int) -> str:
    """Id of the node of a number."""
    return f"n{number:08d}"


def _node(number: int, kind: str, chance: np.random.Generator) -> str:
    first, second = FIRST[number % len(FIRST)], SECOND[number // 7 % len(SECOND)]
    last = LAST[kind][number // 3 % len(LAST[kind])]
    body: dict[str, object] = {"id": node_id(number), "kind": kind, "name": f"{first} {second} {last} {number}"}
    sector = SECTORS[number % len(SECTORS)] if kind == "organisation" else None
    if sector:
        body["sector"] = sector
    if kind in ("project", "event"):
        body["start"] = str(2000 + int(chance.integers(26)))
    body["evidence"] = [{"source": "made", "locator": f"row {number}"}]
    return json.dumps({"node": body}, separators=(",", ":")) + "\n"


def _relationships(kinds: np.ndarray, count: int, chance: np.random.Generator) -> Iterator[str]:
    names, types = tuple(KINDS), _types_between()
    drawing = np.exp(chance.normal(0, SPREAD, len(kinds)))
    hubs = chance.choice(np.flatnonzero(kinds == 0), max(1, len(kinds) * HUBS // 100_000), replace=False)
    drawing[hubs] = drawing.sum() * 2_500 / (2 * count)
    ends = np.cumsum(drawing / drawing.sum())
    made = 0
    while made < count:
        pairs = np.minimum(np.searchsorted(ends, chance.random((CHUNK, 2))), len(kinds) - 1)
        picks, years = chance.integers(1 << 30, size=CHUNK), chance.integers(2000, 2026, size=CHUNK)
        rows = zip(pairs.tolist(), picks.tolist(), years.tolist(), strict=True)
        for (source, target), pick, year in rows:
            allowed = types.get((names[kinds[source]], names[kinds[target]]))
            if not allowed or source == target or made >= count:
                continue
            yield _relationship(made, allowed[pick % len(allowed)], (source, target), year, pick)
            made += 1


def _types_between() -> dict[tuple[str, str], list[str]]:
    vocabulary = load_vocabulary()
    return {
        (source, target): [name for name, row in vocabulary.types.items() if row.allows(source, target)]
        for source in KINDS
        for target in KINDS
    }


def _relationship(number: int, type: str, ends: tuple[int, int], year: int, pick: int) -> str:
    body: dict[str, object] = {
        "id": f"r{number:08d}",
        "type": type,
        "source": node_id(ends[0]),
        "target": node_id(ends[1]),
    }
    if pick % 3 == 0 or type in ("FUNDS", "PAYS"):
        body["start"] = str(year)
    if pick % 10 == 0:
        body["end"] = str(year + 2)
    if type in ("FUNDS", "PAYS"):
        body |= {"amount": pick % 100_000, "currency": "GBP"}
    if pick % 20 == 0:
        body |= {"confidence": 0.7, "inferred": True}
    body["evidence"] = [{"source": "made", "locator": f"row {number}"}]
    return json.dumps({"relationship": body}, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    sys.stdout.writelines(lines(int(sys.argv[1]), int(sys.argv[2])))
