"""Names that a browser offers while a gap is filled."""

from __future__ import annotations

from collections.abc import Sequence

from api.pages.visiting import Visit
from graph.actors import actor_graph
from graph.lens import Lens
from graph.questions import settled
from graph.view import View
from viz.sketch import busiest

MOST_ACTORS, MOST_OF_GROUPS = 150, 50  # more would make every form heavy; any other name may be written as well
GROUPS = ("place", "theme")


def names_to_suggest(visit: Visit) -> Sequence[str]:
    """Actors with most relationships, and places and themes, in the order of the alphabet."""
    return settled(visit.store, visit.lens, _names)[1]


def _names(view: View) -> Sequence[str]:
    names: Sequence[str] = view.kept("names to suggest", lambda: tuple(_found(view)))
    return names


def _found(view: View) -> list[str]:
    actors = busiest(view, actor_graph(view.arrays, view.lens).actors, MOST_ACTORS)
    names = {node.name for node in view.bodies(view.arrays.nodes.ids.texts(actors)).values()}
    for kind in GROUPS:
        if kind in view.store.vocabulary.kinds:
            lens = Lens(audience=view.lens.audience, kind=(kind,))
            names |= {node.name for node in view.store.nodes(lens, limit=MOST_OF_GROUPS)}
    return sorted(names, key=str.casefold)
