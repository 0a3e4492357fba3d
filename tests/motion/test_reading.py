from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from motion.samples import NAMES, Array, body, force_columns, texts, write_c3d, write_mot, write_trc
from recordings import recordings

from gerdy.errors import FileError
from gerdy.motion.describing import describe
from gerdy.motion.frames import heading_rotation, up_rotation
from gerdy.motion.reading import read_motion

TIME, PLACE = body()
CLOCK = np.arange(501) / 1000
LOAD = 400.0 + 50.0 * np.sin(CLOCK * 9)
FORCES = force_columns(LOAD, 700.0 - LOAD)

UPS = ("+X", "-X", "+Y", "-Y", "+Z", "-Z")


def turned(columns: dict[str, Array], rotation: Array) -> dict[str, Array]:
    """Return force columns in other axes."""
    result = {}
    stems = {name[:-1] for name in columns}
    for stem in stems:
        vector = np.stack([columns[stem + axis] for axis in "xyz"], axis=1) @ rotation.T
        for i, axis in enumerate("xyz"):
            result[stem + axis] = vector[:, i]
    return result


@pytest.mark.parametrize("up", UPS)
def test_any_axis_up_ends_as_y_up(tmp_path: Path, up: str) -> None:
    to_lab = up_rotation(up).T
    trc = write_trc(tmp_path / "a.trc", TIME, PLACE @ to_lab.T)
    mot = write_mot(tmp_path / "f.mot", CLOCK, turned(FORCES, to_lab))
    motion = read_motion(trc, mot)
    assert motion.markers is not None
    np.testing.assert_allclose(motion.markers.position, PLACE, atol=2e-6)
    names = {plate.name: plate for plate in motion.plates}
    right = names["ground_force_r"]
    if up[0] == "+":
        np.testing.assert_allclose(right.force[:, 1], LOAD, atol=1e-9)
        np.testing.assert_allclose(right.point[0], [0.04, 0.0, 0.10], atol=1e-9)
    assert f"{up} is up: head, trunk and pelvis lie over the feet" in texts(motion.notes, "found")


@pytest.mark.parametrize("forward", ["+X", "-X", "+Z", "-Z"])
def test_the_person_ends_facing_x(tmp_path: Path, forward: str) -> None:
    to_lab = heading_rotation(forward).T
    trc = write_trc(tmp_path / "a.trc", TIME, PLACE @ to_lab.T)
    mot = write_mot(tmp_path / "f.mot", CLOCK, turned(FORCES, to_lab))
    motion = read_motion(trc, mot)
    assert motion.markers is not None
    np.testing.assert_allclose(motion.markers.position, PLACE, atol=2e-6)
    right = next(plate for plate in motion.plates if plate.name == "ground_force_r")
    np.testing.assert_allclose(right.point[0], [0.04, 0.0, 0.10], atol=1e-9)
    assert ("turned about the vertical" in texts(motion.notes, "assumed")) == (forward != "+X")


def test_rotations_are_proper() -> None:
    for rotation in [up_rotation(up) for up in UPS] + [heading_rotation(f) for f in ("+X", "-X", "+Z", "-Z")]:
        np.testing.assert_array_equal(rotation @ rotation.T, np.eye(3))
        assert np.linalg.det(rotation) == pytest.approx(1.0)
    for forward in ("+X", "-X", "+Z", "-Z"):
        axis = np.zeros(3)
        axis["XYZ".index(forward[1])] = 1.0 if forward[0] == "+" else -1.0
        np.testing.assert_array_equal(heading_rotation(forward) @ axis, [1, 0, 0])
    for up in UPS:
        axis = np.zeros(3)
        axis["XYZ".index(up[1])] = 1.0 if up[0] == "+" else -1.0
        np.testing.assert_array_equal(up_rotation(up) @ axis, [0, 1, 0])


def test_a_mirrored_recording_is_warned(tmp_path: Path) -> None:
    motion = read_motion(write_trc(tmp_path / "a.trc", TIME, PLACE * [1.0, 1.0, -1.0]))
    assert "sides are swapped or the axes are mirrored" in texts(motion.notes, "warning")


def test_markers_that_tell_nothing_are_taken_as_y_up(tmp_path: Path) -> None:
    names = [f"M{i}" for i in range(10)]
    notes = texts(read_motion(write_trc(tmp_path / "a.trc", TIME, PLACE, names)).notes, "assumed")
    assert "+Y is up, as in most files of this kind" in notes
    assert "+X is forward: no pairs" in notes


def test_forces_that_disagree_with_the_body_about_up_are_warned(tmp_path: Path) -> None:
    motion = read_motion(
        write_c3d(tmp_path / "a.c3d", PLACE[:, :, [0, 2, 1]] * [1, -1, 1], np.full(500, 700.0))
    )
    assert "check the axes of the force plates" in texts(motion.notes, "warning")


