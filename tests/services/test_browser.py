"""The watch that other tests trust: it must see each thing that a page may not do."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.services.browser import WatchedPages, accessibility_faults

POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'">"""


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p>nothing</p>", ""),
        ("<script>console.error('wrong')</script>", "console error: wrong"),
        ("<script>console.warn('odd')</script>", "console warning: odd"),
        ("<script>throw new Error('broken')</script>", "uncaught: broken"),
        ("<script>alert('hostile')</script>", "dialog: hostile"),
        ("<img src='http://127.0.0.1:9/picture.png'>", "request outside file://: http://127.0.0.1:9/picture.png"),
        (f"{POLICY}<script>1</script>", "script-src-elem blocked inline"),
    ],
)
def test_watch_sees(browser: Browser, tmp_path: Path, body: str, complaint: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><title>t</title>{body}")
    pages = WatchedPages(browser)
    page = pages.open()
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    pages.close()
    assert (complaint in "\n".join(pages.complaints())) if complaint else (pages.complaints() == [])


def test_expected_complaints_are_left_out(pages: WatchedPages) -> None:
    page = pages.open()
    page.evaluate("console.error('asked for 404')")
    pages.expect("404")
    assert pages.complaints() == []


def test_accessibility_fault_is_found(page: Page) -> None:
    page.set_content("<!doctype html><html lang='en'><title>t</title><main><h1>h</h1><img src='data:,'></main></html>")
    assert [fault.split(":")[0] for fault in accessibility_faults(page)] == ["image-alt"]
