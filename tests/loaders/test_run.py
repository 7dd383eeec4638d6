"""A load as a whole: all or nothing, repeatable, joined with what is there, every row accounted for."""

import os
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.model import Evidence, Node, Relationship, Source, Thing, line
from graph.store import Store
from loaders.run import load

HERE, THERE = Source(id="here", title="Here"), Source(id="there", title="There")


def node(id: str, *sources: str, **values: object) -> Node:
    evidence = [{"source": source} for source in sources or ("here",)]
    return Node.model_validate({"id": id, "kind": "organisation", "name": id.upper(), "evidence": evidence, **values})


def tie(id: str, source: str, target: str, **values: object) -> Relationship:
    given = {"id": id, "type": "FUNDS", "source": source, "target": target, "evidence": [{"source": "here"}], **values}
    return Relationship.model_validate(given)


def written(folder: Path, name: str, *things: Thing) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("".join(f"{line(thing)}\n" for thing in things), encoding="utf-8")
    return path


def held(store: Store) -> list[str]:
    return [line(thing) for thing in store.export()]


def test_a_preview_says_what_a_load_would_do_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "a", HERE, node("a"), tie("r", "a", "nobody"))
    preview = load(store, [path], by="a test", preview=True)
    assert held(store) == []
    assert not preview.written
    report = load(store, [path], by="a test")
    assert report.model_copy(update={"written": False}) == preview
    assert (report.read, report.added, len(report.rejected)) == (3, 2, 1)


def test_a_strict_load_with_a_bad_row_writes_nothing_and_reports_every_row(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "a", HERE, node("a"), node("b", kind="ship"), tie("r", "a", "nobody"))
    report = load(store, [path], by="a test", strict=True)
    assert [remark.line for remark in report.rejected] == [3, 4]
    assert (report.read, report.added, report.written) == (4, 0, False)
    assert held(store) == []


def test_all_files_of_a_load_are_one_write(store: Store, tmp_path: Path) -> None:
    # The first file's relationship needs a node of the second, whose relationship needs one of the first.
    first = written(tmp_path, "a", HERE, node("a"), tie("r", "a", "b"))
    second = written(tmp_path, "b", THERE, node("b", "there"), tie("s", "b", "a"))
    assert load(store, [first, second], by="a test").rejected == ()
    version = store.version()
    (tmp_path / "broken.jsonl").write_bytes(b"")
    with pytest.raises(InputError, match="empty"):
        load(store, [written(tmp_path, "c", HERE, node("c")), tmp_path / "broken.jsonl"], by="a test")
    assert store.version() == version


def test_a_repeated_load_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "a", HERE, node("a"), node("b"), tie("r", "a", "b"))
    load(store, [path], by="a test")
    version, changes = store.version(), len(store.changes(limit=100))
    report = load(store, [path, path], by="a test")
    assert (report.read, report.added, report.changed, report.unchanged) == (8, 0, 0, 8)
    assert (store.version(), len(store.changes(limit=100))) == (version, changes)


def test_the_same_row_twice_is_unchanged_and_another_content_is_rejected(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "a", HERE, node("a"), node("a"), node("a", name="Other"))
    other = written(tmp_path, "b", node("a", name="Third"))
    report = load(store, [path, other], by="a test")
    assert (report.added, report.unchanged) == (2, 1)
    assert [(one.line, one.column) for one in report.rejected] == [(4, "id"), (1, "id")]
    assert "stands in line 2 already" in report.rejected[0].reason
    assert f"stands in line 2 of {path} already" in report.rejected[1].reason


def test_what_only_this_source_said_is_replaced(store: Store, tmp_path: Path) -> None:
    load(store, [written(tmp_path, "a", HERE, node("a", summary="Old", aliases=["Alpha"]))], by="a test")
    report = load(store, [written(tmp_path, "a", HERE, node("a", url="https://a.example"))], by="a test")
    assert (report.changed, report.unchanged) == (1, 1)
    assert store.get(["a"])["a"] == node("a", url="https://a.example")


