"""Networks to export: one made by hand with everything hostile in it, and any that hypothesis thinks of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from graph.lens import Lens
from graph.model import Audience, Evidence, Identifier, Node, Relationship, Source
from graph.store import Store
from graph.store.embedded import EmbeddedStore
from graph.store.records import Batch
from graph.vocabulary import load_vocabulary

EVERYTHING = Lens()
VOCABULARY = load_vocabulary()
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "]]></data></node>",
    "=cmd|'/c calc'!A1",
    "'=1+1",
    "שלום \u202eright to left",
    "🕸️ & co | \\",
    "line\nbreak\tand tab",
    "\ufffe\x7f not for XML",
)


@contextmanager
def store_with(batch: Batch) -> Iterator[Store]:
    with TemporaryDirectory() as folder, EmbeddedStore(Path(folder) / "network.db", VOCABULARY) as store:
        store.apply(batch, by="a test")
        yield store


def by_hand() -> Batch:
    """Two grants between the same two, a tie without direction, every field once, and hostile texts."""
    told = (Evidence(source="minutes", locator="page 2", note="=not a formula"), Evidence(source="register"))
    wigan = Node(
        id="wigan-council",
        kind="organisation",
        subkind="council",
        name="Wigan Council",
        aliases=HOSTILE,
        summary=HOSTILE[0],
        identifiers=(Identifier(scheme="GB-LAE", value="WGN"), Identifier(scheme="X", value="a|b")),
        latitude=-53.5,
        longitude=0.0,
        start="1974-04",
        attributes={"staff": 5, "note": HOSTILE[1], "nested": {"list": [1, None, "x"]}},
        evidence=told,
    )
    others = [Node(id=f"n{n}", kind="organisation", name=text, evidence=told[:1]) for n, text in enumerate(HOSTILE)]
    grants = [
        Relationship(
            id=f"grant-{year}", type="FUNDS", source="wigan-council", target="n1", start=year, amount=amount,
            currency="GBP", role="-", evidence=told,
        )
        for year, amount in (("2019", 40_000), ("2020", -0.5))
    ]  # fmt: skip
    tie = Relationship(
        id='tie<"&>', type="PARTNERS_WITH", source="n1", target="n2", strength=0.25, confidence=0.5, inferred=True,
        audience=Audience.team, evidence=told[:1],
    )  # fmt: skip
    sources = [Source(id="minutes", title="Minutes <of> a meeting", date="2020-01"), Source(id="register", title="R")]
    return Batch(sources=sources, nodes=[wigan, *others], relationships=[*grants, tie])


_texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: bool(text.strip())
)
_dates = st.sampled_from([None, "2019", "2019-10", "2019-10-09"])
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(-1e9, 1e9)
    | st.text("aé<|=\\\"'\n", max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_texts, inner, max_size=2),
    max_leaves=4,
)
_evidence = st.lists(
    st.builds(Evidence, source=st.just("s"), locator=_texts | st.none(), note=_texts | st.none(), recorded_at=_dates),
    min_size=1,
    max_size=2,
).map(tuple)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    ids = [f"n{number}" for number in range(draw(st.integers(1, 4)))]
    nodes = [draw(_nodes(id)) for id in ids]
    relationships = [
        draw(_relationships(f"r{number}", draw(st.sampled_from(ids)), draw(st.sampled_from(ids))))
        for number in range(draw(st.integers(0, 5)))
    ]
    return Batch(sources=[Source(id="s", title=draw(_texts))], nodes=nodes, relationships=relationships)


def _nodes(id: str) -> st.SearchStrategy[Node]:
    return st.builds(
        Node,
        id=st.just(id),
        kind=st.just("organisation"),
        name=_texts,
        aliases=st.lists(_texts, max_size=2).map(tuple),
        summary=_texts | st.none(),
        latitude=st.none() | st.floats(-90, 90),
        start=_dates,
        audience=st.none() | st.sampled_from(Audience),
        attributes=st.dictionaries(_texts, _json, max_size=2),
        evidence=_evidence,
    )


def _relationships(id: str, source: str, target: str) -> st.SearchStrategy[Relationship]:
    return st.builds(
        Relationship,
        id=st.just(id),
        type=st.sampled_from(["FUNDS", "PARTNERS_WITH"]),
        source=st.just(source),
        target=st.just(target),
        role=_texts | st.none(),
        amount=st.none() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9),
        strength=st.none() | st.floats(0, 1),
        inferred=st.booleans(),
        attributes=st.dictionaries(_texts, _json, max_size=2),
        evidence=_evidence,
    )
