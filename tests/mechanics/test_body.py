"""A person's body: what is asked of it, what it was made from, and how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from mechanics.toys import crane, line, point
from msgspec.structs import replace
from numpy.typing import NDArray

from gerdy.errors import FileError, InputError
from gerdy.mechanics.assembly import assemble
from gerdy.mechanics.body import Body
from gerdy.mechanics.model import Body as Segment
from gerdy.mechanics.model import Joint
from gerdy.mechanics.person import Person
from gerdy.mechanics.posing import full_values, place_bodies
from gerdy.mechanics.rotations import Placement, quaternion_of, rotation_of
from gerdy.mechanics.table import table

Array = NDArray[np.float64]
RAJAGOPAL = "opensim-models/Models/Rajagopal/Rajagopal2016.osim"


# --- whose body it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "person",
    [
        Person(mass=48.0, height=1.55, sex="female"),
        Person(mass=95.0, height=1.93, sex="male"),
        Person(mass=70.0, height=1.7),
    ],
    ids=lambda person: f"{person.mass:g} kg",
)
def test_a_body_has_the_size_and_mass_of_its_person(person: Person) -> None:
    body = Body.own(person)
    assert body.mass == pytest.approx(person.mass)
    points = body.points(body.default)
    high = points["r_acromion"][0, 1] - points["r_toe"][0, 1]
    assert 0.72 * person.height < high < 0.92 * person.height
    if person.sex is None:
        assert any("the sex is not given" in note for note in body.notes)


def test_without_arms_nothing_but_the_arms_is_missing(own: Body) -> None:
    armless = Body.own(Person(mass=70.0, height=1.75, sex="female"), arms=False)
    assert armless.mass == pytest.approx(own.mass)
    assert set(own.coordinates) - set(armless.coordinates) == {
        f"{name}_{side}"
        for name in ("arm_flex", "arm_add", "arm_rot", "elbow_flex", "pro_sup")
        for side in "rl"
    }
    assert armless.muscles == own.muscles


def test_the_band_is_slack_to_the_length_it_has_in_standing(own: Body) -> None:
    assert own.band is not None
    ways = own.strap_lengths(own.default)[0]
    assert ways[0] == pytest.approx(ways[1])
    assert own.band.slack == pytest.approx(ways[0], rel=0.1)
    with pytest.raises(InputError, match="no iliotibial band"):
        Body.of(crane(line(point("base", 0, 0, 0), point("arm", 0, -0.1, 0)))).strap_lengths(np.zeros(1))


def test_each_leg_is_shared_by_itself(own: Body) -> None:
    assert len(own.blocks) == 2
    for block, side in zip(own.blocks, "rl", strict=True):
        assert {own.muscles[m][-1] for m in block.muscle} == {side}
        assert {own.coordinates[c] for c in block.coordinate} == {
            f"{name}_{side}"
            for name in (
                "hip_flexion",
                "hip_adduction",
                "hip_rotation",
                "knee_angle",
                "ankle_angle",
                "subtalar_angle",
            )
        }
        assert [own.muscles[block.muscle[i]] for i in block.member] == [f"tfl_{side}", f"glmaxitb_{side}"]
        assert own.assembly.paths[block.strap] == f"strap_{side}"
        assert own.assembly.paths[block.patellar] == f"patellar_strap_{side}"


# --- places ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [None, RAJAGOPAL])
def test_segments_lie_where_their_records_say(
    own: Body, imported: Callable[[str], Body], file: str | None
) -> None:
    """MuJoCo's bodies against plain matrices, in postures that move everything."""
    body = own if file is None else imported(file)
    random = np.random.default_rng(7)
    for _ in range(3):
        q = body.default + random.uniform(-0.4, 0.4, len(body.default))
        values = full_values(body.model, dict(zip(body.coordinates, q.tolist(), strict=True)))
        placed, frames = place_bodies(body.model, values), body.frames(q)
        for name, (turns, origins) in frames.items():
            assert turns[0] == pytest.approx(placed[name].rotation, abs=1e-9)
            assert origins[0] == pytest.approx(placed[name].origin, abs=1e-9)


def test_the_centre_of_mass_is_that_of_all_segments(own: Body) -> None:
    q = own.posture({"hip_flexion_r": 0.8, "arm_flex_l": 1.2, "lumbar_bending": 0.2})
    placed = {name: Placement(turns[0], at[0]) for name, (turns, at) in own.frames(q).items()}
    centre = (
        sum(segment.mass * placed[segment.name].point(segment.centre) for segment in own.model.bodies)
        / own.mass
    )
    assert own.points(q)["centre_of_mass"][0] == pytest.approx(centre, abs=1e-7)


def test_markers_ride_on_their_segments(own: Body) -> None:
    q = own.posture({"knee_angle_r": 1.0, "hip_rotation_r": 0.2})
    placed = {name: Placement(turns[0], at[0]) for name, (turns, at) in own.frames(q).items()}
    points = own.points(q)
    for marker in own.model.markers:
        assert points[marker.name][0] == pytest.approx(placed[marker.body].point(marker.location), abs=1e-9)


