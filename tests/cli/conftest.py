"""Run the command line in this process, or as a real one; and case files to run it on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gerdy.cli.program import program

Run = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[bytes]"]
Write = Callable[..., Path]

RUNNER = """\
gerdy: 1
person: {age: 26, sex: female, activities: [running]}
complaint:
  side: right
  since: 3 weeks
  pain: {knee_lateral: 6}
findings:
  starts_at_fixed_distance: positive
  worse_downhill: positive
  knee_locking: negative
  noble_compression: positive
"""
SWOLLEN = """\
gerdy: 1
person: {age: 21, sex: male}
complaint:
  side: left
  pain: {leg_posterior: 6}
findings:
  leg_swelling: positive
  calf_swelling: positive
"""
BOTH = """\
gerdy: 1
person: {age: 34}
complaints:
  - {id: knee, side: right, pain: {knee_lateral: 6}}
  - {id: calf, side: left, pain: {leg_posterior: 5}, findings: {calf_swelling: positive, leg_swelling: positive}}
"""

CASES = {"runner": RUNNER, "swollen": SWOLLEN, "both": BOTH}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``gerdy`` in this process, in an empty folder, 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def invoke(*args: str, typed: str | bytes | None = None) -> Result:
        return CliRunner().invoke(program, args, input=typed, prog_name="gerdy")

    return invoke


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start ``gerdy`` as a process of its own, in the same empty folder."""

    def popen(*args: str, **env: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "gerdy.cli", *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80", **env},
        )

    return popen


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a case file, one of the cases above by name or any text, and return its path."""

    def written(case: str = "runner", name: str = "case.yaml") -> Path:
        path = tmp_path / name
        path.write_text(CASES.get(case, case), "utf-8")
        return path

    return written
