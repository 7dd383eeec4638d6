"""A lens in SQL: the conditions of `graph/lens.py` as a WHERE clause with parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.lens import Condition, Lens, Narrowing
from graph.vocabulary import Vocabulary

ENDS = " JOIN nodes s ON s.n = r.source JOIN nodes t ON t.n = r.target"
Parts = Mapping[str, tuple[str, ...]]


@dataclass
class Where:
    """A WHERE clause that grows; every value is a parameter."""

    vocabulary: Vocabulary
    texts: list[str] = field(default_factory=list)
    parameters: list[object] = field(default_factory=list)
    ends: bool = False  # it speaks of the nodes at both ends of a relationship, `s` and `t`

    def __str__(self) -> str:
        return f"WHERE {' AND '.join(self.texts)}" if self.texts else ""

    @property
    def relationships(self) -> str:
        """Where relationships `r` are found; their ends are looked up only where something asks about them."""
        return f"FROM relationships r{ENDS if self.ends else ''} {self}"

    def add(self, text: str, *parameters: object) -> Where:
        """One more thing that must hold."""
        self.texts.append(text)
        self.parameters.extend(parameters)
        return self

    def among(self, column: str, values: Sequence[str]) -> Where:
        """The column holds one of these values."""
        return self.add(f"{column} IN (SELECT value FROM json_each(?))", json.dumps(list(values)))

    def conditions(self, row: str, conditions: Sequence[Condition]) -> Where:
        """Comparisons of the columns of a row."""
        for condition in conditions:
            column = f"{row}.{condition.column}"
            if isinstance(condition.value, tuple):
                self.among(column, condition.value)
            else:
                self.add(f"{column} {condition.operator} ?", condition.value)
        return self

    def node(self, row: str, lens: Lens, parts: Parts) -> Where:
        """The row is a node that the lens lets through."""
        self.conditions(row, lens.node_conditions())
        for narrowing in lens.narrowings(dict(parts)):
            self._narrowing(row, narrowing, lens)
        if lens.sector:
            self._sectors(row, lens)
        return self

    def relationship(self, row: str, lens: Lens, parts: Parts) -> Where:
        """The row is a relationship that the lens lets through, its ends being `s` and `t`."""
        self.conditions(row, lens.relationship_conditions())
        if lens.judges_nodes:
            self.node("s", lens, parts).node("t", lens, parts).ends = True
        return self

    def _narrowing(self, row: str, narrowing: Narrowing, lens: Lens) -> None:
        inner = Where(self.vocabulary).add(f"j.source = {row}.n").among("j.type", narrowing.types)
        inner.among("p.id", narrowing.targets).conditions("j", lens.fact_conditions())
        inner.conditions("p", lens.facts_of_nodes())
        outer = Where(self.vocabulary).among(f"{row}.kind", narrowing.kinds)
        exists = f"EXISTS (SELECT 1 FROM relationships j JOIN nodes p ON p.n = j.target {inner})"
        self.add(f"(NOT ({outer.texts[0]}) OR {exists})", *outer.parameters, *inner.parameters)

    def _sectors(self, row: str, lens: Lens) -> None:
        inner = Where(self.vocabulary).add(f"j.source = {row}.n").add("o.kind = 'organisation'")
        inner.among("j.type", self.vocabulary.of_types).among("o.sector", lens.sector)
        inner.conditions("j", lens.fact_conditions()).conditions("o", lens.facts_of_nodes())
        own = Where(self.vocabulary).among(f"{row}.sector", lens.sector)
        exists = f"EXISTS (SELECT 1 FROM relationships j JOIN nodes o ON o.n = j.target {inner})"
        self.add(
            f"({row}.kind NOT IN ('organisation', 'person') OR {own.texts[0]}"
            f" OR ({row}.kind = 'person' AND {row}.sector IS NULL AND {exists}))",
            *own.parameters,
            *inner.parameters,
        )
