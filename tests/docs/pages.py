"""The pages that people read, and what is in them: prose, headings, commands and examples."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
IN_ROOT = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


@dataclass(frozen=True)
class Block:
    """What stands between two lines of three backticks: its language and its text."""

    language: str
    text: str

    @property
    def file(self) -> Path | None:
        """The file that an example is meant to be, when its first line says so."""
        first, _, _ = self.text.partition("\n")
        return Path(first.removeprefix("# ")) if re.fullmatch(r"# [\w/]+\.py", first) else None

    @property
    def lines(self) -> list[str]:
        """The commands, without empty lines."""
        return [line for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Page:
    """One page of the documentation."""

    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def blocks(self) -> list[Block]:
        return [Block(*found) for found in BLOCK.findall(self.text)]

    @cached_property
    def prose(self) -> str:
        """All but the blocks."""
        return BLOCK.sub("", self.text)

    @property
    def words(self) -> int:
        return len(self.prose.split())

    @cached_property
    def headings(self) -> set[str]:
        """The words by which a link names a heading, as GitHub makes them."""
        return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in HEADING.findall(self.prose)}


def pages() -> list[Page]:
    """Every page, those that are made by program included."""
    return [Page(ROOT / name) for name in IN_ROOT] + [Page(file) for file in sorted((ROOT / "docs").rglob("*.md"))]
