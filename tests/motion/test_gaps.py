from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion.samples import NAMES, Array, body, texts
from scipy.interpolate import CubicSpline

from gerdy.motion.gaps import cubic_spline, fill_gaps, runs
from gerdy.motion.recording import Markers

TIME, PLACE = body(100)


def with_gap(first: int, last: int, marker: int = 0) -> Markers:
    place = PLACE.copy()
    place[first : last + 1, marker] = np.nan
    return Markers(TIME, NAMES, place)


def test_a_short_gap_is_filled_close_to_the_truth() -> None:
    markers, notes = fill_gaps(with_gap(40, 48))
    np.testing.assert_allclose(markers.position, PLACE, atol=1e-4)
    assert "C7 from 0.400 to 0.480 s: 1 gap up to 0.1 s filled by a cubic spline" in texts(notes, "repaired")


def test_the_longest_gap_is_a_tenth_of_a_second() -> None:
    assert np.isfinite(fill_gaps(with_gap(40, 49))[0].position).all()
    markers, notes = fill_gaps(with_gap(40, 50))
    assert np.isnan(markers.position[40:51, 0]).all()
    assert "from 0.400 to 0.500 s: a gap longer" in texts(notes, "warning")
    assert np.isfinite(fill_gaps(with_gap(40, 50), longest=0.2)[0].position).all()


@pytest.mark.parametrize(("first", "last"), [(0, 2), (97, 99)])
def test_ends_are_never_guessed(first: int, last: int) -> None:
    markers, notes = fill_gaps(with_gap(first, last))
    assert np.isnan(markers.position[first : last + 1, 0]).all()
    assert "at an end of the recording" in texts(notes, "warning")


def test_a_marker_hardly_seen_is_left_out_and_warned() -> None:
    markers, notes = fill_gaps(with_gap(5, 99))
    assert markers.names == NAMES[1:]
    assert "C7: seen in only 5 % of the frames" in texts(notes, "warning")


def test_many_markers_with_gaps_are_told_of_together() -> None:
    place = PLACE.copy()
    place[20:60, :8] = np.nan
    notes = fill_gaps(Markers(TIME, NAMES, place))[1]
    assert len(notes) == 1
    assert "8 markers (C7, RASI" in str(notes[0])


def test_whole_markers_come_back_as_they_are() -> None:
    markers, notes = fill_gaps(Markers(TIME, NAMES, PLACE))
    np.testing.assert_array_equal(markers.position, PLACE)
    assert not notes


@given(st.lists(st.booleans(), max_size=30))
def test_runs_cover_exactly_what_is_true(mask: list[bool]) -> None:
    again = np.zeros(len(mask), dtype=bool)
    for first, last in runs(np.array(mask, dtype=bool)):
        again[first : last + 1] = True
    assert again.tolist() == mask


@settings(max_examples=50)
@given(st.lists(st.floats(-5, 5), min_size=5, max_size=10), st.integers(0, 1000))
def test_the_spline_is_that_of_scipy(y: list[float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    x: Array = np.cumsum(rng.uniform(0.01, 1.0, len(y)))
    values = np.stack([np.array(y), np.array(y)[::-1]], axis=1)
    at = rng.uniform(x[0], x[-1], 20)
    np.testing.assert_allclose(
        cubic_spline(x, values, at), CubicSpline(x, values, bc_type="natural")(at), atol=1e-9
    )
