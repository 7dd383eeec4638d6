"""A load in blocks gives what a load line by line gives: content, digests, log and report, whatever the lines hold."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.made import lines as made_lines
from graph.errors import StoreError
from graph.model import Audience, line
from graph.store import Store, open_store
from loaders import packing
from loaders.native_lines import MODELS
from loaders.report import Report
from loaders.run import load

Lines = list[str]


def made() -> Lines:
    return [text.rstrip("\n") for text in made_lines(400, 1_500, seed=1)]


def as_made(lines: Lines) -> Lines:
    return lines


def levels(lines: Lines) -> Lines:
    names = [None, "network", "team", "private", "public"]
    return [lines[0], *(native(text, audience=names[n * 7 % 5]) for n, text in enumerate(lines[1:]))]


def native(text: str, **values: object) -> str:
    """The line as our own export would write it with other values."""
    [(word, content)] = json.loads(text).items()
    return line(MODELS[word].model_validate(content | values))


def rich_names(lines: Lines) -> Lines:
    rich = {
        "aliases": ["Ó'Neil & co", 'a "quoted" one', "東京"],
        "summary": "Advice on debt",
        "identifiers": [{"scheme": "GB-CHC", "value": "00 12"}, {"scheme": "X", "value": "a:b"}],
    }
    return [native(text, **rich) if text.startswith('{"node"') and n % 3 else text for n, text in enumerate(lines)]


def some_foreign(lines: Lines) -> Lines:
    return [text.replace(":", ": ") if n % 5 == 0 else text for n, text in enumerate(lines)]


def some_wrong(lines: Lines) -> Lines:
    wrongs: list[Callable[[str], str]] = [
        lambda text: text[:-3],
        lambda text: text.replace('"id":"', '"id":"two words ', 1),
        lambda text: text.replace('"source":"made"', '"source":"unknown"'),
        lambda text: text.replace('"kind":"organisation"', '"kind":"ship"').replace('"type":"', '"type":"NO_'),
        lambda text: text.replace('"target":"', '"target":"nobody-'),
        lambda text: text.replace('"source":"n', '"source":"nobody-n', 1),
    ]
    return [wrongs[n // 60 % 6](text) if n % 60 == 7 else text for n, text in enumerate(lines)]


def some_twice(lines: Lines) -> Lines:
    again = [text for n, text in enumerate(lines) if n % 90 == 1]
    others = [native(text, end="2030") for n, text in enumerate(lines) if n % 90 == 5]
    return lines[:300] + again[:2] + others[:2] + lines[300:] + again + others + lines[600:700]


def backwards(lines: Lines) -> Lines:
    return lines[::-1]


def ends_later(lines: Lines) -> Lines:
    return [*lines[:200], *lines[800:1000], *lines[200:800], *lines[1000:]]


CASES = [as_made, levels, rich_names, some_foreign, some_wrong, some_twice, backwards, ends_later]


def written(folder: Path, name: str, lines: Lines) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def known(id: str) -> str:
    """An id of the log; what was forgotten stands there under a mark that is each store's own."""
    return "forgotten" if re.fullmatch("[0-9a-f]{16}", id) else id


def everything(store: Store) -> dict[str, object]:
    """All that can be told of a store, times aside."""
    feeds = {level: store.changes(limit=5_000, audience=level) for level in Audience}
    texts = ("Trust 1", "oneil", "debt", "GB-CHC:00 12")
    return {
        "export": [line(thing) for thing in store.export()],
        "versions": [store.version(level) for level in Audience],
        "log": {
            level: {(one.action, one.thing, known(one.id), one.previous) for one in feeds[level]} for level in feeds
        },
        "positions": {level: [one.position for one in feed] for level, feed in feeds.items()},
        "words": store.name_words(),
        "found": [[node.id for node in store.find(text)] for text in texts],
        "identifiers": store.by_identifier(["GB-CHC:00 12", "X:a:b"]),
        "counts": store.counts(around="n00000001"),
        "findings": store.check(),
    }


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[Report, Store]]]:
    """Loads files one after the other into a store, in blocks of 64 lines or line by line."""
    stores: list[Store] = []

    def loaded(*paths: Path, in_blocks: bool) -> tuple[Report, Store]:
        monkeypatch.setattr(packing, "BLOCK", 64)
        monkeypatch.setattr(packing, "LEAST", 4 if in_blocks else 10_000)
        store = open_store(str(tmp_path / f"network-{len(stores)}.db"))
        stores.append(store)
        return [load(store, [path], by="a test") for path in paths][-1], store

    yield loaded
    for store in stores:
        store.close()


