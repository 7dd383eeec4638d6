"""Exports over HTTP: the same bytes that the format writes, at the level of the caller."""

import pytest
from starlette.testclient import TestClient

from api.routes.export import PACKAGE
from graph.lens import Lens
from graph.model import Audience
from graph.parts import part, part_names
from graph.store import open_store
from tests.api.networks import HIDDEN


@pytest.mark.parametrize("name", part_names(PACKAGE))
def test_an_export_is_what_its_format_writes(client: TestClient, name: str) -> None:
    answer = client.get(f"/v1/export.{name}?kind=organisation")
    module = part(PACKAGE, name)
    with open_store(client.app.state.service.settings.store) as store:  # type: ignore[attr-defined]
        lens = Lens(kind=("organisation",), audience=Audience.public)
        assert answer.content == b"".join(module.write(store, lens))
    assert answer.headers["content-type"].split(";")[0] == module.MEDIA_TYPE
    assert answer.headers["content-disposition"] == f'attachment; filename="network{module.SUFFIX}"'
    assert client.get(answer.url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_an_export_holds_nothing_hidden(client: TestClient) -> None:
    text = client.get("/v1/export.jsonl").text
    assert not [id for id in HIDDEN if id in text]


def test_a_lens_that_is_wrong_is_refused_before_anything_is_sent(client: TestClient) -> None:
    answer = client.get("/v1/export.jsonl?place=Atlantis")
    assert answer.status_code == 404
    assert answer.json()["parameter"] == "place"


def test_an_unknown_format_names_those_there_are(client: TestClient) -> None:
    answer = client.get("/v1/export.docx")
    assert answer.status_code == 404
    assert answer.json()["valid"] == list(part_names(PACKAGE))
