import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.viz.planted import HOSTILE, arranged, hostile
from viz.network_map import NetworkMap
from viz.page import SERVED_POLICY, Surroundings
from viz.render import SCRIPTS, map_page


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def data(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_everything_on_the_map_is_in_the_data_and_in_the_table() -> None:
    whole = arranged(60, isolates=6)
    page = map_page(whole, standalone=True)
    drawn, elements = data(page), Elements(page)
    nodes, ties = {node.id for node in whole.nodes}, {tie.id for tie in whole.relationships}
    assert {node["id"] for node in drawn["nodes"]} == {row["data-node"] for row in elements.named("tr")[1:]} == nodes
    sentences = {item["data-relationship"] for item in elements.named("li") if "data-relationship" in item}
    assert {edge["id"] for edge in drawn["edges"]} == sentences == ties


def test_nothing_moves_in_the_browser() -> None:
    options = json.loads(data(map_page(arranged(30), standalone=True))["options"])
    assert (options["physics"]["enabled"], options["layout"]["improvedLayout"], options["edges"]["smooth"]) == (
        False,
    ) * 3


@pytest.mark.parametrize("standalone", [True, False])
def test_the_page_names_no_outside_file(standalone: bool) -> None:
    elements = Elements(map_page(arranged(30), standalone=standalone))
    addresses = [attributes.get("src") for tag in ("script", "img") for attributes in elements.named(tag)]
    addresses += [attributes.get("href") for attributes in elements.named("link")]
    assert [address for address in addresses if address and not address.startswith(("/static/", "data:"))] == []


@pytest.mark.parametrize("standalone", [True, False])
def test_no_handler_and_no_style_stands_in_an_element(standalone: bool) -> None:
    elements = Elements(map_page(hostile(), standalone=standalone))
    assert [
        name for _, attributes in elements.found for name in attributes if name.startswith("on") or name == "style"
    ] == []


def test_a_served_page_has_no_script_or_style_of_its_own() -> None:
    page = map_page(arranged(30), standalone=False, around=Surroundings(static="/s", stylesheets=("/s/site.css",)))
    scripts = Elements(page).named("script")
    assert [script.get("src") for script in scripts if script.get("type") != "application/json"] == [
        "/s/vendor/vis-network.min.js", "/s/search.js", "/s/names.js", "/s/drawing.js", "/s/map.js",
    ]  # fmt: skip
    assert not Elements(page).named("style")
    assert "unsafe" not in SERVED_POLICY


def test_a_standalone_page_allows_exactly_its_own_scripts() -> None:
    page = map_page(arranged(30), standalone=True)
    policy = next(meta["content"] for meta in Elements(page).named("meta") if meta.get("http-equiv"))
    assert policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.count("'sha256-") == 1 + len(SCRIPTS)
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("standalone", [True, False])
def test_hostile_words_stay_words(standalone: bool) -> None:
    page = map_page(hostile(), standalone=standalone)
    elements = Elements(page)
    assert {name for name, _ in elements.found} & {"b", "iframe", "object"} == set()
    assert len(elements.named("img")) == (1 if standalone else 0)
    assert all(address.startswith(("#", "/", "https://example.org")) for address in hrefs(elements))
    names = {node["name"] for node in data(page)["details"]["nodes"].values()}
    assert names == set(HOSTILE)
    assert (
        "49"
        not in re.sub(r"<script.*", "", page, flags=re.DOTALL).split("What is shown")[0].replace("sha256", "")[-400:]
    )


def hrefs(elements: Elements) -> list[str]:
    return [attributes["href"] or "" for attributes in elements.named("a") if "href" in attributes]


def test_links_to_saved_forms_are_for_the_served_page_only() -> None:
    around = Surroundings(saves=(("Picture (SVG)", "/v1/maps/network.svg"),))
    assert "/v1/maps/network.svg" in map_page(arranged(30), standalone=False, around=around)
    assert "/v1/maps/network.svg" not in map_page(arranged(30), standalone=True, around=around)


def test_an_empty_map_says_what_to_do() -> None:
    page = map_page(NetworkMap(title="Nothing", summary="Nothing fits."), standalone=True)
    assert "There is nothing to draw" in page
    assert not Elements(page).named("script")


def test_parallel_relationships_are_drawn_apart() -> None:
    whole = arranged(30)
    twice = whole.relationships[0].model_copy(update={"id": "twice"})
    edges = data(map_page(whole.model_copy(update={"relationships": (*whole.relationships, twice)}), standalone=True))[
        "edges"
    ]
    looks = {edge["id"]: json.dumps(edge["smooth"]) for edge in edges}
    assert looks["twice"] != looks[whole.relationships[0].id]
