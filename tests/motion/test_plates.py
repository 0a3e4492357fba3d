from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from motion.samples import Array, texts
from recordings import recordings

from gerdy.errors import InputError
from gerdy.motion.plates import FootForces, assign_feet
from gerdy.motion.reading import read_motion
from gerdy.motion.recording import Markers, Motion, Plate

FRAMES = np.arange(100) / 100
CLOCK = np.arange(1000) / 1000


def foot(x: Array | float, z: float, height: Array | float = 0.0) -> Array:
    """Return heel and toe (t, 2, 3) m of a foot at x, z."""
    x, height = np.broadcast_to(x, 100), np.broadcast_to(height, 100)
    heel = np.stack([x - 0.08, 0.04 + height, np.full(100, z)], axis=1)
    return np.stack([heel, heel + np.array([0.2, -0.01, 0.0])], axis=1)


STANDING = {"r": foot(0.0, 0.1), "l": foot(0.0, -0.1)}


def plate(
    name: str, vertical: Array | float, x: Array | float = 0.0, z: Array | float = 0.0, **more: Array
) -> Plate:
    vertical, x, z = (np.broadcast_to(v, 1000).astype(float) for v in (vertical, x, z))
    force = np.stack([0.05 * vertical, vertical, 0 * vertical], axis=1)
    point = np.where((vertical > 0)[:, None], np.stack([x, 0 * x, z], axis=1), np.nan)
    return Plate(name, CLOCK, force, point, np.stack([0 * x, 0.01 * vertical, 0 * x], axis=1), **more)


def motion(*plates: Plate) -> Motion:
    return Motion("trial", ("x",), markers=Markers(FRAMES, ("A",), np.zeros((100, 1, 3))), plates=plates)


def during(start: float, end: float, size: float = 700.0) -> Array:
    return np.where((start <= CLOCK) & (end >= CLOCK), size, 0.0)


def sides_of(result: FootForces) -> list[tuple[str, str]]:
    return [(contact.plate, contact.side) for contact in result.contacts]


def test_standing_on_two_plates() -> None:
    result = assign_feet(motion(plate("1", 300.0, 0.02, 0.1), plate("2", 400.0, 0.03, -0.1)), STANDING)
    assert sides_of(result) == [("1", "r"), ("2", "l")]
    np.testing.assert_allclose(result.force[:, :, 1], np.tile([300.0, 400.0], (100, 1)))
    np.testing.assert_allclose(result.point[5], [[0.02, 0.0, 0.1], [0.03, 0.0, -0.1]], atol=1e-12)
    np.testing.assert_allclose(result.moment[:, :, 1], np.tile([3.0, 4.0], (100, 1)), atol=1e-9)
    assert result.usable.all()
    assert not texts(result.notes, "warning")


def test_names_that_say_the_other_foot_are_overruled_and_warned() -> None:
    recording = motion(plate("ground_force_l", 300.0, 0.02, 0.1), plate("ground_force_r", 400.0, 0.03, -0.1))
    result = assign_feet(recording, STANDING)
    assert sides_of(result) == [("ground_force_l", "r"), ("ground_force_r", "l")]
    warned = texts(result.notes, "warning")
    assert (
        "ground_force_l from 0.000 to 0.990 s: its name says left foot, but the force is on the right foot"
        in warned
    )


def test_one_plate_under_both_feet_is_not_usable() -> None:
    result = assign_feet(motion(plate("1", 700.0, 0.0, 0.0)), STANDING)
    assert not result.usable.any()
    assert np.isnan(result.force).all()
    assert not result.contacts
    assert "bears both feet at once" in texts(result.notes, "warning")


