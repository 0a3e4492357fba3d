"""How a muscle's force depends on length and speed: the curves of Millard 2013 and Thelen 2003, exact and as tables.

Lengths are in optimal fibre lengths, fibre speeds in the greatest shortening speed, tendon as strain, forces in the
greatest isometric force. An exact curve is made once; kernels read it from a table of cubics through its values and
slopes on a uniform grid (``curve``), which is within 1e-7 of it.

Sources: Millard M, Uchida T, Seth A, Delp SL. Flexing computational muscle: modeling and simulation of musculotendon
dynamics. J Biomech Eng 2013;135:021005 (curves of quintic Bezier corners; their control points follow OpenSim 4.6).
Thelen DG. Adjustment of muscle mechanics model parameters to simulate dynamic contractions in older adults. J Biomech
Eng 2003;125:70-77.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gerdy.errors import InputError
from gerdy.mechanics.compiling import compiled
from gerdy.mechanics.model import CurveKind, Curves

Floats = NDArray[np.float64]
PIECES = 1024  # derived: leaves every shipped curve within 1e-7 of the exact one; half as many do not
ACTIVE, VELOCITY, PASSIVE, TENDON = range(4)
NAMES = ("active", "velocity", "passive", "tendon")


class CurveTables(NamedTuple):
    """Curves as cubics on uniform grids, for kernels.

    Attributes
    ----------
    grid : (k, 5) first x, step, steps per unit of x, slope before the first x, slope beyond the last
    pieces : (k, n, 4) cubic of each step in t = 0..1, lowest power first
    """

    grid: Floats
    pieces: Floats


class Exact(NamedTuple):
    """A curve as its author defines it: ``at(x) -> values, slopes`` from ``low`` to ``high``, straight beyond."""

    low: float
    high: float
    below: float
    above: float
    at: Callable[[Floats], tuple[Floats, Floats]]
    kink: float | None = None  # where the slope jumps; at(kink) gives the slope to its right
    before: float = 0.0  # the slope to its left

    def __call__(self, x: ArrayLike) -> tuple[Floats, Floats]:
        """Values and slopes at any x, straight beyond the ends."""
        x = np.asarray(x, dtype=np.float64)
        inner: Floats = np.clip(x, self.low, self.high)
        values, slopes = self.at(inner)
        slopes = np.where(x < self.low, self.below, np.where(x > self.high, self.above, slopes))
        return values + slopes * (x - inner), slopes


@compiled
def curve(tables: CurveTables, which: int, x: float) -> tuple[float, float]:
    """Value and slope of one tabled curve at x; not a number where x is none."""
    first, step, density = tables.grid[which, 0], tables.grid[which, 1], tables.grid[which, 2]
    count = tables.pieces.shape[1]
    position = (x - first) * density
    if not position > 0.0:  # also where x is not a number, which must not become an index
        below = tables.grid[which, 3]
        return tables.pieces[which, 0, 0] + below * (x - first), below
    if position >= count:
        above = tables.grid[which, 4]
        end = tables.pieces[which, count - 1]
        return end[0] + end[1] + end[2] + end[3] + above * (x - first - step * count), above
    j = int(position)
    t = position - j
    c = tables.pieces[which, j]
    value = c[0] + t * (c[1] + t * (c[2] + t * c[3]))
    return value, (c[1] + t * (2.0 * c[2] + t * 3.0 * c[3])) * density


def exact(curves: Curves, which: int) -> Exact:
    """Return one curve (ACTIVE, VELOCITY, PASSIVE or TENDON) exactly as its author defines it.

    Raises
    ------
    InputError
        For parameters that make no such curve.
    """
    return _exact(curves.kind, which, _parameters(curves)[which])


def _exact(kind: CurveKind, which: int, given: tuple[float, ...]) -> Exact:
    if not np.isfinite(given).all():
        raise InputError(f"curves.{NAMES[which]}: every parameter must be a finite number; got {given}.")
    return (_MILLARD if kind is CurveKind.MILLARD else _THELEN)[which](given)


def _parameters(curves: Curves) -> tuple[tuple[float, ...], ...]:
    return curves.active, curves.velocity, curves.passive, curves.tendon


def curve_tables(sets: Sequence[Curves]) -> tuple[CurveTables, NDArray[np.int64]]:
    """Table the curves of many muscles, equal ones once.

    Returns
    -------
    the tables, and (m, 4) which table is each muscle's active, velocity, passive and tendon curve

    Raises
    ------
    InputError
        For parameters that make no curve.
    """
    rows: dict[tuple[CurveKind, int, tuple[float, ...]], int] = {}
    index = np.zeros((len(sets), 4), dtype=np.int64)
    for i, curves in enumerate(sets):
        for which, given in enumerate(_parameters(curves)):
            index[i, which] = rows.setdefault((curves.kind, which, given), len(rows))
    made = [_table(*key) for key in rows]
    grid = np.array([row[0] for row in made]).reshape(-1, 5)
    return CurveTables(grid, np.array([row[1] for row in made]).reshape(-1, PIECES, 4)), index


def check_curves(curves: Curves) -> None:
    """Raise InputError for parameters that make no curve."""
    for which, given in enumerate(_parameters(curves)):
        _table(curves.kind, which, given)


@lru_cache(maxsize=1024)
def _table(kind: CurveKind, which: int, given: tuple[float, ...]) -> tuple[Floats, Floats]:
    shape = _exact(kind, which, given)
    step = (shape.high - shape.low) / PIECES
    if shape.kink is not None:  # a kink must fall between two pieces
        step = (shape.kink - shape.low) / np.floor((shape.kink - shape.low) / step)
    x = shape.low + step * np.arange(PIECES + 1)
    values, right = shape(x)
    left = right.copy()
    if shape.kink is not None:
        left[np.argmin(np.abs(x - shape.kink))] = shape.before
    v0, v1, s0, s1 = values[:-1], values[1:], right[:-1] * step, left[1:] * step
    pieces = np.column_stack([v0, s0, 3 * (v1 - v0) - 2 * s0 - s1, 2 * (v0 - v1) + s0 + s1])
    return np.array([shape.low, step, 1.0 / step, shape.below, shape.above]), pieces


# --- Millard 2013 ----------------------------------------------------------------------------------------------------

Knot = tuple[float, float, float]  # x, y, slope


def _corner(start: Knot, end: Knot, curviness: float, name: str) -> Floats:
    """Control points (6, 2) of a quintic that leaves one line and joins another, bending towards where they cross."""
    (x0, y0, s0), (x1, y1, s1) = start, end
    parallel = abs(s0 - s1) <= np.sqrt(np.finfo(float).eps)
    cross_x = 0.5 * (x0 + x1) if parallel else (y1 - y0 - x1 * s1 + x0 * s0) / (s0 - s1)
    p0, p1 = np.array([x0, y0]), np.array([x1, y1])
    cross = np.array([cross_x, y1 + (cross_x - x1) * s1])
    chord, sides = np.sum((p1 - p0) ** 2), (np.sum((cross - p0) ** 2), np.sum((cross - p1) ** 2))
    if x1 <= x0 or chord <= max(sides):
        raise InputError(
            f"curves.{name}: its slopes and points must make corners that bend one way; "
            f"between x = {x0:.4g} and {x1:.4g} they do not."
        )
    bend = 0.1 + 0.8 * curviness  # neither end of the range may make a straight line or a sharp corner
    near, far = p0 + bend * (cross - p0), p1 + bend * (cross - p1)
    return np.array([p0, near, near, far, far, p1])


def _chain(knots: Sequence[Knot], curviness: Sequence[float], name: str) -> Exact:
    """Join corners through the knots; straight beyond the first and the last."""
    corners = [_corner(a, b, c, name) for a, b, c in zip(knots[:-1], knots[1:], curviness, strict=True)]
    starts = np.array([knot[0] for knot in knots[:-1]])

    def at(x: Floats) -> tuple[Floats, Floats]:
        values, slopes = np.empty_like(x), np.empty_like(x)
        owner = np.clip(np.searchsorted(starts, x, side="right") - 1, 0, len(corners) - 1)
        for j, points in enumerate(corners):
            mine = owner == j
            if mine.any():
                values[mine], slopes[mine] = _bezier(points, x[mine])
        return values, slopes

    return Exact(knots[0][0], knots[-1][0], knots[0][2], knots[-1][2], at)


def _bernstein(points: Floats, u: Floats) -> tuple[Floats, Floats]:
    """One coordinate of a quintic Bezier segment and its derivative by its parameter."""
    w = 1.0 - u
    d = np.diff(points)
    value = w**5 * points[0] + u**5 * points[5]
    for power, weight in ((1, 5), (2, 10), (3, 10), (4, 5)):
        value = value + weight * w ** (5 - power) * u**power * points[power]
    rate = 5 * (
        w**4 * d[0] + 4 * w**3 * u * d[1] + 6 * w**2 * u**2 * d[2] + 4 * w * u**3 * d[3] + u**4 * d[4]
    )
    return value, rate


def _bezier(points: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Value and slope over x: the parameter is found by Newton's method kept within a shrinking bracket."""
    low, high = np.zeros_like(x), np.ones_like(x)
    u = (x - points[0, 0]) / (points[5, 0] - points[0, 0])
    for _ in range(80):
        reached, rate = _bernstein(points[:, 0], u)
        error = reached - x
        low, high = np.where(error < 0, u, low), np.where(error > 0, u, high)
        guess = u - error / np.maximum(rate, 1e-300)
        step = np.where((guess > low) & (guess < high), guess, 0.5 * (low + high))
        step = np.where(error == 0, u, step)
        if np.all(np.abs(step - u) <= 4e-16):
            break
        u = step
    (_, across), (value, rise) = _bernstein(points[:, 0], u), _bernstein(points[:, 1], u)
    return value, rise / across


