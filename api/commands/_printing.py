"""What commands print: text for people on a console, JSON for programs, progress beside both."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

SECONDS_UNSEEN = 0.5  # before a bar is shown
PIPE_WIDTH = 160  # of tables, where no terminal says how wide it is
WIDEST_CELL, NARROWEST_CELL = 48, 8
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: object) -> str:
    """The text without characters that would steer a terminal."""
    return CONTROLS.sub("\ufffd", str(text))


def console(*, errors: bool = False) -> Console:
    """The console for people: colours and the width of the window on a terminal, plain text elsewhere."""
    from rich.console import Console

    stream = sys.stderr if errors else sys.stdout
    known = stream.isatty() or "COLUMNS" in os.environ
    return Console(stderr=errors, highlight=False, markup=False, emoji=False, width=None if known else PIPE_WIDTH)


class Page:
    """Lines and tables for people; lines are wrapped on a terminal and stay whole elsewhere."""

    def __init__(self) -> None:
        self.console = console()
        self.begun = False

    def line(
        self, text: str, *, style: str = "", indent: int = 0, bullet: str = "", faint: str = "", above: bool = False
    ) -> None:
        """One line, with a bullet before it and faint words after it; `above` leaves room above it."""
        from rich.text import Text

        if above and self.begun:
            self.console.print()
        self.begun = True
        first = " " * indent + (f"{bullet} " if bullet else "")
        said = Text(plain(text), style)
        if faint:
            said.append(f" {plain(faint)}", "dim")
        room = max(self.console.width - len(first), 20)
        lines = said.wrap(self.console, room) if self.console.is_terminal else [said]
        for number, part in enumerate(lines):
            start = first if number == 0 else " " * len(first)
            self.console.print(Text(start, style) + part, soft_wrap=True)

    def table(self, titles: list[str], rows: list[list[str]]) -> None:
        """A table; columns that find no room are left out, and a line says which."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        widths = [
            min(max(len(title), *(len(row[place]) for row in rows)), WIDEST_CELL) for place, title in enumerate(titles)
        ]
        kept = len(titles)
        while kept > 2 and sum(widths[:kept]) + 2 * kept > self.console.width:
            kept -= 1
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
        for place, title in enumerate(titles[:kept]):
            right = all(is_number(row[place]) for row in rows)
            table.add_column(plain(title), justify="right" if right else "left", overflow="fold", max_width=WIDEST_CELL)
        for row in rows:
            table.add_row(*(plain(cell) for cell in row[:kept]))
        self.console.print(table)
        if kept < len(titles):
            left = ", ".join(title.lower() for title in titles[kept:])
            self.line(f"Not shown for want of room: {left}. All is in --json.", style="dim")


def is_number(text: str) -> bool:
    """Whether a cell holds a number, or stands for one that is not known."""
    return text == "–" or text.replace(",", "").replace(".", "").replace("-", "").replace("e", "").isdigit()


def print_json(body: str) -> None:
    """The body, exactly, and a line break after it."""
    sys.stdout.buffer.write(f"{body}\n".encode())
    sys.stdout.buffer.flush()


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that work is going on."""
    shown = console(errors=True)
    if not shown.is_terminal:
        yield
        return
    with shown.status(f"{what} …"):
        yield


@contextmanager
def watching() -> Iterator[None]:
    """A progress bar on a terminal for work that tells how far it has come, once it takes more than a moment."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from graph.limits import watched

    shown = console(errors=True)
    if not shown.is_terminal:
        yield
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    bar, begun = Progress(*columns, console=shown, transient=True), time.monotonic()
    task = bar.add_task("", total=1.0)

    def watch(what: str, share: float) -> None:
        if time.monotonic() - begun > SECONDS_UNSEEN:
            bar.start()
            bar.update(task, description=what.capitalize(), completed=share)

    try:
        with watched(watch):
            yield
    finally:
        bar.stop()


@contextmanager
def moving(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on a terminal; the work calls what it is given with how much is done and how much there is."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    shown = console(errors=True)
    if not shown.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=shown, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, whole: progress.update(task, completed=done, total=whole)
