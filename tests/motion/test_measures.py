from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from motion.movers import HIPS, SHIN, UP, Mover, gait, squats
from motion.trials import CLINIC, columns, forces, markers
from recordings import recordings
from scipy import stats

from gerdy.atlas.store import load_atlas
from gerdy.errors import InputError
from gerdy.motion import measures as m
from gerdy.motion.events import Events, Held, Kind, Phase, Repeat, find
from gerdy.motion.measure_definitions import citations, definitions
from gerdy.motion.measure_signals import SIGNALS, Body, rotations
from gerdy.motion.recording import Array

WALK = gait()
RUN = gait(stride=0.7, duty=0.35, speed=3.0, width=0.04)


def known(mover: Mover, stride: float, duty: float, kind: Kind) -> Events:
    """The true events of a gait, so that a test of measures does not rest on how contacts are found."""
    last = float(mover.time[-1])
    phases = [
        Phase(side, start, min(start + duty * stride, last), start + stride if start + stride < last else None,  # type: ignore[arg-type]
              finished=start + duty * stride <= last)
        for side, shift in (("r", 0.0), ("l", 0.5))
        for start in np.arange(0.3 + shift * stride, last, stride).tolist()
    ]  # fmt: skip
    return Events(kind, 1.0, tuple(sorted(phases, key=lambda phase: phase.start)))


def of(
    mover: Mover, events: Events, angles: dict[str, Array] | None = None
) -> dict[tuple[str, str], m.Summary]:
    rows = m.summarise(m.measure(events, angles or {}, mover.points, mover.time))
    return {(row.id, row.side): row for row in rows}


def test_a_walk_gives_the_numbers_it_was_made_from() -> None:
    found = of(WALK, known(WALK, 1.1, 0.62, Kind.WALKING))
    for name, right, left in (
        ("pelvic_drop", 6.0, 3.0),
        ("trunk_lean", 4.0, 2.0),
        ("trunk_forward_lean", 5.0, 5.0),
    ):
        assert found[name, "r"].mean == pytest.approx(right, abs=0.05)
        assert found[name, "l"].mean == pytest.approx(left, abs=0.05)
    assert found["step_width", "both"].mean == pytest.approx(0.10, abs=1e-6)
    assert found["step_rate", "both"].mean == pytest.approx(120.0 / 1.1, abs=1e-6)
    assert found["stance_time", "r"].mean == pytest.approx(0.62 * 1.1, abs=1e-9)
    assert found["duty_factor", "l"].mean == pytest.approx(0.62, abs=1e-9)
    assert found["vertical_oscillation", "both"].mean == pytest.approx(0.04, abs=1e-3)
    assert found["pelvic_drop", "r"].n == 3
    assert found["pelvic_drop", "r"].difference == pytest.approx(3.0, abs=0.1)


def test_a_treadmill_run_gives_the_numbers_it_was_made_from() -> None:
    mover = gait(stride=0.7, duty=0.35, speed=3.0, belt=True, width=0.03, drop=(8.0, -2.0))
    found = of(mover, known(mover, 0.7, 0.35, Kind.RUNNING))
    assert found["pelvic_drop", "r"].mean == pytest.approx(8.0, abs=0.05)
    assert found["pelvic_drop", "l"].mean == pytest.approx(-2.0, abs=0.05)
    assert found["step_width", "both"].mean == pytest.approx(0.03, abs=0.005)
    assert found["step_rate", "both"].mean == pytest.approx(120.0 / 0.7)


def test_a_single_leg_squat_gives_the_numbers_it_was_made_from() -> None:
    mover = squats(leg="r", deep=60.0, inward=0.05, drop=6.0)
    found = of(mover, find(mover.time, mover.points))
    assert found["pelvic_drop", "r"].mean == pytest.approx(6.0, abs=0.05)
    assert found["knee_displacement", "r"].mean == pytest.approx(0.05, abs=1e-3)
    shown = SHIN * np.cos(np.radians(30.0))
    assert found["knee_valgus_projected", "r"].mean == pytest.approx(
        2.0 * np.degrees(np.arctan(0.05 / shown)), abs=0.1
    )
    # The hips lie in a line that sinks by 6 degrees; the thigh leans inward by the knee's way over its length.
    thigh = np.array([-SHIN * np.sin(np.radians(30.0)), shown, 0.05])
    across = np.array([0.0, np.sin(np.radians(6.0)), np.cos(np.radians(6.0))])
    lean = np.degrees(np.arcsin(thigh @ across / np.linalg.norm(thigh)))
    assert found["hip_adduction", "r"].mean == pytest.approx(lean, abs=0.1)
    assert ("pelvic_drop", "l") not in found


