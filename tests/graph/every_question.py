"""Networks that hold something for every question, odd ones that hold hardly anything, and ways to ask all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from random import Random
from typing import Any

from graph.errors import CogsError
from graph.model import Relationship
from graph.questions import ask
from graph.store import Store
from tests.graph.actor_reference import Network, node, relationship
from tests.graph.money_reference import busy_paying_network

Asked = list[tuple[str, dict[str, Any]]]
WAYS: list[dict[str, Any]] = [
    {}, {}, {"carriers": True}, {"actors": ["organisation"]}, {"group_by": "place"}, {"group_by": "community"},
    {"half_life": 12}, {"shared_work": False}, {"min_confidence": 0.5, "include_inferred": False}, {"at": "2019"},
]  # fmt: skip


def full_network(seed: int) -> Network:
    """A busy network with money, dates, doubts, insights, introductions and wishes."""
    chance, paying = Random(seed), busy_paying_network(seed)
    actors = [one.id for one in paying.nodes if one.kind in ("organisation", "person")]
    unsure = [
        one.model_copy(update={"confidence": chance.choice([None, None, 0.9, 0.5, 0.0])})
        for one in paying.relationships
    ]
    insights = [
        node("i0", "insight", subkind="condition", attributes={"perspective": "public"}),
        node("i1", "insight", subkind="end"),
    ]
    said = [
        relationship(chance.choice(actors), "VOICED", "i0"), relationship("i0", "ABOUT", "food"),
        relationship("i1", "ABOUT", "east"),
    ]  # fmt: skip
    return Network([*paying.nodes, *insights], [*unsure, *said, *_recorded(actors, chance)])


def _recorded(actors: list[str], chance: Random) -> Iterable[Relationship]:
    """Up to two introductions, and in half of the networks somebody who wants none."""
    for word in ("w0", "w1"):
        if len(actors) > 2:
            introducer, *two = chance.sample(actors, 3)
            more: dict[str, Any] = {"role": chance.choice(["suggested", "declined"]), "start": "2019"}
            for id in two:
                yield relationship(
                    introducer, "INTRODUCED", id, id=f"{word}-{id}", attributes={"introduction": word}, **more
                )
    if chance.random() < 0.5:
        one = chance.choice(actors)
        yield relationship(one, "NO_INTRODUCTIONS", one)


def _four(*ties: Relationship, sectors: tuple[str | None, ...] = ("public", "public", "media", None)) -> Network:
    return Network([node(f"n{place}", sector=sector) for place, sector in enumerate(sectors)], ties)


def _row(**more: Any) -> list[Relationship]:
    return [relationship(f"n{place}", "PARTNERS_WITH", f"n{place + 1}", **more) for place in range(3)]


ODD: dict[str, Network] = {
    "nothing": Network([], []),
    "a single node": Network([node("n0", sector="public")], []),
    "without any tie": _four(),
    "ties of actors with themselves only": _four(*(relationship(f"n{i}", "PARTNERS_WITH", f"n{i}") for i in range(4))),
    "strengths of 0 only": _four(*_row(strength=0)),
    "all inferred": _four(*_row(inferred=True)),
    "without confidence": _four(*_row(confidence=0)),
    "nobody's group stated": _four(*_row(), sectors=(None,) * 4),
    "one group": _four(*_row(), sectors=("public",) * 4),
    "each a group of one": _four(*_row(), sectors=("public", "media", "funder", "community")),
    "two components": _four(*_row()[::2]),
    "parallel ties": _four(*_row(), *(relationship("n0", "KNOWS", "n1", id=f"k{place}") for place in range(3))),
    "all tied": _four(*(relationship(f"n{i}", "KNOWS", f"n{j}") for i in range(4) for j in range(i))),
    "no actors": Network([node("e0", "event"), node("l0", "place")], []),
}


def asked(network: Network, chance: Random) -> Asked:
    """Every question once, about nodes drawn from the network and in ways that are drawn as well."""
    ids = sorted(one.id for one in network.nodes if one.kind in ("organisation", "person")) or ["nobody"]
    one, other, third = (chance.choice(ids) for _ in range(3))
    sides = {"sources": [one, third], "targets": [other, "public"]}
    period = chance.choice([{}, {"period": "2019"}])
    return [
        ("ego_network", {"node": one, "depth": 2}),
        ("paths", {"source": one, "target": other, "hub_penalty": chance.random() < 0.5}),
        *(
            (name, values | chance.choice(WAYS))
            for name, values in (
                ("connectors", sides),
                ("common_connections", {"nodes": [one, other]}),
                ("cogs", {"draws": 20, "limit": 500}),
                ("cog", {"node": one}),
                ("communities", {}),
                ("introductions", {"exclude": [third] if chance.random() < 0.3 else []}),
                ("coalition", {"needs": ["public", "media"], "musts": [one]}),
                ("gaps", {"permutations": 20}),
                ("bridges_needed", {"a": [one], "b": [other, third]}),
                ("resilience", {"leavers": chance.choice([[], [one], [one, other], ids[:100]])}),
                ("undervalued_cogs", {"peer_sector": "any"} | period),
                ("portfolio", {"funder": one} | period),
                ("stage", chance.choice([{}, {"since": "2018", "until": "2019"}])),
            )
        ),
        ("co_funding", period),
        ("flows", {"payer": one} | period),
        ("timeline", {"by": chance.choice(["year", "month"])}),
        ("compare", {"before": "2018", "after": "2020", "as_known": chance.random() < 0.5}),
        ("learning", {}),
    ]


def outcome(store: Store, question: str, values: dict[str, Any]) -> str:
    """The answer as JSON, or what is said instead."""
    try:
        return ask(store, question, values).model_dump_json()
    except CogsError as wrong:
        return json.dumps({"error": type(wrong).__name__, "message": wrong.message, "fix": wrong.fix})


def ids_changed(network: Network, change: dict[str, str]) -> Network:
    """The same network with other ids of its nodes; their names stay."""
    nodes = [one.model_copy(update={"id": change[one.id]}) for one in network.nodes]
    ties = [
        one.model_copy(update={"source": change[one.source], "target": change[one.target]})
        for one in network.relationships
    ]
    return Network(nodes, ties)
