"""Plans for typical pictures, read as a physiotherapist would."""

from __future__ import annotations

import itertools

import pytest
from care.answers import ATLAS, EVERYTHING, answer, item, plan_of, situation_of

from gerdy.atlas.model import Concern, Phase
from gerdy.care import Plan
from gerdy.care.ordering import in_order


def ids(plan: Plan) -> list[str]:
    return [one.id for one in plan.items]


def stops(plan: Plan) -> list[str]:
    return [stop.id for stop in plan.stop_doing]


def test_band_pain_of_a_runner() -> None:
    plan = plan_of(answer({"itbs": 0.95}, {"load_spike": 0.9, "abductor_weakness": 0.8}))
    assert ids(plan)[0] == "hip_abductor_programme"
    assert "graded_run_return" in ids(plan)
    assert {"itbs_load_reduction", "stop_rolling_band"} <= set(stops(plan))
    assert plan.headline.startswith(("Two", "Three", "Four"))
    assert {one.phase for one in plan.later} <= {Phase.RETURN, Phase.MAINTAIN}
    assert plan.later


def test_hip_tendon_is_loaded_and_not_squeezed() -> None:
    plan = plan_of(answer({"gtps": 0.87, "gtps_tear": 0.1}))
    assert "gtps_loading_programme" in ids(plan)
    assert ids(plan)[0] == "isometric_abduction_hold"
    assert stops(plan)[0] == "gtps_education"
    assert "supervised_loading" in [one.id for one in plan.ask_about]
    assert not {"range_hip_adduction", "hip_ball_routine", "reverse_curtsy_split_squat"} & set(ids(plan))


def test_key_muscle_comes_before_its_satellite() -> None:
    found = answer({"mf_ql": 0.7, "mf_glut_min_ant": 0.7, "mf_vl": 0.7})
    plan = plan_of(found, minutes=30.0, equipment=EVERYTHING)
    order = ids(plan)
    releases = [one for one in ("release_ql", "release_glut_min_ant", "roll_vl") if one in order]
    assert len(releases) >= 2
    assert [one for one in order if one in releases] == releases


def test_the_chain_orders_items_that_say_nothing_of_order() -> None:
    chain = ["mf_ql", "mf_glut_min_ant", "mf_vl"]
    situation = situation_of(answer({"mf_ql": 0.2, "mf_glut_min_ant": 0.4, "mf_vl": 0.9}))
    for order in itertools.permutations(chain):
        items = [item(name=f"press_{source}", targets={source: 0.2}) for source in order]
        assert [one.id for one in in_order(situation, items)] == [f"press_{source}" for source in chain]


def test_without_its_key_a_satellite_is_not_put_off() -> None:
    situation = situation_of(answer({"mf_vl": 0.9, "itbs": 0.4}))
    items = [item("a_band", {"itbs": 0.2}), item("press_vl", {"mf_vl": 0.2})]
    assert [one.id for one in in_order(situation, items)] == ["press_vl", "a_band"]


def test_free_advice_is_not_given_for_what_is_merely_possible() -> None:
    assert "meralgia_decompression" not in ids(plan_of(answer({"itbs": 0.6, "meralgia": 0.08})))
    assert "meralgia_decompression" in ids(plan_of(answer({"itbs": 0.3, "meralgia": 0.3})))


def test_press_then_relax_then_range() -> None:
    plan = plan_of(answer({"mf_glut_min_ant": 0.85}, {"abductor_trigger_points": 0.99}))
    order = ids(plan)
    assert order.index("release_glut_min_ant") < order.index("relax_hip_abductors")
    phases = [one.phase for one in plan.items]
    assert phases == sorted(phases, key=lambda phase: list(Phase).index(Phase(phase)))


def test_irritable_pain_is_not_pressed() -> None:
    plan = plan_of(answer({"mf_glut_min_post": 0.7}, irritability=3))
    assert "relax_hip_abductors" in ids(plan)
    left = {out.id: out.why for out in plan.left_out}
    assert "stirred up" in left["release_glut_min_post"]


def test_root_pain_is_watched_and_kept_moving() -> None:
    plan = plan_of(answer({"rad_l5": 0.6, "rad_s1": 0.2, "som_lumbar": 0.1}))
    assert ids(plan)[0] == "nerve_self_check"
    assert {"stay_active", "positions_of_ease"} <= set(ids(plan))
    assert "no pain is to be provoked" in plan.pain_rule
    assert "examine_low_back" in [one.id for one in plan.ask_about]
    assert not {"stretch_hamstring", "scorpion_stretch"} & set(ids(plan))


