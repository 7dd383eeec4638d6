"""From relationships to ties between actors: direct, by shared work, and carried by people.

The steps of `graph/actors.py`, each over whole columns. What stands behind a tie is kept as arrays of
numbers, so that a tie can always be traced back to the relationships that make it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.adjacency import Arrays, Ints, Mask
from graph.rows import distinct

Floats = NDArray[np.float64]
DECIMALS = 9
LARGEST_ITEM = 200  # Newman's tie on a larger item is under 0.005, and the pairs are tens of thousands


@dataclass(frozen=True)
class Selection:
    """What of the network counts for the actor graph; masks over all nodes and all relationships."""

    actors: Mask
    carriers: Mask  # people who carry ties to their organisations; none when carriers are off
    items: Mask  # what is worked on together; none when shared work is off
    relationships: Mask  # visible, of a type that makes ties, worth more than nothing
    posts: Mask  # visible, of a type that makes a person one of an organisation's people
    worth: Floats  # strength × freshness of every relationship

    @property
    def participants(self) -> Mask:
        """Those who may have a tie: the actors, and the people who carry."""
        return self.actors | self.carriers


@dataclass(frozen=True)
class Rows:
    """Numbers sorted into rows by a label: row i is `order[begins[i]:begins[i + 1]]`."""

    begins: Ints
    order: Ints

    @classmethod
    def by(cls, labels: Ints, size: int) -> Rows:
        """Sort the places of `labels` by label; labels are below `size`."""
        begins = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(labels, minlength=size), out=begins[1:])
        return cls(begins, np.argsort(labels, kind="stable"))

    def of(self, labels: Ints) -> Ints:
        """All places with one of these labels."""
        parts = [self.order[self.begins[label] : self.begins[label + 1]] for label in labels.tolist()]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)


@dataclass(frozen=True)
class Memberships:
    """Who takes part in what: one entry per participant and item, of all their relationships combined."""

    relationship: Ints
    entry: Ints  # of each relationship
    participant: Ints  # of each entry, which are in the order of item, then participant
    item: Ints
    strength: Floats

    @cached_property
    def sizes(self) -> Ints:
        """Number of participants of each entry's item."""
        _, inverse, counts = np.unique(self.item, return_inverse=True, return_counts=True)
        return counts[inverse].astype(np.int64)

    @property
    def large_items(self) -> dict[int, int]:
        """Items with too many participants to make ties, and how many those are."""
        large = self.sizes > LARGEST_ITEM
        return dict(zip(self.item[large].tolist(), self.sizes[large].tolist(), strict=True))

    def pairs(self) -> tuple[Ints, Ints]:
        """All pairs of entries of one item, except of the large ones."""
        small = np.flatnonzero(self.sizes <= LARGEST_ITEM)
        item = self.item[small]
        last = np.searchsorted(item, item, side="right") - 1
        partners = last - np.arange(len(small))
        first = np.repeat(np.arange(len(small)), partners)
        within = np.arange(len(first)) - np.repeat(np.cumsum(partners) - partners, partners)
        return small[first], small[first + 1 + within]


