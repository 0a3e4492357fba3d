"""The plan: where to go first, then what to do in order."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import Result

import gerdy
from gerdy.care import Plan

Run = Callable[..., Result]
Write = Callable[..., Path]


def _plan(run: Run, *options: str) -> Plan:
    result = run("plan", "case.yaml", "--json", *options)
    assert result.exit_code == 0, result.stderr
    return msgspec.json.decode(result.stdout_bytes, type=Plan)


def test_a_plan_says_how_and_when_to_stop(run: Run, write: Write) -> None:
    write()
    plan = gerdy.assess(gerdy.load_case("case.yaml")).plan
    said = " ".join(run("plan", "case.yaml").stdout.split())
    assert said.startswith(plan.headline)
    for item in plan.items:
        for text in (item.name, *item.steps, item.feel, item.dose):
            assert " ".join(text.split()) in said
    assert plan.pain_rule in said
    assert "Stop if" in said
    assert "Go at once, whatever this plan says" in said


def test_when_somebody_must_look_first_there_are_no_exercises(run: Run, write: Write) -> None:
    write("swollen")
    said = run("plan", "case.yaml").stdout
    assert said.startswith("Be seen today.")
    assert said.index("Where") < said.index("Until then")
    assert "What to do, in this order" not in said


def test_the_plan_keeps_to_the_minutes_given(run: Run, write: Write) -> None:
    write()
    assert _plan(run, "--minutes", "6").minutes <= 6
    assert _plan(run).minutes > 6


def test_options_come_before_what_the_case_says(run: Run, write: Write) -> None:
    path = write()
    path.write_text(path.read_text() + "care: {minutes_per_day: 6, equipment: [wall]}\n")
    kept = _plan(run)
    assert kept.minutes <= 6
    assert all(set(item.equipment) <= {"wall", "chair", "pillow", "towel"} for item in kept.items)
    assert _plan(run, "--minutes", "40", "--equipment", "band,step,weight").minutes > kept.minutes


def test_reviews_count_from_the_date_of_the_case(run: Run, write: Write) -> None:
    path = write()
    path.write_text(path.read_text() + "date: 2026-03-02\n")
    assert _plan(run).reviews[0].date == "2026-03-16"
    assert _plan(run, "--minutes", "10").reviews[0].date == "2026-03-16"


def test_json_is_one_plan_or_a_list_of_them(run: Run, write: Write) -> None:
    write("both")
    found = json.loads(run("plan", "case.yaml", "--json").stdout)
    assert [one["level"] for one in found] == ["none", "emergency"]
    assert json.loads(run("plan", "case.yaml", "--json", "--complaint", "calf").stdout) == found[1]


def test_the_most_pressing_plan_is_first_and_named(run: Run, write: Write) -> None:
    write("both")
    said = run("plan", "case.yaml").stdout
    assert said.startswith("Complaint calf, left side\nBe seen today.")
    assert "Complaint knee, right side" in said


@pytest.mark.parametrize("words", ["none", " Band , STEP", "gym-machine"])
def test_equipment_is_read_in_any_spelling(words: str, run: Run, write: Write) -> None:
    write()
    assert run("plan", "case.yaml", "--equipment", words).exit_code == 0
