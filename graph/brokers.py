"""How cogs of connection are told: one model and one way of filling it, for the ranking and for one of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph, confirmed
from graph.adjacency import Ints
from graph.answers import Cut, NodeInAnswer, Part
from graph.groups import posts
from graph.measures import certainty, kept, ranks
from graph.measures.brokerage import BrokeredPair, brokerage, brokered_pairs
from graph.measures.centrality import betweenness, participation
from graph.measures.communities import communities
from graph.measures.resilience import fragmentation
from graph.measures.structural_holes import structural_holes
from graph.side_by_side import side_by_side
from graph.view import View
from graph.wording import counted

TOP_PAIRS = 5
PAIRS_LOOKED_AT = 500  # for one that says something
DRAWS, LIMIT = 500, 20  # unless others are asked for


class PairGroups(Part):
    """The groups of the two of a pair."""

    a: tuple[str, ...] = Field(description="Groups of `a`.", examples=[["public"]])
    b: tuple[str, ...] = Field(description="Groups of `b`.", examples=[["community"]])


class PairInAnswer(Part):
    """Two who are not tied to each other and whose groups differ, joined by the cog; `a` before `b` by id."""

    a: str = Field(description="Id of the one.")
    b: str = Field(description="Id of the other.")
    groups: PairGroups
    strength: float = Field(description="The weaker of the two ties to the cog, 0 to 1.")
    common: int = Field(description="How many join the two; 1 means that only this cog does.")


class Roles(Part):
    """Pairs of neighbours that are not tied, by where they and the cog belong (Gould and Fernandez 1989)."""

    coordinator: int = Field(description="Both and the cog in one group.")
    consultant: int = Field(description="Both in one group, the cog in another.")
    gatekeeper: int = Field(description="Of two groups, the cog in one of them.")
    representative: int = Field(description="The same as gatekeeper, as ties have no direction here.")
    liaison: int = Field(description="Of two groups, the cog in a third.")


class Certainty(Part):
    """How sure the rank is, over networks drawn by the confidence of each relationship."""

    median_rank: float = Field(description="The rank in the middle of all draws.")
    low: int = Field(description="5th percentile of the rank.")
    high: int = Field(description="95th percentile of the rank.")
    in_top: float = Field(description="Share of draws in which it is among the first `limit`.")


class Cog(Part):
    """One actor as a cog of connection."""

    node: NodeInAnswer
    rank: int = Field(description="1 is the greatest score; equal scores have equal rank.")
    score: float = Field(description="How much contact between otherwise separate groups rests on it; 0 and more.")
    pairs: int = Field(description="Pairs of its neighbours that it joins, of different groups and not tied.")
    sentence: str = Field(description="What a person would say of it.")
    roles: Roles
    degree: int = Field(description="Number of neighbours.")
    betweenness: float | None = Field(description="Share of shortest ways between two others that run through it.")
    constraint: float | None = Field(description="How far its contacts know each other; null without any.")
    effective_size: float | None = Field(description="Its contacts less those that repeat each other.")
    participation: float | None = Field(description="How evenly its ties are spread over the communities, 0 to 1.")
    fragmentation: float | None = Field(description="Share of the others' connections that would be lost without it.")
    certainty: Certainty | None = Field(description="How sure the rank is; null with `draws` 0.")
    top_pairs: tuple[PairInAnswer, ...] = Field(description="Up to five pairs that add most to its score.")
    evidence_share: float | None = Field(description="Share of its ties with something stated behind them.")
    confirmed_share: float | None = Field(description="Share of its ties recorded in the last twelve months.")


def certainty_of(view: View, graph: ActorGraph, draws: int) -> certainty.Certainty | None:
    """How sure all ranks are, with a note where that is not known; None without draws."""
    if not draws:
        return None
    found = certainty.rank_certainty(graph, draws=draws, seed=graph.options.seed)
    if found.draws < draws and view.cut is None:
        view.cut = Cut(limit="draws", kept=found.draws, of=draws)
    if found.draws:
        return found
    view.note("The network is too large to say how sure the ranks are: `certainty` is null. A narrower lens helps.")
    return None


def clear_order(view: View, found: certainty.Certainty | None, first: int) -> bool | None:
    """Whether the first holds its place over the draws, with a note where it does not; None when not known."""
    if found is None:
        return None
    if not (clear := found.is_clear(first)):
        low, high = found.nearest(first, 5), found.nearest(first, 95)
        view.note(f"There is no clear order: the first may as well have any rank from {low} to {high}.")
    return clear


def told_certainty(found: certainty.Certainty | None, actor: int, limit: int) -> Certainty | None:
    """How sure the rank of one is, as answers show it."""
    if found is None:
        return None
    low, high = found.nearest(actor, 5), found.nearest(actor, 95)
    return Certainty(median_rank=found.median(actor), low=low, high=high, in_top=found.in_top(actor, limit))


def cog_values(view: View, graph: ActorGraph, actors: Sequence[int]) -> dict[int, dict[str, object]]:
    """All values of a `Cog` for these actors but its certainty, by number of the actor."""
    found, seed = brokerage(graph), graph.options.seed
    if not graph.groups.stated.any():
        view.note(f"No actor has a stated group by {graph.options.group_by!r}, so no pair counts.")
    between, holes = betweenness(graph, seed=seed), structural_holes(graph)
    spread, lost = participation(graph, communities(graph, seed=seed)), fragmentation(graph)
    stated = graph.share_behind(~graph.arrays.relationships.inferred)
    fresh = graph.share_behind(confirmed(graph, np.array(actors, np.int64), view.relationship_bodies))
    rank = ranks(found.scores)
    nodes = view.nodes(graph.ids[actor] for actor in actors)
    if between.error is not None:
        view.note(f"Betweenness is estimated from sampled paths, right within {between.error} nine times in ten.")
    each = side_by_side(lambda actor: brokered_pairs(graph, actor, limit=PAIRS_LOOKED_AT), actors)
    pairs = dict(zip(actors, each, strict=True))
    return {
        actor: {
            "node": nodes[graph.ids[actor]],
            "rank": rank[actor],
            "score": found.scores[actor],
            "pairs": found.pairs[actor],
            "sentence": _sentence(view, graph, actor, found.pairs[actor], pairs[actor]),
            "top_pairs": tuple(told_pair(graph, pair) for pair in pairs[actor][:TOP_PAIRS]),
            "roles": Roles(**{name: counts[actor] for name, counts in found.roles.items()}),
            "degree": int(graph.degree[actor]),
            "betweenness": between.values[actor],
            "constraint": holes.constraint[actor],
            "effective_size": holes.effective_size[actor],
            "participation": spread[actor],
            "fragmentation": lost[actor],
            "evidence_share": stated[actor],
            "confirmed_share": fresh[actor],
        }
        for actor in actors
    }


def told_pair(graph: ActorGraph, pair: BrokeredPair) -> PairInAnswer:
    """A pair as answers show it."""
    groups = PairGroups(a=graph.groups.of(pair.a), b=graph.groups.of(pair.b))
    ends = graph.ids[pair.a], graph.ids[pair.b]
    return PairInAnswer(a=ends[0], b=ends[1], groups=groups, strength=pair.strength, common=pair.common)


def _sentence(view: View, graph: ActorGraph, actor: int, pairs: int, best: Sequence[BrokeredPair]) -> str:
    """What a person would say of a cog: how many pairs it joins, and one of those that rest on it most."""
    name = _name(view, graph, actor)
    if not pairs:
        return f"{name} joins no pair of different groups that is not in contact already."
    first = telling(graph, actor, best)[0]
    one, other = _name(view, graph, first.a), _name(view, graph, first.b)
    said = f"{name} joins {counted(pairs, 'pair')} of different groups"
    if first.common == 1:
        return f"{said}; nobody else is in contact with both {one} and {other}."
    others = "one other is" if first.common == 2 else f"{first.common - 1:,} others are"
    return f"{said}; {others} in contact with both {one} and {other} too."


def telling(graph: ActorGraph, actor: int, pairs: Sequence[BrokeredPair]) -> Sequence[BrokeredPair]:
    """Those of the pairs that say most to a reader: without the actor's own people, as far as others are left."""
    holders, held = _posts(graph)
    own = np.isin(graph.actors, holders[held == graph.actors[actor]])
    return [pair for pair in pairs if not (own[pair.a] or own[pair.b])] or pairs


@kept
def _posts(graph: ActorGraph) -> tuple[Ints, Ints]:
    """Who holds a post, and where."""
    held, edges = np.flatnonzero(posts(graph.arrays, graph.relationships)), graph.arrays.relationships
    return edges.source[held].astype(np.int64), edges.target[held].astype(np.int64)


def _name(view: View, graph: ActorGraph, actor: int) -> str:
    id = graph.ids[actor]
    return view.bodies([id])[id].name
