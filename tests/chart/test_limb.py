"""The skin is a closed, believable surface in limb coordinates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy.chart.limb import CHAIN, SEGMENTS, hermite, limb, point, segment_of, side_of
from gerdy.errors import InputError, UnknownIdError

unit = st.floats(0.0, 1.0)
turn = st.floats(0.0, 360.0)


@given(st.sampled_from(SEGMENTS), unit, st.floats(0.0, 180.0))
def test_left_is_the_mirror_image_of_right(segment: str, along: float, around: float) -> None:
    right, left = point(segment, along, around), point(segment, along, around, side="left")
    assert np.allclose(left, right * [1.0, 1.0, -1.0])


@given(unit, turn)
def test_a_full_turn_comes_back(along: float, around: float) -> None:
    assert np.allclose(point("thigh", along, around), point("thigh", along, around + 360.0))


@pytest.mark.parametrize(("above", "below"), [("low_back", "pelvis"), ("thigh", "knee"), ("knee", "leg")])
def test_segments_meet_without_a_gap(above: str, below: str) -> None:
    angles = np.linspace(0.0, 180.0, 13)
    assert np.allclose(point(above, 1.0, angles), point(below, 0.0, angles), atol=1e-9)


def test_directions_are_front_outer_back_inner() -> None:
    centre = limb()["leg"].section(0.3)[1:3]
    front, outer, back, inner = point("leg", 0.3, [0.0, 90.0, 180.0, 270.0])
    assert front[0] > centre[0] > back[0]
    assert outer[2] > centre[1] > inner[2]


def test_the_limb_stands_on_the_floor_and_has_adult_lengths() -> None:
    sole = point("foot", np.linspace(0, 1, 50)[:, None], np.linspace(0, 360, 40))
    assert abs(sole[..., 1].min()) < 0.005
    assert 0.24 < limb()["foot"].length < 0.28
    assert sum(limb()[name].length for name in CHAIN) == pytest.approx(0.715, abs=0.01)
    assert point("knee", 0.5, 90.0)[1] == pytest.approx(0.285 * 1.70, abs=0.01)


def test_the_trunk_ends_at_the_midline() -> None:
    assert point("pelvis", 0.4, [0.0, 180.0])[:, 2] == pytest.approx([0.0, 0.0], abs=1e-12)


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=8), unit)
def test_interpolation_never_leaves_the_neighbouring_values(values: list[float], at: float) -> None:
    knots = np.linspace(0.0, 1.0, len(values))
    found = hermite(knots, np.array(values)[:, None], np.array(at))[0]
    low = min(int(at * (len(values) - 1)), len(values) - 2)
    pair = values[low : low + 2]
    assert min(pair) - 1e-9 <= found <= max(pair) + 1e-9


def test_a_wrong_segment_is_told_with_a_suggestion() -> None:
    with pytest.raises(UnknownIdError, match=r"did you mean .?thigh"):
        segment_of("thig")


@pytest.mark.parametrize(("given_side", "side"), [("R", "right"), ("left", "left"), (" Right ", "right")])
def test_sides_are_read_generously(given_side: str, side: str) -> None:
    assert side_of(given_side) == side


def test_another_side_is_refused() -> None:
    with pytest.raises(InputError, match="right or left; got 'both'"):
        side_of("both")
