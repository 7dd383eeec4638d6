"""Comparing two dates, or two states of knowledge: on a network counted by hand, and against a plain reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.actors import ActorOptions
from graph.errors import InputError
from graph.model import Evidence, Node, Relationship, days
from graph.queries import compare
from graph.questions import ask
from graph.store import Store
from tests.graph.actor_reference import Network, Reference, busy_networks, networks, node, pair, relationship
from tests.graph.asking import answer_on, stored


def knows(a: str, b: str, start: str | None = None, end: str | None = None, **more: object) -> Relationship:
    return relationship(a, "KNOWS", b, id=f"{a}-{b}-{more.get('strength', '')}", start=start, end=end, **more)


NODES = [
    *(node(id) for id in "abcdefghijpqx"),
    node("hub"),
    node("fair", "event", start="2019-01-15"),
    node("course", "project", subkind="Leadership programme"),
    node("work", "project"),
]
RELATIONSHIPS = [
    *(knows(id, "hub", "2015") for id in "abpq"),
    knows("a", "b", "2019-03-01"),
    knows("c", "hub", "2015", "2018-06"),
    knows("d", "hub", "2019"),
    # 0.5 and then 1 − 0.5 × 0.4; the same the other way round; and 1 − 0.5 × 0.8, which is no more than 0.1 stronger.
    knows("e", "f"),
    relationship("e", "PARTNERS_WITH", "f", start="2019"),
    knows("g", "h"),
    relationship("g", "PARTNERS_WITH", "h", end="2018"),
    knows("i", "j", strength=0.5),
    knows("i", "j", "2019", strength=0.2),
    knows("p", "q", "2019-05-05"),
    # b came to the fair on 20 January, p and q were introduced by x, and both went on a course and worked together.
    relationship("a", "TOOK_PART_IN", "fair"),
    relationship("b", "TOOK_PART_IN", "fair", start="2019-01-20"),
    relationship("x", "INTRODUCED", "p", start="2018-11"),
    relationship("x", "INTRODUCED", "q", start="2019-05-05"),
    relationship("p", "TOOK_PART_IN", "course", start="2019-04-05", end="2019-09"),
    relationship("q", "TOOK_PART_IN", "course", start="2019-03", end="2019-09"),
    relationship("p", "DELIVERS", "work", start="2019-05-01"),
    relationship("q", "DELIVERS", "work", start="2019-05-01"),
]
DATES = {"before": "2018", "after": "2020"}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with stored(NODES, RELATIONSHIPS) as store:
        yield store


def told(some: Any) -> list[tuple[Any, ...]]:
    return [(one.a, one.b, one.before, one.after) for one in some]


def test_ties_and_who_came_and_went(store: Store) -> None:
    answer: Any = ask(store, "compare", DATES)
    # a and b also share the fair: 1 − 0.5 × 0.6. p and q share the work, 0.6 each: 1 − 0.5 × 0.4.
    assert told(answer.ties_added) == [("p", "q", 0, 0.8), ("a", "b", 0, 0.7), ("d", "hub", 0, 0.5)]
    assert told(answer.ties_ended) == [("c", "hub", 0.5, 0)]
    assert told(answer.strengthened) == [("e", "f", 0.5, 0.8)]
    assert told(answer.weakened) == [("g", "h", 0.8, 0.5)]
    assert ([one.id for one in answer.newcomers], [one.id for one in answer.leavers]) == (["d"], ["c"])
    assert answer.sentence == (
        "From 2018 to 2020: 3 ties added, 1 tie ended, 1 strengthened, 1 weakened, 1 newcomer, 1 leaver."
    )


def test_the_main_numbers_of_both_dates(store: Store) -> None:
    answer: Any = ask(store, "compare", DATES)
    before, after = answer.numbers.before, answer.numbers.after
    # Before: hub with a, b, c, p, q; e–f; g–h; i–j; alone are d and x.
    assert (before.actors, before.tied, before.ties, before.components) == (14, 12, 8, 6)
    assert before.largest_component_share == round(6 / 14, 9)
    # After: c has left hub and d has come; a–b and p–q are tied.
    assert (after.actors, after.tied, after.ties, after.components) == (14, 12, 10, 6)
    assert after.largest_component_share == round(6 / 14, 9)
    # Of the 10 pairs of neighbours of hub two are tied after: 3 × 2 triangles of 10 + 4 × 1 open or closed triples.
    assert (before.transitivity, after.transitivity) == (0, round(6 / 14, 9))
    # Pairs at one step count whole, pairs of neighbours of hub half, of 91.
    assert (before.efficiency, after.efficiency) == (round((8 + 10 / 2) / 91, 9), round((10 + 8 / 2) / 91, 9))
    assert (before.stage, after.stage) == ("scattered", "scattered")


def test_triangles_closed_after_an_occasion(store: Store) -> None:
    """20 January to 1 March are 40 days, 5 April to 5 May 30. The work of p and q is neither event nor programme;
    it begins on 1 May, before the introduction of q, so the course leads to it after 26 days."""
    answer: Any = ask(store, "compare", DATES)
    assert [(one.a, one.b, one.via, one.occasion, one.introductions, one.days) for one in answer.closures] == [
        ("a", "b", ("hub",), "fair", (), 40),
        ("p", "q", ("hub",), "course", (), 26),
    ]
    assert answer.closures[0].sentence == (
        "a and b, both in contact with hub, came into contact 40 days after both took part in fair."
    )
    assert answer.meta.notes == (
        "2 pairs with somebody in common came into contact, 2 of them within 180 days of an introduction, event or"
        " programme: an association, not a proof that the one led to the other.",
    )
    alone: Any = ask(store, "compare", DATES | {"shared_work": False})
    assert [(one.a, one.b, one.occasion, one.introductions, one.days) for one in alone.closures] == [
        ("a", "b", "fair", (), 40),
        ("p", "q", "course", (), 30),
        ("p", "q", None, ("x-INTRODUCED-p", "x-INTRODUCED-q"), 0),
    ]
    assert alone.closures[2].sentence == (
        "p and q, both in contact with hub, came into contact on the day that they were introduced."
    )


@pytest.mark.parametrize(("after", "closed"), [(-1, False), (0, True), (180, True), (181, False)])
@pytest.mark.parametrize("direct", [True, False])
def test_a_tie_closes_a_triangle_up_to_180_days_after(after: int, closed: bool, direct: bool) -> None:
    met, tied = date(2019, 3, 1), date(2019, 3, 1) + timedelta(after)
    occasion = [relationship("b", "INTRODUCED", "a", start=str(met))] if direct else [
        relationship("a", "TOOK_PART_IN", "fair", start=str(met), end=str(met)),
        relationship("b", "TOOK_PART_IN", "fair", start=str(met), end=str(met)),
    ]  # fmt: skip
    made = [*RELATIONSHIPS[:2], knows("a", "b", str(tied)), *occasion]
    answer = answer_on(NODES, made, "compare", before="2018", after="2020")
    assert [one.days for one in answer.closures] == [after] * closed


def test_what_the_occasion_itself_makes_does_not_follow_it() -> None:
    """Both are at the fair and tied by nothing else; and an occasion without any date is none."""
    fair = [relationship(id, "TOOK_PART_IN", "fair", start="2019-02") for id in "ab"]
    only = answer_on(NODES, [*RELATIONSHIPS[:2], *fair], "compare", **DATES)
    assert (told(only.ties_added), only.closures) == ([("a", "b", 0, 0.4)], ())
    met = [relationship("b", "INTRODUCED", "a"), knows("a", "b", "2019")]
    undated = answer_on(NODES, [*RELATIONSHIPS[:2], *met], "compare", **DATES)
    assert (len(undated.ties_added), undated.closures) == (1, ())


def recorded(one: Relationship | Node, *dates: str | None) -> Any:
    return one.model_copy(update={"evidence": tuple(Evidence(source="s", recorded_at=date) for date in dates)})


def test_what_was_known_when_is_another_question() -> None:
    """r1 held from 1990 and was recorded in 2019 and again in 2021; r2 from 2019 on and has always been known; r3 was
    recorded in 2017, r4 in 2020-06 by one source, and at an unknown time by another; d is known from 2020."""
    made = [
        recorded(knows("a", "b", "1990"), "2019-03", "2021"),
        recorded(knows("b", "c", "2019"), None),
        recorded(knows("e", "f", "1980", "1985"), "2017"),
        recorded(knows("g", "h"), "2020-06", None),
        recorded(knows("c", "d"), "2016"),
    ]
    nodes = [recorded(one, "2020") if one.id == "d" else one for one in NODES]
    answer = answer_on(nodes, made, "compare", **DATES, as_known=True)
    assert told(answer.ties_added) == [("a", "b", 0, 0.5), ("c", "d", 0, 0.5)]
    assert (answer.ties_ended, answer.strengthened, answer.weakened) == ((), (), ())
    assert [one.id for one in answer.newcomers] == ["a", "d"]
    assert answer.sentence.startswith("From what was known by 2018 to 2020: 2 ties added")
    assert answer.numbers.before.actors == 13
    assert answer.meta.notes == (
        "18 nodes and relationships do not say when they were recorded and count on both dates.",
        "`transitivity` is undefined where no actor has two ties.",
    )
    of_1982 = answer_on(nodes, made, "compare", **DATES, as_known=True, at="1982")
    assert of_1982.numbers.after.ties == 3  # a–b has not begun, and b–c neither
    world = answer_on(nodes, made, "compare", **DATES)
    assert told(world.ties_added) == [("b", "c", 0, 0.5)]


def test_freshness_counts_what_was_known_then() -> None:
    """Known by 2018: recorded 2016-01-01, the newest of all, so it is fresh; by 2020 it was recorded again."""
    made = [
        recorded(knows("a", "b"), "2016-01-01", "2020-01-01"),
        recorded(knows("c", "d"), "2015-01-01"),
        recorded(knows("e", "f"), "2020-01-01"),
    ]
    answer = answer_on(NODES, made, "compare", **DATES, as_known=True, half_life=12)
    assert told(answer.ties_added) == [("e", "f", 0, 0.5)]
    ((_, _, before, after),) = told(answer.weakened)
    # 365 days of 30.4375 before the newest of 2016, and 1826 before the newest of 2020.
    assert before == pytest.approx(0.5 * 2 ** (-365 / 30.4375 / 12), abs=1e-9)
    assert after == pytest.approx(0.5 * 2 ** (-1826 / 30.4375 / 12), abs=1e-9)


def test_equal_dates_and_a_network_without_ties(store: Store) -> None:
    same: Any = ask(store, "compare", {"before": "2018", "after": "2018"})
    assert same.sentence == (
        "From 2018 to 2018: 0 ties added, 0 ties ended, 0 strengthened, 0 weakened, 0 newcomers, 0 leavers."
    )
    assert same.numbers.before == same.numbers.after
    empty = answer_on([], [], "compare", **DATES)
    assert set(empty.numbers.before.model_dump().values()) == {0, None}
    assert empty.meta.notes[0] == "No two actors are tied on either date."
    assert empty.meta.notes[-1] == "`modularity` is undefined without ties."


def test_long_lists_are_cut_and_it_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "MOST_SHOWN", 1)
    answer: Any = ask(store, "compare", DATES)
    assert told(answer.ties_added) == [("p", "q", 0, 0.8)]
    assert answer.meta.cut.model_dump() == {"limit": "ties_added", "kept": 1, "of": 3}
    assert answer.meta.notes[-1] == "Of closures the first 1 of 2 are shown."


@pytest.mark.parametrize(
    ("values", "parameter"),
    [
        ({"before": "2020", "after": "2018"}, "before"),
        ({"before": "2019-06", "after": "2019"}, "before"),
        ({"before": "2019", "after": "2019-06"}, "before"),
        ({"before": "2019"}, "after"),
        ({"before": "then", "after": "2019"}, "before"),
        (DATES | {"at": "2019"}, "at"),
        (DATES | {"until": "2019"}, "until"),
        (DATES | {"half_life": 0}, "half_life"),
    ],
)
def test_bad_input(store: Store, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(store, "compare", values)
    assert caught.value.details["parameter"] == parameter


FACT_DATES = st.sampled_from([None, None, "2017", "2018", "2019-06", "2020"])
RECORDED = st.lists(st.sampled_from([None, "2017-05", "2018-12-31", "2019", "2021"]), min_size=1, max_size=2)


@settings(max_examples=150)
@given(networks() | busy_networks(), st.booleans(), st.data())
def test_as_two_plain_networks_say(network: Network, as_known: bool, data: st.DataObject) -> None:
    def changed(one: Any) -> Any:
        ends = {"start": data.draw(FACT_DATES), "end": data.draw(FACT_DATES)}
        return recorded(one.model_copy(update=ends), *data.draw(RECORDED))

    whole = Network([changed(one) for one in network.nodes], [changed(one) for one in network.relationships])

    def state(day: str) -> Network:
        first, last = days(day)

        def counts(one: Node | Relationship) -> bool:
            if as_known:
                return any(not some.recorded_at or days(some.recorded_at)[0] <= last for some in one.evidence)
            return one.days[0] <= last and one.days[1] >= first

        gone = [one.id for one in whole.nodes if not counts(one)]
        left = Network(whole.nodes, [one for one in whole.relationships if counts(one)])
        return left.without(gone)

    before, after = (Reference(state(day), ActorOptions()) for day in ("2018", "2019"))
    answer = answer_on(whole.nodes, whole.relationships, "compare", before="2018", after="2019", as_known=as_known)
    pairs = before.strength.keys() | after.strength.keys()
    both = {ends: (before.strength.get(ends, 0.0), after.strength.get(ends, 0.0)) for ends in pairs}
    expected = {
        "ties_added": [(*ends, *w) for ends, w in both.items() if not w[0]],
        "ties_ended": [(*ends, *w) for ends, w in both.items() if not w[1]],
        "strengthened": [(*ends, *w) for ends, w in both.items() if all(w) and round(w[1] - w[0], 9) > 0.1],
        "weakened": [(*ends, *w) for ends, w in both.items() if all(w) and round(w[0] - w[1], 9) > 0.1],
    }
    for name, ties in expected.items():
        order = sorted(ties, key=lambda one: (-round(abs(one[3] - one[2]), 9), one[0], one[1]))
        assert told(getattr(answer, name)) == order
    tied = [{id for ends in some.strength for id in ends} for some in (before, after)]
    assert {one.id for one in answer.newcomers} == tied[1] - tied[0]
    assert {one.id for one in answer.leavers} == tied[0] - tied[1]
    assert answer.numbers.before.actors == len(before.actors)
    assert answer.numbers.after.ties == len(after.strength)
    new = [ends for ends, w in both.items() if not w[0]]
    closed = [
        ends for ends in new if any({pair(ends[0], id), pair(ends[1], id)} <= lasting(both) for id in after.actors)
    ]
    said = [int(note.split()[0]) for note in answer.meta.notes if "with somebody in common" in note]
    assert said == [len(closed)] * bool(closed)


def lasting(both: dict[tuple[str, str], tuple[float, float]]) -> set[tuple[str, str]]:
    return {ends for ends, strengths in both.items() if all(strengths)}