@pytest.mark.parametrize("case", CASES)
def test_blocks_give_what_lines_give(
    tmp_path: Path, loaded: Callable[..., tuple[Report, Store]], case: Callable[[Lines], Lines]
) -> None:
    path = written(tmp_path, "network", case(made()))
    (one, line_by_line), (other, in_blocks) = loaded(path, in_blocks=False), loaded(path, in_blocks=True)
    assert other == one
    assert one.added > 1_000
    assert everything(in_blocks) == everything(line_by_line)


def test_a_second_load_finds_what_is_new_what_has_changed_and_what_has_not(
    tmp_path: Path, loaded: Callable[..., tuple[Report, Store]]
) -> None:
    first = made()
    second = [native(text, end="2031") if n % 70 == 3 else text for n, text in enumerate(first[:1_200])]
    new = [text.replace('"id":"r', '"id":"s') for text in first[1_200:1_500]]
    paths = [written(tmp_path, "first", first), written(tmp_path, "second", second + new)]
    (one, line_by_line), (other, in_blocks) = loaded(*paths, in_blocks=False), loaded(*paths, in_blocks=True)
    assert other == one
    assert (one.added, one.changed, one.unchanged) == (300, 18, 1_182)
    assert everything(in_blocks) == everything(line_by_line)


def test_merged_and_forgotten_nodes_stay_so(tmp_path: Path, loaded: Callable[..., tuple[Report, Store]]) -> None:
    path = written(tmp_path, "network", made())
    results = []
    for in_blocks in (False, True):
        _, store = loaded(path, in_blocks=in_blocks)
        store.merge("n00000003", "n00000004", by="a test")
        store.forget("n00000005", by="a test")
        results.append((load(store, [path], by="a test"), everything(store)))
    assert results[0] == results[1]
    assert {remark.column for remark in results[0][0].rejected} == {"id", "source", "target"}


def test_a_preview_in_blocks_counts_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "network", made())
    with open_store(str(tmp_path / "network.db")) as store:
        empty = everything(store)
        assert load(store, [path], by="a test", preview=True).added == 1_901
        assert everything(store) == empty
        assert load(store, [path], by="a test").added == 1_901


@pytest.mark.parametrize("count", [50, 900, 1_500])
def test_arrays_follow_what_was_loaded_in_blocks(
    count: int, tmp_path: Path, loaded: Callable[..., tuple[Report, Store]]
) -> None:
    """Some are caught up with from the log; 1,500 are too many for that."""
    first = made()
    _, store = loaded(written(tmp_path, "first", first), in_blocks=True)
    before = store.arrays()
    new = [text.replace('"id":"r', '"id":"s') for text in first[401 : 401 + count]]
    assert load(store, [written(tmp_path, "second", new)], by="a test").added == count
    after = store.arrays()
    with open_store(store.uri) as other:
        anew = other.arrays()
    assert len(after.relationships.ids) == len(before.relationships.ids) + count
    assert list(after.relationships.ids) == list(anew.relationships.ids)
    assert list(after.relationships.source) == list(anew.relationships.source)


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is read in a second process."""
    monkeypatch.setattr(packing, "WORTH_A_PROCESS", 0)
    return written(tmp_path, "large", made())


def test_a_second_process_reads_the_same(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = list(packing.pieces_of(large))
    monkeypatch.setattr(packing, "WORTH_A_PROCESS", 1 << 40)
    assert apart == list(packing.pieces_of(large))
    assert sum(len(piece.packed or ()) for piece in apart) == 1_900


def test_a_second_process_that_ends_early_leaves_the_old_state(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(str(tmp_path / "network.db")) as store:
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(StoreError, match="has ended early"):
            load(store, [large], by="a test")
        assert list(store.export()) == []


def test_a_store_of_the_layout_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "network.db"
    first, second = written(tmp_path, "first", made()[:10]), written(tmp_path, "second", made())
    with open_store(str(path)) as store:
        load(store, [first], by="a test")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("ALTER TABLE changes DROP COLUMN packed")  # which came with layout 2
    connection.execute("UPDATE meta SET value = '1' WHERE key = 'layout'")
    connection.close()
    with open_store(str(path)) as store:
        assert load(store, [second], by="a test").added == 1_891
        assert len(store.changes(limit=5_000)) == 1_901
        assert store.check() == []
