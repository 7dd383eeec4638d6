from tests.viz.planted import arranged, planted, vocabulary
from viz.arrange import arrange, outline, unnamed


def test_every_node_has_its_own_place() -> None:
    nodes = arranged(60, isolates=6).nodes
    assert len({(node.x, node.y) for node in nodes}) == 60


def test_outlines_hold_the_members_and_leave_out_the_cogs_between() -> None:
    whole = arranged(60)
    for group in whole.groups:
        members = {(node.x, node.y) for node in whole.nodes if node.group == group.id and not node.is_cog}
        assert set(group.outline) <= members
        assert group.count == 20


def test_outline_of_a_square_with_a_point_inside() -> None:
    square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
    assert sorted(outline([*square, (2.0, 1.0)])) == sorted(square)


def test_points_in_a_line_have_no_outline() -> None:
    assert outline([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]) == ()


def test_the_legend_has_the_order_of_the_vocabulary() -> None:
    whole = arranged(60)
    order = list(vocabulary().kinds)
    assert [kind.name for kind in whole.kinds] == sorted({node.kind for node in whole.nodes}, key=order.index)


def test_few_nodes_without_ties_keep_their_names() -> None:
    assert unnamed(arranged(60, isolates=6).nodes) == frozenset()
    assert len(unnamed(arranged(100, isolates=40).nodes)) == 40


def test_a_map_without_relationships_can_be_arranged() -> None:
    alone = planted(5, groups=1).model_copy(update={"relationships": ()})
    assert len({(node.x, node.y) for node in arrange(alone, vocabulary()).nodes}) == 5
