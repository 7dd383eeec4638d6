"""Questions as pages: each has a form and an answer with an address to share; a wrong gap says how to mend it."""

import re
import time
from types import ModuleType
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

import api.pages.ask
import api.pages.maps
from graph.actors import actor_graph
from graph.errors import TimeLimit
from graph.model import Audience
from graph.questions import question_names
from tests.api.conftest import Serve
from tests.api.pages.reading_html import Reading, reading

PEOPLE = {"Accept": "text/html"}
# What fills the gaps of each question that has any, and words that its answer on the seed graph begins with.
FILLED = {
    "bridges_needed": ("?a=wigan-council&b=oldham-council", "Which new ties would bring Wigan Council closest to"),
    "coalition": ("?needs=public&needs=academia", "Who could work together on public and academia?"),
    "cog": ("?node=donna-hall", "Whom does Donna Hall join who are not in contact otherwise?"),
    "cogs": ("", "Who holds the network together?"),
    "co_funding": ("", "Who funds the same?"),
    "common_connections": ("?nodes=donna-hall&nodes=toby-lowe", "Who is in contact with all of Donna Hall and Toby"),
    "communities": ("", "Which communities are there?"),
    "compare": ("?before=2015&after=2020", "What has changed from 2015 to 2020?"),
    "connectors": ("?sources=wigan-council&targets=oldham-council", "Who connects Wigan Council with Oldham Council?"),
    "ego_network": ("?node=oldham-council", "Who stands around Oldham Council?"),
    "flows": ("?payer=collaborate", "Where does the money of Collaborate go?"),
    "gaps": ("", "Between which groups, by sector, is contact missing?"),
    "introductions": ("?node=donna-hall", "Whom should Donna Hall meet, and through whom?"),
    "learning": ("", "What has been learned?"),
    "paths": ("?source=oldham-council&target=wigan-council", "How is Oldham Council connected with Wigan Council?"),
    "portfolio": ("?funder=national-lottery-community-fund", "Whom does the money of National Lottery Community Fund"),
    "resilience": ("?leavers=collaborate", "What would be lost if Collaborate left?"),
    "stage": ("", "How far has this network grown?"),
    "timeline": ("?node=oldham-council", "What has happened with Oldham Council?"),
    "undervalued_cogs": ("", "Which cogs of connection does money not reach, of the sector community?"),
}
# Address, status, and words that the page says.
WRONG = [
    ("/ask/nothing", 404, "nothing"),
    ("/ask/cog?node=Norht+Council", 404, "North Council"),
    ("/ask/paths?source=nobody-at-all&target=NC", 404, "Nothing here is called “nobody-at-all”."),
    ("/ask/cogs?limit=many", 422, "limit"),
    ("/ask/cogs?limit=0", 422, "limit"),
    ("/ask/cogs?draws=2001", 422, "draws"),
    ("/ask/cogs?colour=red", 422, "colour"),
    ("/ask/coalition?needs=atlantis", 404, "atlantis"),
    ("/ask/compare?before=2020&after=2010", 422, "before"),
    ("/ask/compare?before=soon&after=2010", 422, "before"),
    ("/ask/paths?source=NC&target=NC", 422, "Name two different nodes."),
    ("/ask/cogs?kind=council", 422, "council"),
    ("/jobs/none", 404, "There is no such job"),
]


def asked(client: TestClient, address: str, status: int = 200) -> Reading:
    answer = client.get(address, headers=PEOPLE)
    assert answer.status_code == status, answer.text[:500]
    page = reading(answer.text)
    assert page.elements.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r"\b(None|nan|NaN|inf|True|False)\b", page.text)
    return page


def test_every_question_has_a_form(seed_client: TestClient) -> None:
    page = seed_client.get("/ask", headers=PEOPLE).text
    assert set(re.findall(r'action="/ask/(\w+)"', page)) == set(question_names())
    assert set(FILLED) == set(question_names())


def test_a_form_offers_names_and_makes_no_ties_for_that(serve: Serve) -> None:
    client = serve()
    assert '<option value="North Council">' in client.get("/ask", headers=PEOPLE).text
    its = cast("Any", client.app).state.service
    assert cast("Any", actor_graph(its.store.arrays(), its.lens)).make.cache_info().currsize == 0


@pytest.mark.parametrize("name", FILLED)
def test_every_question_is_answered_as_a_page(seed_client: TestClient, name: str) -> None:
    address, heading = FILLED[name]
    page = asked(seed_client, f"/ask/{name}{address}")
    assert page.headings[0][1].startswith(heading)
    data = next(link for link in page.links if link.startswith(f"/v1/queries/{name}"))
    assert dict(parse_qsl(urlsplit(data).query)) == dict(parse_qsl(address.removeprefix("?")))
    answer = seed_client.get(data).json()
    assert {"note"} | set(answer["meta"]["notes"]) == {"note"} | {
        note for note in answer["meta"]["notes"] if note.replace("`", "") in page.text
    }


