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
LUMP = 22  # numbers a body
SHORTEST = 1.0 / 1024.0  # of a step, before it is given up
TETHER = 1e-7  # weight that holds a coordinate no marker sees where it was; far below one marker's


class Targets(NamedTuple):
    """Which sites are followed, and what moves each."""

    site: Index
    weight: Array
    lump: Index  # (marker,) body it sits on
    above: Index  # (body,) parent, -1 for the ground
    carrier: Index  # (freedom,) body that a freedom moves
    before: Index  # (freedom,) next one towards the root, -1
    hinge: Index  # (freedom,)
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
    lumps: Array  # (body, 22) what a body carries of markers: weight, first and second moments, residuals
    turn: Array  # (freedom, 6) how a freedom moves: rate of turning, speed of what lies at the origin
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
        ahead = not own and t > 2 and converged[t - 1] and converged[t - 2] and converged[t - 3]
        for c in range(n):
            if own:
                q[c] = targets.rest[t, c]
            work.tether[c] = q[c]
            if ahead:
                q[c] = 3.0 * (out[t - 1, c] - out[t - 2, c]) + out[t - 3, c]
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
        _linearise(views, drive, targets, position, q, tether, work)
        if not _step(targets, q, work):
            return iteration, False
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
def _linearise(
    views: Views, drive: Drive, targets: Targets, position: Array, q: Array, tether: Array, work: Work
) -> None:
    """Fill half the gradient, the Gauss-Newton matrix and the curvature (lower triangles).

    Markers are point masses of their weight: the Gauss-Newton matrix is then the skeleton's mass matrix, gathered from
    the leaves to the root (composite rigid bodies), and the curvature follows in the same way from their residuals.
    """
    matrix, curve, gradient, turn, slope = work.matrix, work.curve, work.gradient, work.turn, work.slope
    column, before = drive.column, targets.before
    _gather(views, targets, position, work.lumps)
    for c in range(len(q)):
        for o in range(c + 1):
            matrix[c, o] = 0.0
            curve[c, o] = 0.0
        gradient[c] = targets.pull[c] * (q[c] - tether[c])
        matrix[c, c] = targets.pull[c]
    for j in range(len(column)):
        c, lump = column[j], work.lumps[targets.carrier[j]]
        _motion(views, targets.hinge[j], j, turn)
        if c < 0 or lump[0] == 0.0:
            continue
        wx, wy, wz, bx, by, bz = turn[j, 0], turn[j, 1], turn[j, 2], turn[j, 3], turn[j, 4], turn[j, 5]
        px, py, pz = lump[1], lump[2], lump[3]
        # what the markers' moving takes: force, and moment about the origin
        fx = wy * pz - wz * py + lump[0] * bx
        fy = wz * px - wx * pz + lump[0] * by
        fz = wx * py - wy * px + lump[0] * bz
        mx = lump[4] * wx - lump[7] * wy - lump[8] * wz + py * bz - pz * by
        my = lump[5] * wy - lump[7] * wx - lump[9] * wz + pz * bx - px * bz
        mz = lump[6] * wz - lump[8] * wx - lump[9] * wy + px * by - py * bx
        rx, ry, rz = lump[10], lump[11], lump[12]
        trace = lump[13] + lump[17] + lump[21]
        kx = lump[13] * wx + lump[16] * wy + lump[19] * wz - trace * wx + by * rz - bz * ry
        ky = lump[14] * wx + lump[17] * wy + lump[20] * wz - trace * wy + bz * rx - bx * rz
        kz = lump[15] * wx + lump[18] * wy + lump[21] * wz - trace * wz + bx * ry - by * rx
        own = wx * (lump[20] - lump[18]) + wy * (lump[15] - lump[19]) + wz * (lump[16] - lump[14])
        own += bx * rx + by * ry + bz * rz
        gradient[c] += slope[j] * own
        curve[c, c] += work.bend[j] * own
        i = j
        while i >= 0:
            o = column[i]
            if o >= 0:
                share = slope[i] * slope[j]
                if i != j and o == c:
                    share *= 2.0
                high, low = max(c, o), min(c, o)
                matrix[high, low] += share * (
                    turn[i, 0] * mx
                    + turn[i, 1] * my
                    + turn[i, 2] * mz
                    + turn[i, 3] * fx
                    + turn[i, 4] * fy
                    + turn[i, 5] * fz
                )
                curve[high, low] += share * (turn[i, 0] * kx + turn[i, 1] * ky + turn[i, 2] * kz)
            i = before[i]


