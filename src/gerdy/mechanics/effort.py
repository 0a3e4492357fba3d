"""Who pulls how hard: the muscle activations of least effort that give the joint moments asked for.

Minimise ``sum w a^p + sum (r / reserve)^2`` subject to ``(arms * active) a + r = demand`` and ``0 <= a <= 1``. With a
multiplier for each moment every activation follows by itself, so that only as many unknowns as moments remain: a
monotone system, solved by a safeguarded semismooth Newton method. The reserves ``r`` are what the muscles lack.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gerdy.errors import InputError
from gerdy.mechanics.compiling import compiled, compiled_within

Array = NDArray[np.float64]

MOST_POWER = 10.0
TOLERANCE = 1e-12  # share of what acts about a coordinate: where the search ends
NEAR = 1e-8  # the same: where a step that does not help is rounding
ENOUGH = 1e-10  # the same: what still counts as met
OPTIMAL = 1e-8  # share of the largest price: how far a muscle may be from its own optimum
ROUNDING = 1e-15
MOST_STEPS = 60
MOST_TRIALS = 60
LEAST = 1e-30  # an activation below is taken as this where its slope is asked for
CLIMB = 1.3
STEEPEST = 1e40  # limit for how fast an activation just above zero answers its push, when power > 2


class Bench(NamedTuple):
    """Working arrays for ``share``, one set for each thread; what they hold has no meaning outside."""

    lever: Array  # (c, m) moment of each muscle at full activation
    push: Array  # (m,) how strongly the multipliers ask for a muscle
    turn: Array  # (m,) how the push changes along a step
    slope: Array  # (m,) how fast an activation answers its push
    matrix: Array  # (c, c)
    lack: Array  # (c,) demand not met
    step: Array  # (c,)


def bench(coordinates: int, muscles: int) -> Bench:
    """Return working arrays for ``share`` with this many coordinates and muscles."""
    push, turn, slope = np.zeros((3, muscles))
    lack, step = np.zeros((2, coordinates))
    lever, matrix = np.zeros((coordinates, muscles)), np.zeros((coordinates, coordinates))
    return Bench(lever, push, turn, slope, matrix, lack, step)


@compiled
def answer(push: float, weight: float, power: float) -> float:
    """Return the activation that answers a push: where ``w p a^(p-1)`` equals it, within 0 and 1."""
    if push <= 0.0:
        return 0.0
    ratio = push / (weight * power)
    if ratio >= 1.0:
        return 1.0
    if power == 2.0:
        return ratio
    if power == 3.0:
        return math.sqrt(ratio)
    return float(ratio ** (1.0 / (power - 1.0)))


@compiled
def solve_in_place(matrix: Array, vector: Array) -> None:
    """Solve ``matrix x = vector`` for a small positive definite matrix by Cholesky; both are overwritten."""
    size = vector.shape[0]
    for row in range(size):
        for column in range(row + 1):
            value = matrix[row, column]
            for k in range(column):
                value -= matrix[row, k] * matrix[column, k]
            if row == column:
                matrix[row, row] = np.sqrt(max(value, 1e-300))
            else:
                matrix[row, column] = value / matrix[column, column]
        value = vector[row]
        for k in range(row):
            value -= matrix[row, k] * vector[k]
        vector[row] = value / matrix[row, row]
    for row in range(size - 1, -1, -1):
        value = vector[row]
        for k in range(row + 1, size):
            value -= matrix[k, row] * vector[k]
        vector[row] = value / matrix[row, row]


@compiled_within
def respond(power: float, weights: Array, activation: Array, multiplier: Array, work: Bench) -> None:
    """Fill the push on every muscle, its activation, and how fast that answers, from the multipliers."""
    coordinates, muscles = work.lever.shape
    for m in range(muscles):
        push = 0.0
        for c in range(coordinates):
            push += work.lever[c, m] * multiplier[c]
        work.push[m] = push
        a = answer(push, weights[m], power)
        activation[m] = a
        if a <= 0.0 or a >= 1.0:
            work.slope[m] = 0.0
        else:
            work.slope[m] = min(a / ((power - 1.0) * push), STEEPEST)


@compiled_within
def measure(demand: Array, reserve: Array, activation: Array, multiplier: Array, work: Bench) -> float:
    """Fill what the activations leave of the demand; return the largest, as a share of what acts there."""
    worst = 0.0
    for c in range(demand.shape[0]):
        spare = 0.5 * reserve[c] * reserve[c] * multiplier[c]
        total, size = spare, abs(demand[c]) + abs(spare) + reserve[c]
        for m in range(activation.shape[0]):
            moment = work.lever[c, m] * activation[m]
            total += moment
            size += abs(moment)
        work.lack[c] = demand[c] - total
        ratio = abs(work.lack[c]) / size
        if math.isnan(ratio):  # never to be taken for met
            return math.nan
        worst = max(worst, ratio)
    return worst


@compiled_within
def newton_step(reserve: Array, work: Bench) -> float:
    """Fill the step of the multipliers and of the pushes; return the slope of the dual objective along it."""
    coordinates, muscles = work.lever.shape
    for row in range(coordinates):
        for column in range(row + 1):
            work.matrix[row, column] = 0.0
        work.matrix[row, row] = 0.5 * reserve[row] * reserve[row]
        work.step[row] = work.lack[row]
    for m in range(muscles):
        slope = work.slope[m]
        if slope > 0.0:
            for row in range(coordinates):
                scaled = slope * work.lever[row, m]
                if scaled != 0.0:
                    for column in range(row + 1):
                        work.matrix[row, column] += scaled * work.lever[column, m]
    solve_in_place(work.matrix, work.step)
    descent = 0.0
    for row in range(coordinates):
        descent -= work.step[row] * work.lack[row]
    for m in range(muscles):
        work.turn[m] = 0.0
    for row in range(coordinates):
        step = work.step[row]
        for m in range(muscles):
            work.turn[m] += work.lever[row, m] * step
    return descent


@compiled_within
def slope_at(
    t: float, demand: Array, reserve: Array, power: float, weights: Array, multiplier: Array, work: Bench
) -> float:
    """Return the slope of the dual objective at ``t`` along the step: rising with ``t``, for it is convex."""
    value = 0.0
    for c in range(demand.shape[0]):
        spare = 0.5 * reserve[c] * reserve[c] * (multiplier[c] + t * work.step[c])
        value += work.step[c] * (spare - demand[c])
    for m in range(weights.shape[0]):
        if work.turn[m] != 0.0:
            value += work.turn[m] * answer(work.push[m] + t * work.turn[m], weights[m], power)
    return value


@compiled_within
def how_far(
    descent: float,
    demand: Array,
    reserve: Array,
    power: float,
    weights: Array,
    multiplier: Array,
    work: Bench,
) -> float:
    """Return how much of the step to take: all of it unless it passes the minimum far, then up to near the minimum.

    The test is on slopes, not on values of the objective: near the solution values differ by less than rounding.
    """
    near, low, far, high, t, enough = 0.0, descent, 1.0, 0.0, 1.0, -0.5 * descent
    for trial in range(MOST_TRIALS):
        value = slope_at(t, demand, reserve, power, weights, multiplier, work)
        if value <= enough and (trial == 0 or value >= -enough):
            return t
        if value > 0.0:
            far, high = t, value
        else:
            near, low = t, value
        enough = -0.1 * descent
        # Regula falsi finds a kink fast where there is one; every third trial halves, so that it cannot creep.
        t = near - low * (far - near) / (high - low)
        if trial % 3 == 2 or not near < t < far:
            t = 0.5 * (near + far)
    return t


@compiled
def share(
    arms: Array,
    active: Array,
    demand: Array,
    reserve: Array,
    power: float,
    weights: Array,
    activation: Array,
    multiplier: Array,
    work: Bench,
) -> int:
    """Fill ``activation``; return how many Newton steps it took, negative when the demand was not met to tolerance.

    arms (c, m) m, active (m,) N at full activation, demand (c,) N m with passive moments taken off, reserve (c,) N m
    (the moment that costs as much as one full activation), power, weights (m,), activation (m,) out, multiplier (c,)
    start and result (zeros: cold). Nothing is checked here. For a power other than 2 ``share_steep`` gets further.
    """
    coordinates, muscles = arms.shape
    cold = True
    for c in range(coordinates):
        cold = cold and multiplier[c] == 0.0
        for m in range(muscles):
            work.lever[c, m] = arms[c, m] * active[m]
    stuck, worst, before = False, 1.0, 1.0
    for iteration in range(MOST_STEPS):
        if stuck:
            level(power, weights, activation, work)
        else:
            respond(power, weights, activation, multiplier, work)
        before, worst = worst, measure(demand, reserve, activation, multiplier, work)
        still = worst > 0.5 * before
        if worst <= TOLERANCE or (worst <= ENOUGH and still):
            return iteration
        if math.isnan(worst):
            break
        rounding = stuck or (worst <= NEAR and still)
        if cold and iteration == 0:
            # Before anything pushes no muscle answers: start from what unlimited muscles of power 2 would do.
            for m in range(muscles):
                work.slope[m] = 0.5 / weights[m]
        descent, t = newton_step(reserve, work), 1.0
        if not rounding:
            t = how_far(descent, demand, reserve, power, weights, multiplier, work)
        stuck = True
        for c in range(coordinates):
            stuck = stuck and abs(t * work.step[c]) <= ROUNDING * abs(multiplier[c])
            multiplier[c] += t * work.step[c]
        stuck = stuck or rounding
    return -MOST_STEPS


@compiled_within
def level(power: float, weights: Array, activation: Array, work: Bench) -> None:
    """Move the activations themselves along a step, where rounding of the push alone would leave moments unmet."""
    for m in range(activation.shape[0]):
        work.push[m] += work.turn[m]
        if work.slope[m] > 0.0:
            a = min(max(activation[m] + work.slope[m] * work.turn[m], 0.0), 1.0)
            activation[m] = a
            work.slope[m] = min(
                max(a, LEAST) ** (2.0 - power) / (weights[m] * power * (power - 1.0)), STEEPEST
            )


@compiled
def at_optimum(power: float, weights: Array, activation: Array, work: Bench) -> bool:
    """Return whether every muscle's push is the price of a little more of it."""
    astray, largest = 0.0, 1e-300
    for m in range(activation.shape[0]):
        a = activation[m]
        price = weights[m] * power * a ** (power - 1.0)
        largest = max(largest, price)
        excess = price - work.push[m]
        # A resting muscle may be pushed less than its price, a full one more; between, neither.
        astray = max(astray, excess if a > 0.0 else 0.0, -excess if a < 1.0 else 0.0)
    return astray <= OPTIMAL * largest


