"""Functions of one coordinate: values and derivatives against SciPy, OpenSim and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from gerdy.errors import InputError
from gerdy.mechanics.functions import evaluate, pieces_of, scaled, value
from gerdy.mechanics.model import Constant, Function, Linear, Piecewise, Polynomial, Spline

# SimmSpline of OpenSim 4.6, through five points and through the first three of them.
X, Y = (-1.0, 0.0, 0.3, 1.0, 2.0), (0.0, 1.0, -1.0, 0.5, 3.0)
FIVE = {
    -1.5: -8.526915456614166,
    -0.7: 3.208035261008719,
    0.1: 0.2324711347953815,
    0.5: -1.3632657565840594,
    1.7: 3.553561968877608,
    2.5: 0.5013230432886093,
}
THREE = {
    -1.5: -3.448717948717949,
    -0.7: 1.5384615384615385,
    0.1: 0.45128205128205123,
    0.5: -2.6871794871794874,
}

numbers = st.floats(-3.0, 3.0, allow_subnormal=False)


@st.composite
def functions(draw: st.DrawFn, smooth: bool = False) -> Function:
    kinds = ["constant", "linear", "polynomial", "spline"] + ([] if smooth else ["piecewise"])
    kind = draw(st.sampled_from(kinds))
    if kind == "constant":
        return Constant(draw(numbers))
    if kind == "linear":
        return Linear(draw(numbers), draw(numbers))
    if kind == "polynomial":
        return Polynomial(tuple(draw(st.lists(numbers, min_size=1, max_size=6))))
    steps = draw(st.lists(st.floats(0.2, 1.5), min_size=2, max_size=8))
    x = tuple(float(v) for v in draw(numbers) + np.cumsum(steps))
    y = tuple(draw(st.lists(numbers, min_size=len(x), max_size=len(x))))
    return Spline(x, y) if kind == "spline" else Piecewise(x, y)


def at(function: Function, x: float) -> tuple[float, float, float]:
    return evaluate(pieces_of([function]), 0, x)


@pytest.mark.parametrize(("count", "expected"), [(5, FIVE), (3, THREE)])
def test_splines_are_those_of_opensim(count: int, expected: dict[float, float]) -> None:
    spline = Spline(X[:count], Y[:count])
    for x, y in expected.items():
        assert value(spline, x) == pytest.approx(y, abs=1e-13)


@given(st.lists(st.floats(0.2, 1.5), min_size=4, max_size=9), st.data())
def test_splines_agree_with_scipy_where_the_ends_are_told(steps: list[float], data: st.DataObject) -> None:
    x = np.cumsum(steps)
    y = np.array(data.draw(st.lists(numbers, min_size=len(x), max_size=len(x))))
    spline = Spline(tuple(x.tolist()), tuple(y.tolist()))
    ends = [(1, at(spline, float(x[i]))[1]) for i in (0, -1)]
    reference = CubicSpline(x, y, bc_type=tuple(ends))
    for point in np.linspace(x[0], x[-1], 23):
        ours = at(spline, float(point))
        assert ours[:2] == pytest.approx([float(reference(point, order)) for order in (0, 1)], abs=1e-9)
        if point < x[-1]:
            assert ours[2] == pytest.approx(float(reference(point, 2)), abs=1e-8)


@given(st.lists(numbers, min_size=4, max_size=4), st.lists(st.floats(0.2, 1.5), min_size=4, max_size=8))
def test_a_spline_through_points_of_a_cubic_is_that_cubic(cubic: list[float], steps: list[float]) -> None:
    x = np.cumsum(steps)
    spline = Spline(tuple(x.tolist()), tuple(np.polyval(cubic, x).tolist()))
    for point in np.linspace(x[0], x[-1], 11):
        assert value(spline, float(point)) == pytest.approx(float(np.polyval(cubic, point)), abs=1e-9)


@given(functions(smooth=True), st.floats(-4.0, 12.0))
def test_derivatives_are_those_of_the_values(function: Function, x: float) -> None:
    step = 1e-5
    knots = function.x if isinstance(function, Spline) else ()
    assume(
        all(abs(x - knot) > 2 * step for knot in knots)
    )  # the second derivative jumps where straight ends begin
    low, here, high = (at(function, x + shift) for shift in (-step, 0.0, step))
    size = 1.0 + max(abs(v) for v in (*low, *here, *high))
    assert here[1] == pytest.approx((high[0] - low[0]) / (2 * step), abs=1e-6 * size)
    assert here[2] == pytest.approx((high[1] - low[1]) / (2 * step), abs=1e-5 * size)


@given(functions(), st.floats(-4.0, 12.0), numbers)
def test_scaled_functions_are_multiples(function: Function, x: float, factor: float) -> None:
    many, one = at(scaled(function, factor), x), at(function, x)
    assert many == pytest.approx(tuple(factor * v for v in one), rel=1e-9, abs=1e-9)


@given(st.lists(functions(), min_size=1, max_size=5), st.floats(-4.0, 12.0))
def test_a_table_holds_each_function_as_it_is_alone(many: list[Function], x: float) -> None:
    table = pieces_of(many)
    for f, function in enumerate(many):
        assert evaluate(table, f, x) == pytest.approx(at(function, x), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("kind", [Spline, Piecewise])
def test_both_ends_run_on_straight(kind: type[Spline] | type[Piecewise]) -> None:
    function = kind(X, Y)
    for end, away in ((X[0], -1.0), (X[-1], 1.0)):
        slope = (value(function, end + away) - value(function, end)) / away
        assert value(function, end + 7 * away) == pytest.approx(
            value(function, end) + 7 * away * slope, abs=1e-12
        )
        assert at(function, end + 3 * away)[2] == 0.0
    for x, y in zip(X, Y, strict=True):
        assert value(function, x) == pytest.approx(y, abs=1e-14)


def test_straight_pieces_are_interpolation() -> None:
    for x in np.linspace(X[0], X[-1], 31):
        assert value(Piecewise(X, Y), float(x)) == pytest.approx(float(np.interp(x, X, Y)), abs=1e-14)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (Polynomial(()), "at least one coefficient"),
        (Spline((0.0,), (1.0,)), "two or more points"),
        (Spline((0.0, 0.0), (1.0, 2.0)), "rising x"),
        (Piecewise((0.0, 1.0), (1.0,)), "as many y as x"),
    ],
)
def test_what_is_no_function_is_refused(function: Function, words: str) -> None:
    with pytest.raises(InputError, match=words):
        pieces_of([function])
