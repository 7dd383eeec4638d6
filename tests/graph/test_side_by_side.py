"""The same work on many parts: in order, on several threads, with the limits of the caller."""

import threading
from collections.abc import Iterator

import pytest

from graph.errors import TimeLimit
from graph.limits import check_time, progress, time_limit, watched
from graph.side_by_side import side_by_side


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def test_what_is_found_comes_in_the_order_of_the_parts() -> None:
    later = threading.Event()

    def work(part: int) -> int:
        if part == 0:
            assert later.wait(30)  # the first ends after the second has begun
        later.set()
        return part * part

    assert list(side_by_side(work, range(5))) == [0, 1, 4, 9, 16]


def test_one_part_is_done_by_the_caller_itself() -> None:
    assert list(side_by_side(lambda _: threading.current_thread(), [0])) == [threading.main_thread()]
    assert list(side_by_side(lambda part: part, [])) == []


def test_no_more_is_begun_than_can_be_held() -> None:
    begun: list[int] = []

    def parts() -> Iterator[int]:
        for part in range(100):
            begun.append(part)
            yield part

    found = side_by_side(lambda part: part, parts())
    assert next(found) == 0
    assert len(begun) <= 4  # two cores, the one that was used, and the one that takes its place
    found.close()  # type: ignore[attr-defined]
    assert len(begun) <= 4


def test_each_part_has_the_time_limit_and_the_watcher_of_the_caller() -> None:
    told: list[float] = []

    def work(part: int) -> None:
        progress("working", part, 2)
        check_time()

    with watched(lambda _, share: told.append(share)):
        list(side_by_side(work, [0, 1]))
    assert sorted(told) == [0, 0.5]
    with time_limit(0), pytest.raises(TimeLimit):
        list(side_by_side(work, [0, 1]))
