"""Loads files into a store: all of them or nothing, with a report of every row.

Everything is one write of the store, streamed in batches. Sources and nodes of all files come before
relationships, as far as the files are in that order; what comes too early waits until the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypedDict, TypeVar, Unpack

import numpy as np

from graph.errors import CogsError
from graph.model import Node, Relationship, Source, Thing, ThingName, thing_name
from graph.store import Store
from graph.store.records import Applied, Batch
from graph.store.writing import Transaction, write
from loaders.finding import find_loader, open_reading
from loaders.joining import Joiner
from loaders.report import Remark, Report
from loaders.seen import Seen
from loaders.stream import Block, Found, Loader, Reading, Refused, Row, Warned

BATCH = 10_000
ROWS_BETWEEN_STEPS = 1_000
READING = 0.75  # of the time of a load that builds indexes at its end

Progress = Callable[[int, int], None]
T = TypeVar("T", bound=Thing)


class Wishes(TypedDict, total=False):
    """How to load; each may be left out."""

    loader: str | None  # name of the format; without it the files are looked at
    preview: bool  # report, but write nothing
    strict: bool  # write nothing when a row is rejected
    progress: Progress | None  # called now and then with the bytes done and the bytes in all


def load(store: Store, paths: Sequence[str | Path], *, by: str, **wishes: Unpack[Wishes]) -> Report:
    """Load files, or `seeds`, into a store in one write, and say what became of every row.

    Raises InputError for a file that cannot be read at all; then nothing of any file is written.
    """
    opened = [_open(path, wishes.get("loader")) for path in paths]
    preview = wishes.get("preview", False)
    work: _Work | None = None
    try:
        with store.transaction(by, discard=preview) as transaction:
            work = _Work(store, transaction, opened, wishes)
            work.write()
    except _Stop:
        assert work
        return work.report(Applied(), written=False)
    return work.report(work.applied, written=not preview)


class _Opened(NamedTuple):
    reading: Reading
    loader: Loader


def _open(path: str | Path, name: str | None) -> _Opened:
    reading, head = open_reading(path)
    return _Opened(reading, find_loader(reading, head, name))


class _Stop(Exception):
    """A strict load has rejected a row: undo the write."""


class _Stream:
    """The rows of one file, stopped before the first relationship until the other files' nodes are in."""

    def __init__(self, rows: Iterator[Row | Block]) -> None:
        self.rows = rows
        self.first: list[Row | Block] = []

    def head(self) -> Iterator[Row | Block]:
        """The sources and nodes before the first relationship."""
        for row in self.rows:
            if _is_relationship(row):
                self.first.append(row)
                return
            yield row

    def tail(self) -> Iterator[Row | Block]:
        """Everything from the first relationship on."""
        return chain(self.first, self.rows)


