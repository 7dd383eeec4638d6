"""A page taken apart as a reader meets it: words, links, headings, landmarks, ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

INLINE = {"a", "span", "code", "q"}
VOID = {"meta", "link", "input", "img", "source", "br", "use"}


@dataclass
class Reading:
    """What stands on a page."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read = Reading()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.read.elements.append(tag)
        self._break(tag)
        self.read.attributes += given
        self.read.ids += [given["id"]] if "id" in given else []
        self.read.links += [given["href"]] if tag == "a" else []
        self.read.pictures += [given[name] for name in ("src", "srcset") if name in given and tag != "script"]
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.read.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag, f"</{tag}> closes nothing"

        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("title", "script", "style"):
            self.read.text += data
        if any(tag in self._open for tag in ("h1", "h2", "h3")):
            level, before = self.read.headings[-1]
            self.read.headings[-1] = (level, before + data)

    def _break(self, tag: str) -> None:
        """Words on two sides of a block are two words."""
        self.read.text += "" if tag in INLINE else " "


def reading(text: str) -> Reading:
    """Take a page apart."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.read.text = " ".join(reader.read.text.split())
    return reader.read
