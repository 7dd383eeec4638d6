"""Names that may be a person's, and words that stand for someone who is not named.

Nobody can tell for certain from a name. What is marked as a person never becomes a node; what is only built like a
person's name does, and the public does not see it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from graph.search import fold

INDIVIDUAL_NAMES = (
    "individual",
    "individual recipient",
    "private individual",
    "anonymous",
    "redacted",
    "name withheld",
)
TITLED = re.compile(r"(mr|mrs|ms|miss|mx)\.? ", re.IGNORECASE)
WITHHELD = frozenset(
    (
        *INDIVIDUAL_NAMES,
        *("individuals", "withheld", "personal data", "personal information", "data protection", "confidential"),
        *(
            "sensitive data",
            "supplier name withheld",
            "sundry supplier",
            "name removed",
            "not disclosed",
            "undisclosed",
        ),
        *("exempt", "various individuals", "named individual", "foster carer", "foster parent", "client", "dats"),
    )
)
REDACTED = "redacted"
OF_ORGANISATIONS = frozenset(
    (
        *("ltd", "limited", "plc", "llp", "lp", "cic", "cio", "inc", "company", "group", "services", "solutions"),
        *("school", "schools", "academy", "academies", "college", "university", "council", "trust", "association"),
        *("society", "foundation", "partnership", "consultancy", "consulting", "healthcare", "nursery", "charity"),
        *("agency", "authority", "club", "network", "theatre", "library", "hospice", "project", "festival", "radio"),
        *("surgery", "energy", "gas", "systems", "software", "training", "transport", "travel", "travels", "taxis"),
        *("childcare", "nhs", "housing", "homes", "fostering", "manor", "campus", "minibuses", "initiatives"),
        *("care", "arts", "removals", "pensions", "community", "education", "sports", "dance", "recovery", "municipal"),
    )
)
PART = r"(?:Mc|Mac|O['’])?[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)*"
PERSON = re.compile(rf"(?:{PART}|(?:[A-Z]\.? ?){{1,3}}) ?(?<=[ .]){PART}")
TRADING = re.compile(r"\s*(?:\bt/a\b|\btrading as\b).*", re.IGNORECASE)


@lru_cache(maxsize=16_384)
def is_built_like_a_person(name: str) -> bool:
    """Whether it is a given name or initials with a family name, also where a business stands behind `T/A`."""
    alone = TRADING.sub("", " ".join(name.split()))
    if alone.isupper() and " " in alone:
        alone = alone.title()
    return PERSON.fullmatch(alone) is not None and OF_ORGANISATIONS.isdisjoint(fold(name).split())


@lru_cache(maxsize=16_384)
def is_withheld(name: str) -> bool:
    """Whether the words only say that a name is not given, also where they are misspelt."""
    folded = fold(name)
    return folded in WITHHELD or "personal data" in folded or any(map(_is_redacted, folded.split()))


@lru_cache(maxsize=16_384)
def is_marked_as_a_person(name: str) -> bool:
    """Whether a title such as Mrs stands before it, and no word of an organisation in it."""
    return TITLED.match(name) is not None and OF_ORGANISATIONS.isdisjoint(fold(name).split())


def _is_redacted(word: str) -> bool:
    """One swap or one wrong letter away: councils write REDCATED and REDACTD too, but nobody means `related`."""
    from rapidfuzz.distance import OSA

    return word.startswith("redact") or (len(word) > 5 and OSA.distance(word, REDACTED, score_cutoff=1) <= 1)
