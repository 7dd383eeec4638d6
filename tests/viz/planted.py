"""Maps whose groups, hubs, bridging nodes and isolates are known because they were planted."""

import random
from functools import cache

from graph.vocabulary import Vocabulary, load_vocabulary
from viz.arrange import arrange
from viz.network_map import MapEvidence, MapGroup, MapNode, MapRelationship, NetworkMap

WHERE = ("North", "South", "East", "West", "Upper", "Lower", "River", "Hill", "Mill", "Harbour", "Market", "Valley")
WHAT = ("Housing", "Health", "Growing", "Learning", "Repair", "Food", "Energy", "Youth", "Arts", "Skills", "Care")
FORM = ("Trust", "Network", "Council", "Alliance of Neighbourhood Groups", "Community Interest Company", "Festival")
KINDS = ("organisation", "organisation", "person", "project", "event", "publication", "fund", "insight", "theme")
TYPES = ("WORKS_FOR", "PARTNERS_WITH", "FUNDS", "MEMBER_OF", "SUPPORTS", "TOOK_PART_IN")
FOOTNOTE = MapEvidence(title="A report", locator="section 2, lines 3-9", url="https://example.org/report")


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def name_of(number: int) -> str:
    words = (WHERE[number % 12], WHAT[number // 12 % 11], FORM[number % 6])
    return " ".join(words) + ("" if number < 132 else f" {number}")


def planted(count: int, *, groups: int = 3, isolates: int = 0, seed: int = 1) -> NetworkMap:
    """So many nodes in groups around hubs; the first of them tie each group to the next and are its cogs."""
    chance = random.Random(seed)
    core = count - isolates
    group = {f"n{number}": f"g{number % groups}" for number in range(core)}
    hubs = [f"n{number}" for number in range(groups, 2 * groups)]
    pairs = [(id, hubs[number % groups]) for number, id in enumerate(group) if id not in hubs]
    pairs += [(f"n{chance.randrange(core)}", f"n{chance.randrange(core)}") for _ in range(core // 8)]
    cogs = {f"n{number}": (number, (number + 1) % groups) for number in range(groups)}
    for cog, sides in cogs.items():
        pairs += [(cog, f"n{member}") for side in sides for member in range(groups + side, core, groups)][:8]
        pairs += [(cog, hubs[side]) for side in sides]
    ties = [
        MapRelationship(**relationship(place, pair, chance)) for place, pair in enumerate(pairs) if pair[0] != pair[1]
    ]
    nodes = tuple(
        MapNode(
            id=f"n{number}",
            kind=KINDS[number % len(KINDS)],
            name=name_of(number),
            aliases=(f"NN{number}",),
            sector=("public", "community", None)[number % 3],
            group=group.get(f"n{number}"),
            is_cog=f"n{number}" in cogs,
            score=10.0 - number if f"n{number}" in cogs else 0.0,
            rank=number + 1 if f"n{number}" in cogs else None,
            ties=len(
                {end for tie in ties for end in (tie.source, tie.target) if f"n{number}" in (tie.source, tie.target)}
                - {f"n{number}"}
            ),
            bridges=tuple(f"group {side}" for side in cogs.get(f"n{number}", ())),
            evidence=(FOOTNOTE,),
        )
        for number in range(count)
    )
    return NetworkMap(
        title="Who works with whom",
        summary=f"{count} nodes in {groups} groups.",
        description="The groups were planted.",
        nodes=nodes,
        relationships=tuple(ties),
        groups=tuple(MapGroup(id=f"g{number}", name=f"group {number}") for number in range(groups)),
        address="/v1/maps/network",
        command="cogs map network -o map.html",
        graph_version="0123",
    )


def relationship(place: int, pair: tuple[str, str], chance: random.Random) -> dict[str, object]:
    type = chance.choice(TYPES)
    row = vocabulary().types[type]
    names = [name_of(int(id[1:])) for id in pair]
    return {
        "id": f"r{place}",
        "type": type,
        "source": pair[0],
        "target": pair[1],
        "sentence": f"{names[0]} {row.reads} {names[1]}.",
        "directed": row.directed,
        "inferred": chance.random() < 0.15,
        "strength": row.strength,
        "evidence": (FOOTNOTE,),
    }


@cache
def arranged(count: int, *, groups: int = 3, isolates: int = 0) -> NetworkMap:
    return arrange(planted(count, groups=groups, isolates=isolates), vocabulary())


@cache
def around(id: str, count: int = 60) -> NetworkMap:
    """The same map with one of its nodes marked as the centre."""
    whole = planted(count)
    nodes = tuple(node.model_copy(update={"is_centre": node.id == id}) for node in whole.nodes)
    return arrange(whole.model_copy(update={"nodes": nodes}), vocabulary())


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "{{ 7 * 7 }} {% raw %} ${1}",
    "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family & \U0001f389",
    "endless" * 72,
    '\'"`onmouseover=alert(3) x="',
    "javascript:alert(4)",
    "<!-- ]]> --> &amp; &lt;b&gt;",
    "a  b\tc",
)


def hostile() -> NetworkMap:
    """A map with a hostile text in every field that holds words."""
    whole = planted(20, groups=2)
    texts = [HOSTILE[number % len(HOSTILE)] for number in range(20)]
    nodes = tuple(
        node.model_copy(
            update={
                "name": text, "aliases": (text,), "subkind": text, "summary": text, "places": (text,), "url": text,
                "href": text, "sector": text, "bridges": (text,),
                "evidence": (MapEvidence(title=text, locator=text, url=text, note=text),),
            }
        )
        for node, text in zip(whole.nodes, texts, strict=True)
    )  # fmt: skip
    ties = tuple(
        tie.model_copy(
            update={"sentence": f"{texts[place % 20]} knows {texts[(place + 1) % 20]}", "start": texts[place % 20]}
        )
        for place, tie in enumerate(whole.relationships)
    )
    words = {"title": texts[0], "summary": texts[1], "description": texts[2], "cut": texts[0], "notes": (texts[1],)}
    groups = tuple(group.model_copy(update={"name": texts[place]}) for place, group in enumerate(whole.groups))
    places = {"address": texts[7], "command": texts[6]}
    changed = whole.model_copy(update={**words, **places, "nodes": nodes, "relationships": ties, "groups": groups})
    return arrange(changed, vocabulary())
