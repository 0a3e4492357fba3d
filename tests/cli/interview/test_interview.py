"""The questions: safety first, one at a time, saved after every answer, stopping by themselves."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gerdy.api import next_question
from gerdy.atlas import load_atlas
from gerdy.case import Answer, Case, load_case, parse_case, save_case

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


def test_safety_comes_first_and_every_member_is_answered(talk: Talk, saved: Saved) -> None:
    result = talk(*BEGIN, "")
    assert result.stdout.index("Safety:") < result.stdout.index("So far")
    assert f"{len(SCREENS) - 1} more after this" in result.stdout
    asked = next_question(load_case("gerdy-case.yaml"))
    assert asked is not None
    answered = [name for name in SCREENS[0] if _given(saved(), name) is Answer.NEGATIVE]
    assert len(answered) >= len(SCREENS[0]) - 1  # a question for the other sex is left out
    assert not set(asked.findings) & set(answered)


def test_numbers_mark_those_that_apply(talk: Talk, saved: Saved) -> None:
    result = talk(*BEGIN, "7", "fever", "1, 2?")
    assert result.stdout.count("write the numbers of those that apply") == 2
    assert [_given(saved(), name) for name in SCREENS[0][:3]] == [
        Answer.POSITIVE,
        Answer.UNKNOWN,
        Answer.NEGATIVE,
    ]


@pytest.mark.parametrize("reply", ["s", "skip", "?"])
def test_a_skipped_list_stays_unknown_and_is_not_asked_again(reply: str, talk: Talk, saved: Saved) -> None:
    result = talk(*BEGIN, reply)
    assert all(_given(saved(), name) is Answer.UNKNOWN for name in SCREENS[0])
    assert ATLAS.screens[SCREEN_IDS[1]].name in result.stdout


def _emergency() -> tuple[int, str]:
    """Return the number of a safety list, and the numbers to type there for an emergency of its own."""
    for place, screen in enumerate(SCREENS):
        if "calf_swelling" in screen:
            return place, str(screen.index("calf_swelling") + 1)
    raise AssertionError("no list asks for a swollen calf")


def test_an_emergency_is_shown_at_once_and_the_person_may_stop(talk: Talk, saved: Saved) -> None:
    place, numbers = _emergency()
    result = talk(*BEGIN, *("",) * place, numbers, "q")
    assert result.exit_code == 0
    said = result.stdout
    assert "EMERGENCY: be seen today" in said
    assert "b takes the last answer back, q stops here" in said
    assert said.count("Safety:") == place + 1
    assert _given(saved(), "calf_swelling") is Answer.POSITIVE
    # It is the last thing said as well, before the name of the file.
    assert said.rindex("EMERGENCY") < said.rindex("Saved in gerdy-case.yaml.")


def test_after_an_emergency_the_person_may_go_on(talk: Talk) -> None:
    place, numbers = _emergency()
    result = talk(*BEGIN, *("",) * place, numbers, "", "", "")
    assert result.stdout.count("Safety:") > place + 1
    assert result.stdout.count("q stops here") == 1  # it is asked once, not after every answer


def test_a_mistyped_emergency_can_be_taken_back(talk: Talk, saved: Saved) -> None:
    place, numbers = _emergency()
    result = talk(*BEGIN, *("",) * place, numbers, "b", "", "")
    assert "Taken back." in result.stdout
    assert _given(saved(), "calf_swelling") is Answer.NEGATIVE
    assert result.stdout.count("EMERGENCY") == 1


def test_an_emergency_in_the_file_is_shown_before_the_first_question(talk: Talk, write: Write) -> None:
    write("swollen")
    said = talk("", args=ON).stdout
    assert said.index("EMERGENCY") < said.index("Safety:")


def test_it_stops_by_itself_and_answers(talk: Talk, saved: Saved) -> None:
    result = talk(*BEGIN, *("n",) * 60)
    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert "Nothing more is worth asking" in said
    assert "What this rests on" in said
    assert said.endswith("Saved in gerdy-case.yaml.")
    assert next_question(saved()) is None


def _finished(case: Case) -> Case:
    """Answer no to everything worth asking."""
    while (question := next_question(case)) is not None:
        for name in question.findings or [question.id]:
            case = case.answer(name, "negative")
    return case


def test_one_can_go_on_when_nothing_is_worth_asking(talk: Talk, tmp_path: Path) -> None:
    save_case(tmp_path / "case.yaml", _finished(parse_case(SAFE)))
    result = talk("m", "s", "h", "q", args=ON)
    assert result.exit_code == 0
    said = result.stdout.split("m goes on asking")[1]
    assert said.count("(h help)") == 3
    assert "What this rests on" in said


def test_what_was_enough_can_be_taken_back(talk: Talk, tmp_path: Path) -> None:
    save_case(tmp_path / "case.yaml", _finished(parse_case(SAFE)))
    said = talk("l", "b", args=ON).stdout
    assert "Taken back." in said
    assert "(h help)" in said or "Numbers of those that apply" in said


def test_questions_come_with_a_reason_and_what_leads(talk: Talk, write: Write) -> None:
    write(SAFE)
    said = talk("n", "q", args=ON).stdout
    assert "  Why" in said
    assert "So far   about" in said
    assert said.index("Why") < said.index("So far")


def test_the_leading_three_are_shown_after_an_answer(talk: Talk, write: Write) -> None:
    write(SAFE)
    said = talk("n", "q", args=ON).stdout.split("So far")[1].split("\n\n")[0]
    assert said.count(" in 10") == 3


@pytest.mark.parametrize(
    ("command", "shown"),
    [("h", "take back the last answer"), ("w", " "), ("l", "%")],
)
def test_help_reason_and_list_leave_the_question_open(
    command: str, shown: str, talk: Talk, write: Write, saved: Saved
) -> None:
    write(SAFE)
    before = (saved("case.yaml")).findings
    result = talk(command, "q", args=ON)
    assert shown in result.stdout
    assert saved("case.yaml").findings == before


def test_what_contradicts_an_earlier_answer_is_not_taken(talk: Talk, write: Write, saved: Saved) -> None:
    finding, other = next(
        (f, ATLAS.findings[name])
        for f in ATLAS.findings.values()
        for name in f.excludes
        if not f.silent and not f.safety and not f.needs and not ATLAS.findings[name].safety
    )
    write(f"{SAFE}  {other.id}: positive\n  {finding.id}: unknown\n")
    result = talk("b", "y", "n", args=ON)
    assert f"“{other.name}”" in " ".join(result.stdout.split())
    assert _given(saved("case.yaml"), finding.id) is Answer.NEGATIVE


def test_a_clinician_is_asked_for_what_a_person_cannot_do(talk: Talk, write: Write) -> None:
    write(SAFE)
    said = talk(*("n",) * 40, args=(*ON, "--who", "clinician", "--clinical")).stdout
    assert "with a clinician" in said


def test_of_several_complaints_one_is_chosen(talk: Talk, write: Write, saved: Saved) -> None:
    write("both")
    refused = talk("", args=ON)
    assert refused.exit_code == 2
    assert "knee, calf" in refused.stderr
    said = talk("1?", args=(*ON, "--complaint", "knee")).stdout
    assert said.index("EMERGENCY: be seen today (complaint calf)") < said.index("Safety:")
    case = saved("case.yaml")
    for name in SCREENS[0]:
        place = case.complaint("knee").findings if ATLAS.findings[name].sided else case.findings
        assert name in place


def test_a_case_can_go_on_under_another_name(talk: Talk, write: Write, saved: Saved) -> None:
    path = write()
    before = path.read_text()
    talk("", args=(*ON, "--save", "next.yaml"))
    assert path.read_text() == before
    assert _given(saved("next.yaml"), SCREENS[0][0]) is Answer.NEGATIVE


LINES = st.sampled_from(
    [
        *("y", "n", "?", "", "b", "s", "w", "l", "h", "m", "1", "2,3", "1?", "9", "24 deg", "-3"),
        *("x" * 3000, "\x00", "é", "outer knee 4", "right", "a: {b", "~", "null"),
    ]
)


@pytest.mark.slow
@given(st.lists(LINES, max_size=40))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_nothing_breaks_and_the_file_stays_a_case(
    talk: Talk, tmp_path: Path, lines: list[str]
) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    result = talk("left", "groin 4", *lines)
    assert result.exit_code == 0, result.stderr
    assert load_case(tmp_path / "gerdy-case.yaml").complaints[0].side == "left"