def test_kneecap_pain_gets_hip_and_knee_strength() -> None:
    plan = plan_of(answer({"pfp": 0.95}))
    assert "pfp_hip_knee_strength" in ids(plan)
    assert "pfp_education" in stops(plan)


def test_worn_hip_gets_hip_exercise_even_where_little_else_fits() -> None:
    assert "hip_oa_exercise" in ids(plan_of(answer({"hip_oa": 0.92})))
    assert "avoid_hip_pinch" in stops(plan_of(answer({"hip_oa": 0.92})))


@pytest.mark.parametrize("irritability", [1, 2, 3])
def test_trapped_skin_nerve_is_freed(irritability: int) -> None:
    numb = ["numbness", "numb_outer_thigh"]
    plan = plan_of(answer({"meralgia": 0.9}, positive=numb, irritability=irritability))
    assert ids(plan) == ["meralgia_decompression", "thigh_nerve_ease"]
    assert stops(plan) == ["spare_thigh_nerve"]


def test_nerve_at_the_outer_knee_is_spared() -> None:
    plan = plan_of(answer({"cpn": 0.85}))
    assert {"nerve_self_check", "fibular_neck_protection"} <= set(ids(plan))
    assert "stop_crossing_legs" in stops(plan)


def test_numb_skin_is_not_pressed() -> None:
    free = plan_of(answer({"mf_peroneals": 0.8}))
    numb = plan_of(answer({"mf_peroneals": 0.8}, positive=["numb_shin_or_top_of_foot"]))
    assert "release_peroneals" in ids(free)
    assert "release_peroneals" not in ids(numb)
    assert "release_peroneals" in [out.id for out in numb.left_out]


@pytest.mark.parametrize("bone", ["bsi_tibia", "bsi_fibula", "bsi_femoral_shaft"])
def test_a_doubtful_bone_is_spared_before_it_alarms(bone: str) -> None:
    alarm = ATLAS.sources[bone].alarm
    assert alarm is not None
    plan = plan_of(answer({bone: alarm.at - 0.01, "itbs": 0.4}))
    assert stops(plan)[0] == "stop_impact_bone"
    assert not [one for one in plan.items if one.phase == Phase.RUNNING]


def test_a_clot_is_kept_safe_and_not_exercised() -> None:
    plan = plan_of(answer({"dvt": 0.5, "mf_vl": 0.4}, level=Concern.EMERGENCY))
    assert [one.id for one in plan.until_then] == ["until_seen_clot"]
    assert plan.headline == "Be seen today. Exercises wait until somebody has looked."


def test_nothing_is_planned_where_nothing_stands_out() -> None:
    plan = plan_of(answer(dict.fromkeys(ATLAS.sources, 0.05)))
    assert plan.items == []
    assert plan.headline.startswith("Nothing stands out")
    assert plan.reviews
    assert plan.safety_net


def test_no_things_and_no_time_are_said() -> None:
    plan = plan_of(answer({"ptfj": 0.3, "itbs": 0.6}), minutes=0.0, equipment=["none"])
    assert plan.items == []
    assert "does not fit" in plan.headline
    assert any("minutes" in out.why or "to hand" in out.why for out in plan.left_out)


def test_what_is_unsafe_is_said() -> None:
    plan = plan_of(answer({"mf_ql": 0.9}, positive=["anticoagulants"]))
    assert "release_ql" in [out.id for out in plan.left_out]
    assert "release_ql" not in ids(plan)


def test_advice_about_the_band_is_for_the_band() -> None:
    plan = plan_of(answer({"bsi_femoral_neck": 0.9}, {"load_spike": 0.99}, level=Concern.EMERGENCY))
    assert "itbs_load_reduction" not in stops(plan)
    assert plan.until_then[0].id == "stop_impact_bone"


def test_each_source_alone_has_a_plan() -> None:
    """Whatever hurts, a calm person without contraindications is given something to do, or told whom to see."""
    for source in ATLAS.sources.values():
        plan = plan_of(answer({source.id: 0.9}), minutes=30.0, equipment=EVERYTHING)
        assert plan.items or source.alarm is not None, source.id
        if source.alarm is None:
            # One thing alone: the outer corner of the knee is protected until it has been examined.
            assert len(plan.items) >= (1 if source.id == "lcl_plc" else 2), (source.id, ids(plan))
