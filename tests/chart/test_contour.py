"""Contours close, keep their area and become smooth paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy.chart.contour import blur, contours, open_path, path, resample
from gerdy.chart.limb import Floats


def area(loop: Floats) -> float:
    after = np.roll(loop, -1, axis=0)
    return 0.5 * float(np.sum(loop[:, 0] * after[:, 1] - after[:, 0] * loop[:, 1]))


@given(st.floats(4, 12), st.floats(4, 12))
def test_the_contour_of_an_ellipse_has_its_area(a: float, b: float) -> None:
    y, x = np.indices((40, 40), dtype=float)
    inside = 1.0 - np.hypot((x - 20) / a, (y - 19) / b)
    (loop,) = contours(inside, 0.0)
    assert abs(area(loop)) == pytest.approx(np.pi * a * b, rel=0.05)
    assert loop.mean(axis=0) == pytest.approx([20, 19], abs=0.3)


def test_a_hole_runs_the_other_way() -> None:
    ring = np.zeros((30, 30))
    ring[5:25, 5:25] = 1
    ring[12:18, 12:18] = 0
    signs = sorted(np.sign(area(loop)) for loop in contours(ring, 0.5))
    assert signs == [-1, 1]


def test_areas_at_the_edge_are_closed() -> None:
    assert len(contours(np.ones((6, 8)), 0.5)) == 1


def test_two_areas_are_two_curves() -> None:
    spots = np.zeros((20, 20))
    spots[3:7, 3:7] = spots[12:17, 10:18] = 1
    assert len(contours(spots, 0.5)) == 2
    assert contours(np.zeros((5, 5)), 0.5) == []


def test_blur_keeps_the_sum_and_spreads() -> None:
    spot = np.zeros((41, 41))
    spot[20, 20] = 1
    soft = blur(spot, 3.0)
    assert soft.sum() == pytest.approx(1.0)
    assert soft.max() < 0.03


def test_resampling_keeps_the_shape() -> None:
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    circle = 10 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    found = resample(circle, 2.0)
    assert len(found) == 31
    assert np.hypot(*found.T) == pytest.approx(10, abs=0.02)


def test_paths_are_closed_or_open() -> None:
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]])
    assert path([square]).startswith("M0.0 2.0Q")
    assert path([square]).endswith("Z")
    assert open_path(square) == "M0.0 0.0Q4.0 0.0 4.0 2.0 4.0 4.0 0.0 4.0"
    assert open_path(square[:2]) == "M0.0 0.0L4.0 0.0"
    assert path([]) == ""
