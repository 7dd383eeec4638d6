"""What every page of a picture stands on: its templates, its own files, its policy, and what a site puts around it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

SERVED_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"


@dataclass(frozen=True)
class Surroundings:
    """What stands around a map that is served: the site's own header, where static files are, and saved forms.

    `saves` are pairs of words and address, such as ("SVG picture", "/v1/maps/network.svg").
    """

    static: str = "/static"
    stylesheets: tuple[str, ...] = ()
    header: Markup | None = None
    saves: tuple[tuple[str, str], ...] = ()
    still: str | None = None


def environment(context: Mapping[str, Any], *, scripts: Sequence[str], around: Surroundings | None) -> Environment:
    """Templates with what they need; without surroundings a page is one file that needs nothing else."""
    made = Environment(
        loader=PackageLoader("viz"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.update(context)
    made.globals.update(
        standalone=around is None,
        around=around or Surroundings(),
        policy=None if around else _policy(tuple(scripts)),
        scripts=scripts,
        asset=asset,
        drawn=Markup,
        is_link=is_link,
    )
    return made


def is_link(address: str | None) -> bool:
    """Whether an address leads to a page: of this service, or by http; anything else could be a script."""
    return bool(address and re.match(r"https?://|/(?!/)", address))


@cache
def asset(name: str) -> Markup:
    """The text of a file of our own, to stand inside the page as it is."""
    return Markup((files("viz") / "static" / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of the product


@cache
def _policy(scripts: tuple[str, ...]) -> str:
    allowed = " ".join(_digest(name) for name in scripts) or "'none'"
    return f"default-src 'none'; script-src {allowed}; style-src {_digest('map.css')}; img-src data:"


def _digest(name: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(asset(name).encode()).digest()).decode()}'"