def test_a_held_stance_is_timed_and_its_ends_do_not_count() -> None:
    time = np.arange(1001) / 100.0
    drop = np.where((time > 2.0) & (time < 8.0), 5.0, 20.0)
    line = HIPS * np.column_stack([0.0 * time, np.sin(np.radians(drop)), np.cos(np.radians(drop))])
    points = {"hip_r": 0.5 * line + [0, 0.9, 0], "hip_l": -0.5 * line + [0, 0.9, 0]}
    events = Events(Kind.SINGLE_LEG_STANCE, 1.0, held=(Held("r", 1.0, 9.0), Held("l", 9.2, 9.6)))
    found = {(each.id, each.side): each for each in m.measure(events, {}, points, time)}
    assert found["pelvic_drop", "r"].value == pytest.approx(5.0, abs=1e-6)
    assert found["time_on_one_leg", "r"].value == 8.0
    assert ("time_on_one_leg", "l") not in found


def pelvis_turned(tilt: float, list_: float, rotation: float) -> tuple[dict[str, Array], dict[str, Array]]:
    """Hips fixed in a pelvis turned about Z, then X, then Y of its own axes, by multiplication of plain matrices."""
    (sz, cz), (sx, cx), (sy, cy) = ((np.sin(a), np.cos(a)) for a in np.radians([tilt, list_, rotation]))
    about_z = np.array([[cz, -sz, 0.0], [sz, cz, 0.0], [0.0, 0.0, 1.0]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cx, -sx], [0.0, sx, cx]])
    about_y = np.array([[cy, 0.0, sy], [0.0, 1.0, 0.0], [-sy, 0.0, cy]])
    matrix = about_z @ about_x @ about_y
    points = {f"hip_{side}": np.tile(matrix @ [-0.05, -0.07, sign * 0.08] + [0, 0.95, 0], (11, 1))
              for side, sign in (("r", 1.0), ("l", -1.0))}  # fmt: skip
    angles = {f"pelvis_{name}": np.full(11, np.radians(angle))
              for name, angle in (("tilt", tilt), ("list", list_), ("rotation", rotation))}  # fmt: skip
    assert np.allclose(rotations(*(np.radians([angle]) for angle in (tilt, list_, rotation)))[0], matrix)
    return points, angles


def stance(side: str, kind: Kind = Kind.RUNNING) -> Events:
    return Events(kind, 1.0, (Phase(side, 0.0, 0.1, None),))  # type: ignore[arg-type]


def test_positive_pelvic_list_is_the_right_side_down() -> None:
    points, angles = pelvis_turned(0.0, 10.0, 0.0)
    time = np.arange(11) / 100.0
    assert points["hip_r"][0, 1] < points["hip_l"][0, 1]
    for side, drop in (("r", -10.0), ("l", 10.0)):
        for given_points, given_angles in ((points, {}), ({}, angles)):
            (found,) = (
                each
                for each in m.measure(stance(side), given_angles, given_points, time)
                if each.id == "pelvic_drop"
            )
            assert found.value == pytest.approx(drop, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    tilt=st.floats(-30, 30),
    list_=st.floats(-30, 30),
    rotation=st.floats(-180, 180),
    side=st.sampled_from("rl"),
)
def test_pelvic_drop_is_the_same_from_angles_and_from_hips(
    tilt: float, list_: float, rotation: float, side: str
) -> None:
    points, angles = pelvis_turned(tilt, list_, rotation)
    time = np.arange(11) / 100.0
    one, two = (
        next(each.value for each in m.measure(stance(side), a, p, time) if each.id == "pelvic_drop")
        for a, p in ((angles, {}), ({}, points))
    )
    assert one == pytest.approx(two, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    flexion=st.floats(-60, 100),
    adduction=st.floats(-40, 40),
    turn=st.floats(-40, 40),
    side=st.sampled_from("rl"),
)
def test_adduction_of_joint_places_is_the_joint_angle(
    flexion: float, adduction: float, turn: float, side: str
) -> None:
    sign = 1.0 if side == "r" else -1.0
    thigh = rotations(*np.radians([[flexion], [sign * adduction], [sign * turn]]))[0] @ [0.0, -0.4, 0.0]
    points = {"hip_r": np.tile([0.0, 0.9, 0.08], (11, 1)), "hip_l": np.tile([0.0, 0.9, -0.08], (11, 1))}
    points[f"knee_{side}"] = points[f"hip_{side}"] + thigh
    (found,) = (
        each
        for each in m.measure(stance(side), {}, points, np.arange(11) / 100.0)
        if each.id == "hip_adduction"
    )
    assert found.value == pytest.approx(adduction, abs=1e-9)


