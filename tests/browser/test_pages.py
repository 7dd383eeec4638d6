"""The pages in a real browser: from a search to a node to its map, by mouse and by keyboard, narrow and wide."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from api.app import create_app
from graph.settings import Settings
from graph.store import open_store
from loaders.run import load
from tests.services.browser import WatchedPages, accessibility_faults

PATHS = (
    "/",
    "/search?q=oldham",
    "/search?q=nobody+at+all",
    "/nodes",
    "/nodes/oldham-council",
    "/nodes/collaborate",
    "/nodes/collaborate/relationships?type=PARTNERS_WITH&direction=both",
    "/map",
    "/map?style=communities",
    "/map?style=ego&node=oldham-council",
    "/sources",
    "/sources/covid-learning-2020",
    "/about",
    "/vocabulary",
    "/docs",
    "/ask",
    "/ask/cogs",
    "/ask/coalition?needs=public&needs=academia&size=5",
    "/ask/paths?source=oldham-council",
    "/ask/introductions",
    "/ask/stage",
    "/ask/portfolio?funder=wigan-council",
)
WIDE, NARROW = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over the seed graph, as everybody sees it."""
    path = str(tmp_path_factory.mktemp("pages") / "network.db")
    with open_store(path) as store:
        load(store, ["seeds"], by="test")
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(Settings(store=path)), log_config=None))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", PATHS)
def test_page_is_accessible_and_fits(pages: WatchedPages, home: str, path: str, size: dict[str, int]) -> None:
    page = pages.open(viewport=size)
    page.goto(home + path)
    page.wait_for_load_state("networkidle")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/", "/nodes/oldham-council", "/vocabulary", "/map"])
def test_page_fits_at_four_times_the_size(pages: WatchedPages, home: str, path: str) -> None:
    """1,280 pixels at 400 % are 320."""
    page = pages.open(viewport={"width": 320, "height": 256})
    page.goto(home + path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_a_search_to_a_node_to_its_map(page: Page, home: str) -> None:
    page.goto(home)
    page.get_by_label("Find a person, an organisation, a place, an idea").fill("oldham")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Oldham Council", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Oldham Council")
    page.get_by_role("link", name="Open this map").click()
    page.wait_for_selector("html[data-drawn]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Around Oldham Council")
    page.locator("#nodes").get_by_role("link", name="Oldham Council", exact=True).click()
    expect(page).to_have_url(f"{home}/nodes/oldham-council")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(f"{home}/nodes/oldham-council")


def test_by_keyboard_alone(page: Page, home: str) -> None:
    page.goto(home)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(5):  # four kinds in the first sentence, then the search
        page.keyboard.press("Tab")
    page.keyboard.type("donna hall")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("for “donna hall”")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_disc_opens_by_keyboard_and_leads_back(pages: WatchedPages, home: str, size: dict[str, int]) -> None:
    page = pages.open(viewport=size)
    page.goto(f"{home}/map?style=communities")
    page.locator(".chart:visible a:visible").filter(has_text="Around Collaborate").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The community of Collaborate")
    expect(page.locator("#nodes")).to_contain_text("Collaborate")
    page.get_by_role("link", name="All communities").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Communities")


def test_a_disc_opens_without_scripts(pages: WatchedPages, home: str) -> None:
    page = pages.open(java_script_enabled=False, viewport=WIDE)
    page.goto(f"{home}/map?style=communities")
    page.get_by_role("table").get_by_role("link", name="Around Collaborate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The community of Collaborate")


def test_focus_is_seen(page: Page, home: str) -> None:
    page.goto(home + "/nodes/oldham-council")
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px", page.evaluate("document.activeElement.outerHTML")


def test_footnote_opens_source_section_and_lines(page: Page, home: str) -> None:
    page.goto(home + "/nodes/oldham-council")
    sentence = page.locator(".sentences li", has_text="Oldham Council supports Northern Roots")
    number = sentence.locator(".mark a").first.evaluate("mark => mark.hash")
    sentence.locator(".mark a").first.click()
    note = page.locator(number)
    expect(note).to_be_in_viewport()
    expect(note).to_contain_text("Manifesto for a Collaborative Society")
    expect(note).to_contain_text("line")
    note.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Manifesto for a Collaborative Society")


def test_inferred_facts_are_dotted(page: Page, home: str) -> None:
    page.goto(home + "/nodes/oldham-council")
    sentence = page.locator(".sentence.inferred").first
    assert "dotted" in sentence.evaluate("it => getComputedStyle(it).textDecorationStyle")


def test_pages_are_read_without_scripts(pages: WatchedPages, home: str) -> None:
    page = pages.open(java_script_enabled=False, viewport=WIDE)
    for path, said in (
        ("/", "Donna Hall"),
        ("/nodes/donna-hall", "only they join"),
        ("/map", "Every relationship as a"),
    ):
        page.goto(home + path)
        expect(page.locator("main")).to_contain_text(said)
    assert page.locator("img.still").is_visible()


def test_small_maps_are_drawn_and_move_nothing(page: Page, home: str) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    for path in ("/", "/nodes/oldham-council"):
        page.goto(home + path, wait_until="domcontentloaded")
        picture = page.locator(".small-map img")
        before = picture.bounding_box()
        page.wait_for_load_state("networkidle")
        assert picture.evaluate("it => it.complete && it.naturalWidth > 0")
        assert picture.bounding_box() == before


def test_printing_leaves_the_sources_and_no_forms(page: Page, home: str) -> None:
    page.emulate_media(media="print")
    page.goto(home + "/nodes/oldham-council")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.locator(".notes li").first).to_be_visible()


def test_what_is_not_there_says_where_to_go(pages: WatchedPages, home: str) -> None:
    pages.expect("status of 404")
    page = pages.open(viewport=WIDE)
    page.goto(home + "/nodes/oldham-counsil")
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="Oldham Council", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Oldham Council")
