"""Every example in the documentation runs, and prints what the page says."""

from __future__ import annotations

import doctest
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from docs.pages import ROOT, Block, blocks, commands, pages

RUN = {"console", "python", "yaml"}
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
TOLD = sorted(
    page.relative_to(ROOT).as_posix() for page in pages() if RUN & {b.language for b in blocks(page)}
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the shipped examples in it, as the current one."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str) -> str:
    """Return what a command prints; it must succeed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env={**os.environ, "PATH": path, "COLUMNS": "80", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def console(block: Block, page: str) -> None:
    """Run a console example; where it shows output, hold it against what is printed."""
    checker = doctest.OutputChecker()
    for command, output in commands(block.text):
        printed = run(command)
        same = not output or checker.check_output(output, printed, FLAGS)
        assert same, f"{page}: {command}\nexpected:\n{output}\nprinted:\n{printed}"


@pytest.mark.slow
@pytest.mark.parametrize("page", TOLD)
def test_examples_run_and_print_what_the_page_says(page: str, folder: Path) -> None:
    names: dict[str, object] = {}
    for block in blocks(ROOT / page):
        if block.language == "console":
            console(block, page)
        elif block.file:
            (folder / block.file).write_text(block.text, "utf-8")
        elif block.language == "python":
            example = doctest.DocTestParser().get_doctest(block.text, names, page, page, block.line)
            assert example.examples, f"{page}:{block.line}: a python example holds no >>>"
            report: list[str] = []
            doctest.DocTestRunner(optionflags=FLAGS).run(example, out=report.append, clear_globs=False)
            assert not report, "".join(report)
            names = example.globs


@pytest.mark.parametrize("page", [page.relative_to(ROOT).as_posix() for page in pages()])
def test_examples_are_in_a_known_language(page: str) -> None:
    known = RUN | {"", "sh"}  # sh: commands a page tells of but nobody should run here
    assert {block.language for block in blocks(ROOT / page)} <= known


def with_examples() -> list[str]:
    """Return the modules whose docstrings hold examples."""
    source = ROOT / "src"
    found = [file for file in source.rglob("*.py") if ">>> " in file.read_text("utf-8")]
    return sorted(
        ".".join(f.relative_to(source).with_suffix("").parts).removesuffix(".__init__") for f in found
    )


@pytest.mark.parametrize("module", with_examples())
def test_examples_in_docstrings_are_right(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(import_module(module), optionflags=FLAGS).failed == 0