@compiled
def share_steep(
    arms: Array,
    active: Array,
    demand: Array,
    reserve: Array,
    power: float,
    weights: Array,
    activation: Array,
    multiplier: Array,
    work: Bench,
) -> int:
    """Do what ``share`` does for a power other than 2, where the answer to a push is steep near zero or near full.

    What is not solved at once is approached from the plain square, power by power, each solution the next start.
    Still, above a power of about 5 some frames are beyond double precision (of 500 random ones 1 at 5, 29 at 10).
    """
    now, taken, climbing = power, 1, False
    while True:
        steps = share(arms, active, demand, reserve, now, weights, activation, multiplier, work)
        taken += abs(steps)
        if now == power:
            if steps >= 0 and at_optimum(power, weights, activation, work):
                return taken
            if climbing:
                return -taken
        following = min(now * CLIMB, power) if power > now else max(1.0 + (now - 1.0) / CLIMB, power)
        largest = 0.0
        for m in range(weights.shape[0]):
            largest = max(largest, activation[m])
        scale = following / now * largest ** (following - now) if 0.0 < largest < 1.0 else 1.0
        if not climbing:
            following, scale, climbing = 2.0, 0.0, True
        for c in range(demand.shape[0]):
            multiplier[c] *= scale
        now = following


@dataclass(frozen=True)
class Shared:
    """The effort of each muscle.

    Attributes
    ----------
    activation : (m,) 0 to 1
    reserve : (c,) N m, what no muscle gave
    multiplier : (c,) 1/(N m), what a little more of each moment would cost
    iterations, converged : Newton steps taken; whether moments are met and muscles at their optimum, to tolerance
    """

    activation: Array
    reserve: Array
    multiplier: Array
    iterations: int
    converged: bool


