"""Every address is known here, with who may ask for it; one that is missing fails the test."""

from collections.abc import Iterator
from typing import Any

from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from graph.parts import part_names
from graph.questions import question_names
from viz.maps import style_names

# Anybody may ask, and is answered at the level of COGS_AUDIENCE.
ANYBODY = {
    "/", "/search", "/nodes", "/nodes/{id}", "/map", "/map.svg", "/sources", "/sources/{id}", "/vocabulary", "/docs",
    "/about", "/nodes/{id}/relationships", "/ask", "/ask/{question}", "/jobs/{id}",
    "/v1/nodes", "/v1/nodes/{id}", "/v1/nodes/{id}/relationships", "/v1/relationships", "/v1/relationships/{id:path}",
    "/v1/search", "/v1/queries", "/v1/queries/{name}", "/v1/maps", "/v1/maps/{name}", "/v1/export.{name}",
    "/v1/changes", "/v1/jobs/{id}", "/v1/jobs/{id}/answer", "/v1/sources", "/v1/sources/{id}", "/v1/vocabulary",
    "/v1/stats",
    "/healthz", "/readyz", "/metrics", "/openapi.json", "/static",
    *(f"/v1/queries/{name}" for name in question_names()),
    *(f"/v1/maps/{name}{form}" for name in style_names() for form in ("", ".svg", ".png", ".json")),
    *(f"/v1/export.{name}" for name in part_names("graph.exports")),
}  # fmt: skip
# Only this machine itself, where COGS_LOCAL_WRITES allows it.
LOCAL = {("POST", "/v1/introductions"), ("POST", "/v1/consents"), ("POST", "/v1/insights")}
# Whoever has the id, which cannot be guessed.
HOLDERS = {("DELETE", "/v1/jobs/{id}")}
READING = {"GET", "HEAD"}


def leaves(routes: list[BaseRoute]) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from leaves(inner.routes) if inner else [route]


def test_every_route_is_known(client: TestClient) -> None:
    found = list(leaves(client.app.routes))  # type: ignore[attr-defined]
    offered = {(method, route.path) for route in found if isinstance(route, Route) for method in route.methods or ()}
    assert {route.path for route in found} - {path for _, path in LOCAL} == ANYBODY
    assert {one for one in offered if one[0] not in READING} == LOCAL | HOLDERS


def test_no_page_of_the_framework_is_served(client: TestClient) -> None:
    for address in ("/redoc", "/docs/oauth2-redirect"):
        assert client.get(address).status_code == 404
    assert "cdn" not in client.get("/docs").text
