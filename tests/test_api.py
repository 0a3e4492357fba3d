"""The front door, used as a program would use it."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

import gerdy
from gerdy.atlas.model import Concern, Who
from gerdy.case import Means, Person, parse_case

EXAMPLES = Path(__file__).parents[1] / "examples"
RUNNER = EXAMPLES / "runner_outer_knee.yaml"
WITHOUT_DRAWING = """
gerdy: 1
person: {age: 26, sex: female, activities: [running]}
complaint: {side: right}
findings:
  starts_at_fixed_distance: positive
  worse_downhill: positive
  noble_compression: positive
  palpation_2cm_above_lateral_joint_line: positive
  knee_locking: negative
"""
TWO = """
gerdy: 1
person: {age: 40, sex: female}
complaints:
  - id: knee
    side: right
    pain: {knee_lateral: 5}
    findings: {noble_compression: positive, worse_downhill: positive, starts_at_fixed_distance: positive}
  - id: hip
    side: left
    pain: {hip_lateral: 4}
    findings:
      trochanter_palpation: positive
      night_pain_lying_on_side: positive
      single_leg_stance_pain: positive
"""


@pytest.fixture(scope="module")
def runner() -> gerdy.Case:
    return gerdy.load_case(RUNNER)


@pytest.fixture(scope="module")
def assessment(runner: gerdy.Case) -> gerdy.Assessment:
    return gerdy.assess(runner)


def test_the_example_of_the_package_holds(assessment: gerdy.Assessment) -> None:
    assert assessment.sources[0].id == "itbs"


@pytest.mark.parametrize("path", [RUNNER, str(RUNNER)])
def test_a_case_is_loaded_by_path_or_text(path: str | Path, runner: gerdy.Case) -> None:
    assert gerdy.load_case(path) == runner


def test_a_missing_file_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(gerdy.FileError, match=r"nowhere\.yaml"):
        gerdy.load_case(tmp_path / "nowhere.yaml")


def test_a_broken_case_names_file_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("gerdy: 1\nperson: {age: old}\ncomplaint: {side: right}\n")
    with pytest.raises(gerdy.CaseError) as raised:
        gerdy.load_case(path)
    assert raised.value.file == str(path)
    assert raised.value.line == 2
    assert raised.value.field == "person.age"


def test_probabilities_are_whole(assessment: gerdy.Assessment) -> None:
    for source in assessment.sources:
        low, high = source.interval
        assert 0 <= low <= source.probability <= high <= 1
    assert 0 <= assessment.unexplained <= 1
    assert 0 <= assessment.omitted_mass_bound < 1e-3
    order = [source.probability for source in assessment.sources]
    assert order == sorted(order, reverse=True)


def test_an_assessment_survives_json(assessment: gerdy.Assessment) -> None:
    text = gerdy.to_json(assessment)
    assert msgspec.json.decode(text, type=gerdy.Assessment) == assessment
    assert gerdy.to_json(msgspec.json.decode(text, type=gerdy.Assessment)) == text
    read = json.loads(text)
    assert next(iter(read)) == "gerdy"
    assert read["gerdy"] == 1
    assert read["sources"][0]["id"] == "itbs"
    assert read["plan"]["level"] == read["concern"]["level"] == "none"


def test_questions_and_plans_survive_json(runner: gerdy.Case, assessment: gerdy.Assessment) -> None:
    question = gerdy.next_question(runner, any_value=True)
    assert question is not None
    assert msgspec.json.decode(gerdy.to_json(question), type=gerdy.Question) == question
    assert msgspec.json.decode(gerdy.to_json(assessment.plan), type=gerdy.Plan) == assessment.plan


def test_asking_twice_gives_the_same_answer(runner: gerdy.Case, assessment: gerdy.Assessment) -> None:
    assert gerdy.to_json(gerdy.assess(runner)) == gerdy.to_json(assessment)


def test_the_order_of_findings_does_not_matter(runner: gerdy.Case, assessment: gerdy.Assessment) -> None:
    turned = replace(runner, findings=dict(reversed(list(runner.findings.items()))))
    other = gerdy.assess(turned)
    first = {source.id: source.probability for source in assessment.sources}
    assert {s.id: s.probability for s in other.sources} == pytest.approx(first, abs=1e-9)
    assert [one.id for one in other.plan.items] == [one.id for one in assessment.plan.items]


def test_nothing_is_kept_between_calls(runner: gerdy.Case, assessment: gerdy.Assessment) -> None:
    gerdy.assess(gerdy.load_case(EXAMPLES / "foot_drop.yaml"))
    assert gerdy.assess(runner) == assessment


def test_a_case_without_drawing_works() -> None:
    found = gerdy.assess(parse_case(WITHOUT_DRAWING))
    assert found.sources[0].id == "itbs"
    assert found.plan.items


def test_several_complaints_are_told_apart() -> None:
    case = parse_case(TWO)
    knee, hip = gerdy.assess(case, "knee"), gerdy.assess(case, "hip")
    assert (knee.complaint, knee.side, knee.sources[0].id) == ("knee", "right", "itbs")
    assert (hip.complaint, hip.side, hip.sources[0].pathway) == ("hip", "left", "tendon_load")
    assert not set(hip.answered) & {"noble_compression"}


@pytest.mark.parametrize("complaint", [None, "elbow", ""])
def test_a_complaint_must_be_named_where_there_are_several(complaint: str | None) -> None:
    case = parse_case(TWO)
    for use in (gerdy.assess, gerdy.next_question):
        with pytest.raises(gerdy.CaseError, match="knee, hip"):
            use(case, complaint)


@pytest.mark.parametrize("who", list(Who))
def test_only_what_can_be_found_out_is_asked(runner: gerdy.Case, who: Who) -> None:
    order = list(Who)
    question = gerdy.next_question(runner, who=who, any_value=True)
    assert question is not None
    assert order.index(question.who) <= order.index(who)


@pytest.mark.parametrize("who", ["", "doctor", "PERSON", "nobody"])
def test_who_is_checked(runner: gerdy.Case, who: str) -> None:
    with pytest.raises(gerdy.InputError, match="who: must be one of person, helper, clinician, instrument"):
        gerdy.next_question(runner, who=who)


def test_safety_is_asked_first() -> None:
    question = gerdy.next_question(parse_case(WITHOUT_DRAWING))
    assert question is not None
    assert question.safety


def test_what_was_asked_is_not_asked_again(runner: gerdy.Case) -> None:
    case, asked = runner, set[str]()
    for _ in range(4):
        question = gerdy.next_question(case, any_value=True)
        assert question is not None
        assert question.id not in asked
        asked.add(question.id)
        for name in question.findings or [question.id]:
            case = case.answer(name, "unknown")


def test_the_plan_of_an_assessment(assessment: gerdy.Assessment) -> None:
    assert gerdy.plan(assessment) is assessment.plan


def test_a_plan_within_other_limits(assessment: gerdy.Assessment) -> None:
    short = gerdy.plan(assessment, minutes=6)
    assert short.minutes <= 6 < assessment.plan.minutes
    bare = gerdy.plan(assessment, equipment=["wall"])
    assert all(set(one.equipment) <= {"wall", "chair", "pillow", "towel"} for one in bare.items)
    dated = gerdy.plan(assessment, start=datetime.date(2025, 6, 2))
    assert dated.reviews[0].date == "2025-06-16"


def test_the_limits_of_a_case_hold(runner: gerdy.Case) -> None:
    means = Means(minutes_per_day=6.0, equipment=("wall",))
    case = replace(runner, means=means, date=datetime.date(2025, 6, 2))
    plan = gerdy.assess(case).plan
    assert plan.minutes <= 6
    assert all(set(one.equipment) <= {"wall", "chair", "pillow", "towel"} for one in plan.items)
    assert [review.date for review in plan.reviews] == [
        "2025-06-16",
        "2025-06-30",
        "2025-07-28",
        "2025-08-25",
    ]


def test_concern_stands_above_the_ranking() -> None:
    found = gerdy.assess(gerdy.load_case(EXAMPLES / "marathon_trainee_groin.yaml"))
    assert found.concern.level is found.plan.level is Concern.EMERGENCY
    assert found.plan.items == []
    assert found.plan.go_to[0].where
    assert found.plan.go_to[0].say
    assert [one.id for one in found.plan.until_then] == ["stop_impact_bone"]


def test_a_person_nothing_is_known_of_is_no_error(runner: gerdy.Case) -> None:
    found = gerdy.assess(replace(runner, person=Person()))
    assert found.sources[0].id == "itbs"


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_answered(path: Path) -> None:
    found = gerdy.assess(gerdy.load_case(path))
    plan = found.plan
    assert plan.level is found.concern.level
    pressing = plan.level.rank >= Concern.URGENT.rank
    assert bool(plan.go_to) or plan.level is Concern.NONE
    assert (not plan.items) if pressing else (1 <= len(plan.items) <= 4)
    assert plan.until_then or not pressing
    assert plan.safety_net
    assert msgspec.json.decode(gerdy.to_json(found), type=gerdy.Assessment) == found
