"""The styles of map that a reader may choose from: those that need no further word to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from viz.maps import style, style_names

WHOLE = "network"
# Where the network holds no relationship of these types, such a map would be empty.
NEEDED = {"framework": "EXAMPLE_OF", "shifts": "CALLS_FOR"}
# The map on which all themes of a sort stand together.
OF_THEMES = {"domain": "framework", "shift": "shifts"}


@dataclass(frozen=True)
class Offer:
    """One style: the words of its link, and the sentence that says what it shows."""

    name: str
    words: str
    more: str

    @property
    def address(self) -> str:
        """Where it is drawn."""
        return "/map" if self.name == WHOLE else f"/map?style={self.name}"


@cache
def offers() -> tuple[Offer, ...]:
    """All such styles, that of the whole network first."""
    free = [name for name in style_names() if not _needs_words(name)]
    return tuple(_offer(name) for name in sorted(free, key=lambda name: (name != WHOLE, name)))


def offered(types: Mapping[str, int]) -> tuple[Offer, ...]:
    """Those that have something to draw in a network with so many relationships by type, but that of the whole."""
    some = (offer for offer in offers() if offer.name != WHOLE)
    return tuple(offer for offer in some if types.get(NEEDED.get(offer.name, ""), offer.name not in NEEDED))


def of_theme(subkind: str | None) -> Offer | None:
    """The map on which a theme of this sort stands among its like."""
    name = OF_THEMES.get(subkind or "")
    return _offer(name) if name else None


def _needs_words(name: str) -> bool:
    return any(field.is_required() for field in style(name).parameters.model_fields.values())


def _offer(name: str) -> Offer:
    return Offer(name, name.replace("_", " ").capitalize(), style(name).help)