@pytest.mark.parametrize("flexion", [0.0, 30.0, 90.0])
@pytest.mark.parametrize("side", ["r", "l"])
def test_valgus_in_space_does_not_depend_on_how_far_the_knee_is_bent(flexion: float, side: str) -> None:
    sign, bend, valgus = (1.0 if side == "r" else -1.0), np.radians(flexion), np.radians(7.0)
    shin = 0.4 * np.array(
        [-np.sin(bend) * np.cos(valgus), -np.cos(bend) * np.cos(valgus), sign * np.sin(valgus)]
    )
    knee = np.tile([0.0, 0.5, sign * 0.08], (11, 1))
    axis = np.array([0.0, 0.0, sign * 0.05])
    points = {
        f"knee_{side}": knee, f"hip_{side}": knee + 0.4 * UP, f"ankle_{side}": knee + shin,
        f"knee_lateral_{side}": knee + axis, f"knee_medial_{side}": knee - axis,
    }  # fmt: skip
    found = {each.id: each.value for each in m.measure(stance(side), {}, points, np.arange(11) / 100.0)}
    assert found["knee_valgus"] == pytest.approx(7.0, abs=1e-9)
    assert found["knee_flexion"] == pytest.approx(flexion, abs=8.0)


def test_angles_of_the_model_are_read_with_their_signs() -> None:
    time = np.arange(101) / 100.0
    wave = np.sin(np.pi * time)
    angles = {
        "hip_adduction_l": np.radians(12.0 * wave), "hip_rotation_l": np.radians(-3.0 + 8.0 * wave),
        "hip_flexion_l": np.radians(30.0 - 20.0 * time), "knee_angle_l": np.radians(15.0 + 30.0 * time),
        "subtalar_angle_l": np.radians(-9.0 * wave), "knee_adduction_l": np.radians(-4.0 * wave),
    }  # fmt: skip
    events = Events(Kind.RUNNING, 1.0, (Phase("l", 0.0, 1.0, None),))
    found = {each.id: each.value for each in m.measure(events, angles, {}, time)}
    assert found["hip_adduction"] == pytest.approx(12.0)
    assert found["hip_internal_rotation"] == pytest.approx(5.0)
    assert found["hip_flexion"] == pytest.approx(30.0)
    assert found["knee_flexion_contact"] == pytest.approx(15.0)
    assert found["knee_flexion"] == pytest.approx(15.0 + 30.0 * 0.7)  # before push-off
    assert found["rearfoot_eversion"] == pytest.approx(9.0)
    assert found["knee_valgus"] == pytest.approx(4.0)


@settings(max_examples=12, deadline=None)
@given(degrees=st.floats(-180, 180))
def test_which_way_the_person_faces_makes_no_difference(degrees: float) -> None:
    for mover, events in (
        (WALK, known(WALK, 1.1, 0.62, Kind.WALKING)),
        (squats(leg="l", inward=0.03, drop=4.0), None),
    ):
        told = events or find(mover.time, mover.points)
        one, two = of(mover, told), of(mover.turned(degrees), told)
        assert one.keys() == two.keys()
        for key, row in one.items():
            assert row.mean == pytest.approx(two[key].mean, abs=1e-6)
            assert row.error == pytest.approx(two[key].error, abs=1e-6)


def test_in_a_mirror_right_and_left_change_places() -> None:
    events = known(RUN, 0.7, 0.35, Kind.RUNNING)
    other = {"r": "l", "l": "r", "both": "both"}
    swapped = replace(events, phases=tuple(replace(p, side=other[p.side]) for p in events.phases))  # type: ignore[arg-type]
    one, two = of(RUN, events), of(RUN.mirrored(), swapped)
    assert {(name, other[side]) for name, side in one} == two.keys()
    for (name, side), row in one.items():
        assert row.mean == pytest.approx(two[name, other[side]].mean, abs=1e-9)


