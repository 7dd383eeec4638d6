"""The page of a node: the sentence that matters, relationships told from its side, a footnote for each."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph.model import Evidence, Source
from graph.store.records import Batch
from tests.api.conftest import Serve
from tests.api.networks import node, tie
from tests.api.pages.reading_html import reading
from tests.viz.planted import HOSTILE

Served = Callable[[Batch], TestClient]


def evidence(*lines: str) -> list[dict[str, str]]:
    return [{"source": "minutes", "locator": f"lines {one}"} for one in lines]


def star(sectors: str) -> Batch:
    """B in the middle of as many partners as there are letters; each letter is a sector of a partner."""
    names = {"p": "public", "b": "business", "c": "community"}
    ends = [f"end-{place}" for place in range(len(sectors))]
    return Batch(
        sources=[Source(id="minutes", title="Minutes", url="https://example.org/minutes")],
        nodes=[
            node("b", name="Bridge", sector="community"),
            *(node(id, sector=names[sector]) for id, sector in zip(ends, sectors, strict=True)),
        ],
        relationships=[tie(f"b-{id}", "PARTNERS_WITH", ("b", id)) for id in ends],
    )


def text_of(client: TestClient, path: str) -> str:
    return reading(client.get(path).text).text


# By hand: B's partners are tied through B only; a pair counts where the two sectors differ.
@pytest.mark.parametrize(
    ("sectors", "said"),
    [
        ("pb", "Bridge works with 2 others here. It is one of the 1 leading"),
        ("pb", "only it joins End 0 with End 1 ."),
        ("ppbb", "only it joins End 0 with End 2 , and End 1 with End 3 , and 2 other pairs."),
        ("pp", "Bridge works with 2 others here."),
        ("", "No relationship of Bridge is recorded here yet."),
    ],
)
def test_sentence_that_matters(serve: Serve, sectors: str, said: str) -> None:
    found = text_of(serve(star(sectors)), "/nodes/b").replace(" .", ".").replace(" ,", ",")
    assert said.replace(" .", ".").replace(" ,", ",") in found
    assert ("cogs of connection" in found) is ("b" in sectors)


def test_cog_score_is_that_of_the_question(serve: Serve) -> None:
    """By hand: four pairs of differing sectors, each 0.6 (PARTNERS_WITH) / 1 common neighbour."""
    assert "Cog score 2.40, number 1 of 5 people and organisations." in text_of(serve(star("ppbb")), "/nodes/b")


def test_relationships_are_told_from_this_side(client: TestClient) -> None:
    text = text_of(client, "/nodes/hill-trust")
    assert "Hill Trust is funded by North Council, 2019, £40,000" in text
    assert "Hill Trust works in partnership with North Council (Joint Chair), since 2019" in text
    assert "Hill Trust delivers Shared Table (inferred) (50% sure)" in text.replace("( ", "(").replace(" )", ")")
    assert 'class="sentence inferred"' in client.get("/nodes/hill-trust").text


def test_note_of_a_relationship_is_shown(client: TestClient) -> None:
    assert "By letter." in text_of(client, "/nodes/south-council")


def test_every_sentence_has_a_footnote(client: TestClient) -> None:
    page = client.get("/nodes/hill-trust").text
    sentences = page.partition('id="relationships"')[2].partition('id="facts"')[0].split("<li>")[1:]
    assert sentences and all('href="#note-' in sentence for sentence in sentences)
    assert "Minutes of a meeting, lines 1-2" in reading(page).text


def test_one_place_in_a_source_is_one_footnote(serve: Serve) -> None:
    batch = star("pb")
    first = batch.relationships[0].model_copy(
        update={
            "evidence": (Evidence(source="minutes", locator="lines 1-2"), Evidence(source="minutes", locator="p 9"))
        }
    )
    page = reading(serve(Batch(batch.sources, batch.nodes, [first, *batch.relationships[1:]])).get("/nodes/b").text)
    assert [id for id in page.ids if id.startswith("note-")] == ["note-1", "note-2"]
    assert "https://example.org/minutes" in page.links


def grants(count: int) -> Batch:
    funder, recipients = node("fund-er", name="Funder"), [node(f"r{number:03}") for number in range(count)]
    return Batch(
        [Source(id="minutes", title="Minutes")],
        [funder, *recipients],
        [
            tie(f"g{place:03}", "FUNDS", ("fund-er", one.id), start="2019", amount=1)
            for place, one in enumerate(recipients)
        ],
    )


def test_long_groups_are_paged(serve: Serve) -> None:
    client = serve(grants(250))
    page = client.get("/nodes/fund-er").text
    assert page.count('class="sentence"') <= 30
    assert "All 250" in page
    seen: list[str] = []
    link: str | None = "/nodes/fund-er/relationships?type=FUNDS&direction=out"
    while link:
        text = client.get(link).text
        seen += [part.partition("<")[0] for part in text.split('<a href="/nodes/r')[1:]]
        more = text.partition('rel="next" href="')[2].partition('"')[0]
        link = more.replace("&amp;", "&") or None
    assert len(seen) == len(set(seen)) == 250


@pytest.mark.parametrize(("audience", "said"), [(None, "A funds A"), ("team", "No relationship of A is recorded here")])
def test_a_node_that_points_at_itself(serve: Serve, audience: str | None, said: str) -> None:
    loop = [tie("self", "FUNDS", ("a", "a"), audience=audience)]
    assert said in text_of(serve(Batch([Source(id="minutes", title="M")], [node("a")], loop)), "/nodes/a")


def test_dates_make_a_timeline(serve: Serve) -> None:
    batch = star("pb")
    dated = [
        one.model_copy(update={"start": start})
        for one, start in zip(batch.relationships, ("2018", "2019-05"), strict=True)
    ]
    text = text_of(serve(Batch(batch.sources, batch.nodes, dated)), "/nodes/b")
    timeline = text.partition("Over time")[2]
    assert timeline.index("May 2019") < timeline.index("2018")


def facts() -> dict[str, Any]:
    return {
        "aliases": ("Other Name",),
        "identifiers": [{"scheme": "GB-CHC", "value": "327114"}],
        "url": "https://example.org/a",
        "attributes": {"floor_area": 12, "open": True, "tags": ["x", "y"]},
        "start": "2001-02",
        "latitude": 53.5,
        "longitude": -2.1,
    }


def test_all_facts_are_there(serve: Serve) -> None:
    text = text_of(serve(Batch([Source(id="minutes", title="M")], [node("a", **facts())])), "/nodes/a")
    for said in (
        "Other Name",
        "GB-CHC 327114",
        "https://example.org/a",
        "floor area 12",
        "since February 2001",
        "53.5, -2.1",
    ):
        assert said in text
    assert 'tags ["x", "y"]' in text


def hostile() -> Batch:
    texts = [text for text in HOSTILE if text.strip()]
    source = Source(id="minutes", title=texts[0], url=texts[7], publisher=texts[1], licence=texts[8])
    where = [{"source": "minutes", "locator": texts[0], "note": texts[1], "quote": texts[8]}]
    nodes = [
        node(
            f"n{place}", name=text, subkind=text, summary=text, url=text, aliases=(text,),
            attributes={text: text, "list": [text]}, evidence=where,
        )
        for place, text in enumerate(texts)
    ]  # fmt: skip
    ties = [
        tie(f"t{place}", "PARTNERS_WITH", (one.id, "n0"), role=one.name, note=one.name, evidence=where, inferred=True)
        for place, one in enumerate(nodes[1:])
    ]
    return Batch([source], nodes, ties)


def test_hostile_names_are_plain_text(serve: Serve) -> None:
    client = serve(hostile())
    ids = [one["id"] for one in client.get("/v1/nodes").json()["items"]]
    rooms = [
        "/",
        "/nodes",
        "/sources",
        "/sources/minutes",
        "/search?q=img",
        "/search?q=%3Cscript%3E",
        "/search?q=%22%3E",
    ]
    for path in (*rooms, *(f"/nodes/{id}" for id in ids), "/nodes/%3Cscript%3E", "/map?style=ego&node=%3Cb%3E"):
        page = reading(client.get(path, headers={"Accept": "text/html"}).text)
        assert not {"script", "b", "img onerror"} & set(page.elements), path
        assert not [name for name in page.attributes if name.startswith("on")], path
        assert not [link for link in page.links if link.startswith(("javascript:", "data:"))], path
    assert "<img src=x onerror=alert(1)>" in text_of(client, "/nodes/n0")
