"""The page of addresses, from what the service says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi.routing import APIRoute

from api.app import create_app
from api.errors import STATUS, TITLES
from api.pages import router as pages
from api.security import LARGEST_BODY, LONGEST_ADDRESS
from docs.making.markdown import code, first_line, table
from graph import limits
from graph.errors import CogsError
from graph.lens import Lens
from graph.settings import Settings

OF_CODE = re.compile(r"; `details`.*| \\(`details.*?\\)")  # what only concerns programmers of the product
BY_PARTS = ("/v1/queries/", "/v1/maps/", "/v1/export.")  # told on the pages of questions, styles and exports
INTRODUCTION = (
    "Every address is read with GET, but for [recording](#recording), and answers JSON unless it says otherwise."
    " `/openapi.json` describes all of them for programs, `/docs` for people. *Lens*: it takes the"
    " [lens](questions.md#the-lens) as parameters."
)


def of_http() -> Iterator[str]:
    """Every address with its parameters and answer; errors and limits."""
    described = create_app(Settings(store="not opened", local_writes=True)).openapi()
    routes = {path: methods["get"] for path, methods in sorted(described["paths"].items()) if "get" in methods}
    yield "# Addresses"
    yield INTRODUCTION
    yield table(["address", "what it answers", "lens"], [_row(path, route) for path, route in routes.items()])
    yield (
        "The parameters of questions, maps and exports stand on their own pages: [questions](questions.md), [map"
        " styles](styles.md), [exports](exports.md)."
    )
    for path, route in routes.items():
        if path.startswith("/v1/") and not path.startswith(BY_PARTS):
            yield from _route(path, route, described["components"]["schemas"])
    yield from _recording(described)
    yield from _errors()
    yield from _limits()
    yield "## Pages"
    yield "For people, in HTML."
    rows = sorted((route.path, first_line(route.endpoint)) for route in all_routes(pages))
    yield table(["address", "what it shows"], [(code(path), shows) for path, shows in rows])


def all_routes(router: Any) -> Iterator[APIRoute]:
    """The addresses of a router or an app, also of the routers that it includes."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif included := getattr(route, "original_router", None):
            yield from all_routes(included)


def _names(route: Mapping[str, Any]) -> list[str]:
    return [one["name"] for one in route.get("parameters", ())]


def _takes_lens(route: Mapping[str, Any]) -> bool:
    return "min_confidence" in _names(route)


def _row(path: str, route: Mapping[str, Any]) -> tuple[str, str, str]:
    told = route["description"] if path.count("/") == 1 else route["summary"]
    return code(path), told, "yes" if _takes_lens(route) else ""


def _route(path: str, route: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {path}"
    yield " ".join(filter(None, (route["summary"], route.get("description"))))
    own = [one for one in route.get("parameters", ()) if one["in"] == "query" and not _is_of_lens(one)]
    if own:
        rows = [(code(one["name"]), _default(one), one["description"]) for one in own]
        yield table(["parameter", "default", "meaning"], rows)
    answer = route["responses"]["200"]["content"].get("application/json", {}).get("schema", {})
    if "$ref" in answer:
        fields = schemas[answer["$ref"].rsplit("/", 1)[-1]]["properties"]
        yield f"The answer has {', '.join(map(code, fields))}."


def _recording(described: Mapping[str, Any]) -> Iterator[str]:
    yield "## Recording"
    yield (
        "With POST and a body of JSON, where `COGS_LOCAL_WRITES` is set, and only from the machine on which the service"
        " runs. Recording the same again changes nothing. The answer says in a sentence what is recorded now."
    )
    posts = {path: methods["post"] for path, methods in sorted(described["paths"].items()) if "post" in methods}
    yield table(["address", "what it records"], [(code(path), post["summary"]) for path, post in posts.items()])
    for path, post in posts.items():
        body = post["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
        fields = described["components"]["schemas"][body]
        yield f"### {path}"
        yield table(
            ["field", "needed", "meaning"],
            [
                (code(name), "yes" if name in fields["required"] else "", field.get("description", ""))
                for name, field in fields["properties"].items()
            ],
        )


def _is_of_lens(parameter: Mapping[str, Any]) -> bool:
    field = Lens.model_fields.get(parameter["name"])
    return field is not None and field.description == parameter["description"]


def _default(parameter: Mapping[str, Any]) -> str:
    if parameter["required"]:
        return "needed"
    default = parameter["schema"].get("default")
    return "" if default in (None, []) else code(default)


def _errors() -> Iterator[str]:
    yield "## Errors"
    yield (
        "Every error is a problem (RFC 9457, `application/problem+json`): `type`, `title`, `status`, `detail` (what is"
        " wrong), `fix` (how to mend it), and where they help `parameter`, `nearest[]`, `candidates[]`, `valid[]`."
    )
    rows = [(str(status), TITLES[kind], _when(kind)) for kind, status in STATUS.items() if kind in TITLES]
    yield table(["status", "title", "when"], sorted(rows))
    yield "A merged node answers 308 with the address of the surviving one. 503 comes with `Retry-After`."


def _when(kind: type[CogsError]) -> str:
    return OF_CODE.sub("", first_line(kind)).rstrip(".") + "."


def _limits() -> Iterator[str]:
    yield "## Limits"
    rows = [
        ("steps of an ego network", limits.DEEPEST),
        ("nodes of an ego network", limits.MOST_NODES),
        ("steps of a path", limits.LONGEST_PATH),
        ("paths in an answer", limits.MOST_PATHS),
        ("entries on a page", limits.LARGEST_PAGE),
        ("bytes of an address", LONGEST_ADDRESS),
        ("bytes of a body", LARGEST_BODY),
    ]
    yield table(["what", "most"], [(what, f"{most:,}") for what, most in rows])
    yield "A question has as many seconds as `COGS_TIME_LIMIT` says, then it is stopped and answers 504."
