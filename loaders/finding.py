"""Finds the files to load, and by looking at them the loader that reads them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from graph.errors import InputError
from graph.parts import part, part_names
from loaders.stream import HEAD, Loader, Reading

SEEDS = "seeds"
SEED_TABLES = Path(__file__).parents[1] / "seeds" / "collaborative_society"  # installed beside this package
FORMATS = "loaders.formats"
BLANK = b" \t\r\n\xef\xbb\xbf"
TWO_BYTE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def loaders() -> dict[str, Loader]:
    """Every loader by its name."""
    found = [cast(Loader, part(FORMATS, name)) for name in part_names(FORMATS)]
    return {loader.NAME: loader for loader in sorted(found, key=lambda loader: loader.NAME)}


def open_reading(path: str | Path) -> tuple[Reading, bytes]:
    """A file or folder to load, and its first bytes; the word `seeds` is the seed graph of the product."""
    name = os.fsencode(path).decode(errors="backslashreplace")  # a name of odd bytes must not break the report
    place = SEED_TABLES if name == SEEDS else Path(path)
    try:
        if place.is_dir():
            return Reading(place, name, sum(file.stat().st_size for file in place.glob("*.csv"))), b""
        with place.open("rb") as file:
            head = file.read(HEAD)
        reading = Reading(place, name, place.stat().st_size)
    except FileNotFoundError as wrong:
        raise _unreadable(name, "There is no such file", "Check the path.") from wrong
    except PermissionError as wrong:
        raise _unreadable(name, "It may not be read", "Give yourself permission to read it.") from wrong
    except (OSError, ValueError) as wrong:
        raise _unreadable(name, f"It cannot be read ({wrong})", "Name a readable file.") from wrong
    _check_head(reading, head)
    return reading, head


def _unreadable(name: str, why: str, fix: str) -> InputError:
    return InputError(f"{name!r}: {why[:1].lower()}{why[1:]}.", fix=fix, file=name)


def _check_head(reading: Reading, head: bytes) -> None:
    if not head.strip(BLANK) and len(head) < HEAD:
        raise reading.broken(None, "the file is empty.", "Check whether it was written to the end.")
    if head.startswith(TWO_BYTE_MARKS):
        raise reading.broken(1, "it is UTF-16, not UTF-8 (byte 1 of the file).", "Save it as UTF-8 and load it again.")


def find_loader(reading: Reading, head: bytes, name: str | None = None) -> Loader:
    """The loader of this name, or the one that recognises the file."""
    known = loaders()
    if name is not None:
        if name not in known:
            raise InputError(
                f"There is no loader called {name!r}.", fix=f"Use one of: {', '.join(known)}.", parameter="loader"
            )
        return known[name]
    for loader in known.values():
        if loader.recognises(reading.path, head):
            return loader
    for loader in known.values():
        if reading.path.suffix.lower() in loader.SUFFIXES:
            return loader
    what = "It is a folder without seed tables" if reading.path.is_dir() else "No loader recognises it"
    raise _unreadable(reading.name, what, f"Load a file of one of these formats: {', '.join(known)}.")