def test_what_other_sources_said_too_is_kept_and_joined(store: Store, tmp_path: Path) -> None:
    old = node("a", "here", "there", summary="Kept", name="Old", attributes={"x": 1, "y": 2}, audience="network")
    load(store, [written(tmp_path, "a", HERE, THERE, old, node("b"), tie("r", "a", "b", note="Kept"))], by="a test")
    new = node("a", "there", name="New", sector="community", attributes={"y": 3})
    edge = tie("r", "a", "b", amount=5, evidence=[{"source": "there"}])
    load(store, [written(tmp_path, "b", THERE, new, edge)], by="a test")
    assert store.get(["a"])["a"] == node(
        "a",
        "here",
        "there",
        name="New",
        aliases=["Old"],
        summary="Kept",
        sector="community",
        attributes={"x": 1, "y": 3},
        audience="network",
    )
    both = [{"source": "here"}, {"source": "there"}]
    assert store.get_relationships(["r"])["r"] == tie("r", "a", "b", amount=5, note="Kept", evidence=both)


def test_evidence_that_this_source_no_longer_gives_goes(store: Store, tmp_path: Path) -> None:
    old = node("a").model_copy(
        update={"evidence": (Evidence(source="here", locator="line 1"), Evidence(source="there", locator="line 2"))}
    )
    load(store, [written(tmp_path, "a", HERE, THERE, old)], by="a test")
    new = node("a").model_copy(update={"evidence": (Evidence(source="here", locator="line 9"),)})
    load(store, [written(tmp_path, "b", HERE, new)], by="a test")
    assert [str(entry.locator) for entry in store.get(["a"])["a"].evidence] == ["line 2", "line 9"]


def test_a_merge_survives_a_repeated_load(store: Store, tmp_path: Path) -> None:
    things = (HERE, node("a"), node("b", summary="B's"), node("c"), tie("r", "b", "c"), tie("s", "a", "c"))
    path = written(tmp_path, "a", *things)
    load(store, [path], by="a test")
    store.merge("b", "a", by="a test")
    before = held(store)
    report = load(store, [path], by="a test")
    assert (report.added, report.changed, report.rejected) == (0, 0, ())
    assert held(store) == before
    alone = written(tmp_path, "b", HERE, node("b", summary="B's"), tie("r", "b", "c"))
    assert load(store, [alone], by="a test").changed == 0
    assert held(store) == before


def test_what_was_forgotten_stays_out_with_its_relationships(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "a", HERE, node("a"), node("b"), tie("r", "a", "b"))
    load(store, [path], by="a test")
    store.forget("a", by="a test")
    report = load(store, [path], by="a test")
    assert [(one.line, one.column) for one in report.rejected] == [(2, "id"), (4, "source")]
    assert "forgotten" in report.rejected[0].reason
    assert list(store.get(["a", "b"])) == ["b"]


def test_progress_ends_with_all_bytes(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "a", HERE, *(node(f"n{number}") for number in range(2_500)))
    steps: list[tuple[int, int]] = []
    load(store, [path], by="a test", progress=lambda done, total: steps.append((done, total)))
    size = path.stat().st_size
    assert steps[-1] == (size, size)
    assert len(steps) >= 3
    assert steps == sorted(steps)


def test_a_file_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        load(store, [tmp_path / "nothing.jsonl"], by="a test")


def test_a_folder_without_tables(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder without seed tables"):
        load(store, [tmp_path], by="a test")


def test_a_folder_given_to_a_loader_of_files(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\)"):
        load(store, [tmp_path], by="a test", loader="jsonl")


def test_a_file_that_may_not_be_read(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "a", HERE)
    path.chmod(0)
    user = os.geteuid()
    if user == 0:  # root may read everything: be nobody for the moment
        os.seteuid(65_534)
    try:
        with pytest.raises(InputError, match="it may not be read") as refused:
            load(store, [path], by="a test")
    finally:
        os.seteuid(user)
    assert refused.value.fix == "Give yourself permission to read it."


def test_a_file_that_fails_while_it_is_read(store: Store) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load(store, ["/proc/self/mem"], by="a test")


def test_an_unknown_loader_names_the_known_ones(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'xml'.*jsonl"):
        load(store, [written(tmp_path, "a", HERE)], by="a test", loader="xml")


def test_a_file_whose_name_is_no_text(store: Store, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl"))
    path.write_text('{"node": {}}', encoding="utf-8")
    report = load(store, [path], by="a test")
    assert report.rejected[0].file.endswith("caf\\xe9.jsonl")
    assert "caf" in report.model_dump_json()
