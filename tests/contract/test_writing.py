"""Writing, on both stores: whole or not at all, again without effect, and refusing what does not fit."""

from collections.abc import Callable, Iterator

import pytest

from graph.errors import CogsError, Conflict, InputError, NotFound
from graph.model import Audience, Source, Thing
from graph.store.base import Store
from graph.store.records import Applied, Batch
from tests.contract.networks import ids, lens, node, nodes_of_town, state, tie, ties_of_town, town


def test_writing_twice_is_writing_once(store: Store) -> None:
    assert store.apply(town(), by="clerk") == Applied(added=25)
    before = (state(store), store.changes(limit=500))
    assert store.apply(town(), by="somebody") == Applied(unchanged=25)
    assert (state(store), store.changes(limit=500)) == before
    assert store.check() == []


def test_a_preview_writes_nothing(filled: Store) -> None:
    before = (state(filled), filled.changes(limit=500))
    batch = Batch(nodes=[node("new"), node("mill", name="Mill")], remove_nodes=["bank"])
    assert filled.apply(batch, by="clerk", preview=True) == Applied(added=1, changed=1, removed=2)
    assert (state(filled), filled.changes(limit=500)) == before
    assert filled.apply(batch, by="clerk") == Applied(added=1, changed=1, removed=2)


def test_the_order_of_writing_does_not_show(store: Store) -> None:
    store.apply(Batch(sources=town().sources, nodes=nodes_of_town()[::-1]), by="clerk")
    store.apply([Batch(relationships=[one]) for one in ties_of_town()[::-1]], by="clerk")
    apart = state(store)
    store.apply(Batch(remove_nodes=ids(nodes_of_town())), by="clerk")
    assert list(store.nodes()) == []
    store.apply(town(), by="clerk")
    assert state(store) == apart


def test_several_batches_are_one_transaction(filled: Store) -> None:
    before = state(filled)

    def batches() -> Iterator[Batch]:
        yield Batch(nodes=[node("new")])
        yield Batch(relationships=[tie("30", "FUNDS", "new", "nowhere")])

    with pytest.raises(NotFound):
        filled.apply(batches(), by="clerk")
    assert state(filled) == before


def test_a_broken_file_leaves_nothing(filled: Store) -> None:
    before = state(filled)

    def batches() -> Iterator[Batch]:
        yield Batch(nodes=[node("new")])
        raise RuntimeError("the file ends in the middle")

    with pytest.raises(RuntimeError):
        filled.apply(batches(), by="clerk")
    assert state(filled) == before
    assert filled.apply(Batch(nodes=[node("new")]), by="clerk") == Applied(added=1)


REFUSED: list[tuple[str, Batch, type[CogsError], str]] = [
    ("kind", Batch(nodes=[node("new", "dragon")]), InputError, "'dragon' is not a kind"),
    ("type", Batch(relationships=[tie("30", "LOVES", "ann", "bob")]), InputError, "'LOVES' is not a type"),
    ("type", Batch(relationships=[tie("30", "WORKS_FOR", "town", "ann")]), InputError, "cannot run from a place"),
    ("source", Batch(relationships=[tie("30", "FUNDS", "gone", "bureau")]), NotFound, "no node 'gone'"),
    ("target", Batch(relationships=[tie("30", "FUNDS", "bureau", "gone")]), NotFound, "no node 'gone'"),
    ("evidence", Batch(nodes=[node("new", evidence=[{"source": "rumour"}])]), InputError, "source 'rumour'"),
]


@pytest.mark.parametrize(("column", "batch", "error", "says"), REFUSED)
def test_what_does_not_fit_is_refused(
    filled: Store, column: str, batch: Batch, error: type[CogsError], says: str
) -> None:
    before = state(filled)
    with pytest.raises(error, match=says) as caught:
        filled.apply(batch, by="clerk")
    assert caught.value.fix
    assert caught.value.details["column"] == column
    assert state(filled) == before


def test_what_does_not_fit_may_be_left_out(filled: Store) -> None:
    left_out: list[tuple[str, CogsError]] = []

    def rejected(thing: Thing, why: CogsError) -> None:
        left_out.append((thing.id, why))

    batch = Batch(nodes=[node("new"), node("worm", "dragon")], relationships=[tie("30", "FUNDS", "worm", "new")])
    assert filled.apply(batch, by="clerk", rejected=rejected) == Applied(added=1)
    assert [(id, type(why)) for id, why in left_out] == [("worm", InputError), ("30", NotFound)]
    assert "new" in filled.get(["new"])


