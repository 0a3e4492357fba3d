"""The kernels of inverse kinematics: Newton's method on the markers' squared distances, frame after frame."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gerdy.mechanics.compiling import compiled, compiled_within
from gerdy.mechanics.drive import Drive, spread
from gerdy.mechanics.native import Engine, Views, stage

Array = NDArray[np.float64]
Index = NDArray[np.int64]

MOST_ITERATIONS = 100
SHORTEST = 1.0 / 1024.0  # of a step, before it is given up
TETHER = 1e-7  # weight that holds a coordinate no marker sees where it was; far below one marker's


class Targets(NamedTuple):
    """Which sites are followed, and what moves each."""

    site: Index
    weight: Array
    start: Index  # first of a marker's rows below
    column: Index  # free coordinate
    first: Index  # freedoms from this entry
    last: Index  # to before this entry
    freedom: Index
    hinge: Index  # by freedom
    low: Array  # limits of free coordinates
    high: Array
    pull: Array  # weight that draws a free coordinate to its rest (m2 a rad2)
    rest: Array  # (1, n), or (t, n) where every frame has its own


class Work(NamedTuple):
    """Working arrays of one solve."""

    values: Array
    position: Array
    slope: Array
    bend: Array
    gradient: Array
    matrix: Array  # Gauss-Newton part
    curve: Array  # curvature part
    factor: Array
    step: Array
    move: Array  # (rows, 3) how a marker moves with a coordinate
    swing: Array  # (rows, 3)
    held: Index
    posture: Array  # (n,) as are the next two
    tether: Array
    before: Array


@compiled
def follow(
    engine: Engine, views: Views, drive: Drive, targets: Targets, position: Array, step: float, work: Work,
    out: Array, residual: Array, iterations: Index, converged: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fill postures (t, n), residuals (t, marker), iterations and convergence (t,), each frame from the ones before."""
    frames, n = out.shape
    q = work.posture
    for t in range(frames):
        own = len(targets.rest) > 1
        ahead = not own and t > 1 and converged[t - 1] and converged[t - 2]
        for c in range(n):
            if own:
                q[c] = targets.rest[t, c]
            work.tether[c] = q[c]
            if ahead:
                q[c] = 2.0 * out[t - 1, c] - out[t - 2, c]
        iterations[t], converged[t] = _solve(engine, views, drive, targets, position[t], q, step, work)
        for m in range(len(targets.site)):
            total = 0.0
            for x in range(3):
                total += (views.site[targets.site[m], x] - position[t, m, x]) ** 2
            residual[t, m] = np.sqrt(total)
        for c in range(n):  # not a slice: Numba would compile its text for shapes that differ, for seconds
            out[t, c] = q[c]


@compiled_within
def _solve(
    engine: Engine,
    views: Views,
    drive: Drive,
    targets: Targets,
    position: Array,
    q: Array,
    step: float,
    work: Work,
) -> tuple[int, bool]:
    """Move q (n,) to the nearest posture; return iterations and whether it converged.

    ``work.tether`` holds the posture that coordinates keep where no marker sees them: the last one.
    """
    n = len(q)
    tether, before = work.tether, work.before
    for c in range(n):
        q[c] = min(max(q[c], targets.low[c]), targets.high[c])
        if targets.pull[c] > TETHER:
            tether[c] = targets.rest[0, c] if len(targets.rest) == 1 else tether[c]
    cost = _cost(engine, views, drive, targets, position, q, tether, work)
    for iteration in range(1, MOST_ITERATIONS + 1):
        _linearise(views, targets, position, q, tether, work)
        _step(targets, q, work)
        share = 1.0
        for c in range(n):
            before[c] = q[c]
        while True:
            largest = 0.0
            for c in range(n):
                moved = min(max(before[c] + share * work.step[c], targets.low[c]), targets.high[c])
                largest = max(largest, abs(moved - before[c]))
                q[c] = moved
            trial = _cost(engine, views, drive, targets, position, q, tether, work)
            if trial <= cost * (1.0 + 1e-12) or share < SHORTEST:
                break
            share *= 0.5
        cost = trial
        if largest < step:  # a step cut short says nothing; the whole one must be small
            return iteration, largest <= share * step
    return MOST_ITERATIONS, False


@compiled_within
def _cost(
    engine: Engine,
    views: Views,
    drive: Drive,
    targets: Targets,
    position: Array,
    q: Array,
    tether: Array,
    work: Work,
) -> float:
    spread(drive, q, work.values, work.position, work.slope, work.bend)
    for j in range(len(work.position)):
        views.qpos[j] = work.position[j]
    stage(engine.kinematics, engine)
    cost = 0.0
    for m in range(len(targets.site)):
        if not np.isnan(position[m, 0]):
            for x in range(3):
                cost += targets.weight[m] * (views.site[targets.site[m], x] - position[m, x]) ** 2
    for c in range(len(q)):
        cost += targets.pull[c] * (q[c] - tether[c]) ** 2
    return cost


