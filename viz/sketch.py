"""From a view of the network to a map: which nodes, their scores and groups, and the words for both.

A style says which nodes and relationships it wants; this module tells them, marks the cogs of connection,
and gives every node the group that most of its ties lead to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.actors import ActorGraph, ActorOptions, actor_graph
from graph.adjacency import Ints, Mask
from graph.measures import ranks
from graph.measures.brokerage import cog_scores, leading_cogs
from graph.measures.communities import Communities, communities
from graph.model import Evidence, Node, Relationship
from graph.sentences import sentence
from graph.view import View
from graph.wording import are
from viz import network_map
from viz.arrange import arrange
from viz.network_map import MapEvidence, MapGroup, MapNode, MapRelationship, NetworkMap

SMALLEST_GROUP = 3  # nodes drawn; a pair needs no outline


@dataclass(frozen=True)
class Words:
    """What a style says about its map; the counts are filled in by the sketch, which marks the centre, if any."""

    style: str
    title: str
    summary: str
    description: str = ""
    notes: tuple[str, ...] = ()
    address: str = ""
    command: str = ""
    centre: str | None = None


@dataclass(frozen=True)
class Standing:
    """What the actor graph says of the nodes on a map: scores, ranks and groups by id."""

    scores: Mapping[str, float]
    ranks: Mapping[str, int]
    groups: Mapping[str, str]
    bridges: Mapping[str, tuple[str, ...]]
    leading: tuple[str, ...] = ()

    def cogs(self, shown: Iterable[str]) -> list[str]:
        """Those of the leading cogs of the whole lens that are shown, the first first."""
        among = set(shown)
        return [id for id in self.leading if id in among]


def standing(view: View, *, seed: int = 0) -> Standing:
    """Scores and groups of all actors of the lens."""
    graph = actor_graph(view.arrays, view.lens, ActorOptions(seed=seed))
    scores, found = cog_scores(graph), communities(graph, seed=seed)
    groups = {id: found.ids[community] for id, community in zip(graph.ids, found.of.tolist(), strict=True)}
    return Standing(
        dict(zip(graph.ids, scores, strict=True)),
        dict(zip(graph.ids, ranks(scores), strict=True)),
        groups,
        {id: _bridges(graph, found, actor) for actor, id in enumerate(graph.ids) if scores[actor] > 0},
        tuple(leading_cogs(graph)),
    )


def _bridges(graph: ActorGraph, found: Communities, actor: int) -> tuple[str, ...]:
    """Groups of the neighbours of an actor, the most frequent first."""
    counts = Counter(found.of[graph.neighbours(actor)].tolist())
    return tuple(found.ids[community] for community, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def chosen(
    view: View, nodes: Ints, standing: Standing, *, most: int = network_map.MOST_NODES
) -> tuple[Ints, str | None]:
    """The nodes to draw when not all fit: by cog score, then number of relationships; and what was left out."""
    if len(nodes) <= most:
        return nodes, None
    ids = view.arrays.nodes.ids
    degrees = np.bincount(view.adjacency().steps(nodes).origin, minlength=len(ids))
    order = sorted(
        nodes.tolist(), key=lambda number: (-standing.scores.get(ids[number], 0.0), -degrees[number], number)
    )
    left = len(nodes) - most
    text = f"{left:,} of {len(nodes):,} nodes {are(left)} left out. Narrow the map by kind, type, place or theme."
    return np.array(sorted(order[:most]), np.int64), text


def relationships_among(view: View, nodes: Ints, *, ties_only: bool = False) -> Ints:
    """Visible relationships whose two ends are among these nodes; all of them, or those that make ties."""
    steps = view.adjacency().steps(nodes)
    among = np.unique(steps.relationship[np.isin(steps.neighbour, nodes)])
    return among[_is_tie(view, among)] if ties_only else among


def joined(view: View, nodes: Ints, *, ties_only: bool) -> Ints:
    """Those of these nodes that a relationship joins to another of them."""
    edges, among = view.arrays.relationships, relationships_among(view, nodes, ties_only=ties_only)
    return np.unique(np.concatenate((edges.source[among], edges.target[among]))).astype(np.int64)


def _is_tie(view: View, relationships: Ints) -> Mask:
    arrays = view.arrays
    tie_codes = arrays.type_codes(view.store.vocabulary.tie_types)
    marked: Mask = np.isin(arrays.relationships.type[relationships], tie_codes)
    return marked


def sketch(
    view: View, nodes: Ints, among: Ints, standing: Standing, words: Words, *, cut: str | None = None
) -> NetworkMap:
    """The map of these nodes and these relationships among them, arranged and ready to draw."""
    if len(among) > network_map.MOST_RELATIONSHIPS:
        strongest = np.lexsort((among, -view.arrays.relationships.strength[among]))[: network_map.MOST_RELATIONSHIPS]
        left = len(among) - network_map.MOST_RELATIONSHIPS
        cut = " ".join(
            filter(None, (cut, f"{left:,} of {len(among):,} relationships {are(left)} left out, the weakest first."))
        )
        among = np.sort(among[strongest])
    bodies = view.bodies(view.arrays.nodes.ids[number] for number in nodes.tolist())
    edges = view.relationship_bodies(among.tolist())
    groups = _groups(bodies, edges, standing)
    names = _group_names(groups, bodies, standing)
    told = (_node(view, node, standing) for node in bodies.values())
    ties, cogs = _degrees(edges), set(standing.cogs(bodies))
    unarranged = NetworkMap(
        **{name: said for name, said in vars(words).items() if name != "centre"},
        cut=cut,
        nodes=tuple(
            node.model_copy(
                update={
                    "group": groups.get(node.id),
                    "ties": ties[node.id],
                    "is_cog": node.id in cogs,
                    "is_centre": node.id == words.centre,
                    "bridges": tuple(names[group] for group in standing.bridges.get(node.id, ()) if group in names),
                }
            )
            for node in told
        ),
        relationships=tuple(_relationship(view, one, bodies) for one in edges),
        groups=tuple(MapGroup(id=group, name=names[group], count=count) for group, count in _counted(groups)),
        graph_version=view.graph_version,
    )
    return arrange(unarranged, view.store.vocabulary)


def _groups(bodies: Mapping[str, Node], edges: Sequence[Relationship], standing: Standing) -> dict[str, str]:
    """The group of each node: an actor's own, and for other nodes the one that most of their neighbours have."""
    around: dict[str, Counter[str]] = defaultdict(Counter)
    for edge in edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if other in standing.groups:
                around[one][standing.groups[other]] += 1
    groups = {}
    for id in bodies:
        votes = sorted(around[id].items(), key=lambda item: (-item[1], item[0]))
        group = standing.groups.get(id) or (votes[0][0] if votes else None)
        if group:
            groups[id] = group
    sizes = Counter(groups.values())
    return {id: group for id, group in groups.items() if sizes[group] >= SMALLEST_GROUP}


