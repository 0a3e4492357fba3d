"""Inverse kinematics: the posture whose markers lie nearest to the measured ones, solved to convergence.

Minimise the weighted sum of squared distances by Newton's method: to the Gauss-Newton matrix the curvature of the
markers' paths is added, so that convergence stays quadratic although markers never fit exactly. Where that matrix is
not positive definite the Gauss-Newton one is taken; steps that do not help are shortened; limits are kept by a
projected step.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.assembly import Assembly
from gerdy.mechanics.drive import spread
from gerdy.mechanics.ik_kernel import LUMP, TETHER, Targets, Work, follow
from gerdy.mechanics.native import Views, engine_of, views_of

Array = NDArray[np.float64]
Index = NDArray[np.int64]

STEP = 1e-5  # rad or m; a smaller step is convergence
TURNS = (0.0, 0.5 * np.pi, np.pi, -0.5 * np.pi)  # headings from which the first frame is tried


@dataclass(frozen=True)
class Fit:
    """Postures found: q (t, n); residual (t, marker) m, NaN where unseen; iterations (t,); converged (t,)."""

    q: Array
    residual: Array
    iterations: Index
    converged: NDArray[np.bool_]


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
    mj = assembly.follower
    known = {marker.name for marker in assembly.model.markers}
    missing = [name for name in names if name not in known]
    if missing:
        raise InputError(f"markers: the model has none called {', '.join(missing)}.")
    sites = [mj.site(f"marker {name}").id for name in names]
    endless = (-np.inf, np.inf)
    limits = {c.name: c.range if c.clamped or limited else endless for c in assembly.model.coordinates}
    return Targets(
        site=np.array(sites, dtype=np.int64),
        weight=np.asarray(weights, dtype=float),
        lump=mj.site_bodyid[sites].astype(np.int64),
        above=np.where(np.arange(mj.nbody) > 0, mj.body_parentid, -1).astype(np.int64),
        carrier=mj.dof_bodyid.astype(np.int64),
        before=mj.dof_parentid.astype(np.int64),
        hinge=(mj.jnt_type == mujoco.mjtJoint.mjJNT_HINGE).astype(np.int64),
        low=np.array([limits[name][0] for name in assembly.free]),
        high=np.array([limits[name][1] for name in assembly.free]),
        pull=np.full(len(assembly.free), TETHER)
        if prior is None
        else np.asarray(prior, dtype=float) + TETHER,
        rest=np.ascontiguousarray(np.atleast_2d(assembly.default if near is None else near)),
    )


def _first(assembly: Assembly, targets: Targets, position: Array, step: float) -> Array:
    """Return a good start: the best of a few headings, the pelvis put where the markers are."""
    best, least = assembly.default, np.inf
    seen = np.isfinite(position[:, 0])
    for turn in TURNS:
        q = assembly.default.copy()
        for name, value in (("pelvis_rotation", turn),):
            if name in assembly.free:
                q[assembly.free.index(name)] = value
        data = mujoco.MjData(assembly.follower)
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
    mujoco.mj_kinematics(assembly.follower, data)
    return views


def _run(assembly: Assembly, targets: Targets, position: Array, q0: Array, step: float, out: Fit) -> None:
    data = mujoco.MjData(assembly.follower)
    n, nv, bodies = len(assembly.free), assembly.mj.nv, assembly.follower.nbody
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
        lumps=np.zeros((bodies, LUMP)),
        turn=np.zeros((nv, 6)),
        held=np.zeros(n, dtype=np.int64),
        posture=q0.copy(),
        tether=np.zeros(n),
        before=np.zeros(n),
    )
    follow(
        engine_of(assembly.follower, data), views_of(data), assembly.drive, targets, position, step, work,
        out.q, out.residual, out.iterations, out.converged,
    )  # fmt: skip
