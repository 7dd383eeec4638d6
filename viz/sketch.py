"""From a view of the network to a map: which nodes, their scores and groups, and the words for both.

A style says which nodes and relationships it wants; this module tells them, marks the cogs of connection,
and gives every node the group that most of its ties lead to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.actors import ActorGraph, ActorOptions, actor_graph, part_graph
from graph.adjacency import Ints, Mask
from graph.finding import degrees
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

# A map of more nodes than these is told by its own part of the network: measures of the whole would take too long.
LARGE = 10_000
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
    """What an actor graph says of the nodes on a map: scores, ranks and groups by id, and the leading cogs shown."""

    scores: Mapping[str, float]
    ranks: Mapping[str, int]
    groups: Mapping[str, str]
    bridges: Mapping[str, tuple[str, ...]]
    leading: tuple[str, ...] = ()


def graph_for(view: View, nodes: Ints, *, seed: int = 0) -> ActorGraph:
    """The actor graph that a map of these nodes is told by: of the whole lens, or if that is large of them alone."""
    if np.count_nonzero(view.adjacency().visible.nodes) > LARGE:
        return graph_alone(view, nodes, seed=seed)
    return actor_graph(view.arrays, view.lens, ActorOptions(seed=seed))


def graph_alone(view: View, nodes: Ints, *, seed: int) -> ActorGraph:
    """The actor graph of the nodes of a map alone, with a note for the reader."""
    view.note("In so large a network the groups and the cogs of connection are those of what is drawn.")
    return part_graph(view.arrays, view.lens, nodes, ActorOptions(seed=seed))


def standing(graph: ActorGraph, nodes: Ints, *, resolution: float = 1.0) -> Standing:
    """What an actor graph, of the whole or of a part, says of these nodes."""
    seed = graph.options.seed
    scores, found = cog_scores(graph), communities(graph, resolution=resolution, seed=seed)
    rank = ranks(scores)
    ids = graph.arrays.nodes.ids.texts(nodes)
    actors = {id: actor for id in ids if (actor := graph.actor(id)) is not None}
    return Standing(
        {id: scores[actor] for id, actor in actors.items()},
        {id: rank[actor] for id, actor in actors.items()},
        {id: found.ids[found.of[actor]] for id, actor in actors.items()},
        {id: _bridges(graph, found, actor) for id, actor in actors.items() if scores[actor] > 0},
        tuple(id for id in leading_cogs(graph) if id in actors),
    )


def _bridges(graph: ActorGraph, found: Communities, actor: int) -> tuple[str, ...]:
    """Groups of the neighbours of an actor, the most frequent first."""
    counts = Counter(found.of[graph.neighbours(actor)].tolist())
    return tuple(found.ids[community] for community, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def highest(view: View, nodes: Ints, graph: ActorGraph, most: int) -> Ints:
    """The nodes to draw when not all fit: by cog score, then number of relationships."""
    if len(nodes) <= most:
        return nodes
    scores = np.zeros(len(view.arrays.nodes.ids))
    scores[graph.actors] = cog_scores(graph)
    return np.sort(nodes[np.lexsort((nodes, -degrees(view.arrays, view.lens)[nodes], -scores[nodes]))[:most]])


def busiest(view: View, nodes: Ints, most: int) -> Ints:
    """The nodes to draw of a large network: by number of relationships alone, which needs no measure of the whole."""
    return np.sort(nodes[np.lexsort((nodes, -degrees(view.arrays, view.lens)[nodes]))[:most]])


def relationships_among(view: View, nodes: Ints, *, ties_only: bool = False) -> Ints:
    """Visible relationships whose two ends are among these nodes; all of them, or those that make ties."""
    steps = view.adjacency().steps(nodes)
    among = np.unique(steps.relationship[np.isin(steps.neighbour, nodes)])
    return among[_is_tie(view, among)] if ties_only else among


def joined(view: View, shown: Mask, *, ties_only: bool) -> Ints:
    """Those of these nodes that a relationship joins to another of them."""
    edges = view.arrays.relationships
    kept = view.adjacency().visible.relationships & shown[edges.source] & shown[edges.target]
    if ties_only:
        kept &= np.isin(edges.type, view.arrays.type_codes(view.store.vocabulary.tie_types))
    found = np.zeros(len(shown), np.bool_)
    found[edges.source[kept]] = found[edges.target[kept]] = True
    return np.flatnonzero(found)


def among_themselves(view: View, part: ActorGraph, shown: Mask, *, ties_only: bool) -> Ints:
    """The actors of a part of the network, and what at least two of them are related to, as far as it is shown."""
    steps = view.adjacency().steps(part.actors)
    kept = _is_tie(view, steps.relationship) if ties_only else np.ones(len(steps.origin), np.bool_)
    pairs = np.unique(np.stack((steps.neighbour[kept], steps.origin[kept])), axis=1)
    near, count = np.unique(pairs[0], return_counts=True)
    actors = np.isin(view.arrays.nodes.kind[near], view.arrays.kind_codes(part.options.actors))
    found: Ints = np.union1d(part.actors, near[(count > 1) & ~actors])
    return found[shown[found]]


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
    ties, cogs = _degrees(edges), set(standing.leading)
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