def _counted(groups: Mapping[str, str]) -> list[tuple[str, int]]:
    return sorted(Counter(groups.values()).items(), key=lambda item: (-item[1], item[0]))


def _group_names(groups: Mapping[str, str], bodies: Mapping[str, Node], standing: Standing) -> dict[str, str]:
    """A group is called after its leading member, whose id is in its own id."""
    names = {}
    for group in set(groups.values()):
        leading = group.split(":", 1)[-1]
        members = [id for id, own in groups.items() if own == group]
        known = leading if leading in bodies else min(members, key=lambda id: (-standing.scores.get(id, 0.0), id))
        names[group] = f"around {bodies[known].name}"
    return names


def _degrees(edges: Sequence[Relationship]) -> Counter[str]:
    """Number of neighbours on the map."""
    pairs = {frozenset((edge.source, edge.target)) for edge in edges if edge.source != edge.target}
    return Counter(id for pair in pairs for id in pair)


def _node(view: View, node: Node, standing: Standing) -> MapNode:
    plain = ("id", "kind", "subkind", "name", "aliases", "sector", "summary", "url")
    return MapNode(
        **{name: getattr(node, name) for name in plain},
        places=tuple(place.name for place in view.bodies(view.places([node.id])[node.id]).values()),
        href=f"/nodes/{node.id}",
        score=standing.scores.get(node.id),
        rank=standing.ranks.get(node.id),
        evidence=footnotes(view, node.evidence),
    )


def _relationship(view: View, edge: Relationship, bodies: Mapping[str, Node]) -> MapRelationship:
    vocabulary = view.store.vocabulary
    row = vocabulary.types[edge.type]
    plain = ("id", "type", "source", "target", "inferred", "confidence", "start", "end")
    return MapRelationship(
        **{name: getattr(edge, name) for name in plain},
        sentence=sentence(edge, bodies[edge.source].name, bodies[edge.target].name, vocabulary),
        directed=row.directed,
        strength=row.strength if edge.strength is None else edge.strength,
        evidence=footnotes(view, edge.evidence),
    )


def footnotes(view: View, evidence: Iterable[Evidence]) -> tuple[MapEvidence, ...]:
    """Where a fact is from, as a picture says it."""
    return tuple(
        MapEvidence(
            title=view.sources[one.source].title, locator=one.locator, url=view.sources[one.source].url, note=one.note
        )
        for one in evidence
    )