def test_a_pose_is_drawn_as_long_as_its_paths(own: Body) -> None:
    q = own.posture({"hip_flexion_r": 0.5, "knee_angle_r": 0.9})
    pose, lengths = own.pose(q), own.lengths(q)[0]
    assert list(pose.muscles) == list(own.muscles)
    assert set(pose.strap) == {"right", "left"}
    bones = dict(pose.bones)
    assert {"pelvis", "spine", "leg_r", "leg_l", "arm_r", "arm_l"} <= set(bones)
    shank = np.linalg.norm(bones["leg_r"][2] - bones["leg_r"][1])
    assert 0.3 < shank < 0.5
    for name, expected in zip(own.muscles, lengths, strict=True):
        drawn = float(np.linalg.norm(np.diff(pose.muscles[name], axis=0), axis=1).sum())
        assert drawn <= expected + 1e-9  # chords for arcs
        assert drawn == pytest.approx(expected, rel=0.03)


# --- coordinates ----------------------------------------------------------------------------------------------------


def test_postures_are_given_by_name(own: Body) -> None:
    q = own.posture({"knee_angle_l": 0.7})
    assert q[own.column("knee_angle_l")] == 0.7
    assert (
        np.delete(q, own.column("knee_angle_l")) == np.delete(own.default, own.column("knee_angle_l"))
    ).all()
    with pytest.raises(InputError, match=r"no free 'knee'; it has pelvis_tilt"):
        own.posture({"knee": 1.0})
    with pytest.raises(InputError, match="no free 'knee_adduction_r'"):
        own.column("knee_adduction_r")


@pytest.mark.parametrize(
    "ask", ["lengths", "moment_arms", "points", "frames", "pose", "swept", "strap_lengths"]
)
def test_a_posture_of_the_wrong_length_is_refused(own: Body, ask: str) -> None:
    with pytest.raises(InputError, match=r"q: must be \(frames, 31\); got \(4,\)"):
        getattr(own, ask)(np.zeros(4))


def test_flexion_adduction_and_internal_rotation_are_positive_on_both_sides(own: Body) -> None:
    still = {name: at[0] for name, at in own.points(own.default).items()}
    for side, inward in (("r", -1.0), ("l", 1.0)):
        flexed, adducted, turned, bent = (
            {name: at[0] for name, at in own.points(own.posture({f"{angle}_{side}": 0.3})).items()}
            for angle in ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle")
        )
        ankle, toe = f"talus_{side}", f"{side}_toe"
        assert flexed[ankle][0] > still[ankle][0] + 0.1
        assert inward * (adducted[ankle][2] - still[ankle][2]) > 0.1
        assert inward * (turned[toe][2] - still[toe][2]) > 0.02
        assert bent[ankle][0] < still[ankle][0] - 0.1


# --- what cannot be -------------------------------------------------------------------------------------------------


def test_an_unknown_segment_is_named(own: Body) -> None:
    model = own.model
    with pytest.raises(InputError, match="no body 'tail'"):
        assemble(replace(model, joints=(*model.joints, Joint(name="tail", parent="pelvis", child="tail"))))
    floating = Joint(name="tail", parent="moon", child="tail")
    with pytest.raises(InputError, match=r"hangs on nothing: tail \(moon\)"):
        assemble(
            replace(
                model,
                bodies=(*model.bodies, Segment(name="tail", mass=1.0)),
                joints=(*model.joints, floating),
            )
        )


def test_a_file_that_is_no_model_is_refused(tmp_path: object) -> None:
    with pytest.raises(FileError):
        Body.from_osim(f"{tmp_path}/nothing.osim")


def test_impossible_inertia_is_evened_out_and_told() -> None:
    model = crane(line(point("base", 0, 0, 0), point("arm", 0, -0.1, 0)))
    crooked = replace(model.bodies[1], inertia=(1.0, 0.01, 0.01, 0.0, 0.0, 0.0))
    body = Body.of(replace(model, bodies=(model.bodies[0], crooked, *model.bodies[2:])))
    assert "evened them out" in " ".join(body.assembly.notes)


# --- placements -----------------------------------------------------------------------------------------------------


def test_placements_are_undone_by_their_inverses() -> None:
    random = np.random.default_rng(8)
    for _ in range(20):
        place = Placement.of(random.uniform(-1, 1, 3), random.uniform(-3, 3, 3))
        at = random.uniform(-1, 1, 3)
        assert place.inverse().point(place.point(at)) == pytest.approx(at)
        assert (place @ place.inverse()).rotation == pytest.approx(np.eye(3), abs=1e-12)
        w, x, y, z = place.quaternion
        turned = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        )
        assert turned == pytest.approx(place.rotation, abs=1e-12)


@pytest.mark.parametrize("axis", range(3))
def test_half_turns_have_a_quaternion_too(axis: int) -> None:
    angles = np.zeros(3)
    angles[axis] = math.pi
    quaternion = quaternion_of(rotation_of(angles))
    assert abs(quaternion[1 + axis]) == pytest.approx(1.0)
    assert np.linalg.norm(quaternion) == pytest.approx(1.0)


def test_the_generic_body_stands_where_the_table_puts_it() -> None:
    generic = Body.of(table())
    points = generic.points(generic.default)
    assert points["pelvis"][0] == pytest.approx([0.0, generic.default[generic.column("pelvis_ty")], 0.0])
    assert abs(points["calcn_r"][0, 1]) < 0.1
