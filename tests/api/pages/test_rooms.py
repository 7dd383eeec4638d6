"""Every page: what it says first, that its links lead somewhere, and that it is built as a page should be."""

import html
import re
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from graph.model import Audience, Source
from graph.store.records import Batch
from tests.api.conftest import Serve
from tests.api.networks import HIDDEN
from tests.api.pages.reading_html import Reading, reading
from tests.viz.styles.networks import body, theme, ties

ROOMS = (
    "/",
    "/search",
    "/search?q=council",
    "/search?q=councli",
    "/search?q=zzzz",
    "/search?q=council&kind=organisation",
    "/nodes",
    "/nodes?kind=place",
    "/nodes?kind=insight",
    "/nodes/north-council",
    "/nodes/hill-trust",
    "/nodes/northby",
    "/nodes/shared-table",
    "/nodes/hill-trust/relationships?type=FUNDS&direction=in",
    "/sources",
    "/sources/minutes",
    "/about",
    "/vocabulary",
    "/docs",
)
# Words of the first screen, on the small network as the public sees it: 3 organisations, 1 project, 2 places and
# 6 relationships (a person, a fund and what leads to them are hidden).
SAID = {
    "/": "This network holds 3 organisations, 1 project, 2 places, with 6 relationships among them. "
    "Each fact says where it was read, in 1 source.",
    "/search": "Type part of a name",
    "/search?q=council": "2 results for “council”",
    "/search?q=councli": "One typing error apart: read as “council”.",
    "/search?q=zzzz": "Nothing is called “zzzz”",
    "/search?q=hill": "Words of its name begin so.",
    "/nodes?kind=place": "There are 2 here.",
    "/nodes?kind=insight": "There is nothing here of this kind.",
    "/nodes/north-council": "North Council works with 1 other here.",
    "/nodes/northby": "Northby has 1 relationship here, with 1 organisation.",
    "/nodes/shared-table": "Shared Table has 2 relationships here, with 2 organisations.",
    "/nodes/hill-trust/relationships?type=FUNDS&direction=in": "Hill Trust is funded by North Council, 2019, £40,000",
    "/sources": "Everything here was read in 1 document or file.",
    "/sources/minutes": "12 facts here come from this source: 6 relationships, and 6 entries",
}


def read(client: TestClient, path: str) -> Reading:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, (path, answer.text[:300])
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return reading(answer.text)


@pytest.mark.parametrize("path", SAID)
def test_page_says_first(client: TestClient, path: str) -> None:
    assert SAID[path] in read(client, path).text


def test_the_map_leads_to_the_maps_that_need_no_further_word(client: TestClient) -> None:
    links = set(read(client, "/map").links)
    assert {"/map", "/map?style=framework", "/map?style=shifts"} <= links
    assert "/map?style=ego" not in links  # around whom?


def test_themes_lead_to_the_map_of_their_like(serve: Serve) -> None:
    nodes = [theme("homes", "domain"), theme("from-far-to-near", "shift"), theme("time"), body("ann", "person")]
    called = ties("CALLS_FOR", ("ann", "from-far-to-near"))
    client = serve(Batch([Source(id="walk", title="What was seen")], nodes, called), audience=Audience.private)
    paths = ["/", *(f"/nodes/{node.id}" for node in nodes[:3])]
    maps = {
        path: [link for link in read(client, path).links if link.startswith("/map?style=") and "ego" not in link]
        for path in paths
    }
    first = maps.pop("/")
    assert "/map?style=shifts" in first
    assert "/map?style=framework" not in first  # nothing is an example of a domain here
    assert maps == {
        "/nodes/homes": ["/map?style=framework"],
        "/nodes/from-far-to-near": ["/map?style=shifts"],
        "/nodes/time": [],
    }


@pytest.mark.parametrize("path", ROOMS)
def test_page_is_well_built(client: TestClient, path: str) -> None:
    page = read(client, path)
    levels = [level for level, _ in page.headings]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), page.headings
    assert all(words for _, words in page.headings)
    assert len(page.ids) == len(set(page.ids))
    assert page.elements.count("main") == 1 and {"header", "nav", "footer"} <= set(page.elements)
    assert page.links[0] == "#content"
    assert not {"script", "style"} & set(page.elements)
    assert not [name for name in page.attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("path", ROOMS)
def test_every_link_leads_somewhere(client: TestClient, path: str) -> None:
    page = read(client, path)
    for link in {*page.links, *page.pictures}:
        address = urlsplit(link)
        assert not address.netloc, link
        if address.path or address.query:
            answer = client.get(link.partition("#")[0], headers={"Accept": "text/html"})
            assert answer.status_code == 200, (link, answer.text[:200])
        ids = page.ids if not address.path or path == link.partition("#")[0] else reading(answer.text).ids
        assert not address.fragment or address.fragment in ids, link


@pytest.mark.parametrize("path", ROOMS)
def test_page_says_where_the_same_is_as_data(client: TestClient, path: str) -> None:
    page = read(client, path)
    assert "This as data" in page.text
    assert [link for link in page.links if link.startswith(("/v1/", "/openapi.json"))]


@pytest.mark.parametrize("path", ROOMS)
def test_what_is_hidden_is_not_there(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert not [id for id in HIDDEN if id in text or id.replace("-", " ").title() in text]


def test_hidden_node_answers_as_an_unknown_one(client: TestClient) -> None:
    for path in ("/nodes/quiet-fund", "/nodes/quiet-fund/relationships", "/map?style=ego&node=Quiet+Fund"):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert "/nodes/quiet-fund" not in reading(answer.text).links


@pytest.mark.parametrize("path", ["/", "/nodes/north-council", "/sources"])
def test_page_is_kept_until_the_network_changes(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path).content == first.content


def test_seed_pages_are_small(seed_client: TestClient) -> None:
    pages = ("/", "/nodes/oldham-council", "/nodes/collaborate", "/search?q=o", "/sources", "/vocabulary")
    assert max(len(seed_client.get(path).content) for path in pages) < 100_000


def test_search_for_oldham_leads_to_its_page(seed_client: TestClient) -> None:
    page = read(seed_client, "/search?q=oldham")
    results = [link for link in page.links if link.startswith("/nodes/")]
    assert {"/nodes/oldham", "/nodes/oldham-council"} <= set(results[:4])
    assert "Its name is what was searched for." in page.text


def test_seed_says_what_it_was_read_from(seed_client: TestClient, client: TestClient) -> None:
    assert "Five British texts of 2019 and 2020" in seed_client.get("/").text
    assert "Five British texts" not in client.get("/").text


def test_empty_network_says_what_to_do(serve: Serve) -> None:
    with_nothing = serve(Batch([Source(id="minutes", title="Minutes")]))
    assert "cogs load seeds" in read(with_nothing, "/").text
    assert "There is nothing here." in read(with_nothing, "/nodes").text


@pytest.mark.parametrize("text", ["children's", "C++", "a-b", "x/y", "AND", '"', "*", "(", "NEAR(", "🙂", "x" * 1_000])
def test_search_takes_anything(client: TestClient, text: str) -> None:
    answer = client.get("/search", params={"q": text})
    assert answer.status_code == 200
    assert html.escape(text, quote=False) in re.sub("&#34;|&#39;", lambda sign: html.unescape(sign[0]), answer.text)
