"""What the network is, where it is kept, and what can be asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.lens import Lens as Lens
    from graph.store import open_store as open_store

__all__ = ["Lens", "open_store"]


def __getattr__(name: str) -> Any:
    """Import the two names that notebooks start from only when they are used."""
    if name == "open_store":
        from graph.store import open_store

        return open_store
    if name == "Lens":
        from graph.lens import Lens

        return Lens
    raise AttributeError(name)
