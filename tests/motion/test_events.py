from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion.movers import Mover, gait, jump, squats
from motion.trials import CLINIC, EARLY, SHOE, columns, forces, markers
from recordings import recordings

from gerdy.errors import InputError, UnknownIdError
from gerdy.motion.contacts import LOADED, TOUCH, from_force, from_points
from gerdy.motion.events import Events, Kind, cycles, find
from gerdy.motion.recording import Array, NoteKind


def walk(**changes: float) -> Mover:
    return gait(**changes)  # type: ignore[arg-type] # only its numbers are changed


def run(**changes: float) -> Mover:
    return gait(**({"stride": 0.7, "duty": 0.35, "speed": 3.0, "width": 0.04} | changes))  # type: ignore[arg-type]


def of(mover: Mover, **more: object) -> Events:
    return find(mover.time, mover.points, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mover", "kind"),
    [
        (walk(), Kind.WALKING),
        (run(), Kind.RUNNING),
        (gait(stride=0.7, duty=0.35, speed=3.0, belt=True), Kind.RUNNING),
        (gait(belt=True), Kind.WALKING),
        (squats(), Kind.SQUAT),
        (squats(deep=5.0), Kind.STANDING),
        (squats(leg="r", deep=50.0), Kind.SINGLE_LEG_SQUAT),
        (squats(leg="l", deep=5.0), Kind.SINGLE_LEG_STANCE),
        (jump(), Kind.LANDING),
    ],
)
def test_movements_are_told_apart(mover: Mover, kind: Kind) -> None:
    found = of(mover)
    assert found.kind is kind
    assert found.confidence > 0.8
    assert any("looks like" in note.text for note in found.notes)


@pytest.mark.parametrize("rate", [30.0, 60.0, 100.0, 240.0])
@pytest.mark.parametrize("belt", [False, True])
def test_contacts_of_walking_are_found_where_they_are(rate: float, belt: bool) -> None:
    phases = [phase for phase in of(gait(rate=rate, belt=belt)).phases if phase.whole and phase.side == "r"]
    assert len(phases) == 3
    for place, phase in enumerate(phases):
        assert phase.start == pytest.approx(0.3 + 1.1 * place, abs=0.02 + 0.5 / rate)
        assert phase.toe_off == pytest.approx(0.3 + 1.1 * (place + 0.62), abs=0.02 + 1.0 / rate)
        assert phase.end == pytest.approx(0.3 + 1.1 * (place + 1), abs=0.02 + 0.5 / rate)


def test_stances_cut_by_the_recording_are_marked() -> None:
    phases = of(walk()).phases
    assert not phases[0].begun
    assert not phases[-1].finished
    assert not phases[0].whole
    assert phases[-1].end is None


@settings(max_examples=15, deadline=None)
@given(degrees=st.floats(-180.0, 180.0), moving=st.sampled_from([walk, run, squats, jump]))
def test_which_way_the_laboratory_lies_makes_no_difference(
    degrees: float, moving: Callable[[], Mover]
) -> None:
    here, there = of(moving()), of(moving().turned(degrees))
    assert here.kind is there.kind
    assert here.repeats == there.repeats
    assert [(p.side, p.begun, p.finished) for p in here.phases] == [
        (p.side, p.begun, p.finished) for p in there.phases
    ]
    for one, two in zip(here.phases, there.phases, strict=True):
        assert (one.start, one.toe_off) == pytest.approx((two.start, two.toe_off), abs=0.011)


def test_a_mirror_swaps_the_sides_and_nothing_else() -> None:
    mover = squats(leg="r", deep=50.0)
    here, there = of(mover), of(mover.mirrored())
    assert here.kind is there.kind
    assert [repeat.side for repeat in here.repeats] == ["r"] * 4
    assert [repeat.side for repeat in there.repeats] == ["l"] * 4
    assert [repeat.deepest for repeat in here.repeats] == [repeat.deepest for repeat in there.repeats]
    steps, mirrored = of(walk()), of(walk().mirrored())
    assert sorted((p.start, {"r": "l", "l": "r"}[p.side]) for p in steps.phases) == sorted(
        (p.start, p.side) for p in mirrored.phases
    )


