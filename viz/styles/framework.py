"""The framework: what the domains rest on, the domains, and the examples that sources name for each.

A domain is a theme of that subkind; where there is none, every theme with an example counts. The root stands in the
middle, domains beside it, their examples outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from pydantic import Field

from graph.answers import QuestionParameters
from graph.model import Node
from graph.view import View
from viz.columns import Places, column, drawn, ends_of, placed, sides, themes
from viz.network_map import MapNode, NetworkMap
from viz.sketch import Words

EXAMPLE, FOUNDATION = "EXAMPLE_OF", "RESTS_ON"
DOMAIN = "domain"
INNER, OUTER = 190.0, 360.0
MOST_DOMAINS = 12


class Parameters(QuestionParameters):
    """How many examples are drawn."""

    limit: int = Field(12, ge=1, le=50, description="Most examples of each domain.")


def draw(view: View, parameters: Parameters) -> NetworkMap:
    """The map of roots, domains and examples."""
    examples, foundations = _by_target(view), _by_source(view)
    domains, left_out = _domains(view, examples)
    roots = sorted({root for domain in domains for root in foundations.get(domain, {})} - set(domains))
    heads = {*domains, *roots}
    found = {head: sorted(examples.get(head, {}).keys() - heads) for head in (*domains, *roots)}
    kept = {head: some[: parameters.limit] for head, some in found.items()}
    among = [one for head in found for id, one in examples.get(head, {}).items() if id in heads or id in kept[head]]
    among += [foundations[domain][root] for domain in domains for root in roots if root in foundations.get(domain, {})]
    ids = sorted({*heads, *(id for some in kept.values() for id in some)})
    left_out += sum(map(len, found.values())) - sum(map(len, kept.values()))
    cut = f"{left_out:,} domains or examples are left out; `limit` draws more of each domain." if left_out else None
    nodes = np.array(sorted(view.number(id) for id in ids), np.int64)
    unplaced = drawn(view, nodes, np.array(sorted(among), np.int64), _words(view, roots, domains, kept), cut=cut)
    return placed(unplaced, _places(unplaced, roots, domains, kept), heads, column=_column(roots, domains, kept))


def _column(
    roots: Sequence[str], domains: Sequence[str], kept: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, int]]:
    """Roots, then every domain with its examples."""
    for depth, heads in enumerate((roots, domains)):
        for head in heads:
            yield head, depth
            yield from ((example, depth + 1) for example in kept[head])


def _by_target(view: View) -> Mapping[str, dict[str, int]]:
    """The examples of each theme, with the numbers of the relationships that say so."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for example, theme, number in ends_of(view, [EXAMPLE]):
        found[theme].setdefault(example, number)
    return found


def _by_source(view: View) -> Mapping[str, dict[str, int]]:
    """What each theme rests on, with the numbers of the relationships that say so."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for theme, root, number in ends_of(view, [FOUNDATION]):
        found[theme].setdefault(root, number)
    return found


def _domains(view: View, examples: Mapping[str, dict[str, int]]) -> tuple[list[str], int]:
    """Ids of the domains drawn, those with most examples, and how many are left out."""
    known = themes(view)
    domains = [id for id, theme in known.items() if theme.subkind == DOMAIN] or [id for id in known if id in examples]
    domains.sort(key=lambda id: (-len(examples.get(id, ())), id))
    return sorted(domains[:MOST_DOMAINS], key=lambda id: _order(known[id])), len(domains[MOST_DOMAINS:])


def _order(theme: Node) -> tuple[str, str]:
    return theme.name.casefold(), theme.id


def _places(
    network_map: NetworkMap, roots: Sequence[str], domains: Sequence[str], kept: Mapping[str, Sequence[str]]
) -> Places:
    nodes = {node.id: node for node in network_map.nodes}
    middle = [nodes[id] for root in roots for id in (root, *kept[root])]
    places = column([middle], 0.0)
    branches: dict[str, list[MapNode]] = {}
    for domain in domains:  # an example of several domains stands beside the first of them
        before = {*places, *(node.id for branch in branches.values() for node in branch)}
        branches[domain] = [nodes[id] for id in kept[domain] if id not in before] or [nodes[domain]]
    for side, some in zip((-1, 1), sides(list(branches.values())), strict=True):
        places |= column(some, side * OUTER)
        for domain in domains:
            if branches[domain] in some:
                places[domain] = (side * INNER, _middle_of(branches[domain], places))
    return places


def _middle_of(branch: Sequence[MapNode], places: Places) -> float:
    return (places[branch[0].id][1] + places[branch[-1].id][1]) / 2


def _words(view: View, roots: Sequence[str], domains: Sequence[str], kept: Mapping[str, Sequence[str]]) -> Words:
    names = [node.name for node in view.bodies(roots).values()]
    examples = len({id for some in kept.values() for id in some})
    several = len(domains) != 1
    heads = f"{len(domains)} domain{'s' if several else ''}"
    rest = f" rest{'' if several else 's'} on {' and '.join(names)}," if names else ""
    said = f"{heads}{rest} with {examples:,} example{'' if examples == 1 else 's'}."
    return Words(
        style="framework",
        title="Framework",
        summary=said if domains else "No theme has an example here, so there is no framework to draw.",
        description="What the domains rest on stands in the middle, the domains beside it, and their examples outside.",
        address="/v1/maps/framework",
        command="cogs map framework -o framework.html",
    )