@dataclass(frozen=True)
class Ties:
    """The ties of an actor graph, with the way back to what stands behind each.

    Actors are numbered in the order of their ids. Bonds are single direct relationships or pieces of
    shared work; bonds between the same two make a link; a tie is made by its own link and by links that
    people carry, each of which is one `row`.
    """

    first: Ints  # of each tie, the actor with the smaller number
    second: Ints
    strength: Floats
    row_tie: Ints
    row_link: Ints
    link_ends: tuple[Ints, Ints]  # numbers of nodes
    bond_link: Ints
    direct: Ints  # relationships of the first bonds; the others are pairs of entries
    shared: tuple[Ints, Ints]
    memberships: Memberships
    actors: Ints  # number of node of each actor

    @cached_property
    def matrix(self) -> csr_array[np.float64]:
        """Strengths as a symmetrical matrix in compressed sparse rows."""
        size = len(self.actors)
        ends = np.concatenate((self.first, self.second)), np.concatenate((self.second, self.first))
        matrix = csr_array((np.tile(self.strength, 2), ends), shape=(size, size))
        matrix.sort_indices()
        return matrix

    def among(self, kept: Mask) -> Ties:
        """The ties between two of the actors that are kept, with what stands behind each."""
        good, place = kept[self.first] & kept[self.second], np.cumsum(kept) - 1
        number = np.where(good, np.cumsum(good) - 1, -1)[self.row_tie]
        return replace(
            self,
            first=place[self.first[good]],
            second=place[self.second[good]],
            strength=self.strength[good],
            row_tie=number[number >= 0],
            row_link=self.row_link[number >= 0],
            actors=self.actors[kept],
        )

    def marked(self, relationships: Mask) -> Mask:
        """For each tie, whether at least one of these relationships stands behind it."""
        entries = np.zeros(len(self.memberships.item), np.bool_)
        entries[self.memberships.entry[relationships[self.memberships.relationship]]] = True
        bonds = np.concatenate((relationships[self.direct], entries[self.shared[0]] | entries[self.shared[1]]))
        links = np.zeros(len(self.link_ends[0]), np.bool_)
        links[self.bond_link[bonds]] = True
        ties = np.zeros(len(self.first), np.bool_)
        ties[self.row_tie[links[self.row_link]]] = True
        return ties

    def behind(self, u: int, v: int) -> Ints:
        """Numbers of the relationships behind the tie of two actors, in the order of ids; none without a tie."""
        tie = self.numbers(np.array([u]), np.array([v]))
        links = self.row_link[self._rows_of_tie.of(tie[tie >= 0])]
        bonds = self._bonds_of_link.of(distinct(links))
        work = bonds[bonds >= len(self.direct)] - len(self.direct)
        entries = distinct(np.concatenate((self.shared[0][work], self.shared[1][work])))
        members = self.memberships.relationship[self._relationships_of_entry.of(entries)]
        return distinct(np.concatenate((self.direct[bonds[bonds < len(self.direct)]], members)))

    def all_behind(self, actors: Ints, count: int) -> Mask:
        """Which of the `count` relationships of the network stand behind a tie of one of these actors."""
        theirs = np.isin(self.first, actors) | np.isin(self.second, actors)
        links = np.zeros(len(self.link_ends[0]), np.bool_)
        links[self.row_link[theirs[self.row_tie]]] = True
        bonds = links[self.bond_link]
        work = bonds[len(self.direct) :]
        entries = np.zeros(len(self.memberships.item), np.bool_)
        entries[self.shared[0][work]] = entries[self.shared[1][work]] = True
        found = np.zeros(count, np.bool_)
        found[self.direct[bonds[: len(self.direct)]]] = True
        found[self.memberships.relationship[entries[self.memberships.entry]]] = True
        return found

    def numbers(self, u: Ints, v: Ints) -> Ints:
        """Number of the tie of each of these pairs of actors, −1 where there is none."""
        if not len(self._keys):
            return np.full(len(u), -1, np.int64)
        wanted = np.minimum(u, v) * len(self.actors) + np.maximum(u, v)
        place = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[place] == wanted, place, -1)

    @cached_property
    def _keys(self) -> Ints:
        return self.first * len(self.actors) + self.second

    @cached_property
    def _rows_of_tie(self) -> Rows:
        return Rows.by(self.row_tie, len(self.first))

    @cached_property
    def _bonds_of_link(self) -> Rows:
        return Rows.by(self.bond_link, len(self.link_ends[0]))

    @cached_property
    def _relationships_of_entry(self) -> Rows:
        return Rows.by(self.memberships.entry, len(self.memberships.item))


