"""Who may import whom, read from every import statement, also those inside functions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "graph": {"graph"},
    "seeds": {"seeds"},
    "loaders": {"loaders", "graph"},
    "viz": {"viz", "graph"},
    "api": {"api", "graph", "loaders", "seeds", "viz"},
}


def imported(source: str) -> Iterator[str]:
    """The first word of every module that a text imports; an import from its own package has none."""
    for statement in ast.walk(ast.parse(source)):
        if isinstance(statement, ast.Import):
            yield from (name.name.split(".")[0] for name in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            yield statement.module.split(".")[0]


def forbidden(source: str, package: str) -> set[str]:
    """The packages of ours that a text imports and may not."""
    return set(imported(source)) & MAY_IMPORT.keys() - MAY_IMPORT[package]


def texts(package: str) -> dict[str, str]:
    """Every module of a package, by its path."""
    return {file.relative_to(ROOT).as_posix(): file.read_text() for file in (ROOT / package).rglob("*.py")}


@pytest.mark.parametrize(
    ("package", "source", "expected"),
    [
        ("graph", "import api", {"api"}),
        ("graph", "from loaders.run import load", {"loaders"}),
        ("graph", "def f():\n    import viz.layout as layout", {"viz"}),
        ("seeds", "import graph", {"graph"}),
        ("loaders", "from viz import render", {"viz"}),
        ("viz", "import graph, loaders", {"loaders"}),
        ("viz", "from api.app import create_app", {"api"}),
        ("api", "import graph, viz, loaders, json", set()),
        ("graph", "from .api import x", set()),
    ],
)
def test_the_rule_finds(package: str, source: str, expected: set[str]) -> None:
    assert forbidden(source, package) == expected


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_packages_import_only_what_they_may(package: str) -> None:
    assert {name: bad for name, text in texts(package).items() if (bad := forbidden(text, package))} == {}


@pytest.mark.parametrize(("library", "package"), [("neo4j", "graph"), ("pyvis", "viz")])
def test_a_library_that_can_be_exchanged_is_known_to_one_file(library: str, package: str) -> None:
    knowing = [name for known in MAY_IMPORT for name, text in texts(known).items() if library in imported(text)]
    assert len(knowing) <= 1, knowing
    assert all(name.startswith(package) for name in knowing)