@pytest.mark.parametrize(
    ("batch", "applied", "removed"),
    [
        (Batch(remove_relationships=["8", "none"]), Applied(removed=1), ["8"]),
        (Batch(remove_nodes=["kitchen", "none"]), Applied(removed=3), ["12", "5"]),
        (Batch(remove_nodes=["council"], remove_relationships=["11"]), Applied(removed=6), ["8", "9", "2", "11", "7"]),
    ],
)
def test_removing(filled: Store, batch: Batch, applied: Applied, removed: list[str]) -> None:
    before = ids(filled.relationships())
    assert filled.apply(batch, by="clerk") == applied
    assert ids(filled.relationships()) == [id for id in before if id not in removed]
    assert not filled.get(batch.remove_nodes)
    assert filled.check() == []


def test_a_relationship_may_change_type_and_ends(filled: Store) -> None:
    moved = tie("8", "SUPPORTS", "bureau", "council", role="now")
    assert filled.apply(Batch(relationships=[moved]), by="clerk") == Applied(changed=1)
    assert filled.get_relationships(["8"]) == {"8": moved}
    assert ids(filled.relationships(lens(type=["FUNDS"]))) == ["10", "9"]
    assert ids(filled.relationships(lens(type=["SUPPORTS"]))) == ["8"]
    assert filled.check() == []


def test_a_node_may_change_kind_when_its_relationships_allow(filled: Store) -> None:
    with pytest.raises(Conflict, match="cannot become a person"):
        filled.apply(Batch(nodes=[node("council", "person")]), by="clerk")
    filled.apply(Batch(nodes=[node("mill", "project")]), by="clerk")
    assert ids(filled.nodes(lens(kind=["project"]))) == ["kitchen", "mill"]
    assert filled.counts().kinds["organisation"] == 3


def test_the_same_thing_twice_in_a_batch_is_the_last(filled: Store) -> None:
    twice = [node("new", name="One"), node("new", "project", name="Two")]
    ties = [tie("30", "FUNDS", "bureau", "new"), tie("30", "SUPPORTS", "bureau", "new")]
    assert filled.apply(Batch(nodes=twice, relationships=ties), by="clerk") == Applied(added=2, changed=2)
    assert filled.get(["new"])["new"] == twice[1]
    assert filled.get_relationships(["30"])["30"] == ties[1]
    assert (filled.find("One"), ids(filled.find("Two"))) == ([], ["new"])
    assert filled.check() == []


def test_hiding_a_node_hides_its_relationships(filled: Store) -> None:
    public = lens(audience="public")
    filled.apply(Batch(nodes=[node("council", audience="private")]), by="clerk")
    assert ids(filled.relationships(public)) == ["12", "1", "3", "5"]
    assert ids(filled.relationships(lens(audience="team"))) == ["12", "10", "1", "3", "4", "6", "5"]
    filled.apply(Batch(nodes=nodes_of_town()), by="clerk")
    assert ids(filled.relationships(public)) == ["12", "8", "9", "1", "2", "11", "3", "7", "5"]
    assert filled.check() == []


def test_new_names_are_found_and_old_ones_are_not(filled: Store) -> None:
    filled.apply(Batch(nodes=[node("mill", name="Weaving Shed", aliases=["Loom"])]), by="clerk")
    assert ids(filled.find("loom")) == ids(filled.find("weaving shed")) == ["mill"]
    assert filled.find("mill") == []


def test_versions_tell_each_level_of_what_it_sees(filled: Store) -> None:
    before = {level: filled.version(level) for level in Audience}
    filled.apply(Batch(nodes=[node("vault", audience="team")]), by="clerk")
    after = {level: filled.version(level) for level in Audience}
    assert [level for level in Audience if before[level] != after[level]] == ["team", "private"]
    filled.apply(Batch(remove_nodes=["vault"]), by="clerk")
    assert {level: filled.version(level) for level in Audience} == before


LONG = "ａ" * 998 + "ß"  # wide letters, which fold into plain ones
NASTY = ["<img src=x onerror=alert(1)>", "</script>", "\u202egnirts", "🎉🎊", "O'Brien & Söhne", "a\tb\nc", LONG,
         "'; MATCH (n) DETACH DELETE n //", "$given.ids", "`x`", "{id: 1}", "\\", '"', "％s %s {}", "北京市朝阳区" * 30,
         "NULL", "null", "0", "a:b", "AND OR NOT", "*", "\u1e9e\ufb03", "ﷺ" * 400]  # fmt: skip