def test_repeats_start_and_end_near_standing_and_are_deepest_between() -> None:
    found = of(squats(count=5, period=2.0))
    assert len(found.repeats) == 5
    for place, repeat in enumerate(found.repeats):
        assert repeat.deepest == pytest.approx(3.0 + 4.0 * place, abs=0.05)
        assert 0.1 < repeat.start - (2.0 + 4.0 * place) < 0.4
        assert 0.1 < (4.0 + 4.0 * place) - repeat.end < 0.4
        assert repeat.side is None


def test_knee_angles_go_before_points_for_the_repeats() -> None:
    mover = squats(deep=5.0)
    bend = np.radians(60.0) * (1.0 - np.cos(2.0 * np.pi * mover.time / 6.0)) / 2.0
    found = of(mover, angles={"knee_angle_r": bend, "knee_angle_l": bend})
    assert found.kind is Kind.SQUAT
    assert len(found.repeats) == 3


@given(count=st.integers(0, 6), least=st.floats(0.05, 0.9), noise=st.floats(0.0, 0.02))
@settings(max_examples=50, deadline=None)
def test_as_many_cycles_as_there_are(count: int, least: float, noise: float) -> None:
    time = np.arange(200 * (count + 1)) / 100.0
    depth = np.where(time < 2.0 * count, 0.5 - 0.5 * np.cos(np.pi * time), 0.0)
    depth += noise * np.random.default_rng(0).uniform(-1.0, 1.0, len(time))
    found = cycles(time, depth, least)
    assert len(found) == count
    assert all(start < deepest < end for start, deepest, end in found)


def test_a_bend_that_is_not_finished_is_not_a_repeat() -> None:
    time = np.arange(150) / 100.0
    assert cycles(time, np.minimum(time, 1.0), 0.3) == ()


def test_forces_give_times_between_samples_and_ignore_a_brush() -> None:
    time = np.arange(2000) / 1000.0
    force = np.zeros(2000)
    force[500:900] = 700.0 * np.sin(np.pi * np.arange(400) / 400.0)
    force[1200:1250] = 0.5 * (TOUCH + LOADED)
    force[1500:1520] = 900.0
    (contact,) = from_force(time, force, "r")
    touch = np.arcsin(TOUCH / 700.0) / np.pi * 0.4
    assert contact.start == pytest.approx(0.5 + touch, abs=2e-4)
    assert contact.end == pytest.approx(0.9 - touch, abs=2e-4)
    assert (contact.begun, contact.finished, contact.source) == (True, True, "force")


def test_a_wobble_at_the_limit_is_one_contact() -> None:
    time = np.arange(1000) / 1000.0
    force = np.where((time > 0.2) & (time < 0.7), 600.0, 0.0)
    force[400:420] = 5.0
    assert len(from_force(time, force, "l")) == 1


def test_forces_go_before_motion_and_motion_fills_in() -> None:
    mover = walk()
    time = np.arange(4001) / 1000.0
    one = np.where((time > 0.31) & (time < 0.97), 700.0, 0.0)
    found = of(mover, forces={"r": (time, one), "l": (time, np.zeros_like(time))})
    right = [phase for phase in found.phases if phase.side == "r"]
    assert [phase.source for phase in right] == ["force", "motion", "motion", "motion"]
    assert right[0].start == pytest.approx(0.31, abs=0.002)
    assert right[0].timing < 0.001 < right[1].timing
    assert found.notes[0].kind is NoteKind.ASSUMED
    assert found.notes[0].text.startswith("7 of 8 foot contacts")


