"""The page of a chart: the picture for wide and for narrow screens, and the same as table and sentences."""

from __future__ import annotations

from viz.chart import Chart
from viz.chart_svg import chart_svg
from viz.page import Surroundings, environment


def chart_page(whole: Chart, *, around: Surroundings | None = None) -> str:
    """The chart as a page that needs no script; without surroundings it is one file that needs nothing else."""
    links = around is not None
    pictures = {
        "wide": chart_svg(whole, head=False, links=links),
        "narrow": chart_svg(whole, narrow=True, head=False, links=links),
    }
    made = environment({"map": whole, **pictures}, scripts=(), around=around)
    return made.get_template("chart.html").render()
