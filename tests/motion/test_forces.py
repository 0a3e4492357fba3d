from __future__ import annotations

import numpy as np
import pytest
from motion.samples import Array, texts

from gerdy.motion.forces import clean_plates, peak
from gerdy.motion.recording import Plate

TIME = np.arange(1000) / 1000
STEP = np.where((TIME > 0.2) & (TIME < 0.8), 800 * np.sin(np.pi * (TIME - 0.2) / 0.6), 0.0)


def plate(vertical: Array = STEP, name: str = "1", **parts: Array) -> Plate:
    force = np.stack([0.1 * vertical, vertical, 0.0 * vertical], axis=1)
    point = np.tile([0.1, 0.0, 0.2], (len(vertical), 1))
    moment = np.stack([0 * vertical, 0.01 * vertical, 0 * vertical], axis=1)
    arrays = {"force": force, "point": point, "moment": moment} | parts
    return Plate(name, TIME[: len(vertical)], **arrays)


def test_an_empty_plate_has_no_force_and_no_point() -> None:
    noise = np.random.default_rng(0).normal(0, 3, 1000)
    (clean,), notes = clean_plates((plate(STEP + noise),))
    empty = clean.force[:, 1] == 0
    assert empty[:200].all()
    assert empty[801:].all()
    assert np.isnan(clean.point[empty]).all()
    assert not clean.moment[empty].any()
    assert clean.force[~empty, 1].min() >= 20.0
    assert "bearing less than 20 N is empty" in texts(notes, "assumed")


def test_a_plate_never_stepped_on_is_said() -> None:
    (clean,), notes = clean_plates((plate(np.random.default_rng(0).normal(0, 2, 1000)),))
    assert not clean.force.any()
    assert "never bears 20 N" in texts(notes, "found")
    assert peak(clean) == 0.0


def test_force_on_the_ground_is_turned_round_with_its_moment() -> None:
    given = plate(-STEP)
    (clean,), notes = clean_plates((given,))
    (right,), _ = clean_plates((plate(STEP),))
    np.testing.assert_allclose(clean.force, right.force)
    np.testing.assert_allclose(clean.moment, right.moment)
    np.testing.assert_array_equal(clean.point, right.point)
    assert "points down" in texts(notes, "warning")


def test_kilonewtons_are_recognised() -> None:
    (clean,), notes = clean_plates((plate(STEP / 1000),))
    assert peak(clean) == pytest.approx(800, rel=1e-3)
    assert "in kN" in texts(notes, "warning")


def test_millimetres_of_the_point_are_recognised() -> None:
    given = plate()
    far = plate(point=given.point * 1000, moment=given.moment * 1000)
    (clean,), notes = clean_plates((far,))
    loaded = clean.force[:, 1] > 0
    np.testing.assert_allclose(clean.point[loaded], given.point[loaded])
    np.testing.assert_allclose(clean.moment[loaded], given.moment[loaded])
    assert "read as mm" in texts(notes, "warning")


def test_more_than_a_person_can_bear_is_warned() -> None:
    _, notes = clean_plates((plate(STEP * 100),))
    assert "more than a person can bear" in texts(notes, "warning")


def test_an_offset_is_warned_and_left() -> None:
    (clean,), notes = clean_plates((plate(STEP - 18.0),))
    assert "reads -18 N when empty" in texts(notes, "warning")
    assert peak(clean) == pytest.approx(782, abs=0.1)


def test_moments_about_another_point_become_a_centre_of_pressure() -> None:
    given = plate()
    origin = np.array([0.6, 0.0, -0.3])
    moved = given.moment + np.cross(given.point - origin, given.force)
    (clean,), notes = clean_plates((plate(point=np.tile(origin, (1000, 1)), moment=moved),))
    loaded = clean.force[:, 1] > 0
    np.testing.assert_allclose(clean.point[loaded], given.point[loaded], atol=1e-12)
    np.testing.assert_allclose(clean.moment[loaded], given.moment[loaded], atol=1e-9)
    assert "turned into a centre of pressure" in texts(notes, "repaired")


def test_short_holes_are_bridged_and_long_ones_left() -> None:
    force = plate().force.copy()
    force[400:410] = np.nan
    force[600:700] = np.nan
    (clean,), notes = clean_plates((plate(force=force),))
    np.testing.assert_allclose(clean.force[400:410, 1], STEP[400:410], rtol=1e-3)
    assert np.isnan(clean.force[600:700]).all()
    assert "from 0.400 to 0.409 s: 1 short holes" in texts(notes, "repaired")
    assert "from 0.600 to 0.699 s: force is missing" in texts(notes, "warning")


def test_a_force_without_a_point_is_warned() -> None:
    point = plate().point.copy()
    point[500:520] = np.nan
    _, notes = clean_plates((plate(point=point),))
    assert "from 0.500 to 0.519 s: bears force at 20 samples without a point" in texts(notes, "warning")
