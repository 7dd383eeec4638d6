"""Checks on what a store holds, the same for both: digests, levels, the chain of the change log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.model import LEVELS, Audience
from graph.store.changelog import FIRST_CHAIN, chained
from graph.store.writing import MODULUS, digest

if TYPE_CHECKING:
    from graph.store.base import Store


def content_findings(store: Store) -> list[str]:
    """What does not agree with the digests and the log that every write keeps up to date."""
    return _digest_findings(store) + _log_findings(store)


def _digest_findings(store: Store) -> list[str]:
    sums = [0] * len(LEVELS)
    for name, body, level in store.stored_levels():
        value = int.from_bytes(digest(name, body), "big")
        for audience in range(level, len(LEVELS)):
            sums[audience] = (sums[audience] + value) % MODULUS
    wrong = [audience for audience in Audience if store.version(audience) != f"{sums[audience.level]:032x}"]
    if not wrong:
        return []
    levels = ", ".join(wrong)
    fix = "Export what is right, and load it into a new store."
    return [f"Rows were changed behind the back of the store (digest of level {levels}). {fix}"]


def _log_findings(store: Store) -> list[str]:
    chain = FIRST_CHAIN
    for number, (*facts, id_mark, previous_mark, link) in enumerate(store.log_rows(), 1):
        chain = chained(chain, tuple(facts), (id_mark, previous_mark))
        if chain != link:
            return [f"The change log was altered at entry {number}."]
    return []
