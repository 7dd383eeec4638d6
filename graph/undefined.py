"""Saying which numbers of an answer are undefined, and why: an empty place must not be taken for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.answers import Part
from graph.view import View
from graph.wording import listed

WITHOUT_TIES = "for actors without any tie"
NOBODY_ELSE = "where no two others are connected"
OF_COGS = {
    "constraint": WITHOUT_TIES, "effective_size": WITHOUT_TIES, "participation": WITHOUT_TIES,
    "evidence_share": WITHOUT_TIES, "confirmed_share": WITHOUT_TIES, "fragmentation": NOBODY_ELSE,
}  # fmt: skip
OF_GAPS = {
    "ratio": "where nothing is expected", "e_i_index": "for groups without a tie to a stated group",
    "e_i_expected": "for groups without a tie to a stated group",
}  # fmt: skip
OF_NETWORKS = {
    "largest_component_share": "without actors", "transitivity": "where no actor has two ties",
    "efficiency": "with fewer than two actors", "modularity": "without ties",
}  # fmt: skip


def note_undefined(view: View, told: Iterable[Part], why: Mapping[str, str]) -> None:
    """Note for each reason which of the fields that it makes undefined are null in any of these parts."""
    parts = list(told)
    for reason in dict.fromkeys(why.values()):
        names = [
            f"`{name}`"
            for name, its_reason in why.items()
            if its_reason == reason and any(getattr(part, name, 0) is None for part in parts)
        ]
        if names:
            view.note(f"{listed(names)} {'is' if len(names) == 1 else 'are'} undefined {reason}.")
