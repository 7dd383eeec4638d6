"""Questions that take longer than a caller waits: begun at once, told of while they run, kept when they are done.

Every job is a small folder of files under one folder, so that each process of a service can tell of a job that
another works on, and stop it. Whoever has the id of a job, which cannot be guessed, may ask for it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import Field
from starlette.responses import Response

from api.errors import Problem, problem_of
from api.kept import Body
from graph.answers import Part
from graph.errors import CogsError, NotFound, Stopped, StoreError, StoreUnavailable
from graph.limits import time_limit, watched

MOST_JOBS = 32  # kept at a time, the waiting ones included
HOURS_KEPT = 1
SECONDS_BETWEEN_WORDS = 0.2  # how far work has come is not written down more often
RETRY_SECONDS = "1"
PRIVATE = {"Cache-Control": "no-store"}
ID = re.compile(r"[A-Za-z0-9_-]{22}")
LOST = StoreError("The process that worked on it has ended.", fix="Ask again.")

State = Literal["waiting", "running", "done", "failed", "stopped"]


class Job(Part):
    """A question that is being worked on."""

    id: str
    asked: str = Field(description="The address that was asked.")
    state: State = Field(description="waiting, running, done, failed or stopped.")
    doing: str | None = Field(None, description="What is being done now.")
    share: float | None = Field(None, description="How much of that is done, from 0 to 1.")
    seconds: float = Field(0.0, description="How long it has been worked on.")
    answer: str | None = Field(None, description="Where the answer is, once it is done.")
    problem: Problem | None = Field(None, description="What went wrong, if it failed.")
    process: int = Field(0, exclude=True)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "stopped")


class Jobs:
    """The jobs of a service, in a folder of its own or in one that several processes share."""

    def __init__(self, folder: Path | None, *, limit: float) -> None:
        self.limit = limit
        self._shared = folder
        self._own: tempfile.TemporaryDirectory[str] | None = None
        self._threads = ThreadPoolExecutor(1, "job")

    @property
    def folder(self) -> Path:
        """Where the jobs are kept; a temporary folder is made when it is first needed."""
        if self._shared:
            return self._shared
        if self._own is None:
            self._own = tempfile.TemporaryDirectory(prefix="cogs-jobs-")
        return Path(self._own.name)

    def begin(self, asked: str, work: Callable[[], Body]) -> Job:
        """Put a question in the queue; StoreUnavailable when too many are waiting."""
        self._tidy()
        job = Job(id=secrets.token_urlsafe(16), asked=asked, state="waiting", process=os.getpid())
        self._path(job.id).mkdir(parents=True)
        self._write(job)
        self._threads.submit(self._work, job, work)
        return job

    def job(self, id: str) -> Job:
        """A job by its id, as it stands now."""
        if not ID.fullmatch(id) or not (text := self._read(id, "job.json")):
            raise NotFound("There is no such job, or it was too long ago.", fix="Ask the question again.")
        kept = json.loads(text)
        job = Job.model_validate(kept)
        is_lost = not job.is_over and not _is_alive(job.process)
        return job.model_copy(update={"state": "failed", "problem": problem_of(LOST)}) if is_lost else job

    def answer(self, id: str) -> Body:
        """The answer of a job that is done."""
        if self.job(id).state != "done":
            raise NotFound("This job has no answer yet.", fix=f"Ask /v1/jobs/{id} how far it is.")
        about = json.loads(self._read(id, "answer.json") or "{}")
        return Body((self._path(id) / "answer").read_bytes(), about["media_type"], about["headers"])

    def stop(self, id: str) -> Job:
        """Ask for a job to be stopped; it ends when its work next looks up."""
        job = self.job(id)
        if not job.is_over:
            (self._path(id) / "stop").touch()
        return job

    def close(self) -> None:
        """Stop what runs and forget what was kept here."""
        is_used = self._own or (self._shared and self._shared.exists())
        for path in self.folder.iterdir() if is_used else ():
            with suppress(NotFound, OSError):
                if self.job(path.name).process == os.getpid():
                    self.stop(path.name)
        self._threads.shutdown(cancel_futures=True)
        if self._own:
            self._own.cleanup()

    def _work(self, job: Job, work: Callable[[], Body]) -> None:
        begun, said = time.monotonic(), 0.0

        def watch(doing: str, share: float) -> None:
            nonlocal said
            now = time.monotonic()
            if now - said < SECONDS_BETWEEN_WORDS:
                return
            said = now
            if (self._path(job.id) / "stop").exists():
                raise Stopped("The work was stopped.", fix="Ask again to start anew.")
            self._write(job, state="running", doing=doing, share=round(share, 3), seconds=round(now - begun, 1))

        try:
            with time_limit(self.limit), watched(watch):
                watch("reading the network", 0.0)
                body = work()
            self._keep(job.id, body)
            end = {"state": "done", "answer": f"/v1/jobs/{job.id}/answer", "share": 1.0}
        except CogsError as wrong:
            end = {"state": "stopped" if isinstance(wrong, Stopped) else "failed", "problem": problem_of(wrong)}
        except Exception:
            self._write(job, state="failed", problem=problem_of(StoreError("Something went wrong.", fix="Ask again.")))
            raise
        self._write(job, seconds=round(time.monotonic() - begun, 1), **end)

    def _keep(self, id: str, body: Body) -> None:
        (self._path(id) / "answer").write_bytes(body.content)
        about = {"media_type": body.media_type, "headers": dict(body.headers)}
        (self._path(id) / "answer.json").write_text(json.dumps(about), encoding="utf-8")

    def _write(self, job: Job, **change: object) -> None:
        """Write a job down as it is now, whole or not at all."""
        path, now = self._path(job.id), job.model_copy(update=change)
        text = json.dumps(now.model_dump(mode="json") | {"process": now.process})
        with suppress(FileNotFoundError):  # it was tidied away: nobody asked for an hour
            (path / "new").write_text(text, encoding="utf-8")
            (path / "new").replace(path / "job.json")

    def _read(self, id: str, name: str) -> str:
        try:
            return (self._path(id) / name).read_text(encoding="utf-8")
        except OSError:
            return ""

    def _path(self, id: str) -> Path:
        return self.folder / id

    def _tidy(self) -> None:
        """Let go of jobs that are over and old; refuse another when still too many are left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        paths = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        over = [path for path in paths if (job := self._job_or_none(path.name)) is None or job.is_over]
        oldest = time.time() - HOURS_KEPT * 3600
        spare = len(paths) - MOST_JOBS + 1
        for place, path in enumerate(over):
            if place < spare or path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)
        if spare > len(over):
            raise StoreUnavailable("Too many long questions are waiting.", fix="Ask again in a minute.")

    def _job_or_none(self, id: str) -> Job | None:
        with suppress(NotFound):
            return self.job(id)
        return None


def told(job: Job) -> Response:
    """How far a job is, as an answer."""
    return Response(job.model_dump_json(), 200, {**PRIVATE, "Retry-After": RETRY_SECONDS}, "application/json")


def begun(job: Job) -> Response:
    """A job that has just begun, as an answer: 202, and where to ask how far it is."""
    headers = {**PRIVATE, "Retry-After": RETRY_SECONDS, "Location": f"/v1/jobs/{job.id}"}
    return Response(job.model_dump_json(), 202, headers, "application/json")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
