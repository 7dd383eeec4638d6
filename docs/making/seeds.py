"""The page of questions that a reader would ask of the seed texts, with the address and the answer of each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby

from docs.making.markdown import code, table
from graph.vocabulary import load_vocabulary
from loaders.finding import SEED_TABLES
from loaders.seed_tables import Row, cells, read_seed

INTRODUCTION = (
    "What a reader would ask of the five texts behind the network that comes with the program. Each answer was checked"
    " by hand against the text; the tests ask every address on both stores. Lines are counted from 1."
)


def of_seed_questions() -> Iterator[str]:
    """Every question with its address, its answer and the lines that bear it out."""
    seed = read_seed(SEED_TABLES, load_vocabulary())
    names = {id: node["name"] for id, node in seed.by_id.items()}
    with (SEED_TABLES / "checks" / "questions.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    yield "# Questions to the seed texts"
    yield INTRODUCTION
    for topic, some in groupby(rows, key=lambda row: row["topic"]):
        yield f"## {topic}"
        yield table(
            ["question", "address", "answer", "lines"],
            [(row["question"], code(row["ask"]), _answer(row, names), _lines(row)) for row in some],
        )


def _answer(row: Row, names: dict[str, str]) -> str:
    said = [names.get(part, f"{int(part):,}" if part.isdigit() else part) for part in cells(row["answer"])]
    if row["read"] == "none_within":
        return f"none within {row['answer']} steps"
    return "; ".join(said) or "nothing is said"


def _lines(row: Row) -> str:
    cited = zip(cells(row["evidence_source"]), cells(row["evidence_lines"]), strict=True)
    return "; ".join(
        f"{source} {', '.join(lines for _, lines in some)}" for source, some in groupby(cited, key=lambda pair: pair[0])
    )
