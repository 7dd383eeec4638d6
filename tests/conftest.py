"""Real services for every test, and the rule that none may be missing where it matters."""

import atexit
import os
import signal
import sys
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

import hypothesis
import pytest
from playwright.sync_api import Browser, Page

from tests.services.browser import WatchedPages, running_browser
from tests.services.need import ServiceMissing
from tests.services.neo4j_face import Neo4jServer
from tests.services.neo4j_server import start_neo4j

SERVICES_REQUIRED = bool(os.environ.get("CI")) or os.environ.get("COGS_REQUIRE_SERVICES") == "1"

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# The same examples on every run, so that a red suite is red again; `make test-long` looks for new ones.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("long", max_examples=2000, deadline=None, print_blob=True)
hypothesis.settings.load_profile("ci")


def pytest_configure() -> None:
    # A test must not see the settings of whoever runs it, nor the width of their window, and a terminated run must
    # stop its services like any other.
    kept = ("COGS_TEST_", "COGS_REQUIRE_SERVICES")  # the processes that run the tests are told of these
    for name in [name for name in os.environ if name.startswith(("COGS_", "COLUMNS")) and not name.startswith(kept)]:
        del os.environ[name]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Playwright keeps an event loop running in this thread once it has started, and then no test may run its own.
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, Any, Any]:
    return (yield from skip_when_missing())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    return (yield from skip_when_missing())


def skip_when_missing() -> Generator[None, Any, Any]:
    try:
        return (yield)
    except ServiceMissing as reason:
        pytest.skip(str(reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return fail_when_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return fail_when_skipped((yield))


def fail_when_skipped(report: Report) -> Report:
    if report.skipped and SERVICES_REQUIRED and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report


@pytest.fixture(autouse=True, scope="session")
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test away from the data of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def neo4j_session() -> Iterator[Neo4jServer]:
    """One server for the whole run, started when a test first asks for it."""
    server = start_neo4j()
    atexit.register(server.close)
    yield server
    atexit.unregister(server.close)
    server.close()


@pytest.fixture(scope="module")
def neo4j_server(neo4j_session: Neo4jServer) -> Neo4jServer:
    """A real Neo4j, empty when the module begins."""
    neo4j_session.empty()
    return neo4j_session


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real browser for the whole run."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def pages(browser: Browser) -> Iterator[WatchedPages]:
    """Open pages with options; at the end of the test none may have done what it must not."""
    watched = WatchedPages(browser)
    yield watched
    watched.close()
    assert watched.complaints() == []


@pytest.fixture
def page(pages: WatchedPages) -> Page:
    """Give an empty page that is watched."""
    return pages.open()
