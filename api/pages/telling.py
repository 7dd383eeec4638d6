"""Tells an answer in parts of a page, made of what its model says of each field: no question needs words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile

from pydantic import BaseModel

from api.commands._words import number, readable
from api.pages.footnotes import Footnote
from api.pages.sayings import Saying
from api.pages.told import Entry, Fact, Known, Piece, Pieces, Told
from graph.answers import NodeInAnswer, RelationshipInAnswer
from graph.measures.communities import COMMUNITY
from graph.sentences import money

SENTENCES = ("sentence", "because", "summary")
LABELS = {
    "a": "One",
    "articulation": "Those without whom others lose each other",
    "b": "Other",
    "because": "Why",
    "bridge_ties": "Ties that nothing replaces",
    "carried": "Contacts that hang on one person",
    "cells": "Between groups",
    "cogs": "Cogs of connection",
    "common": "In contact with all",
    "counts": "How many, and when",
    "e_i_expected": "E-I index expected",
    "e_i_index": "E-I index",
    "each": "If each left alone",
    "exit": "If the funder left",
    "hhi": "Concentration (HHI)",
    "isolated": "Who would be left alone",
    "links": "Ties of the team",
    "lost_pairs": "Who would no longer reach each other",
    "node": "Name",
    "p_value": "p-value",
    "serves": "Connects",
    "unreachable": "Out of reach of each other",
}
NO_COLUMNS = ("relationship", "relationships", "introductions", "hops")
MOST_ENTRIES, MOST_ROWS, MOST_NAMES, MOST_SENTENCES = 20, 50, 100, 100
MOST_IN_CELL = 4
FEW = 5  # so many things are told one after the other, with the relationships behind each
LONG = 60  # characters from which a value is a sentence of its own
FIELD = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")  # the name of a field as a value: said in words
NULL = re.compile(r"[,;] null [^.;]*")  # what only programs meet


def cited(value: object) -> Iterator[str]:
    """Ids of the relationships that an answer tells, in the order of the page."""
    if isinstance(value, RelationshipInAnswer):
        yield value.id
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            one = getattr(value, name)
            if name == "relationship" and one:
                yield one
            yield from cited(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from cited(one)


class Teller:
    """Tells the parts of one answer."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._told: set[str] = set()

    def answer(self, answer: BaseModel) -> Told:
        """The whole answer, and last the relationships that it rests on and that were not told before."""
        told = self.part(answer)
        rest = [saying for id, saying in self.known.sayings.items() if id not in self._told]
        if not rest:
            return told
        last = Told("What this rests on", count=len(set(cited(answer)) - self._told), sayings=rest)
        return Told(words=told.words, facts=told.facts, parts=(*told.parts, last))

    def part(self, model: BaseModel, title: str = "", meaning: str = "") -> Told:
        """One model: its long texts as words, plain values as facts, lists and larger models as parts."""
        words: list[str] = []
        facts: list[Fact] = []
        parts: list[Told] = []
        for name, value, said in _fields(model):
            if value is None or value == ():
                continue
            if isinstance(value, str) and (name in SENTENCES or len(value) > LONG):
                words.append(value)
            elif isinstance(value, tuple):
                parts.append(self.several(name, value, said))
            elif isinstance(value, BaseModel) and (larger := self._larger(name, value, said)):
                parts.append(larger)
            else:
                facts += self.facts(name, value, said)
        return Told(title, meaning, words=words, facts=facts, parts=parts)

    def _larger(self, name: str, value: BaseModel, said: str) -> Told | None:
        """A model that takes more room than one line: one with lists, or one that compares like things."""
        within = [one for _, one, _ in _fields(value)]
        if within and all(isinstance(one, BaseModel) and type(one) is type(within[0]) for one in within):
            return Told(_label(name), said, rows=list(self._compared(value)))
        if isinstance(value, NodeInAnswer) or not any(_is_list_of_models(one) for one in within):
            return None
        return self.part(value, _label(name), said)

    def _compared(self, value: BaseModel) -> Iterator[Sequence[Fact]]:
        sides = [(name, one) for name, one, _ in _fields(value)]
        for name, _, said in _fields(sides[0][1]):
            yield [
                Fact("", "", (Piece(_label(name)),)),
                *(self._fact(readable(side), getattr(one, name), said, of=name) for side, one in sides),
            ]

    def several(self, name: str, items: tuple[object, ...], said: str) -> Told:
        """A list under its title: sentences, names, or a table with what can be said of each before it."""
        title, count = _label(name), len(items)
        if isinstance(items[0], RelationshipInAnswer):
            return Told(title, said, count, sayings=self._sayings(items))
        if not isinstance(items[0], BaseModel) or type(items[0]) is NodeInAnswer:
            return Told(title, said, count, names=[self.say(name, one, said) for one in items[:MOST_NAMES]])
        models = [one for one in items if isinstance(one, BaseModel)]
        is_worded = any(one in SENTENCES for one in type(models[0]).model_fields)
        is_apart = count <= FEW and any(True for _ in cited(items))
        entries = [self._entry(one) for one in models[:MOST_ENTRIES]] if is_worded or is_apart else ()
        return Told(title, said, count, entries=entries, rows=self._rows(models, only_plain=is_worded))

    def _rows(self, items: Sequence[BaseModel], *, only_plain: bool) -> Sequence[Sequence[Fact]]:
        """A table of the fields that something is known of; what is told in sentences is not in it."""
        shown = [name for name in _columns(items[0]) if any(getattr(one, name) is not None for one in items)]
        if only_plain:
            shown = [name for name in shown if all(_is_plain(getattr(one, name)) for one in items)]
        if len(shown) < 2:
            return ()
        means = {name: said for name, _, said in _fields(items[0])}
        return [
            [self._fact(_label(name), _linked(one, name), means[name], of=name) for name in shown]
            for one in items[:MOST_ROWS]
        ]

    def _entry(self, item: BaseModel) -> Entry:
        sentence = next((getattr(item, name) for name in SENTENCES if getattr(item, name, None)), "")
        more = [
            fact
            for name, value, said in _fields(item)
            if name in _columns(item) and value not in (None, ()) and not _is_plain(value)
            for fact in self.facts(name, value, said)
        ]
        relationship, node = getattr(item, "relationship", None), getattr(item, "node", None)
        footnotes: Sequence[Footnote] = ()
        if relationship in self.known.sayings:
            self._told.add(str(relationship))
            footnotes = self.known.sayings[str(relationship)].footnotes
        elif isinstance(node, str) and node in self.known.nodes:
            footnotes = self.known.footnotes.of(self.known.nodes[node].evidence)
        sayings = () if relationship else self._sayings(tuple(_relationships(item)))
        return Entry(self._head(item), sentence, more, sayings, footnotes)

    def _head(self, item: BaseModel) -> Pieces:
        """What an item is about: the nodes of a way, the one or the two that it is said of, or its first value."""
        if isinstance(way := getattr(item, "nodes", None), tuple):
            return _joined((self.say("nodes", one) for one in way), " – ")
        fields = [(name, value, said) for name, value, said in _fields(item) if name not in SENTENCES]
        named = list(takewhile(lambda one: self._is_named(one[1]), fields))
        if len(named) > 1 and not isinstance(named[0][1], NodeInAnswer):
            return _joined((self.say(*one) for one in named[:2]), " – ")
        return self.say(*fields[0])

    def _is_named(self, value: object) -> bool:
        return isinstance(value, NodeInAnswer) or (isinstance(value, str) and value in self.known.nodes)

    def _sayings(self, relationships: Sequence[object]) -> Sequence[Saying]:
        ids = [one.id for one in relationships if isinstance(one, RelationshipInAnswer)]
        found = {id: self.known.sayings[id] for id in ids if id in self.known.sayings}
        self._told |= found.keys()
        return list(found.values())

    def facts(self, name: str, value: object, said: str) -> Iterator[Fact]:
        """A value under its name; what is made of models, one for each."""
        within = dict(value) if isinstance(value, BaseModel | dict) and _is_made_of_parts(value) else {}
        if any(isinstance(one, dict | BaseModel) and _is_made_of_parts(one) for one in within.values()):
            for one, part in within.items():
                yield from self.facts(f"{name}, {one}", part, said)
        elif value != {}:
            yield self._fact(_label(name), value, said, of=name)

    def _fact(self, label: str, value: object, said: str, *, of: str) -> Fact:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return Fact(label, said, self.say(of, value, said), is_number)

    def say(self, name: str, value: object, said: str = "") -> Pieces:
        """A value in one line."""
        if isinstance(value, bool):
            return (Piece("yes" if value else "no"),)
        if isinstance(value, int | float):
            is_share = said.startswith("Share ") or "share" in name
            return (Piece(_percent(value) if is_share else number(value)),)
        if isinstance(value, NodeInAnswer | str):
            return (self._named(value) if isinstance(value, str) else Piece(value.name, value.id),)
        if isinstance(value, tuple):
            return self._list(name, value, said)
        if isinstance(value, dict | BaseModel):
            return self._pairs(value)
        return (Piece("–"),)

    def _named(self, text: str) -> Piece:
        """A text, or the node whose id it is."""
        id = text.removeprefix(COMMUNITY)
        if id not in self.known.nodes:
            return Piece(
                readable(text) if FIELD.fullmatch(text) else FIELD.sub(lambda one: one[0].replace("_", " "), text)
            )
        name = self.known.nodes[id].name
        return Piece(name if id == text else f"community around {name}", id)

    def _list(self, name: str, values: tuple[object, ...], said: str) -> Pieces:
        shown = [self._short(name, one, said) for one in values[:MOST_IN_CELL]]
        if len(values) > MOST_IN_CELL:
            shown.append((Piece(f"and {len(values) - MOST_IN_CELL:,} more"),))
        return _joined(shown, "; " if values and isinstance(values[0], BaseModel) else ", ") or (Piece("–"),)

    def _short(self, name: str, value: object, said: str) -> Pieces:
        """One of a list in a line: of a model the nodes that it is about, with its plain values in brackets."""
        if not isinstance(value, BaseModel) or isinstance(value, NodeInAnswer):
            return self.say(name, value, said)
        named = [self.say(field, one, said) for field, one, said in _fields(value) if self._is_named(one)]
        plain = [
            _joined(((Piece(readable(field).lower()),), self.say(field, one, said)), " ")
            for field, one, said in _fields(value)
            if _is_plain(one) and one is not None and not self._is_named(one) and not isinstance(one, tuple)
        ]
        return (*_joined(named, " – "), *((Piece(" ("), *_joined(plain, "; "), Piece(")")) if plain else ()))

    def _pairs(self, value: dict[str, object] | BaseModel) -> Pieces:
        pairs = [(name, one, said) for name, one, said in _fields(value) if one not in (None, ())]
        if pairs and all(_is_currency(name) for name, _, _ in pairs):
            return (Piece(", ".join(money(float(str(one)), name) for name, one, _ in pairs)),)
        told = (_joined(((Piece(_label(name).lower()),), self.say(name, one, said)), " ") for name, one, said in pairs)
        return _joined(told, "; ") or (Piece("–"),)


