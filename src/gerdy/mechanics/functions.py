"""Functions of one coordinate as piecewise polynomials: one kernel evaluates all of them, with two derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.compiling import compiled
from gerdy.mechanics.model import Constant, Function, Linear, Piecewise, Polynomial, Spline

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class Pieces(NamedTuple):
    """Many piecewise polynomials in one table.

    ``start`` of piece p and its ``coefficient`` (p, k), highest power first, in powers of x - start; function f owns
    the pieces ``first[f]`` to ``first[f + 1] - 1``. Below its first and above its last piece a function goes on
    with that piece.
    """

    start: Array
    coefficient: Array
    first: Index


@compiled
def evaluate(table: Pieces, f: int, x: float) -> tuple[float, float, float]:
    """Return value, first and second derivative of function ``f`` at ``x``."""
    low, high = table.first[f], table.first[f + 1] - 1
    while low < high:
        middle = (low + high + 1) // 2
        if table.start[middle] <= x:
            low = middle
        else:
            high = middle - 1
    h = x - table.start[low]
    value, slope, half_bend = 0.0, 0.0, 0.0
    for k in range(table.coefficient.shape[1]):
        half_bend = half_bend * h + slope
        slope = slope * h + value
        value = value * h + table.coefficient[low, k]
    return value, slope, 2.0 * half_bend


def pieces_of(functions: Sequence[Function]) -> Pieces:
    """Return the table of these functions.

    Raises
    ------
    InputError
        For a spline whose x do not rise, or a polynomial without coefficients.
    """
    starts, coefficients, first = [], [], [0]
    for function in functions:
        start, coefficient = _pieces(function)
        starts.append(start)
        coefficients.append(coefficient)
        first.append(first[-1] + len(start))
    width = max((rows.shape[1] for rows in coefficients), default=1)
    padded = [np.pad(rows, ((0, 0), (width - rows.shape[1], 0))) for rows in coefficients]
    return Pieces(
        np.concatenate(starts) if starts else np.zeros(0),
        np.ascontiguousarray(np.concatenate(padded)) if padded else np.zeros((0, 1)),
        np.asarray(first, dtype=np.int64),
    )


def value(function: Function, x: float) -> float:
    """Return the value of one function."""
    return float(evaluate(pieces_of([function]), 0, x)[0])


def scaled(function: Function, factor: float) -> Function:
    """Return ``factor`` times a function."""
    match function:
        case Constant(value=constant):
            return Constant(constant * factor)
        case Linear(slope=slope, intercept=intercept):
            return Linear(slope * factor, intercept * factor)
        case Polynomial(coefficients=coefficients):
            return Polynomial(tuple(factor * c for c in coefficients))
        case Spline(x=x, y=y):
            return Spline(x, tuple(factor * v for v in y))
        case Piecewise(x=x, y=y):
            return Piecewise(x, tuple(factor * v for v in y))


def _pieces(function: Function) -> tuple[Array, Array]:
    match function:
        case Constant(value=constant):
            return np.zeros(1), np.array([[constant]])
        case Linear(slope=slope, intercept=intercept):
            return np.zeros(1), np.array([[slope, intercept]])
        case Polynomial(coefficients=coefficients):
            if not coefficients:
                raise InputError("polynomial: needs at least one coefficient.")
            return np.zeros(1), np.array([coefficients], dtype=float)
        case Spline(x=x, y=y):
            return _smooth(*_points(x, y))
        case Piecewise(x=x, y=y):
            return _straight(*_points(x, y))


def _points(x: Sequence[float], y: Sequence[float]) -> tuple[Array, Array]:
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(xs) != len(ys) or len(xs) < 2 or not np.all(np.diff(xs) > 0):
        raise InputError("spline: needs two or more points with rising x, as many y as x.")
    return xs, ys


def _straight(x: Array, y: Array) -> tuple[Array, Array]:
    slope = np.diff(y) / np.diff(x)
    return x[:-1], np.column_stack([slope, y[:-1]])


def _smooth(x: Array, y: Array) -> tuple[Array, Array]:
    if len(x) == 2:
        return _straight(x, y)
    n = len(x)
    step, rise = np.diff(x), np.diff(y) / np.diff(x)
    system, right = np.zeros((n, n)), np.zeros(n)
    for i in range(1, n - 1):
        system[i, i - 1 : i + 2] = step[i - 1], 2.0 * (step[i - 1] + step[i]), step[i]
        right[i] = rise[i] - rise[i - 1]
    system[0, :2] = -step[0], step[0]
    system[-1, -2:] = step[-1], -step[-1]
    if n > 3:
        early = right[2] / (x[3] - x[1]) - right[1] / (x[2] - x[0])
        late = right[-2] / (x[-1] - x[-3]) - right[-3] / (x[-2] - x[-4])
        right[0] = early * step[0] ** 2 / (x[3] - x[0])
        right[-1] = -late * step[-1] ** 2 / (x[-1] - x[-4])
    bend = np.linalg.solve(system, right)  # a sixth of the second derivative
    slope = rise - step * (2.0 * bend[:-1] + bend[1:])
    inner = np.column_stack([np.diff(bend) / step, 3.0 * bend[:-1], slope, y[:-1]])
    last = slope[-1] + 3.0 * step[-1] * (bend[-2] + bend[-1])
    before = np.array([[0.0, 0.0, slope[0], y[0] - slope[0] * step[0]]])
    after = np.array([[0.0, 0.0, last, y[-1]]])
    start = np.concatenate([[x[0] - step[0]], x[:-1], [x[-1]]])
    return start, np.concatenate([before, inner, after])
