"""What a publisher says about a table beside it: metadata as CSV on the Web has it.

`csv-metadata.json` or `<name of the file>-metadata.json`, in the folder of the file or in the zip.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loaders.json_text import StrictDecoder

NAME = "csv-metadata.json"
LARGEST = 1 << 20
MEANINGS = {
    "name": ("dc:publisher",),
    "title": ("dc:title",),
    "licence": ("dc:license", "dc:licence"),
    "date": ("dc:modified", "dc:issued"),
}
NAMES = ("schema:name", "name", "foaf:name", "@value")


@dataclass(frozen=True)
class Description:
    """What is said of a table; each part may be missing."""

    name: str = ""  # of the publisher, who is the payer where no row says
    id: str = ""  # of the publisher
    title: str = ""
    licence: str = ""
    date: str = ""
    remark: str = ""  # why there is less than somebody may have meant to say


def described(path: Path, tables: set[str], within: Mapping[str, bytes]) -> Description:
    """The description of these tables, from the zip or from beside it; empty when there is none."""
    beside = (path.with_name(f"{path.name}-metadata.json"), path.with_name(NAME))
    texts = [*within.values(), *(_beginning(file) for file in beside if file.is_file())]
    found = [_description(text, tables) for text in texts]
    return next((one for one in found if one), Description())


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST)


def _description(text: bytes, tables: set[str]) -> Description | None:
    """What a text says of these tables; None when it is about others."""
    try:
        value, _ = StrictDecoder().decode(text.decode("utf-8-sig").strip())
    except (UnicodeDecodeError, json.JSONDecodeError) as wrong:
        return Description(remark=f"The description beside it is no JSON, so it says nothing ({wrong}). Mend it.")
    if not isinstance(value, dict) or not _is_about(value, tables):
        return None
    said = {part: _first(value, names, NAMES) for part, names in MEANINGS.items()}
    return Description(**said, id=_first(value, ("dc:publisher",), ("@id", "schema:identifier", "id"), plain=False))


def _is_about(value: Mapping[str, Any], tables: set[str]) -> bool:
    listed = value.get("tables")
    entries = [value, *(listed if isinstance(listed, list) else [])]
    urls = {str(entry["url"]).rpartition("/")[2] for entry in entries if isinstance(entry, dict) and "url" in entry}
    return not urls or not urls.isdisjoint(tables)


def _first(value: Mapping[str, Any], names: tuple[str, ...], keys: tuple[str, ...], *, plain: bool = True) -> str:
    """The text under the first of these names: as it stands, or of an object under the first of these keys."""
    for name in names:
        given = value.get(name)
        one = given[0] if isinstance(given, list) and given else given
        if isinstance(one, str) and plain:
            return one.strip()
        if isinstance(one, dict):
            return next((str(one[key]).strip() for key in keys if isinstance(one.get(key), str)), "")
    return ""