def _fields(value: object) -> Iterator[tuple[str, object, str]]:
    """Name, value and meaning of what a model or a mapping holds."""
    if isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            if name != "meta":
                yield name, getattr(value, name), NULL.sub("", info.description or "")
    elif isinstance(value, dict):
        yield from ((str(name), one, "") for name, one in value.items())


def _columns(item: BaseModel) -> list[str]:
    """Fields that a table may show: no sentence, no relationship, and no id where there is a name."""
    names, hidden = list(type(item).model_fields), {*SENTENCES, *NO_COLUMNS}
    if "name" in names:
        hidden.add("id")
        names.sort(key=lambda name: name != "name")
    return [name for name in names if name not in hidden]


def _linked(item: BaseModel, name: str) -> object:
    """The value of a field; the name of a node as the node, so that it leads there."""
    if isinstance(item, NodeInAnswer) and name == "name":
        return NodeInAnswer(**{field: getattr(item, field) for field in NodeInAnswer.model_fields})
    return getattr(item, name)


def _relationships(value: object) -> Iterator[RelationshipInAnswer]:
    if isinstance(value, RelationshipInAnswer):
        yield value
    elif isinstance(value, BaseModel):
        for _, one, _ in _fields(value):
            yield from _relationships(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _relationships(one)


def _is_plain(value: object) -> bool:
    """Whether a value fits into a cell of its own: a number, a name, an amount, a few names."""
    if isinstance(value, tuple):
        return all(not isinstance(one, BaseModel) or isinstance(one, NodeInAnswer) for one in value)
    if isinstance(value, dict):
        return all(map(_is_currency, value))
    return not isinstance(value, BaseModel) or isinstance(value, NodeInAnswer)


def _is_made_of_parts(value: BaseModel | dict[str, object]) -> bool:
    """A node is one thing, whatever is known of it."""
    return not isinstance(value, NodeInAnswer)


def _is_list_of_models(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(one, BaseModel) for one in value)


def _is_currency(name: str) -> bool:
    return len(name) == 3 and name.isupper()


def _label(name: str) -> str:
    return LABELS.get(name, readable(name))


def _percent(share: float) -> str:
    return f"{share:.0%}" if share in (0, 1) or 0.01 <= share <= 0.99 else f"{share:.2%}"


def _joined(some: Iterable[Pieces], between: str) -> Pieces:
    """Pieces of several, with words between them."""
    joined: list[Piece] = []
    for pieces in some:
        joined += [Piece(between), *pieces] if joined else pieces
    return tuple(joined)


def first(ids: Iterator[str]) -> list[str]:
    """The first different ids, as many as a page has room for."""
    return list(islice(dict.fromkeys(ids), MOST_SENTENCES))
