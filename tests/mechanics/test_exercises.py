"""Exercises: the shipped movements are possible and balanced, interpolation keeps to them, bad rows are refused."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas import load_atlas
from gerdy.errors import FileError, InputError, UnknownIdError
from gerdy.mechanics.exercise_file import SHIPPED
from gerdy.mechanics.exercises import (
    Array,
    Cycle,
    Exercise,
    Keyframe,
    Stance,
    exercise,
    fill,
    keyframe_at,
    load_exercises,
    mirrored,
    on_side,
    sequence,
)
from gerdy.mechanics.posing import full_values, place_bodies
from gerdy.mechanics.rotations import Placement
from gerdy.mechanics.table import table

RANKED = {
    "side_lying_abduction", "single_leg_squat", "band_side_step", "single_leg_deadlift", "lunge_forward", "clam",
}  # fmt: skip
FOUND = load_exercises()
NAMES = [one.id for one in FOUND]
# The outline of a sole in the foot's own axes: m before the heel's joint, m to the right (right foot).
HEEL, TOES, BALL, HALF = -0.03, 0.27, 0.17, 0.06


def shipped() -> dict[str, Any]:
    text = (resources.files("gerdy.mechanics") / "data" / SHIPPED).read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def skeleton() -> Any:
    return table()


def placed(angles: dict[str, float]) -> dict[str, Placement]:
    given = {name: math.radians(value) for name, value in angles.items()}
    return place_bodies(skeleton(), full_values(skeleton(), given))


def centre_of_mass(where: dict[str, Placement]) -> Array:
    bodies = skeleton().bodies
    total = sum(part.mass for part in bodies)
    return np.asarray(sum(part.mass * where[part.name].point(part.centre) for part in bodies) / total)


def ident(value: Any) -> str:
    return value.id if isinstance(value, Exercise) else str(value) if isinstance(value, int) else ""


# --- the shipped file -------------------------------------------------------------------------------------------------


def test_the_exercises_that_must_be_ranked_are_there() -> None:
    assert set(NAMES) >= RANKED
    assert {"single_leg_bridge", "forward_step_up", "hip_hike", "side_lying_abduction_toes_up"} <= set(NAMES)


def test_every_exercise_belongs_to_what_care_knows() -> None:
    known = set(load_atlas().interventions)
    for one in FOUND:
        assert set(one.interventions) <= known, one.id


def test_every_exercise_of_strength_and_range_is_drawn() -> None:
    drawn = {name for one in FOUND for name in one.interventions}
    wanted = {
        item.id
        for item in load_atlas().interventions.values()
        if item.phase in {"strength", "range"} and item.setting == "home" and item.recommended
    }
    assert wanted - drawn == {"pelvis_hip_rotation_plan"}  # a programme of other exercises


@pytest.mark.parametrize("one", FOUND, ids=ident)
def test_every_source_says_that_the_pose_is_ours(one: Exercise) -> None:
    assert one.source.startswith("assumed: ")
    assert one.grade == "E"
    assert all(load.source.startswith(("assumed: ", "derived: ")) for load in one.loads)


@pytest.mark.parametrize("one", FOUND, ids=ident)
def test_every_coordinate_is_one_of_the_body(one: Exercise) -> None:
    known = {coordinate.name for coordinate in skeleton().coordinates}
    assert {name for key in one.keyframes for name in key.angles} <= known


# --- standing ---------------------------------------------------------------------------------------------------------


STANDING = [
    (one, number, key)
    for one in FOUND
    for number, key in enumerate(one.keyframes)
    if key.stance is not Stance.NONE
]
FLAT = [row for row in STANDING if row[2].planted in row[2].support and row[2].planted.startswith("foot_")]
ON_FEET = [row for row in STANDING if all("foot" in part for part in row[2].support)]
BOTH_SOLES = [row for row in STANDING if {"foot_r", "foot_l"} <= set(row[2].support) and not row[0].raised]


def test_most_standing_exercises_are_checked_for_balance() -> None:
    assert len({row[0].id for row in FLAT}) >= 20
    assert len({row[0].id for row in ON_FEET}) >= 18
    assert len({row[0].id for row in BOTH_SOLES}) >= 5


@pytest.mark.parametrize(("one", "number", "key"), FLAT, ids=ident)
def test_a_planted_foot_is_flat(one: Exercise, number: int, key: Keyframe) -> None:
    sole = placed(key.angles)[f"calcn_{key.planted[-1]}"].rotation[:, 1]
    assert math.degrees(math.acos(min(1.0, float(sole[1])))) < 3.0


@pytest.mark.parametrize(("one", "number", "key"), ON_FEET, ids=ident)
def test_the_body_is_balanced_over_its_feet(one: Exercise, number: int, key: Keyframe) -> None:
    where = placed(key.angles)
    corners = np.array([corner for part in key.support for corner in outline(where, part)])
    assert inside(centre_of_mass(where)[[0, 2]], corners[:, [0, 2]]), key.angles


def outline(where: dict[str, Placement], part: str) -> list[Array]:
    foot = where[f"calcn_{part[-1]}"]
    start = BALL - 0.04 if part.startswith("forefoot") else HEEL
    return [foot.point((x, 0.0, z)) for x in (start, TOES) for z in (-HALF, HALF)]


def inside(point: Array, corners: Array) -> bool:
    """Tell whether a point is in the convex hull of others: no direction has all of them behind it."""
    turns = np.radians(np.arange(360.0))
    along = np.column_stack([np.cos(turns), np.sin(turns)])
    return bool(((corners @ along.T).max(axis=0) >= along @ point).all())


@pytest.mark.parametrize(("one", "number", "key"), BOTH_SOLES, ids=ident)
def test_both_feet_reach_what_they_stand_on(one: Exercise, number: int, key: Keyframe) -> None:
    where = placed(key.angles)
    low = [min(float(corner[1]) for corner in outline(where, f"foot_{side}")) for side in "rl"]
    assert abs(low[0] - low[1]) < 0.035, low  # an edge may lift in a wide stance


def test_a_step_is_as_high_as_it_says() -> None:
    for name in ("lateral_step_up", "forward_step_up"):
        one = exercise(name)
        where = placed(one.keyframes[0].angles)
        point = (
            (0.0, 0.0, 0.0) if name == "lateral_step_up" else (0.18, 0.0, 0.0)
        )  # heel, or ball of the foot
        drop = where["calcn_r"].point((0.0, 0.0, 0.0))[1] - where["calcn_l"].point(point)[1]
        assert drop == pytest.approx(one.raised["foot_r"], abs=0.02)


def test_a_clam_opens_the_knee_and_keeps_the_heel() -> None:
    shut, opened = (placed(exercise("clam").keyframes[i].angles) for i in (0, 1))
    heel = opened["calcn_r"].point((0.0, 0.0, 0.0)) - shut["calcn_r"].point((0.0, 0.0, 0.0))
    knee = opened["tibia_r"].point((0.0, 0.0, 0.0)) - shut["tibia_r"].point((0.0, 0.0, 0.0))
    assert np.linalg.norm(heel) < 0.02
    assert knee[1] > 0.15  # ground Y is up, and the right leg on top


def test_lying_on_the_left_side_has_the_right_hip_on_top() -> None:
    where = placed(exercise("side_lying_abduction").keyframes[-1].angles)
    hips = [where[f"femur_{side}"].point((0.0, 0.0, 0.0)) for side in "rl"]
    assert hips[0][1] - hips[1][1] == pytest.approx(0.155, abs=0.03)
    assert where["calcn_r"].point((0.0, 0.0, 0.0))[1] > hips[0][1] + 0.3  # lifted against gravity


def test_a_bridge_lifts_the_hips_and_keeps_the_shoulders() -> None:
    low, high = (placed(exercise("bridge").keyframes[i].angles) for i in (0, 1))
    hip, shoulder = (
        [(where[name].point((0, 0, 0)) - where["calcn_r"].point((0, 0, 0)))[1] for where in (low, high)]
        for name in ("femur_r", "humerus_r")
    )
    assert hip[1] - hip[0] > 0.15
    assert abs(shoulder[1] - shoulder[0]) < 0.03


# --- frames -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", FOUND, ids=ident)
@pytest.mark.parametrize("side", ["r", "l"])
def test_frames_pass_through_keyframes_and_never_beyond(one: Exercise, side: str) -> None:
    time, names, values = sequence(one, side, 201)
    assert time[0] == 0.0
    assert time[-1] == pytest.approx(one.seconds)
    assert values.shape == (201, len(names))
    corners = np.radians([[key.angles.get(n, 0.0) for n in names] for key in on_side(one, side).keyframes])
    assert (values >= corners.min(axis=0) - 1e-12).all()
    assert (values <= corners.max(axis=0) + 1e-12).all()
    for key, corner in zip(one.keyframes, corners, strict=True):
        nearest = int(np.argmin(np.abs(time - key.time)))
        step = one.seconds / 200
        assert np.abs(values[nearest] - corner).max() <= 4.0 * step * np.ptp(corners, axis=0).max() + 1e-12


def test_a_movement_there_and_back_is_the_same_both_ways() -> None:
    _, _, values = sequence(exercise("side_lying_abduction"), "r", 101)
    assert np.allclose(values, values[::-1], atol=1e-12)
    assert not np.allclose(values[0], values[50])


@given(
    st.lists(st.floats(0.05, 5.0), min_size=1, max_size=6),
    st.data(),
    st.integers(2, 60),
)
def test_any_keyframes_are_met_smoothly(gaps: list[float], data: st.DataObject, frames: int) -> None:
    times = [0.0, *np.cumsum(gaps)]
    bends = data.draw(st.lists(st.floats(-50, 120), min_size=len(times), max_size=len(times)))
    one = made(times, bends, Cycle.ONCE)
    time, _, values = sequence(one, "r", frames)
    assert values[0, 0] == pytest.approx(math.radians(bends[0]), abs=1e-12)
    assert values[-1, 0] == pytest.approx(math.radians(bends[-1]), abs=1e-12)
    for low, high, start, end in zip(times, times[1:], bends, bends[1:], strict=False):
        within = (time >= low) & (time <= high)
        bounds = sorted((math.radians(start), math.radians(end)))
        assert (values[within, 0] >= bounds[0] - 1e-9).all()
        assert (values[within, 0] <= bounds[1] + 1e-9).all()
        assert (np.diff(values[within, 0]) * np.sign(end - start) >= -1e-9).all()


def test_a_movement_rests_at_its_ends_and_turns() -> None:
    one = made([0.0, 1.0, 2.0], [0.0, 30.0, 10.0], Cycle.ONCE)
    time, _, values = sequence(one, "r", 20001)
    speed = np.gradient(values[:, 0], time)
    assert abs(speed[0]) < 1e-3
    assert abs(speed[10000]) < 1e-3
    assert abs(speed[-1]) < 1e-3


def made(times: list[float], bends: list[float], cycle: Cycle) -> Exercise:
    frames = tuple(
        Keyframe(
            time=float(t),
            angles={"hip_flexion_r": b},
            stance=Stance.NONE,
            support=("pelvis",),
            planted="pelvis",
        )
        for t, b in zip(times, bends, strict=True)
    )
    return msgspec.structs.replace(exercise("clam"), keyframes=frames, cycle=cycle, loads=())


def test_a_held_position_stays() -> None:
    time, _, values = sequence(exercise("wall_sit"), "r", 7)
    assert time[-1] == exercise("wall_sit").hold
    assert (values == values[0]).all()


def test_stance_follows_the_steps() -> None:
    one = exercise("band_side_step")
    at = {t: keyframe_at(one, t).stance for t in (0.0, 0.49, 0.5, 1.2, 1.6, 2.5, 3.5)}
    assert list(at.values()) == ["both", "both", "l", "l", "both", "r", "both"]
    assert keyframe_at(on_side(one, "l"), 1.2).stance == "r"
    assert keyframe_at(one, 2.5).planted == "foot_r"


def test_the_way_back_stands_as_the_way_there() -> None:
    raised = exercise("heel_raise")
    assert (
        keyframe_at(raised, 1.0).support == keyframe_at(raised, raised.seconds - 1.0).support == ("foot_r",)
    )
    assert keyframe_at(raised, raised.seconds / 2).support == ("forefoot_r",)


# --- left and right ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", FOUND, ids=ident)
def test_mirroring_twice_changes_nothing(one: Exercise) -> None:
    assert mirrored(mirrored(one)) == one
    assert mirrored(one).side == "l"


@pytest.mark.parametrize("one", FOUND, ids=ident)
def test_the_left_is_the_mirror_image_of_the_right(one: Exercise) -> None:
    for ours, theirs in zip(one.keyframes, mirrored(one).keyframes, strict=True):
        right, left = placed(ours.angles), placed(theirs.angles)
        for name in ("calcn", "tibia", "humerus"):
            for side, other in (("r", "l"), ("l", "r")):
                there = left[f"{name}_{other}"].point((0.0, 0.0, 0.0)) * [1.0, 1.0, -1.0]
                assert np.allclose(right[f"{name}_{side}"].point((0.0, 0.0, 0.0)), there, atol=1e-9)
        assert np.allclose(centre_of_mass(right), centre_of_mass(left) * [1.0, 1.0, -1.0], atol=1e-9)


def test_pulls_are_mirrored_too() -> None:
    band = mirrored(exercise("band_side_step")).loads[0]
    assert (band.at, band.toward) == ("knee_l", "knee_r")
    cuff = mirrored(exercise("prone_leg_curl")).loads[0]
    assert cuff.at == "ankle_l"
    assert cuff.direction == (0.0, -1.0, 0.0)


# --- use --------------------------------------------------------------------------------------------------------------


def test_frames_fill_a_body_and_say_what_it_cannot_do() -> None:
    movement = sequence(exercise("prone_leg_curl_foot_in"), "r", 5)
    q, left_out = fill(movement, ("knee_angle_r", "pelvis_ty", "pelvis_tilt"), np.array([0.1, 0.94, 0.0]))
    assert q.shape == (5, 3)
    assert (q[:, 1] == 0.94).all()
    assert np.allclose(q[:, 2], -math.pi / 2)
    assert np.degrees(q[2, 0]) == pytest.approx(90.0)
    assert left_out == ("ankle_angle_l", "ankle_angle_r", "knee_rotation_r")


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match="clam_30"):
        exercise("clam_3")


@pytest.mark.parametrize(("side", "frames", "text"), [("x", 5, "'r' or 'l'"), ("r", 1, "at least 2")])
def test_bad_requests_are_refused(side: str, frames: int, text: str) -> None:
    with pytest.raises(InputError, match=f"clam: .*{text}"):
        sequence(exercise("clam"), side, frames)


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"posture": "floating"}, r"posture: must be one of crook_lying, .*'floating'"),
    ({"keyframes": [{"time": 0.5}, {"time": 1}]}, r"keyframes\[0\]\.time: must start at 0"),
    ({"keyframes": [{"time": 0}, {"time": 0}]}, r"keyframes\[1\]\.time: must start at 0 and grow; got 0"),
    ({"keyframes": [{"time": 0}, {"time": math.nan}]}, r"keyframes\[1\]\.time"),
    (
        {"keyframes": [{"time": 0}, {"time": 1, "angles": {"hip_bend_r": 3}}]},
        r"keyframes\[1\]\.hip_bend_r: is no",
    ),
    (
        {"keyframes": [{"time": 0}, {"time": 1, "angles": {"knee_angle_r": -20}}]},
        "from 0 to 140 degrees; got -20",
    ),
    ({"keyframes": [{"time": 0}, {"time": 1, "angles": {"knee_angle_r": math.nan}}]}, "got nan"),
    ({"keyframes": [{"time": 0}]}, "keyframes: must be one for a position that is held"),
    ({"keyframes": []}, "keyframes: must be"),
    ({"cycle": "hold"}, "keyframes: must be one"),
    ({"cycle": "hold", "keyframes": [{"time": 0}]}, "hold: must be above 0 s"),
    ({"hold": 3}, "hold: must be above 0 s for a position that is held, else absent"),
    ({"support": ["pelvis", "tail"]}, r"support: must be one of .*'tail'"),
    ({"planted": "foot_l"}, r"planted: must be among the parts that bear"),
    ({"stance": "l"}, r"keyframes\[0\]\.support: must hold foot_l: the stance is 'l'"),
    ({"stance": "left"}, "Invalid enum value 'left' - at `\\$.stance`"),
    ({"raised": {"roof": 2.0}}, "raised: must be one of"),
    ({"colour": "red"}, "unknown field `colour`"),
    (
        {"loads": [{"at": "knee_r", "newtons": 5, "source": "s", "grade": "E"}]},
        r"loads\[0\]: needs exactly one of",
    ),
    (
        {"loads": [{"at": "knee_r", "newtons": 0, "toward": "knee_l", "source": "s", "grade": "E"}]},
        r"loads\[0\]\.newtons: must be above 0 N",
    ),
    (
        {"loads": [{"at": "knee_r", "newtons": 5, "direction": [0, 2, 0], "source": "s", "grade": "E"}]},
        "direction: must have length 1",
    ),
    ({"loads": [{"at": "nose", "newtons": 5, "toward": "knee_l", "source": "s", "grade": "E"}]}, "'nose'"),
    ({"grade": "F"}, r"grade"),
]


@pytest.mark.parametrize(
    ("change", "text"), BROKEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_broken_row_is_refused_by_name(tmp_path: Path, change: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError, match=text) as caught:
        load_exercises(written(tmp_path, {**row("clam"), **change}))
    assert str(caught.value).startswith("mine.yaml: clam: ")


def test_a_row_without_a_field_is_refused(tmp_path: Path) -> None:
    short = row("clam")
    del short["support"]
    with pytest.raises(InputError, match=r"mine\.yaml: clam: .*`support`"):
        load_exercises(written(tmp_path, short))


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="clam: id: is used twice"):
        load_exercises(written(tmp_path, row("clam"), row("clam")))


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    assert [one.id for one in load_exercises(written(tmp_path, row("clam"), row("bridge")))] == [
        "clam",
        "bridge",
    ]


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.yaml: cannot be read"):
        load_exercises(tmp_path / "none.yaml")
    (tmp_path / "odd.yaml").write_text("a: [1,\n", "utf-8")
    with pytest.raises(FileError, match=r"odd\.yaml: is not YAML"):
        load_exercises(tmp_path / "odd.yaml")
    (tmp_path / "list.yaml").write_text("- 1\n", "utf-8")
    with pytest.raises(InputError, match=r"list\.yaml: "):
        load_exercises(tmp_path / "list.yaml")


def row(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in shipped()["exercises"] if row["id"] == name)
    return found


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump({**shipped(), "exercises": list(rows)}), "utf-8")
    return path