def test_one_belt_under_both_feet_is_not_usable_only_while_both_stand() -> None:
    # The right foot carries, then both for 0.2 s, then the left; the other foot is in the air.
    lift = 0.15
    right = foot(0.0, 0.1, np.where(FRAMES > 0.6, lift, 0.0))
    left = foot(0.0, -0.1, np.where(FRAMES < 0.4, lift, 0.0))
    across = np.interp(CLOCK, [0.4, 0.6], [0.1, -0.1])
    result = assign_feet(motion(plate("belt", 700.0, 0.0, across)), {"r": right, "l": left})
    assert sides_of(result) == [("belt", "r"), ("belt", "l")]
    assert result.usable[:36].all()
    assert result.usable[64:].all()
    assert not result.usable[45:56].any()
    np.testing.assert_allclose(result.force[10], [[35.0, 700.0, 0.0], [0.0, 0.0, 0.0]], atol=1e-9)
    np.testing.assert_allclose(result.force[80, :, 1], [0.0, 700.0], atol=1e-9)


def test_a_foot_swinging_over_the_plate_is_no_double_contact() -> None:
    corners = np.array([[-1.0, 0, -1.0], [1.0, 0, -1.0], [1.0, 0, 1.0], [-1.0, 0, 1.0]])
    swing = foot(-0.8 + 2.0 * FRAMES, -0.1, 0.02)
    result = assign_feet(
        motion(plate("1", 700.0, 0.05, 0.1, corners=corners)), {"r": foot(0.0, 0.1), "l": swing}
    )
    assert sides_of(result) == [("1", "r")]
    assert result.usable[:, 0].all()


def test_both_feet_resting_on_a_plate_with_known_corners_are_double_contact() -> None:
    corners = np.array([[-1.0, 0, -1.0], [1.0, 0, -1.0], [1.0, 0, 1.0], [-1.0, 0, 1.0]])
    # Most weight on the right: the point of force alone would look like one foot.
    result = assign_feet(motion(plate("1", 700.0, 0.02, 0.08, corners=corners)), STANDING)
    assert not result.usable.any()


def test_two_plates_under_one_foot_add_up() -> None:
    feet = {"r": foot(0.0, 0.1), "l": foot(0.0, -0.5, 0.3)}
    result = assign_feet(motion(plate("1", 300.0, -0.04, 0.1), plate("2", 100.0, 0.08, 0.1)), feet)
    np.testing.assert_allclose(result.force[:, 0, 1], 400.0)
    np.testing.assert_allclose(result.point[5, 0], [-0.01, 0.0, 0.1], atol=1e-12)
    # What the two do together about the lab's origin is kept.
    expected = sum(
        np.cross(p.point[0], p.force[0]) + p.moment[0]
        for p in (plate("1", 300.0, -0.04, 0.1), plate("2", 100.0, 0.08, 0.1))
    )
    np.testing.assert_allclose(
        np.cross(result.point[5, 0], result.force[5, 0]) + result.moment[5, 0], expected, atol=1e-9
    )


def test_a_force_far_from_both_feet_is_warned() -> None:
    result = assign_feet(motion(plate("1", during(0.2, 0.7), 0.0, 0.5)), STANDING)
    assert sides_of(result) == [("1", "r")]
    warned = texts(result.notes, "warning")
    assert (
        "1 from 0.200 to 0.700 s: its force acts 0.40 m from the nearer foot; given to the right foot"
        in warned
    )
    result = assign_feet(motion(plate("1", during(0.2, 0.7), 1.0, 0.0)), STANDING)
    assert not result.contacts
    assert not result.usable[20:71].any()
    assert "its force acts 0.89 m from either foot; not usable" in texts(result.notes, "warning")


def test_a_contact_cut_by_the_end_is_warned_and_one_throughout_is_not() -> None:
    result = assign_feet(
        motion(plate("1", during(0.7, 1.0), 0.0, 0.1), plate("2", 500.0, 0.0, -0.1)), STANDING
    )
    assert "1 right foot from 0.700 to 0.990 s: a contact is cut: the recording ends within it" in texts(
        result.notes, "warning"
    )
    assert "2 left foot from 0.000 to 0.990 s: a contact is cut" in texts(result.notes, "found")


