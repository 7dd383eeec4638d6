"""Maps over HTTP: every style as page, picture and data, under our own policy."""

import struct
import xml.etree.ElementTree as ET

import pytest
from starlette.testclient import TestClient

from api.routes.maps import FORMS
from viz.maps import style_names
from viz.network_map import NetworkMap

ASKED = {"ego": "?node=NC"}  # what a style needs


def test_every_style_is_listed(client: TestClient) -> None:
    assert [item["name"] for item in client.get("/v1/maps").json()["items"]] == list(style_names())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("style", style_names())
def test_every_style_has_every_form(client: TestClient, style: str, form: str) -> None:
    answer = client.get(f"/v1/maps/{style}{form}{ASKED.get(style, '')}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].split(";")[0] == FORMS[form]


def test_the_data_is_a_network_map(client: TestClient) -> None:
    answer = client.get("/v1/maps/ego.json?node=NC&kind=organisation")
    drawn = NetworkMap.model_validate_json(answer.content)
    assert {node.id for node in drawn.nodes} == {"north-council", "hill-trust"}
    assert drawn.address == "/v1/maps/ego?node=NC&kind=organisation"
    assert drawn.command == "cogs map ego --node NC --kind organisation -o ego.html"


def test_the_pictures_are_pictures(client: TestClient) -> None:
    assert ET.fromstring(client.get("/v1/maps/network.svg").text).tag == "{http://www.w3.org/2000/svg}svg"
    png = client.get("/v1/maps/network.png").content
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20])[0] >= 1_000


def test_the_page_needs_nothing_from_outside_and_links_its_other_forms(client: TestClient) -> None:
    page = client.get("/v1/maps/ego?node=NC").text
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<style" not in page
    for form in (".svg", ".png", ".json"):
        assert f"/v1/maps/ego{form}?node=NC" in page


@pytest.mark.parametrize(("name", "valid"), [("x", "ego"), ("x.svg", "ego"), ("network.gif", "/v1/maps/network.svg")])
def test_what_there_is_not_names_what_there_is(client: TestClient, name: str, valid: str) -> None:
    answer = client.get(f"/v1/maps/{name}")
    assert answer.status_code == 404
    assert valid in answer.json()["valid"]
