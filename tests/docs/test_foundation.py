"""A fresh checkout has all it needs, and the same versions everywhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest
from docs.pages import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("requirements.txt", "requirements-dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(name: str) -> dict[str, str]:
    """Return the pinned versions of a lock file."""
    text = (ROOT / name).read_text("utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE)
    assert len(dict(pins)) == len(pins), f"{name}: one version of each package"
    return dict(pins)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE), "a lock file holds no options"
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert re.match(r"[a-z0-9-]+==", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_both_lock_files_agree() -> None:
    run, work = (locked(name) for name in LOCKS)
    assert run.items() <= work.items()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_fulfil_what_the_project_asks_for(name: str) -> None:
    groups = PROJECT["dependency-groups"]
    wanted = [*PROJECT["project"]["dependencies"], *groups["build"]]
    if name == "requirements-dev.txt":
        wanted += [one for one in groups["dev"] if isinstance(one, str)]
    pins = locked(name)
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_no_file_that_is_needed_is_kept_out_of_the_repository() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    files = [
        f for room in ("src", "tests", "docs", "examples", "benchmarks") for f in (ROOT / room).rglob("*")
    ]
    names = [f.as_posix() for f in files if f.is_file() and "__pycache__" not in f.parts]
    done = subprocess.run(
        ["git", "check-ignore", "--stdin"],
        cwd=ROOT,
        input="\n".join(names),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


def test_every_make_target_that_is_told_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = "\n".join(
        (ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md", "docs/guide.md")
    )
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets
    assert {"run", "test", "check"} <= targets
