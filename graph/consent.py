"""Who is willing to be introduced to others."""

from __future__ import annotations

from collections.abc import Iterable

from graph.view import View

REFUSAL = "no_introductions"  # attribute of a node: true where it has asked not to be introduced


def unwilling(view: View, ids: Iterable[str]) -> set[str]:
    """Which of these nodes have asked not to be introduced."""
    return {id for id, body in view.bodies(ids).items() if body.attributes.get(REFUSAL)}