def test_angles_beside_markers_leave_the_heading_as_it_is(tmp_path: Path) -> None:
    trc = write_trc(tmp_path / "a.trc", TIME, PLACE @ heading_rotation("+Z"))
    columns = {"knee_angle_r": 0.5 + 0.0 * CLOCK, **FORCES}
    motion = read_motion(trc, write_mot(tmp_path / "f.mot", CLOCK, columns))
    assert motion.angles is not None
    assert "left so, because the angles" in texts(motion.notes, "warning")


def test_the_name_and_the_sources(tmp_path: Path) -> None:
    trc = write_trc(tmp_path / "walk 1.trc", TIME, PLACE)
    assert read_motion(trc).name == "walk 1"
    assert read_motion(trc, name="x").name == "x"
    assert read_motion(trc).sources == (str(trc),)


def test_a_second_file_without_forces_is_refused(tmp_path: Path) -> None:
    trc = write_trc(tmp_path / "a.trc", TIME, PLACE)
    with pytest.raises(FileError, match="holds no ground force"):
        read_motion(trc, write_mot(tmp_path / "f.mot", TIME, {"knee_angle_r": TIME}))


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"'\.xlsx' is no kind of recording"):
        read_motion(tmp_path / "a.xlsx")


def test_clocks_that_do_not_meet_are_warned(tmp_path: Path) -> None:
    trc = write_trc(tmp_path / "a.trc", TIME, PLACE)
    motion = read_motion(trc, write_mot(tmp_path / "f.mot", CLOCK + 10, FORCES))
    assert "one clock starts elsewhere" in texts(motion.notes, "warning")


def test_forces_that_end_early_are_warned(tmp_path: Path) -> None:
    trc = write_trc(tmp_path / "a.trc", TIME, PLACE)
    short = {name: values[:300] for name, values in FORCES.items()}
    motion = read_motion(trc, write_mot(tmp_path / "f.mot", CLOCK[:300], short))
    assert "from 0.299 to 0.490 s: forces end at 0.299 s" in texts(motion.notes, "warning")


def test_a_force_far_from_every_marker_is_warned(tmp_path: Path) -> None:
    trc = write_trc(tmp_path / "a.trc", TIME, PLACE)
    columns = {**FORCES, "ground_force_r_px": FORCES["ground_force_r_px"] + 3}
    motion = read_motion(trc, write_mot(tmp_path / "f.mot", CLOCK, columns))
    assert "ground_force_r: its force acts" in texts(motion.notes, "warning")


def test_a_recording_in_a_few_lines(tmp_path: Path) -> None:
    place = PLACE.copy()
    place[10:40, 0] = np.nan
    motion = read_motion(
        write_trc(tmp_path / "a.trc", TIME, place),
        write_mot(tmp_path / "f.mot", CLOCK, {**FORCES, "knee_angle_r": CLOCK}),
    )
    text = "\n".join(describe(motion))
    assert "markers: 10, 0.000 to 0.490 s, 50 frames at 100 Hz" in text
    assert "open gaps in 1 markers: C7 60 % in 1 gap" in text
    assert "plate ground_force_r: peak 450 N" in text
    assert "coordinates: 1" in text
    assert "warning: C7 from 0.100 to 0.390 s: a gap longer than 0.1 s" in text
    assert all(name in text for name in NAMES)


def test_every_real_recording_is_read() -> None:
    folder = recordings()
    files = [f for f in sorted(folder.rglob("*")) if f.suffix in (".trc", ".mot", ".c3d")]
    assert len(files) > 30
    for file in files:
        motion = read_motion(file)
        assert motion.notes, file
        assert motion.markers is not None or motion.plates or motion.angles is not None, file
        assert len(describe(motion)) > 3
        for plate in motion.plates:
            assert np.isfinite(plate.force).all(), file
            assert plate.force[:, 1].min() >= 0, file
            assert (np.isnan(plate.point).any(axis=1) == (plate.force[:, 1] == 0)).all(), file


def test_the_run_and_its_forces_fit_each_other() -> None:
    folder = recordings("opensim-models", "Pipelines", "Rajagopal", "ExpData")
    motion = read_motion(folder / "motion_capture_run.trc", folder / "grf_run.mot")
    assert not texts(motion.notes, "warning")
    assert motion.markers is not None
    assert motion.markers.rate == pytest.approx(100.0)
    # Mean vertical force over whole strides is body weight: 72.84 kg.
    inside = (motion.plates[0].time > 0.87) & (motion.plates[0].time < 4.99)
    mean = sum(float(plate.force[inside, 1].mean()) for plate in motion.plates)
    assert mean / 9.81 == pytest.approx(72.84, rel=0.02)
