"""The house stays in order: rooms import only downward, modules and functions stay small, names say something."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "gerdy"
MODULES = sorted(SOURCE.rglob("*.py"))
# The rooms, top to bottom, as the contract in pyproject.toml has them.
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
LAYERS = [[room.removeprefix("gerdy.") for room in layer.split(" | ")] for layer in CONTRACT["layers"]]
ROOMS = [room for layer in LAYERS for room in layer]
VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "misc", "stuff", "lib", "tools", "base"}
# What a room may never import, however handy.
FOREIGN = {
    "atlas": {"numpy", "click", "rich", "jinja2", "resvg_py"},
    "case": {"numpy", "click", "rich", "jinja2", "resvg_py"},
    "reasoning": {"yaml", "click", "rich", "jinja2", "resvg_py"},
    "care": {"numpy", "yaml", "click", "rich", "jinja2", "resvg_py"},
    "chart": {"click", "rich", "jinja2"},
    "api": {"numpy", "yaml", "click", "rich", "jinja2", "resvg_py"},
    "interchange": {"click", "rich"},
    "errors": {"numpy", "yaml", "msgspec", "click", "rich", "jinja2", "resvg_py"},
}


def ident(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_rooms_import_only_downward() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_has_its_place() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__", "__main__"}
    assert rooms == set(ROOMS)
    order = ["cli", "interchange", "api", "care", "reasoning", "case", "chart", "atlas", "errors"]
    assert [room for room in ROOMS if room in order] == order


@pytest.mark.parametrize("path", MODULES, ids=ident)
def test_imports_of_a_module(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    room = room_of(path)
    level = next((i for i, layer in enumerate(LAYERS) if room in layer), 0)
    allowed = (
        {room, *(other for layer in LAYERS[level + 1 :] for other in layer)} if room in ROOMS else set(ROOMS)
    )
    for name in imported(tree):
        parts = name.split(".")
        if parts[0] == "gerdy" and len(parts) > 1 and parts[1] in ROOMS:
            assert parts[1] in allowed, name
        assert parts[0] not in FOREIGN.get(room, set()), name


@pytest.mark.parametrize("path", MODULES, ids=ident)
def test_size_and_names_of_a_module(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    assert not VAGUE & set(path.stem.strip("_").split("_"))
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not tree.body, "says what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno + 1 <= 60, node.name
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            words = {word.lower() for word in node.name.strip("_").split("_")}
            assert not VAGUE & words, node.name
            assert not node.name.endswith(("Manager", "Helper", "Util")), node.name


def test_tests_mirror_the_rooms() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "_."}
    assert {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()} <= folders


def test_nothing_speaks_of_where_it_was_made() -> None:
    for path in [*MODULES, *SOURCE.rglob("*.yaml"), *(ROOT / "examples").glob("*.yaml")]:
        text = path.read_text("utf-8")
        assert "/" + "work/" not in text, path
        assert "/tmp/" not in text, path  # noqa: S108 - looked for, not used
