import struct
import zlib
from xml.etree import ElementTree

import pytest
import resvg_py

from tests.viz.planted import HOSTILE, arranged, hostile
from viz.network_map import MapRelationship, NetworkMap
from viz.svg import bends, png, svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(SVG + "text")]


def test_the_picture_is_well_formed_and_says_what_it_is() -> None:
    root = ElementTree.fromstring(svg(arranged(30)))
    assert (root.findtext(SVG + "title"), root.get("role")) == ("Who works with whom", "img")
    assert root.findtext(SVG + "desc") == "30 nodes in 3 groups. The groups were planted."


def test_every_name_of_a_small_map_is_real_text() -> None:
    whole = arranged(30)
    words = " ".join(texts(svg(whole)))
    assert [node.name for node in whole.nodes if not all(word in words for word in node.name.split())] == []


def test_every_node_and_relationship_is_drawn_and_says_itself() -> None:
    whole = arranged(60, isolates=6)
    said = [element.text for element in ElementTree.fromstring(svg(whole)).iter(SVG + "title")][1:]
    assert sorted(map(str, said)) == sorted(
        [tie.sentence for tie in whole.relationships] + [f"{node.name}, {node.kind}" for node in whole.nodes]
    )


def test_legend_counts_are_in_the_picture_and_can_be_left_out() -> None:
    whole = arranged(30)
    rows = [f"{kind.plural} ({kind.count})" for kind in whole.kinds]
    assert set(rows) <= set(texts(svg(whole)))
    assert not set(rows) & set(texts(svg(whole, legend=False)))


def test_names_without_room_are_listed_below() -> None:
    whole = arranged(100, isolates=40)
    assert any(line.startswith("Without a relationship on this map:") for line in texts(svg(whole)))


def test_hostile_words_stay_words() -> None:
    picture = svg(hostile())
    root = ElementTree.fromstring(picture)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "path", "g", "text", "circle", "polygon",
    }  # fmt: skip
    assert root.findtext(SVG + "title") == HOSTILE[0]


def test_an_empty_map_is_a_picture_too() -> None:
    assert "Nothing" in texts(svg(NetworkMap(title="Nothing", summary="Nothing here.")))


def test_parallel_relationships_bow_apart() -> None:
    pairs = [("a", "b"), ("a", "b"), ("b", "a"), ("a", "c")]
    ties = [
        MapRelationship(id=str(place), type="FUNDS", source=source, target=target, sentence="")
        for place, (source, target) in enumerate(pairs)
    ]
    # By hand: three between a and b are spread around the straight line; the third runs the other way.
    assert bends(ties) == {"0": -0.16, "1": 0.0, "2": -0.16, "3": 0.0}


def dark_pixels(picture: bytes, *, below: int) -> int:
    """Nearly black pixels in the first rows of an 8-bit RGBA PNG, read by the rules of its specification."""
    width, _ = struct.unpack(">II", picture[16:24])
    chunks, place = b"", 8
    while place < len(picture):
        size, kind = struct.unpack(">I4s", picture[place : place + 8])
        chunks += picture[place + 8 : place + 8 + size] if kind == b"IDAT" else b""
        place += size + 12
    raw, stride = zlib.decompress(chunks), width * 4
    before, dark = bytearray(stride), 0
    for row in range(below):
        start = row * (stride + 1)
        line = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), before)
        dark += sum(max(line[pixel : pixel + 3]) < 60 for pixel in range(0, stride, 4))
        before = line
    return dark


def unfiltered(method: int, line: bytearray, above: bytearray) -> bytearray:
    for place, value in enumerate(line):
        left, up = (line[place - 4] if place >= 4 else 0), above[place]
        corner = above[place - 4] if place >= 4 else 0
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda near: abs(guess - near))
        line[place] = (value + (0, left, up, (left + up) // 2, paeth)[method]) % 256
    return line


def test_the_title_is_really_drawn_in_the_png() -> None:
    whole = arranged(30)
    with_title = dark_pixels(png(whole, width=800), below=50)
    without = dark_pixels(png(whole.model_copy(update={"title": " "}), width=800), below=50)
    assert with_title > without + 300


def test_letters_come_from_the_font_of_the_product(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **wishes: drawn(**wishes, skip_system_fonts=True))
    assert dark_pixels(png(arranged(30), width=800), below=50) > 300


def test_the_png_has_the_width_asked_for() -> None:
    assert struct.unpack(">I", png(arranged(30), width=640)[16:20]) == (640,)