def test_any_text_comes_back_and_is_found(store: Store) -> None:
    nodes = [
        node(f"n{number}", name=text, aliases=[f"{text}!"], summary=text, attributes={text: [text, 1.5, None]},
             identifiers=[{"scheme": "X-TEXT", "value": text.strip()[:190]}] if "\n" not in text else ())
        for number, text in enumerate(NASTY)
    ]  # fmt: skip
    ties = [
        tie(f"t{number}", "KNOWS", "p", "q", role=text, note=text, attributes={text: text})
        for number, text in enumerate(NASTY)
    ]
    people = [node("p", "person"), node("q", "person")]
    store.apply(Batch([Source(id="minutes", title=LONG, publisher=NASTY[0])], [*nodes, *people], ties), by="'\"\0"[:2])
    assert list(store.get(ids(nodes)).values()) == nodes
    assert list(store.get_relationships(ids(ties)).values()) == ties
    for one in nodes:
        assert one in store.find(one.name)
    assert store.check() == []


def test_numbers_come_back(store: Store) -> None:
    amounts = [0, 1, -1, 0.1, 1e15, -1e15, 999999999999999, 1e-9, 40000.0]
    ties = [tie(f"t{number}", "FUNDS", "a", "b", amount=amount) for number, amount in enumerate(amounts)]
    batch = Batch([Source(id="minutes", title="M")], [node("a"), node("b")], ties)
    store.apply(batch, by="clerk")
    assert [one.canonical() for one in store.get_relationships(ids(ties)).values()] == [one.canonical() for one in ties]
    assert store.apply(batch, by="clerk") == Applied(unchanged=12)


def test_two_writers_follow_one_another(filled: Store, second: Callable[[], Store]) -> None:
    with second() as other:
        filled.apply(Batch(nodes=[node("x1")]), by="one")
        other.apply(Batch(nodes=[node("x2")], remove_nodes=["x1"]), by="two")
        assert list(filled.get(["x1", "x2"])) == ["x2"]
        assert filled.version() == other.version()
        assert filled.arrays().nodes.ids == other.arrays().nodes.ids
        assert other.check() == []


def test_what_was_written_is_there_when_opened_again(filled: Store, second: Callable[[], Store]) -> None:
    with second() as other:
        assert state(other) == state(filled)
        assert other.apply(town(), by="clerk") == Applied(unchanged=25)


@pytest.mark.parametrize(
    ("batch", "ties"),
    [
        (Batch(relationships=[tie("30", "FUNDS", "bureau", "mill")], remove_relationships=["30"]), []),
        (Batch(relationships=[tie("30", "FUNDS", "bureau", "mill")], remove_nodes=["mill"]), []),
        (Batch(relationships=[tie("8", "FUNDS", "mill", "bureau")], remove_nodes=["council"]), ["8"]),
        (Batch(nodes=[node("new")], relationships=[tie("30", "FUNDS", "new", "mill")], remove_nodes=["new"]), []),
    ],
)
def test_removing_comes_after_writing(filled: Store, batch: Batch, ties: list[str]) -> None:
    filled.apply(batch, by="clerk")
    assert list(filled.get_relationships(["30", "8"] if ties else ["30"])) == ties
    assert not filled.get(batch.remove_nodes)
    assert filled.check() == []


HIDDEN_BY_THE_WAY = [
    # The council is hidden and the other end of its grants goes: both must be taken off the right levels.
    Batch(nodes=[node("council", audience="private")], remove_nodes=["bureau"]),
    # Hidden by the first of two versions, then changed in another way.
    Batch(nodes=[node("council", audience="private"), node("council", audience="private", url="https://a.example")]),
    # The new version of a grant is refused; the old one must be hidden all the same.
    Batch(
        nodes=[node("council", audience="private")],
        relationships=[tie("8", "FUNDS", "council", "bureau", evidence=[{"source": "rumour"}])],
    ),
]


@pytest.mark.parametrize("batch", HIDDEN_BY_THE_WAY)
def test_levels_are_right_whatever_else_happens(filled: Store, batch: Batch) -> None:
    refused: list[str] = []
    filled.apply(batch, by="clerk", rejected=lambda thing, _: refused.append(thing.id))
    stored = {word + body: level for word, body, level in filled.stored_levels()}
    assert all(level == 3 for text, level in stored.items() if text.startswith("relationship") and "council" in text)
    assert filled.check() == []
