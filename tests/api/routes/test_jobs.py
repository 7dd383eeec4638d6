"""Long questions as jobs: begun at once, told of while they run, answered with the same bytes, stopped, forgotten."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.jobs import MOST_JOBS, Job, Jobs
from api.kept import Body
from graph.errors import InputError, NotFound, StoreUnavailable
from graph.limits import check_time, progress

ASYNC = {"Prefer": "respond-async, wait=1"}


def until(found: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    for _ in range(500):
        if wanted(one := found()):
            return one
        time.sleep(0.01)
    pytest.fail("it did not come")


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(tmp_path / "jobs", limit=5)
    yield jobs
    jobs.close()


def over(jobs: Jobs, job: Job) -> Job:
    found: Job = until(lambda: jobs.job(job.id), lambda one: one.is_over)
    return found


def test_a_job_gives_the_bytes_that_the_question_gives(seed_client: TestClient) -> None:
    address = "/v1/queries/cogs?limit=3&draws=0"
    begun = seed_client.get(address, headers=ASYNC)
    assert (begun.status_code, begun.headers["cache-control"]) == (202, "no-store")
    assert begun.json()["asked"] == address
    job = until(lambda: seed_client.get(begun.headers["location"]).json(), lambda one: one["state"] == "done")
    answer = seed_client.get(job["answer"])
    assert answer.content == seed_client.get(address).content
    assert answer.headers["content-type"] == "application/json"


def test_a_map_may_be_a_job_too(seed_client: TestClient) -> None:
    begun = seed_client.get("/v1/maps/ego.svg?node=oldham-council", headers=ASYNC)
    job = until(lambda: seed_client.get(begun.headers["location"]).json(), lambda one: one["state"] == "done")
    assert seed_client.get(job["answer"]).headers["content-type"].startswith("image/svg+xml")


def test_a_wrong_question_is_refused_before_it_becomes_a_job(seed_client: TestClient) -> None:
    assert seed_client.get("/v1/queries/cogs?limit=0", headers=ASYNC).status_code == 422


def test_what_goes_wrong_later_is_told_by_the_job(seed_client: TestClient) -> None:
    begun = seed_client.get("/v1/queries/paths?source=nobody-at-all&target=oldham", headers=ASYNC)
    job = until(lambda: seed_client.get(begun.headers["location"]).json(), lambda one: one["state"] == "failed")
    assert (job["problem"]["status"], job["problem"]["parameter"]) == (404, "source")
    assert seed_client.get(f"{begun.headers['location']}/answer").status_code == 404


@pytest.mark.parametrize("id", ["x", "..", "%2e%2e%2fetc", "A" * 22, "A" * 23, "é"])
@pytest.mark.parametrize(("method", "more"), [("GET", ""), ("GET", "/answer"), ("DELETE", "")])
def test_an_id_that_is_no_jobs_is_not_found(seed_client: TestClient, method: str, id: str, more: str) -> None:
    assert seed_client.request(method, f"/v1/jobs/{id}{more}").status_code in (404, 405)  # ".." leads to /v1 itself


def test_work_tells_how_far_it_is_and_can_be_stopped(jobs: Jobs) -> None:
    looked = threading.Event()

    def work() -> Body:
        for turn in range(10_000):
            progress("counting", turn, 10_000)
            time.sleep(0.02)
            looked.set()
        return Body(b"")

    job = jobs.begin("/asked", work)
    looked.wait(2)
    running = until(lambda: jobs.job(job.id), lambda one: one.doing == "counting")
    assert running.state == "running"
    assert 0 < running.share < 0.5
    jobs.stop(job.id)
    stopped = over(jobs, job)
    assert (stopped.state, stopped.answer) == ("stopped", None)
    assert jobs.stop(job.id).state == "stopped"  # stopping again changes nothing


def test_a_job_has_a_time_limit_of_its_own(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path / "jobs", limit=0.1)

    def work() -> Body:
        while True:
            check_time()
            time.sleep(0.01)

    failed = over(jobs, jobs.begin("/asked", work))
    assert failed.problem is not None
    assert (failed.state, failed.problem.status) == ("failed", 504)
    jobs.close()


def test_jobs_wait_for_each_other_and_a_crowd_is_turned_away(jobs: Jobs) -> None:
    go = threading.Event()

    def work() -> Body:
        go.wait(5)
        return Body(b"here")

    waiting = [jobs.begin("/asked", work) for _ in range(MOST_JOBS)]
    assert jobs.job(waiting[-1].id).state == "waiting"
    with pytest.raises(StoreUnavailable):
        jobs.begin("/asked", work)
    go.set()
    assert over(jobs, waiting[-1]).state == "done"
    jobs.begin("/asked", work)  # the oldest that is over makes room
    with pytest.raises(NotFound):
        jobs.job(waiting[0].id)


def test_another_process_of_the_service_tells_of_it_and_stops_it(jobs: Jobs) -> None:
    other = Jobs(jobs.folder, limit=5)  # as another worker has it: the same folder, nothing else in common

    def work() -> Body:
        for turn in range(1_000):
            progress("counting", turn, 1_000)
            time.sleep(0.02)
        return Body(b"")

    done = over(jobs, jobs.begin("/asked", lambda: Body(b"here", "text/plain")))
    assert other.answer(done.id) == Body(b"here", "text/plain")
    job = jobs.begin("/asked", work)
    until(lambda: other.job(job.id), lambda one: one.state == "running")
    other.stop(job.id)
    assert over(other, job).state == "stopped"


def test_a_job_whose_process_has_ended_has_failed(jobs: Jobs) -> None:
    job = jobs.begin("/asked", lambda: Body(b""))
    over(jobs, job)
    jobs._write(job, state="running", process=2**22 + 1)  # no process of Linux has this number
    lost = jobs.job(job.id)
    assert lost.problem is not None
    assert (lost.state, lost.problem.detail) == ("failed", "The process that worked on it has ended.")


def test_an_error_of_ours_keeps_its_status(jobs: Jobs) -> None:
    def work() -> Body:
        raise InputError("It is wrong.", fix="Mend it.", parameter="size")

    failed = over(jobs, jobs.begin("/asked", work))
    assert failed.problem is not None
    assert (failed.problem.status, failed.problem.parameter, failed.problem.fix) == (422, "size", "Mend it.")
