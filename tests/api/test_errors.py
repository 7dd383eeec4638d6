"""Every error answers as a problem: the table of classes, and what people and programs get wrong."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.errors import STATUS, TITLES, answer_error
from api.security import LARGEST_BODY, LONGEST_ADDRESS
from graph import errors
from graph.settings import Settings
from tests.api.conftest import Serve

EGO, PATHS = "/v1/queries/ego_network", "/v1/queries/paths"
BAD_CURSORS = ("x", "====", "bm9uZQ", "a2luZC9pZA==", "%00", "Z" * 3_000, "", "a2luZC9pZA%0A")

# Address, status, and the parameter that the problem names.
MALFORMED: list[tuple[str, int, str | None]] = [
    ("/v1/nodes?limit=0", 422, "limit"),
    ("/v1/nodes?limit=501", 422, "limit"),
    ("/v1/nodes?limit=-1", 422, "limit"),
    ("/v1/nodes?limit=ten", 422, "limit"),
    ("/v1/nodes?limit=1.0", 422, "limit"),
    ("/v1/nodes?limit=1_0", 422, "limit"),
    ("/v1/nodes?limit=%2B1", 422, "limit"),
    ("/v1/nodes?limit=1e1", 422, "limit"),
    ("/v1/nodes?limit=٣", 422, "limit"),
    ("/v1/nodes?limit=", 422, "limit"),
    ("/v1/nodes?limit=99999999999999999999999999999999", 422, "limit"),
    ("/v1/nodes?limit=5&limit=6", 422, "limit"),
    *((f"/v1/nodes?cursor={cursor}", 422, "cursor") for cursor in BAD_CURSORS),
    ("/v1/nodes?kind=council", 422, "kind"),
    ("/v1/nodes?kind=", 422, "kind"),
    ("/v1/nodes?kind=organisation&kind=Organisation", 422, "kind"),
    ("/v1/nodes?kind=%00", 422, "kind"),
    ("/v1/nodes?type=LIKES", 422, "type"),
    ("/v1/nodes?type=funds", 422, "type"),
    ("/v1/nodes?sector=charity", 422, "sector"),
    ("/v1/nodes?place=Atlantis", 404, "place"),
    ("/v1/nodes?place=north-council", 404, "place"),
    ("/v1/nodes?place=%F0%9F%99%82", 404, "place"),
    ("/v1/nodes?theme=alchemy", 404, "theme"),
    ("/v1/nodes?at=yesterday", 422, "at"),
    ("/v1/nodes?at=2019-13", 422, "at"),
    ("/v1/nodes?at=2019-02-30", 422, "at"),
    ("/v1/nodes?at=20191009", 422, "at"),
    ("/v1/nodes?at=09/10/2019", 422, "at"),
    ("/v1/nodes?at=2019%0A", 422, "at"),
    ("/v1/nodes?at=0000", 422, "at"),
    ("/v1/nodes?at=2019&since=2018", 422, "at"),
    ("/v1/nodes?since=2020&until=2019", 422, "since"),
    ("/v1/nodes?since=", 422, "since"),
    ("/v1/nodes?until=-44-03-15", 422, "until"),
    ("/v1/nodes?min_confidence=1.1", 422, "min_confidence"),
    ("/v1/nodes?min_confidence=-0.1", 422, "min_confidence"),
    ("/v1/nodes?min_confidence=NaN", 422, "min_confidence"),
    ("/v1/nodes?min_confidence=Infinity", 422, "min_confidence"),
    ("/v1/nodes?min_confidence=1e999", 422, "min_confidence"),
    ("/v1/nodes?min_confidence=0,5", 422, "min_confidence"),
    ("/v1/nodes?include_inferred=yes", 422, "include_inferred"),
    ("/v1/nodes?include_inferred=1", 422, "include_inferred"),
    ("/v1/nodes?include_inferred=True", 422, "include_inferred"),
    ("/v1/nodes?include_inferred", 422, "include_inferred"),
    ("/v1/nodes?audience=private", 422, "audience"),
    ("/v1/nodes?kinds=place", 422, "kinds"),
    ("/v1/nodes?Limit=5", 422, "Limit"),
    ("/v1/nodes/north-council?limit=5", 422, "limit"),
    ("/v1/nodes/nobody", 404, None),
    ("/v1/nodes/north%2Fcouncil", 404, None),
    ("/v1/nodes/%00", 404, None),
    ("/v1/nodes/%FF", 404, None),
    ("/v1/nodes/nobody/relationships", 404, None),
    ("/v1/nodes/north-council/relationships?direction=up", 422, "direction"),
    ("/v1/nodes/north-council/relationships?kind=council", 422, "kind"),
    ("/v1/nodes/north-council/relationships?type=LIKES", 422, "type"),
    ("/v1/nodes/north-council/relationships?role=", 422, "role"),
    ("/v1/relationships?source=nobody", 404, "source"),
    ("/v1/relationships?target=", 422, "target"),
    ("/v1/relationships?role=a&role=b", 422, "role"),
    ("/v1/search", 422, "q"),
    ("/v1/search?q=", 422, "q"),
    ("/v1/search?q=%20%20", 422, "q"),
    ("/v1/search?q=" + "a" * 1_001, 422, "q"),
    ("/v1/search?q=north&cursor=a2luZC9pZA", 422, "cursor"),
    ("/v1/search?q=north&cursor=bWF0Y2gvLTE", 422, "cursor"),
    ("/v1/search?q=a&q=b", 422, "q"),
    ("/v1/queries?limit=5", 422, "limit"),
    ("/v1/queries/nothing", 404, None),
    ("/v1/queries/__init__", 404, None),
    (EGO, 422, "node"),
    (f"{EGO}?node=", 422, "node"),
    (f"{EGO}?node=nobody", 404, "node"),
    (f"{EGO}?node=ada-moss", 404, "node"),
    (f"{EGO}?node=NC&node=NC", 422, "node"),
    (f"{EGO}?node=NC&depth=0", 422, "depth"),
    (f"{EGO}?node=NC&depth=5", 422, "depth"),
    (f"{EGO}?node=NC&limit=1001", 422, "limit"),
    (f"{EGO}?node=NC&through_groups=maybe", 422, "through_groups"),
    (f"{EGO}?node=NC&kind=organisation&place=Atlantis", 404, "place"),
    (f"{EGO}?node={'n' * 1_001}", 422, "node"),
    (f"{PATHS}?source=NC", 422, "target"),
    (f"{PATHS}?source=NC&target=NC", 422, "target"),
    (f"{PATHS}?source=NC&target=hill-trust&k=51", 422, "k"),
    (f"{PATHS}?source=NC&target=hill-trust&longest=9", 422, "longest"),
    (f"{PATHS}?source=NC&target=hill-trust&avoid=NC", 422, "avoid"),
    (f"{PATHS}?source=NC&target=hill-trust&avoid=nobody", 404, "avoid"),
    (f"{PATHS}?source=NC&target=hill-trust&" + "&".join(["avoid=northby"] * 101), 422, "avoid"),
    ("/v1/maps/nothing", 404, None),
    ("/v1/maps/ego", 422, "node"),
    ("/v1/maps/ego.svg?node=nobody", 404, "node"),
    ("/v1/maps/network?seed=-1", 422, "seed"),
    ("/v1/maps/network.json?colour=red", 422, "colour"),
    ("/v1/export.jsonl?limit=5", 422, "limit"),
    ("/v1/export.jsonl?kind=council", 422, "kind"),
    ("/v1/export.pdf", 404, None),
    ("/v1/changes?since=-1", 422, "since"),
    ("/v1/changes?since=2019-10-09", 422, "since"),
    ("/v1/changes?kind=place", 422, "kind"),
    ("/v1/sources/nothing", 404, None),
    ("/v1/sources?cursor=x", 422, "cursor"),
    ("/v1/vocabulary?kind=place", 422, "kind"),
    ("/v1/stats?at=2019-00", 422, "at"),
    ("/v1", 404, None),
    ("/v1/", 404, None),
    ("/v2/nodes", 404, None),
    ("/static/../app.py", 404, None),
    ("/static/%2e%2e/app.py", 404, None),
]


@pytest.mark.parametrize(("address", "status", "parameter"), MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_wrong_is_named(client: TestClient, address: str, status: int, parameter: str | None) -> None:
    answer = client.get(address)
    problem = answer.json()
    assert (answer.status_code, problem.get("parameter")) == (status, parameter), address
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status
    assert all(problem[name] for name in ("type", "title", "detail", "fix"))
    assert problem["fix"].endswith(".")
    assert "pydantic" not in answer.text
    assert "etag" not in answer.headers


def subclasses(kind: type[errors.CogsError]) -> Iterator[type[errors.CogsError]]:
    yield kind
    for sub in kind.__subclasses__():
        yield from subclasses(sub)


def test_every_error_of_ours_is_in_the_table() -> None:
    assert set(subclasses(errors.CogsError)) == set(STATUS)


@pytest.mark.parametrize("kind", [kind for kind in STATUS if kind is not errors.Merged])
def test_every_error_answers_with_its_status(kind: type[errors.CogsError]) -> None:
    answer = answer_error(kind("It is so.", fix="Do this."))
    assert answer.status_code == STATUS[kind]
    assert answer.media_type == "application/problem+json"
    assert ("retry-after" in answer.headers) == (STATUS[kind] == 503)
    assert b'"detail":"It is so.","fix":"Do this."' in bytes(answer.body)


def test_a_finer_class_comes_before_the_one_it_belongs_to() -> None:
    kinds = list(STATUS)
    assert not [(a, b) for place, a in enumerate(kinds) for b in kinds[place + 1 :] if issubclass(b, a)]
    assert set(TITLES) < set(kinds)


def test_a_write_whose_outcome_is_unknown_may_be_repeated() -> None:
    answer = answer_error(errors.OutcomeUnknown("Nobody knows.", fix="Repeating it is safe."))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused_and_the_right_ones_named(client: TestClient, method: str) -> None:
    answer = client.request(method, "/v1/nodes")
    assert answer.status_code == 405
    assert answer.json()["status"] == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_long_address_is_refused(client: TestClient) -> None:
    longest = "/v1/nodes?place=" + "a" * (LONGEST_ADDRESS - len("/v1/nodesplace="))
    assert client.get(longest).status_code == 404
    answer = client.get(longest + "a")
    assert answer.status_code == 414
    assert answer.json()["fix"]


def test_a_large_body_is_refused_whether_it_says_so_or_not(client: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(LARGEST_BODY // 2**20 + 1):
            yield b"x" * 2**20

    assert client.request("GET", "/v1/nodes", content=b"x" * (LARGEST_BODY + 1)).status_code == 413
    assert client.request("GET", "/v1/nodes", content=b"x" * 1_000).status_code == 200


def test_the_unexpected_says_nothing_of_the_inside(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    client = serve()

    class SecretError(Exception):
        pass

    def fail() -> None:
        raise SecretError("the name of a person")

    client.app.state.service.ping = fail  # type: ignore[attr-defined]
    answer = client.get("/readyz", headers={"X-Request-ID": "mine-1"})
    assert answer.status_code == 500
    assert answer.json()["request_id"] == "mine-1"
    assert "person" not in answer.text + caplog.text
    assert "Traceback" not in answer.text
    (record,) = [record for record in caplog.records if record.message == "An unexpected error"]
    fields = record.fields  # type: ignore[attr-defined]
    assert fields["error"] == "SecretError"
    assert any("in fail" in place or place.endswith(" fail") for place in fields["places"])
    assert fields["request_id"] == "mine-1"


def test_too_long_is_said_with_a_way_to_mend_it(seed_file: str) -> None:
    with TestClient(create_app(Settings(store=seed_file, time_limit=0.000_001))) as client:
        answer = client.get("/v1/queries/ego_network?node=oldham-council")
        assert answer.status_code in (503, 504)
        assert answer.json()["fix"]


def test_a_setting_that_is_wrong_stops_the_start() -> None:
    with pytest.raises(errors.InputError, match="vocabulary"):
        create_app(Settings(store="unused.db", vocabulary="nowhere.yaml"))
