"""English councils by the names that people give them: their code in the register, and the area they serve.

Codes are those of the register of local authorities (`GB-LAE` of org-id.guide), areas those of the Office for National
Statistics (GSS). Counties, unitary and metropolitan councils and London boroughs are in the table, no districts.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from graph.model import Evidence, Identifier, Node, Relationship, Source
from graph.search import fold
from loaders.identifiers import slug

TABLE = Path(__file__).parent / "tables" / "councils.csv"
REGISTER = Source(
    id="english-councils",
    title="English councils: codes of the local authority register, and the areas they serve",
    publisher="Office for National Statistics, and the register of local authorities of England",
    licence="Open Government Licence v3.0",
    file=TABLE.name,
)
FORMS = (
    *("london borough of", "royal borough of", "city of", "metropolitan borough", "metropolitan district"),
    *("county borough", "borough", "county", "city", "district", "unitary authority"),
)
CALLED = re.compile(r"\b(council|corporation|m b c|mbc|mdc|lbc|london borough of|royal borough of)\b")
LEFT_OUT = re.compile(rf"\b(council|corporation|mbc|mdc|lbc|{'|'.join(FORMS)})\b")


@dataclass(frozen=True, slots=True)
class Council:
    """A council of the table."""

    code: str
    area: str
    name: str

    @property
    def identifier(self) -> Identifier:
        """By what it is known in other files."""
        return Identifier(scheme="GB-LAE", value=self.code)

    @property
    def _evidence(self) -> tuple[Evidence, ...]:
        return (Evidence(source=REGISTER.id, locator=self.code),)

    def place(self) -> Node:
        """The area as a place."""
        return Node(
            id=slug(f"{slug(self.name.replace(' ', '-'))}-{self.area}"),
            kind="place",
            name=self.name,
            identifiers=(Identifier(scheme="GSS", value=self.area),),
            evidence=self._evidence,
        )

    def located(self, council: str) -> Relationship:
        """That the council, a node of this id, is in its area."""
        return Relationship(
            id=f"{council}--located-in--{self.area.lower()}",
            type="LOCATED_IN",
            source=council,
            target=self.place().id,
            evidence=self._evidence,
        )


@lru_cache(maxsize=4_096)
def council_of(name: str) -> Council | None:
    """The council that is called so, in one of the ways that councils are called; None for anything else."""
    folded = fold(name)
    return _councils().get(_bare(folded)) if CALLED.search(folded) else None


def _bare(folded: str) -> str:
    return " ".join(LEFT_OUT.sub(" ", folded).split())


@cache
def _councils() -> dict[str, Council]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [Council(**row) for row in csv.DictReader(file)]
    first = {row.code: row for row in reversed(rows)}  # a second row of a code is another name
    return {_bare(fold(row.name)): first[row.code] for row in rows}
