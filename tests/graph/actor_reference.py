"""The actor graph and the cog score again, slow and plain, and random networks to compare on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from random import Random

import networkx as nx
from hypothesis import strategies as st

from graph.actors import ActorOptions
from graph.adjacency import Arrays, build_arrays
from graph.model import Evidence, Node, Relationship, Sector, days
from graph.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
KINDS = ("organisation", "person", "project", "event", "place", "theme")


def node(id: str, kind: str = "organisation", sector: str | None = None, **more: object) -> Node:
    values = {"id": id, "kind": kind, "name": id, "sector": sector, "evidence": [{"source": "s"}]} | more
    return Node.model_validate(values)


def relationship(source: str, type: str, target: str, *, id: str = "", **more: object) -> Relationship:
    values = {"id": id or f"{source}-{type}-{target}", "type": type, "source": source, "target": target}
    recorded = {"recorded_at": more.pop("recorded", None)}
    return Relationship.model_validate({**values, "evidence": [Evidence(source="s", **recorded)], **more})


@dataclass(frozen=True)
class Network:
    """Nodes and relationships, in any order."""

    nodes: Sequence[Node]
    relationships: Sequence[Relationship]

    def arrays(self) -> Arrays:
        nodes = sorted(self.nodes, key=lambda one: one.id)
        number = {one.id: place for place, one in enumerate(nodes)}
        return build_arrays(
            ((one.id, one.kind, one.sector, one.level, *one.days, 0) for one in nodes),
            (
                (one.id, one.type, number[one.source], number[one.target], one.level, *one.days,
                 1.0 if one.confidence is None else one.confidence, one.inferred, one.strength, one.recorded_day or 0)
                for one in sorted(self.relationships, key=lambda one: one.id)
            ),
            VOCABULARY,
            version="1",
        )  # fmt: skip

    def without(self, ids: Iterable[str]) -> Network:
        gone = set(ids)
        rest = [one for one in self.relationships if not {one.source, one.target} & gone]
        return Network([one for one in self.nodes if one.id not in gone], rest)


Pair = tuple[str, str]


def pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


class Reference:
    """MEASURES.md section 1 as loops over one network that a lens lets through whole."""

    def __init__(self, network: Network, options: ActorOptions) -> None:
        self.options = options
        self.kind = {one.id: one.kind for one in network.nodes}
        self.sector = {one.id: one.sector for one in network.nodes}
        self.relationships = sorted(network.relationships, key=lambda one: one.id)
        self.actors = sorted(id for id, kind in self.kind.items() if kind in options.actors)
        self.organisations = defaultdict(set)
        for one in self.relationships:
            if VOCABULARY.types[one.type].of and (self.kind[one.source], self.kind[one.target]) == (
                "person",
                "organisation",
            ):
                self.organisations[one.source].add(one.target)
        self.made: dict[Pair, list[tuple[float, set[str]]]] = defaultdict(list)
        for a, b, strength, behind in [*self.direct(), *self.shared()]:
            self.carry(a, b, strength, behind)
        self.strength, self.behind = {}, {}
        for ends, ties in self.made.items():
            strength = round(1 - prod(1 - tie for tie, _ in ties), 9)
            if strength > 0 and ends[0] in self.actors and ends[1] in self.actors:
                self.strength[ends] = strength
                self.behind[ends] = set().union(*(behind for _, behind in ties))
        self.graph: nx.Graph[str] = nx.Graph()
        self.graph.add_nodes_from(self.actors)
        self.graph.add_weighted_edges_from([(a, b, s) for (a, b), s in self.strength.items()], weight="strength")

    def takes_part(self, id: str) -> bool:
        return id in self.actors or (self.options.carry and self.kind[id] == "person")

    def is_item(self, id: str) -> bool:
        work = VOCABULARY.kinds[self.kind[id]].work and self.kind[id] not in self.options.actors
        return work and self.options.shared_work

    def worth(self, one: Relationship) -> float:
        strength = VOCABULARY.types[one.type].strength if one.strength is None else one.strength
        recorded = [days(some.recorded_at)[0] for some in one.evidence if some.recorded_at]
        newest = max((r.recorded_day for r in self.relationships if r.recorded_day), default=None)
        if self.options.half_life is None or not recorded or newest is None:
            return strength
        months = max(0, newest - max(recorded)) / 30.4375
        return float(strength * 2 ** (-months / self.options.half_life))

    def counted(self) -> list[Relationship]:
        return [one for one in self.relationships if VOCABULARY.types[one.type].tie and round(self.worth(one), 9) > 0]

    def direct(self) -> Iterable[tuple[str, str, float, set[str]]]:
        for one in self.counted():
            if one.source != one.target and self.takes_part(one.source) and self.takes_part(one.target):
                yield one.source, one.target, self.worth(one), {one.id}

    def shared(self) -> Iterable[tuple[str, str, float, set[str]]]:
        members: dict[str, dict[str, list[Relationship]]] = defaultdict(lambda: defaultdict(list))
        for one in self.counted():
            for actor, item in ((one.source, one.target), (one.target, one.source)):
                if self.takes_part(actor) and self.is_item(item):
                    members[item][actor].append(one)
        for of_item in members.values():
            combined = {who: 1 - prod(1 - self.worth(one) for one in several) for who, several in of_item.items()}
            for i, j in combinations(sorted(combined), 2):
                if len(combined) <= 200:
                    strength = (combined[i] + combined[j]) / 2 / (len(combined) - 1)
                    yield i, j, strength, {one.id for who in (i, j) for one in of_item[who]}

    def carry(self, x: str, y: str, strength: float, behind: set[str]) -> None:
        def around(id: str) -> list[str]:
            return [id, *(self.organisations[id] if self.options.carry else ())]

        for a, b in product(around(x), around(y)):
            of_each_other = b in self.organisations[a] or a in self.organisations[b]
            if (a, b) == (x, y) or (a != b and not of_each_other):
                self.made[pair(a, b)].append((strength, behind))

    def groups(self, id: str) -> set[str]:
        """Sectors only."""
        own = self.sector[id]
        if own or self.kind[id] != "person":
            return {own} if own else set()
        return {some for organisation in self.organisations[id] if (some := self.sector[organisation])}

    def differ(self, a: str, b: str) -> bool:
        return bool(self.groups(a) and self.groups(b)) and not self.groups(a) & self.groups(b)

    def cog_score(self, b: str) -> float:
        total = 0.0
        for i, j in self.open_pairs(b):
            if self.differ(i, j):
                common = len(set(self.graph[i]) & set(self.graph[j]))
                total += min(self.graph[b][i]["strength"], self.graph[b][j]["strength"]) / common
        return round(total, 9)

    def open_pairs(self, b: str) -> list[Pair]:
        return [(i, j) for i, j in combinations(sorted(self.graph[b]), 2) if not self.graph.has_edge(i, j)]

    def roles(self, b: str) -> dict[str, int]:
        counts = dict.fromkeys(("coordinator", "consultant", "gatekeeper", "representative", "liaison"), 0)
        for i, j in self.open_pairs(b):
            if self.groups(i) and self.groups(j) and self.groups(b):
                own = bool(self.groups(b) & (self.groups(i) | self.groups(j)))
                if self.differ(i, j):
                    names = ("gatekeeper", "representative") if own else ("liaison",)
                else:
                    names = ("coordinator",) if own else ("consultant",)
                for name in names:
                    counts[name] += 1
        return counts


@st.composite
def networks(draw: st.DrawFn, *, kinds: Sequence[str] = KINDS, most: int = 9) -> Network:
    """Small networks: isolates, self-ties, parallel ties, several components, strengths of 0, no sectors, nothing."""
    ids = [f"n{place}" for place in range(draw(st.integers(0, most)))]
    sectors = st.sampled_from([None, *Sector][: draw(st.integers(1, 4))])
    nodes = [node(id, draw(st.sampled_from(kinds)), draw(sectors)) for id in ids]
    allowed = [
        (a.id, name, b.id)
        for a, b in product(nodes, nodes)
        for name, row in VOCABULARY.types.items()
        if row.allows(a.kind, b.kind) and (row.tie or name in ("LOCATED_IN", "WORKS_ON"))
    ]
    inferred = st.just(True) if draw(st.booleans()) else st.booleans()
    chosen = draw(st.lists(st.sampled_from(allowed), max_size=24)) if allowed else []
    return Network(
        nodes,
        [
            relationship(
                source, type, target,
                id=f"r{place:02d}",
                strength=draw(st.sampled_from([None, None, 0, 0.25, 0.5, 1])),
                inferred=draw(inferred),
                recorded=draw(st.sampled_from([None, "2017", "2018-06", "2019-03-01"])),
            )
            for place, (source, type, target) in enumerate(chosen)
        ],
    )  # fmt: skip


def options() -> st.SearchStrategy[ActorOptions]:
    return st.builds(
        ActorOptions,
        actors=st.sampled_from(
            [("organisation", "person"), ("organisation",), ("person",), ("organisation", "project"), ("event",)]
        ),
        shared_work=st.booleans(),
        carriers=st.sampled_from([None, True, False]),
        half_life=st.sampled_from([None, None, 6.0]),
    )


def busy_network(seed: int) -> Network:
    """A network with many triangles, people of several organisations, and shared work, as hypothesis rarely draws."""
    chance = Random(seed)
    sectors = [None, *Sector][: chance.randint(2, 5)]
    kinds = {"o": "organisation", "p": "person", "j": "project"}
    ids = [
        f"{letter}{place}"
        for letter, most in (("o", 8), ("p", 5), ("j", 3))
        for place in range(chance.randint(1, most))
    ]
    named = {letter: [id for id in ids if id[0] == letter] for letter in kinds}
    forms = [("o", "PARTNERS_WITH", "o"), ("p", "KNOWS", "p"), ("o", "KNOWS", "p"), ("p", "WORKS_FOR", "o"),
             ("p", "LEADS", "o"), ("o", "DELIVERS", "j"), ("p", "TOOK_PART_IN", "j"), ("j", "FUNDS", "o")]  # fmt: skip
    made = []
    for place in range(chance.randint(5, 40)):
        source, type, target = chance.choice(forms)
        ends, more = (chance.choice(named[source]), chance.choice(named[target])), {"inferred": chance.random() < 0.5}
        strength = chance.choice([None, 0.2, 0.35, 0.8])
        made.append(relationship(ends[0], type, ends[1], id=f"r{place:02d}", strength=strength, **more))
    return Network([node(id, kinds[id[0]], chance.choice(sectors)) for id in ids], made)


def busy_networks() -> st.SearchStrategy[Network]:
    return st.integers(0, 10**6).map(busy_network)
