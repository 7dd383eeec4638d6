"""Identifiers of organisations as files write them: split by the lists of org-id.guide, checked, mended or refused.

What is refused never identifies anything: thousands of rows may share `N/A`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from pydantic import ValidationError

from graph.model import Identifier
from graph.search import fold

ORG_ID = re.compile(r"([A-Za-z]{2}-[A-Za-z]{2,5})-(.+)")
OWN = "360G"
SUPPLIER = "supplier"  # numbers that a payer gives those it pays, with the payer before them
PLACEHOLDERS = frozenset(
    (
        *("", "na", "n a", "none", "null", "nil", "no", "x", "not applicable", "not available", "not yet available"),
        *("not known", "unknown", "not registered", "unregistered", "exempt", "cio", "pending", "to follow", "tba"),
        *("tbc", "tbd"),
    )
)
FORMS = {
    "GB-CHC": re.compile(r"[0-9]{6,7}(-[0-9]{1,3})?"),
    "GB-COH": re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}[A-Z]|R[0-9]{7}"),
    "GB-SC": re.compile(r"SC[0-9]{6}"),
    "GB-NIC": re.compile(r"(NIC)?[0-9]{5,6}"),
    "GB-EDU": re.compile(r"[0-9]{5,6}"),
}
NAMES = {"GB-CHC": "charity number", "GB-COH": "company number"}
ORDER = ("GB-CHC", "GB-SC", "GB-NIC", "GB-COH", "GB-EDU", "GB-LAE")  # which identifier gives a node its id
LOOKS_LIKE_CHARITY = range(1_000_000, 1_300_000)
UNSAFE = re.compile(r"[^a-z0-9._~:-]+")


@dataclass(frozen=True)
class Checked:
    """What came of one identifier: the identifier, or nothing, and what a person should know."""

    identifier: Identifier | None
    remark: str | None = None


def is_placeholder(text: str) -> bool:
    """Whether a text only fills the cell: `N/A`, `unknown`, zeros."""
    folded = fold(text)
    return folded in PLACEHOLDERS or not folded.strip("0 -") or (len(set(folded)) == 1 and len(folded) > 3)


def split(text: str) -> tuple[str, str] | None:
    """The list and the value of an org-id such as GB-CHC-327114; None when it names no list."""
    if text.upper().startswith(f"{OWN}-"):
        return OWN, text[len(OWN) + 1 :].strip()
    match = ORG_ID.fullmatch(text)
    return (match[1].upper(), match[2].strip()) if match else None


@lru_cache(maxsize=4_096)
def from_id(text: str, charity: str = "") -> Checked:
    """The identifier in the `id` of an organisation."""
    parts = split(text)
    if parts is None:
        return Checked(None, f"{text!r:.80} names no list of org-id.guide, so it joins nothing.")
    scheme, value = parts
    if scheme == OWN:
        filler = is_placeholder(value.partition("-")[2] or value)
        return Checked(None, f"{text!r:.60} is no id: it only fills the cell.") if filler else _made(OWN, value)
    return checked(scheme, value, charity)


def from_charity_number(text: str) -> Checked:
    """The identifier in a column of charity numbers, which may be of any of the three registers."""
    upper = text.upper()
    scheme = "GB-SC" if upper.startswith("SC") else "GB-NIC" if upper.startswith("NI") else "GB-CHC"
    return checked(scheme, upper)


def checked(scheme: str, text: str, charity: str = "") -> Checked:
    """An identifier of a list, in the form of that list; `charity` is the charity number of the same record."""
    value = text.upper().replace(" ", "") if scheme in FORMS else text
    name = NAMES.get(scheme, f"identifier of {scheme}")
    if is_placeholder(text):
        return Checked(None, f"{text!r:.60} is no {name}: it only fills the cell.")
    if scheme == "GB-COH" and value.isdecimal() and len(value) < 8:
        return _short_company(value, charity)
    if scheme in FORMS and not FORMS[scheme].fullmatch(value):
        return Checked(
            None, f"{text!r:.60} does not have the form of a {name}, so it joins nothing.{_guess(scheme, value)}"
        )
    return _made(scheme, value)


def _short_company(value: str, charity: str) -> Checked:
    """A company number has eight characters; one that is shorter has lost its zeros, or is a charity number."""
    padded = value.zfill(8)
    if value == charity:
        return Checked(None, f"{value!r} is the charity number, typed as company number. Take it out there.")
    if int(value) in LOOKS_LIKE_CHARITY:
        fix = f"Write {padded} if it is a company, or put it into charityNumber."
        return Checked(None, f"{value!r} may be a company number without its zeros, or a charity number. {fix}")
    return Checked(
        Identifier(scheme="GB-COH", value=padded), f"{value!r} is read as company number {padded}. Keep the zeros."
    )


def _guess(scheme: str, value: str) -> str:
    mended = value.replace("N/A", "0")
    return f" Perhaps {mended}, with 0 replaced by N/A." if mended != value and FORMS[scheme].fullmatch(mended) else ""


def _made(scheme: str, value: str) -> Checked:
    try:
        return Checked(Identifier(scheme=scheme, value=value))
    except ValidationError:
        return Checked(None, f"{value!r:.60} cannot be an identifier of {scheme}, so it joins nothing.")


def rank(identifier: Identifier) -> tuple[int, str, str]:
    """Which of several identifiers names a node: charity registers first, a publisher's own last."""
    known = ORDER.index(identifier.scheme) if identifier.scheme in ORDER else len(ORDER)
    return known + (identifier.scheme in (OWN, SUPPLIER)), identifier.scheme, identifier.value


def slug(text: str) -> str:
    """The text as an id of a node, the same wherever it is met; what had to be changed gets a digest."""
    lower = text.lower()
    plain = "-".join(filter(None, (piece.strip("-") for piece in UNSAFE.split(_plain(lower)))))[:180] or "x"
    kept = plain if plain[0].isalnum() else f"x{plain}"
    return kept if kept == lower else f"{kept}-{blake2b(lower.encode(), digest_size=3).hexdigest()}"


def _plain(text: str) -> str:
    return "".join(_letters(text))


def _letters(text: str) -> Iterator[str]:
    for character in text:
        yield character if character.isascii() else fold(character)
