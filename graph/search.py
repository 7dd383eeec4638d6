"""The one meaning of search, for both stores.

Text is folded (case, accents and punctuation do not count, `&` is "and") and split into words. The
stores' full-text indexes only fetch candidates; what matches, why, and in which order is decided here.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from graph.model import Node

MATCH_LIMIT = 1_000
LONGEST_QUERY = 200
APOSTROPHES = "'’ʼ‘`´"
ASCII = str.maketrans(
    {character: character.lower() if character.isalnum() else " " for character in map(chr, range(128))}
    | {"&": " and "}
    | {character: "" for character in APOSTROPHES if character.isascii()}
)  # what folding makes of each character of a plain text, which most names are: seven times as fast
LAST_CHARACTER = chr(0x10FFFF)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The text as it is compared: words of small letters without accents or punctuation, one blank between."""
    if text.isascii():
        return " ".join(text.translate(ASCII).split()) or "".join(text.casefold().split())
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    kept = (
        character if character.isalnum() or unicodedata.category(character) == "Mc" else " "
        for character in unicodedata.normalize("NFKD", plain)
        if character not in APOSTROPHES and unicodedata.category(character) != "Mn"
    )
    return " ".join("".join(kept).split()) or "".join(text.casefold().split())


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return fold(text).split()


def indexable(word: str) -> str:
    """A folded word as ASCII, so that no tokenizer splits it; a prefix stays a prefix."""
    if word.isascii() and word.isalnum():
        return word
    return "".join(
        character if character.isascii() and character.isalnum() else f"x{ord(character):x}x" for character in word
    )


def name_text(names: Iterable[str], identifiers: Sequence[str]) -> str:
    """What a store indexes as the names of a node: name, aliases, identifiers; `scheme:value` whole, as one word."""
    texts = (*names, *(identifier.split(":", 1)[1] for identifier in identifiers))
    singles = [indexable(word) for text in texts for word in words(text)]
    return " ".join(dict.fromkeys((*singles, *(whole(words(one)) for one in identifiers))))


def whole(words: Sequence[str]) -> str:
    """Folded words as one word of the index."""
    return indexable("".join(words))


def summary_text(summary: str | None) -> str:
    """What a store indexes as the summary of a node."""
    return " ".join(dict.fromkeys(indexable(word) for word in words(summary))) if summary else ""


@dataclass(frozen=True)
class SearchQuery:
    """A search as the stores need it: folded words, and for each the name words one typing error away."""

    text: str
    words: tuple[str, ...]
    close: tuple[tuple[str, ...], ...]

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """Each word with the blank before it: a name in which that stands has a word that begins so."""
        return tuple(f" {word}" for word in self.words)

    @cached_property
    def close_sets(self) -> tuple[frozenset[str], ...]:
        """The same as `close`, for looking up."""
        return tuple(map(frozenset, self.close))


@dataclass(frozen=True)
class Match:
    """A node found, and why: the class (1 best) and a sentence."""

    node: Node
    rank: int
    why: str


def parse(text: str, name_words: Sequence[str]) -> SearchQuery:
    """Fold and split a search, and look up the name words that one typing error would explain."""
    folded = fold(text)
    split = tuple(fold(text[:LONGEST_QUERY]).split())  # a longer name is still found whole
    return SearchQuery(folded, split, tuple(tuple(_close_words(word, name_words)) for word in split))


def _close_words(word: str, name_words: Sequence[str]) -> list[str]:
    """Name words that begin with the word, one typing error allowed; none for words under four letters."""
    if len(word) < 4:
        return []
    found: set[str] = set()
    for variant in _variants(word, name_words):
        found.update(name_words[slice(*_beginning(variant, name_words))])
    return sorted(found)


def _beginning(start: str, name_words: Sequence[str]) -> tuple[int, int]:
    """Where in the sorted words those stand that begin so."""
    return bisect_left(name_words, start), bisect_left(name_words, start + LAST_CHARACTER)


def _variants(word: str, name_words: Sequence[str]) -> set[str]:
    """The word and what one error makes of it: a letter lost, changed or added, or two neighbours swapped.

    Letters to change to or add are those that really stand there in the words, so every script is served.
    """
    variants = {word}
    for place in range(len(word) + 1):
        left, right = word[:place], word[place:]
        first, last = _beginning(left, name_words)
        if first == last:
            break
        variants.update((left + right[1:], left + right[1:2] + right[:1] + right[2:]))
        for letter in _next_letters(first, last, place, name_words):
            variants.update((left + letter + right[1:], left + letter + right))
    return variants


def _next_letters(first: int, last: int, place: int, name_words: Sequence[str]) -> Iterator[str]:
    while first < last:
        if letter := name_words[first][place : place + 1]:
            yield letter
            first = _beginning(name_words[first][: place + 1], name_words)[1]
        else:
            first += 1


def rank_by_names(query: SearchQuery, names: Collection[str], identifiers: Collection[str]) -> int:
    """Class 1 or 2, which the folded names and identifiers of a node decide; 0 when it is neither."""
    if query.text in names or query.text in identifiers:
        return 1
    text = f" {' '.join(names)}"
    return 2 if all(start in text for start in query.starts) else 0


def rank_by_close_names(query: SearchQuery, names: Iterable[str]) -> int:
    """Class 4 when one typing error in a word makes the folded names of a node fit, or 0."""
    text = f" {' '.join(names)}"
    found = set(text.split())
    each = zip(query.starts, query.close_sets, strict=True)
    return 4 if all(start in text or not close.isdisjoint(found) for start, close in each) else 0


def rank_of(query: SearchQuery, node: Node) -> int:
    """The class of a match, or 0."""
    found = match(query, node)
    return found.rank if found else 0


def match(query: SearchQuery, node: Node) -> Match | None:
    """Why a node matches, by the first class that holds; None when none does."""
    identifiers = {fold(text) for identifier in node.identifiers for text in (identifier.value, str(identifier))}
    names = {fold(alias): f"alias “{alias}”" for alias in reversed(node.aliases)} | {fold(node.name): "name"}
    rank = rank_by_names(query, names, identifiers)
    if rank == 1:
        return Match(node, rank, f"Its {names.get(query.text, 'identifier')} is what was searched for.")
    if rank == 2:
        return Match(node, rank, "Words of its name begin so.")
    name_words = {word for name in names for word in name.split()}
    every = name_words | set(words(node.summary or ""))
    if all(wanted in every for wanted in query.words):
        return Match(node, 3, "All words occur in its name or summary.")
    if not rank_by_close_names(query, names):
        return None
    return Match(node, 4, f"One typing error apart: read as “{' '.join(_read_as(query, name_words))}”.")


def _read_as(query: SearchQuery, name_words: set[str]) -> Iterator[str]:
    """The words that were meant by those with a typing error."""
    for wanted, close in zip(query.words, query.close_sets, strict=True):
        yield min((word for word in name_words if word.startswith(wanted)), default="") or min(name_words & close)


def ranked(query: SearchQuery, nodes: Iterable[Node], degree: Mapping[str, int]) -> list[Match]:
    """Matches in the order of class, number of relationships the caller may see, name, id."""
    matches = [found for node in nodes if (found := match(query, node))]
    return sorted(
        matches, key=lambda found: (found.rank, -degree.get(found.node.id, 0), found.node.name, found.node.id)
    )
