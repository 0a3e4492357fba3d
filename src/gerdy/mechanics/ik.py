"""Inverse kinematics: the posture whose markers lie nearest to the measured ones, solved to convergence.

Minimise the weighted sum of squared distances by Newton's method: to the Gauss-Newton matrix the curvature of the
markers' paths is added, so that convergence stays quadratic although markers never fit exactly. Where that matrix is
not positive definite the Gauss-Newton one is taken; steps that do not help are shortened; limits are kept by a
projected step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import mujoco
import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.assembly import Assembly
from gerdy.mechanics.compiling import compiled, compiled_within
from gerdy.mechanics.drive import Drive, spread
from gerdy.mechanics.native import Engine, Views, engine_of, stage, views_of

Array = NDArray[np.float64]
Index = NDArray[np.int64]

STEP = 1e-5  # rad or m; a smaller step is convergence
MOST_ITERATIONS = 100
SHORTEST = 1.0 / 1024.0  # of a step, before it is given up
TETHER = 1e-7  # weight that holds a coordinate no marker sees where it was; far below one marker's
TURNS = (0.0, 0.5 * np.pi, np.pi, -0.5 * np.pi)  # headings from which the first frame is tried


@dataclass(frozen=True)
class Fit:
    """Postures found: q (t, n); residual (t, marker) m, NaN where unseen; iterations (t,); converged (t,)."""

    q: Array
    residual: Array
    iterations: Index
    converged: NDArray[np.bool_]


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


def fit(
    assembly: Assembly,
    names: tuple[str, ...],
    position: Array,
    weights: Array | None = None,
    *,
    start: Array | None = None,
    step: float = STEP,
    prior: Array | None = None,
    near: Array | None = None,
    limited: bool = False,
) -> Fit:
    """Return the postures of markers ``names`` measured at ``position`` (t, marker, 3) m, NaN where unseen.

    Parameters
    ----------
    weights : of the markers' squared distances.
    start : posture of the first frame; searched for without it.
    step : rad or m, below which a step is convergence.
    prior : (n,) weight (m2 a rad2) that draws each coordinate to its default where markers say little.
    near : (t, n) a posture known to be near in each frame: solving starts there, and the prior draws there.
    limited : keep every coordinate within its range, not only those that the model clamps.

    Raises
    ------
    InputError
        For a marker that the model lacks, shapes that disagree, or a frame sequence without any marker.
    """
    weights = np.ones(len(names)) if weights is None else weights
    targets = targets_of(assembly, names, weights, prior=prior, near=near, limited=limited)
    if position.shape[1:] != (len(names), 3):
        raise InputError(f"markers: position must be (frames, {len(names)}, 3); got {position.shape}.")
    for what, given, size in (("weights", weights, len(names)), ("start", start, len(assembly.free))):
        if given is not None and np.shape(given) != (size,):
            raise InputError(f"{what}: must be ({size},); got {np.shape(given)}.")
    if near is not None and np.shape(near) != (len(position), len(assembly.free)):
        raise InputError(f"near: must be ({len(position)}, {len(assembly.free)}); got {np.shape(near)}.")
    position = np.where(np.isfinite(position).all(axis=2, keepdims=True), position, np.nan)
    if not np.isfinite(position).any():
        raise InputError("markers: no frame has any marker that the model knows.")
    first = int(np.argmax(np.isfinite(position[:, :, 0]).sum(axis=1) >= min(3, len(names))))
    q0 = start
    if (
        q0 is None
    ):  # the first posture is looked for within all limits: joints that bend the wrong way fit markers too
        within = targets_of(assembly, names, targets.weight, prior=prior, limited=True)
        q0 = _first(assembly, within, position[first], step)
    frames = len(position)
    out = Fit(
        np.empty((frames, len(assembly.free))),
        np.empty((frames, len(names))),
        np.zeros(frames, dtype=np.int64),
        np.zeros(frames, dtype=np.bool_),
    )
    _run(assembly, targets, np.ascontiguousarray(position), q0, step, out)
    return out


def targets_of(
    assembly: Assembly,
    names: tuple[str, ...],
    weights: Array,
    *,
    prior: Array | None = None,
    near: Array | None = None,
    limited: bool = False,
) -> Targets:
    """Return the tables of the markers to follow.

    Raises
    ------
    InputError
        For a marker that the model lacks.
    """
    if prior is not None and np.shape(prior) != (len(assembly.free),):
        raise InputError(f"prior: must be ({len(assembly.free)},); got {np.shape(prior)}.")
    mj = assembly.mj
    known = {marker.name for marker in assembly.model.markers}
    missing = [name for name in names if name not in known]
    if missing:
        raise InputError(f"markers: the model has none called {', '.join(missing)}.")
    sites = [mj.site(f"marker {name}").id for name in names]
    start, column, first, last = [0], list[int](), list[int](), list[int]()
    freedom: list[int] = []
    for site in sites:
        for c, chain in _columns(assembly, int(mj.site_bodyid[site])):
            column.append(c)
            first.append(len(freedom))
            freedom.extend(chain)
            last.append(len(freedom))
        start.append(len(column))
    endless = (-np.inf, np.inf)
    limits = {c.name: c.range if c.clamped or limited else endless for c in assembly.model.coordinates}
    return Targets(
        site=np.array(sites, dtype=np.int64),
        weight=np.asarray(weights, dtype=float),
        start=np.array(start, dtype=np.int64),
        column=np.array(column, dtype=np.int64),
        first=np.array(first, dtype=np.int64),
        last=np.array(last, dtype=np.int64),
        freedom=np.array(freedom, dtype=np.int64),
        hinge=(mj.jnt_type == mujoco.mjtJoint.mjJNT_HINGE).astype(np.int64),
        low=np.array([limits[name][0] for name in assembly.free]),
        high=np.array([limits[name][1] for name in assembly.free]),
        pull=np.full(len(assembly.free), TETHER)
        if prior is None
        else np.asarray(prior, dtype=float) + TETHER,
        rest=np.ascontiguousarray(np.atleast_2d(assembly.default if near is None else near)),
    )


def _columns(assembly: Assembly, body: int) -> list[tuple[int, list[int]]]:
    """Return the free coordinates that move a body, root first, each with its freedoms."""
    mj = assembly.mj
    found: list[int] = []
    while body > 0:
        start = int(mj.body_dofadr[body])
        found.extend(range(start, start + int(mj.body_dofnum[body])))
        body = int(mj.body_parentid[body])
    columns: dict[int, list[int]] = {}
    for j in sorted(found):
        c = int(assembly.drive.column[j])
        if c >= 0:
            columns.setdefault(c, []).append(j)
    return list(columns.items())


def _first(assembly: Assembly, targets: Targets, position: Array, step: float) -> Array:
    """Return a good start: the best of a few headings, the pelvis put where the markers are."""
    best, least = assembly.default, np.inf
    seen = np.isfinite(position[:, 0])
    for turn in TURNS:
        q = assembly.default.copy()
        for name, value in (("pelvis_rotation", turn),):
            if name in assembly.free:
                q[assembly.free.index(name)] = value
        data = mujoco.MjData(assembly.mj)
        for axis, name in enumerate(("pelvis_tx", "pelvis_ty", "pelvis_tz")):
            if name in assembly.free:
                views = _placed(assembly, data, q)
                middle = views.site[targets.site[seen]].mean(axis=0)
                q[assembly.free.index(name)] += position[seen].mean(axis=0)[axis] - middle[axis]
        trial = Fit(
            q[None].copy(),
            np.empty((1, len(position))),
            np.zeros(1, dtype=np.int64),
            np.zeros(1, dtype=np.bool_),
        )
        _run(assembly, targets, position[None].copy(), q, step, trial)
        cost = float(np.nansum(targets.weight * trial.residual[0] ** 2))
        if cost < least:
            best, least = trial.q[0], cost
    return best


def _placed(assembly: Assembly, data: object, q: Array) -> Views:
    views = views_of(data)
    nv = assembly.mj.nv
    position = np.zeros(nv)
    spread(assembly.drive, q, np.zeros((len(assembly.drive.rest), 3)), position, np.zeros(nv), np.zeros(nv))
    views.qpos[:] = position
    mujoco.mj_kinematics(assembly.mj, data)
    return views


def _run(assembly: Assembly, targets: Targets, position: Array, q0: Array, step: float, out: Fit) -> None:
    data = mujoco.MjData(assembly.mj)
    n, nv, rows = len(assembly.free), assembly.mj.nv, int(np.diff(targets.start).max(initial=1))
    work = Work(
        values=np.zeros((len(assembly.drive.rest), 3)),
        position=np.zeros(nv),
        slope=np.zeros(nv),
        bend=np.zeros(nv),
        gradient=np.zeros(n),
        matrix=np.zeros((n, n)),
        curve=np.zeros((n, n)),
        factor=np.zeros((n, n)),
        step=np.zeros(n),
        move=np.zeros((rows, 3)),
        swing=np.zeros((rows, 3)),
        held=np.zeros(n, dtype=np.int64),
        posture=q0.copy(),
        tether=np.zeros(n),
        before=np.zeros(n),
    )
    _follow(
        engine_of(assembly.mj, data), views_of(data), assembly.drive, targets, position, step, work,
        out.q, out.residual, out.iterations, out.converged,
    )  # fmt: skip


@compiled
def _follow(
    engine: Engine, views: Views, drive: Drive, targets: Targets, position: Array, step: float, work: Work,
    out: Array, residual: Array, iterations: Index, converged: NDArray[np.bool_],
) -> None:  # fmt: skip
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