@pytest.mark.parametrize("rate", [50.0, 60.0, 200.0, 333.0])
def test_the_frame_rate_makes_little_difference(rate: float) -> None:
    mover = gait(rate=rate)
    one, two = (of(each, known(each, 1.1, 0.62, Kind.WALKING)) for each in (WALK, mover))
    assert one.keys() == two.keys()
    for key, row in one.items():
        room = 1.0 if definitions()[key[0]].unit == "deg" else 0.02 * abs(row.mean) + 1e-6
        assert row.mean == pytest.approx(two[key].mean, abs=room)


def test_a_camera_is_trusted_less_than_markers() -> None:
    events = known(WALK, 1.1, 0.62, Kind.WALKING)
    sharp = m.measure(events, {}, WALK.points, WALK.time)
    soft = m.measure(events, {}, WALK.points, WALK.time, source="camera")
    assert [each.value for each in sharp] == [each.value for each in soft]
    assert all(one.error <= two.error for one, two in zip(sharp, soft, strict=True))
    assert any(one.error < two.error for one, two in zip(sharp, soft, strict=True))


def test_errors_of_contact_times_reach_the_times_measured() -> None:
    events = known(WALK, 1.1, 0.62, Kind.WALKING)
    late = replace(events, phases=tuple(replace(phase, timing=0.018) for phase in events.phases))
    sharp, soft = of(WALK, events), of(WALK, late)
    assert soft["stance_time", "r"].error > sharp["stance_time", "r"].error + 0.03
    assert soft["step_rate", "both"].error > sharp["step_rate", "both"].error
    single = next(each for each in m.measure(late, {}, WALK.points, WALK.time) if each.id == "stance_time")
    assert single.error == pytest.approx(1.96 * np.sqrt(2.0) * 0.018, rel=1e-3)


def made(
    values: list[float], side: str = "r", name: str = "pelvic_drop", error: float = 4.9
) -> list[m.Measure]:
    return [m.Measure(name, side, n, 0.0, 1.0, value, error) for n, value in enumerate(values)]  # type: ignore[arg-type]


def test_a_summary_joins_what_repeats_with_what_does_not() -> None:
    (row,) = m.summarise(made([4.0, 6.0, 5.0, 7.0]))
    assert (row.n, row.mean, row.least, row.most) == (4, 5.5, 4.0, 7.0)
    assert row.sd == pytest.approx(np.std([4, 6, 5, 7], ddof=1))
    assert row.sd is not None
    usual = definitions()["pelvic_drop"].error.spread
    spread = np.sqrt((m.PRIOR * usual**2 + 3 * row.sd**2) / (m.PRIOR + 3))
    expected = np.hypot(stats.t.ppf(0.975, m.PRIOR + 3) * spread / 2.0, 4.9)
    assert row.error == pytest.approx(expected, rel=3e-3)
    assert row.difference is None


@given(values=st.lists(st.floats(-30, 30), min_size=1, max_size=30))
def test_an_error_is_never_less_than_what_repeats(values: list[float]) -> None:
    (row,) = m.summarise(made(values))
    assert row.error >= 4.9
    assert row.least - 1e-9 <= row.mean <= row.most + 1e-9
    assert (row.sd is None) == (len(values) == 1)


@pytest.mark.parametrize("freedom", [4, 5, 7, 10, 20, 50, 200])
def test_students_t(freedom: int) -> None:
    assert m.student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=3e-3)


def test_sides_are_compared_and_asymmetry_needs_a_true_zero() -> None:
    rows = m.summarise(
        [
            *made([6.0]),
            *made([4.0], "l"),
            *made([0.3], "r", "stance_time", 0.1),
            *made([0.2], "l", "stance_time", 0.1),
        ]
    )
    drop, _, stance_right, stance_left = rows
    assert (drop.difference, drop.asymmetry) == (2.0, None)
    assert drop.difference_error == pytest.approx(drop.error * np.sqrt(2.0))
    assert stance_right.asymmetry == pytest.approx(0.4)
    assert stance_left.asymmetry == pytest.approx(-0.4)


def test_the_table_has_a_row_for_each_measure() -> None:
    events = known(WALK, 1.1, 0.62, Kind.WALKING)
    rows = m.summarise(m.measure(events, {}, WALK.points, WALK.time))
    heading, *lines = m.table(rows)
    assert len({len(line) for line in (heading, *lines)}) == 1
    assert len(lines) == len({row.id for row in rows})
    drop = next(line for line in lines if line[0] == definitions()["pelvic_drop"].name)
    assert drop[2].startswith("6.0 ± ")
    assert drop[3].startswith("3.0 ± ")
    assert drop[4].startswith("+3.0 ± ")
    assert drop[5] == "3/3"


