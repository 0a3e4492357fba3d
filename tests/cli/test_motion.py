"""`gerdy motion` and `gerdy assess --motion`: what is asked wrongly is told, and the part can be missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import Run
from recordings import recordings

from gerdy.cli.failing import BAD_INPUT

PERSON = ("--mass", "62.6", "--height", "170")
CASE = """gerdy: 1
person: {age: 30, sex: female, height_cm: 180, mass_kg: 72.8, activities: [running]}
complaint: {side: right, since: 3 weeks, pain: {knee_lateral: 6}}
"""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--report", "report.pdf"), "ends in .html"),
        (("-o", "loads.xlsx"), ".parquet, .csv, .sto or .mot"),
        (("--deficit", "glmed"), "NAME=PER CENT"),
        (("--deficit", "glmed=much"), "NAME=PER CENT"),
        (("--what-if", "drop=50"), "at most 20 degrees"),
        (("--what-if", "wings=3m"), "write name=value"),
        (("--mass", "7"), "mass: must be from 25"),
        (("--height", "1.7"), "height: must be from"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_computed(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run("motion", "analyse", str(tmp_path / "squat.trc"), *PERSON, *arguments)
    assert result.exit_code == BAD_INPUT
    assert words in " ".join(result.stderr.split())


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    result = run("motion", "info", str(tmp_path / "none.trc"))
    assert result.exit_code == BAD_INPUT
    assert "none.trc" in "".join(result.stderr.split())


def test_forces_without_a_recording_are_refused(run: Run, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(CASE, "utf-8")
    result = run("assess", str(case), "--forces", "grf.mot")
    assert result.exit_code == BAD_INPUT
    assert "--motion" in result.stderr


def test_a_person_without_height_cannot_be_analysed(run: Run, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(CASE.replace("height_cm: 180, mass_kg: 72.8, ", ""), "utf-8")
    result = run("assess", str(case), "--motion", "run.trc")
    assert result.exit_code == BAD_INPUT
    assert "height_cm and mass_kg" in " ".join(result.stderr.split())


def test_what_a_run_measures_reaches_the_answer(run: Run, tmp_path: Path) -> None:
    folder = recordings("opensim-models", "Pipelines", "Rajagopal", "ExpData")
    case = tmp_path / "case.yaml"
    case.write_text(CASE, "utf-8")
    files = {name: str(folder / f"{file}_run.{kind}") for name, file, kind in (
        ("--motion", "motion_capture", "trc"), ("--forces", "grf", "mot"), ("--static", "static", "trc"),
    )}  # fmt: skip
    result = run("assess", str(case), *(word for pair in files.items() for word in pair))
    said = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "Pelvis drop while running: right" in said
    assert "Steps per minute when running: both 174" in said


def test_without_the_optional_part_the_rest_works_and_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "mujoco.py").write_text("raise ModuleNotFoundError(name='mujoco')", "utf-8")
    script = (
        "import gerdy\n"
        "try:\n    gerdy.analyse\n"
        "except gerdy.InputError as error:\n    print(error)\n"
        "print(gerdy.assess(gerdy.load_case('examples/runner_outer_knee.yaml')).sources[0].id)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert "pip install 'gerdy[motion]'" in done.stdout
    assert done.stdout.splitlines()[-1] == "itbs"
