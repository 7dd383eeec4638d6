"""The map page in a real browser: the picture, the table and the sentences always say the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.services.browser import WatchedPages, accessibility_faults
from tests.viz.planted import HOSTILE, around, arranged, hostile
from viz.grounds import touches
from viz.labels import Box
from viz.network_map import NetworkMap
from viz.page import SERVED_POLICY, Surroundings
from viz.render import map_page

STATIC = Path(__file__).parents[2] / "viz" / "static"
KINDS = {".js": "text/javascript", ".css": "text/css"}
Opened = Callable[..., Page]


@pytest.fixture
def show(pages: WatchedPages, tmp_path: Path) -> Opened:
    """Open a map as a file, as one would from a mail."""

    def opened(whole: NetworkMap, hash: str = "", **options: Any) -> Page:
        file = tmp_path / "map.html"
        file.write_text(map_page(whole, standalone=True), encoding="utf-8")
        page = pages.open(**{"viewport": {"width": 1400, "height": 900}, **options})
        page.goto(file.as_uri() + hash)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-drawn]")
        return page

    return opened


@pytest.fixture
def served(pages: WatchedPages) -> Opened:
    """Open a map as the service gives it: own script files, strict policy."""

    def opened(whole: NetworkMap) -> Page:
        body = map_page(whole, standalone=False, around=Surroundings(saves=(("Picture", "/v1/maps/network.svg"),)))

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix("http://map.invalid")
            if path == "/":
                headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": SERVED_POLICY}
                route.fulfill(body=body, headers=headers)
            else:
                file = STATIC / path.removeprefix("/static/")
                route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])

        page = pages.open(viewport={"width": 1400, "height": 900})
        page.route("**/*", answer)
        page.goto("http://map.invalid/")
        page.wait_for_selector("html[data-drawn]")
        return page

    return opened


def drawn(page: Page) -> tuple[list[str], list[str]]:
    found = page.evaluate("cogsMap.drawing.drawn()")
    return sorted(found["nodes"]), sorted(found["relationships"])


def written(page: Page) -> tuple[list[str], list[str]]:
    rows = page.eval_on_selector_all(
        "#nodes tbody tr", "rows => rows.filter(r => r.checkVisibility()).map(r => r.dataset.node)"
    )
    items = page.eval_on_selector_all(
        "#relationships > li", "all => all.filter(i => i.checkVisibility()).map(i => i.dataset.relationship)"
    )
    return sorted(rows), sorted(items)


def counts(page: Page) -> dict[str, int]:
    script = """all => Object.fromEntries(all.map(box => [
        `${box.dataset.part}:${box.value}`, Number(box.parentElement.querySelector('.count').textContent)]))"""
    found: dict[str, int] = page.eval_on_selector_all("#filters input", script)
    return found


def test_the_whole_map_is_drawn_and_written(show: Opened) -> None:
    whole = arranged(60, isolates=6)
    page = show(whole)
    expected = sorted(node.id for node in whole.nodes), sorted(tie.id for tie in whole.relationships)
    assert drawn(page) == written(page) == expected


def test_table_equals_picture_for_every_filter(show: Opened) -> None:
    whole = arranged(60, isolates=6)
    page = show(whole)
    boxes = page.locator("#filters input")
    for place in range(boxes.count()):
        box = boxes.nth(place)
        box.uncheck()
        nodes, ties = drawn(page)
        assert (nodes, ties) == written(page)
        kept, said = [node.kind for node in whole.nodes if node.id in nodes], counts(page)
        assert {kind.name: said[f"kind:{kind.name}"] for kind in whole.kinds} == {
            kind.name: kept.count(kind.name) for kind in whole.kinds
        }
        assert sum(said[f"type:{row.name}"] for row in whole.types) == len(ties)
        assert said[f"{box.get_attribute('data-part')}:{box.get_attribute('value')}"] == 0
        box.check()
    assert len(drawn(page)[0]) == 60


def test_filtering_a_kind_takes_its_relationships_and_neighbours_along(show: Opened) -> None:
    page = show(arranged(60))
    page.locator("#filters input[value=organisation]").uncheck()
    linked = page.eval_on_selector_all(
        "#nodes tbody tr:not([hidden]) li:not([hidden])", "all => all.map(i => i.dataset.node)"
    )
    assert set(linked) <= set(drawn(page)[0])
    assert "without=kind%3Aorganisation" in page.url
    page.get_by_role("button", name="Show everything").click()
    assert len(drawn(page)[0]) == 60


@pytest.mark.parametrize("words", ["North Housing Trust", "north housing", "nn0", "housing trust"])
def test_search_by_name_part_of_name_or_alias_goes_there(show: Opened, words: str) -> None:
    page = show(arranged(60))
    page.get_by_label("Find a name").fill(words)
    page.keyboard.press("Enter")
    assert page.locator("#details h2").inner_text() == "North Housing Trust"
    assert "node=n0" in page.url


def test_search_without_a_hit_says_what_to_do(show: Opened) -> None:
    page = show(arranged(30))
    page.get_by_label("Find a name").fill("Atlantis")
    page.keyboard.press("Enter")
    assert page.get_by_role("status").filter(has_text="Nothing on this map is called “Atlantis”").is_visible()


def test_details_give_sentences_with_footnotes(show: Opened) -> None:
    whole = arranged(60)
    page = show(whole, "#node=n0")
    details = page.locator("#details")
    assert details.get_attribute("aria-live") == "polite"
    assert "1st cog of connection: joins group 0 and group 1." in details.inner_text()
    own = [tie.sentence for tie in whole.relationships if "n0" in (tie.source, tie.target)]
    assert sorted(details.locator(".sentence").all_inner_texts()) == sorted(own)
    assert details.locator("cite").last.inner_text() == "A report, section 2, lines 3-9"


def place_of(page: Page, id: str) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(
        "id => cogsMap.drawing.network.canvasToDOM(cogsMap.drawing.nodes.get(id))", id
    )
    return found


def test_hover_tells_and_click_opens(show: Opened) -> None:
    page = show(arranged(30))
    at, frame = place_of(page, "n0"), page.locator("#map").bounding_box()
    assert frame
    page.mouse.move(frame["x"] + at["x"] - 3, frame["y"] + at["y"])
    page.mouse.move(frame["x"] + at["x"], frame["y"] + at["y"])
    page.wait_for_selector("#hint:not([hidden])")
    assert page.locator("#hint").inner_text() == "North Housing Trust, organisation, joins 2 groups"
    page.mouse.click(frame["x"] + at["x"], frame["y"] + at["y"])
    page.wait_for_selector("#details h2")
    assert page.locator("#details h2").inner_text() == "North Housing Trust"


def test_clicking_a_relationship_opens_its_sentence(show: Opened) -> None:
    whole = arranged(30)
    page = show(whole, f"#relationship={whole.relationships[0].id}")
    assert page.locator("#details .sentence").inner_text() == whole.relationships[0].sentence


def test_the_keyboard_walks_along_relationships(show: Opened) -> None:
    whole = arranged(30)
    page = show(whole)
    page.get_by_role("application", name="Map: Who works with whom").focus()
    page.keyboard.press("Enter")
    start = page.evaluate("cogsMap.state().node")
    neighbours = {
        end for tie in whole.relationships if start in (tie.source, tie.target) for end in (tie.source, tie.target)
    }
    places = {node.id: (node.x, node.y) for node in whole.nodes}
    walked = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
        page.evaluate("id => { location.hash = 'node=' + id; }", start)
        page.wait_for_function("id => cogsMap.state().node === id", arg=start)
        page.keyboard.press(key)
        reached = page.evaluate("cogsMap.state().node")
        walked.append(reached)
        if reached != start:
            axis, sign = {"ArrowRight": (0, 1), "ArrowLeft": (0, -1), "ArrowDown": (1, 1), "ArrowUp": (1, -1)}[key]
            assert reached in neighbours
            assert sign * (places[reached][axis] - places[start][axis]) > 0
    assert len(set(walked) - {start}) >= 2
    page.keyboard.press("Escape")
    assert page.locator("#details").is_hidden()


def test_walking_tells_the_number_of_neighbours_in_plain_words(show: Opened) -> None:
    whole = arranged(30)
    page, said = show(whole), set()
    page.locator("#map").focus()
    for id in ("n3", "n4", "n5"):  # the hubs, whose neighbours have no other
        for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
            page.evaluate("id => { location.hash = 'node=' + id; }", id)
            page.wait_for_function("id => cogsMap.state().node === id", arg=id)
            page.keyboard.press(key)
            said.add(page.locator("#said").inner_text())
    ties = {f"{node.name}, {node.kind}": node.ties for node in whole.nodes}
    walked = [text.split(". ")[0] for text in said if "Enter opens details" in text]
    assert set(walked) <= {f"{start}, {n} neighbour{'' if n == 1 else 's'}" for start, n in ties.items()}
    assert any(text.endswith(", 1 neighbour") for text in walked)


@pytest.mark.parametrize("width", [1400, 390])
def test_the_centre_is_named_in_picture_table_and_details(show: Opened, width: int) -> None:
    page = show(around("n25"), viewport={"width": width, "height": 844})
    assert "n25" in page.evaluate("cogsMap.drawing.placed.map(name => name.owner)")
    assert page.locator("#nodes tr[data-node=n25] .cog").inner_text() == "the centre"
    assert page.locator("#filters .key", has_text="the centre").is_visible()
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("cogsMap.state().node") == "n25"  # where walking begins
    assert "The centre of this map." in page.locator("#details").inner_text()


def test_the_keyboard_zooms(show: Opened) -> None:
    page = show(arranged(30))
    page.locator("#map").focus()
    scale = "cogsMap.drawing.network.getScale()"
    fitted = page.evaluate(scale)
    page.keyboard.press("+")
    assert page.evaluate(scale) > fitted
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert page.evaluate(scale) < fitted
    page.keyboard.press("0")
    assert page.evaluate(scale) == pytest.approx(fitted)


def test_back_and_the_address_bring_the_state_back(show: Opened) -> None:
    page = show(arranged(60), "#node=n1&without=kind:person")
    assert page.locator("#filters input[value=person]").is_checked() is False
    page.locator("#filters input[value=event]").uncheck()
    page.locator("#details .close").click()
    assert page.locator("#details").is_hidden()
    page.go_back()
    page.wait_for_selector("#details h2")
    page.go_back()
    page.wait_for_function("document.querySelector('#filters input[value=event]').checked")
    assert drawn(page) == written(page)


def test_every_cog_has_its_name_on_the_picture(show: Opened) -> None:
    whole = arranged(200, groups=6)
    page = show(whole)
    named = page.evaluate("cogsMap.drawing.placed.map(name => name.owner)")
    assert {node.id for node in whole.nodes if node.is_cog} <= set(named)


def test_names_on_the_picture_do_not_cover_one_another(show: Opened) -> None:
    page = show(arranged(200, groups=6))
    hits = """() => { const b = cogsMap.drawing.placed.map(n => n.place); return b.filter((o, i) => b.some((p, j) =>
        i < j && o.left < p.right && p.left < o.right && o.top < p.bottom && p.top < o.bottom)).length; }"""
    assert page.evaluate(hits) == 0


def test_names_of_groups_stand_on_no_other_ground(show: Opened) -> None:
    page = show(arranged(120, groups=12))
    scale, grounds, placed = page.evaluate("""() => [cogsMap.drawing.network.getScale(),
        cogsMap.drawing.groups.map(g => [g.id, g.outline]),
        cogsMap.drawing.placed.map(n => [n.owner, n.place.left, n.place.top, n.place.right, n.place.bottom])]""")
    named = {owner: Box(*(edge / scale for edge in edges)) for owner, *edges in placed if owner.startswith("group ")}
    assert len(named) >= 8
    assert [
        (name, id) for name, box in named.items() for id, ground in grounds
        if name != f"group {id}" and touches(box, ground)
    ] == []  # fmt: skip


def test_in_a_crowd_many_names_fit(show: Opened) -> None:
    """Measured: 46 of 200 while a name had eight places and one form, 60 with twelve and shorter lines."""
    page = show(arranged(200, groups=6))
    assert page.evaluate("cogsMap.drawing.placed.filter(n => !n.owner.startsWith('group ')).length") >= 53


def test_on_a_phone_columns_become_a_list_that_can_be_read(show: Opened) -> None:
    whole = arranged(30)
    order = tuple((node.id, place % 2) for place, node in enumerate(whole.nodes))
    page = show(whole.model_copy(update={"column": order}), viewport={"width": 390, "height": 844})
    scale, placed = page.evaluate("""() => [cogsMap.drawing.network.getScale(),
        cogsMap.drawing.placed.filter(n => !n.owner.startsWith('group '))
            .map(n => [n.owner, n.place.top, n.place.right, n.place.lines.join(' ')])]""")
    names = {node.id: node.name for node in whole.nodes}
    assert scale == 1
    assert {owner: words for owner, _, _, words in placed} == names  # all, and whole
    assert [owner for owner, *_ in sorted(placed, key=lambda name: name[1])] == [id for id, _ in order]
    assert max(right for _, _, right, _ in placed) < page.locator("#map").bounding_box()["width"] - 18  # type: ignore[index]


def test_more_names_appear_when_zoomed_in(show: Opened) -> None:
    page = show(arranged(200, groups=6))
    before = page.evaluate("cogsMap.drawing.placed.length")
    page.get_by_role("button", name="larger").click()
    page.get_by_role("button", name="larger").click()
    page.wait_for_function("before => cogsMap.drawing.placed.length > before", arg=before)


@pytest.mark.parametrize("width", [1400, 390])
def test_no_accessibility_fault(show: Opened, width: int) -> None:
    page = show(arranged(60, isolates=6), "#node=n0", viewport={"width": width, "height": 844})
    assert accessibility_faults(page) == []


def test_on_a_phone_nothing_runs_over_the_edge(show: Opened) -> None:
    page = show(arranged(60), viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    panel, picture = page.locator(".panel").bounding_box(), page.locator("#map").bounding_box()
    assert panel
    assert picture
    assert panel["y"] > picture["y"] + picture["height"] - 1


def test_without_scripts_everything_can_be_read(show: Opened) -> None:
    page = show(arranged(30), java_script_enabled=False)
    assert page.locator(".still").is_visible()
    assert page.locator("#nodes tbody tr").count() == 30
    assert page.locator(".sentences .sentence").first.is_visible()


def test_printing_gives_picture_and_table(show: Opened) -> None:
    page = show(arranged(30))
    page.emulate_media(media="print")
    page.locator(".still").wait_for(state="visible")
    assert page.locator("#map").is_hidden()
    assert page.locator("#nodes").is_visible()


def test_the_skip_link_leads_to_the_table(show: Opened) -> None:
    page = show(arranged(30), "#node=n0")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "as-text"
    assert page.locator("#details h2").is_visible()


@pytest.mark.parametrize("way", ["file", "served"])
def test_hostile_words_stay_words(show: Opened, served: Opened, way: str) -> None:
    whole = hostile()
    page = show(whole) if way == "file" else served(whole)
    for node in whole.nodes[:10]:
        page.evaluate("id => { location.hash = 'node=' + id; }", node.id)
        page.wait_for_function("id => cogsMap.state().node === id", arg=node.id)
        assert page.locator("#details h2").text_content() == node.name
        assert page.locator("#details img, #details script").count() == 0
    assert page.locator("h1").text_content() == HOSTILE[0]
    assert page.evaluate("document.title") == HOSTILE[0]
    assert [
        href for href in page.eval_on_selector_all("a", "all => all.map(a => a.protocol)") if href == "javascript:"
    ] == []
    assert drawn(page) == written(page)


def test_the_served_page_draws_under_its_policy(served: Opened) -> None:
    page = served(arranged(60))
    assert drawn(page) == written(page)
    assert page.get_by_role("link", name="Picture", exact=True).get_attribute("href") == "/v1/maps/network.svg"