def test_a_brief_touch_is_no_contact_and_a_brief_blow_is() -> None:
    touch, blow = during(0.495, 0.515, 60.0), during(0.495, 0.515, 600.0)
    result = assign_feet(motion(plate("1", touch, 0.0, 0.1), plate("2", 500.0, 0.0, -0.1)), STANDING)
    assert sides_of(result) == [("2", "l")]
    assert "1 from 0.500 to 0.510 s: a touch of 60 N at most" in texts(result.notes, "repaired")
    result = assign_feet(motion(plate("1", blow, 0.0, 0.1), plate("2", 500.0, 0.0, -0.1)), STANDING)
    assert sides_of(result) == [("1", "r"), ("2", "l")]


def test_a_light_force_between_the_feet_belongs_to_neither() -> None:
    result = assign_feet(motion(plate("1", 60.0, 0.0, 0.0)), STANDING)
    assert not result.contacts
    assert not result.usable.any()
    warned = texts(result.notes, "warning")
    assert "its force acts 0.10 m from either foot" in warned
    assert "bears both feet at once" not in warned


def test_a_name_decides_where_both_feet_are_as_near() -> None:
    feet = {"r": foot(0.0, 0.01), "l": foot(0.0, -0.01)}
    result = assign_feet(motion(plate("left", 60.0, 0.0, 0.0)), feet)
    assert sides_of(result) == [("left", "l")]


def test_a_force_that_points_down_is_warned() -> None:
    result = assign_feet(motion(plate("1", -500.0, 0.0, 0.1)), STANDING)
    assert "its vertical force points down" in texts(result.notes, "warning")
    assert not result.contacts


def test_a_foot_beside_the_plates_is_not_usable() -> None:
    result = assign_feet(motion(plate("1", 500.0, 0.0, 0.1)), STANDING)
    assert result.usable[:, 0].all()
    assert not result.usable[:, 1].any()
    assert "left foot from 0.000 to 0.990 s: rests on the ground where no plate measures" in texts(
        result.notes, "warning"
    )


def test_missing_foot_markers_are_not_guessed_from() -> None:
    feet = {"r": np.full((100, 2, 3), np.nan), "l": np.full((100, 2, 3), np.nan)}
    result = assign_feet(motion(plate("1", during(0.2, 0.7), 0.0, 0.1)), feet)
    assert not result.usable[20:71].any()
    assert "foot markers or its point are missing" in texts(result.notes, "warning")


def test_frames_without_a_plate_reading_are_not_usable() -> None:
    short = plate("1", 500.0, 0.0, 0.1)
    short = Plate("1", CLOCK[:500], short.force[:500], short.point[:500], short.moment[:500])
    result = assign_feet(motion(short, plate("2", 200.0, 0.0, -0.1)), STANDING)
    assert not result.usable[51:].any()
    assert "has no force for" in texts(result.notes, "warning")


def test_without_markers_the_names_decide_or_nothing() -> None:
    recording = motion(plate("R_ground_force", 300.0), plate("L_ground_force", 400.0))
    result = assign_feet(recording)
    assert sides_of(result) == [("R_ground_force", "r"), ("L_ground_force", "l")]
    with pytest.raises(InputError, match="which foot it bears is not known"):
        assign_feet(motion(plate("1", 300.0)))


@pytest.mark.parametrize(
    ("feet", "message"),
    [
        ({"r": STANDING["r"]}, "has no 'l'"),
        ({"r": STANDING["r"], "l": STANDING["l"][:50]}, r"feet\['l'\]: must be an array \(100 frames"),
        ({"r": STANDING["r"], "l": np.zeros((100, 0, 3))}, r"feet\['l'\]"),
    ],
)
def test_feet_of_another_shape_are_refused(feet: dict[str, Array], message: str) -> None:
    with pytest.raises(InputError, match=message):
        assign_feet(motion(plate("1", 300.0)), feet)


