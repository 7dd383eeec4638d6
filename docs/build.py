"""Writes the reference pages, and the picture of the seed graph, from the product itself: `make docs`.

Every text comes from the docstrings and models that the program works with, so that a page cannot say anything else.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.making.commands import of_commands
from docs.making.formats import of_exports, of_loaders
from docs.making.one_machine import of_one_machine
from docs.making.questions import of_questions, of_styles
from docs.making.seeds import of_seed_questions
from docs.making.service import of_http
from docs.making.speeds import of_speeds
from docs.making.words import of_settings, of_vocabulary
from graph.store import open_store
from loaders.finding import SEEDS
from loaders.run import load
from viz.forms import vector
from viz.maps import draw
from viz.svg import raster

HERE = Path(__file__).parent
REFERENCE = HERE / "reference"
PICTURE = HERE / "images" / "network.png"
PICTURE_WIDTH = 1_200  # pixels; readable, and less than 400 kB
MADE = "<!-- Made by `make docs`: change the docstrings and models it comes from. -->"
MAKERS = (
    *(of_commands, of_exports, of_http, of_loaders, of_one_machine, of_questions),
    *(of_seed_questions, of_settings, of_speeds, of_styles, of_vocabulary),
)


def main() -> None:
    """Write all pages and the picture."""
    for name in [name for name in os.environ if name.startswith("COGS_")]:
        del os.environ[name]  # the pages tell what holds where nothing is set
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    PICTURE.write_bytes(picture())


def pages() -> dict[str, str]:
    """The text of every page by the name of its file."""
    return {
        f"{maker.__name__.removeprefix('of_').replace('_', '-')}.md": "\n\n".join([MADE, *maker()]) + "\n"
        for maker in MAKERS
    }


def picture() -> bytes:
    """The network map of the seed graph."""
    with TemporaryDirectory() as folder, open_store(str(Path(folder) / "seeds.db")) as store:
        load(store, [SEEDS], by="make docs")
        return raster(vector(draw(store, "network", {})), width=PICTURE_WIDTH)


if __name__ == "__main__":
    main()
