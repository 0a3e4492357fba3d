from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion.samples import Array

from gerdy.motion.recording import Plate
from gerdy.motion.resampling import resample


def made(time: Array, vertical: Array) -> Plate:
    force = np.stack([0.1 * vertical, vertical, -0.05 * vertical], axis=1)
    point = np.stack([0.2 + 0.1 * time, 0 * time, 0.1 + 0 * time], axis=1)
    return Plate("1", time, force, point, np.stack([0 * time, 0.02 * vertical, 0 * time], axis=1))


def test_slow_signals_pass_unchanged() -> None:
    time, frames = np.arange(4000) / 2000, np.arange(20, 180) / 100
    wrench = resample(made(time, 700 + 100 * np.sin(2 * np.pi * 5 * time)), frames)
    expected = made(frames, 700 + 100 * np.sin(2 * np.pi * 5 * frames))
    assert wrench.filtered
    np.testing.assert_allclose(wrench.force, expected.force, rtol=2e-3)
    np.testing.assert_allclose(wrench.point, expected.point, atol=1e-4)
    np.testing.assert_allclose(
        wrench.about_origin, np.cross(expected.point, expected.force) + expected.moment, rtol=3e-3, atol=0.1
    )


def test_what_would_alias_is_taken_out() -> None:
    time, frames = np.arange(4000) / 2000, np.arange(20, 180) / 100
    # 101 Hz seen at 100 frames a second would look like 1 Hz.
    wrench = resample(made(time, 700 + 100 * np.sin(2 * np.pi * 101 * time)), frames)
    np.testing.assert_allclose(wrench.force[:, 1], 700, atol=3.0)


def test_contact_does_not_leak_into_the_time_without() -> None:
    time, frames = np.arange(2000) / 2000, np.arange(100) / 100
    vertical = np.where((time >= 0.3) & (time <= 0.6), 900.0, 0.0)
    wrench = resample(made(time, vertical), frames)
    loaded = wrench.force[:, 1] > 20
    assert np.flatnonzero(loaded)[[0, -1]].tolist() == [30, 60]
    np.testing.assert_allclose(wrench.force[31:60, 1], 900.0, rtol=1e-6)
    np.testing.assert_allclose(wrench.force[~loaded], 0.0, atol=1e-9)


def test_the_same_clock_gives_the_same_numbers() -> None:
    time = np.arange(100) / 100
    plate = made(time, 500 + 50 * np.cos(40 * time))
    wrench = resample(plate, time)
    assert not wrench.filtered
    np.testing.assert_allclose(wrench.force, plate.force, rtol=1e-9)
    np.testing.assert_allclose(wrench.point, plate.point, rtol=1e-9)


def test_outside_the_recording_nothing_is_known() -> None:
    time = np.arange(1000) / 1000
    wrench = resample(made(time, np.full(1000, 500.0)), np.arange(-20, 130) / 100)
    assert wrench.known.tolist() == [0 <= i <= 99 for i in range(-20, 130)]
    assert not wrench.force[~wrench.known].any()


def test_missing_force_is_not_known() -> None:
    time = np.arange(1000) / 1000
    plate = made(time, np.full(1000, 500.0))
    plate.force[400:500] = np.nan
    known = resample(plate, np.arange(100) / 100).known
    assert not known[40:50].any()
    assert known[:39].all()
    assert known[51:].all()


@settings(max_examples=30, deadline=None)
@given(st.floats(0.2, 3.0), st.integers(0, 2**31))
def test_uneven_clocks_give_the_same_as_even_ones(rate: float, seed: int) -> None:
    even = np.arange(1000) / 1000
    uneven = even + np.random.default_rng(seed).uniform(-2e-4, 2e-4, 1000)
    frames = np.arange(10, 90) / 100
    a = resample(made(even, 600 + 50 * np.sin(rate * 6 * even)), frames)
    b = resample(made(uneven, 600 + 50 * np.sin(rate * 6 * uneven)), frames)
    np.testing.assert_allclose(a.force, b.force, rtol=2e-3)


@pytest.mark.parametrize("samples", [1, 2, 3, 5])
def test_few_samples_are_enough(samples: int) -> None:
    time = np.arange(samples) / 100
    wrench = resample(made(time, np.full(samples, 300.0)), time)
    np.testing.assert_allclose(wrench.force[:, 1], 300.0)
