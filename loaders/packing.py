"""Native lines on their way into a store that takes many things at once: read, checked and packed in blocks.

With many lines this goes on in a second process, so that a load keeps two processors busy; the blocks come back
through a pipe. Lines that the form does not settle are passed on as they are, in their order.
"""

from __future__ import annotations

import errno
import gc
import marshal
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO, Any, BinaryIO, Literal, NamedTuple

from graph.errors import StoreError
from graph.model import Node, Relationship
from graph.store.packed import Facts, Packed, facts_of, pack
from loaders.native_lines import native, read_node, read_relationship

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 1_048_576
BLOCK, BLOCK_BYTES = 10_000, 4 << 20  # lines of a block, and their bytes
LEAST = 32  # lines that are worth a block
WORTH_A_PROCESS = 8 << 20  # bytes of a file: about a second's work
SIZE_BYTES = 8

Sort = Literal["node", "relationship"]


Line = tuple[int, int, bytes]  # its number from 1, where it begins, and what stands in it
ReadLine = tuple[Sort | None, Line, Facts | None]


class Piece(NamedTuple):
    """Some lines of a file that follow each other, packed or as they are."""

    first: int  # number of the first line
    end: int  # where the last line ends, in bytes
    packed: Packed | None
    lines: list[Line]


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """All lines; one that is too long comes cut just above the limit."""
    begin = len(BOM) if file.read(len(BOM)) == BOM else file.seek(0)
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        yield number, begin, raw
        begin += len(raw)
        while len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            raw = file.readline(LONGEST_LINE + 1) or b"\n"
            begin += len(raw)


def pieces(lines: Iterable[Line]) -> Iterator[Piece]:
    """The lines in pieces, packed for a store where many native ones of a sort follow each other."""
    plain: list[Line] = []
    for sort, run in groupby(map(_read, lines), key=itemgetter(0)):
        for block in _blocks(run):
            if sort is None or len(block) < LEAST:
                plain += [line for _, line, _ in block]
            if plain and (sort is None or len(block) >= LEAST or len(plain) >= BLOCK):
                yield _piece(plain, None)
                plain = []
            if sort is not None and len(block) >= LEAST:
                facts = [facts for _, _, facts in block if facts]
                yield _piece([line for _, line, _ in block], pack(sort, facts))
    if plain:
        yield _piece(plain, None)


def _blocks(run: Iterable[ReadLine]) -> Iterator[list[ReadLine]]:
    """The lines of a run in lists that are not too large."""
    block: list[ReadLine] = []
    size = 0
    for one in run:
        block.append(one)
        size += len(one[1][2])
        if len(block) >= BLOCK or size >= BLOCK_BYTES:
            yield block
            block, size = [], 0
    if block:
        yield block


def _piece(lines: list[Line], packed: Packed | None) -> Piece:
    (first, _, _), (_, begin, raw) = lines[0], lines[-1]
    return Piece(first, begin + len(raw), packed, [] if packed else lines)


def _read(line: Line) -> ReadLine:
    """A line with what it says, when it is the native line of a node or relationship, and which of them."""
    sort, facts = _facts(line[2])
    return sort, line, facts


def _facts(raw: bytes) -> tuple[Sort | None, Facts | None]:
    """What a native line of a node or relationship says, and which of them it is."""
    text = raw.strip()
    try:
        line = text.decode()
    except UnicodeDecodeError:
        return None, None
    if facts := read_relationship(line):
        return "relationship", facts
    if facts := read_node(line):
        return "node", facts
    thing = native(text)
    if isinstance(thing, Relationship):
        return "relationship", facts_of(thing, thing.canonical())
    if isinstance(thing, Node):
        return "node", facts_of(thing, thing.canonical())
    return None, None


# The second process.


def pieces_of(path: Path) -> Iterator[Piece]:
    """The pieces of a file, read here or, when it is large, in a second process."""
    if sys.executable and path.stat().st_size >= WORTH_A_PROCESS:
        yield from _pieces_apart(path)
    else:
        with path.open("rb") as file:
            yield from pieces(lines_of(file))


def _pieces_apart(path: Path) -> Iterator[Piece]:
    places = os.pathsep.join(place or os.getcwd() for place in sys.path)
    command = [sys.executable, "-P", "-m", __name__, os.fspath(path)]  # -P: nothing is imported from where we stand
    environment = os.environ | {"PYTHONPATH": places}
    with Popen(command, stdin=DEVNULL, stdout=PIPE, env=environment, pipesize=1 << 20) as process:  # noqa: S603
        assert process.stdout
        try:
            while size := int.from_bytes(_exactly(process.stdout, SIZE_BYTES)):
                yield _received(marshal.loads(_exactly(process.stdout, size)))  # noqa: S302
        finally:
            process.kill()


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise StoreError("The process that reads the file has ended early; nothing was written.", fix="Load it again.")
    return data


def _received(sent: Any) -> Piece:
    if isinstance(sent, int):
        raise OSError(sent, os.strerror(sent))
    first, end, packed, lines = sent
    return Piece(first, end, packed and Packed(*packed), lines)


def _send(value: Any) -> None:
    data = marshal.dumps(value, 2)  # the version that looks for no repetitions: twice as fast
    sys.stdout.buffer.write(len(data).to_bytes(SIZE_BYTES) + data)
    sys.stdout.buffer.flush()


def _serve(path: Path) -> None:
    """Read a file for the process that started this one, until it ends or wants no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process is interrupted too, and ends this one
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)  # almost nothing made here refers to itself
    try:
        with path.open("rb") as file:
            for first, end, packed, lines in pieces(lines_of(file)):
                _send((first, end, packed and tuple(packed), lines))
        sys.stdout.buffer.write(bytes(SIZE_BYTES))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(1)
    except OSError as wrong:
        _send(wrong.errno or errno.EIO)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
