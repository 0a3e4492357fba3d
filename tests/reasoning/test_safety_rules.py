"""Concern: every rule fires on what it is for, none on ordinary runners, and nothing in the ranking can hide it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reasoning.cases import FEWER, case_of, observe, with_answers
from reasoning.safety_cases import HEALTHY, SCRIPTS, Script, safety_findings, screened

from gerdy.api import assess, beliefs
from gerdy.atlas import load_atlas
from gerdy.atlas.conditions import Facts
from gerdy.atlas.model import Concern
from gerdy.case import ACTIVITIES, Case, Person
from gerdy.reasoning.answer import ConcernAnswer
from gerdy.reasoning.compose import concern_of
from gerdy.reasoning.concern import concern
from gerdy.reasoning.facts import facts_of
from gerdy.reasoning.site import hurting_regions

ATLAS = load_atlas()
NOTHING_LIKELY = dict.fromkeys(ATLAS.sources, 0.0)


def _facts(case: Case) -> Facts:
    one = case.complaint()
    regions = hurting_regions(ATLAS, one.drawing(ATLAS))
    return facts_of(ATLAS, case.person, case.observations(one), regions)


def _by_rules(case: Case) -> ConcernAnswer:
    """Concern with every source held impossible: what the rules alone say."""
    return concern(ATLAS, _facts(case), NOTHING_LIKELY)


def _fired(answer: ConcernAnswer) -> set[str]:
    return {reason.id for reason in answer.reasons if reason.kind == "rule"}


def _smaller(script: Script) -> Iterator[Script]:
    for name in script.yes:
        yield dataclasses.replace(script, yes=tuple(other for other in script.yes if other != name))
    for region in script.pain:
        yield dataclasses.replace(script, pain=tuple(other for other in script.pain if other != region))
    for fact in script.person:
        yield dataclasses.replace(script, person={k: v for k, v in script.person.items() if k != fact})


def test_every_rule_has_a_script_and_no_script_is_left_over() -> None:
    assert set(SCRIPTS) == set(ATLAS.rules)


@pytest.mark.parametrize("rule", ATLAS.rules)
def test_exactly_this_rule_fires_at_its_level(rule: str) -> None:
    script = SCRIPTS[rule]
    answer = _by_rules(script.case())
    assert _fired(answer) == {rule} | script.beside
    assert answer.level is ATLAS.rules[rule].level
    for name in script.beside:
        assert ATLAS.rules[name].level.rank <= ATLAS.rules[rule].level.rank


@pytest.mark.parametrize("rule", ATLAS.rules)
def test_every_answer_of_a_script_is_needed(rule: str) -> None:
    for script in _smaller(SCRIPTS[rule]):
        assert rule not in _fired(_by_rules(script.case()))


@pytest.mark.parametrize("rule", ATLAS.rules)
def test_a_rule_says_what_made_it_fire_and_where_to_go(rule: str) -> None:
    script = SCRIPTS[rule]
    reason = next(r for r in _by_rules(script.case()).reasons if r.id == rule)
    assert set(reason.because) <= {*script.yes, *script.pain, *script.person}
    assert reason.because
    assert reason.reason
    assert reason.where
    assert reason.say


@pytest.mark.slow
def test_sensitivity_over_the_whole_engine_is_one() -> None:
    found = {}
    for rule, script in SCRIPTS.items():
        answer = concern_of(beliefs(script.case()))
        found[rule] = rule in _fired(answer) and answer.level.rank >= ATLAS.rules[rule].level.rank
    missed = [rule for rule, fired in found.items() if not fired]
    assert not missed


def test_screened_scripts_fire_too() -> None:
    """A no to every other safety question silences no rule."""
    missed = [rule for rule, script in SCRIPTS.items() if rule not in _fired(_by_rules(screened(script)))]
    assert not missed


@pytest.mark.parametrize(
    "rule", [name for name, rule in ATLAS.rules.items() if rule.level is Concern.ROUTINE]
)
def test_one_weak_flag_never_alarms(rule: str) -> None:
    """Four in five people with back pain have a flag: what is routine by the rules is not more by the numbers."""
    answer = concern_of(beliefs(screened(SCRIPTS[rule])))
    assert answer.level is Concern.ROUTINE, [reason.id for reason in answer.reasons]


def test_there_are_enough_healthy_runners() -> None:
    assert len(HEALTHY) >= 12
    assert {script.person.get("sex") for script in HEALTHY.values()} >= {"female", "male"}
    ages = [script.person["age"] for script in HEALTHY.values() if "age" in script.person]
    assert min(ages) < 20
    assert max(ages) > 65


@pytest.mark.parametrize("name", HEALTHY)
def test_no_rule_fires_on_ordinary_overuse(name: str) -> None:
    answer = concern_of(beliefs(screened(HEALTHY[name])))
    assert answer.reasons == []
    assert answer.level is Concern.NONE


@FEWER
@given(
    st.lists(st.sampled_from(sorted(ATLAS.regions)), min_size=1, max_size=3, unique=True),
    st.integers(16, 80),
    st.sampled_from(["female", "male"]),
    st.lists(st.sampled_from(sorted(ACTIVITIES)), max_size=3, unique=True),
)
def test_a_site_alone_never_alarms(regions: list[str], age: int, sex: str, activities: list[str]) -> None:
    """Whoever says no to every safety question is not alarmed by where it hurts."""
    person = {"age": age, "sex": sex, "activities": activities}
    answer = concern_of(beliefs(screened(Script(pain=tuple(regions), person=person))))
    assert answer.level is Concern.NONE, [reason.id for reason in answer.reasons]


yes_answers = st.lists(st.sampled_from(sorted(ATLAS.findings)), max_size=8, unique=True)
painted = st.lists(st.sampled_from(sorted(ATLAS.regions)), max_size=4, unique=True)


@given(yes_answers, yes_answers, painted, st.one_of(st.none(), st.integers(10, 90)))
def test_by_rules_more_yes_is_never_less_concern(
    some: list[str], more: list[str], regions: list[str], age: int | None
) -> None:
    def level(yes: list[str]) -> ConcernAnswer:
        observed = [observe(name) for name in dict.fromkeys(yes)]
        person = Person(age=age)
        facts = facts_of(ATLAS, person, observed, dict.fromkeys(regions, 5.0))
        return concern(ATLAS, facts, NOTHING_LIKELY)

    before, after = level(some), level([*some, *more])
    assert after.level.rank >= before.level.rank
    assert _fired(after) >= _fired(before)


@pytest.mark.slow
@FEWER
@given(
    st.lists(st.sampled_from(safety_findings("female")), max_size=4, unique=True),
    st.sampled_from(safety_findings("female")),
    st.lists(st.sampled_from(sorted(ATLAS.regions)), min_size=1, max_size=2, unique=True),
    st.integers(18, 75),
)
def test_a_further_red_flag_never_lowers_concern(
    flags: list[str], more: str, regions: list[str], age: int
) -> None:
    """Through the whole engine: the posterior may explain a danger away, the level may not fall for it."""
    person = {"age": age, "sex": "female"}
    pain = dict.fromkeys(regions, 5.0)
    first = beliefs(case_of(dict.fromkeys(flags, "positive"), pain=pain, person=person))
    before, after = concern_of(first), concern_of(with_answers(first, {more: "positive"}))
    assert after.level.rank >= before.level.rank, (before.reasons, after.reasons)


@pytest.mark.parametrize(
    ("story", "age", "flag"),
    [
        (("pitting_oedema", "pregnant", "garrick_popliteus"), 34, "both_legs"),
        (("pitting_oedema", "leg_firm_after_exertion", "onset_gradual"), 21, "progressive_weakness"),
        (("pitting_oedema", "leg_firm_after_exertion", "onset_gradual"), 21, "weight_loss"),
        (("pitting_oedema", "leg_firm_after_exertion", "onset_gradual"), 21, "mass_or_lump"),
        (
            ("night_pain_any_position", "self_press_peroneals", "worse_ankle_movement"),
            39,
            "progressive_weakness",
        ),
    ],
)
def test_a_red_flag_does_not_explain_another_danger_away(story: tuple[str, ...], age: int, flag: str) -> None:
    """Calf pain that may be a clot: found by search as stories whose alarm hangs on the posterior alone."""
    person = {"age": age, "sex": "female"}
    answers = dict.fromkeys(story, "positive")
    first = beliefs(case_of(answers, pain={"leg_posterior": 5.0}, person=person))
    before, after = concern_of(first), concern_of(with_answers(first, {flag: "positive"}))
    assert after.level.rank >= before.level.rank, (first.probability["dvt"], [r.id for r in after.reasons])


@given(st.lists(st.sampled_from(sorted(SCRIPTS)), min_size=1, max_size=6), st.floats(0, 1))
def test_no_probability_hides_a_rule(rules: list[str], probability: float) -> None:
    yes = [name for rule in rules for name in SCRIPTS[rule].yes]
    regions = [name for rule in rules for name in SCRIPTS[rule].pain]
    observed = [observe(name) for name in dict.fromkeys(yes)]
    facts = facts_of(ATLAS, Person(age=72), observed, dict.fromkeys(regions, 5.0))
    answer = concern(ATLAS, facts, dict.fromkeys(ATLAS.sources, probability))
    assert set(rules) <= _fired(answer)
    assert answer.level.rank >= max(ATLAS.rules[rule].level.rank for rule in rules)
    ranks = [reason.level.rank for reason in answer.reasons]
    assert ranks == sorted(ranks, reverse=True)


def test_a_rule_stands_when_the_ranking_is_sure_of_something_harmless() -> None:
    """A textbook band complaint with one swollen calf: the band may lead, the emergency stays."""
    script = HEALTHY["band at 4 km"]
    case = screened(dataclasses.replace(script, yes=(*script.yes, "calf_swelling")))
    answer = assess(case)
    assert answer.concern.level is Concern.EMERGENCY
    assert answer.concern.reasons[0].id == "rule_dvt_swelling"


@pytest.mark.parametrize("source", [s.id for s in ATLAS.sources.values() if s.alarm is not None])
def test_a_dangerous_source_alarms_from_its_threshold_on(source: str) -> None:
    alarm = ATLAS.sources[source].alarm
    assert alarm is not None
    below, at = (
        concern(ATLAS, Facts(), {**NOTHING_LIKELY, source: value}) for value in (alarm.at - 1e-9, alarm.at)
    )
    assert below.level is Concern.NONE
    assert at.level is alarm.level
    assert at.reasons[0].because == [source]


def test_no_response_to_an_adequate_plan_is_evidence() -> None:
    """Failing to respond speaks for what self-care does not reach, and asks for a second look."""
    script = HEALTHY["band at 4 km"]
    before = beliefs(screened(script))
    after = beliefs(screened(dataclasses.replace(script, yes=(*script.yes, "adequate_plan_no_change"))))
    assert after.probability["itbs"] < before.probability["itbs"]
    serious = [s.id for s in ATLAS.sources.values() if s.alarm is not None and s.id != "cecs"]
    assert sum(after.probability[s] for s in serious) > sum(before.probability[s] for s in serious)
    assert "rule_treatment_failed" in _fired(concern_of(after))


def test_constant_night_pain_that_no_plan_changes_is_urgent() -> None:
    case = Script(
        ("night_pain_any_position", "treatment_failed", "pain_over_6_weeks"), ("thigh_lateral",)
    ).case()
    assert _by_rules(case).level is Concern.URGENT