def make_ties(arrays: Arrays, selection: Selection) -> Ties:
    """Make the ties of the actor graph from what was selected."""
    size = len(arrays.nodes.ids)
    direct = _direct(arrays, selection)
    memberships = make_memberships(arrays, selection)
    shared = memberships.pairs()
    sizes = memberships.sizes[shared[0]]
    mean = (memberships.strength[shared[0]] + memberships.strength[shared[1]]) / 2
    ends = [
        np.concatenate((side, memberships.participant[entries]))
        for side, entries in zip(_ordered(arrays, direct), shared, strict=True)
    ]
    worth = np.concatenate((selection.worth[direct], mean / (sizes - 1)))
    links, bond_link, strengths = _combined(ends[0] * size + ends[1], worth)
    link_ends = (links // max(1, size), links % max(1, size))
    row_ends, row_link = _carried(link_ends, _posts(arrays, selection), selection.carriers)
    kept = selection.actors[row_ends[0]] & selection.actors[row_ends[1]]
    row_link, actors = row_link[kept], np.flatnonzero(selection.actors)
    position = np.cumsum(selection.actors) - 1
    one, other = position[row_ends[0][kept]], position[row_ends[1][kept]]
    keys = np.minimum(one, other) * len(actors) + np.maximum(one, other)
    ties, row_tie, strengths = _combined(keys, strengths[row_link])
    strengths = np.round(strengths, DECIMALS)
    real = strengths > 0
    number = np.where(real, np.cumsum(real) - 1, -1)[row_tie]
    ties = ties[real]
    return Ties(
        first=ties // max(1, len(actors)),
        second=ties % max(1, len(actors)),
        strength=strengths[real],
        row_tie=number[number >= 0],
        row_link=row_link[number >= 0],
        link_ends=link_ends,
        bond_link=bond_link,
        direct=direct,
        shared=shared,
        memberships=memberships,
        actors=actors,
    )


def _direct(arrays: Arrays, selection: Selection) -> Ints:
    """Relationships that join two participants."""
    source, target = arrays.relationships.source, arrays.relationships.target
    among = selection.participants
    both = selection.relationships & among[source] & among[target]
    return np.flatnonzero(both & (source != target))


def _ordered(arrays: Arrays, relationships: Ints) -> tuple[Ints, Ints]:
    source = arrays.relationships.source[relationships].astype(np.int64)
    target = arrays.relationships.target[relationships].astype(np.int64)
    return np.minimum(source, target), np.maximum(source, target)


def make_memberships(arrays: Arrays, selection: Selection) -> Memberships:
    """Who takes part in what, of what was selected."""
    source, target = arrays.relationships.source, arrays.relationships.target
    among, items = selection.participants, selection.items
    joins = (among[source] & items[target]) | (items[source] & among[target])
    relationships = np.flatnonzero(selection.relationships & joins)
    source, target = source[relationships].astype(np.int64), target[relationships].astype(np.int64)
    participant = np.where(items[target], source, target)
    item = np.where(items[target], target, source)
    size = max(1, len(arrays.nodes.ids))
    entries, entry, strengths = _combined(item * size + participant, selection.worth[relationships])
    return Memberships(relationships, entry, entries % size, entries // size, strengths)


def _combined(keys: Ints, strengths: Floats) -> tuple[Ints, Ints, Floats]:
    """Distinct keys, the place of each key among them, and 1 − Π(1 − s) over the strengths of each."""
    each, place = np.unique(keys, return_inverse=True)
    if not len(each):
        return each, place, np.empty(0)
    # Sorted by strength within a key, so that neither ids nor the order of loading decide the last digit.
    order = np.lexsort((strengths, place))
    begins = np.searchsorted(place[order], np.arange(len(each)))
    return each, place, 1.0 - np.multiply.reduceat(1.0 - strengths[order], begins)


def _posts(arrays: Arrays, selection: Selection) -> Ints:
    """Keys person × number of nodes + organisation, sorted, of the people who carry."""
    posts = selection.posts & selection.carriers[arrays.relationships.source]
    source, target = arrays.relationships.source[posts], arrays.relationships.target[posts]
    return distinct(source.astype(np.int64) * len(arrays.nodes.ids) + target)


def _carried(links: tuple[Ints, Ints], posts: Ints, carriers: Mask) -> tuple[tuple[Ints, Ints], Ints]:
    """Ends of every row, the links themselves first and then what people carry, and the link of each row."""
    size = max(1, len(carriers))
    itself = np.arange(len(links[0]))
    person, organisation = posts // size, posts % size
    begins = np.searchsorted(person, np.arange(size + 1))
    choices = [1 + begins[end + 1] - begins[end] for end in links]
    many = np.flatnonzero(choices[0] * choices[1] > 1)
    width = choices[1][many]
    rows = choices[0][many] * width
    link = np.repeat(many, rows)
    turn = np.arange(len(link)) - np.repeat(np.cumsum(rows) - rows, rows)
    picks = turn // np.repeat(width, rows), turn % np.repeat(width, rows)
    ends = []
    for end, pick in zip(links, picks, strict=True):
        own = np.append(organisation, -1)[np.where(pick > 0, begins[end[link]] + pick - 1, -1)]
        ends.append(np.where(pick > 0, own, end[link]))
    good = ((picks[0] > 0) | (picks[1] > 0)) & (ends[0] != ends[1])
    good &= ~np.isin(ends[0] * size + ends[1], posts) & ~np.isin(ends[1] * size + ends[0], posts)
    both = [np.concatenate((end, more[good])) for end, more in zip(links, ends, strict=True)]
    return (both[0], both[1]), np.concatenate((itself, link[good]))
