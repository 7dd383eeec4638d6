"""The habits of CONTRIBUTING.md that a program can check."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("graph", "loaders", "viz", "api", "seeds")
Function = ast.FunctionDef | ast.AsyncFunctionDef

# Addresses that mean something on one machine only, written apart so that this file does not name them itself.
OF_ONE_MACHINE = re.compile("|".join(f"(?<![\\w.~$}}])/{folder}/" for folder in ("root", "work", "farm", "tmp")))
LOCKED = re.compile(r"[\w.-]+==[^\s@/]+( ; [^/@]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


@cache
def files() -> list[Path]:
    """Every file that git keeps or would keep."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def sources(*folders: str) -> list[Path]:
    """Python files, of some top folders or of all."""
    return [file for file in files() if file.suffix == ".py" and (not folders or where(file).split("/")[0] in folders)]


def where(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def functions(file: Path) -> Iterator[tuple[str, Function]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, Function):
            yield f"{where(file)}:{node.lineno} {node.name}", node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def positional(function: Function) -> int:
    """Count the parameters that a caller may give without their names; the object itself is none of them."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def test_files_are_short() -> None:
    assert [where(file) for file in sources() if len(file.read_text().splitlines()) > 500] == []


def test_functions_are_short() -> None:
    lengths = {name: length(function) for file in sources() for name, function in functions(file)}
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}
    assert sum(lines < 40 for lines in lengths.values()) >= 0.95 * len(lengths)


def test_parameters_are_few_and_named() -> None:
    undecorated = {
        name: function
        for file in sources(*PACKAGES)
        for name, function in functions(file)
        if not function.decorator_list
    }
    assert [name for name, function in undecorated.items() if positional(function) > 5] == []
    assert sum(positional(function) <= 2 for function in undecorated.values()) >= 0.8 * len(undecorated)


@pytest.mark.parametrize("name", ["utils", "common", "helpers", "misc"])
def test_no_drawer_for_odds_and_ends(name: str) -> None:
    assert [where(file) for file in files() if name in (file.stem, *file.relative_to(ROOT).parts)] == []


def test_no_package_under_tests() -> None:
    # `tests/graph/__init__.py` would stand before our own `graph`.
    assert [where(file) for file in sources("tests") if file.name == "__init__.py"] == []


def test_nothing_is_left_for_later() -> None:
    for file in sources(*PACKAGES):
        assert not re.search(r"#.*\b(TODO|FIXME|XXX)\b|\bNotImplementedError\b", file.read_text()), where(file)


def test_no_address_of_one_machine() -> None:
    texts = [file for file in files() if file.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".csv", ""}]
    for file in texts:
        found = OF_ONE_MACHINE.search(file.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{where(file)}: {found}"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_pins_versions_and_names_no_registry(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert [line for line in lines if not LOCKED.fullmatch(line)] == []
