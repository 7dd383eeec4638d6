"""The organisations that one file mentions: which mentions are one, what it is called, what is doubtful about it.

Mentions that share an identifier are one organisation; equal names alone are not. Its id comes from its
identifiers, so that it depends neither on the order of the rows nor on which of its names comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.model import Audience, Evidence, Identifier, Node, Sector
from graph.search import fold
from loaders.identifiers import OWN, SUPPLIER, rank, slug
from loaders.people import is_built_like_a_person
from loaders.stream import Reading, Warned

PUBLIC = ("GB-LAE", "GB-LAS", "GB-LANI", "GB-PLA", "GB-GOR", "GB-NHS")
COUNCILS = ("GB-LAE", "GB-LAS", "GB-LANI", "GB-PLA")
CHARITIES = ("GB-CHC", "GB-SC", "GB-NIC")
COMMUNITY = (
    "charit",
    "community interest",
    "community benefit",
    "unincorporated",
    "co-operative",
    "registered society",
)
HARMLESS = {"country", "vat_number"}  # what may be known of a recipient without a sign that it is a body
ALIKE = 50  # of 100: two names below it share hardly a word


@dataclass
class Mention:
    """An organisation under one name and one set of identifiers, and the first row that has it so."""

    name: str
    identifiers: tuple[Identifier, ...]
    key: str  # by what it is known when it has no identifier
    row: int  # in the order of the file, from 0
    line: int
    values: dict[str, Any]
    locator: str  # where the row is found in its source
    funder: bool = False
    public: bool = False  # a body that has to publish what it pays
    count: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        """What makes it one with other mentions."""
        return tuple(str(identifier) for identifier in self.identifiers) or (self.key,)


@dataclass
class Organisations:
    """All mentions of a file, and which of them are one."""

    mentions: dict[tuple[str, tuple[str, ...]], Mention] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def add(self, mention: Mention) -> None:
        """Count a mention; its identifiers are from now on one organisation. Raises ValidationError for a bad one."""
        known = self.mentions.get((mention.name, mention.keys))
        if known is None:
            _node([mention], "checked")
            known = self.mentions[mention.name, mention.keys] = mention
        known.count += 1
        known.funder |= mention.funder
        known.public |= mention.public
        first, *others = mention.keys
        for other in others:
            self.parents[self._root(other)] = self._root(first)

    def _root(self, key: str) -> str:
        parents = self.parents
        while (parent := parents.setdefault(key, key)) != key:
            parents[key] = parents.setdefault(parent, parent)
            key = parents[key]
        return key

    def groups(self) -> list[list[Mention]]:
        """The mentions of each organisation, the most frequent first."""
        found: dict[str, list[Mention]] = {}
        for mention in self.mentions.values():
            found.setdefault(self._root(mention.keys[0]), []).append(mention)
        return [sorted(group, key=lambda one: (-one.count, one.name)) for group in found.values()]

    def nodes(self, groups: Sequence[Sequence[Mention]], source: str) -> Iterator[tuple[Node, int]]:
        """A node for each organisation, and the line that first names it."""
        for group in groups:
            node = _node(group, source)
            self.ids.update((self._root(mention.keys[0]), node.id) for mention in group)
            yield node, min(mention.line for mention in group)

    def id(self, keys: Sequence[str]) -> str:
        """The id of the node that a mention with these keys belongs to, once the nodes are made."""
        return self.ids[self._root(keys[0])]


def are_alike(one: str, other: str) -> bool:
    """Whether two names share at least a word or so."""
    from rapidfuzz.fuzz import token_set_ratio

    return token_set_ratio(fold(one), fold(other)) >= ALIKE


def doubts(reading: Reading, group: Sequence[Mention], column: str) -> Iterator[Warned]:
    """Names under one identifier that have hardly a word in common; `column` is where the names stand."""
    main, *others = group
    for other in others:
        if not are_alike(main.name, other.name):
            shared = ", ".join(key for key in other.keys if key in main.keys) or "a chain of identifiers"
            reason = (
                f"{other.locator}: {other.name!r:.80} and {main.name!r:.80} ({main.locator}) are one node,"
                f" as both have {shared}, but their names are not alike. Check which of them the number belongs to."
            )
            yield reading.warned(other.line, reason, column)


def perhaps_people(reading: Reading, groups: Sequence[Sequence[Mention]], column: str) -> Iterator[Warned]:
    """Recipients who may be people: someone has to look."""
    names = [group[0].name for group in groups if may_be_a_person(group)]
    if names:
        reason = (
            f"{len(names)} recipients have no registered number and a name like a person's: {', '.join(names)}."
            " As one of them may be a person, the public does not see them. Load those that are bodies once more as"
            " graph JSON Lines with the audience `public`, and take what went to people out of the file."
        )
        yield reading.warned(None, reason, column)


def may_be_a_person(group: Sequence[Mention]) -> bool:
    """Whether a recipient has no number of any register and a name that is built like a person's."""
    return all(
        is_built_like_a_person(one.name) and not (one.funder or one.public) and set(one.values) <= HARMLESS
        and all(identifier.scheme in (OWN, SUPPLIER) for identifier in one.identifiers)
        for one in group
    )  # fmt: skip


def _node(group: Sequence[Mention], source: str) -> Node:
    identifiers = sorted({identifier for one in group for identifier in one.identifiers}, key=rank)
    names = Counter[str]()
    for one in group:
        names[one.name] += one.count
    name, *aliases = sorted(names, key=lambda name: (-names[name], name))
    values: dict[str, Any] = {}
    for one in group:
        values = {**one.values, **values}
    locators = [locator for _, locator in sorted({(one.row, one.locator) for one in group})]
    return Node(
        id=slug(f"{identifiers[0].scheme}-{identifiers[0].value}" if identifiers else group[0].key),
        kind="organisation",
        subkind="council" if any(identifier.scheme in COUNCILS for identifier in identifiers) else None,
        name=name,
        aliases=tuple(aliases),
        summary=values.pop("summary", None),
        sector=_sector(identifiers, values, group),
        identifiers=tuple(identifiers),
        url=values.pop("url", None),
        audience=Audience.network if may_be_a_person(group) else None,
        attributes=values,
        evidence=tuple(Evidence(source=source, locator=locator) for locator in locators),
    )


def _sector(identifiers: Sequence[Identifier], values: dict[str, Any], group: Sequence[Mention]) -> Sector | None:
    """The sector, where the file shows it: by what it publishes, by a register, or by the stated type."""
    schemes = {identifier.scheme for identifier in identifiers}
    stated = str(values.get("organisation_type", "")).casefold()
    if not schemes.isdisjoint(PUBLIC) or any(one.public for one in group):
        return Sector.public
    if any(one.funder for one in group):
        return Sector.funder
    if "university" in stated:
        return Sector.academia
    if not schemes.isdisjoint(CHARITIES) or any(word in stated for word in COMMUNITY):
        return Sector.community
    return None
