"""The beginning: side, places, and facts that may be skipped."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gerdy.atlas import load_atlas
from gerdy.case import Case, Person, Sex

Talk = Callable[..., Result]
Saved = Callable[..., Case]

REGIONS = list(load_atlas().regions)
KNEE = str(REGIONS.index("knee_lateral") + 1)


def test_side_places_and_facts_are_saved(talk: Talk, saved: Saved) -> None:
    result = talk("right", f"{KNEE} 6", "", "6 weeks", "34", "f", "172", "64 kg", "1, desk work")
    assert result.exit_code == 0, result.stderr
    case = saved()
    assert case.date is not None
    assert case.person == Person(34, Sex.FEMALE, 172, 64, ("running", "desk_work"))
    (one,) = case.complaints
    assert (one.side, one.since, one.pain) == ("right", "6 weeks", {"knee_lateral": 6})


def test_everything_but_the_side_may_be_skipped(talk: Talk, saved: Saved) -> None:
    result = talk("l", "", "", "s", "", "skip", "", "")
    assert "Safety:" in result.stdout
    case = saved()
    assert case.person == Person()
    assert case.complaints[0].side == "left"
    assert not case.complaints[0].painted


@pytest.mark.parametrize(
    "lines",
    [
        (f"{KNEE} 6", "outer thigh 4"),
        (f"{KNEE} 6, outer thigh 4",),
        ("outer knee: 6; thigh_lateral=4/10",),
        (KNEE, "6", "Outer Thigh", "4"),
        ("lateral thigh 4", "knee-lateral 6"),
        (f"{KNEE} 2, outer thigh 4", f"{KNEE} 6"),
        (f"{KNEE} 6, outer thigh 4, groin 3", "b", "outer thigh 4"),
    ],
)
def test_places_by_number_or_any_name(lines: tuple[str, ...], talk: Talk, saved: Saved) -> None:
    talk("right", *lines, "")
    assert saved().complaints[0].pain == {"knee_lateral": 6, "thigh_lateral": 4}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("99 5", "1 to 23"),
        ("outer elbow 5", "no place on the list"),
        (f"{KNEE} 12", "0 to 10"),
        ("outer kneee 5", "Did you mean outer knee"),
        ("noble 5", "no place on the list"),
    ],
)
def test_a_place_that_makes_no_sense_is_asked_again(line: str, said: str, talk: Talk, saved: Saved) -> None:
    result = talk("right", line, f"{KNEE} 6", "")
    assert said.lower() in " ".join(result.stdout.split()).lower()
    assert saved().complaints[0].pain == {"knee_lateral": 6}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("6 weeks", "340", "34"), "Impossible age of 340 years"),
        (("6 weeks", "thirty", "34"), "a number in years"),
        (("soonish", "6 weeks", "34"), "must be a date"),
    ],
)
def test_a_fact_that_cannot_be_is_asked_again(
    lines: tuple[str, ...], said: str, talk: Talk, saved: Saved
) -> None:
    result = talk("right", "", *lines)
    assert said.lower() in " ".join(result.stdout.split()).lower()
    assert saved().person.age == 34
    assert saved().complaints[0].since == "6 weeks"


def test_height_in_metres_is_asked_again_with_the_remedy(talk: Talk, saved: Saved) -> None:
    result = talk("right", "", "", "", "", "1.72", "172")
    assert "It looks like metres: write 172." in " ".join(result.stdout.split())
    assert saved().person.height_cm == 172


def test_going_back_corrects_a_fact(talk: Talk, saved: Saved) -> None:
    result = talk("right", "", "", "43", "b", "34", "m")
    assert "[Enter keeps 43]" in result.stdout
    assert saved().person == Person(34, Sex.MALE)


def test_going_back_reaches_the_places(talk: Talk, saved: Saved) -> None:
    talk("right", "groin 5", "", "b", "b", f"{KNEE} 6", "", "6 weeks")
    assert saved().complaints[0].pain == {"knee_lateral": 6}


def test_going_back_from_the_first_question_reaches_the_facts(talk: Talk, saved: Saved) -> None:
    result = talk("right", "groin 5", "", "", "", "", "", "", "", "b", "1", "")
    assert result.stdout.count("Which of these fill your days?") == 2
    assert saved().person.activities == ("running",)
    assert saved().observations()


def test_the_side_is_needed(talk: Talk, tmp_path: Path) -> None:
    result = talk("", "both", "h", "knee")
    assert result.exit_code == 0
    assert "one complaint for each leg" in " ".join(result.stdout.split())
    assert "nothing is saved" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("after", range(1, 10))
def test_stopping_at_any_step_keeps_what_was_answered(after: int, talk: Talk, saved: Saved) -> None:
    lines = ("right", f"{KNEE} 6", "", "6 weeks", "34", "f", "172", "64", "1")
    stopped = talk(*lines[:after], "q")
    assert stopped.exit_code == 0
    assert "Saved in gerdy-case.yaml." in stopped.stdout
    case = saved()
    assert (case.person.age == 34) is (after > 4)
    assert case.complaints[0].painted is (after > 1)


def test_an_interview_cut_short_goes_on_where_it_was(talk: Talk, saved: Saved) -> None:
    talk("right", f"{KNEE} 6")
    result = talk("", "", "34", args=("gerdy-case.yaml",))
    assert "Which side" not in result.stdout
    assert saved().person.age == 34
    assert saved().complaints[0].pain == {"knee_lateral": 6}


def test_a_new_interview_never_takes_the_place_of_another(talk: Talk, saved: Saved, tmp_path: Path) -> None:
    talk("right", f"{KNEE} 6")
    result = talk("left", "groin 3")
    assert "gerdy-case-2.yaml" in result.stdout
    assert saved().complaints[0].side == "right"
    assert saved("gerdy-case-2.yaml").complaints[0].side == "left"


def test_a_name_can_be_chosen(talk: Talk, saved: Saved) -> None:
    talk("right", f"{KNEE} 6", args=("--save", "anna.json"))
    assert saved("anna.json").complaints[0].side == "right"