def test_what_cannot_be_measured_says_why() -> None:
    events = known(WALK, 1.1, 0.62, Kind.WALKING)
    reasons = {(each.id, each.side): each.reason for each in m.skipped(events, {}, WALK.points, WALK.time)}
    assert reasons["hip_internal_rotation", "r"] == "needs hip_rotation_r"
    assert "knee_lateral_l" in reasons["knee_valgus", "l"]
    assert ("pelvic_drop", "r") not in reasons
    none = Events(Kind.WALKING, 1.0)
    assert ("pelvic_drop", "r", "the recording holds no whole stance") in {
        (each.id, each.side, each.reason) for each in m.skipped(none, {}, WALK.points, WALK.time)
    }


def test_a_locked_joint_is_not_a_measured_one() -> None:
    time = np.arange(101) / 100.0
    events = Events(Kind.RUNNING, 1.0, (Phase("r", 0.0, 1.0, None),))
    angles = {"subtalar_angle_r": np.full(101, -0.1)}
    assert not [each for each in m.measure(events, angles, {}, time) if each.id == "rearfoot_eversion"]
    assert any("held fixed" in each.reason for each in m.skipped(events, angles, {}, time))


def test_a_thigh_that_points_at_the_viewer_has_no_projected_angle() -> None:
    mover = squats(leg="r", deep=150.0, inward=0.02)
    events = find(mover.time, mover.points)
    assert not [
        each for each in m.measure(events, {}, mover.points, mover.time) if each.id == "knee_valgus_projected"
    ]
    shallow, deep = (squats(leg="r", deep=deep, inward=0.02) for deep in (40.0, 100.0))
    errors = [
        next(each.error for each in m.measure(find(one.time, one.points), {}, one.points, one.time)
             if each.id == "knee_valgus_projected")
        for one in (shallow, deep)
    ]  # fmt: skip
    assert errors[1] > 1.3 * errors[0]


def test_hips_that_are_not_seen_at_all_measure_nothing_and_warn_of_nothing() -> None:
    points = {
        name: np.full_like(place, np.nan) if name.startswith("hip") else place
        for name, place in WALK.points.items()
    }
    found = m.measure(known(WALK, 1.1, 0.62, Kind.WALKING), {}, points, WALK.time)
    assert {each.id for each in found} == {"step_rate", "stance_time", "duty_factor"}


def test_gaps_leave_out_only_what_they_touch() -> None:
    points = {name: place.copy() for name, place in WALK.points.items()}
    points["shoulder_r"][60:70] = np.nan
    events = known(WALK, 1.1, 0.62, Kind.WALKING)
    whole, holed = (m.measure(events, {}, each, WALK.time) for each in (WALK.points, points))
    lost = {(each.id, each.side, each.index) for each in whole} - {
        (each.id, each.side, each.index) for each in holed
    }
    assert lost <= {("trunk_lean", "r", 0), ("trunk_forward_lean", "r", 0)}
    assert all(np.isfinite(each.value) for each in holed)


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match=r"points\.hip_r"):
        Body(np.arange(5.0), {"hip_r": np.zeros((4, 3))}, {})
    with pytest.raises(InputError, match=r"angles\.knee_angle_r"):
        m.measure(stance("r"), {"knee_angle_r": np.zeros(3)}, {}, np.arange(11) / 100.0)


def test_findings_are_answered_only_from_the_movement_they_ask_about() -> None:
    walking, running = known(WALK, 1.1, 0.62, Kind.WALKING), known(RUN, 0.7, 0.35, Kind.RUNNING)
    assert m.answers(tuple(of(WALK, walking).values()), walking) == ()
    told = {(each.finding, each.side): each for each in m.answers(tuple(of(RUN, running).values()), running)}
    assert {name for name, _ in told} == {
        "running_pelvic_drop_deg",
        "running_hip_adduction_deg",
        "stride_rate",
    }
    assert told["running_pelvic_drop_deg", "right"].value == pytest.approx(6.0, abs=0.1)
    assert told["stride_rate", "both"].value == pytest.approx(120.0 / 0.7)
    mover = squats(leg="l", deep=60.0, inward=0.04, drop=5.0)
    events = find(mover.time, mover.points)
    told = {(each.finding, each.side): each for each in m.answers(tuple(of(mover, events).values()), events)}
    assert set(told) == {("pelvic_drop_deg", "left"), ("knee_valgus_angle_deg", "left")}


