"""Files that a command writes: whole or not at all."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from graph.errors import CogsError, InputError

STANDARD_OUTPUT = "-"


def save(pieces: Iterable[bytes], target: str) -> int:
    """Write the pieces to a file, or to standard output for `-`; says how many bytes.

    The file appears under its name when it is complete; one of that name is replaced.
    """
    if target == STANDARD_OUTPUT:
        return _copied(pieces, sys.stdout.buffer)
    with _translated(target), _complete(Path(target).expanduser()) as file:
        return _copied(pieces, file)


def _copied(pieces: Iterable[bytes], file: BinaryIO) -> int:
    size = sum(file.write(piece) for piece in pieces)
    file.flush()
    return size


@contextmanager
def _complete(path: Path) -> Iterator[BinaryIO]:
    """A file beside the wanted one, renamed to it at the end; what is no ordinary file is written to directly."""
    path = path.resolve()
    if path.is_dir():
        raise InputError(f"{path} is a folder.", fix="Name a file to write.", parameter="output")
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else _mode())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _mode() -> int:
    """The permissions that a new file of this user has."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def _translated(target: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as wrong:
        folder = Path(target).expanduser().parent
        raise InputError(
            f"There is no folder {folder}.", fix="Make it, or name another.", parameter="output"
        ) from wrong
    except PermissionError as wrong:
        raise CogsError(f"{target} may not be written.", fix="Check the permissions of its folder.") from wrong
    except OSError as wrong:
        if wrong.errno == errno.ENOSPC:
            raise CogsError(f"No room is left to write {target}.", fix="Make room; nothing was changed.") from wrong
        raise CogsError(f"{target} cannot be written: {wrong.strerror}.", fix="Name another file.") from wrong
