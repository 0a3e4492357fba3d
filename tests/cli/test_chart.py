"""Pictures of drawings and of fields."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Write = Callable[..., Path]


def _words(path: Path) -> str:
    drawn = ET.fromstring(path.read_text("utf-8"))  # noqa: S314 - our own file
    return " ".join(drawn.itertext())


def test_a_case_is_drawn(run: Run, write: Write, tmp_path: Path) -> None:
    write()
    result = run("chart", "case.yaml", "-o", "out.svg")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "Drawn in out.svg.\n"
    assert "outer knee" in _words(tmp_path / "out.svg")


def test_a_source_is_laid_over_the_drawing(run: Run, write: Write, tmp_path: Path) -> None:
    write()
    assert run("chart", "case.yaml", "--source", "itbs", "-o", "both.svg").exit_code == 0
    assert run("chart", "case.yaml", "-o", "one.svg").exit_code == 0
    assert (tmp_path / "both.svg").read_text() != (tmp_path / "one.svg").read_text()


@pytest.mark.parametrize("name", ["itbs", "ITB syndrome"])
def test_a_source_is_found_by_id_or_synonym(name: str, run: Run, tmp_path: Path) -> None:
    assert run("chart", name, "-o", "out.svg").exit_code == 0
    assert "right" in _words(tmp_path / "out.svg")


def test_a_source_can_be_shown_on_the_left(run: Run, tmp_path: Path) -> None:
    assert run("chart", "itbs", "--side", "left", "-o", "out.svg").exit_code == 0
    assert "left" in _words(tmp_path / "out.svg")


def test_png_by_the_name_of_the_file(run: Run, write: Write, tmp_path: Path) -> None:
    write()
    assert run("chart", "case.yaml", "-o", "out.PNG").exit_code == 0
    assert (tmp_path / "out.PNG").read_bytes().startswith(b"\x89PNG")


def test_a_complaint_is_chosen_by_name(run: Run, write: Write, tmp_path: Path) -> None:
    write("both")
    refused = run("chart", "case.yaml", "-o", "out.svg")
    assert refused.exit_code == 2
    assert "knee, calf" in refused.stderr
    assert run("chart", "case.yaml", "--complaint", "calf", "-o", "out.svg").exit_code == 0
    assert "left" in _words(tmp_path / "out.svg")


def test_a_case_through_a_pipe(run: Run, write: Write, tmp_path: Path) -> None:
    text = write().read_text()
    assert run("chart", "-", "-o", "out.svg", typed=text).exit_code == 0


def test_without_pain_there_is_nothing_to_draw(run: Run, write: Write, tmp_path: Path) -> None:
    write("gerdy: 1\ncomplaint: {side: right}\n")
    result = run("chart", "case.yaml", "-o", "out.svg")
    assert result.exit_code == 2
    assert "nothing hurts" in result.stderr
    assert not (tmp_path / "out.svg").exists()