def test_a_lifted_foot_near_the_floor_carries_nothing_when_the_other_carries_all() -> None:
    mover = squats(leg="r", deep=5.0)
    low = {name: place - np.array([0.0, 0.13, 0.0]) if name in ("heel_l", "toe_l") else place
           for name, place in mover.points.items()}  # fmt: skip
    weight = np.full_like(mover.time, 700.0)
    assert find(mover.time, low).kind is Kind.STANDING
    known = find(
        mover.time, low, forces={"r": (mover.time, weight), "l": (mover.time, 0.0 * weight)}, weight=700.0
    )
    assert known.kind is Kind.SINGLE_LEG_STANCE
    assert {phase.side for phase in known.phases} == {"r"}


def test_standing_on_a_box_is_contact() -> None:
    mover = jump()
    time = mover.time
    lifted = {name: place + np.where(time < 1.2, 0.3, 0.0)[:, None] * [0.0, 1.0, 0.0] for name, place in mover.points.items()}  # fmt: skip  # noqa: E501
    contacts = from_points(time, lifted)
    assert contacts["r"][0].start == 0.0
    assert contacts["r"][0].end == pytest.approx(1.0, abs=0.05)


def test_ankles_serve_where_feet_are_not_seen() -> None:
    mover = walk()
    ankles = {name: place for name, place in mover.points.items() if not name.startswith(("heel", "toe"))}
    found = find(mover.time, ankles)
    assert found.kind is Kind.WALKING
    assert len([phase for phase in found.phases if phase.whole]) == 6


def test_forces_alone_are_enough() -> None:
    time = np.arange(3000) / 1000.0
    right = np.where((time % 0.7 > 0.1) & (time % 0.7 < 0.35), 1500.0, 0.0)
    left = np.where(((time + 0.35) % 0.7 > 0.1) & ((time + 0.35) % 0.7 < 0.35), 1500.0, 0.0)
    found = find(time, forces={"r": (time, right), "l": (time, left)})
    assert found.kind is Kind.RUNNING
    assert found.notes[0].kind is NoteKind.ASSUMED


def test_the_person_who_recorded_knows_better() -> None:
    found = of(walk(), kind="running")
    assert (found.kind, found.confidence) == (Kind.RUNNING, 1.0)
    assert any(note.kind is NoteKind.WARNING and "looks like walking" in note.text for note in found.notes)
    assert of(walk(), kind=Kind.WALKING).notes[-1].kind is not NoteKind.WARNING


def test_unknown_kinds_get_a_suggestion() -> None:
    with pytest.raises(UnknownIdError, match="walking"):
        of(walk(), kind="walkin")


def test_a_body_that_never_lands_is_not_guessed_at() -> None:
    time = np.arange(200) / 100.0
    flying = {f"{name}_{side}": np.column_stack([5.0 * time, 1.0 + 3.0 * time, 0.0 * time])
              for name in ("heel", "toe") for side in ("r", "l")}  # fmt: skip
    found = find(time, flying)
    assert (found.kind, found.confidence, found.phases) == (Kind.UNKNOWN, 0.0, ())


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ({}, "heel_r, toe_r or ankle_r"),
        ({"heel_r": np.zeros((100, 3))}, "heel_l, toe_l or ankle_l|heel_r, toe_r or ankle_r"),
        ({"heel_r": np.zeros((100, 3)), "heel_l": np.full((100, 3), np.nan)}, "heel_l x: 100 of 100 frames"),
    ],
)
def test_missing_feet_are_refused(points: dict[str, Array], words: str) -> None:
    with pytest.raises(InputError, match=words):
        find(np.arange(100) / 100.0, points)


def test_holes_in_forces_are_refused() -> None:
    time = np.arange(100) / 100.0
    with pytest.raises(InputError, match=r"forces\.r: vertical force has missing values"):
        from_force(time, np.where(time > 0.5, np.nan, 0.0), "r")
    with pytest.raises(InputError, match="one value a time"):
        from_force(time, np.zeros(5), "l")


