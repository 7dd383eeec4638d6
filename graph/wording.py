"""Words for the sentences of answers: names of actors and groups, lists, counts, shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.actors import ActorGraph
from graph.adjacency import Ints
from graph.groups import BY_RELATIONSHIP
from graph.measures.communities import COMMUNITY
from graph.view import View

NAMED = 3


def name_of(view: View, id: str) -> str:
    """The name of a node."""
    return view.bodies([id])[id].name


def names_of(view: View, graph: ActorGraph, actors: Sequence[int] | Ints, *, most: int = NAMED) -> str:
    """Actors in a sentence, the first few by name: “A, B and 4 others”."""
    bodies = view.bodies(graph.ids[int(actor)] for actor in actors[:most])
    return listed([body.name for body in bodies.values()], len(actors))


def group_names(view: View, graph: ActorGraph) -> dict[str, str]:
    """How each group is called in a sentence, by its label."""
    labels, by = graph.groups.labels, graph.options.group_by
    if by in BY_RELATIONSHIP:
        return {id: body.name for id, body in view.bodies(labels).items()}
    if by == "community":
        leading = view.bodies(label.removeprefix(COMMUNITY) for label in labels)
        return {COMMUNITY + id: f"the community around {body.name}" for id, body in leading.items()}
    return {label: label for label in labels}


def no_groups(by: str) -> str:
    """What to say, and to do, when no actor has a group of this sort."""
    return (
        f"No actor has a stated group by “{by}”, so there is nothing to compare. Group by sector, place, theme,"
        " community or funder, or by an attribute that actors have."
    )


def listed(names: Iterable[str], total: int | None = None) -> str:
    """Names as a person lists them: “A”, “A and B”, “A, B and C”, and how many others there are."""
    parts = list(names)
    more = 0 if total is None else total - len(parts)
    if more:
        parts.append(f"{more:,} other{'s' * (more > 1)}")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: “no tie”, “1 tie”, “1,200 ties”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}" if number else f"no {one}"


def are(number: int) -> str:
    """The verb to a number of things: “1 is”, “2 are”."""
    return "is" if number == 1 else "are"


def percent(share: float) -> str:
    """A share as people say it; what is not quite nothing or everything is not called so."""
    if 0 < share < 0.01:
        return "less than 1%"
    return "over 99%" if 0.99 < share < 1 else f"{share:.0%}"


def capitalised(sentence: str) -> str:
    """A sentence with a capital letter at its beginning."""
    return sentence[:1].upper() + sentence[1:]