@compiled_within
def _linearise(views: Views, targets: Targets, position: Array, q: Array, tether: Array, work: Work) -> None:
    """Fill half the gradient, the Gauss-Newton matrix and the curvature (lower triangles).

    One long loop on purpose: calls that hand over many arrays would cost more than the arithmetic.
    """
    matrix, curve, gradient, move, swing = work.matrix, work.curve, work.gradient, work.move, work.swing
    axis, anchor, sites, slope, bend = views.axis, views.anchor, views.site, work.slope, work.bend
    column, freedom, hinge = targets.column, targets.freedom, targets.hinge
    matrix[:] = 0.0
    curve[:] = 0.0
    for c in range(len(q)):
        gradient[c] = targets.pull[c] * (q[c] - tether[c])
        matrix[c, c] = targets.pull[c]
    for m in range(len(targets.site)):
        if np.isnan(position[m, 0]):
            continue
        weight, site, start = targets.weight[m], targets.site[m], targets.start[m]
        px, py, pz = sites[site, 0], sites[site, 1], sites[site, 2]
        rx, ry, rz = px - position[m, 0], py - position[m, 1], pz - position[m, 2]
        for row in range(targets.start[m + 1] - start):
            mx, my, mz, sx, sy, sz, own = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for entry in range(targets.first[start + row], targets.last[start + row]):
                j = freedom[entry]
                ax, ay, az, k = axis[j, 0], axis[j, 1], axis[j, 2], slope[j]
                if hinge[j]:
                    dx, dy, dz = px - anchor[j, 0], py - anchor[j, 1], pz - anchor[j, 2]
                    x, y, z = ay * dz - az * dy, az * dx - ax * dz, ax * dy - ay * dx
                    own += bend[j] * (rx * x + ry * y + rz * z)
                    own += 2.0 * k * (sx * x + sy * y + sz * z)
                    tx, ty, tz = k * (ry * az - rz * ay), k * (rz * ax - rx * az), k * (rx * ay - ry * ax)
                    own += k * (tx * x + ty * y + tz * z)
                    sx, sy, sz = sx + tx, sy + ty, sz + tz
                else:
                    x, y, z = ax, ay, az
                    own += bend[j] * (rx * x + ry * y + rz * z) + 2.0 * k * (sx * x + sy * y + sz * z)
                mx, my, mz = mx + k * x, my + k * y, mz + k * z
            move[row, 0], move[row, 1], move[row, 2] = mx, my, mz
            swing[row, 0], swing[row, 1], swing[row, 2] = sx, sy, sz
            c = column[start + row]
            gradient[c] += weight * (mx * rx + my * ry + mz * rz)
            curve[c, c] += weight * own
            matrix[c, c] += weight * (mx * mx + my * my + mz * mz)
            for other in range(row):
                o = column[start + other]
                high, low = (c, o) if c > o else (o, c)
                matrix[high, low] += weight * (
                    mx * move[other, 0] + my * move[other, 1] + mz * move[other, 2]
                )
                curve[high, low] += weight * (
                    mx * swing[other, 0] + my * swing[other, 1] + mz * swing[other, 2]
                )


@compiled_within
def _step(targets: Targets, q: Array, work: Work) -> None:
    """Fill the step: Newton's where its matrix is positive definite, else Gauss-Newton's."""
    n, gradient, factor, step = len(q), work.gradient, work.factor, work.step
    for c in range(n):
        below = q[c] <= targets.low[c] and gradient[c] > 0.0
        above = q[c] >= targets.high[c] and gradient[c] < 0.0
        work.held[c] = 1 if below or above else 0
    if not _factored(work.matrix, work.curve, work.held, 1.0, factor):
        _factored(work.matrix, work.curve, work.held, 0.0, factor)
    for row in range(n):
        value = 0.0 if work.held[row] else -gradient[row]
        for k in range(row):
            value -= factor[row, k] * step[k]
        step[row] = value / factor[row, row]
    for row in range(n - 1, -1, -1):
        value = step[row]
        for k in range(row + 1, n):
            value -= factor[k, row] * step[k]
        step[row] = value / factor[row, row]


@compiled_within
def _factored(matrix: Array, curve: Array, held: Index, curvature: float, factor: Array) -> bool:
    """Fill the Cholesky factor of the matrix with its curvature or without; False if it is not positive definite."""
    for row in range(len(matrix)):
        for column in range(row + 1):
            if held[row] or held[column]:
                value = 1.0 if row == column else 0.0
            else:
                value = matrix[row, column] + curvature * curve[row, column]
            for k in range(column):
                value -= factor[row, k] * factor[column, k]
            if row == column:
                if value <= 1e-3 * TETHER:
                    return False
                factor[row, row] = np.sqrt(value)
            else:
                factor[row, column] = value / factor[column, column]
    return True