@compiled_within
def _gather(views: Views, targets: Targets, position: Array, lumps: Array) -> None:
    """Fill what each body carries, its own markers and those further out.

    Weight 0; weighted place 1-3; second moments as of inertia 4-6 (yy+zz, xx+zz, xx+yy) and 7-9 (xy, xz, yz); weighted
    residual 10-12; residual by place 13-21 (row by row).
    """
    for b in range(lumps.shape[0]):
        for k in range(LUMP):
            lumps[b, k] = 0.0
    for m in range(len(targets.site)):
        if position[m, 0] == position[m, 0]:
            lump, w, site = lumps[targets.lump[m]], targets.weight[m], targets.site[m]
            x, y, z = views.site[site, 0], views.site[site, 1], views.site[site, 2]
            lump[0] += w
            lump[1] += w * x
            lump[2] += w * y
            lump[3] += w * z
            lump[4] += w * (y * y + z * z)
            lump[5] += w * (x * x + z * z)
            lump[6] += w * (x * x + y * y)
            lump[7] += w * x * y
            lump[8] += w * x * z
            lump[9] += w * y * z
            for k in range(3):
                r = w * (views.site[site, k] - position[m, k])
                lump[10 + k] += r
                lump[13 + 3 * k] += r * x
                lump[14 + 3 * k] += r * y
                lump[15 + 3 * k] += r * z
    for b in range(lumps.shape[0] - 1, 0, -1):
        if lumps[b, 0] > 0.0:
            for k in range(LUMP):
                lumps[targets.above[b], k] += lumps[b, k]


@compiled_within
def _motion(views: Views, hinge: int, j: int, turn: Array) -> None:
    """Fill how a freedom moves things: its rate of turning, and the speed of what lies at the origin."""
    x, y, z = views.axis[j, 0], views.axis[j, 1], views.axis[j, 2]
    if hinge:
        px, py, pz = views.anchor[j, 0], views.anchor[j, 1], views.anchor[j, 2]
        turn[j, 0], turn[j, 1], turn[j, 2] = x, y, z
        turn[j, 3], turn[j, 4], turn[j, 5] = py * z - pz * y, pz * x - px * z, px * y - py * x
    else:
        turn[j, 0], turn[j, 1], turn[j, 2] = 0.0, 0.0, 0.0
        turn[j, 3], turn[j, 4], turn[j, 5] = x, y, z


@compiled_within
def _step(targets: Targets, q: Array, work: Work) -> bool:
    """Fill the step: Newton's where its matrix is positive definite, else Gauss-Newton's; False if neither is."""
    n, gradient, factor, step = len(q), work.gradient, work.factor, work.step
    for c in range(n):
        below = q[c] <= targets.low[c] and gradient[c] > 0.0
        above = q[c] >= targets.high[c] and gradient[c] < 0.0
        work.held[c] = 1 if below or above else 0
    if not _factored(work.matrix, work.curve, work.held, 1.0, factor) and not _factored(
        work.matrix, work.curve, work.held, 0.0, factor
    ):
        return False
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
    return True


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
                if not value > 1e-3 * TETHER:
                    return False
                factor[row, row] = np.sqrt(value)
            else:
                factor[row, column] = value / factor[column, column]
    return True
