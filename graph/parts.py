"""Finds the one-file parts of a package: questions, loaders, map styles.

A part is a module of the package; its file name is its name everywhere (route, command, documentation).
Adding a part is adding its file.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType

from graph.errors import NotFound


@cache
def part_names(package: str) -> tuple[str, ...]:
    """Names of the parts of a package, sorted, without importing them."""
    found = pkgutil.iter_modules(import_module(package).__path__)
    return tuple(sorted(module.name for module in found if not module.name.startswith("_")))


def part(package: str, name: str) -> ModuleType:
    """Import one part by its name; an unknown name raises NotFound and lists the valid ones."""
    names = part_names(package)
    if name not in names:
        raise NotFound(
            f"There is no part of {package} called {name!r}.", fix=f"Choose one of: {', '.join(names)}.", valid=names
        )
    return import_module(f"{package}.{name}")
