"""A real browser for tests, and a watch over what its pages do."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, sync_playwright

from tests.services.need import install, one_at_a_time

# Most of these keep the browser from calling its maker, so that every request seen is the page's own.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
REPORT_CSP = """addEventListener('securitypolicyviolation',
    event => console.error(`policy ${event.effectiveDirective} blocked ${event.blockedURI}`))"""


def find_chromium() -> str:
    """Find Chromium or Chrome, or install Debian's."""
    chosen = os.environ.get("COGS_TEST_CHROMIUM")
    for name in (chosen, "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    install("chromium")
    return shutil.which("chromium") or "chromium"


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run one headless browser."""
    with one_at_a_time():
        program = find_chromium()
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS  # the sandbox refuses to run as root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


class WatchedPages:
    """Pages that share nothing with one another, and whatever they did that no page of ours may do.

    The first address that a page opens is its home; a request to anywhere else is a complaint.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._expected: list[str] = []
        self._seen: list[str] = []

    def open(self, **options: Any) -> Page:
        """Open an empty page; the options are those of a Playwright context, as `viewport` or `java_script_enabled`."""
        context = self._browser.new_context(**options)
        self._contexts.append(context)
        page = context.new_page()
        page.add_init_script(REPORT_CSP)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._seen.append(f"uncaught: {error}"))
        page.on("dialog", self._on_dialog)
        page.on("request", OutsideRequests(self._seen))
        return page

    def expect(self, pattern: str) -> None:
        """Say which complaint a test provokes, for instance `status of 404`."""
        self._expected.append(pattern)

    def complaints(self) -> list[str]:
        """List what happened and was not expected."""
        return [seen for seen in self._seen if not any(re.search(pattern, seen) for pattern in self._expected)]

    def close(self) -> None:
        """Close all pages."""
        for context in self._contexts:
            context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"}:
            self._seen.append(f"console {message.type}: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self._seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()


class OutsideRequests:
    """Notes each request of one page that leaves the place of its first one."""

    def __init__(self, seen: list[str]) -> None:
        self._seen = seen
        self._home = ""

    def __call__(self, request: Request) -> None:
        """Compare one request with the first."""
        address = urlsplit(request.url)
        place = f"{address.scheme}://{address.netloc}"
        self._home = self._home or place
        if place != self._home and address.scheme not in {"data", "blob"}:
            self._seen.append(f"request outside {self._home}: {request.url}")


def accessibility_faults(page: Page) -> list[str]:
    """List what axe-core finds wrong with the page as it stands, one line for each place."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['help']}: {place['html']}" for fault in found for place in fault["nodes"]]
