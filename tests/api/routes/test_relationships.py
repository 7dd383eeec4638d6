"""Relationships over HTTP; expected values are read off `tests/api/networks.py` by hand."""

import pytest
from starlette.testclient import TestClient

from tests.api.routes.test_nodes import walk


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ("limit=500", ["south-delivers", "trust-delivers", "north-funds", "north-in-northby", "south-in-southby",
                       "north-with-trust"]),
        ("type=DELIVERS", ["south-delivers", "trust-delivers"]),
        ("kind=organisation", ["north-funds", "north-with-trust"]),
        ("include_inferred=false&type=DELIVERS", ["south-delivers"]),
        ("min_confidence=0.6&type=DELIVERS", ["south-delivers"]),
        ("source=North+Council", ["north-funds", "north-in-northby", "north-with-trust"]),
        ("target=hill-trust", ["north-funds", "north-with-trust"]),
        ("source=NC&target=northby", ["north-in-northby"]),
        ("role=joint", ["north-with-trust"]),
        ("role=executive", []),
    ],
)  # fmt: skip
def test_relationships_are_filtered(client: TestClient, filters: str, ids: list[str]) -> None:
    assert walk(client, f"/v1/relationships?{filters}") == [ids]


def test_relationships_are_paged(client: TestClient) -> None:
    assert walk(client, "/v1/relationships?limit=4") == [
        ["south-delivers", "trust-delivers", "north-funds", "north-in-northby"],
        ["south-in-southby", "north-with-trust"],
    ]


def test_one_relationship_is_whole(client: TestClient) -> None:
    answer = client.get("/v1/relationships/south-delivers").json()
    assert answer["sentence"].startswith("South Council")
    assert (answer["strength"], answer["confidence"], answer["note"]) == (0.9, 1.0, "By letter.")


@pytest.mark.parametrize("id", ["ada-leads", "nothing", "a/b"])
def test_an_unknown_or_hidden_relationship_is_not_there(client: TestClient, id: str) -> None:
    answer = client.get(f"/v1/relationships/{id}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == f"There is no relationship with the id “{id}”."
