"""Arrays in a file that any process maps into its memory: opened in the time it takes to sum it up.

A header says of which network and which state the arrays are, where each block lies and what it sums up to. What
is damaged, half written, of another layout or of other words is noticed and not believed. Written beside its
place and renamed, so that a reader sees the old file or the new one.
"""

from __future__ import annotations

import json
import logging
import mmap
import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.adjacency import Arrays, NodeColumns, RelationshipColumns
from graph.columns import blocks, from_blocks
from graph.rows import Rows
from graph.vocabulary import Vocabulary

MAGIC = b"cogs arrays 2\n\r\n\0"  # a copy that changed line ends is not taken for ours
ALIGNED = 64
LONGEST_HEADER = 1 << 20
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class State:
    """One state of one network: which it is, its digest at every level, and where its change log stood."""

    network: str
    versions: tuple[str, ...]
    position: int
    chain: str
    erased: int  # how much was erased for good by then

    @property
    def version(self) -> str:
        """The digest of everything."""
        return self.versions[-1]


class Held(NamedTuple):
    """Arrays, and the state that they are of."""

    arrays: Arrays
    state: State


@dataclass(frozen=True)
class Header:
    """What a snapshot says of itself."""

    state: State
    words: str  # digest of the vocabulary: codes are places in it
    size: int  # of the file
    blocks: tuple[tuple[str, str, int, int, int], ...]  # name, type, length, where, sum


def words(vocabulary: Vocabulary) -> str:
    """Digest of what codes and default strengths rest upon."""
    named = (sorted(vocabulary.kinds), sorted((name, row.strength) for name, row in vocabulary.types.items()))
    return sha256(json.dumps(named).encode()).hexdigest()


def write(path: Path, held: Held) -> None:
    """Put a snapshot in its place; raises OSError and leaves what is there when it cannot be written."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(beside, "xb", opener=_for_us_alone) as file:
            _write(file, held)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # it tells of everything, whatever its audience


def left_behind(path: Path) -> list[Path]:
    """What writers beside this path are writing, or left there when they were killed."""
    return list(path.parent.glob(f".{path.name}.*"))


def remove(path: Path) -> None:
    """Take a snapshot away, and whatever is being written of it."""
    for one in (path, *left_behind(path)):
        one.unlink(missing_ok=True)


def _named(arrays: Arrays) -> Iterator[tuple[str, NDArray[Any]]]:
    parts = (("nodes", arrays.nodes), ("relationships", arrays.relationships))
    for part, columns in parts:
        yield from ((f"{part} {name}", block) for name, block in blocks(columns))
    yield from ((f"rows {name}", block) for name, block in vars(arrays.rows).items())


def _write(file: BinaryIO, held: Held) -> None:
    table, place = [], LONGEST_HEADER
    contents = [(name, np.ascontiguousarray(block)) for name, block in _named(held.arrays)]
    for name, block in contents:
        table.append((name, block.dtype.str, len(block), place, _sum(block)))
        place += -(-block.nbytes // ALIGNED) * ALIGNED
    header = Header(held.state, words(held.arrays.vocabulary), place, tuple(table))
    text = json.dumps(asdict(header)).encode()
    file.write(MAGIC + len(text).to_bytes(4, "little") + zlib.crc32(text).to_bytes(4, "little") + text)
    for (_, _, _, where, _), (_, block) in zip(table, contents, strict=True):
        file.seek(where)
        file.write(block.view(np.uint8).data)
    file.truncate(place)


def _sum(block: NDArray[Any]) -> int:
    return zlib.crc32(block.view(np.uint8).data)


def read_header(path: Path) -> Header | None:
    """What the snapshot at a path says of itself; None when there is none, or none that can be believed."""
    try:
        with path.open("rb") as file:
            return _header(file)
    except OSError:
        return None


def _header(file: BinaryIO) -> Header | None:
    start = file.read(len(MAGIC) + 8)
    length, total = (int.from_bytes(start[-8:][part], "little") for part in (slice(4), slice(4, 8)))
    text = file.read(min(length, LONGEST_HEADER))
    if start[:-8] != MAGIC or len(text) != length or zlib.crc32(text) != total:
        return None
    found = json.loads(text)
    state = State(**{**found["state"], "versions": tuple(found["state"]["versions"])})
    return Header(state, found["words"], found["size"], tuple(map(tuple, found["blocks"])))


def read(path: Path, vocabulary: Vocabulary, network: str) -> Held | None:
    """The arrays at a path and the state they are of, mapped; None when they are missing, foreign or damaged."""
    try:
        with path.open("rb") as file:
            header = _header(file)
            if header is None or header.size != os.fstat(file.fileno()).st_size:
                log.warning("The snapshot %s is damaged, or of another version; it is made anew.", path)
                return None
            if header.state.network != network or header.words != words(vocabulary):
                log.info("The snapshot %s is of another network or vocabulary; it is made anew.", path)
                return None
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError:
        return None
    return _arrays(path, mapped, header, vocabulary)


def _arrays(path: Path, mapped: mmap.mmap, header: Header, vocabulary: Vocabulary) -> Held | None:
    found: dict[str, dict[str, NDArray[Any]]] = {}
    for name, dtype, length, place, total in header.blocks:
        block: NDArray[Any] = np.ndarray((length,), dtype, mapped, place)
        if _sum(block) != total:
            log.warning("The snapshot %s is damaged; it is made anew.", path)
            return None
        part, _, column = name.partition(" ")
        found.setdefault(part, {})[column] = block
    nodes = from_blocks(NodeColumns, found["nodes"])
    relationships = from_blocks(RelationshipColumns, found["relationships"])
    version = header.state.version
    arrays = Arrays(nodes, relationships, vocabulary, version=version, rows=Rows(**found["rows"]))
    return Held(arrays, header.state)


def is_written_by_another(path: Path, *, seconds: float, now: float) -> bool:
    """Whether somebody has begun to write a snapshot in the last seconds and has not finished."""
    for one in left_behind(path):
        with suppress(OSError):
            if now - one.stat().st_mtime < seconds:
                return True
            one.unlink()  # its writer was killed
    return False
