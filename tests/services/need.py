"""What the starters of real services share: saying that one cannot be had, and fetching Debian packages."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ServiceMissing(Exception):
    """A real service cannot be had here; the text says how to get it."""


def may_install() -> bool:
    """True for root on Debian, where a missing package is fetched without asking."""
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let the other processes of a test run wait, while this one looks for a program and perhaps fetches it."""
    with Path(tempfile.gettempdir(), f"cogs-services-{os.geteuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(*packages: str) -> None:
    """Fetch Debian packages, or say how the reader can."""
    sentence = f"run `apt-get install {' '.join(packages)}` as root, or install the same programs in another way"
    if not may_install():
        raise ServiceMissing(sentence)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServiceMissing(f"{sentence}; apt-get said: {done.stderr.strip()[-300:]}")