class _Work:
    """One load under way."""

    def __init__(self, store: Store, transaction: Transaction, opened: Sequence[_Opened], wishes: Wishes) -> None:
        self.store = store
        self.transaction = transaction
        self.opened = opened
        self.applied = Applied()
        self.strict, self.preview = wishes.get("strict", False), wishes.get("preview", False)
        self.progress = wishes.get("progress") or (lambda *_: None)
        joins = any(one.loader.JOINS for one in opened)
        self.joiner = Joiner(store, joins=joins)
        self.puts_off = not joins  # what joins is looked at one by one
        for one in opened:
            one.reading.in_blocks = self.puts_off
        self.seen = Seen(transaction.numbered)
        self.rejected: list[Remark] = []
        self.warnings: list[Remark] = []
        self.known_nodes: set[str] = set()
        self.known_sources = set(store.get_sources())
        self.joining: list[Row] = []  # nodes of loaders that join: they are looked at together
        self.early: list[Row] = []  # what came before something that it needs
        self.now: dict[tuple[ThingName, str], Row] = {}  # where the things of the last batch came from

    def report(self, applied: Applied, *, written: bool) -> Report:
        """All that is to be said when the work is done."""
        return Report(
            read=sum(one.reading.rows for one in self.opened),
            added=applied.added,
            changed=applied.changed,
            unchanged=applied.unchanged,
            rejected=tuple(sorted(self.rejected, key=lambda one: (one.file, one.line or 0))),
            warnings=tuple(self.warnings + self.joiner.doubts),
            written=written,
        )

    def _reject(self, thing: Thing, wrong: CogsError) -> None:
        """The store refuses a thing of the batch that it was given last."""
        row = self.now[thing_name(thing), thing.id]
        column = wrong.details.get("column")
        self.rejected.append(Remark(file=row.file, line=row.line, column=column, reason=str(wrong)))

    def write(self) -> None:
        """Write everything, in the order in which it can be written."""
        for batch in self._batches():
            self.applied.add(write(self.transaction, self.store.vocabulary, batch, self._reject))
        if self.strict and self.rejected:
            raise _Stop
        for share in () if self.preview else self.transaction.finish():
            self._step(finished=share)
        self._step(finished=1)

    def _batches(self) -> Iterator[Batch]:
        streams = [_Stream(self._rows(one)) for one in self.opened]
        yield from self._in_batches(chain.from_iterable(stream.head() for stream in streams))
        yield from self._joined()
        yield from self._in_batches(chain.from_iterable(stream.tail() for stream in streams))
        yield from self._joined()
        late = sorted(self.early, key=lambda row: isinstance(row.thing, Relationship))
        yield from self._in_batches(iter(late), last=True)

    def _rows(self, one: _Opened) -> Iterator[Row | Block]:
        """The rows of a file that are to be written; refusals, warnings and repetitions are noted."""
        for number, found in enumerate(_found(one)):
            if number % ROWS_BETWEEN_STEPS == 0 or isinstance(found, Block):
                self._step()
            if isinstance(found, Refused):
                self.rejected.append(found.remark)
            elif isinstance(found, Warned):
                self.warnings.append(found.remark)
            elif isinstance(found, Block):
                yield found
            elif one.loader.JOINS and isinstance(found.thing, Node):
                self.joining.append(found)
            elif self._is_new(found):
                yield found
        self._step()

    def _step(self, *, finished: float = 0) -> None:
        """Tell how far the load is: bytes read, and what is left to be done when all are read."""
        size, reading = sum(one.reading.size for one in self.opened), READING if self.puts_off else 1
        done = sum(one.reading.done for one in self.opened)
        self.progress(int(done * reading + size * finished * (1 - reading)), size)

    def _is_new(self, row: Row) -> bool:
        earlier = self.seen.earlier(row)
        if earlier and earlier.same:
            self.applied.unchanged += 1
        elif earlier:
            reason = f"{row.thing.id!r} stands in {earlier.where} already and says something else. Keep one of them."
            self.rejected.append(Remark(file=row.file, line=row.line, column="id", reason=reason))
        return earlier is None

    def _in_batches(self, rows: Iterator[Row | Block], *, last: bool = False) -> Iterator[Batch]:
        """Batches of the rows; a block is written at its place between them."""
        some: list[Row] = []
        for row in rows:
            if isinstance(row, Row):
                some.append(row)
            if some and (isinstance(row, Block) or len(some) >= BATCH):
                yield self._batch(some, last=last)
                some = []
            if isinstance(row, Block):
                yield from self._in_batches(self._left(row))
        if some:
            yield self._batch(some, last=last)

    def _left(self, block: Block) -> Iterator[Row]:
        """Let the store take a block; gives what it leaves."""
        places: Iterable[int] = range(len(block.packed))
        if not self.seen.knows_any(block):
            taken = self.transaction.take(block.packed)
            self.applied.add(taken.applied)
            self.seen.add(block, taken.numbers)
            places = np.flatnonzero(taken.numbers < 0).tolist()
        yield from filter(self._is_new, block.rows(places))

    def _batch(self, rows: Sequence[Row], *, last: bool) -> Batch:
        sources = [(row, row.thing) for row in rows if isinstance(row.thing, Source)]
        self.joiner.sources.update(source.id for _, source in sources)
        self.known_sources.update(source.id for _, source in sources)
        ready = [row for row in rows if last or self._is_supported(row)]
        nodes = self.joiner.nodes([row for row in ready if isinstance(row.thing, Node)])
        self.known_nodes.update(node.id for _, node in nodes)
        relationships = self._relationships([row for row in ready if isinstance(row.thing, Relationship)], last=last)
        self._remember(sources, nodes, relationships)
        return Batch(_things(sources), _things(nodes), _things(relationships))

    def _is_supported(self, row: Row) -> bool:
        """Whether the sources of a row's evidence are there; otherwise it waits."""
        if isinstance(row.thing, Source) or all(entry.source in self.known_sources for entry in row.thing.evidence):
            return True
        self.early.append(row)
        return False

    def _relationships(self, rows: Sequence[Row], *, last: bool) -> list[tuple[Row, Relationship]]:
        """The relationships whose ends are there; others wait."""
        ends = self.joiner.ends([row.thing for row in rows if isinstance(row.thing, Relationship)])
        if not last:
            unknown = set(ends.values()) - self.known_nodes
            self.known_nodes.update(self.store.get(sorted(unknown)) if unknown else ())
            missing = {end for end, now in ends.items() if now not in self.known_nodes}
            self.early += [row for row in rows if _touches(row, missing)]
            rows = [row for row in rows if not _touches(row, missing)]
        return self.joiner.relationships(rows, ends)

    def _joined(self) -> Iterator[Batch]:
        """The nodes of the loaders that join, all together, so that it does not matter which file comes first."""
        nodes = self.joiner.nodes(self.joining, joins=True)
        self.known_nodes.update(node.id for _, node in nodes)
        self.joining = []
        while some := nodes[:BATCH]:
            nodes = nodes[BATCH:]
            self._remember(some)
            yield Batch(nodes=_things(some))

    def _remember(self, *placed: Sequence[tuple[Row, Thing]]) -> None:
        self.now = {(thing_name(thing), thing.id): row for row, thing in chain(*placed)}


def _things(placed: Iterable[tuple[Row, T]]) -> list[T]:
    return [thing for _, thing in placed]


def _touches(row: Row, ends: set[str]) -> bool:
    return isinstance(row.thing, Relationship) and (row.thing.source in ends or row.thing.target in ends)


def _is_relationship(row: Row | Block) -> bool:
    return row.packed.thing == "relationship" if isinstance(row, Block) else isinstance(row.thing, Relationship)


def _found(one: _Opened) -> Iterator[Found]:
    reading = one.reading
    try:
        yield from one.loader.read(reading)
    except OSError as wrong:
        raise reading.broken(None, f"it cannot be read ({wrong.strerror}).", "Name a readable file.") from wrong
    if not reading.rows:
        raise reading.broken(None, "it holds no rows.", "Check whether it was written to the end.")