def _checked(name: str, value: ArrayLike, shape: tuple[int, ...]) -> Array:
    array = np.ascontiguousarray(value, dtype=np.float64)
    if array.shape != shape:
        raise InputError(f"{name}: must have shape {shape}; got {array.shape}.")
    if not np.isfinite(array).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{name}: must be finite numbers; {name}{list(where)} is {array[where]}.")
    return array


def share_effort(
    arms: ArrayLike,
    active: ArrayLike,
    demand: ArrayLike,
    reserve: ArrayLike,
    power: float = 2.0,
    weights: ArrayLike | None = None,
) -> Shared:
    """Share joint moments among muscles at least effort; one frame.

    Parameters
    ----------
    arms : (c, m) moment arms, m (positive where the muscle drives the coordinate up).
    active : (m,) force along the tendon at full activation, N.
    demand : (c,) moments that muscles must give, passive moments already taken off, N m.
    reserve : (c,) the moment that, given by a reserve, costs as much as one full activation, N m.
    power : exponent of the effort, above 1, up to 10.
    weights : (m,) what full activation of each muscle costs; 1 when left out.

    Raises
    ------
    InputError
        For shapes that do not fit, numbers that are not finite, a force below zero, or a reserve, weight or power out
        of range.
    """
    table = np.asarray(arms, dtype=np.float64)
    if table.ndim != 2:
        raise InputError(f"arms: must have shape (coordinates, muscles); got {table.shape}.")
    count = table.shape[1]
    table = _checked("arms", table, table.shape)
    force = _checked("active", active, (count,))
    moment = _checked("demand", demand, table.shape[:1])
    spare = _checked("reserve", reserve, table.shape[:1])
    cost = _checked("weights", np.ones(count) if weights is None else weights, (count,))
    if not 1.0 < power <= MOST_POWER:
        raise InputError(f"power: must be above 1 and at most {MOST_POWER:g}; got {power:g}.")
    if (force < 0.0).any():
        raise InputError(f"active: a muscle cannot push; active[{int(force.argmin())}] is {force.min():g} N.")
    for name, values in (("reserve", spare), ("weights", cost)):
        if (values <= 0.0).any():
            raise InputError(
                f"{name}: must be above zero; {name}[{int(values.argmin())}] is {values.min():g}."
            )
    activation, multiplier = np.zeros(count), np.zeros(len(moment))
    work = bench(len(moment), count)
    solve = share if power == 2.0 else share_steep
    taken = solve(table, force, moment, spare, float(power), cost, activation, multiplier, work)
    left = moment - (table * force) @ activation
    return Shared(activation, left, multiplier, abs(taken), taken >= 0)
