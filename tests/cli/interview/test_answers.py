"""Answers by number, grade or word, and the way back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gerdy.atlas import load_atlas
from gerdy.atlas.model import Finding
from gerdy.case import Answer, Case

Talk = Callable[..., Result]
Saved = Callable[..., Case]
Write = Callable[..., Path]

ATLAS = load_atlas()
SCREEN_IDS = list(ATLAS.screens)
SCREENS = [[f.id for f in ATLAS.findings.values() if f.screen == name] for name in ATLAS.screens]
BEGIN = ("right", "outer knee 6", "", "", "34", "m", "", "", "1")
CASE = "gerdy: 1\ncomplaint: {side: right, pain: {knee_lateral: 6}}\n"
SAFE = CASE + "findings:\n" + "".join(f"  {name}: negative\n" for screen in SCREENS for name in screen)
ON = ("case.yaml",)


def _given(case: Case, name: str) -> object:
    return case.value(name, case.complaints[0])


def test_back_takes_the_last_answer_away_and_asks_again(talk: Talk, saved: Saved) -> None:
    result = talk(*BEGIN, "1?", "b", "")
    assert "Taken back." in result.stdout
    assert result.stdout.count(ATLAS.screens[SCREEN_IDS[0]].name) == 2
    assert _given(saved(), SCREENS[0][0]) is Answer.NEGATIVE


def test_back_goes_as_far_as_the_first_answer(talk: Talk, saved: Saved) -> None:
    talk(*BEGIN, "", "", "", "b", "b", "b", "2")
    case = saved()
    assert _given(case, SCREENS[0][1]) is Answer.POSITIVE
    assert _given(case, SCREENS[1][0]) is None


def test_back_reaches_answers_of_an_earlier_interview(talk: Talk, write: Write, saved: Saved) -> None:
    write(SAFE)
    result = talk("b", "1", args=ON)
    assert "Taken back." in result.stdout
    last = SCREENS[-1]
    assert ATLAS.screens[SCREEN_IDS[-1]].name in result.stdout
    assert _given(saved("case.yaml"), last[0]) is Answer.POSITIVE
    assert all(_given(saved("case.yaml"), name) is Answer.NEGATIVE for name in last[1:])


MEASURED = ATLAS.findings["hip_internal_rotation_deg"]
GRADED = ATLAS.findings["hip_abductor_strength"]


@pytest.mark.parametrize(
    ("finding", "lines", "value"),
    [
        (MEASURED, ("24",), 24),
        (MEASURED, ("24 deg",), 24),
        (MEASURED, ("24 mm", "300", "24°"), 24),
        (MEASURED, ("y",), Answer.POSITIVE),
        (MEASURED, ("?",), Answer.UNKNOWN),
        (MEASURED, ("s",), Answer.UNKNOWN),
        (GRADED, ("2",), GRADED.levels[1].id),
        (GRADED, ("9", "1"), GRADED.levels[0].id),
        (GRADED, ("no",), Answer.NEGATIVE),
        (GRADED, (GRADED.levels[2].id,), GRADED.levels[2].id),
        (GRADED, ("", "", "y"), Answer.POSITIVE),
    ],
)
def test_a_test_is_answered_by_number_grade_or_word(
    finding: Finding, lines: tuple[str, ...], value: object, talk: Talk, write: Write, saved: Saved
) -> None:
    write(f"{SAFE}  {finding.id}: unknown\n")
    result = talk("b", *lines, args=(*ON, "--who", "clinician"))
    assert result.exit_code == 0, result.stderr
    assert _given(saved("case.yaml"), finding.id) == value
    assert "Position" in result.stdout