def test_every_measure_is_whole() -> None:
    timed = {"duration", "share", "rate", "width"}
    for definition in definitions().values():
        takes = {taken.take for taken in definition.taken.values()}
        if takes <= timed:
            assert definition.id not in SIGNALS
        else:
            assert len(SIGNALS[definition.id]) == len(definition.needs)
        assert definition.error.camera >= definition.error.markers
        assert definition.error.spread > 0.0
        assert {norm.movement for norm in definition.norms} <= definition.taken.keys()
        for asked in definition.findings:
            assert set(asked.movements) <= definition.taken.keys()
    assert SIGNALS.keys() <= definitions().keys()


def test_every_number_has_a_source_that_exists() -> None:
    ids = {each["id"] for each in citations()} | set(load_atlas().citations)
    for definition in definitions().values():
        sources = [definition.error.source, *(norm.source for norm in definition.norms)]
        for source in sources:
            if source.startswith(("assumed: ", "derived: ")):
                named = re.findall(r"\b[a-z_]+\d{4}\w*|\b(?:opencap_return_to_sport|gwynne_curran)\b", source)
                assert set(named) <= ids
            else:
                assert source in ids
        assert definition.error.source.startswith("assumed: ") <= (definition.error.grade == "E")


def test_findings_exist_in_the_unit_that_is_measured() -> None:
    findings = load_atlas().findings
    units = {"deg": "deg", "1/min": "steps/min"}
    for definition in definitions().values():
        for asked in definition.findings:
            measured = findings[asked.id].measured
            assert measured is not None
            assert measured.unit == units[definition.unit]


def test_the_file_has_no_field_twice() -> None:
    text = (Path(m.__file__).parent / "data" / "measures.yaml").read_text()
    assert len(yaml.safe_load(text)["measures"]) == len(definitions())


def test_a_real_walk_with_its_trunk_swaying_left_shows_it() -> None:
    names = CLINIC | {"shoulder_r": "R_Shoulder", "shoulder_l": "L_Shoulder"}
    time, points = markers(recordings("opencap_subject4", "walkingTS1.trc"), names)
    plates = forces(
        recordings("opencap_subject4", "walkingTS1_grf.mot"), "ground_force_1_vy", "ground_force_2_vy"
    )
    angles = columns(recordings("opencap_subject4", "walkingTS1_ik.mot"))
    found = of(Mover(time, points), find(time, points, forces=plates), angles)
    assert 10.0 < found["trunk_lean", "l"].mean < 20.0
    assert abs(found["trunk_lean", "r"].mean) < 6.0
    assert 95.0 < found["step_rate", "both"].mean < 115.0
    assert 0.0 < found["step_width", "both"].mean < 0.12
    assert 0.58 < found["duty_factor", "r"].mean < 0.66
    assert 15.0 < found["knee_flexion", "r"].mean < 35.0


def test_a_real_asymmetric_squat_is_asymmetric() -> None:
    time, points = markers(recordings("opencap_subject4", "squatsAsym1.trc"), CLINIC)
    angles = columns(recordings("opencap_subject4", "squatsAsym1_ik.mot"))
    found = of(Mover(time, points), find(time, points, angles=angles), angles)
    right, left = found["knee_flexion", "r"], found["knee_flexion", "l"]
    assert (right.n, left.n) == (5, 5)
    assert 70.0 < left.mean < right.mean < 95.0
    assert found["hip_adduction", "r"].difference is not None
    assert found["hip_adduction", "r"].difference > 3.0


def test_repeats_on_both_legs_are_measured_on_both() -> None:
    time = np.arange(101) / 100.0
    angles = {
        f"hip_adduction_{side}": np.radians(np.full(101, value)) for side, value in (("r", 3.0), ("l", -2.0))
    }
    events = Events(Kind.SQUAT, 1.0, repeats=(Repeat(0.1, 0.5, 0.9),))
    found = {(each.id, each.side): each.value for each in m.measure(events, angles, {}, time)}
    assert found["hip_adduction", "r"] == pytest.approx(3.0)
    assert found["hip_adduction", "l"] == pytest.approx(-2.0)
