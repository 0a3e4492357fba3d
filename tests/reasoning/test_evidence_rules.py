"""The eight modelling rules the evidence forces (C5), one test or more for each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from reasoning.cases import GLUTEAL, ROOTS, believed, log_odds, model, odds_of, ratio, with_answers

from gerdy.atlas import load_atlas
from gerdy.atlas import model as m
from gerdy.reasoning.asking import Asking
from gerdy.reasoning.enumeration import posterior_sets
from gerdy.reasoning.model import Outcome, measured_likelihood, outcomes, plain
from gerdy.reasoning.network import Evidence, Floats
from gerdy.reasoning.state import Beliefs

ATLAS = load_atlas()
SCIATICA = {"buttock": 7.0, "thigh_posterior": 7.0, "leg_posterior": 6.0, "leg_lateral": 5.0}
OUTER_HIP = {"hip_lateral": 6.0, "thigh_lateral": 4.0}
OUTER_KNEE = {"knee_lateral": 6.0}
WOMAN_50 = {"age": 50, "sex": "female"}
RUNNER = {"age": 30, "activities": ["running"]}


def _by_state() -> Mapping[str, list[m.Finding]]:
    groups = defaultdict(list)
    for finding in ATLAS.findings.values():
        if finding.observes:
            groups[finding.observes].append(finding)
    return groups


SHARED = {state: group for state, group in _by_state().items() if len(group) > 1}


def _sum(known: Beliefs, sources: tuple[str, ...]) -> float:
    return sum(known.probability[source] for source in sources)


def _moved(before: Beliefs, after: Beliefs) -> dict[str, float]:
    return dict(zip(before.network.sources, map(float, odds_of(after) - odds_of(before)), strict=True))


# ---------------------------------------------------------------------------------------------- C5.1


def test_c5_1_trigger_point_tenderness_is_not_evidence_against_radiculopathy() -> None:
    """Gluteal trigger points are found in three of four people with an irritated root."""
    state = ATLAS.contributors["abductor_trigger_points"]
    for root in ("rad_l5", "rad_s1"):
        assert 0.70 <= plain(state.given[root]) <= 0.78
    finding = ATLAS.findings["gluteal_trigger_point"]
    positive, negative = model().likelihood(finding, "positive"), model().likelihood(finding, "negative")
    for root in ("rad_l4", "rad_l5", "rad_s1"):
        assert ratio(finding, *positive, root) > 4  # published 8.6 in back pain, shrunk
        assert ratio(finding, *negative, root) < 0.5
        for muscle in GLUTEAL:
            assert ratio(finding, *positive, muscle) < 1.35 * ratio(finding, *positive, root)
    before = believed(
        {"worse_cough_sneeze": "positive", "slr": "positive"}, pain=SCIATICA, person={"age": 45}
    )
    after = with_answers(before, {"gluteal_trigger_point": "positive"})
    assert _sum(after, ROOTS) > 0.97 * _sum(before, ROOTS)
    assert max(after.probability, key=after.probability.__getitem__) in {"rad_l5", "rad_s1"}


@pytest.mark.parametrize(
    "answer",
    ["neuro_screen_normal", "press_glut_min_post", "press_release_relief", "hip_muscle_pressure_helped"],
)
def test_c5_1_only_familiar_pain_a_clean_nerve_screen_and_response_favour_the_muscle(answer: str) -> None:
    before = believed({"gluteal_trigger_point": "positive"}, pain=SCIATICA, person={"age": 45})
    moved = _moved(before, with_answers(before, {answer: "positive"}))
    for root in ("rad_l5", "rad_s1"):
        assert moved["mf_glut_min_post"] > moved[root] + 0.3


# ---------------------------------------------------------------------------------------------- C5.2


@pytest.mark.parametrize("test", ["single_leg_stance_pain", "self_single_leg_stance_pain"])
def test_c5_2_single_leg_stance_is_rule_in_only(test: str) -> None:
    finding = ATLAS.findings[test]
    for tendon in ("gtps", "gtps_tear"):
        positive = ratio(finding, *model().likelihood(finding, "positive"), tendon)
        negative = ratio(finding, *model().likelihood(finding, "negative"), tendon)
        assert positive > 2.5
        assert 0.55 < negative < 1  # published 0.62
        assert abs(np.log(negative)) < 0.6 * np.log(positive)
    story = {"night_pain_lying_on_side": "positive", "worse_stairs": "positive"}
    before = believed(story, pain=OUTER_HIP, person=WOMAN_50)
    after = with_answers(before, {test: "negative"})
    ranked = sorted(after.probability, key=lambda s: -after.probability[s])
    assert "gtps" in ranked[:3]
    assert log_odds(before.probability["gtps"]) - log_odds(after.probability["gtps"]) < np.log(2.2)
    positive_too = with_answers(before, {test: "positive"})
    assert positive_too.probability["gtps"] > before.probability["gtps"]


# ---------------------------------------------------------------------------------------------- C5.3


def _known(base: Beliefs, state: int, on: float, off: float) -> Floats:
    """Log-odds when a state is observed with this likelihood besides everything else."""
    seen = {
        int(t): (float(a), float(b))
        for t, a, b in zip(base.evidence.states, base.evidence.on, base.evidence.off, strict=True)
    }
    first = seen.get(state, (1.0, 1.0))
    evidence = Evidence.of({**seen, state: (first[0] * on, first[1] * off)}, base.evidence.drawing)
    posterior = np.clip(posterior_sets(base.network, evidence).posterior, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(posterior) - np.log1p(-posterior))


BASES: dict[str, Beliefs] = {
    "nothing told": believed(),
    "outer knee of a runner": believed({"worse_downhill": "positive"}, pain=OUTER_KNEE, person=RUNNER),
    "outer hip": believed({"back_pain_now": "positive"}, pain=OUTER_HIP, person=WOMAN_50),
}


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_c5_3_tests_of_one_shared_cause_are_capped_together(base: str) -> None:
    """All tests of a state together move no source further than the state itself would, were it known."""
    known = BASES[base]
    observed = {item.state for item in known.items}
    start = odds_of(known)
    for state, group in SHARED.items():
        row = known.network.states.index(state)
        if row in observed:
            continue
        likelihood = np.prod([model().likelihood(f, "positive") for f in group], axis=0)
        together = _known(known, row, float(likelihood[0]), float(likelihood[1])) - start
        caps = [_known(known, row, on, 1 - on) - start for on in (0.0, 1.0)]
        rare = known.sets.posterior < 1e-4  # where the sets left out would show
        assert np.all(rare | (together <= np.maximum(*caps) + 0.02)), state
        assert np.all(rare | (together >= np.minimum(*caps) - 0.02)), state


def test_c5_3_the_cap_of_a_shared_cause_is_no_more_than_one_strong_test() -> None:
    """What a state can say of a source is bounded by ten, whoever observes it how often."""
    assert len(SHARED) > 20
    for state in SHARED:
        owner = ATLAS.contributors[state]
        base = plain(owner.background)
        for source, raw in owner.given.items():
            assert 0.1 <= plain(raw) / base <= 10.0001, (state, source)
            assert 0.1 <= (1 - plain(raw)) / (1 - base) <= 10.0001, (state, source)


def test_c5_3_agreeing_abductor_tests_count_less_than_their_sum() -> None:
    tests = [f.id for f in SHARED["abductor_weakness"] if f.who is m.Who.CLINICIAN]
    start = believed(pain=OUTER_HIP, person=WOMAN_50)
    single = [_moved(start, with_answers(start, {name: "positive"})) for name in tests]
    all_of_them = _moved(start, with_answers(start, dict.fromkeys(tests, "positive")))
    for source in ("gtps", "gtps_tear", "rad_l5", "hip_oa"):
        summed = sum(moved[source] for moved in single)
        assert all_of_them[source] < 0.6 * summed or abs(summed) < 0.1


def test_c5_3_tests_that_share_a_cause_by_the_evidence_observe_one_state() -> None:
    """Strength, palpation and loaded tests of the outer hip are the groups the evidence names."""
    together = [
        ("trendelenburg_sign", "hip_abductor_strength", "hip_strength_weak", "self_side_leg_raise"),
        ("single_leg_stance_pain", "resisted_external_derotation", "fader", "hip_adduction_test"),
        ("trochanter_palpation", "self_trochanter_press"),
        ("slr", "slump", "crossed_slr", "self_slump"),
        ("mcmurray_lateral", "thessaly_lateral", "joint_line_tenderness_lateral"),
        ("noble_compression", "renne", "palpation_2cm_above_lateral_joint_line"),
    ]
    for group in together:
        assert len({ATLAS.findings[name].observes for name in group}) == 1, group
        assert ATLAS.findings[group[0]].observes is not None


# ---------------------------------------------------------------------------------------------- C5.4

OBER = [f.id for f in ATLAS.findings.values() if "ober" in f.id or f.observes == "hip_adduction_restriction"]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("test", OBER)
def test_c5_4_ober_never_raises_the_band(test: str, base: str) -> None:
    finding = ATLAS.findings[test]
    assert ratio(finding, *model().likelihood(finding, "positive"), "itbs") <= 1
    moved = _moved(BASES[base], with_answers(BASES[base], {test: "positive"}))
    assert moved["itbs"] < 0.005


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("test", ["ober_restricted", "passive_adduction_decreased", "self_leg_drop"])
def test_c5_4_a_leg_that_drops_less_goes_to_hip_abductors_and_capsule(test: str, base: str) -> None:
    assert test in OBER
    moved = _moved(BASES[base], with_answers(BASES[base], {test: "positive"}))
    assert moved["hip_oa"] > 0.05
    assert min(moved["mf_glut_med"], moved["mf_glut_min_ant"], moved["mf_tfl"]) > 0


# ---------------------------------------------------------------------------------------------- C5.5

PELVIS_AND_LEG_LENGTH = [
    f
    for f in ATLAS.findings.values()
    if f.observes in {"pelvic_tilt_rotation", "leg_length_difference"}
    and f.who in {m.Who.PERSON, m.Who.HELPER}
]
SELF_CHECKS = [f for f in PELVIS_AND_LEG_LENGTH if f.id != "told_leg_length_difference"]  # told by others


def test_c5_5_the_self_checks_of_the_articles_are_among_them() -> None:
    assert {f.id for f in SELF_CHECKS} >= {"leg_length_look", "broom_stick_check", "side_to_side_inventory"}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("check", SELF_CHECKS, ids=lambda f: f.id)
def test_c5_5_a_self_check_of_pelvic_rotation_or_leg_length_says_next_to_nothing(
    check: m.Finding, base: str
) -> None:
    for value in {"positive", "negative", *(outcome.value for outcome in outcomes(check))}:
        moved = _moved(BASES[base], with_answers(BASES[base], {check.id: value}))
        assert max(map(abs, moved.values())) < 0.05, value


def test_c5_5_what_was_told_of_leg_length_says_hardly_more() -> None:
    finding = ATLAS.findings["told_leg_length_difference"]
    for source in ATLAS.sources:
        for value in ("positive", "negative"):
            assert 0.9 < ratio(finding, *model().likelihood(finding, value), source) < 1.12


# ---------------------------------------------------------------------------------------------- C5.6

LIKELY = [ATLAS.findings[name] for name in model().state_of]


def _answers(finding: m.Finding) -> Iterator[Outcome]:
    yield from outcomes(finding)
    for value in ("positive", "negative"):
        yield Outcome(value, value, *model().likelihood(finding, value))
    if finding.measured is not None:
        for number in np.linspace(*finding.measured.plausible, 15):
            yield Outcome(f"{number:g}", "", *measured_likelihood(finding.measured, float(number)))


@pytest.mark.parametrize("finding", LIKELY, ids=lambda f: f.id)
def test_c5_6_every_likelihood_ratio_lies_between_a_tenth_and_ten(finding: m.Finding) -> None:
    for source in ATLAS.sources:
        for answer in _answers(finding):
            assert 0.0999 <= ratio(finding, answer.on, answer.off, source) <= 10.01, (source, answer.value)


def test_c5_6_no_two_sources_are_told_apart_by_more_than_a_hundred() -> None:
    """The worst that one answer can do between two sources follows from the limits against none."""
    for finding in LIKELY:
        for answer in outcomes(finding):
            found = [ratio(finding, answer.on, answer.off, source) for source in ATLAS.sources]
            assert max(found) / min(found) <= 100.1, finding.id


def _strengths(finding: m.Finding) -> tuple[float, float]:
    """How far a yes and a no of a finding speak for and against its state."""
    yes, no = (model().likelihood(finding, value) for value in ("positive", "negative"))
    return float(np.log(yes[0] / yes[1])), float(np.log(no[1] / no[0]))


SELF_TESTS = [f for f in LIKELY if f.id.startswith("self_") and f.observes]


@pytest.mark.parametrize("finding", SELF_TESTS, ids=lambda f: f.id)
def test_c5_6_no_self_test_is_stronger_than_every_examiner_test_of_its_state(finding: m.Finding) -> None:
    group = SHARED.get(finding.observes or "", [])
    examined = [_strengths(f) for f in group if f.who in {m.Who.CLINICIAN, m.Who.INSTRUMENT}]
    assert examined, "a self-test without an examiner's version: nothing says that it was widened"
    best = np.max(examined, axis=0)
    assert np.all(np.array(_strengths(finding)) <= best)


PAIRS = [
    (f.id, f.id.removeprefix("self_")) for f in LIKELY if f.id.removeprefix("self_") in ATLAS.findings
] + [
    ("self_trochanter_press", "trochanter_palpation"), ("self_leg_drop", "ober_restricted"),
    ("self_knee_to_chest_turn", "fadir"), ("prone_rotation_look", "hip_ir_neutral_restricted"),
    ("self_lumbar_motion", "lumbar_motion_painful"), ("self_wall_push_pain", "resisted_abduction_pain"),
    ("self_touch_outer_thigh", "sensation_outer_thigh"), ("self_touch_lateral_leg", "sensation_lateral_leg"),
    ("self_heel_raise", "plantarflexion_strength"), ("self_heel_walk", "ankle_dorsiflexion_strength"),
    ("self_single_leg_rise", "knee_extension_strength"), ("roll_vl_familiar", "press_vl"),
    ("self_pelvic_squeeze", "pelvic_compression_relief"), ("knee_dimples_lost", "effusion_test"),
    ("self_press_outer_knee", "palpation_2cm_above_lateral_joint_line"),
    ("self_press_fibular_head", "fibular_head_glide_pain"),
    ("self_piriformis_stretch", "seated_piriformis_stretch"),
    ("self_repeated_extension", "repeated_movement_centralises"), ("thigh_hang_ache", "fulcrum_test"),
    ("stance_view_pelvis_drops", "trendelenburg_sign"), ("arch_flattens_standing", "foot_posture_index"),
]  # fmt: skip


@pytest.mark.parametrize(("alone", "examined"), [pair for pair in PAIRS if pair[0] != pair[1]])
def test_c5_6_the_self_administered_version_is_weaker_than_the_test(alone: str, examined: str) -> None:
    mine, theirs = (ATLAS.findings[name] for name in (alone, examined))
    assert sum(_strengths(mine)) < sum(_strengths(theirs))


# ---------------------------------------------------------------------------------------------- C5.7

_IMAGING = re.compile(r"\b(scans?|mri|x-?rays?|ultrasound|imaging|radiograph\w*|ct)\b", re.IGNORECASE)


def _about_imaging(finding: m.Finding) -> bool:
    return any(
        _IMAGING.search(text.replace("_", " ")) for text in (finding.id, finding.name, finding.clinical)
    )


def test_c5_7_imaging_carries_no_likelihood() -> None:
    """Nearly nine in ten hips without pain show something on a scan."""
    imaging = [f for f in ATLAS.findings.values() if _about_imaging(f)]
    assert {"scan_shows_wear", "scan_older_than_a_year"} <= {f.id for f in imaging}
    for finding in imaging:
        assert finding.silent
        assert finding.id not in model().state_of


@pytest.mark.parametrize("value", ["positive", "negative"])
@pytest.mark.parametrize("finding", [f.id for f in ATLAS.findings.values() if _about_imaging(f)])
def test_c5_7_an_answer_about_a_scan_moves_nothing(finding: str, value: str) -> None:
    before = BASES["outer hip"]
    assert with_answers(before, {finding: value}).probability == before.probability


# ---------------------------------------------------------------------------------------------- C5.8

_NEURO_STATES = {
    "sensory_disturbance", "sensory_loss_lateral_leg", "sensory_loss_outer_thigh", "peroneal_motor_loss",
    "root_mechanical_irritation", "sciatic_neural_tension", "femoral_neural_tension", "l4_conduction_loss",
    "s1_conduction_loss", "s1_motor_loss",
}  # fmt: skip


def _asks_nerves(finding: m.Finding) -> bool:
    return finding.observes in _NEURO_STATES or finding.topic is m.Topic.NERVE_TEST


@pytest.mark.parametrize("root", ROOTS)
def test_c5_8_a_root_stays_possible_without_back_pain(root: str) -> None:
    for pain in (OUTER_HIP, OUTER_KNEE, {"thigh_lateral": 5.0}, {"leg_lateral": 5.0}):
        known = believed({"back_pain_now": "negative"}, pain=pain, person=RUNNER)
        row = known.model.index(root)
        assert known.network.log_odds[row] > -9  # the prior does not hang on the back
        assert known.probability[root] > 2e-4
    finding = ATLAS.findings["back_pain_now"]
    assert ratio(finding, *model().likelihood(finding, "negative"), root) > 0.35


def test_c5_8_silent_roots_keep_weight_where_the_band_is_blamed() -> None:
    known = believed({"back_pain_now": "negative"}, pain={"thigh_lateral": 5.0, "leg_lateral": 4.0})
    assert _sum(known, ROOTS) > 0.03


@pytest.mark.parametrize("pain", [OUTER_HIP, OUTER_KNEE, {"thigh_lateral": 5.0}, {"leg_lateral": 5.0}])
def test_c5_8_the_first_questions_contain_one_about_nerves(pain: dict[str, float]) -> None:
    """At the latest the third thing asked has an answer that speaks for a root, whether the back hurts or not."""
    known = believed({"back_pain_now": "negative"}, pain=pain, person=RUNNER)
    asked: list[m.Finding] = []
    for _ in range(3):
        question = Asking(known).next()
        assert question is not None
        names = question.findings or [question.id]
        asked += [ATLAS.findings[name] for name in names]
        known = with_answers(known, dict.fromkeys(names, "negative"))
    about_nerves = [finding for finding in asked if _asks_nerves(finding)]
    assert about_nerves
    yes = [
        ratio(f, *model().likelihood(f, "positive"), root)
        for f in about_nerves
        for root in ("rad_l4", "rad_l5")
    ]
    assert max(yes) > 2


def test_c5_8_one_nerve_question_beyond_the_screens_comes_early() -> None:
    """Once safety is settled, nerves are among the first things asked about an outer thigh."""
    screens = {f.id: "negative" for f in ATLAS.findings.values() if f.safety and f.sex is None}
    known = believed({**screens, "back_pain_now": "negative"}, pain={"thigh_lateral": 5.0}, person=RUNNER)
    asked: list[m.Finding] = []
    for _ in range(5):
        question = Asking(known).next()
        if question is None:
            break
        names = question.findings or [question.id]
        asked += [ATLAS.findings[name] for name in names]
        known = with_answers(known, dict.fromkeys(names, "negative"))
    assert any(_asks_nerves(finding) for finding in asked), [f.id for f in asked]


def test_the_rules_are_all_here() -> None:
    assert {int(name[8]) for name in globals() if name.startswith("test_c5_")} == set(range(1, 9))
