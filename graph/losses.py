"""How a loss is told, when somebody leaves: one model and one way of filling it, for any question about leaving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pydantic import Field

from graph.actors import ActorGraph, actor_graph
from graph.adjacency import Ints
from graph.answers import Cut, NodeInAnswer, Part
from graph.measures.carried import carried
from graph.measures.resilience import Loss, bridge_ties, fragmentation, loss
from graph.undefined import NOBODY_ELSE
from graph.view import View
from graph.wording import counted, listed, names_of, percent

MOST_PAIRS = 10_000
MOST_EACH = 5_000


class PairOfActors(Part):
    """Two actors, by id; `a` before `b`."""

    a: str = Field(description="Id of the one.")
    b: str = Field(description="Id of the other.")


class Alone(Part):
    """What would be lost if one actor left alone."""

    node: NodeInAnswer
    fragmentation: float | None = Field(description="Share of the others' connections; null where they have none.")


class Through(Part):
    """One of an organisation's people, and the partners that it reaches through them alone."""

    person: NodeInAnswer
    partners: tuple[str, ...] = Field(description="Ids of the partners.")


class CarriedTies(Part):
    """An organisation that reaches partners through one of its people alone."""

    organisation: NodeInAnswer
    share: float = Field(description="Share of its outside partners that it reaches through one person alone.")
    through: tuple[Through, ...] = Field(description="Who has most such partners first, then by id.")


class Losses(Part):
    """What is lost if some leave, and where the network is thin anyway."""

    sentence: str = Field(description="What a person would say of it.")
    fragmentation: float | None = Field(
        description="With leavers: share of the connections among those who stay that is lost; null where none is."
    )
    each: tuple[Alone, ...] = Field(description="Without leavers: every actor, most lost first, then by id.")
    isolated: tuple[NodeInAnswer, ...] = Field(description="Who had ties and would have none left.")
    articulation: tuple[NodeInAnswer, ...] = Field(description="Actors without whom some others lose each other.")
    bridge_ties: tuple[PairOfActors, ...] = Field(description="Ties whose loss would separate their two ends.")
    carried: tuple[CarriedTies, ...] = Field(description="The greatest share first, then by id.")
    lost_pairs: tuple[PairOfActors, ...] = Field(description="Who would no longer reach each other, by any way.")


def losses(view: View, graph: ActorGraph, leavers: Ints | None) -> dict[str, object]:
    """All values of `Losses` if these nodes (numbers in the arrays) leave; without leavers each actor alone."""
    alone = fragmentation(graph)
    cutting = [actor for actor, share in enumerate(alone) if share]
    lost = Loss(None, [], 0, 0, []) if leavers is None else loss(graph, leavers.tolist(), most=MOST_PAIRS)
    if lost.count > len(lost.pairs):
        view.cut = Cut(limit="lost_pairs", kept=len(lost.pairs), of=lost.count)
    order = [] if leavers is not None else _order(view, graph, alone, cutting)
    nodes = view.nodes(graph.ids[actor] for actor in [*order, *lost.isolated, *cutting])
    if None in ([lost.fragmentation] if leavers is not None else [alone[actor] for actor in order]):
        view.note(f"`fragmentation` is undefined {NOBODY_ELSE}.")
    said = _together(view, graph, leavers, lost) if leavers is not None else _each(view, graph, alone, order)
    return {
        "sentence": said,
        "fragmentation": lost.fragmentation,
        "each": tuple(Alone(node=nodes[graph.ids[actor]], fragmentation=alone[actor]) for actor in order),
        "isolated": tuple(nodes[graph.ids[actor]] for actor in lost.isolated),
        "articulation": tuple(nodes[graph.ids[actor]] for actor in cutting),
        "bridge_ties": _pairs(graph, bridge_ties(graph)),
        "carried": _carried(view, graph),
        "lost_pairs": _pairs(graph, lost.pairs),
    }


def _order(view: View, graph: ActorGraph, alone: list[float | None], cutting: list[int]) -> list[int]:
    """Who is told alone: everybody, or of a large network those who would be missed."""
    chosen = list(range(len(graph))) if len(graph) <= MOST_EACH else cutting
    if len(chosen) < len(graph):
        view.note(f"Of {len(graph):,} actors `each` holds the {len(chosen):,} that cut others off from each other.")
    return sorted(chosen, key=lambda actor: (-1 if (share := alone[actor]) is None else -share - 2, actor))


def _pairs(graph: ActorGraph, pairs: Iterable[tuple[int, int]]) -> tuple[PairOfActors, ...]:
    return tuple(PairOfActors(a=graph.ids[one], b=graph.ids[other]) for one, other in pairs)


def _carried(view: View, graph: ActorGraph) -> tuple[CarriedTies, ...]:
    options = replace(graph.options, carriers=True)
    with_carriers = actor_graph(graph.arrays, graph.lens, options, bodies=view.bodies)
    found, ids, all_ids = carried(with_carriers), with_carriers.ids, graph.arrays.nodes.ids
    people = {person for entry in found for person, _ in entry.through}
    nodes = view.nodes([*(ids[entry.organisation] for entry in found), *(all_ids[person] for person in people)])
    return tuple(
        CarriedTies(
            organisation=nodes[ids[entry.organisation]],
            share=entry.share,
            through=tuple(
                Through(person=nodes[all_ids[person]], partners=tuple(ids[partner] for partner in partners))
                for person, partners in entry.through
            ),
        )
        for entry in found
    )


def _together(view: View, graph: ActorGraph, leavers: Ints, lost: Loss) -> str:
    """What a person would say if these left together."""
    ids = [graph.arrays.nodes.ids[number] for number in leavers.tolist()]
    who = listed((body.name for body in view.bodies(ids[:3]).values()), len(ids)) or "nobody"
    if len(graph) and not set(graph.ids) - set(ids):
        return f"If {who} left, no actor would stay."
    if lost.fragmentation is None:
        return f"No two of those who would stay without {who} are connected now, so there is nothing to lose."
    if not lost.count:
        said = f"If {who} left, all others who reach each other now still would"
    else:
        pairs = counted(lost.count, "pair")
        said = f"If {who} left, {pairs} of others ({percent(lost.fragmentation)}) would no longer reach each other"
    if lost.isolated:
        names = names_of(view, graph, lost.isolated)
        said += f"{', and' if lost.count else ';'} {names} would have no tie left"
    return said + "."


def _each(view: View, graph: ActorGraph, alone: list[float | None], order: list[int]) -> str:
    """What a person would say if any one left."""
    cutting = [actor for actor in order if alone[actor]]
    if not graph.matrix.nnz:
        return "No two actors are connected now, so there is nothing to lose."
    if not cutting:
        return "Whoever left, all others who reach each other now still would."
    first = view.bodies([graph.ids[cutting[0]]])[graph.ids[cutting[0]]].name
    share = percent(alone[cutting[0]] or 0)
    more = len(cutting) - 1
    also = f" {counted(more, 'other')} would cut off somebody too." if more else ""
    return f"If {first} left, {share} of the connected pairs of others would no longer reach each other.{also}"