def test_what_cannot_be_assigned_is_refused() -> None:
    with pytest.raises(InputError, match="has no ground forces"):
        assign_feet(motion(), STANDING)
    with pytest.raises(InputError, match="neither markers nor angles"):
        assign_feet(replace(motion(plate("1", 300.0)), markers=None), None)


def feet_of(recording: Motion, pattern: str) -> dict[str, Array]:
    assert recording.markers is not None
    names = recording.markers.names
    places = {
        s: [i for i, n in enumerate(names) if re.fullmatch(pattern.replace("@", c), n)]
        for s, c in (("r", "[Rr]"), ("l", "L"))
    }
    assert all(len(found) >= 2 for found in places.values())
    return {side: recording.markers.position[:, found] for side, found in places.items()}


@pytest.mark.parametrize(
    ("folder", "marker_file", "force_file", "pattern"),
    [
        (("hamner_subject04", "run200"), "markers.trc", "grf.mot", "@(CAL|TOE|MT5)"),
        (("hamner_subject04", "run400"), "markers.trc", "grf.mot", "@(CAL|TOE|MT5)"),
        (
            ("opensim-models", "Pipelines", "Rajagopal", "ExpData"),
            "motion_capture_run.trc",
            "grf_run.mot",
            "@(CAL|TOE|MT5)",
        ),
        (
            ("opensim-models", "Pipelines", "Rajagopal", "ExpData"),
            "motion_capture_walk.trc",
            "grf_walk.mot",
            r"@\.(Heel|Toe|MT5)",
        ),
        (("opencap_subject4",), "DJ1.trc", "DJ1_grf.mot", "@_(calc|toe|5meta)"),
        (("opencap_subject4",), "squatsAsym1.trc", "squatsAsym1_grf.mot", "@_(calc|toe|5meta)"),
        (("opencap_subject4",), "walkingTS1.trc", "walkingTS1_grf.mot", "@_(calc|toe|5meta)"),
    ],
)
def test_real_forces_lie_under_the_feet_that_their_files_name(
    folder: tuple[str, ...], marker_file: str, force_file: str, pattern: str
) -> None:
    place = recordings(*folder)
    recording = read_motion(place / marker_file, place / force_file)
    result = assign_feet(recording, feet_of(recording, pattern))
    assert result.contacts
    named = {"R_ground_force": "r", "L_ground_force": "l", "ground_force_r": "r", "ground_force_l": "l"}
    named |= {
        "ground_force_1": "r",
        "ground_force_2": "l",
    }  # where the recordings have no names: fixed by hand
    for contact in result.contacts:
        assert contact.side == named[contact.plate]
        assert contact.distance < 0.03
    for side, contacts in (("r", 0), ("l", 1)):
        given = max(c.peak for c in result.contacts if c.side == side)
        assert np.nanmax(result.force[:, contacts, 1]) == pytest.approx(given)


def test_the_sprint_alternates_its_feet() -> None:
    recording = read_motion(recordings("c3d", "JA1Gait35.c3d"))
    result = assign_feet(recording, feet_of(recording, "@(HEEL|TOE|P1MT|P5MT)"))
    assert sides_of(result) == [("plate_2", "r"), ("plate_4", "l"), ("plate_7", "r"), ("plate_8", "l")]
    assert result.usable.all()


def test_the_walk_over_two_plates_says_what_is_not_measured() -> None:
    recording = read_motion(recordings("c3d", "test_walking.c3d"))
    result = assign_feet(recording, feet_of(recording, "@(CAL|MT1|MT2)"))
    assert sides_of(result) == [("plate_1", "l"), ("plate_2", "r")]
    assert "rests on the ground where no plate measures" in texts(result.notes, "warning")
    # Double support in between is measured whole: both feet are usable there.
    inside = (result.time > 1.3) & (result.time < 2.1)
    assert result.usable[inside].all()