def _millard_active(given: tuple[float, ...]) -> Exact:
    least, turn, most, slope, floor = _take("active", given, ())
    if not 0 <= least < turn < 1 < most or not 0 <= floor < 1 or not 0 <= slope < (1 - floor) / (1 - turn):
        raise InputError(
            "curves.active: must be least < transition < 1 < most length, a shallow slope from 0 to less than "
            f"(1 - floor) / (1 - transition), and a floor from 0 to less than 1; got {given}."
        )
    half = 0.05  # half the plateau's width in optimal lengths (Millard 2013)
    shoulder = 1 - half
    turn_y = 1 - slope * (shoulder - turn)
    knots = [
        (least, floor, 0.0),
        (0.5 * (least + turn), 0.5 * turn_y, 1.25 * turn_y / (turn - least)),
        (0.5 * (turn + shoulder), 0.5 * (turn_y + 1), slope),
        (1.0, 1.0, 0.0),
        (0.5 * (1 + half + most), 0.5, -1 / (most - 1 - 2 * half)),
        (most, floor, 0.0),
    ]
    return _chain(knots, [1.0] * 5, "active")


def _millard_velocity(given: tuple[float, ...]) -> Exact:
    end_c, near_c, middle, end_e, near_e, top, bend_c, bend_e = _take("velocity", given, ())
    fits = 0 <= end_c < near_c <= 1 < middle and 0 <= end_e <= near_e < top - 1
    if not fits or not 0 <= bend_c <= 1 or not 0 <= bend_e <= 1:
        raise InputError(
            "curves.velocity: must be slopes (0 <= at < near full shortening speed <= 1 < isometric; 0 <= at <= near "
            f"full lengthening speed < top - 1), a top over 1 and two curvinesses from 0 to 1; got {given}."
        )
    near = 0.9  # where the ends' straight pieces begin (Millard 2013)
    knots = [
        (-1.0, 0.0, end_c),
        (-near, 0.5 * (near_c + end_c) * (1 - near), near_c),
        (0.0, 1.0, middle),
        (near, top - 0.5 * (near_e + end_e) * (1 - near), near_e),
        (1.0, top, end_e),
    ]
    return _chain(knots, [bend_c, bend_c, bend_e, bend_e], "velocity")


