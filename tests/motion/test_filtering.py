from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import recordings
from scipy.interpolate import make_interp_spline
from scipy.signal import butter, sosfiltfilt

from gerdy.errors import InputError
from gerdy.motion import filtering
from gerdy.motion.filtering import butterworth, lowpass, runs, smooth
from gerdy.motion.recording import Array, NoteKind

RATE = 100.0
INSIDE = slice(40, -40)


def wander(seed: int, frames: int = 300, columns: int = 3) -> tuple[Array, Array]:
    """A random walk: power at all frequencies, ends that do not meet."""
    walk = np.random.default_rng(seed).normal(size=(frames, columns)).cumsum(axis=0)
    return np.arange(frames) / RATE, walk


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.integers(1, 6), cutoff=st.floats(3.0, 40.0))
def test_the_filter_is_that_of_scipy(seed: int, order: int, cutoff: float) -> None:
    time, walk = wander(seed)
    sections = butter(order, cutoff, fs=RATE, output="sos")
    expected = sosfiltfilt(sections, walk, axis=0, padlen=len(walk) - 1)
    assert np.abs(smooth(time, walk, cutoff, order).value - expected).max() < 1e-6


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_derivatives_are_those_of_an_interpolating_quintic_spline(seed: int) -> None:
    time, walk = wander(seed)
    spline = make_interp_spline(time, walk, k=5)
    found = smooth(time, walk, None)
    assert np.abs(found.value - walk).max() < 1e-9
    assert np.abs(found.speed - spline(time, 1))[INSIDE].max() < 1e-8 * np.abs(found.speed).max()
    assert (
        np.abs(found.acceleration - spline(time, 2))[INSIDE].max() < 1e-8 * np.abs(found.acceleration).max()
    )


def test_agrees_with_what_opensim_4_6_gives_for_a_real_trial() -> None:
    text = recordings("opencap_subject4", "squats1_ik.mot").read_text()
    rows = [line.split() for line in text.split("endheader")[1].strip().splitlines()]
    table = np.array(rows[1:], dtype=np.float64)
    found = smooth(table[:, 0], table[:, 1:], 6.0, names=rows[0][1:])
    column = rows[0].index("knee_angle_r") - 1
    # Storage padded by half its length, lowpassIIR(6), GCVSplineSet(5): frame, value, speed, acceleration.
    for frame, value, speed, acceleration in OPENSIM:
        assert found.value[frame, column] == pytest.approx(value, abs=1e-9)
        assert found.speed[frame, column] == pytest.approx(speed, abs=1e-8)
        assert found.acceleration[frame, column] == pytest.approx(acceleration, abs=1e-6)


OPENSIM = [
    (100, 1.437678329809, 1.512398275952, -2.7479982362),
    (400, 1.671124888752, -0.240515166931, -3.4185085246),
    (900, 1.469153673923, 0.867072141741, -3.3877160830),
    (1200, 1.560834807712, 0.532881664212, -2.0851892617),
]


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_the_gain_at_the_cut_off_is_one_half(order: int) -> None:
    time = np.arange(2000) / RATE
    wave = np.sin(2.0 * np.pi * 6.0 * time)
    passed = smooth(time, wave, 6.0, order).value[500:-500]
    assert passed.max() == pytest.approx(0.5, abs=2e-3)


def test_slow_waves_pass_with_their_derivatives_and_without_delay() -> None:
    time = np.arange(1000) / RATE
    turn = 2.0 * np.pi * 0.5
    found = smooth(time, np.sin(turn * time), 6.0)
    assert np.abs(found.value - np.sin(turn * time))[100:-100].max() < 1e-5
    assert np.abs(found.speed - turn * np.cos(turn * time))[100:-100].max() < 1e-5 * turn
    assert np.abs(found.acceleration + turn**2 * np.sin(turn * time))[100:-100].max() < 2e-5 * turn**2


@given(start=st.floats(-10, 10), slope=st.floats(-10, 10), frames=st.integers(18, 200))
@settings(max_examples=40, deadline=None)
def test_straight_lines_come_through_whole(start: float, slope: float, frames: int) -> None:
    time = 3.0 + np.arange(frames) / RATE
    found = smooth(time, start + slope * time, 6.0)
    assert np.allclose(found.value, start + slope * time, atol=1e-9)
    assert np.allclose(found.speed, slope, atol=1e-6)
    assert np.allclose(found.acceleration, 0.0, atol=1e-4)


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_backward_is_the_same_movement_backward(seed: int) -> None:
    time, walk = wander(seed)
    ahead, back = smooth(time, walk, 6.0), smooth(time, walk[::-1], 6.0)
    assert np.abs(ahead.value - back.value[::-1])[INSIDE].max() < 1e-3
    assert np.abs(ahead.speed + back.speed[::-1])[INSIDE].max() < 1e-1


def test_one_column_comes_back_flat() -> None:
    time, walk = wander(1)
    flat = smooth(time, walk[:, 0], 6.0)
    assert flat.value.shape == flat.speed.shape == flat.acceleration.shape == (300,)
    assert np.array_equal(flat.value, smooth(time, walk, 6.0).value[:, 0])


def test_compiled_and_plain_kernels_agree() -> None:
    _, walk = wander(2, frames=60)
    sections = butterworth(6.0, RATE)
    for kernel, more in ((filtering._both_ways, sections), (filtering._spline, np.array(filtering.ROOTS))):
        fast, plain = walk.copy(), walk.copy()
        kernel(fast, more)
        getattr(kernel, "py_func", kernel)(plain, more)
        assert np.abs(fast - plain).max() < 1e-9


