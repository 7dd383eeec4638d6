"""How far the network has grown: scattered, hub and spoke, multi-hub, core and periphery or mesh, and what is next.

The stages are those of Krebs and Holley. `because` holds the numbers that decide, each with its rule; a number that no
rule needed, or that is undefined, is null. Small networks are not called multi-hub or core and periphery.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from pydantic import Field

from graph.actors import ActorGraph, actor_graph
from graph.answers import Part, QuestionAnswer
from graph.contacts import ActorParameters, contacts
from graph.measures import stage as stages
from graph.measures.cohesion import closure, efficiency, transitivity
from graph.measures.resilience import components
from graph.measures.stage import Stage, stage
from graph.model import LAST_DAY, days
from graph.questions import empty_meta
from graph.view import View
from graph.wording import counted, names_of, percent

RULES = {
    "largest_component_share": "scattered if under 0.5, or if it is fewer than 5 actors",
    "degree_centralisation": "hub and spoke if at least 0.5 (or top_fragmentation is) and betweenness_ratio fits",
    "top_fragmentation": "hub and spoke if at least 0.5 (or degree_centralisation is); core and periphery to 0.3",
    "betweenness_ratio": "hub and spoke if at most 0.5 and one of the two before fits",
    "core_fit": "core and periphery if at least 0.6 and the other three fit",
    "core_density": "core and periphery if at least 0.5 and the other three fit",
    "core_size": "core and periphery if at least 4 and the other three fit",
    "hubs": "multi-hub if at least 2, else mesh",
}
NEXT_MOVES = {
    stages.SCATTERED: "Look for small groups who want the same, and for somebody whom they trust to introduce them to"
    " each other: one active connector makes most difference now.",
    stages.SPOKES: "Let the one in the middle introduce its contacts to each other, and help some of them to do the"
    " same, so that the network no longer hangs on one.",
    stages.HUBS: "Bring the hubs and those around them together over shared work, until enough of them know each other"
    " to make a core.",
    stages.CORE: "Keep the core open and reach out: newcomers and unusual suspects at the edge bring news and ideas"
    " that the core does not have.",
    stages.MESH: "Nobody holds it together alone: look with `gaps` which groups miss each other, and begin shared work"
    " between them.",
    stages.TOO_SMALL: "With so few a single tie changes the picture: look at `cogs` and `gaps`, and ask again when more"
    " have joined.",
}


class Parameters(ActorParameters):
    """Nothing but the lens and how the actor graph is made; with `since` the answer tells `closure`."""


class Reason(Part):
    """One number that the stage is judged by."""

    name: str = Field(description="Which number.", examples=["degree_centralisation"])
    value: int | float | None = Field(description="The number; null where no rule needed it or it is undefined.")
    rule: str = Field(description="What it decides.")


class Answer(QuestionAnswer):
    """The stage, why, and what Krebs and Holley would do next."""

    sentence: str = Field(description="What a person would say of it.")
    stage: str | None = Field(
        description="scattered, hub and spoke, multi-hub, core and periphery, mesh, or too small to call."
    )
    because: tuple[Reason, ...] = Field(description="All eight numbers, in the order of the rules.")
    next_move: str | None = Field(description="What helps a network at this stage.")
    components: int = Field(description="Parts without any tie between them.")
    transitivity: float | None = Field(description="How often two neighbours of one actor are tied, 0 to 1.")
    closure: float | None = Field(
        description="With `since`: share of those who had a common neighbour and no tie then who are tied at the end."
    )
    efficiency: float | None = Field(description="Mean of 1 ÷ steps over all pairs, 0 to 1.")


def answer(view: View, parameters: Parameters) -> Answer:
    """Judge the stage and measure what goes with it."""
    graph = contacts(view, parameters)
    found = stage(graph, seed=parameters.seed)
    near = efficiency(graph, seed=parameters.seed)
    closed = transitivity(graph)
    if near.sampled:
        view.note(f"Efficiency is estimated from the ways of {near.sampled} actors drawn by chance.")
    if near.value is None:
        view.note("With fewer than two actors efficiency is undefined.")
    if closed is None:
        view.note("No actor has two ties, so transitivity is undefined.")
    if None in found.numbers.values():
        view.note("A number of `because` without a value was needed by no rule, or is undefined.")
    return Answer(
        meta=empty_meta("stage"),
        sentence=_sentence(view, graph, found),
        stage=found.name,
        because=tuple(Reason(name=name, value=found.numbers[name], rule=rule) for name, rule in RULES.items()),
        next_move=NEXT_MOVES[found.name] if found.name else None,
        components=len(np.unique(components(graph))),
        transitivity=closed,
        closure=_closure(view, graph),
        efficiency=near.value,
    )


def _closure(view: View, graph: ActorGraph) -> float | None:
    """Closure from the first day of `since` to the last of `until`, or to what still holds."""
    lens, free = view.lens, {"at": None, "since": None, "until": None}
    if not lens.since:
        view.note("Closure compares two dates: give `since`, and `until`, to have it.")
        return None
    first = date.fromordinal(days(lens.since)[0]).isoformat()
    last = date.fromordinal(days(lens.until)[1] if lens.until else LAST_DAY).isoformat()
    # Freshness counts to `at`, and nothing is fresh on the last day of the calendar.
    ends = {"at": first}, {"at" if lens.until else "since": last}
    before, after = (
        actor_graph(view.arrays, lens.model_copy(update=free | end), graph.options, bodies=view.bodies) for end in ends
    )
    found = closure(before, after)
    if found is None:
        view.note(f"On {first} no two had a common neighbour and no tie, so closure is undefined.")
    return found


def _sentence(view: View, graph: ActorGraph, found: Stage) -> str:
    if found.name is None:
        return "There are no actors, so there is no stage."
    share = found.numbers["largest_component_share"] or 0
    part = f"its largest connected part has {counted(found.size, 'actor')}, {percent(share)} of all"
    names, many = names_of(view, graph, found.leading), len(found.leading)
    return {
        stages.SCATTERED: f"The network is scattered: {part}.",
        stages.SPOKES: f"The network is a hub with spokes: it hangs on {names}, without whom"
        f" {percent(found.numbers['top_fragmentation'] or 0)} of the pairs of others would lose each other.",
        stages.CORE: f"The network has a core of {many:,} ({names}), and a periphery around it.",
        stages.HUBS: f"The network has {many:,} hubs: {names}.",
        stages.MESH: f"The network is a mesh, without a single hub or a clear core: {part}.",
        stages.TOO_SMALL: f"The network is too small to call: {part}, and under {stages.FEWEST_TO_CALL} say little.",
    }[found.name]
