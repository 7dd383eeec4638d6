"""A map of one community alone, and the addresses by which one map opens another.

Both maps that know communities name them alike, so that what one draws as a disc the other draws as a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from pydantic import Field

from graph.actors import ActorGraph
from graph.answers import NodeName, QuestionParameters
from graph.contacts import ActorParameters, actor_meant, contacts
from graph.errors import InputError
from graph.measures.communities import COMMUNITY, community_of
from graph.view import View
from graph.wording import name_of

WHOLE = "network"  # the map that a room shows when none is named


class PartParameters(QuestionParameters):
    """Which part of the network is drawn, and how it divides."""

    community: tuple[NodeName, ...] = Field(
        (),
        max_length=20,
        description="Only the community of this actor, named by its leading member or any other; again, for a"
        " community inside that one.",
    )
    resolution: float = Field(
        1.0, gt=0, le=100, allow_inf_nan=False, description="More than 1 gives smaller communities, less larger ones."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of the groups and of the layout.")


def part_meant(view: View, parameters: PartParameters) -> ActorGraph:
    """The actors that are asked for: all of the lens, or one community with the ties among its members."""
    graph = contacts(view, ActorParameters(seed=parameters.seed))
    for place, text in enumerate(parameters.community):
        name = text.removeprefix(COMMUNITY)
        actor = graph.actor(view.resolve(name, "community"))
        if actor is None and place:
            before = name_of(view, view.resolve(parameters.community[place - 1].removeprefix(COMMUNITY), "community"))
            raise InputError(
                f"“{name}” is not in the community of {before}.",
                fix="Name a member of the community before it, or only one community.",
                parameter="community",
            )
        found = actor_meant(view, graph, name, "community") if actor is None else actor
        graph = community_of(graph, found, resolution=parameters.resolution, seed=parameters.seed)
    return graph


def community(view: View, parameters: PartParameters) -> str:
    """How a title calls the community that is asked for."""
    return (
        f"the community of {name_of(view, view.resolve(parameters.community[-1].removeprefix(COMMUNITY), 'community'))}"
    )


def room(view: View, style: str, parameters: PartParameters, community: Sequence[str] = ()) -> str:
    """The address of a map of the same lens in the room of maps, of the whole or of a community."""
    lens = view.lens.model_dump(mode="json", exclude={"audience"}, exclude_defaults=True)
    own = parameters.model_dump(mode="json", include={"resolution", "seed"}, exclude_defaults=True)
    values = {"style": style if style != WHOLE else (), "community": community} | own | lens
    pairs = [
        (name, str(one).lower() if isinstance(one, bool) else one)
        for name, value in values.items()
        for one in (value if isinstance(value, list | tuple) else [value])
    ]
    return f"/map?{urlencode(pairs)}".removesuffix("?")