def _millard_passive(given: tuple[float, ...]) -> Exact:
    zero, one = given[:2] if len(given) > 1 else (0.0, 0.0)
    usual = (0.2, 2.0 / (one - zero), 0.75) if one > zero else ()
    zero, one, low, stiff, bend = _take("passive", given, usual)
    if not one > zero > -1 or not 0 < low < 1 / (one - zero) < stiff or not 0 <= bend <= 1:
        raise InputError(
            "curves.passive: must be strain at zero force over -1 < strain at one, low slope < 1 / their difference < "
            f"slope at one, curviness from 0 to 1; got {given}."
        )
    foot = 1 + zero
    toe = 0.1 * min(1 / stiff, one - zero)
    knots = [(foot, 0.0, 0.0), (foot + toe, low * 0.5 * toe, low), (1 + one, 1.0, stiff)]
    return _chain(knots, [bend, bend], "passive")


def _millard_tendon(given: tuple[float, ...]) -> Exact:
    one = given[0] if given else 0.0
    one, stiff, toe, bend = _take("tendon", given, (1.375 / one, 2.0 / 3.0, 0.5) if one > 0 else ())
    if not one > 0 or not 0 < toe < 1 or not stiff > 1 / one or not 0 <= bend <= 1:
        raise InputError(
            "curves.tendon: must be strain at one over 0, slope over 1 / that strain, force at the toe's end and "
            f"curviness from 0 to 1; got {given}."
        )
    end = (toe - 1) / stiff + one
    foot, middle = 0.1 * end, (0.5 * toe - 1) / stiff + one
    slope = 0.5 * toe / (middle - foot)
    knots = [(0.0, 0.0, 0.0), (0.5 * (foot + middle), 0.25 * toe, slope), (end, toe, stiff)]
    return _chain(knots, [bend, bend], "tendon")


