"""Answers as text for people: tables, sentences with their sources, notes. One telling for every question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from api.commands._printing import Page
from api.commands._words import Item, Words, is_deep, is_node, is_part, is_sentence, readable, texts
from graph.answers import QuestionAnswer
from graph.lens import Lens

if TYPE_CHECKING:
    from graph.model import Audience
    from graph.store import Store

TABLE_COLUMNS = 4  # fewer plain values than this stand beside the name of an item
MOST_ROWS = 100  # of a list; programs get all
SENTENCES = ("sentence", "because")
NODE_COLUMNS = ("id", "kind", "subkind", "name", "sector", "places")


def tell(answer: QuestionAnswer, store: Store, audience: Audience) -> None:
    """Print an answer: its fields in order, then what it was cut by, notes and sources."""
    fields = answer.model_dump(mode="json", exclude={"meta"})
    nodes = store.get(sorted(set(texts(fields))), Lens(audience=audience))
    teller = Teller(Words({id: node.name for id, node in nodes.items()}))
    for field, value in fields.items():
        teller.field(field, value)
    if answer.meta.cut:
        teller.page.line(f"Cut: {answer.meta.cut.kept:,} of {answer.meta.cut.of:,} are shown.", above=True)
    for note in answer.meta.notes:
        teller.page.line(note, above=True)
    teller.sources(store)


class Teller:
    """Prints the parts of an answer, and remembers the sources it has named."""

    def __init__(self, words: Words) -> None:
        self.page = Page()
        self.words = words
        self.cited: dict[str, int] = {}
        self.in_list = False

    def field(self, field: str, value: Any) -> None:
        """One field of an answer under its title."""
        after_list, self.in_list = self.in_list, isinstance(value, list) and any(map(is_part, value))
        if self.in_list:
            self.page.line(f"{readable(field)} ({len(value):,})", style="bold", above=True)
            self.items(value)
        elif is_node(value):
            self.page.line(f"{readable(field)}: {self.words.in_full(value)}", style="bold", above=after_list)
        elif is_part(value) and any(map(is_deep, value.values())):
            self.page.line(readable(field), style="bold", above=True)
            for part, one in value.items():
                self.field(part, one)
        elif value is not None:
            said = "none" if value in ([], {}) else self.words.say(value)
            self.page.line(f"{readable(field)}: {said}", above=after_list)

    def items(self, items: list[Item]) -> None:
        """A list of like things: sentences, a table, or one after the other with what belongs to each."""
        if is_sentence(items[0]):
            self.sentences(items, 2)
            return
        plain, deep = _fields(items)
        is_told = any(is_sentence(part) for item in items for field in deep for part in item[field] or ())
        if not deep or is_node(items[0]) or (len(plain) >= TABLE_COLUMNS and not is_told):
            self.table(items, [field for field in plain if not deep or field not in SENTENCES])
            plain = [field for field in plain if self.words.is_name(items[0][field])]
        for place, item in enumerate(items[:MOST_ROWS] if deep else (), 1):
            self.page.line(f"{place}. {self.words.headline(item, plain)}", style="bold", above=True)
            for said in (item[field] for field in SENTENCES if field not in plain and item.get(field)):
                self.page.line(said, indent=3)
            self.parts(item, deep, 3)
        if len(items) > MOST_ROWS:
            self.page.line(f"The first {MOST_ROWS} of {len(items):,} are here. All is in --json.", style="dim")

    def parts(self, item: Item, deep: list[str], indent: int) -> None:
        """What an item is made of: sentences, small lists, groups of numbers."""
        for field in deep:
            value = item[field]
            if value and isinstance(value, dict):
                self.page.line(f"{readable(field)}: {self.words.say(value)}", indent=indent)
            elif value and is_sentence(value[0]):
                self.sentences(value, indent)
            elif value:
                self.within(field, value, indent)

    def within(self, field: str, items: list[Item], indent: int) -> None:
        """A list within an item; a part whose sentences say all that it is needs no line of its own."""
        plain, deep = _fields(items)
        said = all(self._is_said(item, plain) for item in items)
        if not said:
            self.page.line(f"{readable(field)}:", indent=indent)
        for item in items:
            if not said:
                self.page.line(self.words.headline(item, plain), indent=indent + 2, bullet="•")
            self.parts(item, deep, indent if said else indent + 4)

    def _is_said(self, item: Item, plain: list[str]) -> bool:
        ends = {end for one in item.get("relationships", ()) for end in (one["source"], one["target"])}
        return bool(ends) and all(item[field] in ends for field in plain)

    def table(self, items: list[Item], fields: list[str]) -> None:
        """Plain values of like things side by side; what has no value anywhere is left out."""
        said = [self._cells(item, fields) for item in items[:MOST_ROWS]]
        titles = [title for title in said[0] if any(cells[title] not in ("", "–") for cells in said)]
        self.page.table(titles, [[cells[title] for title in titles] for cells in said])

    def _cells(self, item: Item, fields: list[str]) -> dict[str, str]:
        more = {readable(field): self.words.say(item[field]) for field in fields if field not in NODE_COLUMNS}
        if not is_node(item):
            return {readable(field): self.words.say(item[field]) for field in fields}
        kind = f"{item['kind']}: {item['subkind']}" if item.get("subkind") else item["kind"]
        known = {"Name": item["name"], "Kind": kind, "Sector": item.get("sector") or "–"}
        return known | {"Places": self.words.places(item)} | more | {"Id": item["id"]}

    def sentences(self, relationships: list[Item], indent: int) -> None:
        """Relationships as sentences, each with the sources it comes from."""
        for one in relationships:
            doubts = ["inferred"] if one["inferred"] else []
            if one["confidence"] < 1:
                doubts.append(f"confidence {self.words.say(one['confidence'])}")
            said = f"{one['sentence']} ({', '.join(doubts)})" if doubts else one["sentence"]
            self.page.line(said, indent=indent, bullet="•", faint=self.evidence(one["evidence"]))

    def evidence(self, evidence: list[Mapping[str, Any]]) -> str:
        """Where a fact comes from: numbers of the sources listed at the end, and the places in them."""
        places: dict[int, list[str]] = {}
        for one in evidence:
            mark = self.cited.setdefault(one["source"], len(self.cited) + 1)
            places.setdefault(mark, []).append(one.get("locator") or "")
        said = {mark: "; ".join(dict.fromkeys(filter(None, some))) for mark, some in places.items()}
        return " ".join(f"[{mark}: {some}]" if some else f"[{mark}]" for mark, some in said.items())

    def sources(self, store: Store) -> None:
        """The sources that were named, by their numbers."""
        if not self.cited:
            return
        self.page.line("Sources", style="bold", above=True)
        found = store.get_sources(list(self.cited))
        for id, mark in self.cited.items():
            source = found.get(id)
            parts = [source.title, source.publisher, source.date, source.url] if source else [id]
            self.page.line(", ".join(filter(None, parts)), indent=2, bullet=f"[{mark}]")


def _fields(items: list[Item]) -> tuple[list[str], list[str]]:
    """Fields with plain values that something is known of, and fields with parts of their own."""
    deep = {
        field
        for item in items
        for field, value in item.items()
        if is_deep(value) or (isinstance(value, dict) and not is_node(value))
    }
    plain = {field for item in items for field, value in item.items() if field not in deep and value is not None}
    return [field for field in items[0] if field in plain], [field for field in items[0] if field in deep]
