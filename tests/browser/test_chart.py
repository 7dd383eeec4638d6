"""Charts in a real browser: the picture that fits the screen is shown, and everybody can read the page."""

from pathlib import Path

import pytest

from tests.services.browser import WatchedPages, accessibility_faults
from tests.viz.styles.networks import store_of
from tests.viz.styles.test_every_chart import PLAIN, STYLES, chains
from viz.forms import written
from viz.maps import draw


@pytest.mark.parametrize(("width", "shown"), [(1400, "wide"), (390, "narrow")])
@pytest.mark.parametrize("style", STYLES)
def test_the_chart_fits_the_screen(style: str, width: int, shown: str, pages: WatchedPages, tmp_path: Path) -> None:
    file = tmp_path / "chart.html"
    with store_of(tmp_path, PLAIN, chains()) as store:
        file.write_bytes(written(draw(store, style, {}), ".html"))
    page = pages.open(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    assert [page.locator(f".on-{ground}").is_visible() for ground in ("wide", "narrow")] == [
        shown == "wide",
        shown == "narrow",
    ]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    rows = "all => [...new Set(all.map(one => one.dataset.row))].sort()"
    drawn = page.eval_on_selector_all(f".on-{shown} g[data-row]", rows)
    assert drawn == page.eval_on_selector_all("#rows tr[data-row]", rows)
    assert accessibility_faults(page) == []