def _take(name: str, given: tuple[float, ...], usual: tuple[float, ...]) -> tuple[float, ...]:
    """Complete optional trailing parameters, which come all or not at all."""
    full = _COUNTS[name]
    if len(given) == full - len(usual):
        given = (*given, *usual)
    if len(given) != full:
        raise InputError(f"curves.{name}: must have {full} parameters; got {len(given)}: {given}.")
    return given


_COUNTS = {"active": 5, "velocity": 8, "passive": 5, "tendon": 4}


# --- Thelen 2003 -----------------------------------------------------------------------------------------------------


def _sized(name: str, given: tuple[float, ...], least: tuple[float, ...]) -> tuple[float, ...]:
    if len(given) != len(least) or any(value <= low for value, low in zip(given, least, strict=True)):
        raise InputError(f"curves.{name}: must be {len(least)} numbers, each over {least}; got {given}.")
    return given


def _thelen_active(given: tuple[float, ...]) -> Exact:
    (width,) = _sized("active", given, (0.0,))
    reach = float(np.sqrt(width * np.log(1e9)))  # beyond, less than 1e-9 is left

    def at(x: Floats) -> tuple[Floats, Floats]:
        value = np.exp(-((x - 1) ** 2) / width)
        return value, -2 * (x - 1) / width * value

    return Exact(1 - reach, 1 + reach, 0.0, 0.0, at)


def _thelen_velocity(given: tuple[float, ...]) -> Exact:
    """At full activation; the original lets the greatest speed fall with activation, which effort sharing cannot."""
    if len(given) == 2:
        given = (*given, 0.95)  # as OpenSim 4.6
    shape, top, threshold = _sized("velocity", given, (0.0, 1.0, 0.0))
    if not 1 / top < threshold < 1:
        raise InputError(f"curves.velocity: the last must be over 1 / top and below 1; got {given}.")
    rate = (2 + 2 / shape) / (top - 1)
    force = threshold * top
    high = (force - 1) / (rate * (top - force))

    def at(v: Floats) -> tuple[Floats, Floats]:
        short, long = np.minimum(v, 0.0), np.maximum(v, 0.0)
        down, up = 1 - short / shape, 1 + rate * long
        value = np.where(v < 0, (1 + short) / down, (1 + rate * long * top) / up)
        return value, np.where(v < 0, (1 + 1 / shape) / down**2, rate * (top - 1) / up**2)

    above = rate * (top - 1) / (1 + rate * high) ** 2
    return Exact(-1.0, high, 0.0, above, at, kink=0.0, before=1 + 1 / shape)


def _thelen_passive(given: tuple[float, ...]) -> Exact:
    shape, strain = _sized("passive", given, (0.0, 0.0))

    def at(x: Floats) -> tuple[Floats, Floats]:
        growth = np.exp(shape * (x - 1) / strain)
        return (growth - 1) / np.expm1(shape), shape / strain * growth / np.expm1(shape)

    high = 1 + 2 * strain  # tens of times the greatest force; straight beyond, so that it cannot overflow
    return Exact(1.0, high, 0.0, float(at(np.array([high]))[1][0]), at)


def _thelen_tendon(given: tuple[float, ...]) -> Exact:
    (one,) = _sized("tendon", given, (0.0,))
    toe, shape, cube = 0.33, 3.0, float(np.exp(3.0))  # force at the toe's end and its shape (Thelen 2003)
    end = (
        one * 99 * cube / (166 * cube - 67)
    )  # about 0.609 of the strain at one, exact so that the slope does not jump
    stiff = 0.67 / (one - end)

    def at(x: Floats) -> tuple[Floats, Floats]:
        growth = np.exp(shape * x / end)
        return toe * (growth - 1) / (cube - 1), toe * shape / end * growth / (cube - 1)

    return Exact(0.0, end, 0.0, stiff, at)


_MILLARD = (_millard_active, _millard_velocity, _millard_passive, _millard_tendon)
_THELEN = (_thelen_active, _thelen_velocity, _thelen_passive, _thelen_tendon)