def test_the_page_says_what_the_answer_says(seed_client: TestClient) -> None:
    page, answer = asked(seed_client, "/ask/cogs"), seed_client.get("/v1/queries/cogs").json()
    for cog in answer["cogs"]:
        assert cog["node"]["name"] in page.text
        assert cog["sentence"] in page.text
        assert f"/ask/cog?node={cog['node']['id']}" in page.links
    assert "It is number 1 in nine of ten networks drawn by how sure each fact is." in page.text
    assert "/map?style=cogs" in page.links


def test_an_explanation_is_asked_of_the_same_part_of_the_network(seed_client: TestClient) -> None:
    page = asked(seed_client, "/ask/cogs?limit=3&sector=public&sector=community&draws=0")
    assert "/ask/cog?sector=public&sector=community&node=collaborate" in page.links
    assert "nine of ten" not in page.text


def test_a_page_says_no_names_of_fields(seed_client: TestClient) -> None:
    page = asked(seed_client, "/ask/stage")
    assert "hub and spoke if at least 0.5 (or top fragmentation is) and betweenness ratio fits" in page.text
    assert "null when" not in asked(seed_client, "/ask/cogs").text


def test_empty_gaps_and_what_counts_anyway_leave_the_address(seed_client: TestClient) -> None:
    answer = seed_client.get("/ask/cogs?limit=5&draws=500&place=&group_by=sector", headers=PEOPLE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ask/cogs?limit=5")


def test_a_form_says_what_is_still_to_be_filled_in(seed_client: TestClient) -> None:
    assert "Still to be filled in: with whom." in asked(seed_client, "/ask/paths?source=oldham-council").text


@pytest.mark.parametrize(("address", "status", "said"), WRONG)
def test_what_is_wrong_says_how_to_mend_it(client: TestClient, address: str, status: int, said: str) -> None:
    assert said in asked(client, address, status).text


def test_one_of_the_nearest_names_asks_again(client: TestClient) -> None:
    page = asked(client, "/ask/cog?node=Norht+Council", 404)
    assert "/ask/cog?node=north-council" in page.links
    asked(client, "/ask/cog?node=north-council")


def test_what_is_hidden_is_neither_offered_nor_told(serve: Serve) -> None:
    shown = {level: serve(audience=level) for level in (Audience.public, Audience.network)}
    for address in ("/ask", "/ask/cogs", "/ask/ego_network?node=north-council"):
        assert "Ada Moss" not in shown[Audience.public].get(address, headers=PEOPLE).text
        assert "Ada Moss" in shown[Audience.network].get(address, headers=PEOPLE).text


def test_the_page_of_a_node_leads_to_questions_about_it(client: TestClient) -> None:
    links = asked(client, "/nodes/north-council").links
    assert {"/ask/cog?node=north-council", "/ask/portfolio?funder=north-council"} <= set(links)
    assert not [link for link in asked(client, "/nodes/hill-trust").links if link.startswith("/ask/portfolio")]
    assert "/ask/coalition?needs=northby" in asked(client, "/nodes/northby").links


@pytest.mark.parametrize(
    ("module", "function", "address", "said"),
    [
        (api.pages.ask, "ask", "/ask/cogs?limit=7", "Who holds the network together?"),
        (api.pages.maps, "draw", "/map?style=communities", "Everything in the picture"),
    ],
)
def test_a_page_that_takes_long_is_shown_all_the_same(
    seed_client: TestClient, monkeypatch: pytest.MonkeyPatch, module: ModuleType, function: str, address: str, said: str
) -> None:
    done = getattr(module, function)
    turns: list[str] = []

    def slow_at_first(*given: Any, **more: Any) -> Any:
        turns.append("asked")
        if len(turns) == 1:
            raise TimeLimit("It takes too long.")
        time.sleep(0.3)
        return done(*given, **more)

    monkeypatch.setattr(module, function, slow_at_first)
    begun = seed_client.get(address, headers=PEOPLE)
    assert begun.status_code == 303
    waiting = seed_client.get(begun.headers["location"], headers=PEOPLE).text
    assert "Working on it" in waiting
    assert 'http-equiv="refresh"' in waiting
    for _ in range(600):
        page = seed_client.get(begun.headers["location"], headers=PEOPLE)
        if "Working on it" not in page.text:
            break
        time.sleep(0.05)
    assert page.headers["cache-control"] == "no-store"
    assert said in page.text
