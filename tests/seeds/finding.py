"""Finds what a text names: capitalised phrases, quoted titles and web addresses, line by line.

It knows nothing of the tables, so that comparing the two says what was missed. A single capitalised word that begins
a sentence counts only if the texts nowhere have it in small letters.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

Found = dict[tuple[str, str], list[int]]

SMALL = r"(?:of|for|and|on|the|in|to|at|a)"
WORD = r"[^\W\d_a-z][^\W_]*(?:['’./-][^\W_]+)*"
PHRASE = re.compile(rf"(?<![^\W_]){WORD}(?:(?: ?& ?| {SMALL} | {SMALL} {SMALL} | - | )(?:{WORD}|\d{{2,4}}\b))*")
SENTENCE = re.compile(r"(?:^|[.?!:•]['\"’”]?|[‘“\"(]|\s['-])\s*$")
QUOTED = re.compile(r"(?<!\w)(?:‘([^‘’]{2,60})’|'([^']{2,60})'|\"([^\"]{2,60})\"|“([^“”]{2,60})”)(?!\w)")
ADDRESS = re.compile(r"\b(?:www\.[^\s)]+(?: ?[\w/-]+(?=$|\n))?|\w+\.(?:cc|com|org|net)\b)")
EMPHASIS = str.maketrans("", "", "*⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_WORDS = 6
BEGINNING = re.compile(
    "A(?:ll|nd?)?|A[st]|But|By|F(?:or|rom)|How|I[fnt]|O[fnr]|S(?:ee|ince|o)|Th(?:at|e|ese|ey|is)|To|We|Wh(?:at|en)"
)


def found(documents: Mapping[str, Sequence[str]]) -> Found:
    """Phrases with the lines in which they stand, by document and phrase."""
    small = {word for lines in documents.values() for line in lines for word in re.findall(r"\b[a-z]+\b", line)}
    phrases: Found = {}
    for document, lines in documents.items():
        for number, line in enumerate(lines, 1):
            for phrase in dict.fromkeys(_phrases(line.translate(EMPHASIS), small)):
                phrases.setdefault((document, phrase), []).append(number)
    return phrases


def _phrases(line: str, small: set[str]) -> Iterator[str]:
    for address in ADDRESS.finditer(line):
        yield address.group()
    line = ADDRESS.sub(" ", line)
    for quoted in QUOTED.finditer(line):
        words = next(filter(None, quoted.groups()))
        if len(words.split()) <= MOST_WORDS and not words.endswith((".", ",")):
            yield words
    for match in PHRASE.finditer(line):
        phrase = match.group()
        if SENTENCE.search(line[: match.start()]):
            phrase = _without_beginning(phrase, small)
        if phrase and not (len(phrase) == 1 or phrase.casefold() in {"i", "i'm"}):
            yield phrase


def _without_beginning(phrase: str, small: set[str]) -> str:
    """The phrase without a first word that has its capital from the beginning of the sentence."""
    first, _, rest = phrase.partition(" ")
    if first.casefold() not in small or (first.isupper() and not BEGINNING.fullmatch(first)):
        return phrase
    if re.match(WORD, rest):
        return rest if BEGINNING.fullmatch(first) else phrase
    rest = re.sub(rf"^(?:{SMALL} )+", "", rest)
    return rest if re.match(WORD, rest) else ""
