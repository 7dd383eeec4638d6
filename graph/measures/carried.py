"""Carried ties: which partners an organisation reaches through one of its people alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph.actors import ActorGraph
from graph.adjacency import Ints, Mask
from graph.groups import posts
from graph.ties import DECIMALS

ITSELF = -1


@dataclass(frozen=True)
class Carried:
    """One organisation; `through` holds a person, by number in the arrays, with the partners reached by them alone."""

    organisation: int
    share: float
    through: list[tuple[int, list[int]]]


def carried(graph: ActorGraph) -> list[Carried]:
    """Find the organisations that would lose partners with one of their people, the greatest share first, then by id.

    `graph` is one with carriers on. Outside partners of an organisation are its neighbours that are not its people;
    one is reached through exactly one person when every tie of the two is carried for the organisation by one and
    the same person. The share of these among all outside partners, above 0 to 1; organisations without any are left
    out. Of each organisation the people with most such partners come first, then by id. A definition of this product.
    """
    tie, side, person = _carriers_of_ends(graph)
    ends = np.stack((graph.ties.first, graph.ties.second), axis=1)
    own, other = ends[tie, side], ends[tie, 1 - side]
    organisation = np.isin(graph.arrays.nodes.kind[graph.actors], graph.arrays.kind_codes(("organisation",)))
    outside = organisation[own] & ~_is_person_of(graph, graph.actors[other], graph.actors[own])
    partners = np.bincount(own[outside], minlength=len(graph))
    alone = outside & (person != ITSELF)
    found: dict[int, dict[int, list[int]]] = {}
    for one, through, partner in zip(*(part[alone].tolist() for part in (own, person, other)), strict=True):
        found.setdefault(one, {}).setdefault(through, []).append(partner)
    told = [_told(one, through, int(partners[one])) for one, through in found.items()]
    return sorted(told, key=lambda entry: (-entry.share, entry.organisation))


def _told(organisation: int, through: dict[int, list[int]], partners: int) -> Carried:
    count = sum(map(len, through.values()))
    people = sorted(through.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    told = [(person, sorted(reached)) for person, reached in people]
    return Carried(organisation, round(count / partners, DECIMALS), told)


def _carriers_of_ends(graph: ActorGraph) -> tuple[Ints, Ints, Ints]:
    """Each end of each tie (tie, 0 or 1), and the one person who carries all of it for that end, else `ITSELF`."""
    ties = graph.ties
    links = [ends[ties.row_link] for ends in ties.link_ends]
    ends = graph.actors[ties.first[ties.row_tie]], graph.actors[ties.second[ties.row_tie]]
    keys, carriers = [], []
    for turned in (links, links[::-1]):  # a row does not say which end of its link stands for which of its tie
        good = np.ones(len(ties.row_tie), np.bool_)
        for end, link in zip(ends, turned, strict=True):
            good &= (end == link) | _is_person_of(graph, link, end)
        for side, (end, link) in enumerate(zip(ends, turned, strict=True)):
            keys.append(2 * ties.row_tie[good] + side)
            carriers.append(np.where(end == link, ITSELF, link)[good])
    key, carrier = np.concatenate(keys), np.concatenate(carriers)
    order = np.lexsort((carrier, key))
    key, carrier = key[order], carrier[order]
    end_of_tie, first = np.unique(key, return_index=True)
    last = np.searchsorted(key, end_of_tie, side="right") - 1
    sole = np.where(carrier[first] == carrier[last], carrier[first], ITSELF)
    return end_of_tie // 2, end_of_tie % 2, sole


def _is_person_of(graph: ActorGraph, people: Ints, organisations: Ints) -> Mask:
    """For each pair of nodes whether the first is one of the second's own people."""
    edges, size = graph.arrays.relationships, len(graph.nodes)
    held = posts(graph.arrays, graph.relationships)
    keys = edges.source[held].astype(np.int64) * size + edges.target[held]
    found: Mask = np.isin(people * size + organisations, keys)
    return found
