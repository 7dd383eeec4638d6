from collections import Counter

from tests.viz.planted import arranged
from viz.legend import sections


def test_the_legend_counts_exactly_what_is_drawn() -> None:
    whole = arranged(60)
    rows = {(row.part, row.value): row.count for section in sections(whole) for row in section.rows if row.part}
    expected: Counter[tuple[str, str]] = Counter()
    for node in whole.nodes:
        expected.update([("kind", node.kind), ("sector", node.sector or "")])
    for tie in whole.relationships:
        expected.update([("type", tie.type), ("known", "inferred" if tie.inferred else "stated")])
    assert rows == dict(expected)


def test_the_legend_names_nothing_that_is_not_drawn() -> None:
    plain = arranged(30).model_copy(update={"relationships": (), "types": (), "groups": ()})
    nodes = tuple(node.model_copy(update={"is_cog": False, "sector": None}) for node in plain.nodes)
    found = sections(plain.model_copy(update={"nodes": nodes}))
    assert [section.title for section in found] == ["Kinds"]
    assert all(row.part == "kind" for row in found[0].rows)
