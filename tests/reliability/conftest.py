"""What a fault test breaks."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.need import ServiceMissing


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes a file system of a size, such as `1m`."""
    folder = tmp_path / "small"
    folder.mkdir()

    def made(size: str) -> Path:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
        return folder

    if os.geteuid() != 0:
        raise ServiceMissing("Filling a disk needs to mount one: run the tests as root.")
    yield made
    subprocess.run(["umount", "-l", str(folder)], check=True)
