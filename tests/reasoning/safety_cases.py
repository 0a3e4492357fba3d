"""For every safety rule the smallest answers that describe it; and ordinary runners whom no rule may trouble."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reasoning.cases import case_of

from gerdy.atlas import load_atlas
from gerdy.case import Case


@dataclass(frozen=True)
class Script:
    """What is told: positive answers, painful regions, facts of the person.

    ``beside`` names rules that cannot but fire with it, because their condition is part of the same picture.
    """

    yes: tuple[str, ...] = ()
    pain: tuple[str, ...] = ()
    person: Mapping[str, Any] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()

    def case(self) -> Case:
        return case_of(
            dict.fromkeys(self.yes, "positive"), pain=dict.fromkeys(self.pain, 5.0), person=self.person
        )


def _script(*yes: str, pain: str = "", beside: str = "", **person: Any) -> Script:
    return Script(yes, tuple(pain.split()), person, frozenset(beside.split()))


SCRIPTS: dict[str, Script] = {
    # emergency
    "rule_cauda_equina": _script("saddle_numbness"),
    "rule_both_legs_weak": _script("both_legs", "progressive_weakness", beside="rule_progressive_weakness"),
    "rule_sudden_foot_drop": _script("foot_drop_sudden"),
    "rule_femoral_neck_stress": _script("hop_or_impact_pain", "load_increase", pain="groin"),
    "rule_dvt_swelling": _script("calf_swelling"),
    "rule_dvt_risk": _script("recent_immobility", pain="leg_posterior"),
    "rule_lung_clot": _script("chest_pain_or_breathless", pain="leg_posterior", beside="rule_heart_warning"),
    "rule_heart_warning": _script("chest_pain_or_breathless"),
    "rule_belly_warning": _script("belly_or_flank_pain", "chills"),
    "rule_joint_infection": _script("fever", "pain_at_rest_constant"),
    "rule_spine_infection": _script("fever", "back_pain_now", "night_pain_wakes"),
    "rule_fracture_after_trauma": _script(
        "major_trauma", "cannot_bear_weight", beside="rule_cannot_bear_weight"
    ),
    "rule_fragility_fracture": _script("cannot_bear_weight", age=72, beside="rule_cannot_bear_weight"),
    "rule_acute_compartment": _script("tight_leg_not_settling"),
    "rule_acute_ischaemia": _script("cold_white_foot_at_rest"),
    "rule_bleed_on_thinners": _script("anticoagulants", "major_trauma", "numbness"),
    # urgent
    "rule_foot_drop": _script("foot_drop"),
    "rule_progressive_weakness": _script("progressive_weakness"),
    "rule_both_legs_nerve": _script("both_legs", "tingling", "back_pain_now"),
    "rule_bone_stress": _script(
        "hop_or_impact_pain", "load_increase", "night_pain_wakes", pain="leg_anterior"
    ),
    "rule_hop_pain_groin_without_more": _script("hop_or_impact_pain", "began_during_run", pain="groin"),
    "rule_tumour_history": _script("cancer_history", "pain_over_6_weeks", beside="rule_cancer_alone"),
    "rule_tumour_cluster": _script("weight_loss", "night_pain_any_position"),
    "rule_lump": _script("mass_or_lump"),
    "rule_fever_with_pain": _script("fever", "diabetes"),
    "rule_steroids_and_pain": _script("long_steroids", "onset_sudden", "back_pain_now"),
    "rule_knee_locked": _script("knee_stuck_now"),
    "rule_knee_unstable": _script("knee_giving_way", "onset_twist_or_pop"),
    "rule_effort_blood_flow": _script(
        "cold_or_numb_foot_with_effort", "pain_only_at_high_effort", "fades_within_minutes"
    ),
    "rule_pregnancy_weight_bearing": _script("pregnant", "groin_main_pain", "limps"),
    "rule_rash": _script("rash_with_pain"),
    "rule_cannot_bear_weight": _script("cannot_bear_weight"),
    # routine
    "rule_effort_compartment": _script(
        "tight_bursting", "pain_only_at_high_effort", "numb_shin_or_top_of_foot", pain="leg_anterior"
    ),
    "rule_effort_pain_routine": _script("walking_distance_limited", "smoker"),
    "rule_low_energy": _script("missed_periods"),
    "rule_over_three_months": _script("pain_over_3_months"),
    "rule_treatment_failed": _script("adequate_plan_no_change"),
    "rule_band_examine_back": _script("on_and_off_for_years", "rolls_often", pain="knee_lateral"),
    "rule_rolling_too_often": _script("rolls_often", "rolling_helps_only_briefly"),
    "rule_side_sleep_lost": _script("side_given_up_for_months"),
    "rule_numbness_stays": _script("numbness_stays"),
    "rule_after_back_surgery": _script("previous_back_surgery"),
    "rule_stiff_hip": _script("groin_main_pain", "sock_shoe_difficulty"),
    "rule_inflammatory_stiffness": _script("morning_stiffness_long", "joint_inflammation_or_psoriasis"),
    "rule_painful_snap": _script("painful_snap_outer_knee"),
    "rule_cancer_alone": _script("cancer_history"),
}

# Ordinary overuse complaints, weeks old; every safety question was asked and answered no.
HEALTHY: dict[str, Script] = {
    "band at 4 km": _script(
        "starts_at_fixed_distance", "worse_downhill", "noble_compression", "load_increase",
        pain="knee_lateral", age=26, sex="female", activities=["running"],
    ),
    "trail descent": _script(
        "worse_downhill", "two_fingers_above_joint", "pain_over_6_weeks",
        pain="knee_lateral", age=34, sex="male", activities=["trail_running"],
    ),
    "hip that wakes": _script(
        "night_pain_lying_on_side", "worse_stairs", "worse_single_leg_loading", "trochanter_palpation",
        pain="hip_lateral", age=52, sex="female", activities=["running", "walking"],
    ),
    "kneecap on stairs": _script(
        "worse_stairs", "worse_squatting", "around_kneecap",
        pain="knee_anterior", age=45, sex="male", activities=["running"],
    ),
    "kneecap, new plan": _script(
        "load_increase", "worse_sitting", "squat_kneecap_pain",
        pain="knee_anterior", age=22, sex="female", activities=["running", "gym"],
    ),
    "outer thigh": _script(
        "roll_vl_familiar", "outer_thigh_overworked", "pain_ache",
        pain="thigh_lateral", age=29, sex="male", activities=["running"],
    ),
    "desk and buttock": _script(
        "worse_sitting", "self_press_piriformis", "sits_most_of_day",
        pain="buttock thigh_posterior", age=38, sex="female", activities=["running", "desk_work"],
    ),
    "stiff start at sixty": _script(
        "morning_stiffness_short", "worse_getting_up",
        pain="hip_lateral", age=60, sex="male", activities=["running"],
    ),
    "outer shin": _script(
        "self_press_peroneals", "new_shoes_or_surface", "sore_next_day",
        pain="leg_lateral", age=31, sex="female", activities=["triathlon"],
    ),
    "cyclist's knee": _script(
        "worse_cycling", "self_press_outer_knee",
        pain="knee_lateral", age=41, sex="male", activities=["cycling"],
    ),
    "back and buttock": _script(
        "back_pain_now", "worse_bending_forward", "long_drives",
        pain="low_back buttock", age=47, sex="female", activities=["running", "driving"],
    ),
    "back outer corner": _script(
        "worse_downhill", "outer_back_corner_knee", "load_increase",
        pain="knee_posterolateral", age=24, sex="male", activities=["football", "running"],
    ),
    "dancer's groin": _script(
        "fadir", "worse_pivoting",
        pain="groin", age=28, sex="female", activities=["dance", "running"],
    ),
    "walker of sixty-six": _script(
        "night_pain_lying_on_side", "worse_crossing_legs",
        pain="hip_lateral thigh_lateral", age=66, sex="female", activities=["walking"],
    ),
    "hamstring": _script(
        "worse_sprint_or_kick", "self_press_biceps_femoris",
        pain="thigh_posterior", age=19, sex="male", activities=["running", "football"],
    ),
    "little is told": _script(pain="knee_lateral"),
}  # fmt: skip


def safety_findings(sex: str | None = None) -> list[str]:
    """Every finding of a safety screen that is asked of this sex."""
    found = load_atlas().findings.values()
    return [f.id for f in found if f.safety and (f.sex is None or sex is None or f.sex == sex)]


def screened(script: Script) -> Case:
    """The case of a script with all other safety questions answered no."""
    answers: dict[str, str | float] = dict.fromkeys(safety_findings(script.person.get("sex")), "negative")
    answers.update(dict.fromkeys(script.yes, "positive"))
    return case_of(answers, pain=dict.fromkeys(script.pain, 5.0), person=script.person)