TRIALS = [
    (("hamner_subject04", "run200", "markers.trc"), SHOE, ("hamner_subject04", "run200", "grf.mot"),
     ("R_ground_force_vy", "L_ground_force_vy"), Kind.RUNNING, 6),
    (("hamner_subject04", "run400", "markers.trc"), SHOE, ("hamner_subject04", "run400", "grf.mot"),
     ("R_ground_force_vy", "L_ground_force_vy"), Kind.RUNNING, 6),
    (("opensim-models", "Pipelines", "Rajagopal", "ExpData", "motion_capture_run.trc"), SHOE,
     ("opensim-models", "Pipelines", "Rajagopal", "ExpData", "grf_run.mot"),
     ("R_ground_force_vy", "L_ground_force_vy"), Kind.RUNNING, 15),
    (("opensim-models", "Pipelines", "Gait2392_Simbody", "subject01_walk1.trc"), EARLY,
     ("opensim-models", "Pipelines", "Gait2392_Simbody", "subject01_walk1_grf.mot"),
     ("ground_force_vy", "1_ground_force_vy"), Kind.WALKING, 6),
    (("opencap_subject4", "walking1.trc"), CLINIC, ("opencap_subject4", "walking1_grf.mot"),
     ("ground_force_1_vy", "ground_force_2_vy"), Kind.WALKING, 4),
    (("opencap_subject4", "walkingTS1.trc"), CLINIC, ("opencap_subject4", "walkingTS1_grf.mot"),
     ("ground_force_1_vy", "ground_force_2_vy"), Kind.WALKING, 4),
    (("opencap_subject4", "DJ1.trc"), CLINIC, ("opencap_subject4", "DJ1_grf.mot"),
     ("ground_force_1_vy", "ground_force_2_vy"), Kind.LANDING, 6),
]  # fmt: skip


@pytest.mark.parametrize(
    ("trc", "names", "mot", "plates", "kind", "count"), TRIALS, ids=lambda value: str(value)[:40]
)
def test_motion_finds_the_contacts_that_plates_measure(
    trc: tuple[str, ...],
    names: dict[str, str],
    mot: tuple[str, ...],
    plates: tuple[str, str],
    kind: Kind,
    count: int,
) -> None:
    time, points = markers(recordings(*trc), names)
    seen = find(time, points)
    measured = find(time, points, forces=forces(recordings(*mot), *plates))
    assert seen.kind is measured.kind is kind
    assert len(seen.phases) == len(measured.phases) == count
    starts, ends = [], []
    for one in measured.phases:
        two = min(
            (phase for phase in seen.phases if phase.side == one.side), key=lambda p: abs(p.start - one.start)
        )
        if one.source == "force" and one.begun and two.begun:
            starts.append(two.start - one.start)
        if one.source == "force" and one.finished and two.finished:
            ends.append(two.toe_off - one.toe_off)
    assert len(starts) + len(ends) >= 3
    assert np.abs(starts).max() < 0.05
    assert np.abs(ends).max() < 0.05


@pytest.mark.parametrize("trial", ["squats1", "squatsAsym1"])
def test_five_squats_are_counted(trial: str) -> None:
    time, points = markers(recordings("opencap_subject4", f"{trial}.trc"), CLINIC)
    angles = columns(recordings("opencap_subject4", f"{trial}_ik.mot"))
    plates = forces(
        recordings("opencap_subject4", f"{trial}_grf.mot"), "ground_force_1_vy", "ground_force_2_vy"
    )
    found = find(time, points, forces=plates, angles=angles)
    assert found.kind is Kind.SQUAT
    assert len(found.repeats) == 5
    assert all(1.4 < repeat.end - repeat.start < 2.3 for repeat in found.repeats)


def test_standing_is_standing() -> None:
    time, points = markers(recordings("opencap_subject4", "static1.trc"), CLINIC)
    angles = columns(recordings("opencap_subject4", "static1_ik.mot"))
    found = find(time, points, angles=angles)
    assert found.kind is Kind.STANDING
    assert found.repeats == ()