def test_times_rounded_in_the_file_are_even() -> None:
    time = np.round(np.arange(200) / 60.0, 3)
    found = smooth(time, np.sin(time), 6.0)
    assert found.notes == ()


def test_uneven_times_are_resampled_and_said_so() -> None:
    generator = np.random.default_rng(3)
    time = np.arange(600) / RATE + generator.uniform(-0.003, 0.003, 600)
    found = smooth(time, np.sin(2.0 * time), 6.0)
    assert [note.kind for note in found.notes] == [NoteKind.REPAIRED]
    assert np.abs(found.value - np.sin(2.0 * time))[60:-60].max() < 2e-4
    assert np.abs(found.speed - 2.0 * np.cos(2.0 * time))[60:-60].max() < 5e-3
    assert np.array_equal(found.time, time)


def test_a_hole_in_the_times_is_a_warning_with_its_place() -> None:
    time = np.concatenate([np.arange(100), np.arange(130, 300)]) / RATE
    (note,) = smooth(time, np.sin(time), 6.0).notes
    assert note.kind is NoteKind.WARNING
    assert note.time is not None
    assert note.time == pytest.approx((0.99, 1.30))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"values": np.where(np.arange(100) == 40, np.nan, 1.0)}, "knee: 1 of 100 frames .* first at 0.400 s"),
        ({"cutoff_hz": 50.0}, "below 50 Hz"),
        ({"cutoff_hz": 0.0}, "above 0"),
        ({"cutoff_hz": -1.0}, "above 0"),
        ({"order": 0}, "order"),
        ({"time": np.arange(100) // 2 / RATE}, "must rise"),
        ({"time": np.arange(99) / RATE}, "one row for each of 99"),
        ({"names": ["a", "b"]}, "names: must name each of 1 columns"),
        ({"time": np.arange(10) / RATE, "values": np.zeros(10)}, "at least 18 frames"),
        ({"time": np.arange(3) / RATE, "values": np.zeros(3), "cutoff_hz": None}, "at least 4 frames"),
        ({"time": np.where(np.arange(100) == 7, np.nan, np.arange(100))}, "frame 8 has no time"),
        ({"time": np.zeros(1), "values": np.zeros(1)}, "at least 2 frames"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_its_place(change: dict[str, object], words: str) -> None:
    given_ = {
        "time": np.arange(100) / RATE,
        "values": np.ones(100),
        "cutoff_hz": 6.0,
        "names": ["knee"],
        **change,
    }
    with pytest.raises(InputError, match=words):
        smooth(**given_)  # type: ignore[arg-type]


def step_force(frames: int = 1000, rate: float = 1000.0) -> tuple[Array, Array]:
    """Three contacts of 0.2 s, half a sine of 1500 N each, with a sharp landing on top."""
    time = np.arange(frames) / rate
    force = np.zeros((frames, 3))
    for start in (100, 400, 700):
        part = np.arange(200) / 200.0
        force[start : start + 200, 1] = 1500.0 * np.sin(np.pi * part) + 400.0 * np.exp(-part * 30.0)
    return time, force


def test_unloaded_stays_zero_and_contact_keeps_its_length() -> None:
    time, force = step_force()
    found = lowpass(time, force, 20.0)
    unloaded = force[:, 1] == 0.0
    assert np.array_equal(found[unloaded], force[unloaded])
    assert runs(found[:, 1] != 0.0) == runs(~unloaded)
    assert found.sum() == pytest.approx(force.sum(), rel=0.02)
    assert np.abs(np.diff(found[:, 1])[110:290]).max() < 30.0


def test_points_of_force_may_be_missing_where_nothing_is_loaded() -> None:
    time, force = step_force()
    point = np.where(force[:, [1]] > 0.0, np.sin(20.0 * time)[:, None], np.nan)
    found = lowpass(time, point, 20.0)
    assert np.array_equal(np.isnan(found), np.isnan(point))
    with pytest.raises(InputError, match="no value"):
        lowpass(time, point, 20.0, loaded=np.ones(len(time), dtype=bool))


def test_a_force_that_never_ends_is_filtered_like_a_signal() -> None:
    time, walk = wander(5)
    walk += 1000.0
    expected = sosfiltfilt(butter(3, 10.0, fs=RATE, output="sos"), walk, axis=0, padlen=len(walk) - 1)
    assert np.abs(lowpass(time, walk, 10.0) - expected).max() < 1e-5


def test_short_touches_are_left_alone() -> None:
    time = np.arange(50) / RATE
    force = np.where((time > 0.2) & (time < 0.23), 300.0, 0.0)
    assert np.array_equal(lowpass(time, force, 6.0), force)


def test_uneven_forces_and_wrong_masks_are_refused() -> None:
    time, force = step_force()
    with pytest.raises(InputError, match="evenly spaced"):
        lowpass(np.where(np.arange(1000) > 500, time + 0.3, time), force, 20.0)
    with pytest.raises(InputError, match="loaded"):
        lowpass(time, force, 20.0, loaded=np.ones(3, dtype=bool))


@given(mask=st.lists(st.booleans(), min_size=1, max_size=40))
def test_runs_cover_what_is_true_and_nothing_else(mask: list[bool]) -> None:
    found = np.zeros(len(mask), dtype=bool)
    for start, stop in runs(np.array(mask)):
        assert stop > start
        found[start:stop] = True
    assert found.tolist() == mask
