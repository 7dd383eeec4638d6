"""Footnotes: every fact on a page has a mark that leads to its source, section and lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.model import Evidence, Source


@dataclass(frozen=True)
class Footnote:
    """One place in one source."""

    number: int
    source: Source
    locator: str | None
    note: str | None
    quote: str | None

    @property
    def text(self) -> str:
        """What the mark says when it is pointed at."""
        return ", ".join(part for part in (self.source.title, self.locator) if part)

    @property
    def url(self) -> str | None:
        """The address of the source, when it is one that a browser can open."""
        return self.source.url if (self.source.url or "").startswith(("https://", "http://")) else None


class Footnotes:
    """The footnotes of one page, each place in a source once, numbered in the order of the page."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._notes: dict[tuple[str, str | None, str | None, str | None], Footnote] = {}

    def __iter__(self) -> Iterator[Footnote]:
        return iter(self._notes.values())

    def __len__(self) -> int:
        return len(self._notes)

    def of(self, evidence: Iterable[Evidence]) -> list[Footnote]:
        """The footnotes of a fact, each once."""
        return list({note.number: note for note in map(self._of, evidence)}.values())

    def _of(self, evidence: Evidence) -> Footnote:
        key = (evidence.source, evidence.locator, evidence.note, evidence.quote)
        if key not in self._notes:
            self._notes[key] = Footnote(len(self._notes) + 1, self._sources[evidence.source], *key[1:])
        return self._notes[key]
