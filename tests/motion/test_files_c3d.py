from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from motion.samples import NAMES, body, texts, write_c3d
from recordings import recordings

from gerdy.errors import FileError
from gerdy.motion.files import read_c3d
from gerdy.motion.reading import read_motion

TIME, PLACE = body()
LOAD = np.full(500, 700.0)


def test_markers_and_force_in_a_lab_with_z_up(tmp_path: Path) -> None:
    motion = read_motion(write_c3d(tmp_path / "a.c3d", PLACE, LOAD))
    assert motion.markers is not None
    assert motion.markers.names == NAMES
    np.testing.assert_allclose(motion.markers.position, PLACE, atol=1e-5)
    np.testing.assert_allclose(motion.markers.time, TIME, atol=1e-9)
    (plate,) = motion.plates
    np.testing.assert_allclose(plate.force, np.tile([0.0, 700.0, 0.0], (500, 1)), atol=1e-3)
    np.testing.assert_allclose(plate.point, np.tile([0.04, 0.0, 0.10], (500, 1)), atol=1e-5)
    np.testing.assert_allclose(plate.moment, np.tile([0.0, 3.5, 0.0], (500, 1)), atol=1e-4)
    assert plate.corners is not None
    np.testing.assert_allclose(sorted(plate.corners[:, 2]), [0.0, 0.0, 0.9, 0.9], atol=1e-9)
    assert "+Z is up: head, trunk and pelvis" in texts(motion.notes, "found")


def test_forces_on_the_ground_are_turned_round(tmp_path: Path) -> None:
    motion = read_motion(write_c3d(tmp_path / "a.c3d", PLACE, LOAD, sign=-1.0))
    (plate,) = motion.plates
    np.testing.assert_allclose(plate.force[:, 1], 700.0, atol=1e-3)
    np.testing.assert_allclose(plate.moment[:, 1], 3.5, atol=1e-4)
    np.testing.assert_allclose(plate.point, np.tile([0.04, 0.0, 0.10], (500, 1)), atol=1e-5)
    assert "plate_1: its force points down" in texts(motion.notes, "warning")


def test_markers_without_a_label_are_left_out_and_warned(tmp_path: Path) -> None:
    names = (*NAMES[:-2], "*9", "*10")
    content = read_c3d(write_c3d(tmp_path / "a.c3d", PLACE, names=names))
    assert content.markers is not None
    assert content.markers.names == NAMES[:-2]
    assert "2 of 10 markers have no label" in texts(content.notes, "warning")


def test_no_label_at_all_is_an_error_or_a_warning(tmp_path: Path) -> None:
    names = tuple(f"*{i}" for i in range(10))
    with pytest.raises(FileError, match="neither markers nor forces"):
        read_c3d(write_c3d(tmp_path / "a.c3d", PLACE, names=names))
    content = read_c3d(write_c3d(tmp_path / "b.c3d", PLACE, LOAD, names=names))
    assert content.markers is None
    assert "no marker has a label" in texts(content.notes, "warning")


def test_names_lose_the_subject_before_them(tmp_path: Path) -> None:
    content = read_c3d(write_c3d(tmp_path / "a.c3d", PLACE, names=[f"JA1:{name}" for name in NAMES]))
    assert content.markers is not None
    assert content.markers.names == NAMES


def test_further_channels_are_kept(tmp_path: Path) -> None:
    content = read_c3d(write_c3d(tmp_path / "a.c3d", PLACE, LOAD, emg=True))
    assert list(content.other) == ["EMG"]
    np.testing.assert_allclose(content.other["EMG"][1], np.arange(500), atol=1e-3)
    np.testing.assert_allclose(content.other["EMG"][0], np.arange(500) / 1000)


def test_a_point_outside_the_plate_is_warned(tmp_path: Path) -> None:
    motion = read_motion(write_c3d(tmp_path / "a.c3d", PLACE, LOAD, place=(-400.0, -100.0)))
    assert "outside the plate in 100 %" in texts(motion.notes, "warning")


@pytest.mark.parametrize("content", [b"", b"x", b"no c3d at all, just text", b"\x02\x50" + b"\x00" * 40])
def test_what_is_no_c3d_file_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.c3d"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"a\.c3d"):
        read_c3d(path)


def test_a_file_cut_off_is_said(tmp_path: Path) -> None:
    path = write_c3d(tmp_path / "a.c3d", PLACE, LOAD)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(FileError, match="cut off"):
        read_c3d(path)


def test_a_file_cut_off_among_its_frames_is_warned(tmp_path: Path) -> None:
    path = write_c3d(tmp_path / "a.c3d", PLACE, LOAD)
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) - 4000])
    content = read_c3d(path)
    assert content.markers is not None
    assert len(content.markers.time) < 50
    assert "counts 50 frames but holds only" in texts(content.notes, "warning")


def test_an_absent_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        read_c3d(tmp_path / "none.c3d")


def test_the_sprint_lands_where_its_own_events_say() -> None:
    """Body weight 68 kg; the file marks foot strikes at 3.680 (right), 3.908, 4.140 and 4.364 s."""
    motion = read_motion(recordings("c3d", "JA1Gait35.c3d"))
    assert motion.markers is not None
    loaded = [plate for plate in motion.plates if plate.force[:, 1].any()]
    peaks = [float(plate.force[:, 1].max()) for plate in loaded]
    np.testing.assert_allclose(peaks, [2445.8, 2190.6, 2360.4, 2162.3], atol=0.1)
    starts = [float(plate.time[np.argmax(plate.force[:, 1] > 0)]) for plate in loaded]
    np.testing.assert_allclose(starts, [3.680, 3.908, 4.140, 4.364], atol=0.012)
    # The runner moves forward, X, and each foot brakes before it pushes.
    sacrum = motion.markers.at("SACR")
    assert sacrum[-1, 0] - sacrum[0, 0] > 8.0
    for plate in loaded:
        contact = np.flatnonzero(plate.force[:, 1] > 0)
        third = len(contact) // 3
        assert plate.force[contact[:third], 0].sum() < 0 < plate.force[contact[-third:], 0].sum()


def test_the_walker_is_carried_by_two_plates() -> None:
    motion = read_motion(recordings("c3d", "test_walking.c3d"))
    np.testing.assert_allclose([plate.force[:, 1].max() for plate in motion.plates], [747.0, 927.9], atol=0.1)
    assert "reads -14 N when empty" in texts(motion.notes, "warning")
    for plate in motion.plates:
        contact = np.flatnonzero(plate.force[:, 1] > 100)
        third = len(contact) // 3
        assert plate.force[contact[:third], 0].sum() < 0 < plate.force[contact[-third:], 0].sum()
